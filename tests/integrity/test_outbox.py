"""Mails leave after what they report is committed, once, and wait while no server answers."""

from __future__ import annotations

from datetime import timedelta

import pytest

from integrity import outbox
from integrity.post import Post
from tests import mail_server
from tests.templates import MORNING


@pytest.fixture
def server():
    with mail_server.running() as kept_and_post:
        yield kept_and_post


def put(database, subject="Cordbook: signing is locked for qa1") -> None:
    with database.writing() as session:
        outbox.put(session, subject, "Phải tìm hiểu: who tried?\n", at=MORNING)


def test_a_mail_is_sent_once_to_everybody_who_is_alerted(database, server):
    kept, post = server
    put(database)
    assert outbox.deliver(database, post, lambda: MORNING) == 1
    assert outbox.deliver(database, post, lambda: MORNING) == 0
    assert kept.recipients == ["security@example.org", "qa@example.org"]
    assert len(kept.mails) == 1 and "signing is locked for qa1" in kept.mails[0]


def test_what_was_rolled_back_is_not_sent(database, server):
    kept, post = server
    with pytest.raises(ZeroDivisionError), database.writing() as session:
        outbox.put(session, "An alert", "Nothing happened.", at=MORNING)
        raise ZeroDivisionError
    assert outbox.deliver(database, post, lambda: MORNING) == 0
    assert kept.mails == []


def test_a_server_that_does_not_answer_leaves_the_mail_waiting(database, server):
    kept, post = server
    put(database)
    assert outbox.deliver(database, Post("127.0.0.1", 9, post.recipients), lambda: MORNING) == 0
    assert outbox.deliver(database, post, lambda: MORNING) == 1
    assert len(kept.mails) == 1


class Picky:
    """A mail server that refuses one recipient."""

    def __init__(self) -> None:
        self.subjects: list[str] = []

    async def handle_RCPT(self, _server, _session, envelope, address, _options) -> str:
        if address == "gone@example.org":
            return "550 No such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope) -> str:
        self.subjects.append(envelope.content.decode().partition("Subject: ")[2].split("\r\n")[0])
        return "250 OK"


def test_a_mail_that_is_refused_keeps_no_other_waiting(database):
    with database.writing() as session:
        outbox.put(session, "Head 7", "7", at=MORNING, recipient="gone@example.org")
        outbox.put(session, "An alert", "Somebody tries.", at=MORNING)
    with mail_server.running(Picky()) as (picky, post):
        assert outbox.deliver(database, post, lambda: MORNING) == 1
        assert outbox.deliver(database, post, lambda: MORNING) == 0
    assert picky.subjects == ["An alert"]


def test_an_alert_nobody_could_be_told_for_a_week_is_dropped(sqlite, server):
    kept, post = server
    put(sqlite, "old")
    with sqlite.writing() as session:
        outbox.put(session, "new", "A new alert.", at=MORNING + timedelta(days=7, seconds=1))
    assert outbox.deliver(sqlite, post, lambda: MORNING) == 1
    assert "Subject: new" in kept.mails[0]


def test_a_subject_cannot_smuggle_a_header(sqlite, server):
    kept, post = server
    put(sqlite, "one\r\nBcc: somebody@example.org")
    assert outbox.deliver(sqlite, post, lambda: MORNING) == 1
    assert kept.recipients == list(post.recipients)
    assert "Subject: one Bcc: somebody@example.org" in kept.mails[0]
