"""Closed vocabularies: which words a column may hold, as a StrEnum and as the CHECK made from it.

Some vocabularies are every chapter's: what an event says, on which axis a thing is in which state,
which rule was found. Tables of this floor hold them, so chapters add their words to them where they
are written, and the CHECK is worded only when a schema is drawn."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from sqlalchemy import CheckConstraint, ColumnElement
from sqlalchemy.ext.compiler import compiles

Words = type[enum.StrEnum]
W = TypeVar("W", bound=Words)


class Vocabulary:
    """The words of every chapter for one thing, in the order of the alphabet."""

    def __init__(self) -> None:
        self._parts: list[Words] = []

    def add(self, words: W) -> W:
        """A chapter's part of it; to be written above the class."""
        self._parts.append(words)
        return words

    def __iter__(self) -> Iterator[str]:
        return iter(sorted({word.value for part in self._parts for word in part}))


ACTIONS = Vocabulary()  # what an event says
RULES = Vocabulary()  # what a deviation is from
ROLES = Vocabulary()  # in which somebody acts and signs
AXES: dict[str, list[Words]] = {}  # {axis: the states on it, of each kind that stands there}


def axis(name: str, *states: Words) -> str:
    """An axis on which things of one kind stand in one of these states; gives its name."""
    AXES.setdefault(name, []).extend(states)
    return name


def states_on(name: str) -> list[str]:
    """Every state on an axis, whatever stands there."""
    return sorted({word.value for part in AXES[name] for word in part})


class Worded(ColumnElement[bool]):
    """A condition that is worded when it is asked for."""

    inherit_cache = False

    def __init__(self, said: Callable[[], str]):
        self.said = said


@compiles(Worded)
def _word(element: Worded, _compiler: Any, **_: Any) -> str:
    return element.said()


def one_of(column: str, words: Iterable[str]) -> CheckConstraint:
    """The CHECK that keeps a column to these words."""
    return _check(column, lambda: _any_of(column, words), lambda: list(words))


def on_an_axis(column: str) -> CheckConstraint:
    """The CHECK that keeps a column to the states of the axis in the column `axis`."""

    def said() -> str:
        return " OR ".join(
            f"axis = '{name}' AND ({_any_of(column, states_on(name))})" for name in sorted(AXES)
        )

    return _check(column, said, lambda: {name: states_on(name) for name in sorted(AXES)})


def _check(column: str, said: Callable[[], str], words: Callable[[], Any]) -> CheckConstraint:
    """Its `info` holds the column and what gives the words, or {axis: words}, when asked."""
    return CheckConstraint(Worded(said), name=column, info={"column": column, "words": words})


def _any_of(column: str, words: Iterable[str]) -> str:
    """Equal to one word after another.

    Not IN: SQLite makes a table of the words of an IN for each row that it checks, which costs more
    than the row (24 µs with 110 words, against less than 1).
    """
    return " OR ".join(f"{column} = '{word}'" for word in words)
