"""The guide of the first page: in order, counted, led on by whoever may, gone when all is there."""

from __future__ import annotations

import re

import pytest

from app import CHAPTERS
from people.permissions import Role, allows
from people.queues import Asker
from readiness import guide
from readiness.guide_rules import Part
from tests.makers.people import post, sign_in


def lines(session, role, at):
    return guide.of(session, Asker(f"{role}1", role, at), CHAPTERS)


@pytest.mark.state("people")
def test_everybody_who_may_do_a_line_is_shown_the_guide_with_the_deed_and_nobody_else(
    database, clock
):
    with database.reading() as session:
        shown = {role: lines(session, role, clock()) for role in Role}
    assert {role for role, found in shown.items() if not found} == {
        Role.VERIFIER, Role.RELEASER, Role.READER, Role.TECHNICIAN, Role.QC_ANALYST,
        Role.MASTER_APPROVER,
    }  # fmt: skip
    for role, found in shown.items():
        for line in found:
            assert line.deed is None or allows(role, line.deed.permission)
            assert line.who
    administrator = shown[Role.ADMINISTRATOR]
    assert [line.need.part for line in administrator][-4:] == [
        Part.LOTS, Part.RELEASED, Part.EQUIPMENT, Part.CALIBRATED,
    ]  # fmt: skip
    assert [line.deed.page.endpoint for line in administrator if line.deed] == [
        "people.person_new"
    ] * 2


@pytest.mark.state("people")
def test_a_line_leads_to_the_next_signature_of_a_document(application, sqlite, clock):
    client = application.test_client()
    sign_in(client, "qcreviewer1")
    page = client.get("/").get_data(as_text=True)
    assert "Before the first cord" in page and 'href="/specifications/import"' in page
    post(client, "/specifications/import", shipped="yes")
    page = client.get("/").get_data(as_text=True)
    assert 'href="/specifications/import"' not in page
    assert re.search(r'href="/specifications/\d+/author">Sign as author</a>', page)


@pytest.mark.state("laboratory")
def test_what_is_there_is_counted_from_the_records(database, clock):
    with database.reading() as session:
        found = {line.need.part: line for line in lines(session, Role.QA, clock())}
    for part in (Part.RELEASED, Part.CALIBRATED):
        need = found[part].need
        assert need.wanted and need.there + len(need.lacking) == need.wanted


@pytest.mark.state("demonstration")
def test_it_is_gone_once_a_batch_was_begun(database, clock):
    with database.reading() as session:
        assert all(lines(session, role, clock()) == [] for role in Role)
