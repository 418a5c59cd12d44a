"""The page of one signature: what was on the page that was signed, word for word, and what proves
it (SIG-01, SIG-04, SIG-16).
"""

from __future__ import annotations

from typing import Any

from flask import abort, render_template

from integrity import signatures
from integrity.facts import instant, shown as shown_fact
from integrity.signatures import Components, Signature
from integrity.trail import Event
from people import accounts, signing
from people.access import requires
from people.accounts import Person
from people.permissions import Permission, allows
from people.transaction import presence, reader, session
from people.views import blueprint

GIVEN_WITH = {
    Components.BOTH: "user name and password",
    Components.PASSWORD: "password, after both in the same session",
    Components.PASSWORD_AND_CODE: "password and a code from a phone, after all in the same session",
    Components.ALL: "user name, password and a code from a phone",
}


@blueprint.get("/signatures/<int:number>")
@requires(Permission.SEE_RECORDS, sensitive=True)
def signature(number: int) -> Any:
    found = session().get(Signature, number) or abort(
        404, "There is no signature under this number. Open it from the record it stands on."
    )
    event = session().get_one(Event, found.seq)
    proof = [
        ("Given with", GIVEN_WITH[Components(found.components)]),
        ("Recorded", shown_fact(instant(event.at), reader())),
        ("Words and zone of then", f"{found.facts['language']}, {found.facts['zone']}"),
        ("SHA-256 of what was shown", found.facts_digest),
        ("SHA-256 of the words", found.facts["catalogue"]),
        ("Event that answers for it", f"{event.seq} ({event.action})"),
        ("SHA-256 of that event", event.hash),
    ]
    [manifestation] = signing.shown([found])
    return render_template(
        "people/signature.html",
        signature=manifestation | {"number": None},
        facts=signatures.signed_facts(session(), found) if _may_read(found) else None,
        proof=proof,
    )


def _may_read(found: Signature) -> bool:
    """What is signed about a person (mail, badge, how they were known) is for those who look after
    people, and for that person.
    """
    if found.subject_kind != Person.__tablename__:
        return True
    me = presence().actor
    return me.id == found.subject_id or any(
        allows(me.role, each) for each in (Permission.MANAGE_PEOPLE, Permission.CONFIRM_PEOPLE)
    )


@blueprint.get("/people/<int:person_id>/signatures")
@requires(Permission.SEE_RECORDS, sensitive=True)
def person_signatures(person_id: int) -> Any:
    """What was signed about a person: their declaration, and what quality confirmed."""
    person = session().get(Person, person_id) or abort(404)
    return render_template(
        "people/signatures.html",
        name=accounts.grant_of(session(), person_id).name,
        username=person.username,
        signed=signing.shown(signatures.of(session(), person_id)),
    )
