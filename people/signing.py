"""Signing: a page of its own that shows the facts, the meaning and what will be bound to them
(SIG-06..10, SIG-16).

A view calls `signing_page` with a function that gathers the facts and an act that takes the seal;
the act gathers the facts again inside its own transaction and refuses when they are no longer the
ones that were shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from flask import redirect, request, url_for
from wtforms import HiddenField

from integrity import signatures, times
from integrity.database import Session
from integrity.facts import Pair, drawn, shown as shown_fact, word
from integrity.findings import Refused, blocks
from integrity.forms import ParagraphField, ReasonField, SecretField, TextField
from integrity.signatures import Components, Meaning, Seal, Signature
from integrity.signers import Caution
from integrity.trail import Actor
from people import accounts, declarations, second_factors, sessions, signing_right
from people.admission import Claim
from people.answers import form_page
from people.permissions import Permission, allows
from people.programs import is_program
from people.proof import ProofForm, admitted
from people.rule_ids import PeopleRule
from people.rules.guesses import Purpose
from people.rules.second_factors import Occasion
from people.transaction import about, database, perform, presence, reader, session

Facts = Sequence[Pair]

MEANINGS = {
    Meaning.AUTHORED: "I wrote this",
    Meaning.PERFORMED: "I performed this",
    Meaning.VERIFIED: "I verified this as the second person",
    Meaning.REVIEWED: "I reviewed this",
    Meaning.APPROVED: "I approve this",
    Meaning.CERTIFIED: "I certify this",
    Meaning.RELEASED: "I release this",
    Meaning.REJECTED: "I reject this",
    Meaning.DECLARED: "I declare this",
}


# {(a user name was typed, a code was given): what stands in the signature}
GIVEN = {
    (True, False): Components.BOTH,
    (False, False): Components.PASSWORD,
    (True, True): Components.ALL,
    (False, True): Components.PASSWORD_AND_CODE,
}


class SignForm(ProofForm):
    username = TextField("User name")
    password = SecretField(required=None)
    reviewed = HiddenField()
    comment = ParagraphField("Comment")

    def __init__(self, *arguments: Any, **words: Any):
        super().__init__(*arguments, **words)
        for proof in (self.username, self.password, self.password_code):
            proof.flags.optional = (
                False  # what is shown of them is needed; what is missing is said as 401, not as 422
            )

    def refuse_unproven(self, fault: Exception) -> None:
        """Who signs has not proven who they are: 401, with its sentence in the summary."""
        self.refusals.append(str(fault))
        self.status = 401


class ReasonedSignForm(SignForm):
    comment = ReasonField("Reason")


@dataclass(frozen=True)
class Signing:
    """What the signing page shows."""

    title: str
    meaning: str
    sentence: str
    facts: Sequence[tuple[str, str]]
    digest: str
    ask_username: bool
    second_person: str | None
    comment: Any
    cancel_url: str


class Unproven(Exception):
    """The signer did not prove who they are (401)."""


def signing_page(
    *,
    title: str,
    meaning: Meaning,
    facts: Callable[[Session], Facts],
    act: Callable[..., Any],
    permission: Permission,
    then: Callable[[Any], str],
    cancel: str,
    sentence: str = "",
    second_person: bool = False,
    comment: str = "",
    scope: str | None = None,
    around: Callable[[], Mapping[str, Any]] = dict,
    declares: bool = False,
) -> Any:
    """Answer GET with the page and POST with the signature.

    `act(act, *, seal)` signs; `comment` is "", "optional" or "required" (a reason); `then(result)`
    is where to go on; `around()` is what the page shows around what is signed: `window_left`, the
    time that runs meanwhile, and labels to print. Whoever has not signed the declaration is led
    there first, unless this page `declares`."""
    about(scope)
    if request.method == "GET" and not (declares or second_person or has_declared()):
        return redirect(url_for("people.declaration", next=request.full_path.rstrip("?")), 302)
    form = (ReasonedSignForm if comment == "required" else SignForm)(request.form)
    form.ask_code(asks_code(second_person))
    if request.method == "POST" and form.validate():
        for result in _signed(form, act, permission, second_person=second_person, scope=scope):
            return redirect(then(result), 303)
    found = facts(session())
    form.reviewed.data = signatures.reviewed(found, reader())
    page = Signing(
        title,
        MEANINGS[meaning],
        sentence,
        drawn(found, reader()),
        form.reviewed.data,
        second_person or not presence().has_signed,
        presence().actor.name if second_person else None,
        form.comment if comment else None,
        cancel,
    )
    return form_page("people/signing.html", form, signing=page, **around())


def _signed(
    form: SignForm,
    act: Callable[..., Any],
    permission: Permission,
    *,
    second_person: bool,
    scope: str | None,
) -> list[Any]:
    """What the act gave, or nothing where it was refused, which the form says then."""
    try:
        signer, components = prove(form, second_person, permission)
        seal = Seal(form.reviewed.data or "", components, form.comment.data or None)
        result = perform(act, seal=seal, entry_id=form.posted_entry_id, by=signer, scope=scope)
        if not second_person:
            note_signed()
        return [result]
    except Unproven as fault:
        form.refuse_unproven(fault)
    except Refused as refusal:
        form.refuse(refusal, reader())
    return []


def has_declared() -> bool:
    """Whether who is here has said what their signature means, or needs not."""
    standing = signing_right.of(session(), presence().actor.id)
    return is_program() or standing is None or standing.declared == declarations.VERSION


def note_signed() -> None:
    """From now on the password is enough, until the session is broken."""
    with database().writing() as writing:
        sessions.has_signed(writing, presence().token_digest)


def shown(given: Sequence[Signature], wrong: Set[int] | None = None) -> list[dict[str, str | None]]:
    """Signatures as parts/signature.html draws them, each with the sentence that says so when it no
    longer holds (SIG-03, SIG-04). Who has just verified them says which were `wrong`.
    """
    if wrong is None:
        wrong = signatures.invalid(session(), given)
    return [manifestation(each, each.id in wrong) for each in given]


def manifestation(given: Signature, is_invalid: bool) -> dict[str, str | None]:
    """One signature as it is shown everywhere.

    As named at signing, its meaning, its time with the zone of then (SIG-01, SIG-02).
    """
    return {
        "number": str(given.id),
        "name": given.name,
        "username": given.username,
        "role_title": given.role_title,
        "comment": given.comment,
        "meaning_text": MEANINGS[Meaning(given.meaning)],
        "signed_shown": times.shown(given.at, ZoneInfo(given.zone), seconds=True),
        "caution": caution(given),
        "invalid_because": "What was signed is no longer what is recorded. Tell QA."
        if is_invalid
        else None,
    }


def caution(given: Signature) -> str | None:
    """What a reader is told of the moment a signature was given."""
    if given.caution is None or given.caution_since is None:
        return None
    since = times.shown(given.caution_since, ZoneInfo(given.zone))
    if given.caution == Caution.RECOVERY:
        return f"Signed after the machine let this person of quality back in, {since}."
    return f"Signed within 24 hours of a new password, handed over {since}."


def _occasion(second_person: bool) -> Occasion:
    """What is proven by who signs; the second person and the first signing give everything."""
    first = second_person or not presence().has_signed
    return Occasion.FIRST_SIGNATURE if first else Occasion.FURTHER_SIGNATURE


def asks_code(second_person: bool) -> bool:
    """Whether the page asks for a code; of a second person it is not known yet who they are."""
    if second_person:
        return second_factors.is_in_use(session())
    return second_factors.wants_code(session(), presence().actor.id or 0, _occasion(second_person))


def prove(form: SignForm, second_person: bool, permission: Permission) -> tuple[Actor, str]:
    """(who signs, what they gave); the first signing of a session asks for everything."""
    mine, typed = presence().actor, form.username.data or ""
    both = second_person or not presence().has_signed
    if both and not typed:
        raise Unproven("Type your user name and your password to sign.")
    if second_person and accounts.normal(typed) == mine.username:
        raise Refused(blocks(PeopleRule.SECOND_PERSON_IS_FIRST, field="username"))
    if not second_person and typed and accounts.normal(typed) != mine.username:
        raise Refused(
            blocks(PeopleRule.SIGNED_IN_AS_ANOTHER, field="username", username=mine.username)
        )
    occasion, code = _occasion(second_person), form.typed_code
    if not second_person and "password_code" in form and not code.strip():
        raise Unproven("Type the code that your phone shows now.")
    signer = prove_person(typed or mine.username, form.password.data or "", code, occasion)
    if not allows(signer.role, permission):
        raise Refused(
            blocks(
                PeopleRule.ROLE_MAY_NOT_SIGN,
                field="username",
                role=signer.role_title,
                permission=word(permission),
            )
        )
    has_code = second_factors.wants_code(session(), signer.id or 0, occasion)
    return signer, GIVEN[bool(typed), has_code]


def prove_person(
    username: str,
    password: str,
    code: str = "",
    occasion: Occasion = Occasion.FIRST_SIGNATURE,
) -> Actor:
    """The person whose name, password and code these are, on the device of this session.

    A failure is counted and said in the trail (SIG-06, SIG-15).
    """
    here = presence()
    claim = Claim(username, Purpose.SIGN, here.station, here.actor.id, occasion=occasion)
    found = admitted(claim, password, code)
    if found.person is None:
        raise Unproven(shown_fact(found.refusal, reader()))
    with database().reading() as reading:
        credential = accounts.credential_of(reading, found.person.id)
        signer = accounts.actor(reading, found.person, here.station.named)
    if credential is None or credential.temporary:
        raise Unproven(
            "This is a one-time password. Sign in with it and choose your own before you sign."
        )
    return signer
