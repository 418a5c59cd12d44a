"""What was used and is bad by now does not leave the record of a batch unseen."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from integrity.acts import Act
from integrity.signatures import Seal, reviewed
from manufacturing.execution import written_out
from manufacturing.execution.rule_ids import ExecutionRule
from qc.deviations import holding
from qc.deviations.holding import HoldFacts
from stores import equipment, lot_corrections, lots
from tests.makers.broken import WHY, papers_of
from tests.makers.people import entry_id
from tests.makers.steps import find_small, whole
from tests.makers.stores import make_equipment, make_lot

pytestmark = pytest.mark.state("small")


@pytest.fixture
def small(database, clock):
    return find_small(database, clock)


def act_of(session, small, who):
    return Act(session, small.people[who], small.clock(), entry_id=entry_id())


def dispose(session, small, becomes):
    lot = lots.by_code(session, small.scans["DPBS"])
    seal = Seal(reviewed(lots.facts_of(session, lot.id, becomes)), "password", WHY)
    lots.dispose(act_of(session, small, "qa"), lot.id, becomes, seal=seal)


def expired_before(session, small):
    lot = lots.by_code(session, small.scans["DPBS"])
    facts = papers_of(lot)
    day = small.batch.started_at.date() - timedelta(days=1)
    said = lots.LotFacts(**{**vars(facts), "expires_on": day})
    lot_corrections.correct(act_of(session, small, "qa"), lot.id, said, "The year was misread.")


def out_of_tolerance(session, small):
    item = equipment.by_code(session, small.scans["incubator"])
    today = small.clock().date()
    facts = equipment.CalibrationFacts(
        today, today + timedelta(days=365), "Certificate 13", "out_of_tolerance"
    )
    equipment.calibrate(act_of(session, small, "qa"), item.id, facts)


def hold(what):
    return lambda session, small: holding.hold(
        act_of(session, small, "technician"), HoldFacts(small.scans[what], WHY)
    )


LOT, ITEM = ExecutionRule.WRITTEN_OUT, ExecutionRule.DOUBTED_WRITTEN_OUT
# what became of it: (what it is, the deed, the rule of the deviation)
BAD = {
    "rejected": ("DPBS", lambda s, w: dispose(s, w, "rejected"), LOT),
    "held by hand": ("DPBS", hold("DPBS"), LOT),
    "expired when it was used": ("DPBS", expired_before, LOT),
    "equipment held by hand": ("incubator", hold("incubator"), LOT),
    "found out of tolerance": ("incubator", out_of_tolerance, ITEM),
}
STEPS = {"DPBS": ("wash", "pbs"), "incubator": ("enzyme", "incubator")}


def used(small, what):
    """The entry that used it, with another one that can be used at its side."""
    step, _ = STEPS[what]
    small.walk(until=step)
    with small.database.writing() as session:
        by, at = small.technician, small.clock()
        if what == "DPBS":
            day = date(2028, 1, 31)
            other = make_lot(
                session, by=by, at=at, qa=small.people["qa"], material="DPBS", expires_on=day
            )
        else:
            other = make_equipment(session, by=by, at=at, name="Incubator 2")
    entry = small.record(step)
    small.clock.advance(minutes=5)
    return entry, other.code


def opened(small):
    return [each.rule for each in small.now().found if each.rule in (LOT, ITEM)]


@pytest.mark.req("MAT-02", "MAT-03", "EBR-08")
@pytest.mark.parametrize("became", BAD)
def test_what_is_bad_now_is_replaced_in_the_record_before_the_eyes_of_quality(small, became):
    what, deed, rule = BAD[became]
    entry, other = used(small, what)
    with small.database.writing() as session:
        deed(session, small)
    _, field = STEPS[what]
    small.clock.advance(minutes=5)
    again = small.correct(entry, {field: small.scans[what]}, comment="A remark beside it.")
    assert opened(small) == []
    small.correct(again, {field: other})
    assert opened(small) == [rule]
    [found] = [each for each in small.now().found if each.rule == rule]
    assert found.classification == "major" and small.scans[what] in str(found.parameters)
    assert whole(small)


@pytest.mark.req("EBR-10")
@pytest.mark.parametrize("became", BAD)
def test_what_is_bad_now_is_not_left_out_unseen_either(small, became):
    what, deed, rule = BAD[became]
    entry, _ = used(small, what)
    with small.database.writing() as session:
        deed(session, small)
    with small.database.reading() as session:
        step = small.now().master.step(entry.step)
        found = written_out.taken_out(act_of(session, small, "technician"), step, entry, {})
    assert [each.rule for each in found] == [rule]


@pytest.mark.parametrize("what", STEPS)
def test_what_is_good_or_only_older_by_now_is_replaced_with_the_reason_alone(small, what):
    entry, other = used(small, what)
    again = small.correct(entry, {STEPS[what][1]: other})
    small.clock.advance(days=700)
    with small.database.reading() as session:
        step, act = small.now().master.step(again.step), act_of(session, small, "technician")
        assert written_out.taken_out(act, step, again, {}) == []
    assert opened(small) == []
