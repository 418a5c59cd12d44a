"""Versions of documents, by the example of master records.

Who signs, in which order, what is in force, and that content never changes.
"""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from documents import approval, contents, register
from documents.faults import InvalidDocument
from documents.kinds import Kind
from documents.register import ControlledDocument
from integrity import signatures
from integrity.acts import Act
from integrity.facts import drawn
from integrity.files import File
from integrity.findings import Refused
from integrity.signatures import Seal, reviewed
from integrity.trail import Event
from manufacturing.masters.register import HANDLING as MASTERS
from tests.makers import documents, qc
from tests.makers.masters import (
    DEEDS,
    SHIPPED_BYTES,
    WAY,
    changed,
    do,
    entry,
    import_master,
    make_its_specification,
    make_master,
)
from tests.makers.people import make_people
from tests.templates import MORNING

MASTER = Kind.MASTER_RECORD
ROLES = ("master_author", "master_approver", "qa", "technician")
# state: the deeds that are allowed in it; every other one is refused
LIFE = {
    "draft": {"author", "reject"}, "authored": {"approve", "reject"},
    "approved": {"approve_for_quality", "reject"},
    "qa_approved": {"make_effective", "reject"}, "effective": {"retire"}, "superseded": set(),
    "retired": set(), "rejected": set(),
}  # fmt: skip


@pytest.fixture
def people(database):
    return make_people(database, *ROLES, at=MORNING)


def brought_to(session, people, state):
    """A version that stands at this state."""
    if state == "draft":
        return import_master(session, people, at=MORNING)
    steps = {
        "authored": "author",
        "approved": "approve",
        "qa_approved": "approve_for_quality",
        "rejected": "approve",
    }
    record = make_master(session, people, until=steps.get(state, "make_effective"), at=MORNING)
    if state == "superseded":
        make_master(session, people, data=changed(), at=MORNING)
    elif state in ("retired", "rejected"):
        do(
            session,
            "retire" if state == "retired" else "reject",
            record.id,
            by=people["qa"],
            at=MORNING,
        )
    return record


@pytest.mark.req("MBR-02")
@pytest.mark.parametrize("state", LIFE)
def test_each_state_allows_its_own_deeds_and_refuses_every_other(database, people, state):
    with database.writing() as session:
        record = brought_to(session, people, state)
        assert register.state(session, record, MORNING) == state
    for deed, (role, _) in DEEDS.items():
        refused = False
        try:
            with database.writing() as session:
                do(session, deed, record.id, by=people[role], at=MORNING)
                raise InterruptedError  # look only: nothing of this is kept
        except Refused as refusal:
            refused = refusal.status == 409
        except InterruptedError:
            pass
        assert refused == (deed not in LIFE[state]), (state, deed)
    with database.reading() as session:
        assert (
            register.state(session, session.get_one(ControlledDocument, record.id), MORNING)
            == state
        )


@pytest.mark.req("MBR-01")
def test_a_version_is_in_force_only_with_the_signatures_of_author_approver_and_quality(
    database, people
):
    with database.writing() as session:
        make_its_specification(session, people, at=MORNING)
        record = import_master(session, people, at=MORNING)
        for deed in WAY:
            assert register.effective(session, MASTER, record.code, MORNING) is None
            do(session, deed, record.id, by=people[DEEDS[deed][0]], at=MORNING)
        assert register.effective(session, MASTER, record.code, MORNING).id == record.id
        assert [each.id for each in register.all_effective(session, MASTER, MORNING)] == [record.id]
        signed = [(each.meaning, each.role) for each in signatures.of(session, record)]
    assert signed == [
        ("authored", "master_author"),
        ("approved", "master_approver"),
        ("approved", "qa"),
        ("approved", "master_approver"),
    ]


@pytest.mark.req("MBR-01")
@pytest.mark.req("IAM-03")
@pytest.mark.parametrize(
    ("until", "deed", "who"),
    [
        (None, "approve", "importer"),
        ("author", "approve", "master_author"),
        ("approve", "approve_for_quality", "master_author"),
        ("approve", "approve_for_quality", "master_approver"),
    ],
)
def test_nobody_signs_twice_in_the_place_of_two(database, people, until, deed, who):
    with database.writing() as session:
        if who == "importer":
            record = documents.import_document(session, MASTER, by=people["technician"], at=MORNING)
            do(session, "author", record.id, by=people["master_author"], at=MORNING)
        else:
            record = make_master(session, people, until=until, at=MORNING)
    with (
        pytest.raises(Refused, match="Somebody else must") as refusal,
        database.writing() as session,
    ):
        do(
            session,
            deed,
            record.id,
            by=people["technician" if who == "importer" else who],
            at=MORNING,
        )
    assert refusal.value.status == 409


