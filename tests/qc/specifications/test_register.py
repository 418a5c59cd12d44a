"""The register of specifications.

Two signatures by two people, effective from a moment on, superseded by the next.
"""

from datetime import timedelta

import pytest

from documents import approval, contents, register as documents
from documents.approval import ImportFacts
from documents.faults import InvalidDocument
from documents.kinds import Kind
from integrity import signatures
from integrity.acts import Act
from integrity.facts import shown
from integrity.findings import Refused, Stale
from integrity.signatures import Seal, reviewed
from qc.specifications import register
from tests.makers import qc as qc
from tests.makers.documents import sign
from tests.makers.people import entry_id

pytestmark = pytest.mark.state("qc")

NEXT = qc.with_line(**{'limit = "80"': 'limit = "90"', 'alert_low = "85"': 'alert_low = "92"'})


@pytest.fixture
def people(database, clock):
    return qc.make_laboratory(database, at=clock())


@pytest.mark.req("QC-01")
def test_a_specification_holds_once_two_people_have_signed_it(database, clock, people):
    with database.writing() as session:
        made = qc.import_specification(session, people, at=clock())
        assert documents.states_of(session, [made], clock()) == {made.id: "draft"}
        sign(session, approval.author, made.id, by=people["qc_reviewer"], at=clock())
        assert register.effective(session, "SP-UCMSC", clock()) is None
        sign(session, approval.approve, made.id, by=people["qa"], at=clock.advance(hours=1))
    with database.reading() as session:
        assert register.effective(session, "SP-UCMSC", clock()).id == made.id
        assert register.effective(session, "SP-UCMSC", clock() - timedelta(seconds=1)) is None
        assert documents.states_of(session, [made], clock()) == {made.id: "effective"}
        assert [signature.meaning for signature in signatures.of(session, made)] == [
            "authored",
            "approved",
        ]
        assert not signatures.invalid(session, signatures.of(session, made))
        assert "sterility" in contents.names_in(session, Kind.SPECIFICATION, "SP-UCMSC", clock())


@pytest.mark.req("QC-01")
def test_the_author_does_not_approve_and_nobody_approves_before_the_author(database, clock, people):
    with database.writing() as session:
        made = qc.import_specification(session, people, at=clock())
    with pytest.raises(Refused), database.writing() as session:
        sign(session, approval.approve, made.id, by=people["qa"], at=clock())
    with database.writing() as session:
        sign(session, approval.author, made.id, by=people["qc_reviewer"], at=clock())
    with pytest.raises(Refused, match="Somebody else"), database.writing() as session:
        sign(session, approval.approve, made.id, by=people["qc_reviewer"], at=clock())


@pytest.mark.parametrize(
    ("after", "limit", "states"),
    [
        (timedelta(0), "> 80 %", ("effective", "approved")),
        (timedelta(days=1) - timedelta(seconds=1), "> 80 %", ("effective", "approved")),
        (timedelta(days=1), "> 90 %", ("superseded", "effective")),
    ],
)
@pytest.mark.req("QC-01")
def test_a_version_effective_tomorrow_supersedes_tomorrow(
    database, clock, people, after, limit, states
):
    with database.writing() as session:
        first = qc.make_specification(session, people, at=clock())
        second = qc.make_specification(
            session, people, data=NEXT, at=clock(), effective_from=clock() + timedelta(days=1)
        )
    with database.reading() as session:
        held = register.effective(session, "SP-UCMSC", clock() + after)
        line = register.contents_of(session, held).by_id["viability"]
        assert shown(line.limit_fact) == limit
        found = documents.states_of(session, [first, second], clock() + after)
        assert (found[first.id], found[second.id]) == states


def test_an_approval_later_than_the_wanted_moment_holds_from_the_approval_on(
    database, clock, people
):
    with database.writing() as session:
        made = qc.import_specification(
            session, people, at=clock(), effective_from=clock() + timedelta(hours=1)
        )
        sign(session, approval.author, made.id, by=people["qc_reviewer"], at=clock())
        sign(session, approval.approve, made.id, by=people["qa"], at=clock.advance(hours=5))
    with database.reading() as session:
        assert documents.moment(session, made.id, documents.Date.EFFECTIVE) == clock()


def test_importing_is_refused_for_the_same_bytes_and_for_the_past(database, clock, people):
    with database.writing() as session:
        qc.import_specification(session, people, at=clock())
    with pytest.raises(Refused, match="already SP-UCMSC version 1"), database.writing() as session:
        qc.import_specification(session, people, at=clock())
    with pytest.raises(Refused, match="has passed"), database.writing() as session:
        qc.import_specification(
            session, people, data=NEXT, at=clock(), effective_from=clock() - timedelta(seconds=1)
        )


def test_an_invalid_document_is_refused_with_every_fault(database, clock, people):
    with pytest.raises(InvalidDocument) as refused, database.writing() as session:
        qc.import_specification(
            session, people, data=b"[specification]\ncode = 'sp'\n[[lines]]\n", at=clock()
        )
    assert len(refused.value.faults) > 5


def test_the_same_entry_twice_is_one_and_a_changed_page_is_not_signed(database, clock, people):
    facts, entry = ImportFacts(Kind.SPECIFICATION, qc.SHIPPED_BYTES, "sp.toml"), entry_id()
    with database.writing() as session:
        first = approval.import_document(
            Act(session, people["qc_reviewer"], clock(), entry_id=entry), facts
        )
    with database.writing() as session:
        assert (
            approval.import_document(
                Act(session, people["qc_reviewer"], clock(), entry_id=entry), facts
            ).id
            == first.id
        )
        act = Act(session, people["qc_reviewer"], clock(), entry_id=entry_id())
        seal = Seal(reviewed(contents.facts_of(session, first.id, clock())), "password")
        for _ in range(2):
            approval.author(act, first.id, seal=seal)
        assert len(signatures.of(session, first)) == 1
    with pytest.raises(Stale), database.writing() as session:
        approval.approve(
            Act(session, people["qa"], clock(), entry_id=entry_id()),
            first.id,
            seal=Seal("0" * 64, "password"),
        )
