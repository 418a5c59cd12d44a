"""Controlled documents.

What master records, specifications, donor criteria, materials and label stocks share: one strict
reader, texts per language, versions, signatures, dates, and what changed.
"""
