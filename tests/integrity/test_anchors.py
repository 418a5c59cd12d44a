"""What is put outside each hour tells when the database was rewritten, and even when the folder was
rewritten with it.
"""

from __future__ import annotations

import re
import socket
import subprocess
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from integrity import anchors, backups, outbox, schema, site
from integrity.acts import Act
from integrity.anchors import Lost, Places
from integrity.canonical import chained, digest, instant_text
from integrity.database import Database
from integrity.outbox import Mail
from integrity.trail import SYSTEM, Event
from integrity.verification import verify
from tests import mail_server, time_authority
from tests.makers.records import switch_off_guards
from tests.templates import Clock

MAILBOX = "heads@example.org"


@pytest.fixture
def now() -> Clock:
    """The authority's clock is the real one, so this one begins there."""
    return Clock(datetime.now(UTC))


@pytest.fixture(scope="module", params=["alone", "with its root"])
def authority(request, tmp_path_factory):
    with time_authority.running(
        tmp_path_factory.mktemp("authority"), with_root=request.param != "alone"
    ) as it:
        yield it


@pytest.fixture
def folder(tmp_path) -> Path:
    place = tmp_path / "another machine"
    place.mkdir()
    return place


@pytest.fixture
def everywhere(folder, authority) -> Places:
    return Places(folder, MAILBOX, authority.address, authority.roots)


def name_site(database: Database, name: str, at: datetime) -> None:
    with database.writing() as session:
        site.change(
            Act(session, SYSTEM, at), "name", name, reason="The laboratory has moved house."
        )


def live(database: Database, places: Places, clock: Clock) -> None:
    """Two heads outside, something recorded before each."""
    for name in ("House one", "House two"):
        name_site(database, name, clock())
        assert anchors.put(database, places, clock)
        clock.advance(seconds=30)


def found(database: Database, places: Places) -> list[str]:
    with database.reading() as session:
        assert verify(session).whole  # the trail by itself is whole, whoever rewrote it
        return list(anchors.faults(session, places))


def rewrite(database: Database) -> None:
    """What a root can do: another name from the first event on, everything after it hashed anew."""
    with database.engine.connect() as connection:
        dialect = connection.dialect.name
        if dialect == "sqlite":
            switch_off_guards(connection)
        else:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        previous = ""
        for event in connection.execute(text("SELECT * FROM events ORDER BY seq")).mappings().all():
            content = event["content"].replace("moved house", "moved again")
            previous = previous or event["previous"]
            hashed = chained(previous, digest(content))
            connection.execute(
                text(
                    "UPDATE events SET content = :content, digest = :digest, previous = :previous, "
                    "hash = :hash WHERE seq = :seq"
                ),
                {
                    "content": content,
                    "digest": digest(content),
                    "previous": previous,
                    "hash": hashed,
                    "seq": event["seq"],
                },
            )
            previous = hashed
        if dialect == "sqlite":
            connection.execute(text("PRAGMA ignore_check_constraints = OFF"))
            for guard in schema.guards(dialect).values():
                connection.execute(text(guard))
        connection.commit()


def test_the_newest_head_goes_to_every_place_and_only_once(database, everywhere, now):
    live(database, everywhere, now)
    assert anchors.put(database, everywhere, now) is None
    kept = sorted(everywhere.folder.glob("*.json"))
    assert [anchors.read(path.read_bytes()).seq for path in kept] == [1, 3]
    assert len(list(everywhere.folder.glob("*.tsr"))) == 2
    with database.reading() as session:
        mails = session.scalars(select(Mail)).all()
        hashes = session.scalars(select(Event.hash).where(Event.seq.in_([1, 3]))).all()
    assert [mail.recipient for mail in mails] == [MAILBOX] * 2
    assert [mail.subject for mail in mails] == [
        f"Cordbook head {seq}:{hashed}" for seq, hashed in zip((1, 3), hashes, strict=True)
    ]
    assert found(database, everywhere) == []


def test_openssl_confirms_the_stamp_over_the_very_file(sqlite, everywhere, now):
    live(sqlite, everywhere, now)
    for path in everywhere.folder.glob("*.json"):
        said = subprocess.run(
            [
                *("openssl", "ts", "-verify", "-data", str(path)),
                *("-in", str(path.with_suffix(".tsr")), "-CAfile", str(everywhere.roots)),
                *("-untrusted", str(everywhere.roots)),
            ],
            capture_output=True,
            text=True,
        )
        assert "Verification: OK" in said.stdout + said.stderr


