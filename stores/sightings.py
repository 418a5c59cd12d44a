"""When a container was there for certain: something was taken from it, or the laboratory had it.

The stores lie below the batches and the laboratory: the chapters that know what was done with a
container declare when that was."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from integrity.database import Session

Question = Callable[[Session, int], Iterable[datetime]]
_questions: list[Question] = []


def declare(question: Question) -> Question:
    """Say when a container, named by its id, was there for certain."""
    _questions.append(question)
    return question


def of(session: Session, container_id: int) -> list[datetime]:
    """Every moment at which this container was there, in no order."""
    return [at for question in _questions for at in question(session, container_id)]
