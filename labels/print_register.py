"""Every print of a label is on record: what stood on it, the very file, which copy it is, who
printed it and why again.

21 CFR 211.125 and 211.188(b)(8): labels are issued under control and a specimen is part of the
record (LAB-02, LAB-04)."""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import ForeignKey, Index, Select, UniqueConstraint, bindparam, func, select
from sqlalchemy.orm import Mapped, mapped_column

from documents import contents
from documents.register import ControlledDocument
from integrity import dependents, facts, files, reasons, subjects
from integrity.acts import Act
from integrity.canonical import digest_of
from integrity.database import By, Document, Record, Session
from integrity.files import File
from integrity.findings import Refused, Stale, blocks
from integrity.vocabulary import one_of
from labels import codes, stock_register
from labels.actions import LabelAction
from labels.rule_ids import LabelRule
from labels.stocks import LabelFacts, LabelRefused, Stocks


class Paper(enum.StrEnum):
    """What labels are printed on."""

    A4 = "a4"
    ROLL = "roll"


PAPERS: dict[str, str] = {Paper.A4: "A4 sheet", Paper.ROLL: "Label printer, one a label"}
MOST = 500  # labels in one print
COPY = 10  # the copy whose mark a label leaves room for from its first print on


class LabelPrint(Record, By):
    """One label on one print; `copy` counts the prints of its code from 1.

    Labels printed together share their file.
    """

    __tablename__ = "label_prints"
    __table_args__ = (
        UniqueConstraint("code", "copy"),
        one_of("paper", Paper),
        Index("label_prints_by_person", "username", "id"),
    )

    code: Mapped[str]
    kind: Mapped[str]
    copy: Mapped[int]
    paper: Mapped[str]
    stock_id: Mapped[int] = mapped_column(ForeignKey("documents.id"))
    drawing: Mapped[str]
    facts: Mapped[Any] = mapped_column(Document)
    sha256: Mapped[str]
    file_id: Mapped[int] = mapped_column(ForeignKey("files.id"), index=True)
    reason: Mapped[str | None]
    at: Mapped[datetime] = mapped_column(index=True)


@dataclass(frozen=True)
class Drawing:
    """Labels as they were drawn before their print is recorded, and the digest of all that they
    were drawn from; `refusal` says why nothing was drawn.
    """

    drawn_from: str
    content: bytes = b""
    refusal: LabelRefused | None = None


def fitted(label: LabelFacts, needed: int, stocks: Stocks) -> LabelFacts:
    """The label without the last of its lines that have no room on a small stock; the first
    `needed` lines always stay.

    A line has room if it has with the mark of a copy, so that a label printed again says the same.
    Whether even the needed ones fit is said when it is printed.
    """
    while len(label.lines) > needed and unfit(replace(label, copy=COPY), stocks):
        label = replace(label, lines=label.lines[:-1])
    return label


def unfit(label: LabelFacts, stocks: Stocks) -> LabelRefused | None:
    """Why a label cannot be drawn on its stock; None where it can."""
    from labels import sheets  # drawing is loaded where something is drawn

    return sheets.refusal(label, stocks)


@cache
def drawing_version() -> str:
    """The version of the drawing: SHA-256 of its program, shortened to 16 digits (LAB-02)."""
    program = Path(__file__).with_name("sheets.py").read_bytes()
    return hashlib.sha256(program).hexdigest()[:16]


def listed(code: str | None = None) -> Select[tuple[LabelPrint]]:
    """Every print, newest first; of one bare code if one is given."""
    wanted = select(LabelPrint).order_by(LabelPrint.id.desc())
    return wanted.where(LabelPrint.code == code) if code else wanted


_COPIES = (
    select(LabelPrint.code, func.max(LabelPrint.copy))
    .where(LabelPrint.code.in_(bindparam("codes", expanding=True)))
    .group_by(LabelPrint.code)
)


def copies(session: Session, bare_codes: Sequence[str]) -> dict[str, int]:
    """{bare code: how often it was printed}; a code never printed is not there."""
    counted = session.rows(_COPIES, {"codes": list(bare_codes)})
    return {code: most for code, most in counted}


_LATELY = 200  # prints that say what this site prints a stock on
_USUAL = (
    select(LabelPrint.kind, LabelPrint.paper)
    .where(LabelPrint.id > select(func.max(LabelPrint.id) - _LATELY).scalar_subquery())
    .order_by(LabelPrint.id)
)


def usual_papers(session: Session) -> dict[str, str]:
    """{stock: what its labels were printed on last}, of the newest prints; a stock that was not
    printed lately is not there.
    """
    return {stock: paper for stock, paper in session.rows(_USUAL)}


def file_of(session: Session, printed: LabelPrint) -> File:
    """The file as it was printed."""
    return session.get_one(File, printed.file_id)


def redrawn(session: Session, printed: Sequence[LabelPrint]) -> bytes:
    """The file of these prints drawn anew from the recorded facts on the stock they were printed
    on.

    The same bytes as long as the drawing is the same (LAB-02).
    """
    stocks = contents.by_id(session, printed[0].stock_id)
    return _draw([_facts(each.facts) for each in printed], printed[0].paper, stocks)


def _draw(labels: Sequence[LabelFacts], paper: str, stocks: Stocks) -> bytes:
    from labels import sheets  # drawing is loaded where something is drawn

    return sheets.sheet(labels, stocks) if paper == Paper.A4 else sheets.roll(labels, stocks)


