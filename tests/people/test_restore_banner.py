"""After a restore every page says that something is lost, until QA has judged it; what was there
before can be looked up.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

import app as roof
from integrity import backups, site, trail
from integrity.acts import Act
from integrity.database import Database
from integrity.verification import verify
from tests.makers.people import entry_id, post, sign_in
from tests.pages import Page

pytestmark = pytest.mark.state("technician+qa+administrator")

BANNER = "This installation was restored from a backup"
REASON = "The lost entries were entered again from paper."


@pytest.fixture
def restored(sqlite, clock, tmp_path):
    """(the database put back as it was before its last event, its head before that)."""
    backups.backup(sqlite, tmp_path / "backup.db")
    clock.advance(hours=1)
    with sqlite.writing() as session:
        act = Act(session, trail.SYSTEM, clock(), entry_id())
        site.change(act, "name", "Site one", reason="A name for the tests.")
    with sqlite.reading() as session:
        lost = verify(session)
    sqlite.close()
    target = Path(sqlite.url.removeprefix("sqlite:///"))
    backups.restore(tmp_path / "backup.db", target, at=clock() + timedelta(minutes=1))
    clock.advance(minutes=2)
    opened = Database(sqlite.url)
    yield opened, lost
    opened.close()


@pytest.mark.req("REC-05")
def test_the_banner_stands_on_every_persons_pages_until_qa_has_judged(restored, clock):
    database, lost = restored
    made = roof.create_app(database, "not a secret: a test", clock=clock)
    people = {}
    for username in ("technician1", "qa1", "administrator1"):
        people[username] = made.test_client()
        assert sign_in(people[username], username).status_code == 303
        assert BANNER in Page(people[username].get("/trail")).words
    trail_page = Page(people["qa1"].get("/trail?action=site.restored")).words
    assert lost.head in trail_page.replace(" ", "") and str(lost.events) in trail_page
    with database.reading() as session:
        assert not verify(session, (lost.events, lost.head)).whole
    judge = "/site/restore/judge"
    refused = post(people["technician1"], judge, page="/password", reason=REASON)
    assert refused.status_code == 403
    assert BANNER in Page(people["technician1"].get("/trail")).words
    assert post(people["qa1"], judge, reason=REASON).status_code == 303
    for client in people.values():
        assert BANNER not in Page(client.get("/trail")).words
    assert REASON in Page(people["qa1"].get("/trail")).words
