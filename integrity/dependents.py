"""What rests on a thing is told, in the same transaction, that something was recorded about it.

A chapter records things and knows nothing of what other chapters decide on the strength of them.
Its acts say what they changed, once they have said their event; the chapter that knows what rests
on it judges what it became and answers within the act."""

from __future__ import annotations

from collections.abc import Callable

from integrity.acts import Act
from integrity.subjects import Named

Answer = Callable[[Act, Named], None]
_answers: list[Answer] = []


def declare(answer: Answer) -> Answer:
    """Say what is done when something was changed that other things rest on."""
    _answers.append(answer)
    return answer


def changed(act: Act, subject: Named) -> None:
    """Something was recorded about a thing: whatever rests on it answers (inner act)."""
    for answer in _answers:
        answer(act.inner(), subject)
