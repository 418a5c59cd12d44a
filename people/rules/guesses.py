"""Guesses: what failed attempts to sign in and to sign lead to (IAM-07, SIG-15).

A stranger's failures close a name only where they were made, and make strangers wait longer and
longer; they never close a colleague's own device. Every judgement rests on what was counted, never
on whether the password is right, so that no answer tells it.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta


class Purpose(enum.StrEnum):
    """What somebody proves who they are for."""

    SIGN_IN = "sign in"
    SIGN = "sign"


class PlaceKind(enum.StrEnum):
    """Where a name is closed: on a device that is known, for an address, or everywhere."""

    DEVICE = "device"
    ADDRESS = "address"
    EVERYWHERE = "everywhere"


# After so many failures of one name in one place the name is closed there.
FAILURES = {Purpose.SIGN_IN: 5, Purpose.SIGN: 3}
# So many failures of one name, and from one address, make nobody wait.
FREE_OF_NAME, FREE_OF_ADDRESS = 10, 20
LONGEST_WAIT = timedelta(minutes=15)
FORGOTTEN = timedelta(hours=24)  # after which a failure no longer counts
DEVICES = 3  # closed for signing on so many of them: closed everywhere


@dataclass(frozen=True)
class Failed:
    """How often it failed, and when last."""

    count: int = 0
    last: datetime | None = None

    def at(self, moment: datetime) -> Failed:
        """What of it still counts."""
        return self if self.last and moment - self.last < FORGOTTEN else Failed()


@dataclass(frozen=True)
class Guess:
    """One attempt, as far as it is known before its password is judged.

    `is_own` is whether the person has signed in on this device before; `here` counts this name in
    this place, `of_name` this name anywhere, `of_address` any name from this address.
    """

    purpose: Purpose
    is_own: bool = False
    here: Failed = Failed()
    of_name: Failed = Failed()
    of_address: Failed = Failed()
    is_closed: bool = False


def wait(guess: Guess, at: datetime) -> int:
    """For how many whole seconds nothing is judged; a person's own device waits for its own
    failures alone.
    """
    if guess.is_own:
        left = _left(guess.here.at(at), FREE_OF_NAME, at)
    else:
        left = max(
            _left(guess.of_name.at(at), FREE_OF_NAME, at),
            _left(guess.of_address.at(at), FREE_OF_ADDRESS, at),
        )
    return -(-left // timedelta(seconds=1))


def tells(guess: Guess, at: datetime) -> bool:
    """Whether one more failure from this address is told, whatever names were tried from it."""
    return guess.of_address.at(at).count + 1 == FREE_OF_ADDRESS


def _left(failed: Failed, free: int, at: datetime) -> timedelta:
    """What is left of the pause after the last failure: a second, then twice as long each time."""
    over = failed.count - free
    if over < 0 or failed.last is None:
        return timedelta(0)
    pause = min(timedelta(seconds=2 ** min(over, 30)), LONGEST_WAIT)
    return max(failed.last + pause - at, timedelta(0))


def is_refused(guess: Guess, at: datetime) -> bool:
    """Whether the right password is refused as well."""
    return guess.is_closed or guess.here.at(at).count >= FAILURES[guess.purpose]


def closes(guess: Guess, at: datetime) -> bool:
    """Whether one more failure closes the name in this place."""
    return not guess.is_closed and guess.here.at(at).count + 1 >= FAILURES[guess.purpose]


def counts_for_name(guess: Guess, at: datetime) -> bool:
    """Whether a failure slows the name anywhere: not where it is hopeless already."""
    return guess.here.at(at).count < FAILURES[guess.purpose]


@dataclass(frozen=True)
class Closed:
    """A place where somebody's signing is closed.

    Whether the device is the person's own, and in whose session it was failed (None: nobody's).
    """

    place: str
    is_own: bool
    tablet_of: int | None


def closes_everywhere(places: Iterable[Closed]) -> bool:
    """Whether signing was failed on too many devices to be one stranger's doing.

    Foreign devices of one person count once, however many they say they have.
    """
    told_apart = {
        ("device", each.place) if each.is_own else ("person", each.tablet_of) for each in places
    }
    return len(told_apart) >= DEVICES


def is_repeated(password: str, username: str) -> bool:
    """Whether a password is the user name, once or over and over, whatever stands between."""
    letters = "".join(each for each in password.casefold() if each.isalnum())
    name = "".join(each for each in username.casefold() if each.isalnum())
    if not letters:
        return True
    times, rest = divmod(len(letters), len(name)) if name else (0, 1)
    backwards = letters == name[::-1] * max(times, 1)
    return not rest and times > 0 and (letters == name * times or backwards)
