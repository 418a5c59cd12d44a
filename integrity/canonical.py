"""Canonical JSON and SHA-256: one spelling of a fact, so that one digest stands for it.

UTF-8, sorted keys, no spaces, no NaN, measured numbers as strings (requirements AUD, chapter 5).
"""

from __future__ import annotations

import dataclasses
import enum
import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any


def instant_text(at: datetime) -> str:
    """RFC 3339 in UTC with milliseconds and Z; refuses a time without zone (ValueError)."""
    if at.tzinfo is None:
        raise ValueError("A time without a zone cannot be recorded.")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def plain(value: Any) -> Any:
    """The JSON shape of a fact: dataclasses to objects, Decimals and times to text.

    A float is refused (TypeError).
    """
    if value is None or isinstance(value, (str, bool, int)):
        return value.value if isinstance(value, enum.Enum) else value
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return "sha256:" + hashlib.sha256(value).hexdigest()
    if isinstance(value, enum.Enum):
        return plain(value.value)
    if dataclasses.is_dataclass(value):
        return {
            field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)
        }
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted(plain(item) for item in value)
    raise TypeError(f"{type(value).__name__} has no canonical form")


_write = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
).encode


def canonical(value: Any) -> str:
    """Canonical JSON text of any fact."""
    return _write(plain(value))


def canonical_plain(value: Any) -> str:
    """Canonical JSON text of what is already plain (text, whole numbers, lists, objects).

    The fast way for table rows.
    """
    return _write(value)


def digest(text: str) -> str:
    """SHA-256, hexadecimal, of the text's UTF-8 bytes."""
    return hashlib.sha256(text.encode()).hexdigest()


def digest_of(value: Any) -> str:
    """SHA-256 of the canonical form of any fact."""
    return digest(canonical(value))


def chained(previous: str, content_digest: str) -> str:
    """The hash of an event.

    SHA-256 of the hash before it, a line feed and the digest of its own content.
    """
    return digest(previous + "\n" + content_digest)
