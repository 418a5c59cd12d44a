"""The law book of people: pure; facts in, verdicts out."""
