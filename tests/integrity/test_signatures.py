"""A signature is bound to its subject and to the facts that were shown.

It can be neither moved nor kept after a change.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from integrity import catalogue, clock, files, signatures, site, trail
from integrity.acts import Act
from integrity.canonical import canonical, digest_of
from integrity.catalogue import Catalogue, Message
from integrity.database import Session
from integrity.facts import Reader, instant, pair
from integrity.findings import Refused, Stale, Unavailable
from integrity.signatures import Meaning, Seal, Signature, reviewed
from people import grants
from people.grants import Wanted
from tests.makers.people import entry_id, make_person
from tests.makers.records import switch_off_guards
from tests.makers.subjects import make_subject
from tests.templates import MORNING

FACTS = [("Lot", "M26000101"), ("Disposition", "quarantine")]
LATER = MORNING + timedelta(hours=1)


def sign(
    session,
    code="M26000101",
    *,
    by,
    facts=FACTS,
    seal=None,
    elsewhere=False,
):
    """A signing act in little, on a lot of its own; its event may stand under another subject."""
    subject = make_subject(session, "lots", code)
    seal = seal or Seal(reviewed(facts), "user name and password")
    signature = signatures.sign(
        Act(session, by, MORNING), seal, Meaning.APPROVED, subject, facts, scope=subject.itself
    )
    Act(session, by, MORNING).say(
        "lot.released",
        ("batches", "7") if elsewhere else subject,
        scope=None if elsewhere else code,
    )
    return signature


GIVEN = select(Signature).where(Signature.meaning != Meaning.DECLARED)  # the first is a declaration


@pytest.fixture
def qa(database):
    with database.writing() as session:
        return make_person(session, "qa", name="Nguyễn Thị Minh", at=MORNING)


@pytest.mark.req("SIG-02")
def test_a_signature_keeps_the_name_and_role_of_its_moment(database, qa):
    with database.writing() as session:
        administrator = make_person(session, "administrator", at=MORNING)
        make_person(session, "qa", username="another.qa", at=MORNING)
        sign(session, by=qa)
    with database.writing() as session:
        grants.change(
            Act(session, administrator, LATER, entry_id=entry_id()),
            qa.id,
            Wanted("Another name", "reader"),
            reason="Married and moved.",
        )
    with database.reading() as session:
        [kept] = session.scalars(GIVEN)
        assert (kept.name, kept.username, kept.role_title) == (
            "Nguyễn Thị Minh",
            "qa1",
            "Quality assurance",
        )
        assert (kept.meaning, kept.at, kept.zone, kept.components) == (
            "approved",
            MORNING,
            "UTC",
            "user name and password",
        )
        assert kept.facts == {
            "catalogue": catalogue.version("en"),
            "facts": [list(pair) for pair in FACTS],
            "language": "en",
            "zone": "UTC",
        }
        assert signatures.invalid(session, [kept]) == set()


@pytest.mark.req("SIG-04")
@pytest.mark.parametrize("what", ["language", "catalogue", "zone", "texts"])
def test_a_signature_cannot_be_moved_to_other_words_than_were_shown(database, qa, what):
    with database.writing() as session:
        sign(session, by=qa)
        other = files.keep(Act(session, qa, MORNING), b"{}", "catalogue-en.json", "text/plain")
        Act(session, qa, MORNING).say("lot.released", other)
        shown = canonical({**session.get_one(Signature, 2).facts, what: "vi"})
        changed = f"catalogue_id = {other.id}" if what == "texts" else f"facts = '{shown}'"
    with database.engine.begin() as connection:
        switch_off_guards(connection)
        connection.execute(text(f"UPDATE signatures SET {changed} WHERE id = 2"))
    with database.reading() as session:
        [kept] = session.scalars(GIVEN)
        assert signatures.invalid(session, [kept]) == {kept.id}


class Said(Message):
    """What the facts of this test are called."""

    HELD = "test-held"


@pytest.fixture
def vietnamese(monkeypatch):
    """A house that speaks Vietnamese as well; what it says may be changed."""

    def speak(word):
        english = {"test.ftl": "test-held = On hold\n"}
        said = {"en": english, "vi": {"test.ftl": f"test-held = {word}\n"}}
        spoken = Catalogue(said, strict=True)
        monkeypatch.setattr(catalogue, "shipped", lambda: spoken)

    return speak


@pytest.mark.req("SIG-04")
def test_what_was_signed_is_drawn_in_the_language_zone_and_words_of_then(database, qa, vietnamese):
    vietnamese("Tạm giữ")
    facts, hanoi = [pair(Said.HELD, instant(MORNING))], "Asia/Ho_Chi_Minh"
    with database.writing() as session:
        session.ledger.zone = hanoi
        act = Act(session, qa, MORNING, language="vi")
        subject = make_subject(session)
        with pytest.raises(Stale):  # the same facts, read in English
            signatures.sign(
                act, Seal(reviewed(facts), "password"), Meaning.APPROVED, subject, facts
            )
        seal = Seal(reviewed(facts, Reader("vi", hanoi)), "password")
        signature = signatures.sign(act, seal, Meaning.APPROVED, subject, facts)
        act.say("lot.released", subject)
    vietnamese("Bị giữ lại")
    with database.reading() as session:
        kept = session.get_one(Signature, signature.id)
        assert signatures.signed_facts(session, kept) == [("Tạm giữ", "2026-11-02 15:00 +07:00")]
        assert signatures.invalid(session, [kept]) == set()


@pytest.mark.req("SIG-16")
def test_facts_that_changed_since_they_were_shown_are_not_signed(database, qa):
    shown = Seal(reviewed(FACTS), "password")
    with pytest.raises(Stale, match="Something changed") as refusal, database.writing() as session:
        sign(session, by=qa, facts=[("Lot", "M26000101"), ("Disposition", "on hold")], seal=shown)
    assert refusal.value.status == 409
    with database.reading() as session:
        assert session.scalars(GIVEN).all() == []


def test_only_a_person_signs(database):
    with pytest.raises(Refused, match="Only a person"), database.writing() as session:
        sign(session, by=trail.SYSTEM)


@pytest.mark.req("TIM-03")
def test_nothing_is_signed_while_the_clock_is_suspect(database, qa):
    with clock.transaction(database, lambda: MORNING - timedelta(hours=1)) as act:
        site.change(act, "name", "Site one", reason="A name for the tests.")
    with pytest.raises(Unavailable) as refusal, database.writing() as session:
        sign(session, by=qa)
    assert refusal.value.status == 503


@pytest.mark.req("SIG-04")
@pytest.mark.parametrize(
    "deed", ["copied", "moved", "renamed", "facts", "respelt", "digest", "both", "meaning"]
)
def test_a_signature_copied_moved_or_changed_is_invalid(deed, database, qa):
    with database.writing() as session:
        first = sign(session, by=qa).subject_id
        second = sign(session, "M26000202", by=qa).subject_id
    columns = [column.name for column in Signature.__table__.columns]
    forged = '[["Lot","M26000999"]]'
    statements = {
        "copied": f"INSERT INTO signatures ({', '.join(columns)}) SELECT "
        + ", ".join({"id": "9", "subject_id": str(second)}.get(name, name) for name in columns)
        + " FROM signatures WHERE id = 2",
        "moved": f"UPDATE signatures SET subject_id = {second} WHERE id = 2",
        "renamed": "UPDATE signatures SET name = 'Somebody else' WHERE id = 2",
        "facts": f"UPDATE signatures SET facts = '{forged}' WHERE id = 2",
        "respelt": "UPDATE signatures SET facts = facts || ' ' WHERE id = 2",
        "digest": f"UPDATE signatures SET facts_digest = '{digest_of('x')}' WHERE id = 2",
        "both": f"UPDATE signatures SET facts = '{forged}', facts_digest = "
        f"'{digest_of([['Lot', 'M26000999']])}' WHERE id = 2",
        "meaning": "UPDATE signatures SET meaning = 'rejected' WHERE id = 2",
    }
    with database.engine.begin() as connection:
        switch_off_guards(connection)
        connection.execute(text(statements[deed]))
    with database.reading() as session:
        every = [*signatures.of(session, first), *signatures.of(session, second)]
        assert signatures.invalid(session, every) == {9 if deed == "copied" else 2}
        assert signatures.invalid(session, signatures.of(session, second)) == (
            {9} if deed == "copied" else {2} if deed == "moved" else set()
        )


def test_a_signature_whose_event_stands_under_another_subject_is_still_known(database, qa):
    with database.writing() as session:
        signed = sign(session, by=qa, elsewhere=True).subject_id
    with database.reading() as session:
        assert signatures.invalid(session, signatures.of(session, signed)) == set()


def test_asking_for_no_signature_asks_nothing(sqlite):
    with sqlite.reading() as session:
        assert isinstance(session, Session)
        assert signatures.invalid(session, []) == set()
