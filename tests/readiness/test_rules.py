"""What a site lacks, line by line: each of them fine and lacking, without a database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from documents.kinds import Kind
from integrity.authority import SOON, Certificate
from people.permissions import Role
from readiness.guide_rules import UNTIL_IN_FORCE, WANTED, Beginning, Part, needs
from readiness.rules import BACKUP, ROOM, Facts, lines

NOW = datetime(2026, 5, 4, 8, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def certificate(begins: datetime = NOW, ends: datetime = NOW + 2 * SOON) -> Certificate:
    return Certificate(("cordbook.lab.example",), begins, ends, "AA")


READY_TO_BEGIN = Beginning(
    people=dict(WANTED),
    in_force=tuple(Kind),
    materials_wanted=("Collagenase", "Saline"),
    lots=("saline", "Collagenase"),
    released=("Saline ", "collagenase"),
    equipment_wanted=("Incubator",),
    equipment=("Incubator",),
    calibrated=("Incubator",),
)
READY = Facts(
    at=NOW,
    address="https://cordbook.lab.example",
    is_loopback=False,
    certificate=certificate(),
    newest_event=NOW,
    backup_at=NOW - BACKUP,
    mail="mail.lab.example:587",
    printed_at=NOW,
    free=ROOM,
    is_schema_current=True,
    documents=[("MBR-7 version 2", False)],
    beginning=READY_TO_BEGIN,
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
        ({"free": ROOM - 1}, ["Disk"]),
        ({"is_schema_current": False}, ["Schema"]),
        ({"documents": ()}, ["Documents"]),
        ({"documents": [("MBR-7 version 2", False), ("SP-1 version 1", True)]}, ["Documents"]),
        ({"is_demonstration": True}, ["Documents"]),
        ({"unstated": ["its postal address"]}, ["Maker on the certificate"]),
    ],
)
def test_each_line_lacks_what_it_says_and_nothing_else(changes, what):
    assert lacking(replace(READY, **changes)) == what


@pytest.mark.parametrize("role", [each for each in WANTED if each not in UNTIL_IN_FORCE])
def test_each_role_has_as_many_people_as_the_work_wants(role):
    named = f"People: {role.replace('_', ' ')}"
    fewer, more = ({**WANTED, role: WANTED[role] + change} for change in (-1, 1))
    assert lacking(begun(people=fewer)) == [named]
    assert lacking(begun(people=more)) == []
    assert role in list(Role)


def begun(**changes) -> Facts:
    return replace(READY, beginning=replace(READY_TO_BEGIN, **changes))


@pytest.mark.parametrize(
    ("changes", "part", "counted", "names"),
    [
        ({"in_force": [each for each in Kind if each != Kind.MATERIALS]}, "documents", (0, 1), ()),
        ({"lots": ()}, "lots", (0, 2), ("Collagenase", "Saline")),
        ({"lots": ["Saline"]}, "lots", (1, 2), ("Collagenase",)),
        ({"released": ["collagenase"]}, "released", (1, 2), ("Saline",)),
        ({"equipment": ["Freezer"]}, "equipment", (0, 1), ("Incubator",)),
        ({"calibrated": ()}, "calibrated", (0, 1), ("Incubator",)),
    ],
)
def test_each_need_of_a_beginning_is_counted_and_names_what_lacks(changes, part, counted, names):
    found = [each for each in needs(replace(READY_TO_BEGIN, **changes)) if not each.is_met]
    assert [(each.part, (each.there, each.wanted), each.lacking) for each in found] == [
        (part, counted, names)
    ]
    assert len(lacking(begun(**changes))) == 1


def test_what_a_record_asks_for_is_wanted_once_one_is_in_force():
    found = needs(Beginning())
    assert {each.part for each in found if not each.is_met} == {Part.PEOPLE, Part.DOCUMENTS}
    assert len(found) == len(WANTED) + len(Kind) + 4
