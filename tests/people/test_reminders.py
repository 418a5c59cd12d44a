"""Reminders by mail: once a day, counted and without a code, never twice and never while the clock
is doubted."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from app import DUE, QUEUES
from integrity import clock as clocks, site
from integrity.acts import Act
from integrity.trail import SYSTEM
from people import accounts, machine, reminders
from people.reminders import Kinds, Reminder
from tests import mail_server
from tests.integrity.test_post import SECRET, identity, is_known, make_certificate
from tests.makers.people import PASSWORD, entry_id, make_people, post, sign_in
from tests.makers.stores import make_lot
from tests.pages import Page

ADDRESS = "https://cordbook.example.org"
KINDS = Kinds(QUEUES, DUE, ADDRESS)
pytestmark = pytest.mark.state("laboratory")


@pytest.fixture
def server():
    with mail_server.running() as kept_and_post:
        yield kept_and_post


@pytest.fixture
def lot(database, clock):
    """A lot that waits for quality; two people of it have an address, at seven in Vienna."""
    people = make_people(database, at=clock())
    with database.writing() as session:
        for number in (7, 8):
            told = accounts.PersonFacts(
                f"qa{number}", f"Quality {number}", "qa", f"qa{number}@example.org"
            )
            machine.found(
                Act(session, SYSTEM, clock()), told, password_hash=accounts.hashed(PASSWORD)
            )
        act = Act(session, people["administrator"], clock(), entry_id=entry_id())
        site.change(act, "reminder_hour", "7", reason="Before the day begins.")
        made = make_lot(session, by=people["technician"], at=clock())
        zone = site.zone(session)
    clock.at = (clock.at + timedelta(days=1)).astimezone(zone).replace(hour=7, minute=0)
    return made


def remind(database, server, clock):
    return reminders.remind(database, server, KINDS, clock)


def test_whoever_has_an_address_gets_one_mail_a_day_without_a_code(database, clock, lot, server):
    kept, letters = server
    clock.advance(minutes=-1)
    assert remind(database, letters, clock) == 0
    clock.advance(minutes=1)
    assert remind(database, letters, clock) == 2
    assert remind(database, letters, clock) == 0
    assert kept.recipients == ["qa7@example.org", "qa8@example.org"]
    mail = kept.mails[0]
    assert "1  Lots to release" in mail and f"{ADDRESS}/week" in mail and ADDRESS + "/" in mail
    for word in (lot.code, lot.code[1:8], lot.name, lot.supplier, "Quality 8"):
        assert word not in mail
    clock.advance(days=1)
    assert remind(database, letters, clock) == 2


def test_who_stopped_them_gets_none_until_they_want_them_again(database, clock, lot, server):
    kept, letters = server
    choose(database, clock, "qa7", False)
    assert remind(database, letters, clock) == 1
    assert kept.recipients == ["qa8@example.org"]
    clock.advance(days=1)
    choose(database, clock, "qa7", True)
    assert remind(database, letters, clock) == 2


def choose(database, clock, username, wanted):
    with database.writing() as session:
        who = accounts.actor(session, accounts.find(session, username))
        reminders.choose(Act(session, who, clock(), entry_id=entry_id()), wanted)


def test_nobody_is_reminded_while_the_clock_is_doubted(database, clock, lot, server):
    kept, letters = server
    clock.advance(days=-2)
    with clocks.transaction(database, clock):
        pass
    clock.advance(days=2)
    assert remind(database, letters, clock) == 0 and kept.mails == []


def test_a_clock_that_is_found_to_have_gone_back_now_sends_nothing(database, clock, lot, server):
    kept, letters = server
    with clocks.transaction(database, clock) as act:
        site.change(act, "file_megabytes", "7", reason="The newest event is of now.")
    clock.advance(days=-1)
    assert remind(database, letters, clock) == 0 and kept.mails == []


class Killed(BaseException):
    """The process ends."""


def test_a_process_that_ends_in_between_sends_nothing_twice(database, clock, lot, server):
    kept, letters = server
    real = reminders._letter

    def end(*words):
        made = real(*words)
        if "qa8" in made["To"]:
            raise Killed
        return made

    reminders._letter = end
    try:
        with pytest.raises(Killed):
            remind(database, letters, clock)
    finally:
        reminders._letter = real
    assert remind(database, letters, clock) == 0  # qa8 was begun: they are told tomorrow
    assert kept.recipients == ["qa7@example.org"]
    with database.reading() as session:
        assert len(session.scalars(select(Reminder)).all()) == 2


def test_a_server_that_cannot_be_reached_leaves_them_to_the_next_look(database, clock, lot, server):
    kept, letters = server
    assert remind(database, replace(letters, port=9), clock) == 0
    assert remind(database, letters, clock) == 2 and len(kept.mails) == 2


def test_they_go_under_tls_to_a_server_that_is_signed_in_to(database, clock, lot, tmp_path):
    pem = make_certificate(tmp_path)
    asks = {
        "tls_context": identity(pem), "require_starttls": True,
        "authenticator": is_known, "auth_required": True,
    }  # fmt: skip
    with mail_server.running(**asks) as (kept, letters):
        strange = replace(letters, roots=pem, user="cordbook", password="wrong")
        assert remind(database, strange, clock) == 0 and kept.mails == []
        known = replace(letters, roots=pem, user="cordbook", password=SECRET)
        assert remind(database, known, clock) == 2


def test_nothing_that_waits_is_no_mail(database, clock, server):
    kept, letters = server
    with database.writing() as session:
        told = accounts.PersonFacts("reader7", "Reader 7", "reader", "reader7@example.org")
        machine.found(Act(session, SYSTEM, clock()), told, password_hash=accounts.hashed(PASSWORD))
        site.change(Act(session, SYSTEM, clock()), "reminder_hour", "7", reason="As we want it.")
        clock.at = clock.at.astimezone(site.zone(session)).replace(hour=7) + timedelta(days=1)
    assert remind(database, letters, clock) == 0 and kept.mails == []


def test_everybody_stops_their_own_on_a_page(application, sqlite, clock):
    client = application.test_client()
    sign_in(client, "technician1")
    assert 'href="/reminders"' in client.get("/password").get_data(as_text=True)
    assert "No address of yours is known" in Page(client.get("/reminders")).words
    assert post(client, "/reminders", wanted="no").status_code == 303
    assert "You want no reminders" in Page(client.get("/reminders")).words
    assert post(client, "/reminders", wanted="yes").status_code == 303
    assert "You want no reminders" not in Page(client.get("/reminders")).words
