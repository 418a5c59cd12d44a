"""Master batch records as controlled documents.

Signed by author, approver and QA; one version of a code in force at a time. The specification that
a master record names is an approved document, and its samples are pulled for tests of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import chain

from documents import contents, kinds, register
from documents.faults import Fault, fault
from documents.kinds import Handling, Kind
from documents.register import ControlledDocument
from documents.words import Term
from integrity import facts
from integrity.database import Session
from integrity.facts import Pair
from labels import stock_register
from labels.stocks import Stocks
from manufacturing.masters import changes, document, label_room, validation
from manufacturing.masters.fault_ids import ReferenceFault
from manufacturing.masters.model import Master
from manufacturing.masters.words import MasterTerm


def facts_of(master: Master) -> list[Pair]:
    """What is signed of a master record beside what every document shows."""
    return [
        facts.pair(Term.PRODUCT, facts.text(master.product)),
        facts.pair(Term.SPECIFICATION, master.specification),
        facts.pair(MasterTerm.STAGES, len(master.stages)),
        facts.pair(MasterTerm.STEPS, len(master.steps)),
    ]


def check(session: Session, master: Master, at: datetime) -> Iterable[Fault]:
    """What only the register can tell: the specification is approved and knows every test."""
    known = contents.names_in(session, Kind.SPECIFICATION, master.specification, at)
    if known is None:
        return [
            fault(
                "master › specification",
                ReferenceFault.NO_SPECIFICATION,
                code=master.specification,
            )
        ]
    return validation.unknown_tests(master, known)


def labels_fit(session: Session, master: Master, at: datetime) -> Iterable[Fault]:
    """What of this record has no room on the label stock in force; nothing while none is: the
    stock is judged by the records in force when it comes (LAB-03)."""
    held = register.all_effective(session, Kind.LABEL_STOCK, at)
    return label_room.faults(master, contents.of(session, held[0])) if held else ()


def stock_fits(session: Session, stocks: Stocks, at: datetime) -> Iterable[Fault]:
    """What of the records that are in force has no room on this label stock (LAB-03)."""
    held = contents.of_many(session, [each.id for each in all_effective(session, at)])
    return chain.from_iterable(label_room.stock_faults(each, stocks) for each in held.values())


HANDLING = kinds.declare(
    Handling(
        kind=Kind.MASTER_RECORD,
        name="master record",
        read=document.read,
        shipped=document.SHIPPED,
        facts=facts_of,
        check=check,
        changes=changes.between,
        quality=True,
    )
)
kinds.judged(Kind.MASTER_RECORD, labels_fit)
kinds.judged(stock_register.HANDLING.kind, stock_fits)


def effective(session: Session, code: str, at: datetime) -> ControlledDocument | None:
    """The one version of a code that batches may be started on, or None."""
    return register.effective(session, Kind.MASTER_RECORD, code, at)


def all_effective(session: Session, at: datetime) -> Sequence[ControlledDocument]:
    """Every version that batches may be started on, by code."""
    return register.all_effective(session, Kind.MASTER_RECORD, at)


def document_of(session: Session, master_id: int) -> Master:
    """What a version says (MBR-03)."""
    said: Master = contents.by_id(session, master_id)
    return said


def pinned(session: Session, master_id: int, sha256: str) -> Master:
    """What the version says that a batch has pinned by number and digest."""
    said: Master = contents.already_read(sha256) or contents.by_id(session, master_id)
    return said
