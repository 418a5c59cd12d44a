"""Several processes and several nodes serve one installation on PostgreSQL, behind a proxy."""

from __future__ import annotations

import http.client
import os
import re
import signal
import ssl
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from sqlalchemy import func, select

import processes
from benchmarks.browsers import hidden
from demonstration import donation
from integrity import authority
from integrity.acts import Act
from integrity.database import Database
from integrity.installation import Place, Sentence, held
from integrity.trail import Event
from integrity.verification import verify
from manufacturing.execution import batches
from manufacturing.execution.batches import StartFacts
from manufacturing.execution.entries import Entry
from people.access_log import Access
from tests.machine import leave_out
from tests.makers.people import PASSWORD, entry_id
from tests.makers.steps import SMALL, TYPED, make_small
from tests.proxy import proxy
from tests.templates import Clock, command, create
from tests.test_commands import ROOT, free_port

pytestmark = [pytest.mark.postgres, pytest.mark.slow]
STEPS = ("prepare/1/clear/1", "prepare/1/receipt/1", "washing/1/wash/1", "digest/1/enzyme/1")
BATCHES = 8  # of each tablet
# The small record without second persons, so that each tablet goes on by itself.
ALONE = re.sub(r"(?m)^(verify|critical|sign_off) = true\n", "", SMALL)


@dataclass
class Site:
    """A laboratory on PostgreSQL, made an hour ago, with batches that wait for their first step."""

    database: Database
    data: Path
    codes: list[str]
    scans: dict[str, str]


