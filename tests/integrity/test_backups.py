"""A backup is whole or is none.

A restore verifies first, keeps what stood there, and is itself an event.
"""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from integrity import backups, files, signatures, site, trail
from integrity.acts import Act
from integrity.backups import BadBackup
from integrity.database import Database
from integrity.findings import Refused
from integrity.signatures import Meaning, Seal, reviewed
from integrity.verification import verify
from tests.makers.people import entry_id, make_person
from tests.makers.records import switch_off_guards
from tests.makers.subjects import make_subject
from tests.templates import MORNING

LATER = MORNING + timedelta(hours=1)


@pytest.fixture
def lived_in(sqlite: Database) -> Database:
    """A signed record and a kept file."""
    with sqlite.writing() as session:
        qa = make_person(session, "qa", at=MORNING)
        facts = [("Lot", "M26000101")]
        signatures.sign(
            Act(session, qa, MORNING),
            Seal(reviewed(facts), "password"),
            Meaning.APPROVED,
            make_subject(session),
            facts,
        )
        kept = files.keep(
            Act(session, trail.SYSTEM, MORNING),
            bytes(range(256)) * 40,
            "certificate.pdf",
            "application/pdf",
        )
        Act(session, qa, MORNING).say("lot.released", kept)
    return sqlite


def rename(database: Database, name: str) -> None:
    with database.writing() as session:
        site.change(Act(session, trail.SYSTEM, LATER), "name", name, reason="A name for the tests.")


def path_of(database: Database) -> Path:
    return Path(database.url.removeprefix("sqlite:///"))


@pytest.mark.req("REC-04")
def test_a_backup_restored_into_an_empty_place_is_the_same(lived_in, tmp_path):
    with lived_in.reading() as session:
        before = verify(session)
    backups.backup(lived_in, tmp_path / "backup.db")
    assert backups.check(tmp_path / "backup.db").head == before.head
    report, lost = backups.restore(tmp_path / "backup.db", tmp_path / "new.db", at=LATER)
    assert (report.events, report.rows, report.head, lost) == (
        before.events,
        before.rows,
        before.head,
        0,
    )
    restored = Database(f"sqlite:///{tmp_path / 'new.db'}")
    with restored.reading() as session:
        assert verify(session).whole
        assert verify(session, (before.events, before.head)).whole
        assert (
            session.query(files.File).filter_by(name="certificate.pdf").one().content
            == bytes(range(256)) * 40
        )
        assert signatures.invalid(session, signatures.of(session, 2)) == set()
    restored.close()


@pytest.mark.req("REC-05")
def test_a_restore_says_what_is_lost_and_waits_for_qa(lived_in, tmp_path):
    backups.backup(lived_in, tmp_path / "backup.db")
    rename(lived_in, "Site one")
    with lived_in.reading() as session:
        newest = verify(session)
    lived_in.close()
    target = path_of(lived_in)
    _, lost = backups.restore(tmp_path / "backup.db", target, at=LATER + timedelta(minutes=1))
    assert lost == 1
    restored = Database(lived_in.url)
    with restored.reading() as session:
        said = session.get_one(trail.Event, 5).said
        assert said["action"] == "site.restored"
        assert (said["details"]["replaced_events"], said["details"]["replaced_head"]) == (
            "5",
            newest.head,
        )
        assert backups.restored(session) == "restored"
        assert "is printed outside" in verify(session, (newest.events, newest.head)).faults[0]
    with restored.writing() as session:
        qa = trail.Actor(1, "qa1", "Quality assurance 1", "qa", "Quality assurance")
        backups.judge_restore(
            Act(session, qa, LATER + timedelta(hours=1), entry_id=entry_id()),
            reason="One entry is entered again.",
        )
        assert backups.restored(session) == "judged"
        with pytest.raises(Refused):
            backups.judge_restore(
                Act(session, qa, LATER + timedelta(hours=1), entry_id=entry_id()),
                reason="One entry is entered again.",
            )
    restored.close()
    [aside] = [
        path
        for path in target.parent.glob("*.before-restore-*")
        if not path.name.endswith(("-wal", "-shm"))
    ]
    old = Database(f"sqlite:///{aside}")
    with old.reading() as session:
        assert verify(session).head == newest.head
    old.close()


