"""The page that prints labels, called by the page of their noun with plain facts, and the record of
every print.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, abort, render_template, request
from sqlalchemy import ColumnElement

from documents import register as documents
from integrity import filters, search_terms
from integrity.filters import Filter
from integrity.forms import ChoiceField, Form, ParagraphField, ReasonField
from labels import codes, print_register, stock_register
from labels.print_register import LabelPrint
from labels.stocks import LabelFacts, stock_of
from labels.views import blueprint
from people.access import requires
from people.access_log import AccessKind
from people.accounts import normal
from people.answers import form_page
from people.handing_out import handed_out
from people.lists import listing
from people.permissions import Permission
from people.transaction import about, now, reader, session, submit

PAPERS = [(paper, title) for paper, title in print_register.PAPERS.items()]
BEGINNING = re.compile(r"[A-Z][0-9]{0,7}")  # of a code, too short to be a whole one
EARLIER = 10  # earlier prints shown beside the form


class PrintForm(Form):
    paper = ChoiceField(
        "Printed on", PAPERS, "Choose what the labels are printed on.", default="a4"
    )
    reason = ParagraphField("Reason")


class ReprintForm(PrintForm):
    reason = ReasonField("Why again")


def label_page(
    labels: Sequence[LabelFacts], *, title: str, cancel: str, scope: str | None = None
) -> Any:
    """Answer GET with the page that prints these labels and POST with the PDF; each label printed
    is on record (LAB-02, LAB-04).

    `labels` are of one kind; `scope` is the batch or cord in whose trail the print is found.
    """
    about(scope)
    held, stocks = stock_register.in_force(session(), now())
    before = print_register.copies(session(), [label.code.bare for label in labels])
    form = (ReprintForm if before else PrintForm)(request.form)
    if request.method == "POST" and form.validate():
        drawing = print_register.draw_ahead(session(), labels, form.paper.data, now())
        printed = submit(
            form,
            print_register.print_labels,
            labels,
            drawing,
            paper=form.paper.data,
            reason=form.reason.data or None,
            scope=scope,
        )
        if printed:
            return answer(printed[0])
    earlier = session().scalars(_earlier(labels).limit(EARLIER)).all()
    return form_page(
        "labels/printing/label_page.html",
        form,
        labels=labels,
        title=title,
        cancel=cancel,
        before=before,
        stock=stock_of(labels, stocks) if labels else None,
        held=held,
        earlier=earlier,
    )


def _earlier(labels: Sequence[LabelFacts]) -> Any:
    return print_register.listed().where(LabelPrint.code.in_([label.code.bare for label in labels]))


def answer(printed: LabelPrint) -> Response:
    """The file of a print, as it was printed."""
    kept = print_register.file_of(session(), printed)
    return handed_out(AccessKind.PRINTED, kept.content, kept.media_type, kept.name)


def _of_code(typed: str, _: ZoneInfo) -> ColumnElement[bool]:
    """Prints of a code, or of all that begin as is typed; a damaged code is named, not guessed."""
    if BEGINNING.fullmatch(typed.upper()):
        return search_terms.beginning(LabelPrint.code, typed.upper(), filters.CODE_SIGNS)
    try:
        return LabelPrint.code == codes.read(typed).bare
    except codes.UnreadableCode as unreadable:
        raise filters.NoFilter(unreadable.sentence(reader())) from None


FILTERS = (
    Filter("code", "Code, or how it begins", _of_code),
    filters.same(LabelPrint.username, "User name", "username", normal),
    *filters.days(LabelPrint.at, "Printed"),
)
COLUMNS = (
    "label",
    "kind",
    "copy",
    "printed on",
    "stock",
    "printed",
    "user name",
    "reason",
    "SHA-256",
)


@blueprint.get("/labels/prints")
@requires(Permission.SEE_RECORDS)
def label_prints() -> Any:
    """Every print, or those that are asked for."""
    asked = listing(print_register.listed(), *FILTERS)
    if asked.wants_file:
        return asked.file("label-prints", COLUMNS, _lines)
    page = asked.page()
    shown = render_template(
        "labels/printing/label_prints.html",
        page=page,
        asked=asked,
        papers=dict(PAPERS),
        stocks=documents.cited(session(), (each.stock_id for each in page.items)),
    )
    return shown, asked.status


def _lines(found: Sequence[LabelPrint]) -> Iterator[tuple[Any, ...]]:
    stocks, papers = documents.cited(session(), (each.stock_id for each in found)), dict(PAPERS)
    for each in found:
        yield (
            codes.hyphenated(each.code),
            each.kind,
            each.copy,
            papers[each.paper],
            stocks[each.stock_id][0],
            each.at,
            each.username,
            each.reason,
            each.sha256,
        )


@blueprint.get("/labels/prints/<int:print_id>.pdf")
@requires(Permission.SEE_RECORDS)
def label_print(print_id: int) -> Response:
    """A label as it was printed: the specimen in the record, not another print."""
    printed = session().get(LabelPrint, print_id) if print_id < 2**31 else None
    if printed is None:
        abort(404, "There is no such print. Open the list of printed labels.")
    return answer(printed)
