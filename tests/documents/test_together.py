"""The shipped documents are imported on one page, and what one person signs of several kinds is
signed by one signing: each document by itself, and only by whoever may."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from documents import register
from documents.register import ControlledDocument
from documents.rules import DocumentState
from integrity import signatures
from people.permissions import Permission, Role, allows
from tests.makers.people import make_people, make_person, post, sign_in, sign_on
from tests.pages import Page

pytestmark = pytest.mark.state("people")
SHIPPED, AUTHOR, APPROVE = "/documents/shipped", "/documents/sign/author", "/documents/sign/approve"
OF_QA = ["donor_criteria", "materials", "label_stock"]


@pytest.fixture
def site(application, sqlite, clock):
    make_people(sqlite, "qa", "technician", "master_author", at=clock())
    with sqlite.writing() as session:
        make_person(session, "qa", username="qa2", name="QA 2", at=clock())
    clients = {}
    for username in ("qa1", "qa2", "technician1", "masterauthor1"):
        clients[username] = application.test_client()
        assert sign_in(clients[username], username).status_code == 303
    return clients


def kept(sqlite, clock):
    """{kind: (id, state)}."""
    with sqlite.reading() as session:
        made = session.scalars(select(ControlledDocument)).all()
        where = register.states_of(session, made, clock())
        return {each.kind: (each.id, where[each.id]) for each in made}


def test_what_is_shipped_is_imported_signed_and_approved_on_a_page_each(sqlite, clock, site):
    qa2, qa1 = site["qa2"], site["qa1"]
    assert SHIPPED in qa2.get("/documents").get_data(as_text=True)
    answer = post(qa2, SHIPPED, kinds=OF_QA)
    assert answer.status_code == 303 and answer.headers["Location"].endswith(AUTHOR)
    made = kept(sqlite, clock)
    assert {kind: state for kind, (_, state) in made.items()} == dict.fromkeys(
        OF_QA, DocumentState.DRAFT
    )
    ids = [str(number) for number, _ in made.values()]
    assert qa1.get(AUTHOR).status_code == 404
    assert sign_on(qa2, AUTHOR, "qa2", chosen=ids).status_code == 303
    assert qa2.get(APPROVE).status_code == 404, "nobody approves what they wrote"
    assert APPROVE in qa1.get("/").get_data(as_text=True)
    assert sign_on(qa1, APPROVE, "qa1", chosen=ids[:2]).status_code == 303
    states = [state for _, state in kept(sqlite, clock).values()]
    assert states.count(DocumentState.EFFECTIVE) == 2
    assert states.count(DocumentState.AUTHORED) == 1
    with sqlite.reading() as session:
        for number in ids[:2]:
            given = signatures.of(session, int(number))
            assert [each.meaning for each in given] == ["authored", "approved"]
            assert not signatures.invalid(session, given)


def test_whoever_wrote_it_or_may_not_approve_its_kind_is_refused_and_nothing_is_signed(
    sqlite, clock, site
):
    post(site["qa2"], SHIPPED, kinds=OF_QA)
    ids = [str(number) for number, _ in kept(sqlite, clock).values()]
    sign_on(site["qa2"], AUTHOR, "qa2", chosen=ids)
    reviewed = Page(site["qa1"].get(APPROVE)).value("reviewed")
    for username, status in (("qa2", 409), ("technician1", 403), ("masterauthor1", 403)):
        said = {"username": username, "password": "a long pass phrase", "reviewed": reviewed}
        answer = post(site[username], APPROVE, page="/", **said, chosen=ids)
        assert answer.status_code == status, username
    assert {state for _, state in kept(sqlite, clock).values()} == {DocumentState.AUTHORED}


def test_nobody_imports_what_their_role_does_not_write_and_nothing_comes_twice(sqlite, clock, site):
    assert site["technician1"].get(SHIPPED).status_code == 403
    assert post(site["technician1"], SHIPPED, page="/", kinds=["materials"]).status_code == 403
    for kinds in (["materials"], [], ["nonsense"], ["<script>"]):
        answer = post(site["masterauthor1"], SHIPPED, page="/", kinds=kinds)
        assert answer.status_code == 422
        assert "Choose at least one of them." in Page(answer).words
    assert kept(sqlite, clock) == {}
    assert post(site["qa1"], SHIPPED, kinds=["materials"]).status_code == 303
    answer = post(site["qa1"], SHIPPED, kinds=["materials", "label_stock"])
    assert answer.status_code == 409 and "already" in Page(answer).words
    assert set(kept(sqlite, clock)) == {"materials"}
    assert "materials" not in [
        value for form in Page(site["qa1"].get(SHIPPED)).forms for _, _, value in form.inputs
    ]


@pytest.mark.parametrize(("word", "together"), [("DRAFT_", "DRAFT"), ("APPROVE_", "APPROVE")])
def test_whoever_has_one_kind_reaches_the_page_of_several_and_nobody_else(word, together):
    of_one = [
        each
        for each in Permission
        if each.name.startswith(word) and not each.name.endswith(("_DOCUMENTS", "_FOR_QUALITY"))
    ]
    holders = {role for role in Role for each in of_one if allows(role, each)}
    page = Permission[f"{together}_DOCUMENTS"]
    assert {role for role in Role if allows(role, page)} == holders
