"""A restore loses what was recorded since the backup: what that had forbidden stays on hold."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

import app as roof
from integrity import backups, lost_events
from integrity.acts import Act
from integrity.database import Database
from integrity.findings import Refused
from integrity.lost_events import Lost
from integrity.trail import SYSTEM
from integrity.verification import verify
from labels import numbering
from qc.release import lost_time
from stores import containers, holds
from tests.makers import broken, fates
from tests.makers.people import entry_id, sign_in
from tests.pages import Page
from tests.qc.conftest import Finished, find_finished
from tests.templates import Clock

WHY = "The newer database was lost with its disk."


def bag(made: Finished) -> str:
    with made.database.reading() as session:
        return containers.of_scope(session, made.batch.code, "final")[0].code


def restored(made: Finished, backup: Path) -> Finished:
    """The installation once the backup has taken the place of what was recorded since."""
    made.database.close()
    clock = Clock(made.clock() + timedelta(minutes=1))
    backups.restore(
        backup,
        Path(made.database.url.removeprefix("sqlite:///")),
        at=clock(),
        carry=numbering.issued_since,
        lose=lost_time.answer,
    )
    clock.advance(minutes=1)
    return find_finished(Database(made.database.url), clock)


@pytest.fixture
def released(finished, tmp_path):
    """A batch that is released and of which a backup is made, and the backup."""
    finished.review()
    finished.decide("release_stage_1")
    backups.backup(finished.database, tmp_path / "backup.db")
    finished.clock.advance(minutes=5)
    return finished, tmp_path / "backup.db"


def issue(made: Finished) -> None:
    with made.database.writing() as session:
        fates.become(session, made, bag(made), "issued")


def judge(made: Finished) -> None:
    with made.database.writing() as session:
        act = Act(session, made.people["qa"], made.clock(), entry_id=entry_id())
        backups.judge_restore(act, reason=WHY)


@pytest.mark.req("REC-05", "REL-03")
def test_what_was_issued_and_recalled_in_the_lost_time_is_not_issued_again(released):
    made, backup = released
    issue(made)
    made.decide("withdraw")
    newer = restored(made, backup)
    site = roof.create_app(newer.database, "not a secret: a test", clock=newer.clock)
    client = site.test_client()
    sign_in(client, "qa1")
    page = Page(client.get("/site/restore/judge"))
    for word in ("container.issued", "release.withdraw", "on hold by itself", "2026"):
        assert word in page.words
    judge(newer)
    scanned = Page(client.get(f"/containers/{bag(newer)}?scanned=1")).words
    assert "ON HOLD" in scanned and "may be issued" not in scanned
    with pytest.raises(Refused, match="on hold"):
        issue(newer)
    with newer.database.reading() as session:
        assert verify(session).faults == []
        reasons = [hold.reason for hold, _ in holds.of(session, containers.by_code(
            session, bag(newer)).id)]  # fmt: skip
    assert any("container.issued by verifier1" in each for each in reasons)
    newer.database.close()


@pytest.mark.parametrize(
    "deed",
    [
        lambda s, w: broken.dispose(s, w, "rejected"),
        lambda s, w: broken.hold(s, w, broken.container(s, w, "flask")),
        lambda s, w: broken.change_consent(s, w, "withdrawn"),
        lambda s, w: broken.test_again(s, w, "reactive"),
        broken.find_ineligible,
        broken.reject_cord,
        broken.fail_repeat,
        broken.open_critical,
        lambda s, w: broken.observe(s, w, broken.used_lot(s, w).code),
    ],
    ids=["lot", "flask", "consent", "marker", "donor", "cord", "result", "critical", "seen"],
)
def test_each_deed_of_the_lost_time_that_forbids_holds_what_was_released(released, deed):
    made, backup = released
    with made.database.writing() as session:
        deed(session, made)
    newer = restored(made, backup)
    judge(newer)
    with pytest.raises(Refused, match="on hold"):
        issue(newer)
    newer.database.close()


def test_what_forbids_nothing_holds_nothing_and_a_file_that_cannot_be_read_is_said(released):
    made, backup = released
    newer = restored(made, backup)
    with newer.database.reading() as session:
        assert lost_events.told(session) == ([], True)
    judge(newer)
    issue(newer)
    newer.database.close()


@pytest.mark.req("REC-05")
def test_a_replaced_file_that_cannot_be_read_is_said_where_the_restore_is_judged(released):
    made, backup = released
    made.database.close()
    Path(made.database.url.removeprefix("sqlite:///")).write_bytes(b"no database at all" * 400)
    newer = restored(made, backup)
    site = roof.create_app(newer.database, "not a secret: a test", clock=newer.clock)
    client = site.test_client()
    sign_in(client, "qa1")
    assert "cannot be read" in Page(client.get("/site/restore/judge")).words
    newer.database.close()


@pytest.mark.state("finished")
def test_the_holds_are_put_on_both_kinds_of_database(database, clock):
    made = find_finished(database, clock)
    made.review()
    made.decide("release_stage_1")
    lost = Lost("2026-11-02T08:00:00.000Z", "release.withdraw", "qa1", made.batch.code, WHY)
    with database.writing() as session:
        act = Act(session, SYSTEM, clock())
        lost_events.tell(act, [lost], is_read=True)
        lost_time.hold(act, {made.batch.code: [lost], "C26999901": [lost]})
    with database.reading() as session:
        assert holds.held(session, [containers.by_code(session, bag(made)).id])
        assert verify(session).faults == []
    with pytest.raises(Refused, match="on hold"):
        issue(made)
