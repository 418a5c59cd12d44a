"""Several documents at once: the shipped ones are imported on one page, and what one person signs
in the same way of several kinds is signed by one signing, each over its own facts."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from flask import abort, flash, redirect, request, url_for
from sqlalchemy import select
from wtforms import SelectMultipleField

from documents import approval, contents
from documents.approval import ImportFacts
from documents.register import AXIS, ControlledDocument
from documents.rules import DocumentState
from documents.views.chapter import Chapter, Route
from integrity import states
from integrity.acts import Act
from integrity.database import Session
from integrity.facts import word
from integrity.findings import Refused, blocks
from integrity.forms import Form
from integrity.signatures import Meaning, Seal
from people.answers import form_page
from people.permissions import Permission, allows
from people.rows import Row, submit_each
from people.rule_ids import PeopleRule
from people.signing_several import MOST, Part, several_page
from people.transaction import now, presence, session

BOTH = ["GET", "POST"]
# deed in the address: (title, state it waits in, act, meaning, what is signed)
DEEDS = {
    "author": (
        "Sign as author",
        DocumentState.DRAFT,
        approval.author,
        Meaning.AUTHORED,
        "I prepared each document that is ticked and it says what it must. Each of them is signed.",
    ),
    "approve": (
        "Approve",
        DocumentState.AUTHORED,
        approval.approve,
        Meaning.APPROVED,
        "I checked each document that is ticked independently of its author. What needs no "
        "approval of QA's own holds from the moment shown, and the version before it is superseded "
        "then. Each of them is signed.",
    ),
}

RIGHTS = {"author": Permission.DRAFT_DOCUMENTS, "approve": Permission.APPROVE_DOCUMENTS}


def routes(chapters: Sequence[Chapter]) -> Iterator[Route]:
    shipped = functools.partial(_shipped, chapters)
    yield "/documents/shipped", "shipped", Permission.DRAFT_DOCUMENTS, shipped, BOTH
    for deed in DEEDS:
        view = functools.partial(_sign, chapters, deed)
        yield f"/documents/sign/{deed}", f"sign_{deed}", RIGHTS[deed], view, BOTH


def may(chapters: Sequence[Chapter], deed: str, role: str) -> dict[str, Chapter]:
    """{kind: its chapter} of those in which this role may do this deed."""
    found = ((each, each.drafts if deed == "author" else each.approves) for each in chapters)
    return {each.kind.value: each for each, permission in found if allows(role, permission)}


# Signed together
# -------------------------------------------------------------------------------------------------


def _sign(chapters: Sequence[Chapter], deed: str) -> Any:
    title, state, act, meaning, sentence = DEEDS[deed]
    back = url_for("documents.documents")
    return several_page(
        title=lambda count: f"{title}: {'1 document' if count == 1 else f'{count} documents'}",
        meaning=meaning,
        sentence=sentence,
        nothing="No document waits for your signature. Open the list of documents.",
        parts=functools.partial(_parts, chapters, deed, state),
        act=_allowed(chapters, deed, act),
        permission=RIGHTS[deed],
        then=lambda _: back,
        cancel=back,
    )


def _parts(chapters: Sequence[Chapter], deed: str, state: str, reading: Session) -> list[Part]:
    """What waits for whoever is here: authors sign what they wrote, others approve it."""
    actor = presence().actor
    standing = states.standing(ControlledDocument.__tablename__, AXIS, state)
    mine = ControlledDocument.username == actor.username
    wanted = select(ControlledDocument).where(
        ControlledDocument.id.in_(standing),
        ControlledDocument.kind.in_(may(chapters, deed, actor.role)),
        mine if deed == "author" else ~mine,
    )
    return [
        Part(
            each.id,
            each.named,
            contents.facts_of(reading, each.id, now()),
            url_for(f"documents.{each.kind}", document_id=each.id),
        )
        for each in reading.scalars(wanted.order_by(ControlledDocument.id).limit(MOST))
    ]


def _allowed(chapters: Sequence[Chapter], deed: str, act: Callable[..., Any]) -> Any:
    """The act, for whoever may do it with a document of this kind."""

    @functools.wraps(act)
    def signed(part: Act, document_id: int, *, seal: Seal) -> Any:
        document = part.session.get_one(ControlledDocument, document_id)
        chapter = next(each for each in chapters if each.kind == document.kind)
        permission = chapter.drafts if deed == "author" else chapter.approves
        if not allows(part.by.role, permission):
            raise Refused(
                blocks(
                    PeopleRule.ROLE_MAY_NOT_SIGN,
                    role=part.by.role_title,
                    permission=word(permission),
                )
            )
        return act(part, document_id, seal=seal)

    return signed


# Imported together
# -------------------------------------------------------------------------------------------------


class ShippedForm(Form):
    kinds = SelectMultipleField("What is imported", validate_choice=False)


def _shipped(chapters: Sequence[Chapter]) -> Any:
    form = ShippedForm(request.form)
    left = offered(chapters)
    if request.method == "GET":
        if not left:
            abort(404, "No shipped document is left for you to import. Open the list of documents.")
        form.kinds.data = list(left)
    form.kinds.choices = [(kind, each.title) for kind, each in left.items()]
    if request.method == "POST" and form.validate():
        known = may(chapters, "author", presence().actor.role)
        chosen = [kind for kind in dict.fromkeys(form.kinds.data or []) if kind in known]
        if not chosen:
            form.kinds.errors, form.status = ["Choose at least one of them."], 422
        elif (made := _import(form, {kind: known[kind] for kind in chosen})) is not None:
            count = "1 document is" if len(made) == 1 else f"{len(made)} documents are"
            flash(f"{count} imported as drafts.", "accepted")
            return redirect(url_for("documents.sign_author"), 303)
    return form_page("documents/shipped.html", form)


def offered(chapters: Sequence[Chapter]) -> dict[str, Chapter]:
    """The chapters whose shipped document whoever is here may import and nobody did."""
    mine = may(chapters, "author", presence().actor.role)
    there = set(session().scalars(select(ControlledDocument.kind).distinct())) if mine else ()
    return {kind: each for kind, each in mine.items() if kind not in there}


def _import(form: ShippedForm, chosen: dict[str, Chapter]) -> dict[str, Any] | None:
    wanted, rows = {}, []
    for kind, chapter in chosen.items():
        path = chapter.handling.shipped
        given = ImportFacts(chapter.kind, path.read_bytes(), path.name, None)
        wanted[kind] = functools.partial(approval.import_document, facts=given)
        rows.append(Row(kind, chapter.title, Form(prefix=f"{kind}-"), is_said=True))
    made = submit_each(form, approval.import_document, rows, wanted)
    form.refusals += [f"{row.title}: {each}" for row in rows for each in _said(row.form)]
    return made


def _said(form: Form) -> list[str]:
    return [*form.refusals, *(str(each) for field in form for each in field.errors)]
