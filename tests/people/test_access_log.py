"""The access log: every sign-in, refusal, print, export and download has its line."""

from __future__ import annotations

import subprocess
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, text

from app import create_app
from integrity import filters, site
from integrity.acts import Act
from integrity.trail import SYSTEM
from people import access_log
from people.access_log import Access, AccessKind
from people.views.access_log import FILTERS
from tests.makers.people import PASSWORD, entry_id, make_people, post, sign_in, token
from tests.pages import Page

ROOT = Path(__file__).resolve().parents[2]


def log_of(database) -> list[Access]:
    with database.reading() as session:
        return list(session.scalars(select(Access).order_by(Access.id)))


def said(database) -> list[tuple[str, str]]:
    return [(line.kind, line.username) for line in log_of(database)]


@pytest.fixture
def client(application, sqlite, clock):
    make_people(sqlite, "technician", "administrator", "qa", at=clock())
    return application.test_client()


# Each kind
# -------------------------------------------------------------------------------------------------


def _refused(client, clock):
    sign_in(client, "qa1", "wrong")


def _signed_out(client, clock):
    sign_in(client, "qa1")
    post(client, "/sign-out", page="/password")


def _replaced(client, clock):
    sign_in(client, "technician1")
    sign_in(client, "qa1")


def _locked(client, clock):
    sign_in(client, "qa1")
    clock.advance(minutes=11)
    client.get("/trail")


def _unlocked(client, clock):
    sign_in(client, "qa1")
    given = token(client, "/password")
    clock.advance(minutes=11)
    client.get("/trail")
    data = {"csrf_token": given, "entry_id": entry_id(), "password": PASSWORD, "next": "/trail"}
    assert client.post("/unlock", data=data).status_code == 303


def _forgotten(client, clock):
    sign_in(client, "technician1")
    clock.advance(hours=17)
    sign_in(client.application.test_client(), "qa1")


def _denied(client, clock):
    sign_in(client, "technician1")
    assert client.get("/people").status_code == 403


def _closed(client, clock):
    for _ in range(5):
        sign_in(client, "technician1", "wrong")


def _exported(client, clock):
    sign_in(client, "qa1")
    assert client.get("/trail.csv?action=person").status_code == 200


@pytest.mark.req("IAM-09", "AUD-10")
@pytest.mark.state("technician+administrator+qa")
@pytest.mark.parametrize(
    ("deed", "kind", "username", "what"),
    [
        (_replaced, AccessKind.SIGNED_IN, "qa1", ""),
        (_refused, AccessKind.SIGN_IN_REFUSED, "qa1", ""),
        (_signed_out, AccessKind.SIGNED_OUT, "qa1", ""),
        (_replaced, AccessKind.SIGNED_OUT, "technician1", ""),
        (_locked, AccessKind.LOCKED, "qa1", "nothing was done since 2026-11-02T08:00:00.000Z"),
        (_unlocked, AccessKind.UNLOCKED, "qa1", ""),
        (_forgotten, AccessKind.TIMED_OUT, "technician1", "nobody came back"),
        (_denied, AccessKind.DENIED, "technician1", "GET /people"),
        (_closed, AccessKind.CLOSED, "technician1", "Signing in is closed from the address"),
        (_exported, AccessKind.EXPORTED, "qa1", "trail-all.csv, /trail.csv?action=person"),
    ],
    ids=lambda each: getattr(each, "value", getattr(each, "__name__", None)),
)
def test_each_kind_of_access_has_its_line_and_is_found_by_kind_and_person(
    deed, kind, username, what, client, sqlite, clock
):
    deed(client, clock)
    found = [line for line in log_of(sqlite) if (line.kind, line.username) == (kind, username)]
    assert len(found) == 1 and found[0].what.startswith(what)
    assert "127.0.0.1" in found[0].station
    reader = client.application.test_client()
    sign_in(reader, "administrator1")
    shown = Page(reader.get(f"/access?kind={kind}&username={username.upper()}")).words
    assert f"{username} " in shown and found[0].what in shown
    assert "Lines: 0" in Page(reader.get(f"/access?kind={kind}&username=qa2")).words


@pytest.mark.req("IAM-09")
@pytest.mark.state("technician+administrator+qa")
def test_a_refused_signing_and_an_unknown_name_have_their_lines(client, sqlite):
    sign_in(client, "nobody.here", "wrong")
    [line] = log_of(sqlite)
    assert (line.kind, line.person_id, line.username) == ("sign-in refused", None, "")
    assert line.what == "a name that nobody has"


# The page
# -------------------------------------------------------------------------------------------------


