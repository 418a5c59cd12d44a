"""Specifications.

What a batch is tested for and what each result is judged against, as versioned documents.
"""
