"""The command line as a person meets it.

What it does, and one sentence, never a traceback, for what it cannot do.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select, text

import commands
import serving as server
from app import create_app
from integrity import installation, site, trail
from integrity.acts import Act
from integrity.database import Database
from people import accounts, recoveries, signing_right
from people.accounts import AccountState
from tests.machine import leave_out
from tests.makers.records import switch_off_guards
from tests.templates import MORNING

ROOT = Path(__file__).resolve().parent.parent
INIT = [
    "init",
    "--username",
    "Admin",
    "--name",
    "Administrator 1",
    "--quality-username",
    "Quality",
    "--quality-name",
    "Quality 1",
    "--site",
    "Site one",
    "--zone",
    "Europe/Berlin",
]


@dataclass
class Answer:
    code: int
    out: str
    err: str


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Run one command in this process, on a data directory of its own."""
    for name in [name for name in os.environ if name.startswith("CORDBOOK_")]:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CORDBOOK_DATA", str(tmp_path / "var"))
    monkeypatch.setenv("PORT", "0")

    def command(*arguments: str) -> Answer:
        code = commands.main(list(arguments), create_app)
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        if code == 2:
            assert said.err.endswith(".\n") and said.err.count("\n") == 1, said.err
        return Answer(code, said.out, said.err)

    return command


@pytest.fixture
def installed(run, tmp_path, monkeypatch, sqlite_template):
    """A clean installation; gives the command and its database file.

    The schema comes from the template, to be quick.
    """

    def copied(here, fill):
        shutil.copyfile(sqlite_template, here.file)
        database = Database(here.url)
        fill(database)
        database.close()

    with monkeypatch.context() as patch:
        patch.setattr(commands, "make", copied)
        assert run(*INIT).code == 0
    return run, tmp_path / "var" / "cordbook.db"


def rename(path: Path, name: str = "Site two") -> None:
    database = Database(f"sqlite:///{path}")
    with database.writing() as session:
        site.change(
            Act(session, trail.SYSTEM, commands.server_clock()),
            "name",
            name,
            reason="A name for the tests.",
        )
    database.close()


# Installing
# -------------------------------------------------------------------------------------------------


@pytest.mark.req("SIG-14")
def test_a_clean_installation_has_its_first_two_people_and_nothing_else(run, tmp_path):
    answer = run(*INIT)
    assert answer.code == 0
    given = re.findall(r"\n    ([a-z0-9-]{19})  (\w+)", answer.out)
    assert [username for _, username in given] == ["admin", "quality"]
    assert (tmp_path / "var" / "secret.key").stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in (tmp_path / "var").iterdir()) == [
        "cordbook.db",
        "cordbook.lock",
        "secret.key",
    ]
    database = Database(f"sqlite:///{tmp_path / 'var' / 'cordbook.db'}")
    with database.reading() as session:
        assert site.settings(session)["zone"] == "Europe/Berlin"
        first = session.scalars(select(site.Setting)).all()
        assert {each.name for each in first} == set(site.DEFAULTS), "none is left to the program"
        assert all("(admin)" in each.reason and "(quality)" in each.reason for each in first)
        for (one_time, username), role in zip(given, ("administrator", "qa"), strict=True):
            person = accounts.find(session, username)
            assert accounts.grant_of(session, person.id).role == role
            credential = accounts.credential_of(session, person.id)
            assert credential.temporary and accounts.matches(credential, one_time)
        assert recoveries.is_open(session, person.id), "nobody was present: quality signs marked"
    database.close()
    assert run("verify").out.splitlines()[-1] == "whole"
    again = run(*INIT)
    assert (again.code, "An installation is there already" in again.err) == (2, True)


