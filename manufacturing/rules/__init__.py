"""The law of manufacturing, by chapter: pure functions, facts in, findings out."""
