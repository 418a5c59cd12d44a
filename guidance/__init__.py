"""Help: the pages of docs/ as this version has them, for whoever is signed in."""
