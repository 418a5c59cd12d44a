"""What waits of documents: each state before effective waits for its signature."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy import Row, select

from documents.kinds import Kind
from documents.register import AXIS, ControlledDocument
from documents.rules import DocumentState
from documents.views.chapter import Chapter
from documents.views.together import DEEDS
from documents.words import DocumentQueue
from integrity import states
from integrity.database import Session
from people import queues
from people.permissions import Permission, allows
from people.queues import NOTHING, Address, Asker, Found, Item, Queue

# Who signs a document that stands somewhere: (title, state, the deed of its chapter).
STEPS = (
    (DocumentQueue.AUTHORS, DocumentState.DRAFT, "author"),
    (DocumentQueue.APPROVALS, DocumentState.AUTHORED, "approve"),
    (DocumentQueue.QUALITY, DocumentState.APPROVED, "date"),
    (DocumentQueue.DATES, DocumentState.QA_APPROVED, "effective"),
)


def of_chapters(chapters: Sequence[Chapter]) -> tuple[Queue, ...]:
    """A queue for each signature, over all kinds in which whoever asks may give it."""
    made = []
    for title, state, deed in STEPS:
        asked = {
            chapter.kind: permission
            for chapter in chapters
            for _, endpoint, permission in chapter.deeds(state)
            if endpoint == chapter.endpoint(deed)
        }
        together = Address(f"documents.sign_{deed}") if deed in DEEDS else None
        every = Address("documents.documents")
        find = partial(_found, state, asked)
        made.append(Queue(title, Permission.SEE_RECORDS, find, every, together))
    return tuple(made)


def _found(
    state: DocumentState, asked: Mapping[Kind, Permission], session: Session, asker: Asker
) -> Found:
    """Documents in one state, of the kinds in which this role may sign. Who wrote a document signs
    it as its author, and somebody else approves it.
    """
    kinds = [kind for kind, permission in asked.items() if allows(asker.role, permission)]
    if not kinds:
        return NOTHING
    wanted = select(ControlledDocument).where(
        ControlledDocument.id.in_(states.standing(ControlledDocument.__tablename__, AXIS, state)),
        ControlledDocument.kind.in_(kinds),
    )
    mine = ControlledDocument.username == asker.username
    wanted = wanted.where(mine if state == DocumentState.DRAFT else ~mine)
    return queues.first(session, wanted.order_by(ControlledDocument.id), _item)


def _item(row: Row[Any]) -> Item:
    made = row[0]
    page = Address(f"documents.{made.kind}", {"document_id": made.id})
    return Item(made.named, page, made.title, since=made.imported_at, is_code=False)
