"""Heads of the trail as people bring them: typed from a paper, or in a file of mails."""

from __future__ import annotations

import re
from pathlib import Path

from integrity.installation import Sentence


def read(text: str | None) -> tuple[int, str] | None:
    if text is None:
        return None
    match = re.fullmatch(r"\s*(\d{1,9}):([0-9a-fA-F]{64})\s*", text)
    if not match:
        raise Sentence(
            "A head is written as on a certificate: the number of the event, a colon, and 64 "
            "digits and letters a to f."
        )
    return int(match[1]), match[2].lower()


def read_all(name: str) -> dict[int, str]:
    """Every head that stands in a text: a mailbox, a certificate's text."""
    text = Path(name).expanduser().read_text(errors="replace")
    heads = {
        int(seq): hashed.lower()
        for seq, hashed in re.findall(r"(?<!\d)(\d{1,9}):([0-9a-fA-F]{64})(?![0-9a-fA-F])", text)
    }
    if not heads:
        raise Sentence(
            f"{name} holds no head: it is written as on a certificate, the number of the event, a "
            "colon, and 64 digits and letters a to f."
        )
    return heads
