"""Whoever reads what is about donors and people has a line in the access log (AUD-10)."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import func, select

from app import create_app
from integrity.database import Database
from integrity.signatures import Signature
from manufacturing.donation.donations import Donor
from people.access_log import Access, AccessKind
from people.accounts import Person
from tests.makers.people import make_people, sign_in
from tests.pages import Page
from tests.qc.deviations.test_raising import codes_of

SENSITIVE = {
    "donation.donor",
    "donation.donor_correct",
    "donation.donor_consent",
    "donation.donor_consent_strike",
    "donation.donor_test_new",
    "donation.donor_determine",
    "people.people_list",
    "people.person_change",
    "people.person_standing",
    "people.person_signatures",
    "people.signature",
    "people.waiting",
    "people.handover",
    "people.handover_confirm",
    "people.passwords_confirm",
    "people.handover_decline",
    "people.rights_confirm",
    "people.rights_decline",
    "people.recovery_judge",
    "people.accesses",
    "finding.scan_list",
}
# {page under the same addresses: why nobody who reads it has a line}
PLAIN = {
    "donation.donors": "codes and whether they are eligible; no answer and no result",
    "donation.donor_new": "an empty form",
    "people.person_new": "an empty form",
    "people.people_new": "an empty form",
    "people.handover_half": "an empty form; what it shows once is an event",
}
UNDER = ("/donors", "/people", "/signatures", "/access", "/scans")


def views(application):
    """{endpoint: (its first address, whether its readings are logged)} of what is read."""
    found = {}
    for rule in application.url_map.iter_rules():
        if "GET" in rule.methods and rule.endpoint != "static":
            is_logged = getattr(application.view_functions[rule.endpoint], "sensitive", False)
            found[rule.endpoint] = (rule.rule, is_logged)
    return found


def read(database) -> list[tuple[str, str]]:
    with database.reading() as session:
        wanted = select(Access).where(Access.kind == AccessKind.READ).order_by(Access.id)
        return [(line.username, line.what) for line in session.scalars(wanted)]


@pytest.mark.req("AUD-10")
def test_each_page_about_donors_and_people_is_logged_or_has_a_reason(application):
    found = views(application)
    assert {name for name, (_, is_logged) in found.items() if is_logged} == SENSITIVE
    near = {name for name, (rule, _) in found.items() if rule.startswith(UNDER)}
    assert near == SENSITIVE | set(PLAIN)


@pytest.fixture
def addresses(finished):
    """{name: an address of each page that somebody reads}, of a donor, a person and a signature."""
    with finished.database.reading() as session:
        donor = session.scalar(select(Donor.code).limit(1))
        person = session.scalar(select(Person.id).where(Person.username == "technician1"))
        number = session.scalar(select(func.min(Signature.id)))
    return {
        "donor": f"/donors/{donor}",
        "results": f"/donors/{donor}/tests/new",
        "people": "/people",
        "person": f"/people/{person}",
        "signed about a person": f"/people/{person}/signatures",
        "signed facts": f"/signatures/{number}",
        "waiting": "/people/waiting",
        "access log": "/access?username=qa1",
    }


@pytest.mark.req("AUD-10")
@pytest.mark.parametrize(
    ("name", "username"),
    [
        ("donor", "reader1"),
        ("results", "technician1"),
        ("people", "administrator1"),
        ("person", "administrator1"),
        ("signed about a person", "qa1"),
        ("signed facts", "technician1"),
        ("waiting", "qa1"),
        ("access log", "qa1"),
    ],
)
def test_who_reads_it_has_one_line_that_is_found_by_kind_and_person(
    name, username, addresses, site, finished
):
    make_people(finished.database, "reader", "administrator", at=finished.clock())
    client = site.test_client()
    sign_in(client, username)
    before = read(finished.database)
    assert client.get(addresses[name]).status_code == 200
    assert read(finished.database) == [*before, (username, addresses[name])]
    reader = site.test_client()
    sign_in(reader, "qa1")
    words = Page(reader.get(f"/access?kind=read&username={username}")).words
    assert "Read" in words and addresses[name] in words


@pytest.mark.req("AUD-10")
def test_what_nobody_got_to_see_has_no_line(addresses, site, finished):
    client = site.test_client()
    sign_in(client, "technician1")
    refused = [addresses["people"], addresses["access log"]]
    assert [client.get(path).status_code for path in refused] == [403, 403]
    assert client.get("/donors/nobody").status_code == 404
    assert site.test_client().get(addresses["donor"]).status_code == 302
    assert read(finished.database) == []


@pytest.mark.req("AUD-10")
def test_a_page_whose_reading_cannot_be_logged_is_not_handed_out(addresses, finished):
    hurried = Database(finished.database.url, patience=1)
    client = create_app(hurried, "not a secret: a test", clock=finished.clock).test_client()
    sign_in(client, "technician1")
    file = finished.database.engine.url.database
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        answer = client.get(addresses["donor"])
        other.execute("ROLLBACK")
    hurried.close()
    assert answer.status_code == 503 and "Consent" not in answer.get_data(as_text=True)
    assert read(finished.database) == []


@pytest.mark.req("AUD-10")
def test_a_scan_and_the_pages_of_a_batch_write_nothing(site, finished):
    client = site.test_client()
    sign_in(client, "technician1")
    codes = codes_of(finished)
    for path in (
        f"/batches/{finished.batch.code}",
        f"/containers/{codes['container'][0]}?scanned=1",
        f"/lots/{codes['lot'][0]}?scanned=1",
        f"/cords/{finished.batch.cord_code}?scanned=1",
    ):
        assert client.get(path).status_code == 200
    assert read(finished.database) == []


@pytest.mark.req("AUD-10")
@pytest.mark.state("schema")
def test_a_reading_is_logged_on_both_databases(database, clock):
    make_people(database, "administrator", "qa", at=clock())
    client = create_app(database, "not a secret: a test", clock=clock).test_client()
    sign_in(client, "administrator1")
    assert client.get("/people").status_code == 200
    assert read(database) == [("administrator1", "/people")]
