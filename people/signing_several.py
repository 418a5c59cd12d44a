"""Several things signed on one page, where the same deed waits for each of them.

The page shows the facts of each; who signs takes out what they leave for another time, and proves
once who they are. Each thing has a signature of its own over its own facts and an event of its own,
in one transaction: all of them, or none."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, redirect, request, url_for
from sqlalchemy.exc import NoResultFound
from wtforms import SelectMultipleField

from integrity import several, signatures
from integrity.acts import Act
from integrity.database import Session
from integrity.facts import Pair, drawn
from integrity.findings import Refused, Stale, blocks
from integrity.rule_ids import IntegrityRule
from integrity.signatures import Meaning, Seal
from people import signing
from people.answers import form_page
from people.permissions import Permission
from people.signing import MEANINGS, SignForm, Unproven
from people.transaction import perform, presence, reader, session

NUMBER = re.compile("[0-9]{1,9}")
MOST = 60  # of one page; the others follow on the next
NONE_CHOSEN = "Choose at least one of them."


@dataclass(frozen=True)
class Part:
    """One of the things: its number, what it is called, what is shown and signed of it, and the
    address of its own page, where there is more to read.
    """

    number: int
    title: str
    facts: list[Pair]
    page: str = ""


class SeveralForm(SignForm):
    """`reviewed` has the digest of what was shown of each: "7:0af3… 9:41c0…"."""

    chosen = SelectMultipleField("What is signed", validate_choice=False)

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        if not self.chosen.data or not all(map(NUMBER.fullmatch, self.chosen.data)):
            self.chosen.errors = [NONE_CHOSEN]
            self.status, valid = 422, False
        return valid

    def seals(self, components: str) -> dict[int, Seal]:
        """{number: what is handed over for it} of what was chosen and shown."""
        comment = self.comment.data or None
        pairs = (each.partition(":") for each in (self.reviewed.data or "").split())
        digests = {number: digest for number, _, digest in pairs}
        return {
            int(each): Seal(digests.get(each, ""), components, comment)
            for each in dict.fromkeys(self.chosen.data or [])
        }


@dataclass(frozen=True)
class Shown:
    """What the page shows of one of them."""

    number: int
    title: str
    facts: list[tuple[str, str]]
    page: str
    is_chosen: bool


def several_page(
    *,
    title: Callable[[int], str],
    meaning: Meaning,
    parts: Callable[[Session], list[Part]],
    act: Callable[..., Any],
    permission: Permission,
    then: Callable[[Mapping[int, Any]], str],
    cancel: str,
    sentence: str,
    nothing: str,
    comment: bool = False,
    before: Callable[[Sequence[int]], None] = lambda _: None,
    shows: Callable[[Mapping[int, Any]], Any] | None = None,
) -> Any:
    """Answer GET with the page and POST with the signatures.

    Where nothing waits, GET is answered with 404 and the sentence `nothing`. `title` takes how many
    are shown, `act(act, number, seal=seal)` signs one of them; `then` takes
    what it gave of each and is where to go on, unless `shows` gives the answer itself. `before`
    prepares those that were chosen, outside of the transaction.
    """
    if request.method == "GET" and not signing.has_declared():
        onward = request.full_path.rstrip("?")
        return redirect(url_for("people.declaration", next=onward), 302)
    form = SeveralForm(request.form)
    form.ask_code(signing.asks_code(second_person=False))
    if request.method == "POST" and form.validate():
        done = _signed(form, act, permission, before)
        if done is not None:
            return shows(done) if shows else redirect(then(done), 303)
    found = parts(session())
    if request.method == "GET" and not found:
        abort(404, nothing)
    said = signing.Signing(
        title(len(found)),
        MEANINGS[meaning],
        sentence,
        (),
        "",
        not presence().has_signed,
        None,
        form.comment if comment else None,
        cancel,
    )
    return form_page("people/signing_several.html", form, signing=said, parts=_shown(form, found))


def _shown(form: SeveralForm, found: list[Part]) -> list[Shown]:
    """What is drawn; the form carries the digest of each. Everything is chosen when it opens."""
    digests = [(each.number, signatures.reviewed(each.facts, reader())) for each in found]
    form.reviewed.data = " ".join(f"{number}:{digest}" for number, digest in digests)
    chosen = form.chosen.data if request.method == "POST" else None
    return [
        Shown(
            each.number,
            each.title,
            drawn(each.facts, reader()),
            each.page,
            chosen is None or str(each.number) in chosen,
        )
        for each in found
    ]


def _signed(
    form: SeveralForm,
    act: Callable[..., Any],
    permission: Permission,
    before: Callable[[Sequence[int]], None],
) -> dict[int, Any] | None:
    """{number: what the act gave}, or None where it was refused, which the form says then."""
    try:
        signer, components = signing.prove(form, False, permission)
        seals = form.seals(components)
        before(list(seals))
        deeds = {
            str(number): functools.partial(_one, act, number, seal)
            for number, seal in seals.items()
        }
        doing = several.under_the_name_of(act)
        entry = form.posted_entry_id
        done = perform(doing, deeds, entry_id=entry, by=signer)
        signing.note_signed()
    except Unproven as fault:
        form.refuse_unproven(fault)
    except Refused as refusal:
        form.refuse(refusal, reader())
    else:
        return {int(name): result for name, result in done.items()}
    return None


def _one(sign: Callable[..., Any], number: int, seal: Seal, act: Act) -> Any:
    """Sign one of them; what is not there was not shown."""
    try:
        return sign(act, number, seal=seal)
    except NoResultFound:
        raise Stale(blocks(IntegrityRule.FACTS_CHANGED)) from None
