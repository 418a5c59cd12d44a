"""What a person said of a step beside its values is put right on both databases: the time it was
done, its comment, whether it was done, how many vessels it made. The old stays legible.
"""

from datetime import timedelta

import pytest
from sqlalchemy import select

from integrity import facts
from integrity.findings import Refused, Stale
from integrity.trail import Event
from manufacturing.donation import cords
from manufacturing.execution.rule_ids import ExecutionRule
from people import accounts
from stores import containers
from stores.containers import Container, ContainerParent
from stores.rules import Disposition
from tests.makers import fates
from tests.makers.people import make_person
from tests.makers.steps import COUNT, WHY, find_small, rows, whole
from tests.makers.stores import make_lot

pytestmark = pytest.mark.state("small")

SECOND, MINUTE, HOUR, DAY = (
    timedelta(seconds=1),
    timedelta(minutes=1),
    timedelta(hours=1),
    timedelta(days=1),
)


@pytest.fixture
def small(database, clock):
    return find_small(database, clock)


def found(small):
    """The rules of every deviation, oldest first, each with the place it was opened at."""
    return [(each.rule, facts.shown(each.place).rsplit(" · ", 1)[-1]) for each in small.now().found]


# The time it was done
# -------------------------------------------------------------------------------------------------


@pytest.mark.req("EBR-08", "EBR-09", "TIM-06")
def test_a_wrong_claimed_time_is_put_right_with_a_reason_and_both_times_stay(small):
    small.walk(until="change")
    entry = small.record("change")
    right = entry.performed_at - 10 * MINUTE
    corrected = small.correct(entry, {}, performed_at=right)
    assert (corrected.performed_at, corrected.recorded_at) == (right, small.clock())
    assert (corrected.corrects_id, corrected.reason, corrected.late) == (entry.id, WHY, False)
    assert entry.performed_at in [each.performed_at for each in small.now().everything]
    assert found(small) == []
    with small.database.reading() as session:
        event = session.scalars(select(Event).where(Event.action == "step.corrected")).one()
    [(label, was, becomes)] = facts.compared(event.said["details"]["changed"])
    assert label == "Done" and was != becomes
    assert whole(small)


@pytest.mark.req("EBR-09")
@pytest.mark.parametrize(("ago", "late"), [(15 * MINUTE, False), (15 * MINUTE + SECOND, True)])
def test_a_time_put_right_is_late_by_when_the_step_was_first_recorded(small, ago, late):
    small.walk(until="wash")
    small.clock.advance(hours=3)
    entry = small.record("wash", wait=timedelta(0))
    small.clock.advance(hours=5)
    corrected = small.correct(
        entry, {"pbs": small.scans["DPBS"]}, performed_at=entry.recorded_at - ago
    )
    assert (corrected.late, corrected.needs_second) == (late, late)
    assert found(small) == [(ExecutionRule.RECORDED_LATE, "Wash 1")] * late


@pytest.mark.parametrize(
    ("to", "says"),
    [
        (lambda small, entry: small.batch.started_at - SECOND, "before the batch was started"),
        (lambda small, entry: entry.recorded_at + SECOND, "in the future"),
    ],
)
def test_nothing_was_done_before_its_batch_or_after_it_was_recorded(small, to, says):
    small.walk(until="receipt")
    entry = small.record("receipt")
    small.clock.advance(hours=1)
    before = rows(small.database)
    with pytest.raises(Refused, match=says):
        small.correct(entry, {}, performed_at=to(small, entry))
    assert rows(small.database) == before


@pytest.mark.req("EBR-07")
def test_what_follows_a_time_is_judged_anew_by_its_interval_and_by_its_order(small):
    small.walk(until="change")
    first = small.record("change", wait=3 * DAY)
    second = small.record("change", 2, wait=3 * DAY)
    assert found(small) == []
    short = small.correct(first, {}, performed_at=first.performed_at - DAY - SECOND)
    late = (ExecutionRule.RECORDED_LATE, "Change 1")
    assert found(small) == [
        late,
        (ExecutionRule.INTERVAL_SHORT, "Change 1"),
        (ExecutionRule.INTERVAL_LONG, "Change 2"),
    ]
    small.correct(short, {}, performed_at=first.performed_at - DAY)
    assert found(small)[3:] == [late]
    opened = [each for each in small.now().found if each.rule == ExecutionRule.INTERVAL_LONG]
    assert [each.subject_id for each in opened] == [second.id]
    assert opened[0].comment == WHY


def test_a_claim_that_moves_before_what_the_record_puts_before_it_is_out_of_order(small):
    small.walk(until="wash")
    entry = small.record("wash")
    receipt = small.now().at(small.position("receipt"))
    moved = small.correct(
        entry,
        {"pbs": small.scans["DPBS"]},
        performed_at=receipt.performed_at - MINUTE,
    )
    assert (ExecutionRule.OUT_OF_ORDER, "Wash 1") in found(small)
    again = len(small.now().found)
    small.correct(moved, {"pbs": small.scans["DPBS"], "volume": "201.0"})
    assert len(small.now().found) == again, "what was said once is not said again"


