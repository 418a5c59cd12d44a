"""Finding what is recorded: the box for codes and parts of codes, and what was scanned with it."""
