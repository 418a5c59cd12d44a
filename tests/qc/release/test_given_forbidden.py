"""What was given out at a time when it was not to be is a fact: it is taken as it is told and QA
judges it; a label that promises more than the record is judged by how much it does."""

from __future__ import annotations

from datetime import timedelta

import pytest

from integrity import deviations
from integrity.findings import Refused
from qc.release import rules
from qc.release.rule_ids import ReleaseRule as Rule
from tests.makers.fates import WHY
from tests.qc.release.test_told_fates import (
    DONE,
    MINUTE,
    both,
    confirm,
    disposition,
    is_verified,
    opened,
    record,
    words,
)


def release_after(made):
    made.review()
    made.decide("release_stage_1")


def lift_after(made):
    made.decide("hold", by="qa", why=WHY)
    made.clock.advance(minutes=3)
    made.decide("resume", by="qa", why=WHY)


def nothing(_made):
    """It stays as it is: in quarantine."""


@both
@pytest.mark.req("TRC-03", "REL-03", "EBR-09")
@pytest.mark.parametrize(
    ("before", "ago", "then", "stands"),
    [
        (nothing, 2, "state-quarantine", "quarantine"),
        (release_after, 4, "state-quarantine", "on_hold"),
        (
            lambda made: (release_after(made), made.decide("hold", by="qa")),
            1,
            "state-on-hold",
            "on_hold",
        ),
        (lambda made: (release_after(made), lift_after(made)), 3, "state-on-hold", "on_hold"),
        (
            lambda made: (release_after(made), made.decide("withdraw")),
            1,
            "state-recalled",
            "recalled",
        ),
    ],
    ids=["in-quarantine", "before-its-release", "held", "held-then-and-free-now", "recalled"],
)
def test_an_issue_at_a_time_when_it_was_not_to_be_is_a_fact_and_critical(
    finished, before, ago, then, stands
):
    before(finished)
    finished.clock.advance(minutes=2)
    done_at = finished.clock() - ago * MINUTE
    told = record(finished, "issued", done_at=done_at, reason=WHY)
    assert opened(finished) == {} and "issued" not in words(finished)
    confirm(finished, told)
    assert "issued" in words(finished)
    assert opened(finished) == {"rel-03-given-forbidden": ("critical", WHY)}
    assert disposition(finished) == stands
    with finished.database.reading() as session:
        [made] = deviations.in_scopes(session, [finished.batch.id])
        assert made.parameters["then"] == {"word": then}
        assert deviations.states_of(session, [made]) == {made.id: "open"}
    with pytest.raises(Refused):
        finished.decide("release_stage_1")
    is_verified(finished)


@pytest.mark.req("LAB-01", "REL-03")
@pytest.mark.parametrize(
    ("printed", "until", "classification"),
    [
        (MINUTE, timedelta(0), "critical"),  # who trusts the label gives what has expired
        (timedelta(0), MINUTE, "major"),
        (None, MINUTE, "critical"),
        (MINUTE, None, "major"),
    ],
)
def test_a_label_that_promises_more_than_the_record_is_critical(printed, until, classification):
    said = [None if each is None else DONE + each for each in (printed, until)]
    found = rules.mislabelled("P260000122", *said)
    assert (found.rule, found.classification) == (Rule.GIVEN_MISLABELLED, classification)
    assert set(found.parameters) == {"what", "printed", "until"}
