"""What screen and print share: fonts, the page frame, tables, the signature block."""
