"""What makes any record trustworthy, and knows nothing of cells.

Database, trail, signatures, states, findings.
"""

VERSION = "0.1.0"
