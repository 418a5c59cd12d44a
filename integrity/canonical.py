"""Canonical JSON and SHA-256: one spelling of a fact, so that one digest stands for it.

The form is RFC 8785 (JCS): UTF-8, keys sorted by their UTF-16 code units, no spaces. Measured
numbers are text, whole numbers lie within ±(2^53 - 1) (requirements AUD, chapter 5).
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

LARGEST = 2**53 - 1  # what every reader of JSON keeps of a whole number (RFC 8785, 7493)
GENESIS = "0" * 64  # stands for the hash before the first event


class Spelt(dict[str, Any]):
    """An object with the text it was read from, which stands for it: nobody changes it, so its
    spelling need not be worked out again. A text that was tampered with is what is digested.
    """

    __slots__ = ("text",)

    def __init__(self, read: Mapping[str, Any], text: str):
        super().__init__(read)
        self.text = text

    def _refused(self, *_: object, **__: object) -> Any:
        raise TypeError("What was read from a record is not changed: make a new one of it.")

    __setitem__ = __delitem__ = __ior__ = _refused
    update = setdefault = pop = popitem = clear = _refused

    def __reduce__(self) -> tuple[Any, ...]:
        return Spelt, (dict(self), self.text)


def read(text: str) -> Any:
    """What a canonical text says."""
    found = json.loads(text)
    return Spelt(found, text) if type(found) is dict else found


def instant_text(at: datetime) -> str:
    """RFC 3339 in UTC with milliseconds and Z; refuses a time without zone (ValueError)."""
    if at.tzinfo is None:
        raise ValueError("A time without a zone cannot be recorded.")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def plain(value: Any) -> Any:
    """The JSON shape of a fact: dataclasses to objects, Decimals and times to text, keys in order.

    A float is refused (TypeError), so is a whole number that not every reader of JSON keeps
    (ValueError).
    """
    kind = type(value)
    if kind is str or value is None:  # most of what there is: asked first
        return value
    if kind is list:
        return [plain(item) for item in value]
    if kind is dict or kind is Spelt:
        return _object(value)
    if isinstance(value, (str, bool)):
        return value.value if isinstance(value, enum.Enum) else value
    if isinstance(value, enum.Enum):
        return plain(value.value)
    if isinstance(value, int):
        return _kept(value)
    if isinstance(value, Mapping):
        return _object(value)
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return _plain_fact(value)


def _plain_fact(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return "sha256:" + hashlib.sha256(value).hexdigest()
    if dataclasses.is_dataclass(value):
        return plain({each.name: getattr(value, each.name) for each in dataclasses.fields(value)})
    if isinstance(value, (set, frozenset)):
        return sorted(plain(item) for item in value)
    raise TypeError(f"{type(value).__name__} has no canonical form")


def _kept(number: int) -> int:
    if not -LARGEST <= number <= LARGEST:
        raise ValueError(f"{number} is larger than a record can hold.")
    return int(number)


def _object(value: Mapping[Any, Any]) -> dict[str, Any]:
    """An object with its keys in the order of their UTF-16 code units."""
    named = {key if type(key) is str else str(key): item for key, item in value.items()}
    keys = sorted(named)
    if not "".join(keys).isascii():
        keys.sort(key=lambda key: key.encode("utf-16-be", "surrogatepass"))
    return {key: plain(named[key]) for key in keys}


# Text is escaped as RFC 8785 wants it: only what JSON itself forbids in a string.
written = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


def canonical(value: Any) -> str:
    """Canonical JSON text (RFC 8785) of any fact."""
    return value.text if type(value) is Spelt else written(plain(value))


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
