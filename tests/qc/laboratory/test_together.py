"""Samples that came together are received on one page, and what was found of a sample is entered on
one: each row is a record and an event of its own, all of them or none."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from integrity import deviations
from integrity.trail import Event
from qc.laboratory import results, samples
from qc.laboratory.results import Beginning, Result
from qc.laboratory.samples import SampleReceipt
from tests.makers import qc
from tests.makers.people import entry_id, post, sign_in, token
from tests.pages import Page

pytestmark = pytest.mark.state("qc")
TESTS = ("cd73", "cd90", "cd105", "sterility")


@pytest.fixture
def laboratory(application, sqlite, clock):
    """An analyst's browser, and three samples of a batch that nobody received."""
    people = qc.make_laboratory(sqlite, at=clock())
    with sqlite.writing() as session:
        qc.make_specification(session, people, at=clock())
        batch = qc.make_bare_batch(session, people, at=clock())
        made = [
            qc.make_sample(session, people, batch, TESTS, at=clock(), received=False)
            for _ in range(3)
        ]
    client = application.test_client()
    sign_in(client, "qcanalyst1")
    client.people, client.batch, client.samples = people, batch, made
    return client


def count(sqlite, table):
    with sqlite.reading() as session:
        return session.scalar(select(func.count()).select_from(table))


def said(sqlite, action):
    with sqlite.reading() as session:
        return session.scalar(select(func.count()).select_from(Event).where(Event.action == action))


COMMON = {"condition": "intact", "storage": "Refrigerator 1"}


def test_samples_are_received_row_by_row_and_a_row_can_differ(sqlite, laboratory):
    first, second, third = laboratory.samples
    assert "/samples/receive" in laboratory.get("/").get_data(as_text=True)
    rows = {"s1-sample": first.code, "s3-sample": second.code}
    own = {"s3-condition": "damaged", "s3-storage": "Freezer 2", "s3-remark": "The cap is cracked."}
    assert post(laboratory, "/samples/receive", **COMMON, **rows, **own).status_code == 303
    with sqlite.reading() as session:
        kept = samples.receipts_of(session, [each.id for each in laboratory.samples])
        assert (kept[first.id].condition, kept[first.id].storage) == ("intact", "Refrigerator 1")
        assert (kept[second.id].condition, kept[second.id].storage) == ("damaged", "Freezer 2")
        assert third.id not in kept
        assert len(deviations.in_scopes(session, [laboratory.batch.id])) == 1
    assert said(sqlite, "sample.received") == 2


def test_every_fault_of_every_row_is_said_at_once_and_nothing_is_received(sqlite, laboratory):
    first, second, _ = laboratory.samples
    rows = {"s1-sample": first.code, "s2-sample": "nonsense", "s2-storage": "Shelf <3>"}
    answer = post(laboratory, "/samples/receive", **(COMMON | {"condition": ""}), **rows)
    assert answer.status_code == 422
    words, text = Page(answer).words, answer.get_data(as_text=True)
    assert "How they arrived" in words and "Sample 2, Sample" in words
    assert f'value="{first.code}"' in text and "nonsense" in text and "Shelf &lt;3&gt;" in text
    assert count(sqlite, SampleReceipt) == 0
    rows = {"s1-sample": first.code, "s2-sample": second.code, "s3-sample": first.code}
    answer = post(laboratory, "/samples/receive", **COMMON, **rows)
    assert answer.status_code == 409 and "Sample 3: " in Page(answer).words
    assert count(sqlite, SampleReceipt) == 0


def test_what_was_typed_for_all_is_not_put_into_the_rows(laboratory):
    [first, *_] = laboratory.samples
    answer = post(laboratory, "/samples/receive", **COMMON, **{"s1-sample": "nonsense"})
    page = Page(answer)
    assert page.value("s1-storage") == "" and page.value("storage") == "Refrigerator 1"
    assert first.code in answer.get_data(as_text=True)


def test_without_a_scan_nothing_is_received(sqlite, laboratory):
    answer = post(laboratory, "/samples/receive", **COMMON)
    assert answer.status_code == 422
    assert "Scan the label of at least one sample." in Page(answer).words
    assert count(sqlite, SampleReceipt) == 0


def test_the_same_post_again_receives_nothing_twice(sqlite, laboratory):
    rows = {f"s{number}-sample": each.code for number, each in enumerate(laboratory.samples, 1)}
    key, csrf = entry_id(), token(laboratory, "/samples/receive")
    body = {"csrf_token": csrf, "entry_id": key, **COMMON, **rows}
    for _ in range(2):
        assert laboratory.post("/samples/receive", data=body).status_code == 303
    assert count(sqlite, SampleReceipt) == 3
    assert laboratory.get("/samples/receive").status_code == 404


# Results
# -------------------------------------------------------------------------------------------------


@pytest.fixture
def sample(sqlite, laboratory, clock):
    [made, *_] = laboratory.samples
    with sqlite.writing() as session:
        for each in laboratory.samples[:2]:
            qc.receive(session, laboratory.people, each, at=clock())
    clock.advance(minutes=5)
    return made


