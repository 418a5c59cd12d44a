"""What a site lacks, line by line: each of them fine and lacking, without a database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from integrity.authority import SOON, Certificate
from people.permissions import Role
from readiness.rules import BACKUP, ROOM, WANTED, Facts, lines

NOW = datetime(2026, 5, 4, 8, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def certificate(begins: datetime = NOW, ends: datetime = NOW + 2 * SOON) -> Certificate:
    return Certificate(("cordbook.lab.example",), begins, ends, "AA")


READY = Facts(
    at=NOW,
    address="https://cordbook.lab.example",
    is_loopback=False,
    certificate=certificate(),
    newest_event=NOW,
    backup_at=NOW - BACKUP,
    mail="mail.lab.example:587",
    printed_at=NOW,
    has_stock=True,
    free=ROOM,
    is_schema_current=True,
    documents=[("MBR-7 version 2", False)],
    people=dict(WANTED),
)


def lacking(facts: Facts) -> list[str]:
    return [line.what for line in lines(facts) if not line.is_fine]


def test_a_site_that_has_everything_lacks_nothing_and_every_line_says_what_it_found():
    assert lacking(READY) == []
    assert all(line.said.endswith(".") and line.to_do for line in lines(READY))


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"is_loopback": True}, ["Address"]),
        ({"certificate": None}, ["Certificate"]),
        ({"certificate": None, "has_proxies": True}, []),
        (
            {"certificate": None, "has_proxies": True, "address": "http://cordbook.lab.example"},
            ["Certificate"],
        ),
        ({"certificate": certificate(begins=NOW + SECOND)}, ["Certificate"]),
        ({"certificate": certificate(ends=NOW + SOON)}, []),
        ({"certificate": certificate(ends=NOW + SOON - SECOND)}, ["Certificate"]),
        ({"certificate": certificate(NOW - 2 * SOON, NOW - SECOND)}, ["Certificate"]),
        ({"is_clock_doubted": True}, ["Clock"]),
        ({"newest_event": NOW + SECOND}, ["Clock"]),
        ({"newest_event": None}, []),
        ({"backup_at": None}, ["Backup"]),
        ({"backup_at": NOW - BACKUP - SECOND}, ["Backup"]),
        ({"backup_at": NOW + SECOND}, ["Backup"]),
        ({"backup_at": NOW, "backups_in": "/mnt/backups"}, []),
        ({"mail": ""}, ["Mail"]),
        ({"mail_fault": "Connection refused"}, ["Mail"]),
        ({"printed_at": None}, ["Printer"]),
        ({"has_stock": False}, ["Printer"]),
        ({"free": ROOM - 1}, ["Disk"]),
        ({"is_schema_current": False}, ["Schema"]),
        ({"documents": ()}, ["Documents"]),
        ({"documents": [("MBR-7 version 2", False), ("SP-1 version 1", True)]}, ["Documents"]),
        ({"is_demonstration": True}, ["Documents"]),
    ],
)
def test_each_line_lacks_what_it_says_and_nothing_else(changes, what):
    assert lacking(replace(READY, **changes)) == what


@pytest.mark.parametrize("role", list(WANTED))
def test_each_role_has_as_many_people_as_the_work_wants(role):
    named = f"People: {role.replace('_', ' ')}"
    assert lacking(replace(READY, people=WANTED | {role: WANTED[role] - 1})) == [named]
    assert lacking(replace(READY, people=WANTED | {role: WANTED[role] + 1})) == []
    assert role in list(Role)
