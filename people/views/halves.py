"""One half of a one-time password, shown once to whoever hands it over (SIG-14)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template

from people import accounts
from people.accounts import Person
from people.programs import is_program

SHOWN_ALREADY = (
    "This was recorded already and its half of the password was shown once. Let an administrator "
    "ask anew if nobody noted it."
)


def show_once(
    person: Person,
    name: str,
    half: str,
    which: str,
    *,
    kept: str | None,
    location: str,
    then: str,
    more: str = "",
) -> Any:
    """The page with the `which` ("first", "second") half, unless this very form was sent before:
    then the person has another half, whose hash is `kept`, and `location` is where to go on.
    `more` is where the next one is named.
    """
    if not accounts.is_of(kept or "", half):
        flash(SHOWN_ALREADY, "held")
        return redirect(location, 303)
    if is_program():
        return {"location": location, f"{which}_half": half}, 201
    return render_template(
        "people/accounts/half.html",
        username=person.username,
        name=name,
        half=half,
        which=which,
        then=then,
        more=more,
    )


@dataclass(frozen=True)
class Half:
    """One half of several: of whom, its text, and the hash of the one that is kept."""

    person: Person
    name: str
    text: str
    kept: str | None


def show_each_once(halves: Sequence[Half], which: str, then: str) -> Any:
    """`show_once` of several: each stands under its own name, and one at a time is open."""
    fresh = [each for each in halves if accounts.is_of(each.kept or "", each.text)]
    if not fresh:
        flash(SHOWN_ALREADY, "held")
        return redirect(then, 303)
    if is_program():
        given = {each.person.username: each.text for each in fresh}
        return {"location": then, f"{which}_halves": given}, 201
    return render_template("people/accounts/halves.html", halves=fresh, which=which, then=then)
