"""What makes any record trustworthy, and knows nothing of cells: database, trail, signatures, standings, findings."""

VERSION = "0.1.0"
