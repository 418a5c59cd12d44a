"""May it be used? A step that scans or takes it × each reason that forbids: it records nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from integrity.acts import Act
from manufacturing.donation.donations import Cord, Donor
from qc.deviations import holding
from qc.deviations.holding import HoldFacts
from stores import containers, holds, lots
from tests.makers import fates
from tests.makers.people import entry_id
from tests.makers.steps import find_small, refused
from tests.makers.stores import make_lot, seal_of

pytestmark = pytest.mark.state("small")
WHY = "Its medium has turned cloudy overnight."


@pytest.fixture
def small(database, clock):
    return find_small(database, clock)


def received(small, *, released=True, **facts):
    """The code of a lot that somebody scans."""
    with small.database.writing() as session:
        qa = small.people["qa"] if released else None
        return make_lot(session, by=small.technician, at=small.clock(), qa=qa, **facts).code


def rejected(small):
    code = received(small)
    with small.database.writing() as session:
        lot = lots.by_code(session, code)
        act = Act(session, small.people["qa"], small.clock(), entry_id())
        lots.dispose(act, lot.id, "rejected", seal=seal_of(session, lot, "rejected", WHY))
    return code


def on_hold(small):
    code = received(small)
    hold(small, code)
    return code


def hold(small, code):
    with small.database.writing() as session:
        act = Act(session, small.technician, small.clock(), entry_id())
        holding.hold(act, HoldFacts(code, WHY))


def expired(small):
    code = received(small, expires_on=small.clock().date())
    small.clock.at += timedelta(days=2)
    return code


def a_container(small):
    with small.database.reading() as session:
        [jar] = containers.of_scope(session, small.batch.cord_code, "jar")
    return jar.code


# reason: (what is scanned, what the step says)
SCANNED = {
    "unknown": (lambda _: "M260999966", "is no material lot of this site"),
    "damaged": (lambda _: "M260999967", "damaged or mistyped"),
    "foreign": (lambda _: "0104012345678901", "code of another system"),
    "another kind": (a_container, "is the code of a jar"),
    "another material": (
        lambda small: received(small, material="Saline 0.9 %", name="Saline"),
        "DPBS is needed here",
    ),
    "quarantine": (lambda small: received(small, released=False), "is in quarantine"),
    "rejected": (rejected, "is rejected"),
    "on hold": (on_hold, "is on hold"),
    "expired": (expired, "expired on"),
}


@pytest.mark.req("MAT-02", "LAB-08")
@pytest.mark.parametrize("reason", SCANNED)
def test_a_step_takes_no_lot_that_may_not_be_used(small, reason):
    small.walk(until="wash")
    scan, says = SCANNED[reason]
    refused(small, "wash", typed={"pbs": scan(small)}, says=says)


def every_flask(fate):
    def deed(small):
        for flask in small.containers("flask"):
            with small.database.writing() as session:
                fates.become(session, small, flask.code, fate)

    return deed


def source_on_hold(kind):
    def deed(small):
        with small.database.writing() as session:
            cord = session.get_one(Cord, small.batch.cord_id)
            held = cord if kind is Cord else session.get_one(Donor, cord.donor_id)
            act = Act(session, small.technician, small.clock(), entry_id())
            holds.put(act, held, held.itself, WHY, said=WHY)

    return deed


# reason: (the step that takes, what is done before, what it says)
TAKEN = {
    "destroyed": ("sampled", every_flask("destroyed"), "Nothing is taken from it any more"),
    "on hold": (
        "sampled",
        lambda small: hold(small, small.containers("flask")[0].code),
        "is on hold. Nothing is taken from it",
    ),
    "cord on hold": ("seed", source_on_hold(Cord), "cord or its donor is on hold"),
    "donor on hold": ("seed", source_on_hold(Donor), "cord or its donor is on hold"),
    "jar destroyed": (
        "seed",
        lambda small: destroy(small, a_container(small)),
        "Nothing is taken from it any more",
    ),
}


def destroy(small, code):
    with small.database.writing() as session:
        fates.become(session, small, code, "destroyed")


@pytest.mark.req("REL-02", "REL-11")
@pytest.mark.parametrize("reason", TAKEN)
def test_a_step_takes_nothing_from_a_container_that_may_not_be_used(small, reason):
    step, deed, says = TAKEN[reason]
    small.walk(until=step)
    deed(small)
    before = len(small.containers())
    refused(small, step, says=says)
    assert len(small.containers()) == before
