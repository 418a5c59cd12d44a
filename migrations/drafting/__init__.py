"""The drafting table: what writes migrations. It knows the models; what it writes does not."""