def test_a_backup_never_replaces_a_file(lived_in, tmp_path):
    (tmp_path / "there.db").write_text("mine")
    with pytest.raises(BadBackup, match="is there already"):
        backups.backup(lived_in, tmp_path / "there.db")
    assert (tmp_path / "there.db").read_text() == "mine"


def _truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:20_000])


def _text(path: Path) -> None:
    path.write_text("no database at all")


def _gone(path: Path) -> None:
    path.unlink()


def _tampered(path: Path) -> None:
    database = Database(f"sqlite:///{path}")
    with database.engine.begin() as connection:
        switch_off_guards(connection)
        connection.execute(text("UPDATE signatures SET name = 'Somebody else'"))
    database.close()


def _newer(path: Path) -> None:
    database = Database(f"sqlite:///{path}")
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()


def _foreign(path: Path) -> None:
    path.unlink()
    database = Database(f"sqlite:///{path}")
    with database.engine.begin() as connection:
        connection.execute(text("CREATE TABLE recipes (id INTEGER)"))
    database.close()


@pytest.mark.req("REC-04")
@pytest.mark.parametrize(
    ("deed", "sentence"),
    [
        (_truncated, "malformed|cannot be read"),
        (_text, "is not a backup of Cordbook"),
        (_gone, "No such file"),
        (_tampered, "does not verify and was not restored: Row 1 of signatures was changed"),
        (_newer, "made by a newer Cordbook"),
        (_foreign, "tables of something else"),
    ],
)
def test_what_is_no_whole_backup_is_not_restored(deed, sentence, lived_in, tmp_path):
    backup = tmp_path / "a folder with % and #" / "backup.db"
    backup.parent.mkdir()
    backups.backup(lived_in, backup)
    assert backups.check(backup).whole
    lived_in.close()
    deed(backup)
    before = path_of(lived_in).read_bytes()
    with pytest.raises(BadBackup, match=sentence):
        backups.restore(backup, path_of(lived_in), at=LATER)
    assert path_of(lived_in).read_bytes() == before
    assert not list(path_of(lived_in).parent.glob("*restor*"))


def test_an_empty_database_is_no_backup(lived_in, sqlite_template, tmp_path):
    shutil.copyfile(sqlite_template, tmp_path / "empty.db")
    with pytest.raises(BadBackup, match="holds no event"):
        backups.restore(tmp_path / "empty.db", path_of(lived_in), at=LATER)


def test_the_same_bytes_under_the_same_name_are_kept_once(database):
    with database.writing() as session:
        first = files.keep(
            Act(session, trail.SYSTEM, MORNING), b"bytes", "a.pdf", "application/pdf"
        )
        assert (
            files.keep(Act(session, trail.SYSTEM, LATER), b"bytes", "a.pdf", "application/pdf").id
            == first.id
        )
        other = files.keep(Act(session, trail.SYSTEM, LATER), b"bytes", "b.pdf", "application/pdf")
        assert (other.id != first.id, other.sha256 == first.sha256) == (True, True)
        Act(session, trail.SYSTEM, MORNING).say("document.imported", first)
    with database.reading() as session:
        assert session.get_one(files.File, 1).content == b"bytes"
        assert verify(session).whole


def test_a_restore_by_a_clock_that_is_not_trusted_says_so(lived_in, tmp_path):
    backups.backup(lived_in, tmp_path / "backup.db")
    early = MORNING - timedelta(days=3)
    backups.restore(tmp_path / "backup.db", tmp_path / "new.db", at=early)
    with Database(f"sqlite:///{tmp_path / 'new.db'}").reading() as session:
        newest = session.scalars(select(trail.Event).order_by(trail.Event.seq.desc())).first()
    assert (newest.action, newest.said["clock"]) == ("site.restored", "suspect")
