"""The pages of samples: what QC has to do, one sample with its tests and results, its receipt."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for

from integrity import deviations, filters, signatures, states
from integrity.database import Session
from integrity.deviations import Deviation, DeviationState
from integrity.facts import compared, shown, word
from integrity.forms import ChoiceField, Form, ParagraphField, TextField
from integrity.signatures import Meaning
from labels import codes
from people import signing
from people.access import requires
from people.answers import form_page
from people.lists import address, listing
from people.permissions import Permission
from people.signing import signing_page
from people.transaction import about, now, presence, reader, session, submit
from qc.laboratory import corrections, pulled_samples, results, samples, verdicts
from qc.laboratory.pulled_samples import SampleExplanation
from qc.laboratory.results import Beginning, Result
from qc.laboratory.rules.pulled import Untested
from qc.laboratory.rules.results import (
    ACTIVE,
    INTERIM,
    TESTING,
    ResultState,
    TestingState,
    earliest_final,
)
from qc.laboratory.rules.samples import CONDITIONS, Condition
from qc.laboratory.samples import ReceiptFacts, SampleReceipt
from qc.laboratory.views import blueprint
from qc.laboratory.words import UntestedWord
from qc.specifications.model import Contents, Line
from stores import answers, containers, fates, holds, origins
from stores.containers import Container
from stores.views.fields import corrections_shown

TABS = (("open", "To do"), ("complete", "Done"), ("all", "All"))
# how far a sample is: (word, tone, what it means)
TESTING_WORDS: dict[str | None, tuple[str, str, str]] = {
    None: ("Not received", "held", "QC has not received this sample yet."),
    TestingState.RECEIVED: ("In test", "held", "With QC; tests or their review are still to do."),
    TestingState.COMPLETE: ("Complete", "accepted", "Every test has a reviewed result."),
    TestingState.UNFIT: ("Unfit", "rejected", "Received unfit for testing; it answers no test."),
}


# why a test is not there: (the word in an address, as it is kept, as it is shown)
UNTESTED = [
    (each.replace(" ", "-"), each.value, shown(word(UntestedWord[each.name]))) for each in Untested
]


class ReceiptForm(Form):
    condition = ChoiceField("How it arrived", list(CONDITIONS.items()))
    storage = TextField(
        "Where it is kept now",
        "Say where the sample is kept, for example refrigerator 2, shelf 1.",
        longest=80,
    )
    remark = ParagraphField("Remark", longest=500)


@dataclass(frozen=True)
class Row:
    """One test of a sample as the page shows it.

    `results` with state, deviation and whether that is judged.
    """

    test: str
    line: Line | None
    results: Sequence[tuple[Result, str, Deviation | None, bool]]
    beginning: Beginning | None
    final_at: datetime | None
    alternative: bool

    @property
    def held(self) -> str | None:
        """The code of the deviation that holds this test."""
        return next(
            (
                deviation.code
                for _, _, deviation, judged in self.results
                if deviation and not judged
            ),
            None,
        )

    @property
    def is_due(self) -> bool:
        """Whether it still wants a final result."""
        return not any(
            state in ACTIVE and result.verdict != INTERIM for result, state, _, _ in self.results
        )

    @property
    def is_open(self) -> bool:
        """Whether something may be recorded of it: the specification has it, it wants a final
        result and nothing holds it."""
        return self.line is not None and self.is_due and not self.held


def sample_or_404(code: str) -> Container:
    found = samples.find(session(), code)
    if found is None:
        abort(404, "There is no sample under this code. Scan it again.")
    about(found.scope)
    return found


FILTERS = (
    filters.code(Container.code),
    filters.code(Container.scope, "Batch, its code begins with", "batch"),
    *filters.days(Container.made_at, "Pulled"),
)
COLUMNS = ("sample", "what was sampled", "batch", "pulled", "state", "tests")


@blueprint.get("/samples", endpoint="samples")
@requires(Permission.SEE_RECORDS)
def sample_list() -> Any:
    which = request.args.get("show", "open") if request.args.get("show") in dict(TABS) else "open"
    asked = listing(samples.listed(which), *FILTERS)
    if asked.wants_file:
        return asked.file(f"samples-{which}", COLUMNS, _lines)
    page = asked.page()
    ids = [sample.id for sample in page.items]
    where = states.of_many(session(), ids, TESTING)
    tests = _tests_of(page.items)
    tabs = [(label, address(show=name), name == which, None) for name, label in TABS]
    shown = render_template(
        "qc/laboratory/samples.html",
        asked=asked,
        page=page,
        tabs_shown=tabs,
        which=which,
        tests=tests,
        words=TESTING_WORDS,
        kind_of=samples.kind_of,
        where=where,
    )
    return shown, asked.status


def _lines(found: Sequence[Container]) -> Iterator[tuple[Any, ...]]:
    where = states.of_many(session(), [sample.id for sample in found], TESTING)
    tests = _tests_of(found)
    for sample in found:
        yield (
            codes.hyphenated(sample.code),
            samples.kind_of(sample) or sample.title,
            codes.hyphenated(sample.scope),
            sample.made_at,
            TESTING_WORDS[where.get(sample.id)][0],
            "; ".join(f"{name}: {state}" for name, state in tests[sample.id]),
        )


def _tests_of(found: Sequence[Container]) -> dict[int, list[tuple[str, str]]]:
    """{sample: its tests, each with how it stands} in a fixed number of queries."""
    ids = [sample.id for sample in found]
    made, said = results.of_samples(session(), ids), results.contents_for(session(), found)
    pulled = containers.tests_of(session(), ids)
    return {
        sample.id: _tests(pulled[sample.id], said.get(sample.scope), made[sample.id])
        for sample in found
    }


def _tests(
    pulled: Sequence[str], contents: Contents | None, made: Sequence[tuple[Result, str]]
) -> list[tuple[str, str]]:
    """(name, "done" | "to review" | "open") of each test the sample asks for."""
    found = {
        result.test: "done" if state == ResultState.REVIEWED else "to review"
        for result, state in made
        if state in ACTIVE and result.verdict != INTERIM
    }
    lines = contents.by_id if contents else {}
    return [
        (
            lines[test].name if test in lines else test,
            found.get(test) or _instead(lines.get(test), found),
        )
        for test in pulled
    ]


def _instead(line: Line | None, found: dict[str, str]) -> str:
    """Where the lines stand that may stand in for this one."""
    others = [found.get(test, "open") for test in line.instead] if line else []
    return (
        "open"
        if not others or "open" in others
        else "to review"
        if "to review" in others
        else "done"
    )


@blueprint.get("/samples/<code>")
@requires(Permission.SEE_RECORDS)
def sample(code: str) -> Any:
    found = sample_or_404(code)
    held = results.specification_of(session(), found)
    receipt = samples.receipt_of(session(), found.id)
    rows = rows_of(session(), found, held[1] if held else None)
    testing = states.on_all_axes(session(), [found.id])
    by_hand = holds.of(session(), found.id)
    answer = answers.of(session(), [found.id], now())[found.id]
    told = fates.of(session(), found.id)
    return render_template(
        "qc/laboratory/sample.html",
        sample=found,
        specification=held[0] if held else None,
        testing=TESTING_WORDS[testing.get((found.id, TESTING))],
        receipt=receipt,
        corrections=_corrected(session(), receipt, rows),
        conditions=CONDITIONS,
        kind=samples.kind_of(found),
        stands=answer.words,
        tone=answer.tone,
        told=told,
        open_to=fates.open_to(found.kind, answer, told),
        holds=by_hand,
        explained=_explained(session(), found),
        to_review=sum(
            state == ResultState.ENTERED and result.username != presence().actor.username
            for row in rows
            for result, state, _, _ in row.results
        ),
        is_due=receipt is not None
        and receipt.condition != Condition.UNFIT
        and any(row.is_open for row in rows),
        untested=UNTESTED,
        signed=signing.shown(signatures.of(session(), found)),
        rows=rows,
        says=verdicts.standing(session(), results.of_sample(session(), found.id)),
        origin=origins.named(session(), [found.entry_id]).get(found.entry_id or 0),
    )


def rows_of(reading: Session, found: Container, contents: Contents | None) -> list[Row]:
    made = results.of_samples(reading, [found.id])[found.id]
    opened = results.oos_of(reading, [result for result, _ in made])
    where = deviations.states_of(reading, list(opened.values()))
    judged = {
        number: where[deviation.id] in (DeviationState.JUDGED, DeviationState.CLOSED)
        for number, deviation in opened.items()
    }
    begun = results.beginnings_of(reading, [found.id])
    direct = containers.tests_of(reading, [found.id])[found.id]
    rows: list[Row] = []
    for test in samples.asked(direct, contents):
        line, beginning = contents.line(test) if contents else None, begun.get((found.id, test))
        mine = [
            (result, state, opened.get(result.id), judged.get(result.id, True))
            for result, state in made
            if result.test == test
        ]
        final = earliest_final(line, beginning.began_at if beginning else None) if line else None
        rows.append(Row(test, line, mine, beginning, final, test not in direct))
    return [row for row in rows if row.results or not row.alternative or _wanted(row, rows)]


def _corrected(
    reading: Session, receipt: SampleReceipt | None, rows: Sequence[Row]
) -> list[dict[str, Any]]:
    """What was put right of its receipt and of the starts of its tests, the newest first."""
    told = corrections.told(reading, receipt, [each.beginning for each in rows if each.beginning])
    made = ((change, compared(differs, reader())) for change, differs in told)
    return corrections_shown(made)


def _explained(reading: Session, found: Container) -> dict[str, SampleExplanation]:
    """{test: why it is not there}."""
    said = pulled_samples.explanations_of(reading, [found.id])
    return {test: each for (_, test), each in said.items()}


def _wanted(row: Row, rows: Sequence[Row]) -> bool:
    """Whether a test that may stand in for another is still worth offering.

    The other has no result.
    """
    return any(other.line and row.test in other.line.instead and other.is_due for other in rows)


@blueprint.route("/samples/<code>/tests/<test>/untested/<why>", methods=["GET", "POST"])
@requires(Permission.REVIEW_RESULTS)
def sample_untested(code: str, test: str, why: str) -> Any:
    found = sample_or_404(code)
    words = {each.replace(" ", "-"): each for each in Untested}
    if why not in words or test not in containers.tests_of(session(), [found.id])[found.id]:
        abort(404, "Open the sample, choose one of its tests and why it is not there.")
    back = url_for("laboratory.sample", code=found.code)
    said: dict[str, Any] = {"code": found.code, "test": test, "why": words[why]}
    return signing_page(
        title=f"Not tested: sample {codes.read(found.code).shown}",
        meaning=Meaning.REVIEWED,
        sentence="This test of the sample is not there. Say why; it stands on the review and on "
        "the certificate.",
        comment="required",
        permission=Permission.REVIEW_RESULTS,
        facts=functools.partial(pulled_samples.explain_facts, **said),
        act=functools.partial(pulled_samples.explain, **said),
        then=lambda _: back,
        cancel=back,
        scope=found.scope,
    )


@blueprint.route("/samples/<code>/receive", methods=["GET", "POST"])
@requires(Permission.RECORD_RESULTS)
def sample_receive(code: str) -> Any:
    found, form = sample_or_404(code), ReceiptForm(request.form)
    if request.method == "POST" and form.validate():
        facts = ReceiptFacts(
            found.code, form.condition.data, form.storage.data or "", form.remark.data or None
        )
        if submit(form, samples.receive, facts, scope=found.scope):
            flash(f"Sample {codes.read(found.code).shown} is with QC.", "accepted")
            return redirect(url_for("laboratory.sample", code=found.code), 303)
    return form_page("qc/laboratory/sample_receive.html", form, sample=found)
