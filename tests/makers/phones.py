"""The codes of somebody's phone, worked out as RFC 6238 and RFC 4226 say and by nothing of ours."""

from __future__ import annotations

import base64
import functools
import hashlib
import hmac
import struct
from datetime import datetime

from integrity.acts import Act
from integrity.database import Database
from integrity.trail import Actor
from people import second_factors, spare_codes
from people.spare_codes import Drawn

KEY = "not a secret: a test"  # of the installation, as the tests' application has it
INTERVAL = 30  # seconds


def code_of(secret: str, at: datetime, *, intervals: int = 0) -> str:
    """What a phone that has this secret (base 32) shows so many intervals after a moment."""
    counter = struct.pack(">Q", int(at.timestamp()) // INTERVAL + intervals)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    first = digest[-1] & 0x0F
    number = struct.unpack(">I", digest[first : first + 4])[0] & 0x7FFF_FFFF
    return f"{number % 1_000_000:06}"


def set_up_phone(database: Database, at: datetime, who: Actor, *, key: str = KEY) -> str:
    """Somebody sets up their phone and confirms it; gives the secret that it has."""
    with database.writing() as session:
        second_factors.begin(Act(session, who, at))
        factor = second_factors.newest(session, who.id or 0)
        assert factor
        secret = second_factors.secret_of(factor, key)
        second_factors.confirm(
            Act(session, who, at), code_of(secret, at), key=key, spare=drawn_spares(key)[1]
        )
    return secret


def drawn_spares(key: str = KEY, which: int = 0) -> tuple[list[str], Drawn]:
    """Ten spare codes with what is kept of them; another `which`, another ten."""
    return _drawn(key, which)


@functools.cache
def _drawn(key: str, which: int) -> tuple[list[str], Drawn]:
    codes = spare_codes.new()
    return codes, spare_codes.drawn(codes, key)
