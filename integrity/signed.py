"""What holds by signature alone, as a table that verification compares with the signatures.

The chain proves that nobody changed what was written, not that what had to be signed was: whoever
writes rows with an event of their own (a script, somebody at the machine) moves a lot to released
without a signature, and every digest is right. Each chapter declares here which states and rows
hold by a signature; verification names those that have none."""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from integrity.canonical import digest
from integrity.signatures import Meaning


class On(enum.StrEnum):
    """Where the signature stands: on the thing itself, or on anything that was signed in the same
    deed."""

    ITSELF = "itself"
    THE_DEED = "the deed"


@dataclass(frozen=True)
class Signed:
    """A state of a kind of thing that holds by the signature of whoever moved it there.

    `was` is for a state that is reached by another signature from there; `after` are the states it
    must have come through, `apart` those that another person must have moved it to.
    """

    kind: str
    axis: str
    state: str
    meanings: tuple[Meaning, ...]
    was: str | None = None
    on: On = On.ITSELF
    after: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()


@dataclass(frozen=True)
class Asked:
    """A question to the tables that gives a row (table, key, what it is) for each thing that holds
    without what it takes; `sentence` says that of {what}."""

    sentence: str
    sql: str


class Moved(NamedTuple):
    """A move as the driver gives it."""

    subject: Any
    kind: str
    axis: str
    was: str | None
    becomes: str
    at: Any
    person: Any
    username: str


class Given(NamedTuple):
    """A signature as the driver gives it."""

    number: Any
    subject: Any
    meaning: str
    at: Any
    person: Any
    facts: str
    facts_digest: str


@dataclass
class Signatures:
    """Who signed what when: {(subject, when, person): meanings}, and of any subject in one deed."""

    on: dict[tuple[Any, Any, Any], set[str]] = field(default_factory=dict)
    in_deed: dict[tuple[Any, Any], set[str]] = field(default_factory=dict)

    def add(self, given: Given) -> None:
        here = (given.subject, given.at, given.person)
        self.on.setdefault(here, set()).add(given.meaning)
        self.in_deed.setdefault((given.at, given.person), set()).add(given.meaning)

    def has(self, rule: Signed, move: Moved) -> bool:
        """Whether whoever made this move signed it, in that very deed."""
        if move.person is None:
            return False
        if rule.on is On.THE_DEED:
            found = self.in_deed.get((move.at, move.person), set())
        else:
            found = self.on.get((move.subject, move.at, move.person), set())
        return not found.isdisjoint(rule.meanings)


LAW: dict[tuple[str, str, str, str | None], Signed] = {}
ASKED: list[Asked] = []
Rows = Callable[[str], Iterator[tuple[Any, ...]]]  # a question, as the driver answers it
Check = Callable[[Rows], Iterator[str]]
CHECKS: list[Check] = []


def declare(*rules: Signed | Asked) -> None:
    """Say what of a chapter holds by signature."""
    for rule in rules:
        if isinstance(rule, Asked):
            ASKED.append(rule)
        else:
            LAW[rule.kind, rule.axis, rule.state, rule.was] = rule


def check(found: Check) -> Check:
    """Declare a function that asks the tables and gives the sentences of what holds unsigned."""
    CHECKS.append(found)
    return found


def rule_for(law: Mapping[tuple[str, str, str, str | None], Signed], move: Moved) -> Signed | None:
    """What this move takes, if it takes a signature."""
    return law.get((move.kind, move.axis, move.becomes, move.was)) or law.get(
        (move.kind, move.axis, move.becomes, None)
    )


def altered(given: Given) -> str | None:
    """The sentence of a signature whose facts are not those that its digest is of."""
    if isinstance(given.facts, str) and digest(given.facts) == given.facts_digest:
        return None
    return f"Signature {given.number}: the facts it keeps are not those that were signed."


def against(
    moves: Iterable[Moved],
    given: Signatures,
    law: Mapping[tuple[str, str, str, str | None], Signed],
    since: Any = None,
) -> Iterator[str]:
    """A sentence for each move, of those made since, that holds without what it takes."""
    watched = {(rule.kind, rule.axis) for rule in law.values()}
    came: dict[tuple[Any, str], dict[str, Any]] = {}
    for move in moves:
        if (move.kind, move.axis) not in watched:
            continue
        before = came.setdefault((move.subject, move.axis), {})
        rule = rule_for(law, move)
        if rule and (since is None or move.at >= since):
            yield from _against(move, rule, before, given)
        before[move.becomes] = move.person


def _against(
    move: Moved, rule: Signed, before: Mapping[str, Any], given: Signatures
) -> Iterator[str]:
    told = (
        f"{move.kind} {move.subject} ({move.axis}) was moved to {move.becomes} by "
        f"{move.username or 'nobody'} at {move.at}"
    )
    if not given.has(rule, move):
        wanted = " or ".join(rule.meanings)
        yield f"{told} without a signature ({wanted}): it holds by one alone."
    if missing := [state for state in rule.after if state not in before]:
        yield f"{told} without having been {', '.join(missing)}: it holds by those signatures too."
    alone = [each for each in rule.apart if each in before and before[each] == move.person]
    if alone:
        yield f"{told}, who made it {', '.join(alone)} as well: it holds by two people."


def signed_rows(table: str, subject: str, *meanings: Meaning, by_person: bool = True) -> Asked:
    """That each row of a table was signed in the deed that made it, on what its column names."""
    words = ", ".join(f"'{meaning.value}'" for meaning in meanings)
    who = " AND s.person_id = r.person_id" if by_person else ""
    return Asked(
        f"{{what}} has no signature ({' or '.join(meanings)}) of whoever made it: it holds by one "
        "alone.",
        f"SELECT '{table}', r.id, '' FROM {table} r WHERE NOT EXISTS (SELECT 1 FROM signatures s "
        f"WHERE s.subject_id = r.{subject} AND s.at = r.at AND s.meaning IN ({words}){who})",
    )


# What verification asks
# -------------------------------------------------------------------------------------------------

_TABLES = re.compile(r"(?:FROM|JOIN) (\w+)")
_GIVEN = "SELECT id, subject_id, meaning, at, person_id, facts, facts_digest FROM signatures"
_MOVES = (
    "SELECT m.subject_id, s.kind, m.axis, m.was, m.becomes, m.at, m.person_id, m.username "
    "FROM moves m JOIN subjects s ON s.id = m.subject_id ORDER BY m.id"
)


def faults(rows: Rows, present: Collection[str], since: Any = None) -> Iterator[str]:
    """The sentence of everything that holds without its signature.

    `present` are the tables that are there (verification names the others); `since` is when what is
    looked at begins.
    """
    if not {"signatures", "moves", "subjects", "states"} <= set(present):
        return
    given = Signatures()
    for row in rows(_GIVEN):
        one = Given(*row)
        given.add(one)
        if sentence := altered(one):
            yield sentence
    yield from against((Moved(*row) for row in rows(_MOVES)), given, LAW, since)
    for asked in ASKED:
        if _is_there(asked.sql, present):
            for table, key, named in rows(asked.sql):
                yield asked.sentence.format(what=f"Row {key} of {table}{named and f' ({named})'}")
    for found in CHECKS:
        yield from found(lambda asked: rows(asked) if _is_there(asked, present) else iter(()))


def _is_there(asked: str, present: Collection[str]) -> bool:
    """Whether every table of a question is there."""
    return set(_TABLES.findall(asked)) <= set(present)
