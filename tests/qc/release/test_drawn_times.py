"""How long things took and how warm they were stands on the review and in every form of the record
as it was recorded, each beside its limit."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from pypdf import PdfReader

from integrity import times
from manufacturing.execution import batch_state, hold_times
from manufacturing.execution.hold_times import HoldTime
from manufacturing.execution.temperatures import Temperature
from qc.release import drawn_times, full_record, full_record_pdf, release_inputs
from tests.makers.people import sign_in
from tests.pages import Page
from tests.templates import MORNING

pytestmark = pytest.mark.state("finished")
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


@pytest.mark.parametrize(
    ("took", "claimed", "late", "early"),
    [
        (4 * HOUR, None, False, False),
        (4 * HOUR + SECOND, None, True, False),
        (4 * HOUR, 4 * HOUR + SECOND, True, False),
        (HOUR, None, False, False),
        (HOUR - SECOND, None, False, True),
        (2 * HOUR, HOUR - SECOND, False, True),
    ],
)
def test_a_time_is_late_beyond_its_limit_by_the_clock_or_by_the_claim(took, claimed, late, early):
    made = HoldTime("", "", MORNING, MORNING + took, claimed, HOUR, 4 * HOUR)
    assert (made.is_late, made.is_early) == (late, early)


@pytest.mark.parametrize(
    ("read", "outside"),
    [
        (("37.0", "36.5", "37.5"), False),
        (("37.0", "36.4", "37.5"), True),
        (("37.0", "36.5", "37.6"), True),
        (("36.5", None, None), False),
        (("36.4", None, None), True),
    ],
)
def test_a_reading_is_outside_where_any_of_it_is(read, outside):
    limits = {"low": Decimal("36.5"), "high": Decimal("37.5")}
    assert Temperature("", "", MORNING, *read, **limits).is_outside == outside


def of(made):
    """(how long things took, how warm they were) as the record says it."""
    with made.database.reading() as session:
        found = release_inputs.gather(session, made.batch, made.clock())
        return full_record.record_of(session, found), found


def test_the_record_has_window_timer_intervals_and_hold_as_they_were_recorded(finished):
    record, found = of(finished)
    said = {each["title"]: each for each in record["times"]}
    window, digestion = said["24-hour window"], said["Digestion"]
    assert window["took"] == times.span(found.started.recorded_at - found.cord.born_at)
    assert (window["limit"], window["stands"]) == ("at most 24 h 00", "in time")
    with finished.database.reading() as session:
        state = batch_state.read(session, finished.batch.id)
        made = hold_times.of_batch(state, found.cord.born_at)
    start, stop = (
        next(each for each in state.current if getattr(state.master.step(each.step), key))
        for key in ("starts", "stops")
    )
    assert digestion["took"] == times.span(stop.recorded_at - start.recorded_at)
    assert digestion["limit"] == "at least 1 h 00, at most 4 h 00"
    assert sum("interval" in each["title"] for each in record["times"]) == sum(
        bool(state.master.step(each.step).due) and not each.not_applicable for each in state.current
    )
    assert any("keeps" in title for title in said)
    assert [each.ended for each in made] == sorted(each.ended for each in made)


def test_the_record_has_every_temperature_with_what_it_is_judged_by(finished):
    record, found = of(finished)
    groups = {each["accepted"]: each["readings"] for each in record["temperatures"]}
    cold, warm = groups["2 – 8 °C"], groups["36.5 – 37.5 °C"]
    lowest, highest = (found.cord.receipt[f"logger_{each}"] for each in ("lowest", "highest"))
    assert [each["now"] for each in cold[:2]] == [lowest, highest]
    recorded = [
        each.values["reading"]["temperature"]
        for each in found.here.current
        if "temperature" in (each.values.get("reading") or {})
    ]
    assert sorted((each["now"], each["lowest"], each["highest"]) for each in warm) == sorted(
        (each["now"], each["lowest"], each["highest"]) for each in recorded
    )


def test_a_bar_says_its_share_of_the_limit_and_a_late_one_stands_out_in_words():
    said = {"number": "1", "title": "Digestion", "took": "5 h 00", "limit": "at most 4 h 00"}
    late = {**said, "share": "1.250", "stands": "late"}
    good = {**said, "share": "0.500", "stands": "in time"}
    drawn = drawn_times.bars([late, good, {**good, "share": ""}])
    over, under = drawn.bars
    assert over.long / drawn.limit == Decimal("1.25") and under.long / drawn.limit == Decimal("0.5")
    assert (
        over.stands_out
        and not under.stands_out
        and over.told.endswith("late")
        and "late" not in under.told
    )


def test_review_print_and_csv_show_both_with_a_table_beneath(finished, site):
    record, _ = of(finished)
    qa, code = site.test_client(), finished.batch.code
    sign_in(qa, "qa1")
    page = Page(qa.get(f"/batches/{code}/review"))
    lines = qa.get(f"/batches/{code}/record.csv").get_data(as_text=True)
    pages = PdfReader(BytesIO(full_record_pdf.draw(record))).pages
    paper = " ".join(" ".join(each.extract_text() for each in pages).split())
    assert "Times and their limits" in page.words and "Temperatures" in page.words
    for each in record["times"]:
        assert each["took"] in page.words and each["took"] in paper and each["took"] in lines
    for group in record["temperatures"]:
        for each in group["readings"]:
            assert each["now"] in page.words and each["now"] in paper and each["now"] in lines
