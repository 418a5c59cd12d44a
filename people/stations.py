"""Stations: from which device and address somebody works.

A device carries a random token of its own in a cookie, given at its first successful sign-in; the
table knows the token's digest and who has signed in there, so that a person's own device is told
from a stranger's (IAM-07). A working table.
"""

from __future__ import annotations

import ipaddress
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from integrity.canonical import digest
from integrity.database import Session, Working
from people.rules.guesses import PlaceKind

KEPT = timedelta(days=400)  # the longest that browsers keep a cookie
SHOWN = 8  # characters of a device's name
OF_ONE_HOUSE = 64  # bits of an IPv6 address that name a network: whoever has one has all of it


class KnownDevice(Working):
    """A device on which a person has signed in."""

    __tablename__ = "known_devices"

    device: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(index=True)


@dataclass(frozen=True)
class Station:
    """A device by its name (None: not known here) and the address it asks from."""

    device: str | None = None
    address: str = ""

    @property
    def kind(self) -> PlaceKind:
        return PlaceKind.DEVICE if self.device else PlaceKind.ADDRESS

    @property
    def place(self) -> str:
        """What failures are counted by."""
        return self.device or network(self.address)

    @property
    def named(self) -> str | None:
        """As the trail and the access log name it."""
        if self.device:
            return f"device {self.device[:SHOWN]} at {self.address or 'no address'}"
        return self.address or None


def network(address: str) -> str:
    """The address that failures are counted by; of IPv6 its network."""
    try:
        read = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(read, ipaddress.IPv4Address):
        return str(read)
    if read.ipv4_mapped:
        return str(read.ipv4_mapped)
    return str(ipaddress.ip_network((read, OF_ONE_HOUSE), strict=False))


def name_of(token: str) -> str:
    """The name of the device that carries a token."""
    return digest(token)[:32]


def at(session: Session, token: str, address: str) -> Station:
    """The station of a request: its device only where somebody has signed in on it before."""
    name = name_of(token) if token else ""
    known = name and session.scalar(
        select(KnownDevice.device).where(KnownDevice.device == name).limit(1)
    )
    return Station(name if known else None, address)


def is_own(session: Session, station: Station, person_id: int) -> bool:
    """Whether the person has signed in on this device before."""
    return (
        bool(station.device) and session.get(KnownDevice, (station.device, person_id)) is not None
    )


def new_token() -> str:
    return secrets.token_urlsafe(32)


def know(session: Session, device: str, person_id: int, *, at: datetime) -> None:
    """Somebody has signed in on this device; those that nobody used for long are forgotten."""
    session.execute(delete(KnownDevice).where(KnownDevice.seen_at < at - KEPT))
    known = session.get(KnownDevice, (device, person_id))
    if known:
        known.seen_at = at
    else:
        session.add(KnownDevice(device=device, person_id=person_id, seen_at=at))
