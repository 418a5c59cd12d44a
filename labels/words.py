"""How a label stock is put where it is signed."""

from __future__ import annotations

from integrity.catalogue import Message


class LabelPhrase(Message):
    ON_A_SHEET = "label-on-a-sheet"
