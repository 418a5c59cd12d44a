"""Quality's pages about people: whose password or rights wait, who they are, the second half of a
password; and the page on which everybody declares what their signature means."""

from __future__ import annotations

import functools
from typing import Any

from flask import abort, render_template, request, url_for

from integrity.facts import drawn, shown, word
from integrity.forms import Form
from integrity.signatures import Meaning
from people import accounts, declarations, grants, handovers, recoveries, setting_changes
from people.access import requires, safe_path
from people.accounts import Grant, Person
from people.answers import form_page
from people.permissions import ROLE_TITLES, Permission
from people.rules.handovers import SHOWN_TO_QA, HandoverState
from people.rules.setting_changes import SettingState
from people.signing import signing_page
from people.transaction import presence, reader, session, submit
from people.views import blueprint
from people.views.halves import show_once
from people.words import DocumentWord

DOCUMENTS = ", ".join(SHOWN_TO_QA)


def _grant(person_id: int) -> Grant:
    if session().get(Person, person_id) is None:
        abort(404)
    return accounts.grant_of(session(), person_id)


@blueprint.get("/people/waiting")
@requires(Permission.CONFIRM_PEOPLE, sensitive=True)
def waiting() -> Any:
    passwords = handovers.waiting(session())
    return render_template(
        "people/handovers/waiting.html",
        passwords=passwords,
        changes=grants.waiting(session()),
        recovered=recoveries.open_ones(session()),
        together=len(handovers.to_judge(passwords, presence().actor.id)) > 1,
        documents=_documents(),
        settings_wait=len(setting_changes.waiting(session(), SettingState.PROPOSED)),
        titles=ROLE_TITLES,
    )


def _documents() -> list[tuple[str, str]]:
    """(what stands in an address, what it is called) of what somebody is known by."""
    return [(each, shown(word(DocumentWord[each.name]), reader())) for each in SHOWN_TO_QA]


@blueprint.get("/people/<int:person_id>/password")
@requires(Permission.CONFIRM_PEOPLE, sensitive=True)
def handover(person_id: int) -> Any:
    grant = _grant(person_id)
    return render_template(
        "people/handovers/handover.html",
        grant=grant,
        asked=drawn(handovers.facts_of(session(), person_id), reader()),
        is_asked=handovers.state_of(session(), person_id) == HandoverState.ASKED,
        documents=_documents(),
    )


@blueprint.route(
    f"/people/<int:person_id>/password/<any({DOCUMENTS}):document>", methods=["GET", "POST"]
)
@requires(Permission.CONFIRM_PEOPLE, sensitive=True)
def handover_confirm(person_id: int, document: str) -> Any:
    grant = _grant(person_id)
    return signing_page(
        title=f"Confirm the password of {grant.name}",
        meaning=Meaning.APPROVED,
        sentence="I have seen this person and their document myself. I am shown half of the "
        "one-time password next and give it to them alone.",
        facts=functools.partial(handovers.facts_of, person_id=person_id, document=document),
        act=functools.partial(handovers.confirm, person_id=person_id, document=document),
        permission=Permission.CONFIRM_PEOPLE,
        then=lambda _: url_for("people.handover_half", person_id=person_id),
        cancel=url_for("people.handover", person_id=person_id),
    )


@blueprint.route("/people/<int:person_id>/password/decline", methods=["GET", "POST"])
@requires(Permission.CONFIRM_PEOPLE, sensitive=True)
def handover_decline(person_id: int) -> Any:
    grant = _grant(person_id)
    return signing_page(
        title=f"Decline the password of {grant.name}",
        meaning=Meaning.REJECTED,
        sentence="No password is handed over. The present one, where there is one, holds.",
        facts=functools.partial(handovers.facts_of, person_id=person_id),
        act=functools.partial(handovers.decline, person_id=person_id),
        permission=Permission.CONFIRM_PEOPLE,
        comment="required",
        then=lambda _: url_for("people.waiting"),
        cancel=url_for("people.handover", person_id=person_id),
    )


@blueprint.route("/people/<int:person_id>/password/half", methods=["GET", "POST"])
@requires(Permission.CONFIRM_PEOPLE)
def handover_half(person_id: int) -> Any:
    grant, form = _grant(person_id), Form(request.form)
    if request.method == "POST" and form.validate():
        half = accounts.new_half()
        second_hash = accounts.hashed(half)
        if person := submit(form, handovers.hand_over, person_id, second_hash=second_hash):
            return _show_once(person, half, grant.name)
    return form_page("people/handovers/half.html", form, grant=grant)


def _show_once(person: Person, half: str, name: str) -> Any:
    """Quality's half."""
    credential, onward = accounts.credential_of(session(), person.id), url_for("people.waiting")
    kept = credential.second_hash if credential else None
    return show_once(person, name, half, "second", kept=kept, location=onward, then=onward)


@blueprint.route("/people/<int:person_id>/rights", methods=["GET", "POST"])
@requires(Permission.CONFIRM_PEOPLE, sensitive=True)
def rights_confirm(person_id: int) -> Any:
    grant = _grant(person_id)
    return signing_page(
        title=f"Confirm the rights of {grant.name}",
        meaning=Meaning.APPROVED,
        sentence="The new name and role hold from now on. Whoever looks the same is another human.",
        facts=functools.partial(grants.facts_of, person_id=person_id),
        act=functools.partial(grants.confirm, person_id=person_id),
        permission=Permission.CONFIRM_PEOPLE,
        then=lambda _: url_for("people.waiting"),
        cancel=url_for("people.waiting"),
    )


@blueprint.route("/people/<int:person_id>/rights/decline", methods=["GET", "POST"])
@requires(Permission.CONFIRM_PEOPLE, sensitive=True)
def rights_decline(person_id: int) -> Any:
    grant = _grant(person_id)
    return signing_page(
        title=f"Decline the rights of {grant.name}",
        meaning=Meaning.REJECTED,
        sentence="The old name and role hold.",
        facts=functools.partial(grants.facts_of, person_id=person_id),
        act=functools.partial(grants.decline, person_id=person_id),
        permission=Permission.CONFIRM_PEOPLE,
        comment="required",
        then=lambda _: url_for("people.waiting"),
        cancel=url_for("people.waiting"),
    )


@blueprint.route("/people/<int:person_id>/recovery", methods=["GET", "POST"])
@requires(Permission.CONFIRM_PEOPLE, sensitive=True)
def recovery_judge(person_id: int) -> Any:
    grant = _grant(person_id)
    return signing_page(
        title=f"Judge what {grant.name} signed",
        meaning=Meaning.REVIEWED,
        sentence="The machine let this person of quality back in. I have looked at what they "
        "signed since, and say what follows.",
        facts=functools.partial(recoveries.facts_of, person_id=person_id),
        act=functools.partial(recoveries.judge, person_id=person_id),
        permission=Permission.CONFIRM_PEOPLE,
        comment="required",
        then=lambda _: url_for("people.waiting"),
        cancel=url_for("people.waiting"),
    )


@blueprint.route("/declaration", methods=["GET", "POST"])
@requires(Permission.OWN_ACCOUNT)
def declaration() -> Any:
    onward = safe_path(request.args.get("next"))
    return signing_page(
        title="Before your first signature",
        meaning=Meaning.DECLARED,
        sentence="This is signed once, and again when its words change.",
        facts=functools.partial(declarations.facts_of, person_id=presence().actor.id or 0),
        act=declarations.declare,
        permission=Permission.OWN_ACCOUNT,
        then=lambda _: onward,
        cancel=url_for("home"),
        declares=True,
    )
