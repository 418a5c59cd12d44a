"""Several people at once: an administrator names them on one page, and somebody of QA confirms by
one signing who the passwords are for."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import Any

from flask import request, url_for

from integrity.acts import Act
from integrity.database import Session
from integrity.facts import shown, word
from integrity.forms import Form
from integrity.signatures import Meaning, Seal
from people import accounts, handovers
from people.access import requires
from people.accounts import Person
from people.answers import form_page
from people.permissions import Permission
from people.rows import Row, are_valid, posted, submit_each
from people.signing_several import MOST, Part, several_page
from people.transaction import presence, reader, session
from people.views import blueprint
from people.views.accounts import PersonForm
from people.views.halves import Half, show_each_once
from people.views.handovers import DOCUMENTS
from people.words import DocumentWord

ROWS = 12  # people of one page
NOBODY = "Name at least one person."


@blueprint.route("/people/new/several", methods=["GET", "POST"])
@requires(Permission.MANAGE_PEOPLE)
def people_new() -> Any:
    form = Form(request.form)
    rows = [_row(number) for number in range(1, ROWS + 1)]
    if request.method == "POST" and are_valid(form, rows, NOBODY):
        said = [row for row in rows if row.is_said]
        halves = {row.name: accounts.new_half() for row in said}
        wanted = {
            row.name: functools.partial(
                handovers.propose,
                who=row.form.facts(),
                first_hash=accounts.hashed(halves[row.name]),
            )
            for row in said
        }
        made = submit_each(form, handovers.propose, rows, wanted)
        if made is not None:
            names = {row.name: row.form.name.data or "" for row in said}
            return _first_halves(made, names, halves)
    forms = [row.form for row in rows]
    return form_page("people/accounts/people_new.html", form, *forms, rows=rows)


def _row(number: int) -> Row[PersonForm]:
    said_by = ("username", "name", "role", "mail", "badge")
    return posted(f"p{number}", PersonForm, f"Person {number}", said_by, common={})


def _first_halves(
    made: Mapping[str, Person], names: Mapping[str, str], halves: Mapping[str, str]
) -> Any:
    shown_once = [
        Half(person, names[row], halves[row], handovers.newest(session(), person.id).first_hash)
        for row, person in made.items()
    ]
    return show_each_once(shown_once, "first", url_for("people.people_list"))


@blueprint.route(f"/people/waiting/<any({DOCUMENTS}):document>", methods=["GET", "POST"])
@requires(Permission.CONFIRM_PEOPLE, sensitive=True)
def passwords_confirm(document: str) -> Any:
    """Several passwords, each for somebody whom QA has seen by a document of this kind."""
    halves: dict[int, tuple[str, str]] = {}

    def hand_over(act: Act, person_id: int, *, seal: Seal) -> Person:
        _, second_hash = halves[person_id]
        return handovers.confirm_and_hand_over(
            act, person_id, document, second_hash=second_hash, seal=seal
        )

    def make_halves(chosen: Sequence[int]) -> None:
        for number in chosen:
            half = accounts.new_half()
            halves[number] = half, accounts.hashed(half)

    back = url_for("people.waiting")
    kind = shown(word(DocumentWord[document.upper()]), reader())
    return several_page(
        title=lambda count: f"Confirm {count} passwords by {kind.lower()}",
        meaning=Meaning.APPROVED,
        sentence="I have seen each of the people who are ticked and their document myself. I am "
        "shown half of each one-time password next and give it to them alone.",
        nothing="No password waits for you to confirm it.",
        parts=functools.partial(_parts, document=document),
        act=hand_over,
        before=make_halves,
        permission=Permission.CONFIRM_PEOPLE,
        then=lambda _: back,
        shows=lambda done: _second_halves(done, {each: text for each, (text, _) in halves.items()}),
        cancel=back,
    )


def _parts(reading: Session, document: str) -> list[Part]:
    return [
        Part(each.holder_id, each.name, handovers.facts_of(reading, each.holder_id, document))
        for each in handovers.to_judge(handovers.waiting(reading), presence().actor.id)[:MOST]
    ]


def _second_halves(done: Mapping[int, Person], halves: Mapping[int, str]) -> Any:
    shown_once = []
    for number, person in done.items():
        credential, grant = (
            accounts.credential_of(session(), number),
            accounts.grant_of(session(), number),
        )
        kept = credential.second_hash if credential else None
        shown_once.append(Half(person, grant.name, halves[number], kept))
    return show_each_once(shown_once, "second", url_for("people.waiting"))
