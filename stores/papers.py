"""Which batches were released on a paper that is under review: nothing of them is given to anybody
until that is decided, whatever their containers say.

The stores lie below the release: the chapter that knows the certificates declares how it is asked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from integrity.database import Session

KNOWN = "papers under review"  # what a session knows of all of them


@dataclass(frozen=True)
class Papers:
    """How they are asked about: the keys of all batches whose paper is under review now, and
    whether that of one batch was at a moment.
    """

    now: Callable[[Session], frozenset[int]]
    then: Callable[[Session, int, datetime], bool]


_declared: list[Papers] = []


def declare(papers: Papers) -> None:
    """Say how the papers are asked about; the newest declaration holds."""
    _declared.append(papers)


def under_review(session: Session) -> frozenset[int]:
    """The keys of the batches whose paper is under review now, known from one page to the next."""
    known: frozenset[int] = session.ledger.recall(KNOWN, lambda: _declared[-1].now(session))
    return known


def was_under_review(session: Session, batch_id: int, at: datetime) -> bool:
    """Whether the paper of a batch was under review at a moment."""
    return _declared[-1].then(session, batch_id, at)
