"""Anybody who works here may raise a deviation in their own words, about anything with a code."""

from __future__ import annotations

import html

import pytest

from integrity import deviations
from integrity.acts import Act
from integrity.deviations import Deviation
from integrity.findings import Refused
from qc.deviations import raising
from qc.deviations.raising import RaisedFacts
from stores import containers, equipment, lots
from tests.makers import release as makers
from tests.makers.people import entry_id, sign_in, token
from tests.pages import Page

SAID = "The cabinet's alarm rang while the flasks stood open."


def raise_about(finished, code, *, by="technician", said=SAID, entry=None):
    finished.clock.advance(minutes=1)
    with finished.database.writing() as session:
        act = Act(session, finished.people[by], finished.clock(), entry or entry_id())
        return raising.raise_deviation(act, RaisedFacts(code, said, "Room 2", "major"))


def codes_of(finished):
    """One code of each kind of thing that a deviation may be about, with what it stands under."""
    with finished.database.reading() as session:
        batch = finished.batch
        final = containers.of_scope(session, batch.code, "final")[0]
        sample = containers.of_scope(session, batch.code, "sample")[0]
        jar = containers.of_scope(session, batch.cord_code)[0]
        lot = session.query(lots.Lot).first()
        item = session.query(equipment.Equipment).first()
    return {
        "batch": (batch.code, batch.code),
        "cord": (batch.cord_code, batch.cord_code),
        "jar": (jar.code, batch.cord_code),
        "container": (final.code, batch.code),
        "sample": (sample.code, batch.code),
        "lot": (lot.code, lot.code),
        "equipment": (item.code, item.code),
        "donor": ("h1-0001", "H1-0001"),
    }


@pytest.mark.parametrize(
    "kind", ["batch", "cord", "jar", "container", "sample", "lot", "equipment", "donor"]
)
def test_whatever_has_a_code_may_be_what_it_is_about(finished, kind):
    code, scope = codes_of(finished)[kind]
    made = raise_about(finished, code)
    with finished.database.reading() as session:
        kept = session.get_one(deviations.Deviation, made.id)
        assert (kept.scope, kept.sentence(), kept.classification) == (scope, SAID, "major")
        assert deviations.states_of(session, [kept])[kept.id] == "open"


@pytest.mark.parametrize("kind", ["batch", "cord", "container", "sample", "donor"])
def test_what_is_raised_about_a_batch_or_what_it_came_from_blocks_its_release(finished, kind):
    finished.review()
    raise_about(finished, codes_of(finished)[kind][0])
    with pytest.raises(Refused, match=r"Deviation .* is open|review is out of date|not closed"):
        finished.decide("release_stage_1")
    with pytest.raises(Refused, match="Deviation"):
        finished.review()


@pytest.mark.state("finished")
def test_it_is_judged_like_any_other_and_not_by_who_raised_it(reviewed):
    qa, at = reviewed.people["qa"], reviewed.clock()
    mine = raise_about(reviewed, reviewed.batch.code, by="qa")
    with (
        pytest.raises(Refused, match="Another person of quality"),
        reviewed.database.writing() as session,
    ):
        makers.settle(session, session.get_one(Deviation, mine.id), by=qa, at=at)
    other = raise_about(reviewed, reviewed.batch.code)
    with reviewed.database.writing() as session:
        makers.settle(session, session.get_one(Deviation, other.id), by=qa, at=at)


@pytest.mark.parametrize("said", ["", "..........", "short"])
def test_nothing_said_is_refused(finished, said):
    with pytest.raises(Refused, match="Say what happened"):
        raise_about(finished, finished.batch.code, said=said)


@pytest.mark.parametrize("code", ["B26000999", "nobody", "", "N2600001"])
def test_a_code_that_nothing_stands_under_is_refused(finished, code):
    with pytest.raises(Refused, match="Scan its label again"):
        raise_about(finished, code)


def test_a_double_tap_raises_one(finished):
    twice = entry_id()
    one = raise_about(finished, finished.batch.code, entry=twice)
    assert raise_about(finished, finished.batch.code, entry=twice).id == one.id


def test_the_page_keeps_what_was_typed_and_leads_to_the_deviation(finished, site):
    client = site.test_client()
    sign_in(client, "technician1")
    path = "/deviations/new"
    assert finished.batch.code in Page(client.get(f"{path}?about={finished.batch.code}")).value(
        "about"
    )
    typed = {"about": "X", "said": SAID, "place": "Room 2", "classification": "major"}
    keys = {"csrf_token": token(client, path), "entry_id": entry_id()}
    refused = client.post(path, data=typed | keys)
    assert refused.status_code == 409 and SAID in html.unescape(refused.get_data(as_text=True))
    made = client.post(path, data=typed | keys | {"about": finished.batch.code})
    assert made.status_code == 303
    assert SAID in html.unescape(client.get(made.location).get_data(as_text=True))
