"""What a site still lacks before it works in earnest: the law of it, what is gathered for it, and
the administrator's page."""
