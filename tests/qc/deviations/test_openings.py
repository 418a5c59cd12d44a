"""A slip of the pen beyond a limit that only allows a rejection, put right, may be let go on."""

from __future__ import annotations

import functools
from typing import Any

import pytest

from demonstration.culture import ENTRIES, asked_for
from integrity import deviations
from integrity.acts import Act
from integrity.deviations import Decision
from integrity.findings import Refused
from integrity.signatures import Seal
from manufacturing.execution import batch_state, corrections
from manufacturing.execution.corrections import CorrectionFacts
from qc.deviations import investigation
from tests.makers import release as makers
from tests.makers.people import entry_id, sign_in
from tests.makers.qc import seal as digest_of
from tests.pages import Page
from tests.qc.conftest import find_finished

pytestmark = pytest.mark.state("finished")


def correct(session: Any, world: Any, step: str, **changed: str) -> None:
    """The technician corrects values of one entry."""
    state = batch_state.read(session, world.batch.id)
    entry = next(each for each in state.current if each.step == step)
    scanned = {name: each["code"] for name, each in entry.values.items() if "code" in each}
    typed = asked_for(state.master.step(step), dict(ENTRIES[step]) | scanned | changed)
    act = Act(session, world.people["technician"], world.clock(), entry_id())
    corrections.correct(act, CorrectionFacts(entry.id, typed, "Read wrongly from the balance."))


WRONG, RIGHT = {"fill": "12.40", "residue": "2.05"}, {"fill": "14.40", "residue": "0.05"}


def rejecting(session: Any, world: Any) -> list[Any]:
    found = deviations.in_scopes(session, [world.batch.id])
    return [each for each in found if each.consequence == "reject"]


def assess(session: Any, world: Any, found: Any) -> None:
    for each in found:
        makers.assess(session, each, by=world.people["qa"], at=world.clock())


def test_a_typo_beyond_a_rejecting_limit_is_judged_continue_once_it_was_put_right(database, clock):
    world = find_finished(database, clock)
    words = {"by": world.people["qa"], "at": clock()}
    with database.writing() as session:
        correct(session, world, "label_container", **WRONG)
        found = rejecting(session, world)
        assert found
        assess(session, world, found)
        for each in found:
            with pytest.raises(Refused, match="no other decision"):
                makers.judge(session, each, **words)
        correct(session, world, "label_container", **RIGHT)
        for each in found:
            makers.judge(session, each, **words)
            assert investigation.story_of(session, each).judgement.decision == Decision.CONTINUE
        count = len(rejecting(session, world))
        correct(session, world, "label_container", **WRONG)
        assert len(rejecting(session, world)) > count, "the same again is a deviation again"


def test_its_page_offers_the_decision_and_what_is_signed_says_that_it_no_longer_stands(
    finished, site
):
    client = site.test_client()
    sign_in(client, "qa1")
    with finished.database.writing() as session:
        correct(session, finished, "label_container", **WRONG)
        [first, *_] = rejecting(session, finished)
        assess(session, finished, [first])
    address = f"/deviations/{first.code}"
    assert "This can only be rejected" in Page(client.get(address)).words
    with finished.database.writing() as session:
        correct(session, finished, "label_container", **RIGHT)
    words = Page(client.get(address)).words
    assert "work may go on" in words and "no longer stands" in words
    with finished.database.writing() as session:
        pairs = investigation.judge_facts(session, first.id, Decision.CONTINUE)
        act = Act(session, finished.people["qa"], finished.clock(), entry_id())
        judge = functools.partial(investigation.judge, act, first.id, Decision.CONTINUE)
        with pytest.raises(Refused, match="why"):
            judge(seal=Seal(digest_of(pairs).reviewed, "password", None))
