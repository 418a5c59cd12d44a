"""Every form in which people read a record shows who signed it, what that meant and when."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from documents.kinds import Kind
from documents.register import ControlledDocument
from integrity import signatures, times
from integrity.acts import Act
from integrity.database import Session
from integrity.deviations import Deviation
from integrity.signatures import Meaning, Signature
from integrity.trail import Event
from manufacturing.donation.donations import Cord, Determination, Donor
from people.signing import MEANINGS
from stores import lots
from stores.containers import Container
from stores.lots import Lot
from tests.machine import words_of
from tests.makers import release
from tests.makers.people import entry_id, sign_in
from tests.makers.stores import make_lot, seal_of
from tests.pages import Page

FOLDERS = {
    Kind.MASTER_RECORD: "/masters",
    Kind.SPECIFICATION: "/specifications",
    Kind.DONOR_CRITERIA: "/documents/donor-criteria",
    Kind.MATERIALS: "/documents/materials",
    Kind.LABEL_STOCK: "/documents/label-stock",
}
KINDS = (
    "batches",
    "containers",
    "cords",
    "determinations",
    "deviations",
    "documents",
    "entries",
    "lots",
    "people",
    "results",
    "sign_offs",
)


@pytest.fixture
def lived_in(finished):
    """A released batch with a deviation that was settled, and a lot that was rejected."""
    technician, qa = finished.people["technician"], finished.people["qa"]
    with finished.database.writing() as session:
        words = {"by": technician, "at": finished.clock()}
        deviation = release.make_deviation(session, finished.batch, finished.batch.code, **words)
        release.settle(session, deviation, by=qa, at=finished.clock())
        lot = make_lot(session, supplier_lot="2026-119", **words)
        why = "Seal was broken on arrival."
        act = Act(session, qa, finished.clock(), entry_id())
        lots.reject_lot(act, lot.id, seal=seal_of(session, lot, "rejected", why))
    finished.review()
    finished.decide("release_stage_1")
    return finished


def address(session: Session, given: Signature, batch: str) -> str:
    """The page on which people read what was signed."""
    key, kind = given.subject_id, given.subject_kind
    if kind == "documents":
        document = session.get_one(ControlledDocument, key)
        return f"{FOLDERS[Kind(document.kind)]}/{key}"
    if kind == "determinations":
        donor = session.get_one(Determination, key).donor_id
        return f"/donors/{session.get_one(Donor, donor).code}"
    if kind == "containers":
        return f"/samples/{session.get_one(Container, key).code}"
    if coded := {"cords": Cord, "lots": Lot, "deviations": Deviation}.get(kind):
        return f"/{kind}/{session.get_one(coded, key).code}"
    return {
        "batches": f"/batches/{batch}/review",
        "entries": f"/batches/{batch}",
        "sign_offs": f"/batches/{batch}",
        "people": f"/people/{key}/signatures",
        "results": f"/results/{key}",
    }[kind]


def manifested(given: Signature) -> tuple[str, ...]:
    """What a signature block shows of a signature."""
    return (
        given.name,
        f"({given.username}, {given.role_title})",
        MEANINGS[Meaning(given.meaning)],
        times.shown(given.at, ZoneInfo(given.zone), seconds=True),
    )


@pytest.mark.req("SIG-01", "SIG-03")
@pytest.mark.parametrize("kind", KINDS)
def test_the_page_of_whatever_was_signed_shows_the_block_of_every_signature(lived_in, site, kind):
    client = site.test_client()
    sign_in(client, "reader1")
    shown: dict[str, list[str]] = {}
    with lived_in.database.reading() as session:
        given = session.scalars(select(Signature).where(Signature.subject_kind == kind)).all()
        assert given
        for signature in given:
            path = address(session, signature, lived_in.batch.code)
            if path not in shown:
                shown[path] = [each.words for each in Page(client.get(path)).of_class("signature")]
            wanted = manifested(signature)
            blocks = [words for words in shown[path] if all(part in words for part in wanted)]
            assert blocks, (path, wanted)


@pytest.mark.req("SIG-03")
def test_nothing_is_signed_that_has_no_page_here(lived_in):
    with lived_in.database.reading() as session:
        assert set(session.scalars(select(Signature.subject_kind).distinct())) == set(KINDS)
        meanings = set(session.scalars(select(Signature.meaning).distinct()))
    assert meanings >= {"authored", "performed", "verified", "reviewed", "approved", "certified"}
    assert "rejected" in meanings


@pytest.mark.req("SIG-16")
@pytest.mark.parametrize("kind", KINDS)
def test_from_a_signature_one_comes_to_what_was_on_the_page_that_was_signed(lived_in, site, kind):
    client = site.test_client()
    # what was signed about a person is for those who look after people
    sign_in(client, "qa1" if kind == "people" else "reader1")
    with lived_in.database.reading() as session:
        given = session.scalars(select(Signature).where(Signature.subject_kind == kind)).first()
        record = Page(client.get(address(session, given, lived_in.batch.code)))
        assert f"/signatures/{given.id}" in record.links
        page = Page(client.get(f"/signatures/{given.id}"))
        for term, said in signatures.signed_facts(session, given):
            assert " ".join(term.split()) in page.words and " ".join(said.split()) in page.words
        proof = (given.facts_digest, session.get_one(Event, given.seq).hash, *manifested(given))
    assert all(part in page.words for part in proof)
    assert client.get("/signatures/99999").status_code == 404


@pytest.mark.req("SIG-01", "SIG-03")
@pytest.mark.parametrize("form", ["pdf", "json", "csv"])
def test_print_and_exports_of_the_record_hold_every_signature_of_the_batch(lived_in, site, form):
    client = site.test_client()
    sign_in(client, "reader1")
    answer = client.get(f"/batches/{lived_in.batch.code}/record.{form}")
    said = words_of(answer.data) if form == "pdf" else answer.get_data(as_text=True)
    with lived_in.database.reading() as session:
        of_batch = Signature.scope == lived_in.batch.code
        given = session.scalars(select(Signature).where(of_batch)).all()
    assert len(given) > 20
    for signature in given:
        name, who, _, time = manifested(signature)
        for part in (name, signature.username, time):
            assert part in said, (signature.subject_kind, part, who)
