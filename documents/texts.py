"""Texts of a document: each is a mapping from language to words, English always there."""

from __future__ import annotations

from collections.abc import Mapping

Text = Mapping[str, str]


def text(words: Text, language: str = "en") -> str:
    """The words in that language, or in English where the document has no others."""
    return words.get(language) or words.get("en", "")