@pytest.fixture
def site(postgresql_server, templates, tmp_path):
    if postgresql_server is None:
        leave_out("PostgreSQL")
    name = f"cordbook_nodes_{os.getpid()}"
    create(postgresql_server, name, templates.postgresql(postgresql_server, "schema").place)
    database = Database(f"{postgresql_server}/{name}")
    clock = Clock(datetime.now(UTC) - timedelta(hours=1))
    small = make_small(database, clock, record=ALONE)
    codes = []
    for number in range(2 * BATCHES):
        with database.writing() as session:
            donor = donation.register_donor(
                session, f"H3-{number:04d}", by=small.technician, at=clock()
            )
            born = clock() - timedelta(hours=1)
            cord = donation.receive_cord(session, donor, born, by=small.technician, at=clock())
            act = Act(session, small.technician, clock(), entry_id=entry_id())
            codes.append(
                batches.start(act, StartFacts(cord.code, small.master_id, is_known=True)).code
            )
    yield Site(database, tmp_path / "var", codes, small.scans)
    database.close()
    command(postgresql_server, f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def node(site: Site, **settings: str):
    """One node: gunicorn with two processes; gives its process and its port."""
    port = free_port()
    told = {
        "CORDBOOK_DATABASE": site.database.engine.url.render_as_string(hide_password=False),
        "CORDBOOK_DATA": str(site.data),
        "CORDBOOK_PROCESSES": "2",
        "CORDBOOK_PROXIES": "127.0.0.1",
        "PORT": str(port),
    }
    process = subprocess.Popen(
        [sys.executable, "app.py"],
        cwd=ROOT,
        env=os.environ | told | settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        until = time.monotonic() + 90
        while process.poll() is None and time.monotonic() < until and not _is_up(port):
            time.sleep(0.1)
        assert process.poll() is None, process.communicate()[0]
        yield process, port
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
        process.communicate()


def _is_up(port: int) -> bool:
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    with closing(client):
        try:
            client.request("GET", "/health", headers={"X-Forwarded-Proto": "https"})
            return client.getresponse().status == 200
        except OSError:
            return False


@dataclass
class Tablet:
    """A browser on a device of its own address, which goes on when an answer does not come."""

    port: int
    trusted: Path
    address: str
    cookies: dict[str, str] = field(default_factory=dict)
    repeated: int = 0

    def ask(self, method: str, path: str, form: dict[str, str] | None = None):
        """(status, location, page); the same again, under the same entry, until it is answered."""
        until = time.monotonic() + 40
        while True:
            try:
                answer = self._asked(method, path, form)
            except (OSError, http.client.HTTPException):
                answer = (502, "", "")
            if answer[0] < 500:
                return answer
            assert time.monotonic() < until, answer
            self.repeated += 1
            time.sleep(0.1)

    def _asked(self, method, path, form):
        context = ssl.create_default_context(cafile=self.trusted)
        client = http.client.HTTPSConnection(
            "127.0.0.1", self.port, timeout=30, context=context, source_address=(self.address, 0)
        )
        headers = {"Cookie": "; ".join(f"{name}={text}" for name, text in self.cookies.items())}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        with closing(client):
            client.request(method, path, urlencode(form or {}), headers)
            answer = client.getresponse()
            page = answer.read().decode()
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _, text = line.partition(";")[0].partition("=")
            self.cookies[name] = text
        return answer.status, urlsplit(answer.headers.get("Location", "")).path, page

    def sign_in(self, username: str) -> None:
        form = hidden(self.ask("GET", "/sign-in")[2])
        form |= {"username": username, "password": PASSWORD}
        assert self.ask("POST", "/sign-in", form)[0] == 303

    def record(self, code: str, step: str, typed: dict[str, str]) -> str:
        """Record a step of a batch; gives the entry that was acknowledged."""
        path = f"/batches/{code}/steps/{step}"
        form = hidden(self.ask("GET", path)[2])
        status, _, page = self.ask("POST", path, form | typed)
        assert status == 303, re.findall(r"(?s)<main.*", page)
        return form["entry_id"]


def typed(site: Site, step: str) -> dict[str, str]:
    scanned = {
        "wash": {"pbs": site.scans["DPBS"]},
        "enzyme": {"incubator": site.scans["incubator"]},
    }
    name = step.split("/")[2]
    return {**scanned.get(name, {}), **TYPED.get(name, {})}


@pytest.fixture
def secured(tmp_path):
    """(the proxy's pair, the authority that tablets trust)."""
    authority.certify(tmp_path, ("127.0.0.1",), at=datetime.now(UTC))
    return authority.server_file(tmp_path), authority.authority_file(tmp_path)


@pytest.mark.req("IAM-07")
def test_two_tablets_and_a_desk_go_on_when_one_of_two_nodes_is_killed(site, secured):
    acknowledged: list[str] = []
    halfway = threading.Event()
    with ExitStack() as held_open:
        url = {"CORDBOOK_URL": "https://cordbook.example.org"}
        nodes = [held_open.enter_context(node(site, **url)) for _ in range(2)]
        ports = [port for _, port in nodes]
        port, took = held_open.enter_context(proxy(ports, secured[0]))
        tablets = [Tablet(port, secured[1], f"127.0.0.{number}") for number in (11, 12)]
        desk = Tablet(port, secured[1], "127.0.0.13")

        def work(number: int) -> None:
            tablet = tablets[number]
            tablet.sign_in("technician1" if number == 0 else "technician2")
            for code in site.codes[number::2]:
                for step in STEPS:
                    acknowledged.append(tablet.record(code, step, typed(site, step)))
                    if len(acknowledged) > len(STEPS) * BATCHES // 2:
                        halfway.set()

        def read() -> int:
            desk.sign_in("qa1")
            pages = 0
            while len(acknowledged) < 2 * BATCHES * len(STEPS) and not failed.is_set():
                for path in ("/release", "/batches", f"/batches/{site.codes[0]}", "/trail"):
                    assert desk.ask("GET", path)[0] == 200, path
                    pages += 1
            return pages

        def kill() -> None:
            assert halfway.wait(120)
            os.killpg(nodes[0][0].pid, signal.SIGKILL)  # the machine is gone, with what it was at

        failed = threading.Event()
        with ThreadPoolExecutor(4) as pool:
            jobs = [pool.submit(work, 0), pool.submit(work, 1), pool.submit(kill)]
            reading = pool.submit(read)
            try:
                for job in jobs:
                    job.result(timeout=180)
            except BaseException:
                failed.set()
                halfway.set()
                raise
            assert reading.result(timeout=60) > 8
        assert nodes[0][0].wait(10) == -signal.SIGKILL and nodes[1][0].poll() is None
    assert len(acknowledged) == len(set(acknowledged)) == 2 * BATCHES * len(STEPS)
    assert set(took) == set(ports), "both nodes have answered"
    with site.database.reading() as reading_session:
        kept = reading_session.scalars(
            select(Event.entry_id).where(Event.action == "step.recorded")
        ).all()
        assert sorted(kept) == sorted(acknowledged), "nothing lost and nothing twice"
        assert reading_session.scalar(select(func.count(Entry.id))) == len(acknowledged)
        report = verify(reading_session)
        assert report.whole, report.faults
        devices = set(
            reading_session.scalars(select(Access.station).where(Access.kind == "signed in"))
        )
    assert {each.rpartition(" ")[2] for each in devices} == {
        "127.0.0.11", "127.0.0.12", "127.0.0.13",
    }, "the device recorded is the real one"  # fmt: skip


def test_a_process_that_dies_is_replaced_and_all_end_when_told_to(site):
    with node(site, CORDBOOK_PROXIES="") as (process, port):
        [first, _] = _two_children(process.pid)  # the node is up once the first of them answers
        os.kill(first, signal.SIGKILL)
        _two_children(process.pid, but=first)
        assert _is_up(port)
        process.terminate()
        said = process.communicate(timeout=40)[0]
    assert process.returncode == 0
    assert f"serves at http://127.0.0.1:{port}" in said and "Traceback" not in said


def _two_children(pid: int, but: int = 0) -> list[int]:
    """The two processes that a node keeps, once they are there and this one is none of them."""
    until = time.monotonic() + 20
    while len(found := _children(pid)) != 2 or but in found:
        assert time.monotonic() < until, found
        time.sleep(0.1)
    return found


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(each) for each in listed.split()]


@pytest.mark.parametrize("given", ["0", "65", "two", "-1", "1.5"])
def test_a_number_of_processes_that_cannot_be_is_one_sentence(given):
    with pytest.raises(Sentence, match="CORDBOOK_PROCESSES is"):
        processes.wanted(given)


def test_an_embedded_database_has_one_process(tmp_path, monkeypatch):
    monkeypatch.setenv("CORDBOOK_DATA", str(tmp_path))
    monkeypatch.delenv("CORDBOOK_DATABASE", raising=False)
    with pytest.raises(Sentence, match="the embedded SQLite has one"):
        processes.serve(lambda *_: None, 2)


def test_servers_of_one_postgresql_share_a_data_directory_and_nobody_restores_meanwhile(tmp_path):
    (tmp_path / "cordbook.lock").touch()
    here = Place(tmp_path, "postgresql+psycopg://x/y")
    with held(here, "no", with_others=True) as first:
        assert first.is_alone
        first.share()
        with held(here, "no", with_others=True) as second:
            assert not second.is_alone
        with pytest.raises(Sentence), held(here, "no"):
            pass
    with held(here, "no") as alone:
        assert alone.is_alone


def test_what_one_of_several_does_is_done_by_one_at_a_time(site):
    other = Database(site.database.engine.url.render_as_string(hide_password=False))
    with site.database.alone(5) as mine, other.alone(5) as theirs, other.alone(6) as another:
        assert (mine, theirs, another) == (True, False, True)
    with other.alone(5) as theirs:
        assert theirs
    other.close()