VALUES = {f"{test}-value": qc.PUBLISHED[test]["value"] for test in TESTS[:3]}
RAW = {"reference": "Run 12, notebook 3 page 40"}


def page_of(sample):
    return f"/samples/{sample.code}/results"


def now(clock):
    return {"tested_at": clock().strftime("%Y-%m-%d %H:%M +00:00")}


def test_results_of_a_sample_are_recorded_on_one_page_and_what_is_empty_is_not(
    sqlite, laboratory, sample, clock
):
    assert page_of(sample) in laboratory.get(f"/samples/{sample.code}").get_data(as_text=True)
    typed = {"cd73-value": "97.9", "cd105-value": "100", "cd105-reference": "Run 13"}
    answer = post(laboratory, page_of(sample), **now(clock), **RAW, **typed)
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith(page_of(laboratory.samples[1]))
    with sqlite.reading() as session:
        made = {each.test: each for each in results.of_sample(session, sample.id)}
    assert {name: (each.value, each.reference) for name, each in made.items()} == {
        "cd73": ("97.9", RAW["reference"]),
        "cd105": ("100", "Run 13"),
    }
    assert made["cd73"].tested_at == clock() and made["cd73"].method_version == "1"
    assert said(sqlite, "result.recorded") == 2


def test_a_long_test_begins_on_the_same_page_where_it_is_ticked(sqlite, laboratory, sample, clock):
    begun = {"sterility-began_at": now(clock)["tested_at"]}
    answer = post(laboratory, page_of(sample), **now(clock), **RAW, **VALUES, **begun)
    assert answer.status_code == 303 and count(sqlite, Beginning) == 0
    answer = post(laboratory, page_of(sample), **{"sterility-begun": "y"}, **begun)
    assert answer.status_code == 303 and count(sqlite, Beginning) == 1
    assert count(sqlite, Result) == 3
    interim = {"sterility-value": "no_growth", "sterility-reading": "interim"}
    answer = post(laboratory, page_of(sample), **now(clock), **RAW, **interim)
    assert answer.status_code == 303 and count(sqlite, Result) == 4


def test_a_result_out_of_specification_opens_its_deviation_and_leads_to_it(
    sqlite, laboratory, sample, clock
):
    typed = VALUES | {"cd90-value": "12"}
    answer = post(laboratory, page_of(sample), **now(clock), **RAW, **typed)
    assert answer.status_code == 303 and "/results/" in answer.headers["Location"]
    assert count(sqlite, Result) == 3
    with sqlite.reading() as session:
        assert len(deviations.in_scopes(session, [laboratory.batch.id])) == 1


@pytest.mark.parametrize("bad", ["NaN", "1 2 3", "x" * 5000, "\u202etxet", "<script>", "=1+1"])
def test_one_value_that_cannot_be_read_leaves_every_result_unrecorded_and_typed(
    sqlite, laboratory, sample, clock, bad
):
    typed = VALUES | {"cd90-value": bad}
    answer = post(laboratory, page_of(sample), **now(clock), **RAW, **typed)
    assert answer.status_code == 422 and "CD90 positive, Result" in Page(answer).words
    assert 'value="97.9"' in answer.get_data(as_text=True)
    assert count(sqlite, Result) == 0


def test_every_fault_is_said_at_once(sqlite, laboratory, sample, clock):
    typed = {"cd73-value": "97.9", "cd90-value": "x", "tested_at": "yesterday"}
    answer = post(laboratory, page_of(sample), **typed)
    assert answer.status_code == 422
    words = Page(answer).words
    assert "CD90 positive, Result" in words and "CD73 positive, Raw data" in words
    assert count(sqlite, Result) == 0


def test_a_time_before_the_sample_came_is_refused_at_the_row(sqlite, laboratory, sample):
    typed = {"tested_at": "2020-01-01 08:00 +00:00"}
    answer = post(laboratory, page_of(sample), **typed, **RAW, **VALUES)
    assert answer.status_code == 409 and "CD73 positive, Tested" in Page(answer).words
    assert count(sqlite, Result) == 0


def test_nothing_is_recorded_where_nothing_is_entered_or_the_sample_is_not_here(
    sqlite, laboratory, sample, clock
):
    answer = post(laboratory, page_of(sample), **now(clock), **RAW)
    assert answer.status_code == 422 and "Enter at least one result" in Page(answer).words
    assert laboratory.get(page_of(laboratory.samples[2])).status_code == 404
    assert count(sqlite, Result) == 0


def test_the_same_post_again_is_the_same_results(sqlite, laboratory, sample, clock):
    body = {"csrf_token": token(laboratory, page_of(sample)), "entry_id": entry_id()}
    body |= now(clock) | RAW | VALUES | {"sterility-begun": "y"}
    body |= {"sterility-began_at": now(clock)["tested_at"]}
    for _ in range(2):
        assert laboratory.post(page_of(sample), data=body).status_code == 303
    assert (count(sqlite, Result), count(sqlite, Beginning)) == (3, 1)
