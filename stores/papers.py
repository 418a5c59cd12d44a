"""Which batches were released on a paper that is under review: nothing of them is given to anybody
until that is decided, whatever their containers say.

The stores lie below the release: the chapter that knows the certificates declares how it is asked.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from integrity.database import Session

Question = Callable[[Session, datetime | None], frozenset[int]]
_questions: list[Question] = []
KNOWN = "papers under review"  # what a session knows of all of them


def declare(question: Question) -> Question:
    """Say how the keys of these batches are asked for, as they are now or were at a moment; the
    newest declaration holds."""
    _questions.append(question)
    return question


def under_review(session: Session) -> frozenset[int]:
    """The keys of the batches whose paper is under review now, known from one page to the next."""
    known: frozenset[int] = session.ledger.recall(KNOWN, lambda: _asked(session, None))
    return known


def were_under_review(session: Session, at: datetime) -> frozenset[int]:
    """The same as it was at a moment."""
    return _asked(session, at)


def _asked(session: Session, at: datetime | None) -> frozenset[int]:
    return _questions[-1](session, at) if _questions else frozenset()