@pytest.mark.parametrize(
    ("option", "value", "sentence"),
    [
        ("--username", "x", "--username: use 2 to 40"),
        ("--username", "", "Nobody is here to answer"),
        ("--name", "a\x07", "--name: This holds a control"),
        ("--name", "x" * 81, "--name: This is 81 characters"),
        ("--quality-username", "ADMIN ", "--quality-username: the two have two user names."),
        ("--quality-name", "1 ADMINISTRATOR", "--quality-name: two people are needed"),
        ("--quality-name", "", "Nobody is here to answer"),
        ("--site", "\u202ex", "--site: This holds an invisible"),
        ("--zone", "Mars/Olympus", "IANA"),
        ("--zone", "../../etc/passwd", "IANA"),
        ("--frob", "x", "Unrecognized arguments"),
    ],
)
def test_nonsense_at_the_installation_is_refused_and_nothing_is_installed(
    option, value, sentence, run, tmp_path, monkeypatch
):
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    given = dict(zip(INIT[1::2], INIT[2::2], strict=True)) | {option: value}
    answer = run("init", *[part for pair in given.items() for part in pair])
    assert (answer.code, sentence in answer.err) == (2, True), answer.err
    assert not (tmp_path / "var" / "cordbook.db").exists()


@pytest.fixture
def terminal(monkeypatch):
    """A terminal at which these lines and passwords are typed, one after another."""

    def typing(lines, passwords):
        given, secrets = iter(lines), iter(passwords)
        monkeypatch.setattr("builtins.input", lambda _: next(given))
        monkeypatch.setattr("getpass.getpass", lambda _: next(secrets))
        monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)

    return typing


TWO = ["admin", "Nguyễn Thị Minh", "quality", "Trần Văn An", "Site one", "Asia/Ho_Chi_Minh"]


@pytest.mark.req("SIG-14", "SIG-12")
def test_the_first_two_are_asked_for_at_a_terminal_and_type_their_own_passwords(
    run, terminal, tmp_path
):
    first, second = "the phrase of one", "the phrase of two"
    repeated = ["adminadmin", "ADMIN admin"]  # the name once more is no password
    terminal(TWO, ["short", *repeated])
    assert run("init").code == 2
    terminal(TWO, ["short", first, "another", first, first, second, second])
    answer = run("init")
    assert answer.code == 0 and first not in answer.out and "one-time" not in answer.out
    database = Database(f"sqlite:///{tmp_path / 'var' / 'cordbook.db'}")
    with database.reading() as session:
        for username, password in (("admin", first), ("quality", second)):
            person = accounts.find(session, username)
            credential = accounts.credential_of(session, person.id)
            assert accounts.matches(credential, password) and not credential.temporary
            standing = signing_right.of(session, person.id)
            assert (standing.kind, standing.identified, standing.recovering) == (
                "installation",
                True,
                False,
            )
    database.close()


def test_nothing_is_installed_when_one_of_the_two_chooses_no_password(run, terminal, tmp_path):
    terminal(TWO, ["admin", "short", ""])
    answer = run("init")
    assert (answer.code, "nothing was installed" in answer.err) == (2, True)
    assert not (tmp_path / "var" / "cordbook.db").exists()


def test_the_demonstration_is_made_once_and_only_where_nothing_is(run, tmp_path, monkeypatch):
    """The laboratory itself has tests of its own.

    Here another one stands in, to see what the start does with it.
    """
    made = []

    class Report:
        sign_ins = (("Technician", "technician1", "a-b"),)
        certificate, certificate_name = b"%PDF-", "certificate.pdf"

    def load(database, address, now):
        made.append(address)
        with database.writing() as session:
            for name, value in (("demonstration", "yes"), ("name", "Demonstration")):
                site.change(Act(session, trail.SYSTEM, now), name, value, reason="Made for show.")
        return Report()

    monkeypatch.setattr("demonstration.laboratory.load", load)
    monkeypatch.setattr(
        server, "_serve", lambda app, database, here, *_: server.greet(here, database, 8000)
    )
    first = run("serve")
    assert first.code == 0, first.err
    for part in (
        "http://127.0.0.1:8000",
        "will not resolve elsewhere",
        "DEMONSTRATION",
        "technician1",
        "a-b",
        "var/certificate.pdf",
    ):
        assert part in first.out
    assert (tmp_path / "var" / "certificate.pdf").read_bytes() == b"%PDF-"
    assert (tmp_path / "var" / "demonstration-sign-ins.txt").stat().st_mode & 0o777 == 0o600
    second = run("serve")
    assert "technician1" in second.out
    assert len(made) == 1


