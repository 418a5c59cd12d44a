"""Acts leave one event each, the same entry is one entry, a refusal changes nothing, a killed act
leaves nothing half.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, func, insert, select, text, update

from integrity import VERSION, site, trail
from integrity.acts import Act
from integrity.database import Database, Instant
from integrity.findings import Refused, blocks
from integrity.rule_ids import IntegrityRule
from integrity.site import Setting
from integrity.trail import SYSTEM, Event
from integrity.verification import verify
from tests.makers.people import entry_id, make_person
from tests.templates import MORNING

ROOT = Path(__file__).resolve().parents[2]


def rename(session, name: str = "Site one", *, entry: str | None = None, at=MORNING, by=SYSTEM):
    act = Act(session, by, at, entry_id=entry or entry_id())
    return site.change(act, "name", name, reason="A name for the tests.")


def a_setting(value: str = "x") -> Setting:
    return Setting(name="name", value=value, reason="A value.", at=MORNING, username="somebody")


def counts(database: Database) -> tuple[int, int]:
    """(events, settings)"""
    with database.reading() as session:
        return session.scalar(select(func.count(Event.seq))), session.scalar(
            select(func.count(Setting.id))
        )


@pytest.mark.req("AUD-02")
def test_an_event_says_who_what_when_why_and_where(database):
    with database.writing() as session:
        by = make_person(session, "administrator", at=MORNING)
        session.ledger.zone = "Asia/Ho_Chi_Minh"
        act = Act(session, by, MORNING, entry_id=entry_id())
        site.change(act, "file_megabytes", "7", reason="Room for the tests.")
    with database.reading() as session:
        said = session.scalars(select(Event).order_by(Event.seq.desc())).first().said
        assert said["actor"] == {
            "id": "1",
            "username": "administrator1",
            "name": "Administrator 1",
            "role": "administrator",
        }
        assert (said["action"], said["subject"], said["reason"]) == (
            "site.changed",
            ["settings", "1"],
            "Room for the tests.",
        )
        assert said["details"] == {"setting": "file_megabytes", "was": "10", "becomes": "7"}
        assert (said["at"], said["zone"], said["clock"]) == (
            "2026-11-02T08:00:00.000Z",
            "Asia/Ho_Chi_Minh",
            "server",
        )
        assert said["version"] == VERSION
        assert [row[:2] for row in said["rows"]] == [["settings", "1"]]
        assert verify(session).whole


def test_the_same_entry_twice_is_one_entry(database):
    entry = entry_id()
    for _ in range(2):
        with database.writing() as session:
            assert rename(session, entry=entry).id == 1
    assert counts(database) == (1, 1)


@pytest.mark.parametrize("other", ["other facts", "other person", "other act"])
def test_the_same_entry_with_other_facts_is_refused(other, database):
    entry = entry_id()
    with database.writing() as session:
        rename(session, entry=entry)
    before = counts(database)
    with (
        pytest.raises(Refused, match="already used for another entry"),
        database.writing() as session,
    ):
        if other == "other facts":
            rename(session, "Site two", entry=entry)
        elif other == "other person":
            rename(session, entry=entry, by=trail.Actor(9, "else", "Somebody else", "qa", "QA"))
        else:
            Act(session, SYSTEM, MORNING, entry).once(
                "lot.received", {"name": "name", "value": "Site one"}
            )
    assert counts(database) == before


def test_a_refusal_changes_no_record_and_is_one_event(database):
    with pytest.raises(Refused), database.writing() as session:
        site.change(
            Act(session, SYSTEM, MORNING, entry_id=entry_id()),
            "zone",
            "Mars/Olympus",
            reason="A refused change.",
        )
    assert counts(database) == (0, 0)
    with database.writing() as session:
        Act(session, SYSTEM, MORNING).refused(
            Refused(blocks(IntegrityRule.NO_SUCH_SETTING, "value", name="zoned")), "change"
        )
    assert counts(database) == (1, 0)
    with database.reading() as session:
        said = session.get_one(Event, 1).said
        assert (said["action"], said["rows"]) == ("refused", [])
        assert said["details"]["findings"] == [["tim-05-no-such-setting", {"name": "zoned"}]]


@pytest.mark.req("AUD-04")
def test_a_record_that_nobody_speaks_of_cannot_be_committed(database):
    with pytest.raises(RuntimeError, match="the trail was not told"), database.writing() as session:
        Act(session, SYSTEM, MORNING).add(a_setting())
    assert counts(database) == (0, 0)


@pytest.mark.req("AUD-04")
def test_a_record_that_goes_around_the_act_cannot_be_committed(database):
    with pytest.raises(RuntimeError, match="around the trail"), database.writing() as session:
        session.add(a_setting())
        Act(session, SYSTEM, MORNING).say("site.changed", ("settings", "1"))
    assert counts(database) == (0, 0)


@pytest.mark.req("AUD-04")
def test_a_record_changed_after_it_was_added_cannot_be_committed(database):
    with pytest.raises(RuntimeError, match="is a record"), database.writing() as session:
        setting = Act(session, SYSTEM, MORNING).add(a_setting())
        setting.value = "another"
        Act(session, SYSTEM, MORNING).say("site.changed", setting)
    assert counts(database) == (0, 0)


def test_what_was_added_is_found_by_the_questions_of_the_same_act(database):
    with database.writing() as session:
        act = Act(session, SYSTEM, MORNING)
        first, second = a_setting("one"), a_setting("two")
        act.add(first, second)
        assert (first.id, second.id) == (1, 2)
        assert session.get(Setting, 2) is second
        assert session.scalars(select(Setting).order_by(Setting.id)).all() == [first, second]
        act.say("site.changed", second)
    with database.reading() as session:
        assert session.get_one(Setting, 1).value == "one"
        assert verify(session).whole


def test_the_second_act_believes_what_the_first_one_kept(database):
    at = MORNING + timedelta(microseconds=123456)  # stored to the millisecond
    with database.writing() as session:
        rename(session, at=at)
    asked: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *each: asked.append(each[2]))
    with database.writing() as session:
        rename(session, "Site two", at=at)
    assert not [each for each in asked if "max(id)" in each]
    assert len(asked) == 5  # begin, head, repeated entry, one insert each of settings and events


def test_numbers_go_on_after_a_refusal_and_after_another_process(database):
    """What a process keeps is believed only while nobody else has written."""
    other = Database(database.url)
    for each in (database, other, other, database, database):
        with pytest.raises(ZeroDivisionError), each.writing() as session:
            rename(session, "Lost")
            raise ZeroDivisionError
        with each.writing() as session:
            rename(session, each.url[:6])
    other.close()
    with database.reading() as session:
        assert session.scalars(select(Setting.id).order_by(Setting.id)).all() == [1, 2, 3, 4, 5]
        assert verify(session).whole


def test_a_setting_changed_by_another_process_is_seen(database):
    other = Database(database.url)
    with database.writing() as session:
        rename(session)
    with other.writing() as session:
        rename(session, "Site two")
    with database.writing() as session:
        assert site.settings(session)["name"] == "Site two"
    other.close()


def test_a_page_believes_what_was_learnt_at_the_newest_event_and_asks_for_that_event(database):
    with database.writing() as session:
        rename(session)
    asked: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *each: asked.append(each[2]))
    for _ in range(2):
        with database.reading() as session:
            assert site.settings(session)["name"] == "Site one"
    assert [each.split()[:2] for each in asked if each != "BEGIN"] == [["SELECT", "seq,"]] * 2


def test_a_page_of_one_process_sees_what_another_process_changed(database):
    other = Database(database.url)
    for name in ("Site one", "Site two", "Site three"):
        with other.writing() as session:
            rename(session, name)
        for _ in range(2):
            with database.reading() as session:
                assert site.settings(session)["name"] == name
    other.close()


def test_what_an_undone_act_had_learnt_is_not_believed_by_a_page(database):
    with database.writing() as session:
        rename(session)
    with pytest.raises(ZeroDivisionError), database.writing() as session:
        rename(session, "Lost")
        raise ZeroDivisionError
    with database.reading() as session:
        assert site.settings(session)["name"] == "Site one"


def test_an_act_writes_each_table_once_and_asks_nothing_it_knows(database):
    asked: list[str] = []
    with database.writing() as session:
        rename(session)
    event.listen(database.engine, "before_cursor_execute", lambda *each: asked.append(each[2]))
    with database.writing() as session:
        act = Act(session, SYSTEM, MORNING)
        act.add(a_setting("one"), a_setting("two"))
        act.say("site.changed", ("settings", "2"))
        act.say("site.changed", ("settings", "3"))
    kinds = [" ".join(statement.split()[:3]) for statement in asked]
    assert len(kinds) == 4  # the first one begins
    assert kinds[1] == "SELECT seq, hash,"
    assert sorted(kinds[2:]) == ['INSERT INTO "events"', 'INSERT INTO "settings"']


@pytest.mark.parametrize(
    "statement",
    [
        update(Setting).values(value="x"),
        insert(Setting).values(name="name", value="x", username="y", at=MORNING),
        text("DELETE FROM settings"),
    ],
    ids=["update", "insert", "text"],
)
def test_statements_that_go_around_the_trail_are_refused(statement, database):
    with database.writing() as session:
        rename(session)
    with (
        pytest.raises(Exception, match="go around the trail|only ever inserted"),
        database.writing() as session,
    ):
        session.execute(statement)
    assert counts(database) == (1, 1)


@pytest.mark.parametrize("change", ["value", "delete"])
def test_the_object_layer_neither_changes_nor_deletes_a_record(change, database):
    with database.writing() as session:
        rename(session)
    with pytest.raises(RuntimeError, match="is a record"), database.writing() as session:
        setting = session.get_one(Setting, 1)
        if change == "delete":
            session.delete(setting)
        else:
            setting.value = "another"
    with database.reading() as session:
        assert verify(session).whole


def test_a_reading_session_cannot_write(database):
    with pytest.raises(RuntimeError, match="reading session"), database.reading() as session:
        session.add(a_setting())
        session.flush()


def test_an_act_that_fails_halfway_leaves_nothing(database):
    with pytest.raises(ZeroDivisionError), database.writing() as session:
        rename(session)
        raise ZeroDivisionError
    assert counts(database) == (0, 0)


def test_two_threads_of_many_acts_leave_a_gapless_chain(database):
    faults: list[BaseException] = []

    def work(name: str) -> None:
        try:
            for number in range(25):
                with database.writing() as session:
                    rename(session, f"{name} {number}")
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=work, args=(name,)) for name in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    with database.reading() as session:
        assert session.scalars(select(Event.seq).order_by(Event.seq)).all() == list(range(1, 51))
        assert verify(session).whole


PROGRAM = """
import os, sys, time
from datetime import UTC, datetime
from integrity import site
from integrity.acts import Act
from integrity.database import Database
from integrity.rule_ids import IntegrityRule
from integrity.trail import SYSTEM
from people import accounts
database = Database(sys.argv[1])
at = datetime(2026, 11, 2, 8, tzinfo=UTC)
for number in range(1_000_000):
    with database.writing() as session:
        act = Act(session, SYSTEM, at)
        site.change(act, "name", f"{sys.argv[2]} {number}", reason="Many acts in turn.")
        if sys.argv[3] == "halfway":
            print("halfway", flush=True)
            time.sleep(60)
    print("done", flush=True)
