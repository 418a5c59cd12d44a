"""Filters of a list: what narrows it in the database, by an index, as the address says."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Mapped

from integrity import search_terms
from integrity.search_terms import SearchTerm

LONGEST = 80  # characters of what is typed into a filter
NO_DAY = "This is no day. Write it as 2026-11-22."
CODE_SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"  # in the order that every collation has them

Column = ColumnElement[Any] | Mapped[Any]
Narrow = Callable[[str, ZoneInfo], ColumnElement[bool]]


class NoFilter(ValueError):
    """What was typed narrows nothing; the sentence says what to type instead."""


@dataclass(frozen=True, eq=False)
class Filter:
    """One filter: its name in the address, its label, what it lets through, and the closed list
    that it is chosen from, where there is one."""

    name: str
    label: str
    narrow: Narrow
    choices: tuple[tuple[str, str], ...] = ()
    is_day: bool = False


@dataclass(frozen=True)
class Narrowed:
    """A select with what an address asks of it; `faults` are sentences, one a filter that is not
    understood and therefore narrows nothing."""

    wanted: Select[Any]
    given: dict[str, str]
    faults: tuple[str, ...]


def narrowed(
    wanted: Select[Any], filters: Iterable[Filter], asked: dict[str, str], zone: ZoneInfo
) -> Narrowed:
    """The select with every filter that the address gives a value."""
    made = Narrowed(wanted, {}, ())
    for each in filters:
        typed = asked.get(each.name, "").strip()[:LONGEST]
        made.given[each.name] = typed
        if not typed:
            continue
        try:
            made = replace(made, wanted=made.wanted.where(each.narrow(typed, zone)))
        except NoFilter as fault:
            made = replace(made, faults=(*made.faults, f"{each.label}: {fault}"))
    return made


def code(column: Column, label: str = "Code begins with", name: str = "code") -> Filter:
    """A code of ours, or its beginning, with or without its hyphen."""

    def narrow(typed: str, _: ZoneInfo) -> ColumnElement[bool]:
        begins = "".join(sign for sign in typed.upper() if sign in CODE_SIGNS)
        if not begins:
            raise NoFilter("Write the letters and digits that the code begins with.")
        return search_terms.beginning(column, begins, CODE_SIGNS)

    return Filter(name, label, narrow)


def number(key: Column, label: str, name: str = "number") -> Filter:
    """A number or a name of other people, or a part of it, by which the thing of a key is found."""

    def narrow(typed: str, _: ZoneInfo) -> ColumnElement[bool]:
        part = search_terms.folded(typed)[: search_terms.LONGEST]
        if len(part) < search_terms.SHORTEST:
            raise NoFilter(f"Write at least {search_terms.SHORTEST} letters or digits of it.")
        found = search_terms.beginning(SearchTerm.term, part, search_terms.SIGNS)
        return key.in_(select(SearchTerm.subject_id).where(found))

    return Filter(name, label, narrow)


def same(column: Column, label: str, name: str, normal: Callable[[str], str] = str.strip) -> Filter:
    """The whole of a text, in its one spelling."""
    return Filter(name, label, lambda typed, _: column == normal(typed))


def choice(column: Column, label: str, name: str, choices: Iterable[tuple[str, str]]) -> Filter:
    """One of a closed list of (word, how it is called)."""
    offered = tuple(choices)

    def narrow(typed: str, _: ZoneInfo) -> ColumnElement[bool]:
        if typed not in dict(offered):
            raise NoFilter("Choose it from the list.")
        return column == typed

    return Filter(name, label, narrow, offered)


def days(column: Column, what: str = "") -> tuple[Filter, Filter]:
    """From and to a day of the site, both of them whole."""

    def since(typed: str, zone: ZoneInfo) -> ColumnElement[bool]:
        return column >= _begin_of(typed, zone)

    def until(typed: str, zone: ZoneInfo) -> ColumnElement[bool]:
        return column < _begin_of(typed, zone, days=1)

    said = f"{what} " if what else ""
    return (
        Filter("from", f"{said}from day".capitalize(), since, is_day=True),
        Filter("to", f"{said}to day".capitalize(), until, is_day=True),
    )


def _begin_of(day: str, zone: ZoneInfo, days: int = 0) -> datetime:
    """When a day of the site begins, or one so many days after it."""
    try:
        read = date.fromisoformat(day) + timedelta(days=days)
        return datetime.combine(read, time(), zone).astimezone(UTC)
    except (ValueError, OverflowError):
        raise NoFilter(NO_DAY) from None