def test_the_processing_of_the_cord_starts_when_the_first_wash_says_now(small):
    small.walk(until="wash")
    entry = small.record("wash")
    right = entry.performed_at - 5 * MINUTE
    small.correct(entry, {"pbs": small.scans["DPBS"]}, performed_at=right)
    with small.database.reading() as session:
        cord = cords.by_code(session, small.batch.cord_code)
        start = cords.start_of(session, cord)
        assert (start.at, start.recorded_at) == (right, entry.recorded_at)
    assert whole(small)


@pytest.mark.req("MAT-02")
def test_a_lot_that_was_no_lot_yet_at_the_time_put_right_is_a_deviation(small):
    small.walk(until="wash")
    small.clock.advance(hours=1)
    with small.database.writing() as session:
        young = make_lot(session, by=small.technician, at=small.clock(), qa=small.people["qa"]).code
    small.clock.advance(minutes=10)
    entry = small.record("wash", typed={"pbs": young}, wait=timedelta(0))
    small.correct(entry, {"pbs": young}, performed_at=entry.performed_at - 5 * MINUTE)
    assert found(small) == []
    entry = small.now().at(small.position("wash"))
    small.correct(entry, {"pbs": young}, performed_at=entry.performed_at - 9 * MINUTE)
    assert (ExecutionRule.UNFIT_THEN, "Wash 1") in found(small)
    [unfit] = [each for each in small.now().found if each.rule == ExecutionRule.UNFIT_THEN]
    assert "quarantine" in unfit.sentence()


def test_another_lot_is_refused_that_could_not_be_used_at_the_time_put_right(small):
    small.walk(until="wash")
    entry = small.record("wash")
    small.clock.advance(minutes=20)
    with small.database.writing() as session:
        young = make_lot(session, by=small.technician, at=small.clock(), qa=small.people["qa"]).code
    with pytest.raises(Refused, match="quarantine"):
        small.correct(entry, {"pbs": young})


@pytest.mark.req("IAM-02")
def test_who_had_no_account_yet_when_they_say_they_did_it_is_a_deviation(small):
    small.walk(until="wash")
    small.clock.advance(minutes=30)
    with small.database.writing() as session:
        young = make_person(session, "technician", username="young", name="Young", at=small.clock())
    small.clock.advance(minutes=5)
    entry = small.record(
        "wash",
        by=young,
        wait=timedelta(0),
        performed_at=small.clock() - 10 * MINUTE,
        comment="The tablet was charging",
    )
    assert found(small) == [(ExecutionRule.NOT_ENTITLED_THEN, "Wash 1")]
    with small.database.reading() as session:
        at = entry.performed_at
        assert accounts.role_at(session, young.id, at) is None
        assert accounts.role_at(session, young.id, small.clock()) == "technician"


# Comment, and left out or done
# -------------------------------------------------------------------------------------------------


def test_a_comment_is_put_right_and_taken_back(small):
    small.walk(until="receipt")
    entry = small.record("receipt", comment="The ligt was bad")
    kept = small.correct(entry, {"ph": "7.30"})
    assert kept.comment == "The ligt was bad"
    right = small.correct(kept, {"ph": "7.30"}, comment="The light was bad")
    assert right.comment == "The light was bad"
    with pytest.raises(Refused, match="Nothing differs"):
        small.correct(right, {"ph": "7.30"}, comment="The light was bad")
    assert small.correct(right, {"ph": "7.30"}, comment=" ").comment is None


@pytest.mark.req("EBR-10")
def test_what_was_left_out_by_mistake_is_recorded_after_all_and_makes_its_sample(small):
    small.walk(until="sampled")
    entry = small.record("sampled", not_applicable="Passed on, sampled in the next one")
    small.clock.advance(minutes=10)
    done = small.correct(entry, {})
    [sample] = small.containers("sample")
    assert (done.not_applicable, done.values["sterility"]["codes"]) == (None, [sample.code])
    assert sample.entry_id == done.id
    small.walk()
    assert small.standing()[0] == "complete"
    assert whole(small)


@pytest.mark.req("EBR-10", "TRC-08")
def test_what_was_recorded_by_mistake_is_left_out_after_all_and_its_sample_is_void(small):
    small.walk(until="sampled")
    entry = small.record("sampled")
    [sample] = small.containers("sample")
    left_out = small.correct(entry, {}, not_applicable="No medium was left to sample")
    assert (left_out.values, left_out.needs_second) == ({}, True)
    assert where(small, sample.code) == Disposition.VOID
    with small.database.reading() as session:
        assert containers.of_scope(session, small.batch.code, "sample") == []
    again = small.correct(left_out, {})
    assert again.values["sterility"]["codes"] != [sample.code]
    assert whole(small)


