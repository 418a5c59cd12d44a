"""A page on which several things of one kind are entered in one form: a row each, all of them
recorded in one transaction, or none.

A row is a form of its own with a prefix to its names. What is the same for all of them is typed
once; a row that leaves it empty takes it from there. A row in which nothing is typed says
nothing."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import request
from werkzeug.datastructures import MultiDict

from integrity import several, visibility
from integrity.acts import Act
from integrity.findings import Refused
from integrity.forms import Form
from integrity.several import SomeRefused
from people.transaction import perform, reader

F = TypeVar("F", bound=Form)


@dataclass
class Row(Generic[F]):
    """One row: its name (letters, digits and hyphens), what it is called, and its form."""

    name: str
    title: str
    form: F
    is_said: bool
    taken: list[str] = dataclasses.field(default_factory=list)  # from what is the same for all

    def let_go(self) -> None:
        """Show the row as it was typed: what it took stands where it was typed for all."""
        for name in self.taken:
            self.form[name].data = None


def posted(
    name: str,
    kind: type[F],
    title: str,
    said_by: Iterable[str],
    *,
    common: Mapping[str, str],
    offered: Mapping[str, str | None] | None = None,
) -> Row[F]:
    """A row as it was posted, or as it opens with what is `offered`.

    It says something where one of the fields `said_by` is filled or ticked. What of `common`
    ({field of the row: name of the field for all}) it leaves empty it takes from there, and what of
    `offered` was not sent it has.
    """
    prefix, offered = f"{name}-", offered or {}
    if request.method != "POST":
        return Row(name, title, kind(prefix=prefix, data=offered), False)
    sent = MultiDict(request.form)
    for field, value in offered.items():
        sent.setdefault(prefix + field, value or "")
    is_said = any(not visibility.is_empty(sent.get(prefix + each, "")) for each in said_by)
    taken = [each for each in common if visibility.is_empty(sent.get(prefix + each, ""))]
    for field in taken if is_said else ():
        sent[prefix + field] = request.form.get(common[field], "")
    return Row(name, title, kind(sent, prefix=prefix), is_said, taken)


def are_valid(form: Form, rows: Sequence[Row[Any]], nothing: str) -> bool:
    """Whether the form and every row that says something can be taken; every fault is said at once.

    `nothing` is the sentence where no row says anything.
    """
    said = [row for row in rows if row.is_said]
    valid = all([form.validate(), *(row.form.validate() for row in said)])
    if not said:
        form.refusals.append(nothing)
        valid = False
    form.status = 200 if valid else 422
    for row in rows if not valid else ():
        row.let_go()
    return valid


def submit_each(
    form: Form,
    act: Callable[..., Any],
    rows: Sequence[Row[Any]],
    wanted: Mapping[str, Callable[[Act], Any]],
    *,
    scope: str | None = None,
) -> dict[str, Any] | None:
    """What each of the deeds gave, by its name, or None with the refusals at their rows.

    A deed is named as its row; `act` is what the trail calls them where they are refused.
    """
    try:
        done: dict[str, Any] = perform(
            several.under_the_name_of(act), wanted, entry_id=form.posted_entry_id, scope=scope
        )
        return done
    except SomeRefused as refusal:
        _say(form, rows, refusal)
    except Refused as refusal:
        form.refuse(refusal, reader())
    return None


def _say(form: Form, rows: Sequence[Row[Any]], refusal: SomeRefused) -> None:
    """Put what was refused of each row at its fields."""
    form.refusal, form.status = refusal, refusal.status
    for row in rows:
        row.let_go()
    by_name = {row.name: row.form for row in rows}
    for name, why in refusal.parts.items():
        by_name[name].refuse(why, reader())