def test_a_start_that_failed_halfway_leaves_no_database(run, tmp_path, monkeypatch):
    monkeypatch.setattr("demonstration.laboratory.load", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        run("serve")
    assert not (tmp_path / "var" / "cordbook.db").exists()
    assert run(*INIT).code == 0


# Verify
# -------------------------------------------------------------------------------------------------


@pytest.mark.req("AUD-11")
def test_verify_says_whole_or_names_every_fault(installed):
    run, path = installed
    answer = run("verify")
    assert answer.code == 0
    assert re.fullmatch(r"17 events, 28 rows, head 17:[0-9a-f]{64}\nwhole\n", answer.out)
    head = answer.out.split()[5]
    assert run("verify", "--head", head).code == 0
    assert run("verify", "--head", head.upper()).code == 0
    database = Database(f"sqlite:///{path}")
    with database.engine.begin() as connection:
        switch_off_guards(connection)
        connection.execute(text("UPDATE grants SET role = 'qa' WHERE id = 1"))
        connection.execute(text("DELETE FROM settings WHERE id = 2"))
    database.close()
    answer = run("verify")
    assert answer.code == 1
    assert answer.out.splitlines()[1:3] == [
        "Row 2 of settings, recorded by event 2, is gone: it was deleted.",
        "Row 1 of grants was changed after event 16 recorded it.",
    ]
    assert answer.out.splitlines()[-1].startswith("NOT WHOLE")


@pytest.mark.req("AUD-11")
def test_a_tail_that_was_cut_shows_against_the_printed_head(installed):
    run, path = installed
    rename(path)
    head = run("verify").out.split()[5]
    database = Database(f"sqlite:///{path}")
    with database.engine.begin() as connection:
        statements = connection.execute(
            text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        ).all()
        switch_off_guards(connection)
        connection.execute(text("DELETE FROM events WHERE seq = 18"))
        connection.execute(text("DELETE FROM settings WHERE id = 16"))
        for statement in statements:
            connection.exec_driver_sql(statement.sql)
    database.close()
    assert run("verify").code == 0
    answer = run("verify", "--head", head)
    assert (answer.code, "Event 18 with hash" in answer.out) == (1, True)


@pytest.mark.parametrize(
    "head", ["", "3", "3:abc", ":" + "a" * 64, "x:" + "a" * 64, "3:" + "g" * 64, "-3:" + "a" * 64]
)
def test_a_head_that_is_none_is_refused(head, installed):
    answer = installed[0]("verify", f"--head={head}")
    assert (answer.code, "as on a certificate" in answer.err) == (2, True)


# Backup and restore
# -------------------------------------------------------------------------------------------------


@pytest.mark.req("REC-04", "AUD-10")
def test_a_backup_is_verified_and_restored(installed, tmp_path):
    run, path = installed
    answer = run("backup", str(tmp_path / "backup.db"))
    assert answer.code == 0
    assert re.search(r"17 events, 28 rows, head 17:[0-9a-f]{64}, whole\.", answer.out)
    with closing(sqlite3.connect(path)) as connection:
        [line] = connection.execute("SELECT kind, username, what FROM accesses")
    assert line == ("backed up", "system", str(tmp_path / "backup.db"))
    rename(path)
    answer = run("restore", str(tmp_path / "backup.db"))
    assert (answer.code, "1 newer events were replaced" in answer.out) == (0, True)
    assert run("verify").code == 0
    path.unlink()
    assert run("restore", str(tmp_path / "backup.db")).code == 0


def on_a_full_disk(*arguments: str) -> str:
    """What a command says where the system takes no file beyond 200 kB."""
    said = subprocess.run(
        [
            *("sh", "-c", 'ulimit -f 400; exec "$@"', "sh"),
            *(sys.executable, str(ROOT / "app.py"), *arguments),
        ],
        env=os.environ,
        capture_output=True,
        text=True,
    )
    assert (said.returncode, said.stdout, "Traceback" in said.stderr) == (2, "", False)
    return said.stderr


def test_what_does_not_fit_on_the_disk_leaves_nothing_behind(installed, tmp_path):
    run, path = installed
    backup = tmp_path / "backup.db"
    assert f"{backup} could not be written" in on_a_full_disk("backup", str(backup))
    assert list(tmp_path.glob("backup.db*")) == []
    assert run("backup", str(backup)).code == 0
    before = sorted(path.parent.iterdir())
    assert f"{backup} was not restored" in on_a_full_disk("restore", str(backup))
    assert sorted(path.parent.iterdir()) == before
    assert run("verify").code == 0


def test_database_and_backup_are_readable_by_their_owner_alone(installed, tmp_path):
    run, path = installed
    path.chmod(0o644)  # as an older program left it
    assert run("backup", str(tmp_path / "backup.db")).code == 0
    for file in (path, tmp_path / "backup.db"):
        assert file.stat().st_mode & 0o777 == 0o600, file.name
    path.unlink()
    assert run("restore", str(tmp_path / "backup.db")).code == 0
    assert path.stat().st_mode & 0o777 == 0o600
    path.unlink()
    assert run(*INIT).code == 0
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (["backup"], "required: FILE"),
        (["restore"], "required: FILE"),
        (["backup", "there.db"], "is there already"),
        (["backup", "no-folder/x.db"], "cannot be written"),
        (["restore", "none.db"], "No such file"),
        (["restore", "there.db"], "is not a backup"),
        (["restore", "."], "cannot be read"),
        (["backup", "a", "b"], "Unrecognized arguments: b"),
    ],
)
def test_a_file_that_will_not_do_is_refused(command, sentence, installed, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there.db").write_text("mine")
    answer = installed[0](*command)
    assert (answer.code, sentence in answer.err) == (2, True), answer.err
    assert (tmp_path / "there.db").read_text() == "mine"


def test_nothing_is_restored_under_a_running_server(installed, tmp_path):
    run, _ = installed
    assert run("backup", str(tmp_path / "backup.db")).code == 0
    with installation.held(installation.place(), "a server of this test."):
        answer = run("restore", str(tmp_path / "backup.db"))
        assert (answer.code, "Cordbook is running on" in answer.err) == (2, True)
        assert run("serve").code == 2
        assert run("backup", str(tmp_path / "another.db")).code == 0
        assert run("verify").code == 0


# People and rebuild
# -------------------------------------------------------------------------------------------------


@pytest.mark.req("SIG-14")
def test_a_password_is_reset_at_the_command_line_for_sign_in_alone_and_recorded(installed):
    run, path = installed
    answer = run("people", "reset", " ADMIN ")
    assert "sign nothing" in answer.out
    one_time = re.search(r"\n    ([a-z0-9-]{19})\n", answer.out).group(1)
    database = Database(f"sqlite:///{path}")
    with database.reading() as session:
        credential = accounts.credential_of(session, 1)
        assert credential.temporary and accounts.matches(credential, one_time)
        assert signing_right.of(session, 1).kind == "machine"
        said = session.get_one(trail.Event, 18).said
        assert (said["action"], said["device"]) == ("person.password_reset", "command line")
    database.close()


@pytest.mark.req("SIG-14")
def test_the_last_of_quality_is_let_back_in_at_the_command_line_and_nobody_else(installed):
    run, path = installed
    answer = run("people", "recover", "admin")
    assert (answer.code, "Only the last person of quality" in answer.err) == (2, True)
    answer = run("people", "recover", "quality")
    assert (answer.code, "is marked until another person" in answer.out) == (0, True)
    database = Database(f"sqlite:///{path}")
    with database.reading() as session:
        standing = signing_right.of(session, accounts.find(session, "quality").id)
        assert (standing.kind, standing.recovering) == ("recovery", True)
    database.close()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["reset", "nobody"], "Nobody has the user name 'nobody'"),
        (["reset", ""], "Nobody has"),
        (["reset", "x" * 10_000], "Nobody has"),
        (["reset", "a\x07"], "Nobody has"),
        (["reset", "'; --"], "Nobody has"),
        (["reset"], "required: NAME"),
        ([], "required: deed, NAME"),
        (["promote", "admin"], "invalid choice"),
    ],
)
def test_a_reset_of_nobody_says_so(arguments, sentence, installed):
    answer = installed[0]("people", *arguments)
    assert (answer.code, sentence in answer.err) == (2, True)


