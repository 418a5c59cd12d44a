"""Several deeds of one kind in one transaction: all of them are done, or none.

Each stays what it is alone: an act with its own facts, its own event and its own signature, under
an entry of its own, so that a repeated post is the same deeds again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from integrity import deed
from integrity.acts import Act
from integrity.findings import Refused, Stale, Unavailable

R = TypeVar("R")


class SomeRefused(Refused):
    """Some of several deeds were refused, so that none is recorded: why, by the name of each."""

    def __init__(self, parts: Mapping[str, Refused]):
        super().__init__([finding for each in parts.values() for finding in each.findings])
        self.parts = dict(parts)


class SomeStale(SomeRefused, Stale):
    """The same where nothing speaks against them but that something changed meanwhile."""


def each(act: Act, deeds: Mapping[str, Callable[[Act], R]]) -> dict[str, R]:
    """What each of these deeds gave, by its name, which is of letters, digits and hyphens.

    Raises SomeRefused with everything that speaks against any of them.
    """
    done, refused = {}, {}
    for name, do in deeds.items():
        try:
            done[name] = do(act.part(name))
        except Unavailable:
            raise
        except Refused as refusal:
            refused[name] = refusal
    if refused:
        is_stale = all(isinstance(each, Stale) for each in refused.values())
        raise (SomeStale if is_stale else SomeRefused)(refused)
    return done


def under_the_name_of(act: Callable[..., Any]) -> Callable[..., dict[str, Any]]:
    """`each` under the name of the act that does one: so the trail calls what is refused."""

    def doing_each(within: Act, deeds: Mapping[str, Callable[[Act], Any]]) -> dict[str, Any]:
        return each(within, deeds)

    doing_each.__name__ = deed.name_of(act)
    return doing_each
