"""The trail to read and to take along.

Filters, CSV that no spreadsheet executes, JSON lines that verify by themselves.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json

import pytest
from sqlalchemy import select

from integrity import facts, trail
from integrity.acts import Act
from integrity.facts import ENGLISH
from integrity.quantities import Quantity
from integrity.trail import Event
from people.views.trail import details_told
from tests.makers.people import make_people, sign_in
from tests.pages import Page
from tests.templates import MORNING

pytestmark = pytest.mark.state("reader")

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"]


@pytest.fixture
def reader(application, sqlite, clock):
    make_people(sqlite, "reader", at=clock())
    with sqlite.writing() as session:
        for number, formula in enumerate(FORMULAS):
            Act(session, trail.SYSTEM, MORNING).say(
                "site.changed",
                ("site", str(number)),
                scope="B26000154",
                reason=formula,
                details={"typed": formula},
            )
    client = application.test_client()
    sign_in(client, "reader1")
    return client


def rows(client, query: str = "") -> list[dict[str, str]]:
    answer = client.get(f"/trail.csv{query}")
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.get_data(as_text=True), newline="")))


@pytest.mark.req("AUD-08")
def test_the_exports_hold_every_event_with_its_hash(reader, sqlite):
    with sqlite.reading() as session:
        hashes = session.scalars(select(Event.hash).order_by(Event.seq)).all()
    assert [row["hash"] for row in rows(reader)] == hashes
    lines = [
        json.loads(line) for line in reader.get("/trail.jsonl").get_data(as_text=True).splitlines()
    ]
    assert [line["hash"] for line in lines] == hashes


@pytest.mark.req("AUD-08")
def test_json_lines_verify_with_the_standard_library_alone(reader):
    previous = "0" * 64
    for line in reader.get("/trail.jsonl").get_data(as_text=True).splitlines():
        said = json.loads(line)
        content = json.dumps(
            said["content"], sort_keys=True, separators=(",", ":"), ensure_ascii=False
        )
        digest = hashlib.sha256(content.encode()).hexdigest()
        assert said["previous"] == previous
        previous = hashlib.sha256(f"{previous}\n{digest}".encode()).hexdigest()
        assert said["hash"] == previous


def test_no_cell_is_a_formula(reader):
    for row in rows(reader):
        for cell in row.values():
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert [row["reason"] for row in rows(reader, "?action=site")] == [
        "'" + formula for formula in FORMULAS
    ]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("?scope=B26000154", 7),
        ("?scope=B260001-54", 7),
        ("?scope=b260001-54", 7),
        ("?scope=B26000251", 0),
        ("?action=person", 2),
        ("?action=%25", 0),
        ("?username=system", 8),
        ("?from=2026-11-02&to=2026-11-02", 9),
        ("?from=2026-11-03", 0),
        ("?to=2026-11-01", 0),
    ],
)
def test_filters_give_what_they_name(query, count, reader):
    assert len(rows(reader, query)) == count


def test_the_file_is_named_after_its_scope_and_nothing_else(reader):
    given = reader.get("/trail.csv?scope=B1%22%0d%0aX:%20../x").headers["Content-Disposition"]
    assert given == "attachment; filename=trail-B1Xx.csv"


def test_the_links_to_other_pages_keep_what_is_asked_for(reader, sqlite):
    with sqlite.writing() as session:
        for number in range(60):
            Act(session, trail.SYSTEM, MORNING).say(
                "site.rebuilt", ("site", str(number)), scope="B1"
            )
    first = reader.get("/trail?scope=B1&action=site").get_data(as_text=True)
    assert "50 events on this page" in first
    later = Page(first).link("next")
    assert "scope=B1" in later and "action=site" in later
    second = reader.get(later).get_data(as_text=True)
    assert "10 events on this page" in second
    earlier = Page(second).link("prev")
    assert reader.get(earlier).get_data(as_text=True).count("<b>site.rebuilt</b>") == 50
    assert "before=&" not in earlier and "after=" not in earlier


VOLUME = facts.text({"en": "Volume", "vi": "Thể tích"})
ML = facts.quantity(Quantity("150", "mL"))


@pytest.mark.req("AUD-07")
@pytest.mark.parametrize(
    ("details", "shown"),
    [
        ({"recorded": [[VOLUME, ML]]}, [("Volume", "150 mL")]),
        ({"changed": [[VOLUME, "140 mL", ML]]}, [("changed", "Volume 140 mL, 150 mL")]),
        ({"changed": {"due_at": ["a", None]}}, [("changed", "due at a, ")]),
        ({"worked_out_anew": [VOLUME, "Dose"]}, [("worked out anew", "Volume, Dose")]),
        ({"expires": {"B26001706": "never"}}, [("expires", "B26001706 never")]),
        ({"place": VOLUME, "events": 0}, [("place", "Volume"), ("events", "0")]),
    ],
)
def test_the_facts_of_an_event_are_worded_for_whoever_reads_it(details, shown):
    assert details_told(details, ENGLISH) == shown