def test_a_deactivated_person_is_not_reset_by_the_way(installed):
    run, path = installed
    database = Database(f"sqlite:///{path}")
    with database.writing() as session:
        accounts.set_standing(
            Act(session, trail.SYSTEM, commands.server_clock()),
            1,
            AccountState.DEACTIVATED,
            reason="Has left the company.",
        )
    database.close()
    answer = run("people", "reset", "admin")
    assert (answer.code, "is deactivated" in answer.err) == (2, True)


def test_a_rebuild_cures_standings_and_is_recorded(installed):
    run, path = installed
    database = Database(f"sqlite:///{path}")
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE states SET state = 'deactivated' WHERE axis = 'account'"))
    database.close()
    assert run("verify").code == 1
    assert run("rebuild").out == "3 states were made anew from their moves.\n"
    assert run("verify").out.startswith("18 events")
    assert run("verify").code == 0


def test_a_clock_that_went_back_is_noticed_at_the_command_line_too(installed, monkeypatch):
    run, _ = installed
    monkeypatch.setattr(commands, "server_clock", lambda: MORNING.replace(year=2001))
    assert run("people", "reset", "admin").code == 0
    assert run("verify").out.startswith("19 events")  # the clock's and the reset's
    assert run("verify").code == 0


# What cannot be done
# -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "command", [["verify"], ["backup", "x.db"], ["people", "reset", "admin"], ["rebuild"]]
)
def test_without_a_database_every_command_says_what_makes_one(command, run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    answer = run(*command)
    assert (answer.code, "There is no database" in answer.err, "./run init" in answer.err) == (
        2,
        True,
        True,
    )


@pytest.mark.parametrize("name", ["frob", "", "--help-me", "serve ", "verify\x00", "демо"])
def test_an_unknown_command_says_so(name, run):
    answer = run(name)
    assert (answer.code, "There is no command" in answer.err) == (2, True)


def _newer(path: Path) -> None:
    database = Database(f"sqlite:///{path}")
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()


def _corrupt(path: Path) -> None:
    path.write_bytes(b"no database " * 5000)


def _damaged(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(bytes(content))


def _foreign(path: Path) -> None:
    path.unlink()
    database = Database(f"sqlite:///{path}")
    with database.engine.begin() as connection:
        connection.execute(text("CREATE TABLE recipes (id INTEGER)"))
    database.close()


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("command", ["serve", "verify", "rebuild"])
@pytest.mark.parametrize(
    ("deed", "sentence"),
    [
        (_newer, "made by a newer Cordbook"),
        (_corrupt, "is damaged or is none of ours"),
        (_damaged, "is damaged or is none of ours"),
        (_foreign, "holds tables of something else"),
        (_folder, "cannot be opened"),
    ],
)
def test_a_database_that_will_not_do_is_one_sentence(deed, sentence, command, installed):
    run, path = installed
    deed(path)
    answer = run(command)
    assert (answer.code, sentence in answer.err) == (2, True), answer.err


def test_an_empty_database_file_is_not_taken_for_a_new_one(installed):
    run, path = installed
    path.write_bytes(b"")
    answer = run("serve")
    assert (answer.code, "is there but empty" in answer.err) == (2, True)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("PORT", "eighty", "PORT is 'eighty'"),
        ("PORT", "65536", "PORT is"),
        ("PORT", "-1", "PORT is"),
        ("PORT", "٨٠", "PORT is"),
        ("CORDBOOK_URL", "cordbook.example.org", "CORDBOOK_URL is"),
        ("CORDBOOK_URL", "ftp://x", "CORDBOOK_URL is"),
        ("CORDBOOK_URL", "http://x y", "CORDBOOK_URL is"),
        ("CORDBOOK_URL", "http://[", "CORDBOOK_URL is"),
        ("CORDBOOK_DATABASE", "mysql://x", "CORDBOOK_DATABASE must be"),
        ("CORDBOOK_SMTP", "mail", "CORDBOOK_SMTP must name"),
        ("CORDBOOK_DATA", "/dev/null/var", "cannot be written"),
        ("CORDBOOK_DATA", "/tmp/what?", "question mark"),
        (
            "CORDBOOK_DATABASE",
            "postgresql+psycopg://nobody@127.0.0.1:9/none",
            "cannot be reached or used",
        ),
    ],
)
def test_a_setting_that_will_not_do_is_one_sentence(name, value, sentence, run, monkeypatch):
    monkeypatch.setenv(name, value)
    answer = run("serve")
    assert (answer.code, sentence in answer.err) == (2, True), answer.err


