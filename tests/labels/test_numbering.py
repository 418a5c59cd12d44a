"""A number is issued once, whatever was restored meanwhile: its label is out there."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

import app as roof
from integrity import backups, site
from integrity.acts import Act
from integrity.database import Database
from integrity.trail import SYSTEM, Event
from integrity.verification import verify
from labels import codes, numbering
from labels.codes import Series
from tests.makers.people import make_people, sign_in
from tests.pages import Page
from tests.templates import MORNING

LATER = MORNING + timedelta(hours=1)


def issue(database: Database, *series: str, at: datetime = MORNING) -> list[str]:
    with database.writing() as session:
        act = Act(session, SYSTEM, at)
        made = [numbering.issue(act, each) for each in series]
        site.change(act, "file_megabytes", "5", reason="Any event answers for the rows.")
        return made


def path_of(database: Database):
    return database.url.removeprefix("sqlite:///")


@pytest.fixture
def restored(sqlite, tmp_path, clock):
    """(the database after a restore, what was issued before the backup, what was issued later)."""
    make_people(sqlite, "technician", at=clock())
    kept = issue(sqlite, Series.EQUIPMENT)
    backups.backup(sqlite, tmp_path / "backup.db")
    lost = issue(sqlite, Series.EQUIPMENT, Series.MATERIAL_LOT, Series.EQUIPMENT)
    target = tmp_path / "target.db"
    backups.backup(sqlite, target)
    backups.restore(tmp_path / "backup.db", target, at=LATER, carry=numbering.issued_since)
    with closing(Database(f"sqlite:///{target}")) as opened:
        yield opened, kept, lost


def test_numbering_goes_on_after_the_highest_that_was_ever_issued(restored):
    database, kept, lost = restored
    again = issue(database, Series.EQUIPMENT, Series.MATERIAL_LOT, at=LATER)
    assert not set(again) & {*kept, *lost}
    assert codes.read(again[0]).number == codes.read(lost[2]).number + 1
    with database.reading() as session:
        assert verify(session).faults == []
        assert numbering.lost_at(session, kept[0]) is None
        assert numbering.lost_at(session, lost[0]) == LATER


def test_a_code_of_the_lost_time_says_so_when_it_is_scanned(restored, clock):
    database, _, lost = restored
    client = roof.create_app(database, "not a secret: a test", clock=clock).test_client()
    sign_in(client, "technician1")
    answer = client.get(f"/scan?code={lost[0]}")
    assert answer.status_code == 404
    assert "before the records were restored" in Page(answer).words
    assert "Do not use it; ask QA." in Page(answer).words


def test_a_damaged_database_that_is_replaced_hands_over_nothing_and_that_is_said(sqlite, tmp_path):
    issue(sqlite, Series.MATERIAL_LOT)
    backups.backup(sqlite, tmp_path / "backup.db")
    for number, content in enumerate((b"", b"nothing of a database" * 99)):
        target = tmp_path / f"target-{number}.db"
        target.write_bytes(content)
        carry = numbering.issued_since
        report, _ = backups.restore(tmp_path / "backup.db", target, at=LATER, carry=carry)
        assert any("may come again" in sentence for sentence in report.unseen)
        with closing(Database(f"sqlite:///{target}")) as opened, opened.reading() as session:
            restored = session.scalars(select(Event).where(Event.action == "site.restored")).one()
        assert restored.said["details"]["codes_carried"] == "unread"
