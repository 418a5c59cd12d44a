"""Files kept byte for byte under their SHA-256 (REC-08)."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import LargeBinary, select
from sqlalchemy.orm import Mapped, mapped_column

from integrity.acts import Act
from integrity.database import By, Record


class File(Record, By):
    """One file: its bytes, what it was called and who brought it."""

    __tablename__ = "files"

    sha256: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    at: Mapped[datetime]


def keep(act: Act, content: bytes, name: str, media_type: str) -> File:
    """Keep the bytes as they are; the same bytes under the same name are kept once.

    The calling act says the event.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    kept = act.session.scalar(select(File).where(File.sha256 == sha256, File.name == name))
    if kept is None:
        kept = File(
            sha256=sha256,
            name=name,
            media_type=media_type,
            size=len(content),
            content=content,
            at=act.at,
        )
        act.add(kept)
    return kept
