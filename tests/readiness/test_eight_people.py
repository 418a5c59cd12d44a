"""Eight people are enough: those who write and approve the master record have other posts after it
(docs/decisions/0006-one-role.md)."""

from __future__ import annotations

import pytest

from app import CHAPTERS
from documents.kinds import Kind
from people.permissions import Role
from people.queues import Asker
from readiness import beginning, guide
from readiness.guide_rules import FEWEST, UNTIL_IN_FORCE, WANTED, Beginning, Part, needs
from tests.makers import documents
from tests.makers.masters import DEEDS, WAY, do
from tests.makers.people import give_role, make_person

POSTS = {
    "admin1": Role.ADMINISTRATOR,
    "quality1": Role.QA,
    "quality2": Role.QA,
    "qp1": Role.MASTER_APPROVER,  # and then who releases
    "bench1": Role.TECHNICIAN,
    "bench2": Role.MASTER_AUTHOR,  # and then a technician
    "analyst1": Role.QC_ANALYST,
    "head1": Role.QC_REVIEWER,
}
LATER = {"qp1": Role.RELEASER, "bench2": Role.TECHNICIAN}


def lacking(session, at):
    held = beginning.in_force(session, at)
    found = needs(beginning.gather(session, held, at))
    return {each.of for each in found if each.part in (Part.PEOPLE, Part.DOCUMENTS)
            and not each.is_met}  # fmt: skip


def test_eight_people_of_one_role_each_lack_nobody_once_their_master_record_is_in_force(
    database, clock
):
    at = clock()
    with database.writing() as session:
        who = {
            name: make_person(session, role, username=name, at=at) for name, role in POSTS.items()
        }
        assert lacking(session, at) == {Role.RELEASER, Role.TECHNICIAN, *beginning_documents()}
        two = {"author": who["quality1"], "approver": who["quality2"], "at": at}
        for kind in documents.SITE:
            documents.make_document(session, kind, **two)
        documents.make_document(session, Kind.SPECIFICATION, **two | {"author": who["head1"]})
        record = documents.import_document(session, Kind.MASTER_RECORD, by=who["bench2"], at=at)
        signs = {"master_author": "bench2", "master_approver": "qp1", "qa": "quality1"}
        for deed in WAY:
            do(session, deed, record.id, by=who[signs[DEEDS[deed][0]]], at=at)
    for name, role in LATER.items():
        with database.writing() as session:
            by = {"administrator": who["admin1"], "qa": who["quality1"]}
            give_role(session, who[name], role, at=at, **by)
    with database.reading() as session:
        assert lacking(session, at) == set()
        lines = guide.of(session, Asker("admin1", Role.ADMINISTRATOR, at), CHAPTERS)
        assert {each.need.of for each in lines} & set(UNTIL_IN_FORCE) == set()
    assert len(POSTS) == FEWEST == 8


def beginning_documents():
    """Nothing is in force as it begins."""
    return {each.of for each in needs(Beginning()) if each.part is Part.DOCUMENTS}


@pytest.mark.parametrize("role", [*UNTIL_IN_FORCE])
def test_who_signs_the_master_record_is_wanted_until_one_is_in_force(role):
    others = [kind for kind in Kind if kind != Kind.MASTER_RECORD]
    before = {each.of: each for each in needs(Beginning(in_force=others))}
    assert before[role].wanted == WANTED[role]
    assert role not in {each.of for each in needs(Beginning(in_force=[*Kind]))}
