"""Spare codes: ten codes on paper for whoever has their phone not at hand, each of which opens once
(SIG-09).

They are drawn with a phone and belong to it. Shown once; what is kept is hashed slowly, under the
secret of the installation, so that a database alone says nothing of them. One salt serves the ten,
so that a guess costs one hash whoever is guessed at."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from integrity.database import By, Document, Record, Session
from people import accounts
from people.rules.second_factors import SPARES, Spare

SALT_BYTES = 16
LENGTH = 8  # letters of one, in two groups of four


class SpareCodes(Record, By):
    """Ten codes as they were drawn once for a phone, as digests; the newest of a phone hold."""

    __tablename__ = "spare_codes"

    factor_id: Mapped[int] = mapped_column(ForeignKey("second_factors.id"), index=True)
    salt: Mapped[str]
    digests: Mapped[Any] = mapped_column(Document)
    at: Mapped[datetime]


class SpareCodeUse(Record, By):
    """That one of the ten was used; its place among them, from nought."""

    __tablename__ = "spare_code_uses"
    __table_args__ = (UniqueConstraint("codes_id", "place"),)

    codes_id: Mapped[int] = mapped_column(ForeignKey("spare_codes.id"))
    place: Mapped[int]
    at: Mapped[datetime]


@dataclass(frozen=True)
class Drawn:
    """What is kept of ten codes."""

    salt: str
    digests: tuple[str, ...]


def new() -> list[str]:
    """Ten codes, as their holder gets to know them."""
    found: list[str] = []
    while len(found) < SPARES:
        code = accounts.new_half()
        if code not in found:
            found.append(code)
    return found


def drawn(codes: Sequence[str], key: str) -> Drawn:
    """What is kept of these codes; slow, so it is made before the writing transaction."""
    salt = secrets.token_hex(SALT_BYTES)
    return Drawn(salt, tuple(_digest(_plain(each), salt, key) for each in codes))


def is_one(typed: str) -> bool:
    """Whether what was typed looks like a spare code and like no code of a phone."""
    plain = _plain(typed)
    return len(plain) == LENGTH and set(plain) <= set(accounts.LETTERS)


def _plain(typed: str) -> str:
    return "".join(typed.lower().replace("-", "").split())


def _digest(plain: str, salt: str, key: str) -> str:
    keyed = hmac.new(key.encode(), f"spare code {plain}".encode(), hashlib.sha256).digest()
    return accounts.slow_digest(keyed, bytes.fromhex(salt)).hex()


def newest(session: Session, factor_id: int) -> SpareCodes | None:
    """The codes of a phone that hold."""
    mine = select(SpareCodes).where(SpareCodes.factor_id == factor_id)
    return session.scalar(mine.order_by(SpareCodes.id.desc()).limit(1))


def used(session: Session, codes_id: int) -> frozenset[int]:
    """The places of those that were used."""
    asked = select(SpareCodeUse.place).where(SpareCodeUse.codes_id == codes_id)
    return frozenset(session.scalars(asked))


def left(session: Session, factor_id: int) -> int:
    """How many of a phone's codes were not used."""
    held = newest(session, factor_id)
    return len(held.digests) - len(used(session, held.id)) if held else 0


def typed_by(session: Session, factor_id: int | None, typed: str, key: str) -> Spare | None:
    """Which one of a phone's codes was typed; slow, and as slow where there is no such phone."""
    if not is_one(typed):
        return None
    held = newest(session, factor_id) if factor_id else None
    salt = held.salt if held else "00" * SALT_BYTES
    digest = _digest(_plain(typed), salt, key)
    for place, kept in enumerate(held.digests if held else ()):
        if held and hmac.compare_digest(kept, digest):
            return Spare(held.id, place)
    return None
