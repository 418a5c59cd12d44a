"""What a site lacks, gathered from real installations; the command and the page say the same."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app import create_app
from integrity import authority
from integrity.installation import Place
from integrity.post import read_post
from integrity.reach import Pair, Reach
from readiness import gathering
from readiness.rules import lines
from tests.makers.people import sign_in
from tests.test_commands import installed, run  # noqa: F401

ALL = {
    "Address", "Certificate", "Clock", "Backup", "Mail", "Printer", "Disk", "Schema", "Documents",
}  # fmt: skip


def stands(out: str) -> dict[str, str]:
    """{line: OK or LACKING} as the command prints them."""
    read = [line for line in out.splitlines() if line.startswith(("OK", "LACKING"))]
    return {line[9:33].strip(): line[:8].strip() for line in read}


def test_the_command_says_of_a_new_installation_what_it_lacks_and_what_to_do(installed):  # noqa: F811
    run, _ = installed  # noqa: F811
    answer = run("doctor")
    found = stands(answer.out)
    assert answer.code == 1 and found.keys() >= ALL
    assert {name for name in ALL if found[name] == "OK"} <= {"Clock", "Disk", "Schema"}
    assert found["Schema"] == found["Clock"] == "OK"
    assert found["People: administrator"] == "OK" and found["People: qa"] == "LACKING"
    assert answer.out.count("To do:") == list(found.values()).count("LACKING")
    assert "Unrecognized arguments: x" in run("doctor", "x").err


def test_a_backup_and_a_certificate_are_noticed(installed, tmp_path, monkeypatch):  # noqa: F811
    run, _ = installed  # noqa: F811
    assert run("backup", str(tmp_path / "one.db")).code == 0
    assert run("certificate", "cordbook.lab.example").code == 0
    found = stands(run("doctor").out)
    assert (found["Backup"], found["Certificate"], found["Address"]) == ("OK", "OK", "OK")
    folder = tmp_path / "dumps"
    folder.mkdir()
    monkeypatch.setenv("CORDBOOK_BACKUPS", str(folder))
    assert stands(run("doctor").out)["Backup"] == "LACKING"
    (folder / "notes.txt").write_text("no backup")
    old = folder / "old.dump"
    old.write_text("x")
    os.utime(old, (1_700_000_000, 1_700_000_000))
    assert stands(run("doctor").out)["Backup"] == "LACKING"
    (folder / "new.dump").write_text("x")
    assert stands(run("doctor").out)["Backup"] == "OK"


@pytest.mark.state("demonstration")
def test_the_demonstration_is_told_from_a_site(database, clock, tmp_path):
    here = Place(tmp_path, database.url)
    with database.reading() as reading:
        found = gathering.gather(reading, here, None, "", clock())
    assert found.is_demonstration and found.documents
    assert all(is_demonstration for _, is_demonstration in found.documents)
    assert found.beginning.people["qa"] >= 1 and found.is_schema_current
    lacking = {line.what for line in lines(replace(found, is_demonstration=False))}
    assert "Documents" in lacking


def test_a_mail_server_that_does_not_answer_is_said(sqlite, tmp_path):
    post = read_post({"CORDBOOK_SMTP": "127.0.0.1:9", "CORDBOOK_ALERTS": "a@lab.example"})
    with sqlite.reading() as reading:
        at = datetime.now(UTC)
        found = gathering.gather(reading, Place(tmp_path, sqlite.url), post, "", at)
    assert found.mail == "127.0.0.1:9" and found.mail_fault


def test_a_damaged_note_of_a_backup_is_no_backup(tmp_path):
    assert gathering.newest_backup(tmp_path, "") == (None, "")
    (tmp_path / gathering.NEWEST).write_text("yesterday\n")
    assert gathering.newest_backup(tmp_path, "") == (None, "")


@pytest.mark.state("people")
def test_the_administrator_reads_the_same_on_a_page(sqlite, clock, tmp_path):
    authority.certify(tmp_path, ("cordbook.lab.example",), at=clock() - timedelta(days=390))
    made = authority.server_file(tmp_path)
    reach = Reach(address="https://cordbook.lab.example", pair=Pair(made, made))
    application = create_app(
        sqlite, "not a secret: a test", clock=clock, PLACE=Place(tmp_path, sqlite.url, reach)
    )
    client = application.test_client()
    sign_in(client, "administrator1")
    page = client.get("/site/readiness").get_data(as_text=True)
    assert "LACKING" in page and "./run certificate makes the next one" in page
    assert 'href="/site/readiness"' in client.get("/site").get_data(as_text=True)
    alone = create_app(sqlite, "not a secret: a test", clock=clock).test_client()
    sign_in(alone, "administrator1")
    assert "nothing to look at" in alone.get("/site/readiness").get_data(as_text=True)