@pytest.mark.req("AUD-12")
def test_a_rewritten_trail_is_whole_by_itself_and_found_by_the_folder(database, everywhere, now):
    live(database, everywhere, now)
    rewrite(database)
    told = found(database, everywhere)
    assert [sentence.startswith(("Event 1 with", "Event 3 with")) for sentence in told] == [
        True,
        True,
    ]
    assert all("removed or rewritten" in sentence for sentence in told)


def forge(places: Places, database: Database, stamp: bool) -> None:
    """A root on both machines: each file is made anew for the head that stands there now."""
    with database.reading() as session:
        hashes = dict(session.execute(select(Event.seq, Event.hash)).tuples().all())
    for path in sorted(places.folder.glob("*.json")):
        old = anchors.read(path.read_bytes())
        new = anchors.Anchor(old.site, old.seq, hashes[old.seq], old.at, old.authority)
        token = path.with_suffix(".tsr").read_bytes()
        if stamp:
            token = anchors.timestamps.ask(places.authority, new.text)
        path.unlink()
        path.with_suffix(".tsr").unlink()
        (places.folder / f"{new.name}.json").write_bytes(new.text)
        (places.folder / f"{new.name}.tsr").write_bytes(token)


def test_database_and_folder_rewritten_together_are_found_by_the_time_stamps(
    sqlite, everywhere, now
):
    now.advance(hours=-5)  # what was recorded this morning, and stamped then
    live(sqlite, everywhere, now)
    rewrite(sqlite)
    forge(everywhere, sqlite, stamp=True)
    told = found(sqlite, everywhere)
    assert len(told) == 2 and all("does not stand for it: it was given at" in one for one in told)


def test_a_stamp_of_another_text_or_of_another_authority_is_found(
    sqlite, everywhere, now, tmp_path
):
    live(sqlite, everywhere, now)
    rewrite(sqlite)
    forge(everywhere, sqlite, stamp=False)
    assert len(found(sqlite, everywhere)) == 2
    assert len(found(sqlite, Places(everywhere.folder))) == 2  # the text is compared without roots
    (tmp_path / "other").mkdir()
    with time_authority.running(tmp_path / "other", "Somebody else") as other:
        theirs = Places(everywhere.folder, MAILBOX, other.address, everywhere.roots)
        forge(theirs, sqlite, stamp=True)
    assert all("does not stand for it" in one for one in found(sqlite, everywhere))


def test_database_and_folder_rewritten_together_are_found_by_the_mails(
    sqlite, everywhere, now, tmp_path
):
    with mail_server.running() as (kept, post):
        live(sqlite, everywhere, now)
        assert outbox.deliver(sqlite, post, now) == 2
    assert kept.recipients == [MAILBOX] * 2
    heads = {
        int(seq): hashed
        for mail in kept.mails
        for seq, hashed in re.findall(r"(\d+):([0-9a-f]{64})", mail.replace("\n ", " "))
    }
    with sqlite.reading() as session:
        assert list(anchors.not_in_trail(session, heads, "mails")) == []
    rewrite(sqlite)
    forge(everywhere, sqlite, stamp=True)
    with sqlite.reading() as session:
        told = list(anchors.not_in_trail(session, heads, "mails"))
    assert [one.split(" with")[0] for one in told] == ["Event 1", "Event 3"]


def test_what_somebody_changed_in_the_folder_or_took_away_is_named(sqlite, everywhere, now):
    live(sqlite, everywhere, now)
    first, second = sorted(everywhere.folder.glob("*.json"))
    first.write_bytes(first.read_bytes().replace(b"House one", b"House ten"))
    assert any(f"The time stamp of {first}" in one for one in found(sqlite, everywhere))
    first.write_bytes(b"{}")
    assert any(f"{first} is not as it was written" in one for one in found(sqlite, everywhere))
    first.unlink()
    assert any("The head of event 1" in one for one in found(sqlite, everywhere))
    second.with_suffix(".tsr").unlink()
    assert any(f"The time stamp {second.stem}.tsr" in one for one in found(sqlite, everywhere))


def test_a_place_that_does_not_answer_is_said_and_stops_nobody(sqlite, folder, now):
    places = Places(folder / "gone", None, "http://127.0.0.1:9/", None)
    name_site(sqlite, "House one", now())
    assert anchors.put(sqlite, places, now)
    with sqlite.reading() as session:
        newest = session.scalars(select(Event).order_by(Event.seq.desc()).limit(1)).one()
    assert set(newest.said["details"]["failed"]) == {"folder", "authority"}
    assert found(sqlite, places) == []