"""


def start(database: Database, name: str, how: str = "on") -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, database.url, name, how],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )


@pytest.mark.slow
def test_a_process_killed_in_the_middle_of_an_act_leaves_nothing_half(database):
    with start(database, "killed", "halfway") as process:
        assert process.stdout.readline() == "halfway\n"
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert counts(database) == (0, 0)
    with database.writing() as session:
        rename(session)
    assert counts(database) == (1, 1)


@pytest.mark.slow
def test_two_processes_killed_anywhere_leave_a_whole_chain(database):
    processes = [start(database, name) for name in ("one", "two")]
    for process in processes:
        for _ in range(5):
            assert process.stdout.readline() == "done\n"
    for process in processes:
        process.send_signal(signal.SIGKILL)
        process.communicate()
    with database.reading() as session:
        report = verify(session)
        assert report.faults == []
        assert report.events == report.rows >= 10


def test_text_order_of_stored_times_is_time_order():
    stored = Instant()
    times = [
        MORNING + timedelta(milliseconds=step) for step in (0, 1, 999, 1000, 60_000, 86_400_000)
    ]
    texts = [stored.process_bind_param(at, None) for at in times]
    assert texts == sorted(texts)
    with pytest.raises(ValueError, match="without a zone"):
        stored.process_bind_param(MORNING.replace(tzinfo=None), None)
