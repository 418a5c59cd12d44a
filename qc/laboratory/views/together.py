"""The pages on which several things of the laboratory are recorded in one form: samples that were
brought together are received, and everything that was found of a sample is entered."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from typing import Any

from flask import abort, flash, redirect, request, url_for
from wtforms import BooleanField

from integrity.facts import shown
from integrity.forms import ChoiceField, Form, InstantField, Opens, ReadField, TextField
from integrity.units import UNITS
from labels import codes
from people.access import requires
from people.answers import form_page
from people.permissions import Permission
from people.rows import Row, are_valid, posted, submit_each
from people.transaction import now, reader, session
from qc.laboratory import batch_amounts as bases, results, samples, testing
from qc.laboratory.results import Result
from qc.laboratory.rules.results import FAILS, INCONCLUSIVE
from qc.laboratory.rules.samples import CONDITIONS, Condition
from qc.laboratory.samples import ReceiptFacts, SampleReceipt
from qc.laboratory.testing import BeginningFacts
from qc.laboratory.views import blueprint
from qc.laboratory.views.results import (
    VERDICT_WORDS,
    BeginningForm,
    facts_typed,
    judged_with,
    result_form,
)
from qc.laboratory.views.samples import ReceiptForm, Row as Test, rows_of, sample_or_404
from qc.specifications.model import Contents, Line
from stores import containers
from stores.containers import Container

MOST = 30  # samples of one page
NO_SAMPLE = "Scan the label of at least one sample."
NO_RESULT = "Enter at least one result, or tick that a test began."


# Samples that were brought together
# -------------------------------------------------------------------------------------------------


def _read(text: str) -> str:
    return codes.read(text, expected="S").bare


class ReceiptsForm(Form):
    """What holds for every sample whose row says nothing else."""

    condition = ChoiceField(
        "How they arrived", list(CONDITIONS.items()), hint="All that are scanned"
    )
    storage = TextField(
        "Where they are kept now",
        "Say where the samples are kept, for example refrigerator 2, shelf 1.",
        longest=80,
    )


class ReceiptRow(ReceiptForm):
    sample = ReadField("Sample", _read, "Scan the label of the sample.")


@blueprint.route("/samples/receive", methods=["GET", "POST"])
@requires(Permission.RECORD_RESULTS)
def samples_receive() -> Any:
    form = ReceiptsForm(request.form)
    waiting = session().scalars(samples.not_received().limit(MOST)).all()
    if not waiting and request.method == "GET":
        abort(404, "No sample waits to be received. Open the list of samples.")
    rows = [_receipt(number) for number in range(1, max(len(waiting), _rows_sent()) + 1)]
    if request.method == "POST" and are_valid(form, rows, NO_SAMPLE):
        wanted = {
            row.name: functools.partial(samples.receive, facts=_receipt_facts(row.form))
            for row in rows
            if row.is_said
        }
        done = submit_each(form, samples.receive, rows, wanted)
        if done is not None:
            said = "1 sample is" if len(done) == 1 else f"{len(done)} samples are"
            flash(f"{said} with QC.", "accepted")
            return redirect(_first_of(list(done.values())), 303)
    forms = [row.form for row in rows]
    return form_page("qc/laboratory/samples_receive.html", form, *forms, rows=rows, waiting=waiting)


def _first_of(received: Sequence[SampleReceipt]) -> str:
    """Where to go on: to the first of them of which something may be recorded now."""
    for receipt in received:
        sample = session().get_one(Container, receipt.container_id)
        if _is_waiting(sample):
            return url_for("laboratory.sample_results", code=sample.code)
    return url_for("laboratory.samples")


def _rows_sent() -> int:
    """How many rows were posted: what is typed in one is shown again."""
    return next((number for number in range(MOST, 0, -1) if f"s{number}-sample" in request.form), 0)


def _receipt(number: int) -> Row[ReceiptRow]:
    common = {"condition": "condition", "storage": "storage"}
    return posted(f"s{number}", ReceiptRow, f"Sample {number}", ("sample",), common=common)


def _receipt_facts(form: ReceiptRow) -> ReceiptFacts:
    remark = form.remark.data or None
    return ReceiptFacts(form.sample.value, form.condition.data, form.storage.data or "", remark)


# Everything that was found of a sample
# -------------------------------------------------------------------------------------------------


class ResultsForm(Form):
    """What holds for every result whose row says nothing else."""

    tested_at = InstantField("Tested", None, opens=Opens.NOW)
    reference = TextField(
        "Raw data", None, longest=200, hint="Instrument, run number, notebook page or file"
    )


class BegunRow(BeginningForm):
    begun = BooleanField("It began")


@blueprint.route("/samples/<code>/results", methods=["GET", "POST"])
@requires(Permission.RECORD_RESULTS)
def sample_results(code: str) -> Any:
    found, form = sample_or_404(code), ResultsForm(request.form)
    held = results.specification_of(session(), found)
    tests = _tests_of(found, held[1] if held else None)
    rows = [_row(each) for each in tests.values() if request.method == "POST" or each.is_open]
    if held is None or not rows:
        abort(404, "Nothing is to be recorded of this sample. Open the sample to see why.")
    lines = {name: each.line for name, each in tests.items() if each.line}
    if request.method == "POST" and are_valid(form, rows, NO_RESULT):
        done = submit_each(
            form, testing.record, rows, _deeds(found, rows, lines), scope=found.scope
        )
        if done is not None:
            return redirect(_onward(found, [*done.values()]), 303)
    shown_rows = [row for row in rows if row.is_said or tests[row.name].is_open]
    basis = bases.basis_of(session(), found.scope, held[1].sources)
    return form_page(
        "qc/laboratory/sample_results.html",
        form,
        *(row.form for row in shown_rows),
        sample=found,
        specification=held[0],
        rows=shown_rows,
        lines=lines,
        begun={name: test.beginning for name, test in tests.items()},
        units={
            name: UNITS[line.entered_in].symbol for name, line in lines.items() if line.entered_in
        },
        judged={name: judged_with(line, basis) for name, line in lines.items()},
    )


def _tests_of(found: Container, contents: Contents | None) -> dict[str, Test]:
    """{id: test} of those that a sample with QC is tested for and that the specification has."""
    receipt = samples.receipt_of(session(), found.id)
    if receipt is None or receipt.condition == Condition.UNFIT:
        return {}
    rows = rows_of(session(), found, contents)
    return {row.test: row for row in rows if row.line}


def _row(test: Test) -> Row[Any]:
    """The row of a test: its result, or of a long one that has not begun when it did."""
    assert test.line  # only tests with a line are asked for
    begins = test.line.earliest_final and not test.beginning
    if begins or f"{test.test}-begun" in request.form:
        return posted(test.test, BegunRow, test.line.name, ("begun",), common={})
    common = {"tested_at": "tested_at", "reference": "reference"}
    offered = {"method_version": test.line.method_version, "unit": test.line.entered_in}
    kind, said_by = result_form(test.line), ("value", "choice")
    row = posted(test.test, kind, test.line.name, said_by, common=common, offered=offered)
    row.form.tested_at.opens = Opens.EMPTY
    return row


def _deeds(found: Container, rows: Sequence[Row[Any]], lines: dict[str, Line]) -> dict[str, Any]:
    """{test: what is recorded of it} of every row that says something."""
    return {
        row.name: functools.partial(
            testing.begin,
            facts=BeginningFacts(found.code, row.name, row.form.began_at.value),
        )
        if isinstance(row.form, BegunRow)
        else functools.partial(testing.record, facts=facts_typed(row.form, found, lines[row.name]))
        for row in rows
        if row.is_said
    }


def _onward(found: Container, made: Sequence[Any]) -> str:
    """Where to go on: to a result that fails, else to the next sample of the batch of which
    something may be recorded now."""
    recorded = [each for each in made if isinstance(each, Result)]
    for each in recorded:
        word, tone = VERDICT_WORDS[each.verdict]
        if each.verdict in (FAILS, INCONCLUSIVE):
            flash(f"{each.test} {shown(each.shown, reader())}: {word.lower()}.", tone)
    count = "1 entry is" if len(made) == 1 else f"{len(made)} entries are"
    flash(f"{count} recorded of sample {codes.read(found.code).shown}.", "accepted")
    if failing := next((each for each in recorded if each.verdict == FAILS), None):
        return url_for("laboratory.result", result_id=failing.id)
    if other := next(_others(found), None):
        return url_for("laboratory.sample_results", code=other.code)
    return url_for("laboratory.sample", code=found.code)


def _others(found: Container) -> Iterator[Container]:
    """The samples of the same batch, from this one on, of which something may be recorded now."""
    every = containers.of_scope(session(), found.scope, "sample")
    for other in [each for each in every if each.id > found.id] + [
        each for each in every if each.id < found.id
    ]:
        if _is_waiting(other):
            yield other


def _is_waiting(sample: Container) -> bool:
    """Whether something of a sample may be recorded now."""
    held = results.specification_of(session(), sample)
    tests = _tests_of(sample, held[1] if held else None).values()
    return any(test.is_open and _is_possible(test) for test in tests)


def _is_possible(test: Test) -> bool:
    """Whether a result of the test, or its beginning, can be recorded by now."""
    return not test.alternative and (test.final_at is None or test.final_at <= now())
