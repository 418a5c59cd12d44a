"""QA holds a batch by hand, at any time, and lifts the hold again; what stood before comes back."""

from __future__ import annotations

import pytest

from integrity import states, verification
from integrity.acts import Act
from integrity.findings import Refused
from qc.deviations import raising
from qc.deviations.raising import RaisedFacts
from qc.release import certificates, decisions
from stores import containers, holds
from stores.rules import DISPOSITION
from tests.makers import broken, release as makers
from tests.makers.people import entry_id, sign_in
from tests.pages import Page

WHY = "A supplier called about one of the bags."
# what was done before the hold: where the batch and its certificate stand then
BEFORE = {
    "nothing": ("quarantine", None),
    "review": ("under_review", None),
    "release_stage_1": ("released_stage_1", "current"),
}


def bring(made, until):
    if until != "nothing":
        made.review()
    if until == "release_stage_1":
        made.decide("release_stage_1")


def stands(made):
    """(the batch, its final container, its newest certificate)."""
    with made.database.reading() as session:
        [final] = containers.of_scope(session, made.batch.code, "final")
        issued = certificates.of_batch(session, made.batch.id)
        return (
            states.of(session, made.batch, DISPOSITION),
            states.of(session, final, DISPOSITION),
            certificates.states_of(session, issued)[issued[-1].id] if issued else None,
        )


@pytest.mark.req("REL-02")
@pytest.mark.parametrize("until", BEFORE)
def test_a_batch_is_held_by_hand_and_returns_to_what_it_was(finished, until):
    bring(finished, until)
    before, certificate = BEFORE[until]
    assert stands(finished)[::2] == (before, certificate)
    finished.decide("hold", by="qa", why=WHY)
    assert stands(finished) == ("on_hold", "on_hold", certificate and "under_review")
    with pytest.raises(Refused, match="on hold"):
        finished.decide("hold", by="qa", why=WHY)
    finished.decide("resume", by="qa")
    assert stands(finished)[::2] == (before, certificate)
    with finished.database.reading() as session:
        assert verification.verify(session).faults == []


def test_a_tap_that_is_sent_again_later_changes_nothing_of_what_was_decided_since(finished):
    bring(finished, "release_stage_1")
    qa = finished.people["qa"]

    def tap(deed, facts, entry):
        finished.clock.advance(minutes=1)
        with finished.database.writing() as session:
            shown = kept.setdefault(entry, makers.seal(facts(session, finished.batch.id), WHY))
            act = Act(session, qa, finished.clock(), entry)
            deed(act, finished.batch.id, seal=shown)

    kept, held, lifted = {}, entry_id(), entry_id()
    tap(decisions.hold, decisions.hold_facts, held)
    tap(decisions.resume, decisions.resume_facts, lifted)
    tap(decisions.hold, decisions.hold_facts, held)
    assert stands(finished) == ("released_stage_1", "released_stage_1", "current")
    tap(decisions.hold, decisions.hold_facts, entry_id())
    tap(decisions.resume, decisions.resume_facts, lifted)
    assert stands(finished) == ("on_hold", "on_hold", "under_review")


@pytest.mark.parametrize("ended", ["reject", "withdraw"])
def test_what_is_decided_against_is_not_held(finished, ended):
    bring(finished, "release_stage_1")
    finished.decide(ended)
    with pytest.raises(Refused, match="cannot be put on hold"):
        finished.decide("hold", by="qa", why=WHY)


@pytest.mark.parametrize("why", [None, "", "........", "short"])
def test_a_hold_says_why(finished, why):
    with pytest.raises(Refused):
        finished.decide("hold", by="qa", why=why)


def test_a_held_batch_is_neither_reviewed_nor_released(finished):
    finished.review()
    finished.decide("hold", by="qa", why=WHY)
    for act in (finished.review, lambda: finished.decide("release_stage_1")):
        with pytest.raises(Refused):
            act()


def test_a_critical_deviation_raised_by_hand_holds_what_is_released(finished):
    bring(finished, "release_stage_1")
    with finished.database.writing() as session:
        act = Act(session, finished.people["technician"], finished.clock(), entry_id())
        facts = RaisedFacts(finished.batch.code, WHY, "Telephone", "critical")
        raising.raise_deviation(act, facts)
    assert stands(finished) == ("on_hold", "on_hold", "under_review")


@pytest.mark.parametrize(
    ("username", "may_hold", "may_lift"),
    [
        ("qa1", True, True),
        ("releaser1", True, False),
        ("technician1", True, False),
        ("reader1", False, False),
    ],
)
def test_whoever_works_here_puts_a_batch_on_hold_and_quality_alone_lifts_it(
    finished, site, username, may_hold, may_lift
):
    path = f"/batches/{finished.batch.code}"
    client = site.test_client()
    sign_in(client, username)
    assert (f"{path}/hold" in Page(client.get(f"{path}/review")).links) == may_hold
    assert client.get(f"{path}/hold").status_code == (200 if may_hold else 403)
    finished.decide("hold", by="technician", why=WHY)
    assert (f"{path}/resume" in Page(client.get(f"{path}/review")).links) == may_lift
    assert client.get(f"{path}/resume").status_code == (200 if may_lift else 403)


@pytest.mark.parametrize("deed", ["review", "release_stage_1"])
def test_what_came_from_a_held_jar_is_neither_reviewed_nor_released(finished, deed):
    """The jar itself: what holds the cord is found under the cord's own key."""
    if deed == "release_stage_1":
        finished.review()
        finished.clock.advance(minutes=1)
    with finished.database.writing() as session:
        [jar] = containers.of_scope(session, finished.batch.cord_code, "jar")
        act = Act(session, finished.people["technician"], finished.clock(), entry_id())
        holds.put(act, jar, jar.within, WHY, said=WHY)
    act = finished.review if deed == "review" else lambda: finished.decide(deed)
    with pytest.raises(Refused, match="on hold"):
        act()
    with finished.database.writing() as session:
        broken.lift_every_hold(session, finished)
    finished.review()
    assert finished.decide("release_stage_1")