@pytest.mark.parametrize(
    ("step", "why", "says"),
    [
        ("receipt", "It was not needed this time", "cannot be left out"),
        ("sampled", "no", "Say why"),
    ],
)
def test_only_what_is_optional_is_left_out_after_all_and_says_why(small, step, why, says):
    small.walk(until=step)
    entry = small.record(step)
    with pytest.raises(Refused, match=says):
        small.correct(entry, {}, not_applicable=why)


def test_left_out_for_the_same_reason_is_no_correction_and_another_reason_is_one(small):
    small.walk(until="sampled")
    why = "Passed on, sampled in the next one"
    entry = small.record("sampled", not_applicable=why)
    with pytest.raises(Refused, match="Nothing differs"):
        small.correct(entry, {}, not_applicable=why)
    other = small.correct(entry, {}, not_applicable="There was no medium left to sample")
    assert other.not_applicable == "There was no medium left to sample"
    with pytest.raises(Stale):
        small.correct(entry, {}, not_applicable="Something else altogether")


# The number of vessels
# -------------------------------------------------------------------------------------------------


def where(small, code):
    with small.database.reading() as session:
        container = containers.by_code(session, code)
        return containers.dispositions(session, [container])[container.id]


@pytest.mark.req("EBR-08", "TRC-08")
def test_of_forty_flasks_for_four_the_last_are_void_with_the_reason_and_never_come_back(small):
    small.walk(until="seed")
    entry = small.record("seed", typed={"flasks": "40"})
    made = [each.code for each in small.containers("flask")]
    corrected = small.correct(entry, {"flasks": "4"})
    assert corrected.values["flasks"] | {"number": "4"} == corrected.values["flasks"]
    assert corrected.values["flasks"]["codes"] == made[:4]
    assert {where(small, code) for code in made[:4]} == {Disposition.QUARANTINE}
    assert {where(small, code) for code in made[4:]} == {Disposition.VOID}
    with small.database.reading() as session:
        assert [e.code for e in containers.of_scope(session, small.batch.code)] == made[:4]
        said = session.scalars(select(Event).where(Event.action == "container.void")).all()
        assert {each.said["reason"] for each in said} == {WHY} and len(said) == 36
        event = session.scalars(select(Event).where(Event.action == "step.corrected")).one()
        assert event.said["details"]["void"] == dict.fromkeys(made[4:], "0")
    more = small.correct(corrected, {"flasks": "5"})
    assert more.values["flasks"]["codes"][:4] == made[:4]
    assert more.values["flasks"]["codes"][4] not in made
    assert whole(small)


def test_missing_vessels_are_made_by_the_correction_from_the_same_parents(small):
    small.walk(until="seed")
    entry = small.record("seed", typed={"flasks": "2"})
    corrected = small.correct(entry, {"flasks": "4"})
    flasks = small.containers("flask")
    assert [each.code for each in flasks] == corrected.values["flasks"]["codes"]
    assert [each.entry_id for each in flasks] == [entry.id] * 2 + [corrected.id] * 2
    with small.database.reading() as session:
        parents = session.scalars(select(ContainerParent.parent_id).order_by("id")).all()
    assert len(set(parents)) == 1 and len(parents) == 4


def test_a_void_flask_is_no_parent_of_what_is_sampled_later(small):
    small.walk(until="seed")
    entry = small.record("seed", typed={"flasks": "3"})
    small.correct(entry, {"flasks": "1"})
    small.walk(until="counted")
    [sample] = small.containers("sample")
    with small.database.reading() as session:
        taken = session.scalars(
            select(Container.code)
            .join(ContainerParent, ContainerParent.parent_id == Container.id)
            .where(ContainerParent.child_id == sample.id)
        ).all()
    assert taken == [small.containers("flask")[0].code]


def test_a_flask_is_destroyed_after_what_was_taken_from_it_by_the_claim_that_stands(small):
    small.walk(until="counted")
    [sample] = small.containers("sample")
    taking = next(each for each in small.now().current if each.id == sample.entry_id)
    with small.database.reading() as session:
        link = select(ContainerParent).where(ContainerParent.child_id == sample.id)
        flask = session.get(Container, session.scalars(link).first().parent_id)
    then = taking.performed_at - 5 * MINUTE

    def destroy():
        with small.database.writing() as session:
            return fates.become(session, small, flask.code, "destroyed", done_at=then)

    with pytest.raises(Refused, match="cannot have been done before"):
        destroy()
    small.correct(taking, {}, performed_at=then)
    assert destroy().done_at == then


def test_the_worked_out_follows_a_time_that_is_put_right(small):
    small.walk(until="dose")
    harvested = small.now().at(small.position("harvested"))
    counted = small.now().at(small.position("counted"))
    small.correct(counted, COUNT, performed_at=counted.performed_at - 5 * MINUTE)
    anew = small.now().at(small.position("harvested"))
    assert anew.corrects_id == harvested.id
    assert anew.values["since"] != harvested.values["since"]