@pytest.mark.req("IAM-09")
@pytest.mark.state("technician+administrator+qa")
def test_the_log_is_found_by_day_of_the_site_and_bad_days_say_so(client, sqlite, clock):
    sign_in(client.application.test_client(), "technician1")
    clock.advance(days=2)
    sign_in(client, "administrator1")

    def shown(**asked):
        return Page(client.get("/access", query_string=asked))

    first, third = clock() - timedelta(days=2), clock()
    days = {name: f"{at:%Y-%m-%d}" for name, at in (("first", first), ("third", third))}
    assert "technician1" in shown(to=days["first"]).words
    assert "technician1" not in shown(**{"from": days["third"], "kind": "signed in"}).words
    assert "technician1" in shown(**{"from": days["first"], "to": days["first"]}).words
    for bad in ("yesterday", "2026-13-01", "9999-12-31' OR 1=1"):
        answer = client.get("/access", query_string={"from": bad})
        assert (answer.status_code, "This is no day" in Page(answer).words) == (422, True)
    for strange in ("<script>", "x" * 9000, "\u202e"):
        assert client.get("/access", query_string={"username": strange}).status_code == 200


@pytest.mark.req("IAM-09")
@pytest.mark.state("technician+administrator+qa")
@pytest.mark.parametrize(
    ("username", "status"), [("administrator1", 200), ("qa1", 200), ("technician1", 403)]
)
def test_administrators_and_quality_read_the_log_and_nobody_else(username, status, client):
    sign_in(client, username)
    assert client.get("/access").status_code == status
    offered = any(link == "/access" for link in Page(client.get("/trail")).links)
    assert offered is (status == 200)


def _lines(session, at, number):
    for each in range(number):
        session.add(
            Access(
                at=at + timedelta(seconds=each),
                kind=AccessKind.SIGNED_IN.value,
                person_id=None,
                username=f"somebody{each % 7}",
                station="192.0.2.1",
                what=str(each),
            )
        )


@pytest.mark.req("IAM-09")
@pytest.mark.state("technician+administrator+qa")
def test_a_long_log_is_read_in_pages_the_newest_first(client, sqlite, clock):
    with sqlite.writing() as session:
        _lines(session, clock(), 120)
    clock.advance(hours=1)
    sign_in(client, "administrator1")
    first = Page(client.get("/access?kind=signed in"))
    assert "somebody0 192.0.2.1 Signed in 119" in first.words and "118" in first.words
    following = next(link for link in first.links if "after=" in link)
    assert "Signed in 65" in Page(client.get(following)).words


@pytest.mark.state("technician+administrator+qa")
@pytest.mark.parametrize("asked", [(), ("kind",), ("username",), ("from",), ("kind", "to")])
def test_no_filter_looks_through_the_whole_log_or_sorts_it(asked, sqlite, clock):
    values = {"kind": "printed", "username": "qa1", "from": "2026-11-02", "to": "2026-11-02"}
    given = {name: values[name] for name in asked}
    made = filters.narrowed(access_log.listed(), FILTERS, given, ZoneInfo("UTC"))
    wanted = made.wanted.limit(50)
    literal = wanted.compile(sqlite.engine, compile_kwargs={"literal_binds": True})
    with sqlite.engine.connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {literal}").all()
    steps = " ".join(row[3] for row in plan)
    assert "INDEX accesses_by" in steps and "TEMP B-TREE" not in steps


# Files
# -------------------------------------------------------------------------------------------------


def test_files_are_handed_out_by_the_one_function_that_logs_them():
    found = subprocess.run(
        [
            "git",
            "grep",
            "--untracked",
            "-lE",
            "Content-Disposition|send_file|send_from_directory",
            "--",
            "*.py",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    public = "people/views/trust.py"  # a public key, for a device that nobody is signed in on
    named = [name for name in found if not name.startswith("tests/") and name != public]
    assert named == ["people/handing_out.py"]


@pytest.mark.req("AUD-10")
@pytest.mark.state("schema")
def test_the_log_is_written_read_and_kept_on_both_databases(database, clock):
    make_people(database, "administrator", "qa", at=clock())
    client = create_app(database, "not a secret: a test", clock=clock).test_client()
    sign_in(client, "qa1", "wrong")
    sign_in(client, "qa1")
    assert client.get("/trail.jsonl").get_data()
    assert said(database) == [
        ("sign-in refused", "qa1"),
        ("signed in", "qa1"),
        ("exported", "qa1"),
    ]
    shown = Page(client.get("/access?username=qa1&kind=exported")).words
    assert "trail-all.jsonl, /trail.jsonl" in shown
    for statement in ("UPDATE accesses SET what = ''", "DELETE FROM accesses"):
        with (
            pytest.raises(Exception, match="only ever inserted"),
            database.engine.begin() as connection,
        ):
            connection.execute(text(statement))


@pytest.mark.parametrize("zone", ["Asia/Ho_Chi_Minh", "America/New_York"])
@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_first_and_the_last_day_of_the_calendar_are_answered(client, sqlite, clock, zone, day):
    with sqlite.writing() as session:
        site.change(Act(session, SYSTEM, clock()), "zone", zone, reason="The site has moved there.")
    sign_in(client, "qa1")
    for name in ("from", "to"):
        assert client.get(f"/access?{name}={day}").status_code in (200, 422)