@pytest.mark.req("MBR-02")
def test_a_change_is_the_next_version_and_supersedes_when_it_is_effective(database, people):
    with database.writing() as session:
        first = make_master(session, people, at=MORNING)
        second = make_master(
            session, people, data=changed(), until="approve_for_quality", at=MORNING
        )
        other = import_master(
            session,
            people,
            data=SHIPPED_BYTES.replace(b'code = "UC-MSC-15ML"', b'code = "OTHER"'),
            at=MORNING,
        )
        assert (first.version, second.version, other.version) == (1, 2, 1)
        assert register.effective(session, MASTER, first.code, MORNING).id == first.id
        do(session, "make_effective", second.id, by=people["master_approver"], at=MORNING)
        assert register.effective(session, MASTER, first.code, MORNING).id == second.id
        assert register.state(session, first, MORNING) == "superseded"
        assert [each.version for each in session.scalars(register.listed(MASTER))] == [1, 2, 1]


@pytest.mark.req("MBR-02")
def test_an_older_version_does_not_come_back_over_a_newer_one(database, people):
    with database.writing() as session:
        older = make_master(session, people, until="approve_for_quality", at=MORNING)
        make_master(session, people, data=changed(), at=MORNING)
    with pytest.raises(Refused, match="Version 2 is newer"), database.writing() as session:
        do(session, "make_effective", older.id, by=people["master_approver"], at=MORNING)


@pytest.mark.req("MBR-02")
def test_a_version_approved_for_a_date_is_not_effective_before_it(database, people):
    date = MORNING + timedelta(days=3)
    with database.writing() as session:
        record = make_master(session, people, until="approve", at=MORNING)
        do(
            session,
            "approve_for_quality",
            record.id,
            by=people["qa"],
            at=MORNING,
            effective_from=date,
        )
        shown = drawn(contents.facts_of(session, record.id, MORNING))
        assert ("Effective not before", "2026-11-05 08:00 +00:00") in shown
    with pytest.raises(Refused, match="when that time has come"), database.writing() as session:
        do(
            session,
            "make_effective",
            record.id,
            by=people["master_approver"],
            at=date - timedelta(milliseconds=1),
        )
    with database.writing() as session:
        do(session, "make_effective", record.id, by=people["master_approver"], at=date)
        assert register.effective(session, MASTER, record.code, date).id == record.id


def test_a_date_that_has_passed_is_refused(database, people):
    with database.writing() as session:
        record = make_master(session, people, until="approve", at=MORNING)
    with pytest.raises(Refused, match="has passed"), database.writing() as session:
        do(
            session,
            "approve_for_quality",
            record.id,
            by=people["qa"],
            at=MORNING,
            effective_from=MORNING - timedelta(seconds=1),
        )


@pytest.mark.req("MBR-02")
def test_approved_content_cannot_be_changed_and_is_kept_byte_for_byte(database, people):
    with database.writing() as session:
        record = make_master(session, people, at=MORNING)
    for statement in (
        "UPDATE documents SET title = 'x'",
        "UPDATE files SET content = 'x'",
        "DELETE FROM documents",
    ):
        with pytest.raises(Exception, match="record"), database.engine.begin() as connection:
            connection.execute(text(statement))
    with pytest.raises(RuntimeError, match="never changed"), database.writing() as session:
        session.get_one(ControlledDocument, record.id).title = "x"
    with database.reading() as session:
        kept = session.get_one(ControlledDocument, record.id)
        assert contents.source_of(session, kept) == SHIPPED_BYTES
        assert contents.of(session, kept) == MASTERS.read(SHIPPED_BYTES)


@pytest.mark.req("MBR-03")
def test_bytes_that_are_no_longer_the_imported_ones_are_not_read(database, people, monkeypatch):
    with database.writing() as session:
        record = import_master(session, people, at=MORNING)
    monkeypatch.setattr(contents, "_read", {})
    monkeypatch.setattr(contents, "source_of", lambda *_: changed())
    with (
        pytest.raises(Refused, match="not the one that was imported"),
        database.reading() as session,
    ):
        contents.by_id(session, record.id)


def test_the_same_bytes_again_are_refused_by_the_version_they_are(database, people):
    with database.writing() as session:
        import_master(session, people, at=MORNING)
    with (
        pytest.raises(Refused, match="already UC-MSC-15ML version 1"),
        database.writing() as session,
    ):
        import_master(session, people, at=MORNING)