def test_an_occupied_port_is_one_sentence(installed, monkeypatch):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        monkeypatch.setenv("PORT", str(other.getsockname()[1]))
        answer = installed[0]("serve")
    assert (answer.code, "is occupied" in answer.err) == (2, True)


def test_a_secret_that_was_cut_is_not_used(installed):
    run, path = installed
    path.with_name("secret.key").write_text("short")
    answer = run("serve")
    assert (answer.code, "secret.key is damaged" in answer.err) == (2, True)


@pytest.mark.postgres
def test_on_postgresql_backups_are_its_own_tools_business(run, postgresql_server, monkeypatch):
    if postgresql_server is None:
        leave_out("PostgreSQL")
    monkeypatch.setenv("CORDBOOK_DATABASE", f"{postgresql_server}/postgres")
    assert run(*INIT).code == 0
    assert run("verify").out.splitlines()[-1] == "whole"
    assert run(*INIT).code == 2
    for command, tool in (("backup", "pg_dump"), ("restore", "pg_restore")):
        answer = run(command, "x.db")
        assert (answer.code, tool in answer.err) == (2, True)


# The serving process
# -------------------------------------------------------------------------------------------------


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def serving(path: Path, **settings: str):
    """The real process; gives it and its port once it answers."""
    port = free_port()
    environment = os.environ | {"CORDBOOK_DATA": str(path.parent), "PORT": str(port)} | settings
    process = subprocess.Popen(
        [sys.executable, "app.py"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A run in the background hands down that Ctrl-C is ignored, which is not what is tested.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    try:
        for _ in range(200):
            if process.poll() is not None or _answers(port):
                break
            time.sleep(0.1)
        yield process, port
    finally:
        process.kill()
        process.communicate()


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5) as answer:
            return answer.status == 200
    except (OSError, urllib.error.URLError):
        return False


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_the_server_serves_and_ends_cleanly(how, installed):
    _, path = installed
    with serving(path) as (process, port):
        assert _answers(port)
        process.send_signal(how)
        out, err = process.communicate(timeout=20)
    assert process.returncode in (0, 130)
    assert f"serves at http://127.0.0.1:{port}" in out
    assert "Traceback" not in err
    assert not path.with_name("cordbook.db-wal").exists()


@pytest.mark.slow
def test_a_killed_server_leaves_a_whole_database_and_no_lock(installed):
    run, path = installed
    with serving(path) as (process, port):
        assert _answers(port)
        process.send_signal(signal.SIGKILL)
        process.communicate()
    assert run("verify").code == 0
    with serving(path) as (_, port):
        assert _answers(port)


@pytest.mark.slow
def test_an_address_others_reach_brings_no_warning(installed):
    _, path = installed
    with serving(path, CORDBOOK_URL="https://cordbook.example.org") as (process, port):
        assert _answers(port)
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=20)
    assert "will not resolve elsewhere" not in out


