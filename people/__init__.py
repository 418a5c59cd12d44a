"""People: accounts, permissions, sessions, and how a person signs."""