def test_an_authority_that_answers_nonsense_is_said_and_the_head_is_kept_all_the_same(
    sqlite, folder, now
):
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_nonsense, args=(server,), daemon=True).start()
        places = Places(folder, None, f"http://127.0.0.1:{server.getsockname()[1]}/", None)
        name_site(sqlite, "House one", now())
        assert anchors.put(sqlite, places, now)
    assert len(list(folder.glob("*.json"))) == 1
    with sqlite.reading() as session:
        newest = session.scalars(select(Event).order_by(Event.seq.desc()).limit(1)).one()
    assert set(newest.said["details"]["failed"]) == {"authority"}


def _nonsense(server: socket.socket) -> None:
    for _ in range(2):
        taken, _ = server.accept()
        with taken:
            taken.recv(65536)
            taken.sendall(b"nothing of HTTP\r\n\r\n")


def test_the_newest_head_is_the_one_put_outside_last_whatever_its_number(sqlite, folder, now):
    """After a restore numbers come again: a head of the lost time has a higher one."""
    places = Places(folder)
    name_site(sqlite, "House one", now())
    for seq, kept_at in ((100, now()), (50, now.advance(hours=2))):
        head = anchors.Anchor("House one", seq, f"{seq:064x}", instant_text(kept_at), None)
        (folder / f"{head.name}.json").write_bytes(head.text)
    assert "Event 50 with hash" in anchors.watch(sqlite, places, now)


def test_an_older_database_put_back_by_hand_is_noticed_and_everybody_is_told(
    sqlite, everywhere, now, tmp_path
):
    name_site(sqlite, "House one", now())
    backups.backup(sqlite, tmp_path / "older.db")
    live(sqlite, everywhere, now)
    assert anchors.watch(sqlite, everywhere, now) is None
    with closing(Database(f"sqlite:///{tmp_path / 'older.db'}")) as older:
        assert "older database" in anchors.watch(older, everywhere, now)
        with older.reading() as session:
            assert backups.restored(session) == backups.RestoreState.RESTORED
            assert any(
                "not the one it was" in mail.subject for mail in session.scalars(select(Mail))
            )
            head = session.scalars(select(Event.seq).order_by(Event.seq.desc())).first()
        anchors.watch(older, everywhere, now)  # an hour later: it is said once
        with older.reading() as session:
            assert session.scalars(select(Event.seq).order_by(Event.seq.desc())).first() == head


def test_what_a_restore_has_lost_is_no_fault_of_the_heads_of_that_time(
    sqlite, everywhere, now, tmp_path
):
    name_site(sqlite, "House one", now())
    backups.backup(sqlite, tmp_path / "backup.db")
    live(sqlite, everywhere, now)
    now.advance(minutes=1)
    backups.restore(tmp_path / "backup.db", tmp_path / "restored.db", at=now())
    with closing(Database(f"sqlite:///{tmp_path / 'restored.db'}")) as restored:
        assert found(restored, everywhere) == []
        assert anchors.watch(restored, everywhere, now) is None


EARLY, LATE = datetime(2026, 11, 2, tzinfo=UTC), datetime(2026, 11, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kept", "replaced", "seq", "at", "explained"),
    [
        (100, 200, 100, EARLY, False),
        (100, 200, 101, EARLY, True),
        (100, 200, 200, None, True),
        (100, 200, 201, None, False),
        (100, 200, 101, LATE, False),
        (100, 0, 5000, EARLY, True),
        (100, 0, 5000, None, False),
    ],
)
def test_a_restore_explains_the_heads_of_the_time_it_lost_and_no_later_one(
    kept, replaced, seq, at, explained
):
    assert Lost(kept, replaced, datetime(2026, 11, 3, tzinfo=UTC)).explains(seq, at) is explained


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"CORDBOOK_ANCHOR_FOLDER": "/no/such/folder"}, "which is no folder"),
        ({"CORDBOOK_ANCHOR_MAIL": "a@example.org"}, "CORDBOOK_SMTP must name"),
        ({"CORDBOOK_ANCHOR_MAIL": "a", "CORDBOOK_SMTP": "mail:25"}, "one address"),
        ({"CORDBOOK_ANCHOR_AUTHORITY": "http://time.example.org"}, "name one of them"),
        ({"CORDBOOK_ANCHOR_AUTHORITY": "time", "CORDBOOK_ANCHOR_FOLDER": "/"}, "http address"),
        ({"CORDBOOK_ANCHOR_ROOTS": "/no/such/file"}, "which is no file"),
    ],
)
def test_a_place_that_will_not_do_is_one_sentence(given, sentence):
    with pytest.raises(ValueError, match=sentence):
        anchors.read_places(given)


def test_no_place_is_no_anchor():
    assert not anchors.read_places({})
    assert timedelta(hours=1) == anchors.EVERY
