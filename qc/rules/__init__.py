"""The law of quality control, by chapter: pure rules, facts in and findings out."""
