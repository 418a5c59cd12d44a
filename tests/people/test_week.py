"""The page of the week: what is due, on its day, for whoever may open it, in as many questions
however much there is."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from app import DUE
from integrity import signatures, site
from integrity.acts import Act
from integrity.deviations import Deviation
from integrity.site import SettingName
from manufacturing.execution import batch_state, coming
from manufacturing.execution.rules.steps import length
from people import week
from people.permissions import Permission, Role
from people.queues import Address, Asker, Item
from people.week import Source, Span
from people.words import PeopleQueue
from qc.deviations import corrective_actions, raising
from qc.deviations.corrective_actions import ActionFacts
from qc.deviations.raising import RaisedFacts
from qc.laboratory import results
from qc.laboratory.long_tests import in_test
from qc.laboratory.rule_ids import LaboratoryRule
from qc.laboratory.rules.results import ACTIVE, INTERIM
from qc.release import release_inputs
from stores import lot_corrections, lots
from stores.containers import Container
from stores.expiries import ContainerExpiry
from tests.makers.batches import find_batch, find_laboratory, walk_batch
from tests.makers.people import entry_id, make_people, sign_in
from tests.makers.stores import lot_facts, make_equipment, make_lot, seal_of
from tests.pages import Page
from tests.qc.conftest import find_finished

SAID = "The cabinet's alarm rang."
LN2, SECOND = Decimal(2).ln(), timedelta(seconds=1)
VIENNA = ZoneInfo("Europe/Vienna")
MONDAY = datetime(2026, 11, 1, 23, 0, tzinfo=UTC)  # midnight in Vienna
NOON = MONDAY + timedelta(hours=12)


def source(*moments, permission=Permission.SEE_RECORDS, waits=True):
    """A source of things that are due at some moments, and what it was asked for."""
    asked = []

    def find(session, asker, span):
        asked.append(span)
        items = [Item(str(n), Address("home"), due=at) for n, at in enumerate(moments)]
        return week.shown(items, span)

    return Source(PeopleQueue.CLOCK, permission, find, waits=waits), asked


def of(*sources, at=NOON, role=Role.TECHNICIAN, first=MONDAY):
    return week.of(None, Asker("somebody", role, at), first, VIENNA, sources)


def test_each_thing_stands_on_its_day_of_the_site_the_earliest_first():
    last = MONDAY + timedelta(days=7)
    found, _ = source(last, last - timedelta(milliseconds=1), NOON, MONDAY)
    shown = of(found)
    assert [str(day.day) for day in shown.days] == [f"2026-11-0{n}" for n in range(2, 9)]
    assert [[e.item.due for e in day.entries] for day in shown.days] == [
        [MONDAY, NOON], [], [], [], [], [], [last - timedelta(milliseconds=1)],
    ]  # fmt: skip
    assert shown.overdue == []


def test_what_waits_is_overdue_where_the_days_begin_today_and_an_expiry_is_over():
    late = MONDAY - timedelta(milliseconds=1)
    waits, asked = source(late)
    expires, asked_of_days = source(late, waits=False)
    shown = of(waits, expires)
    assert [entry.source for entry in shown.overdue] == [waits]
    end = MONDAY + timedelta(days=7)
    assert (asked, asked_of_days) == ([Span(end)], [Span(end, MONDAY)])
    later = of(waits, first=MONDAY + timedelta(days=7))
    assert later.overdue == [] and asked[-1].begin == MONDAY + timedelta(days=7)


def test_a_source_is_asked_for_whoever_may_open_what_it_leads_to():
    found, asked = source(NOON, permission=Permission.RELEASE_LOTS)
    assert not any(day.entries for day in of(found).days) and asked == []
    assert of(found, role=Role.QA).days[0].entries


def test_what_is_more_than_a_page_holds_is_counted():
    found, _ = source(*[NOON] * (week.MOST + 3))
    shown = of(found)
    assert len(shown.days[0].entries) == week.MOST and shown.more == [(found, 3)]


@pytest.mark.state("people")
def test_every_source_leads_to_a_page_that_its_permission_opens(application):
    pages = {
        "execution.batch", "laboratory.sample", "deviations.deviation", "stores.lot",
        "stores.container", "stores.equipment_item",
    }  # fmt: skip
    opened = {application.view_functions[page].permission for page in pages}
    assert opened == {source.permission for source in DUE}


@pytest.mark.state("laboratory")
def test_lots_calibrations_and_deviations_are_due_on_their_days(database, clock):
    people, at = make_people(database, at=clock()), clock()
    with database.writing() as session:
        lot = make_lot(session, by=people["technician"], at=at, expires_on=day(at, 3))
        made_right = make_lot(session, by=people["technician"], at=at)
        piece = make_equipment(session, by=people["qa"], at=at, due=day(at, 5))
        gone = make_lot(session, by=people["technician"], at=at, expires_on=day(at, 3))
        lots.reject_lot(
            Act(session, people["qa"], at, entry_id=entry_id()),
            gone.id,
            seal=seal_of(session, gone, "rejected", "The bag is torn."),
        )
    with database.writing() as session:
        act = Act(session, people["qa"], at, entry_id=entry_id())
        opened = raising.raise_deviation(act, RaisedFacts(lot.code, SAID, "Room 2", "minor"))
    with database.writing() as session:
        act = Act(session, people["qa"], at, entry_id=entry_id())
        told = replace(lot_facts(), expires_on=day(at, 4), another_delivery=True)
        lot_corrections.correct(act, made_right.id, told, reason="The label was read again.")
    assert due(database, at) == {
        lot.code: str(day(at, 3)), made_right.code: str(day(at, 4)), piece.code: str(day(at, 5)),
    }  # fmt: skip
    with database.reading() as session:
        days = int(site.settings(session)[SettingName.INVESTIGATION_DAYS])
    assert due(database, at, days) == {opened.code: str(day(at, days))}
    late = at + timedelta(days=days + 9)
    with database.reading() as session:
        asker = Asker("qa1", Role.QA, late)
        shown = week.of(session, asker, late.replace(hour=0), ZoneInfo("UTC"), DUE)
    assert [e.item.named for e in shown.overdue] == [piece.code, opened.code]


def due(database, at, days=0):
    """{code: its day} of what is due in the seven days that begin so many days after one."""
    first = (at + timedelta(days=days)).replace(hour=0, minute=0)
    with database.reading() as session:
        shown = week.of(session, Asker("qa1", Role.QA, at), first, ZoneInfo("UTC"), DUE)
    return {each.item.named: str(day.day) for day in shown.days for each in day.entries}


def day(at, days):
    return (at + timedelta(days=days)).date()


@pytest.mark.state("planned")
def test_medium_is_due_in_its_interval_and_a_harvest_is_expected_as_fast_as_the_cells_grew(
    sqlite, clock
):
    laboratory, batch = find_laboratory(sqlite, clock), find_batch(sqlite)
    walk_batch(laboratory, batch, "p0_medium_change")
    seeded = done(sqlite, "p0_seed")
    with sqlite.reading() as session:
        state = batch_state.gather(session, batch.id)
        (feed,), (harvest,) = coming.repeats(state), coming.expected(state)
    assert (feed.begin, feed.until) == (seeded + timedelta(days=2), seeded + timedelta(days=4))
    assert (harvest.position.step, harvest.until) == ("p0_harvest", seeded + timedelta(days=10))
    walk_batch(laboratory, batch, "passage_count")
    with sqlite.reading() as session:  # harvested: nothing is expected any more
        assert list(coming.expected(batch_state.gather(session, batch.id))) == []
    walk_batch(laboratory, batch, "seed")
    walk_batch(laboratory, batch, "medium_change")
    with sqlite.reading() as session:
        state = batch_state.gather(session, batch.id)
        (harvest,) = coming.expected(state)
        values = {name: value(state, name) for name in ("doubling_time", "from_area", "reached")}
        last = state.last(["seed"])
    assert harvest.position.cycle == 2
    hours = values["doubling_time"] * (values["from_area"] / values["reached"]).ln() / LN2
    assert abs(harvest.until - last - timedelta(hours=int(hours * 3600) / 3600)) < SECOND


def done(database, step):
    with database.reading() as session:
        return batch_state.gather(session, find_batch(database).id).last([step])


def value(state, name):
    """A number that was worked out of the newest harvest or seeding."""
    made = [each for each in state.current if name in each.values]
    return Decimal(made[-1].values[name]["text"])


@pytest.mark.state("people")
def test_the_page_takes_another_day_and_says_what_is_none(application, sqlite, clock):
    client = application.test_client()
    sign_in(client, "technician1")
    assert 'href="/week"' in client.get("/").get_data(as_text=True)
    page = Page(client.get("/week"))
    assert str(clock().date()) in page.words and "Nothing is due." in page.words
    assert "2027-02-07" in Page(client.get("/week?from=2027-02-01")).words
    for typed in ("soon", "9999-12-31", "2026-02-30"):
        answer = client.get(f"/week?from={typed}")
        assert answer.status_code == 422 and "This is no day." in Page(answer).words
        assert typed in answer.get_data(as_text=True)


@pytest.mark.state("finished")
def test_a_bag_is_due_at_its_end_and_an_action_on_its_day_and_on_the_day_of_its_check(
    sqlite, clock
):
    people, at = make_people(sqlite, at=clock()), clock()
    with sqlite.reading() as session:
        wanted = select(Container, ContainerExpiry.expires_at).join(
            ContainerExpiry, ContainerExpiry.container_id == Container.id
        )
        ends = {made.code: end for made, end in session.execute(wanted)}
    code, end = next(iter(ends.items()))
    with sqlite.writing() as session:
        act = Act(session, people["qa"], at, entry_id=entry_id())
        made = raising.raise_deviation(act, RaisedFacts(code, SAID, "Room 2", "minor"))
    with sqlite.writing() as session:
        act = Act(session, people["qa"], at, entry_id=entry_id())
        told = ActionFacts(made.id, "corrective", SAID, "QA 1", day(at, 40), day(at, 80))
        corrective_actions.plan(act, told)
    assert due(sqlite, end)[code] == str(end.date())
    assert due(sqlite, at, 40) == {made.code: str(day(at, 40))}
    assert due(sqlite, at, 80) == {}  # it is checked once it is done


@pytest.mark.state("finished")
def test_a_long_test_is_due_when_it_may_be_read_for_good_and_never_again_once_it_was(sqlite, clock):
    made, at = find_finished(sqlite, clock), clock()
    ends = last_readings(sqlite)
    assert ends and all(end > at for end in ends.values())
    for code, end in ends.items():
        assert due(sqlite, at, (end.date() - at.date()).days)[code] == str(end.date())
        before = due(sqlite, at, (end.date() - at.date()).days - 7)
        assert before.get(code) != str(end.date())
    made.sterility()
    read = {code for code in ends if code not in last_readings(sqlite)}
    assert read
    for code in read:
        assert code not in due(sqlite, at, (ends[code].date() - at.date()).days)


def last_readings(database):
    """{code of a sample that is in a long test: when that was begun and as long as it lasts}."""
    with database.reading() as session:
        pulled = {each.id: each for each in session.scalars(in_test())}
        said = results.contents_for(session, list(pulled.values()))
        begun = results.beginnings_of(session, pulled)
        done = {
            (result.container_id, result.test)
            for found in results.of_samples(session, pulled).values()
            for result, state in found
            if result.verdict != INTERIM and state in ACTIVE
        }
        return {
            pulled[number].code: each.began_at
            + length(said[pulled[number].scope].line(test).earliest_final)
            for (number, test), each in begun.items()
            if (number, test) not in done
        }


@pytest.mark.state("finished")
def test_an_investigation_is_due_on_the_day_that_the_specification_gives_it(sqlite, clock):
    made = find_finished(sqlite, clock)
    made.sterility("growth")
    at = clock()
    with sqlite.reading() as session:
        wanted = select(Deviation).where(Deviation.rule == LaboratoryRule.OUT_OF_SPECIFICATION)
        opened = session.scalars(wanted).all()
        within = length(release_inputs.gather(session, made.batch, at).contents.oos_within)
    assert opened
    days = {each.code: (each.opened_at + within).date() for each in opened}
    for code, ends in days.items():
        assert due(sqlite, at, (ends - at.date()).days)[code] == str(ends)


@pytest.mark.state("finished")
def test_an_action_is_checked_on_its_day_once_it_is_done(sqlite, clock):
    made, at = find_finished(sqlite, clock), clock()
    with sqlite.writing() as session:
        act = Act(session, made.people["qa"], at, entry_id=entry_id())
        code = made.batch.code
        opened = raising.raise_deviation(act, RaisedFacts(code, SAID, "Room 2", "minor"))
    with sqlite.writing() as session:
        act = Act(session, made.people["qa"], at, entry_id=entry_id())
        told = ActionFacts(opened.id, "corrective", SAID, "Technician 1", day(at, 40), day(at, 80))
        planned = corrective_actions.plan(act, told)
    assert due(sqlite, at, 40) == {opened.code: str(day(at, 40))}
    with sqlite.writing() as session:
        facts = corrective_actions.facts_of(session, planned.id, "done")
        seal = signatures.seal(session, facts, comment="The alarm was repaired and tried.")
        act = Act(session, made.people["technician"], at, entry_id=entry_id())
        corrective_actions.move(act, planned.id, "done", seal=seal)
    assert due(sqlite, at, 40) == {} and due(sqlite, at, 80) == {opened.code: str(day(at, 80))}