def test_a_faulty_document_is_refused_whole_and_nothing_is_kept(database, people):
    hours = b'max = { value = "24", unit = "h" }'
    faulty = SHIPPED_BYTES.replace(b'type = "confirm"', b'type = "tick"').replace(
        hours, hours.replace(b'"h"', b'"mL"')
    )
    with pytest.raises(InvalidDocument) as invalid, database.writing() as session:
        import_master(session, people, data=faulty, at=MORNING)
    assert len(invalid.value.faults) > 1 and all(fault.place for fault in invalid.value.faults)
    with database.reading() as session:
        assert not session.scalar(select(func.count()).select_from(ControlledDocument))
        names = session.scalars(select(File.name)).all()
        assert [name for name in names if not name.startswith("catalogue-")] == []


def test_the_same_entry_twice_is_one_import_and_one_signature(database, people):
    entered = entry()
    for _ in range(2):
        with database.writing() as session:
            record = documents.import_document(
                session, MASTER, by=people["master_author"], at=MORNING, entry=entered
            )
    with database.reading() as session:
        seal = Seal(reviewed(contents.facts_of(session, record.id, MORNING)), "password")
    signing = entry()
    for _ in range(2):
        with database.writing() as session:
            approval.author(
                Act(session, people["master_author"], MORNING, entry_id=signing),
                record.id,
                seal=seal,
            )
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(ControlledDocument)) == 1
        assert len(signatures.of(session, record)) == 1
        actions = list(
            session.scalars(
                select(Event.action).where(Event.scope == record.code).order_by(Event.seq)
            )
        )
    assert actions == ["document.imported", "document.authored"]


@pytest.mark.req("SIG-16")
def test_facts_that_changed_since_they_were_shown_are_not_signed(database, people):
    with database.writing() as session:
        make_master(session, people, at=MORNING)
        second = import_master(session, people, data=changed("two"), at=MORNING)
        third = import_master(session, people, data=changed("three"), at=MORNING)
        shown = Seal(reviewed(contents.facts_of(session, third.id, MORNING)), "password")
        do(session, "reject", second.id, by=people["qa"], at=MORNING)
    with pytest.raises(Refused, match="Something changed"), database.writing() as session:
        approval.author(
            Act(session, people["master_author"], MORNING, entry_id=entry()), third.id, seal=shown
        )


def test_a_sample_for_a_test_that_qc_does_not_know_is_refused_at_quality_approval(database, people):
    lacking = qc.with_line(**{'id = "mycoplasma"': 'id = "mycoplasmas"'})
    with database.writing() as session:
        for data in (lacking, None):
            documents.make_document(
                session,
                Kind.SPECIFICATION,
                author=people["technician"],
                approver=people["qa"],
                at=MORNING,
                data=data,
            )
            if data:
                record = import_master(session, people, at=MORNING)
                for deed in ("author", "approve"):
                    do(session, deed, record.id, by=people[DEEDS[deed][0]], at=MORNING)
                with pytest.raises(Refused, match="knows no test “mycoplasma”"):
                    do(session, "approve_for_quality", record.id, by=people["qa"], at=MORNING)
        do(session, "approve_for_quality", record.id, by=people["qa"], at=MORNING)


@pytest.mark.parametrize("state", ["none", "authored", "retired", "approved", "to come"])
def test_the_specification_that_a_master_record_names_is_an_approved_document(
    database, people, state
):
    by, qa = people["technician"], people["qa"]
    later = MORNING + timedelta(days=1) if state == "to come" else None
    with database.writing() as session:
        if state != "none":
            named = documents.import_document(
                session, Kind.SPECIFICATION, by=by, at=MORNING, effective_from=later
            )
            documents.sign(session, approval.author, named.id, by=by, at=MORNING)
        if state in ("retired", "approved", "to come"):
            documents.sign(session, approval.approve, named.id, by=qa, at=MORNING)
        if state == "retired":
            documents.sign(session, approval.retire, named.id, by=qa, at=MORNING)
        record = import_master(session, people, at=MORNING)
        for deed in ("author", "approve"):
            do(session, deed, record.id, by=people[DEEDS[deed][0]], at=MORNING)
    try:
        with database.writing() as session:
            do(session, "approve_for_quality", record.id, by=qa, at=MORNING)
        assert state in ("approved", "to come")
    except Refused as refusal:
        assert state not in ("approved", "to come")
        assert "no approved specification “SP-UCMSC”" in str(refusal)


@pytest.mark.parametrize("deed", ["reject", "retire"])
def test_nothing_ends_without_a_reason(database, people, deed):
    with database.writing() as session:
        record = make_master(
            session, people, until="approve" if deed == "reject" else "make_effective", at=MORNING
        )
        seal = Seal(reviewed(contents.facts_of(session, record.id, MORNING)), "password")
    with pytest.raises(Refused, match="Say why"), database.writing() as session:
        DEEDS[deed][1](Act(session, people["qa"], MORNING, entry()), record.id, seal=seal)
