"""The first schema, a module for each chapter; drawn by migrations/draft.py."""