@pytest.mark.slow
def test_a_start_puts_the_head_outside_and_verification_compares_with_it(
    installed, tmp_path, monkeypatch
):
    run, path = installed
    outside = tmp_path / "outside"
    outside.mkdir()
    monkeypatch.setenv("CORDBOOK_ANCHOR_FOLDER", str(outside))
    shutil.copyfile(path, tmp_path / "older.db")
    rename(path)
    with serving(path) as (process, port):
        assert _answers(port)
        for _ in range(100):
            if list(outside.glob("head-000000004-*.json")):
                break
            time.sleep(0.1)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)
    assert run("verify").code == 0
    shutil.copyfile(tmp_path / "older.db", path)
    answer = run("verify")
    assert (answer.code, "an older database was put in its place" in answer.out) == (1, True)


def test_verification_compares_with_every_head_of_a_file(installed, tmp_path):
    run, path = installed
    kept = tmp_path / "mails.txt"
    kept.write_text("Subject: Cordbook head " + run("verify").out.split()[5] + "\n")
    assert run("verify", "--heads", str(kept)).code == 0
    kept.write_text(f"Head 2:{'a' * 64}, printed on paper")
    answer = run("verify", "--heads", str(kept))
    assert (answer.code, "Event 2 with hash aaaaaaaaaaaa" in answer.out) == (1, True)
    kept.write_text("no head at all")
    assert "holds no head" in run("verify", "--heads", str(kept)).err
    assert "cannot be used" in run("verify", "--heads", str(tmp_path / "none")).err
