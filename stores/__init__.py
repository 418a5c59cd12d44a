"""What batches use, make and keep: material lots, equipment, containers."""