def print_labels(
    act: Act,
    labels: Sequence[LabelFacts],
    drawing: Drawing | None,
    *,
    paper: str,
    reason: str | None = None,
    scope: str | None = None,
) -> list[LabelPrint]:
    """Record the print of each of these labels of one kind, drawn ahead into one file; from its
    second print on a label says which copy it is.

    `scope` is the batch or cord in whose trail the print is found. Raises Refused when there is
    nothing to print, a text does not fit, or a reprint has no reason of ten characters (LAB-04),
    and Stale when the drawing is of other copies or another stock than would be recorded.
    """
    facts = {"labels": [_plain(label) for label in labels], "paper": paper, "reason": reason}
    if earlier := act.once(LabelAction.LABEL_PRINTED, facts):
        return _together(act.session, earlier)
    held, stocks = stock_register.in_force(act.session, act.at)
    before = copies(act.session, [label.code.bare for label in labels])
    _refuse_unfit(labels, paper, before, reason)
    marked = _marked(labels, before)
    content = _content_of(drawing, marked, paper, stocks)
    kept = files.keep(act, content, file_name(marked), "application/pdf")
    printed = [_print_of(act, label, held, kept, paper, reason) for label in marked]
    act.add(*printed)
    act.say(
        LabelAction.LABEL_PRINTED,
        printed[0],
        scope=scope,
        reason=reason,
        facts=facts,
        details={
            "labels": [[each.code, str(each.copy)] for each in printed],
            "paper": paper,
            "sha256": kept.sha256,
            "stock": held.cited,
        },
    )
    if under := subjects.coded(act.session, scope or ""):
        dependents.changed(act, under)  # what was reconciled holds no more
    return printed


def _print_of(
    act: Act,
    label: LabelFacts,
    stock: ControlledDocument,
    kept: files.File,
    paper: str,
    reason: str | None,
) -> LabelPrint:
    return LabelPrint(
        code=label.code.bare,
        kind=label.kind,
        copy=max(label.copy, 1),
        paper=paper,
        stock_id=stock.id,
        drawing=drawing_version(),
        facts=_plain(label),
        sha256=kept.sha256,
        file_id=kept.id,
        reason=reason or None,
        at=act.at,
    )


def _refuse_unfit(
    labels: Sequence[LabelFacts], paper: str, before: Mapping[str, int], reason: str | None
) -> None:
    if not labels:
        raise Refused(blocks(LabelRule.NO_LABEL))
    if paper not in PAPERS:
        raise Refused(blocks(LabelRule.NO_PAPER, "paper"))
    if len(labels) > MOST:
        raise Refused(blocks(LabelRule.TOO_MANY, count=len(labels), most=MOST))
    if len({label.code for label in labels}) < len(labels):
        raise Refused(blocks(LabelRule.CHOSEN_TWICE))
    again = [label.code.bare for label in labels if before.get(label.code.bare)]
    if again and not reasons.is_given(reason):
        raise Refused(
            blocks(
                LabelRule.PRINTED_BEFORE,
                "reason",
                labels=facts.listed(map(facts.code, again[:5])),
                more=len(again[5:]),
            )
        )


def _marked(labels: Sequence[LabelFacts], before: Mapping[str, int]) -> list[LabelFacts]:
    """The labels with the number of their copy, from the second on."""
    numbers = [before.get(label.code.bare, 0) + 1 for label in labels]
    return [
        replace(label, copy=copy if copy > 1 else 0)
        for label, copy in zip(labels, numbers, strict=True)
    ]


def draw_ahead(
    session: Session, labels: Sequence[LabelFacts], paper: str, at: datetime
) -> Drawing | None:
    """What `print_labels` is about to record, drawn while nobody waits for the writer.

    None where there is nothing that the act would print.
    """
    if not labels or len(labels) > MOST or paper not in PAPERS:
        return None
    marked = _marked(labels, copies(session, [each.code.bare for each in labels]))
    stocks = stock_register.current(session, at)
    drawn_from = _digest(marked, paper, stocks)
    try:
        return Drawing(drawn_from, _draw(marked, paper, stocks))
    except LabelRefused as refusal:
        return Drawing(drawn_from, refusal=refusal)


def _digest(labels: Sequence[LabelFacts], paper: str, stocks: Stocks) -> str:
    return digest_of([stocks.sha256, paper, [_plain(label) for label in labels]])


def _content_of(
    drawing: Drawing | None, labels: Sequence[LabelFacts], paper: str, stocks: Stocks
) -> bytes:
    """The bytes that were drawn, if they are of exactly these labels on this stock."""
    if drawing is None or drawing.drawn_from != _digest(labels, paper, stocks):
        raise Stale(blocks(LabelRule.PRINTED_MEANWHILE))
    if drawing.refusal:
        raise Refused(blocks(LabelRule.LABEL_REFUSED, fault=drawing.refusal.fact))
    return drawing.content


def file_name(labels: Sequence[LabelFacts]) -> str:
    """What the file is called when it is saved."""
    first, last = labels[0], labels[-1]
    return (
        f"labels-{first.code.bare}-{last.code.bare}.pdf"
        if first is not last
        else f"label-{first.code.bare}-{max(first.copy, 1)}.pdf"
    )


def _together(session: Session, first_id: int) -> list[LabelPrint]:
    first = session.get_one(LabelPrint, first_id)
    return list(
        session.scalars(
            select(LabelPrint)
            .where(LabelPrint.file_id == first.file_id, LabelPrint.at == first.at)
            .order_by(LabelPrint.id)
        )
    )


def _plain(label: LabelFacts) -> dict[str, Any]:
    """What a label says as a document, its code bare."""
    return asdict(label) | {
        "code": label.code.bare,
        "lines": list(label.lines),
        "warnings": list(label.warnings),
    }


def _facts(said: Mapping[str, Any]) -> LabelFacts:
    return LabelFacts(
        **{
            **said,
            "code": codes.read(said["code"]),
            "lines": tuple(said["lines"]),
            "warnings": tuple(said["warnings"]),
        }
    )
