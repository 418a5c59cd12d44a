"""Which containers come from a batch that is made for show.

The stores lie below the batches: the chapter that knows what a batch rests on declares it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from integrity.database import Session

Marking = Callable[[Session, Iterable[str]], set[str]]
_markings: list[Marking] = []


def declare(marking: Marking) -> None:
    """Say how it is known; the newest declaration holds."""
    _markings.append(marking)


def for_show(session: Session, scopes: Iterable[str]) -> set[str]:
    """Those of the codes of batches that are made for show."""
    return _markings[-1](session, scopes) if _markings else set()
