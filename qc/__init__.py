"""Specifications, samples, results, deviations, review, release, certificates."""
