"""Every act that asks why, asked through the real act on both databases: ten dots say nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from integrity import clock as clocks, site
from integrity.acts import Act
from integrity.findings import Refused
from integrity.signatures import Seal, reviewed
from manufacturing.donation import blood_samples, donors, eligibility
from manufacturing.donation.donations import Cord, Donor, DonorTest
from manufacturing.execution import batches, steps
from manufacturing.execution.steps import CorrectionFacts
from people import accounts, closings, grants, handovers, setting_changes
from people.accounts import AccountState
from people.rules.guesses import Purpose
from people.setting_changes import SettingChange
from people.stations import Station
from qc.deviations import holding
from qc.deviations.holding import HoldFacts
from stores import lots
from stores.holds import Hold, lift_facts
from stores.lots import Lot
from tests.makers import donors as donor_makers, steps as step_makers, stores
from tests.makers.people import entry_id

pytestmark = pytest.mark.state("small")
DOTS, WHY = ". . . . . . . . . .", "The jar stood in the sun"


class Bench:
    """What an act needs: a session, its people and what stands on the small record."""

    def __init__(self, session: Any, small: step_makers.Small):
        self.session, self.small = session, small

    def act(self, role: str = "qa") -> Act:
        by = self.small.people[role]
        return Act(self.session, by, self.small.clock(), entry_id=entry_id())

    def one(self, kind: Any) -> Any:
        return self.session.scalars(select(kind).order_by(kind.id)).first()

    def seal(self, facts: Any, why: str) -> Seal:
        return Seal(reviewed(facts), "user name and password", why)

    def technician(self) -> int:
        return self.small.people["technician"].id


def reject_a_lot(bench, why):
    lot = bench.one(Lot)
    seal = stores.seal_of(bench.session, lot, "rejected", why)
    lots.dispose(bench.act(), lot.id, "rejected", seal=seal)


def hold_a_lot(bench, why):
    holding.hold(bench.act("technician"), HoldFacts(bench.one(Lot).code, why))


def lift_a_hold(bench, why):
    hold_a_lot(bench, WHY)
    put = bench.one(Hold)
    holding.lift(bench.act(), put.id, seal=bench.seal(lift_facts(bench.session, put.id), why))


def reject_a_cord(bench, why):
    donor_makers.decide(
        bench.session,
        bench.one(Cord),
        "rejected",
        by=bench.small.people["qa"],
        at=bench.small.clock(),
        comment=why,
    )


def find_a_donor_ineligible(bench, why):
    donor, at = bench.one(Donor), bench.small.clock()
    facts = eligibility.facts_of(bench.session, donor.id, "ineligible", at)
    eligibility.determine(bench.act(), donor.id, "ineligible", seal=bench.seal(facts, why))


def correct_the_answers(bench, why):
    facts = donors.AnswerFacts(donor_makers.ANSWERS | {"age": "31"}, reason=why)
    donors.correct_answers(bench.act(), bench.one(Donor).id, facts)


def withdraw_the_consent(bench, why):
    day = bench.small.clock().date()
    facts = donors.ConsentFacts("CF-3", day, "clinical", "withdrawn", why)
    donors.change_consent(bench.act(), bench.one(Donor).id, facts)


def correct_a_blood_result(bench, why):
    donor, at = bench.one(Donor), bench.small.clock()
    sampled = at - timedelta(hours=1)
    if bench.one(DonorTest) is None:
        by = bench.small.technician
        donor_makers.make_results(bench.session, donor, sampled_at=sampled, by=by, at=at)
    test = bench.one(DonorTest)
    said = blood_samples.CorrectionFacts("indeterminate", test.sampled_at, "LAB-08", why)
    blood_samples.correct_test(bench.act(), donor.id, test.id, said)


def break_the_batch_off(bench, why):
    batch = bench.small.batch
    facts = batches.termination_facts(bench.session, batch.id)
    batches.terminate(bench.act(), batch.id, seal=bench.seal(facts, why))


def correct_an_entry(bench, why):
    entry = bench.small.now().everything[0]
    facts = CorrectionFacts(entry.id, {"cleaned": "y", "remark": "Twice"}, why)
    steps.correct(bench.act("technician"), facts)


def set_the_site(bench, why):
    site.change(bench.act(), "file_megabytes", "9", reason=why)


def write_a_setting(bench, why):
    setting_changes.draft(bench.act(), "name", "Laboratory two", reason=why)


def withdraw_a_setting(bench, why):
    change = bench.one(SettingChange)
    if change is None:
        write_a_setting(bench, WHY)
        change = bench.one(SettingChange)
    setting_changes.withdraw(bench.act(), change.id, reason=why)


def change_a_person(bench, why):
    wanted = grants.Wanted("Renamed", "technician")
    grants.change(bench.act(), bench.technician(), wanted, reason=why)


def deactivate_a_person(bench, why):
    accounts.set_standing(bench.act(), bench.technician(), AccountState.DEACTIVATED, reason=why)


def open_a_person_again(bench, why):
    closings.close(
        bench.act().inner(),
        bench.one(accounts.Person),
        Purpose.SIGN,
        Station(address="192.0.2.66"),
        is_own=False,
        tablet_of=None,
    )
    accounts.open_again(bench.act(), bench.technician(), Purpose.SIGN, reason=why)


def reset_a_password(bench, why):
    handovers.ask(bench.act(), bench.technician(), first_hash="x", reason=why)


def acknowledge_the_clock(bench, why):
    clocks.suspect(bench.act())
    clocks.acknowledge(bench.act(), reason=why)


def judge_the_clock(bench, why):
    clocks.suspect(bench.act())
    clocks.acknowledge(bench.act(), reason=WHY)
    clocks.judge(bench.act(), reason=why)


ACTS = (
    reject_a_lot,
    hold_a_lot,
    lift_a_hold,
    reject_a_cord,
    find_a_donor_ineligible,
    correct_the_answers,
    withdraw_the_consent,
    correct_a_blood_result,
    break_the_batch_off,
    correct_an_entry,
    set_the_site,
    write_a_setting,
    withdraw_a_setting,
    change_a_person,
    deactivate_a_person,
    open_a_person_again,
    reset_a_password,
    acknowledge_the_clock,
    judge_the_clock,
)


@pytest.mark.req("AUD-03", "SIG-20")
@pytest.mark.parametrize("done", ACTS, ids=lambda each: each.__name__)
def test_an_act_that_asks_why_takes_no_dots_and_takes_words(database, clock, done):
    small = step_makers.find_small(database, clock)
    if done is correct_an_entry:
        small.record("clear")
    with pytest.raises(Refused, match="(?i)say why"), database.writing() as session:
        done(Bench(session, small), DOTS)
    with database.writing() as session:
        done(Bench(session, small), WHY)


@pytest.mark.req("EBR-05", "EBR-10")
def test_beyond_a_limit_a_dot_is_no_comment(database, clock):
    small = step_makers.find_small(database, clock)
    small.walk(until="wash")
    outside = {"volume": "240.0"}
    step_makers.refused(small, "wash", typed=outside, comment=DOTS, says="write a comment")
    small.record("wash", typed=outside, comment=WHY)
