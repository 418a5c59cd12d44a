"""The shipped files are what the import page offers, and nothing else.

Nothing reads them at run time.
"""

import re
from pathlib import Path

import pytest

import app as roof
from demonstration import culture
from documents import contents, kinds, register
from documents.kinds import Kind
from integrity.findings import Refused
from tests.makers import documents
from tests.makers.batches import make_batch, make_laboratory
from tests.makers.people import make_people, post, sign_in

PAGES = {chapter.kind: f"/{chapter.path}" for chapter in roof.CHAPTERS}


def test_every_kind_has_its_pages_and_ships_a_document_that_can_be_read():
    assert set(PAGES) == set(Kind)
    for kind in Kind:
        said = kinds.of(kind).read(kinds.of(kind).shipped.read_bytes())
        assert said.code and said.title["en"] and said.demonstration


def test_a_file_edited_beside_the_code_changes_nothing(database, clock, monkeypatch):
    laboratory = make_laboratory(database, clock)
    monkeypatch.setattr(contents, "_read", {})

    def refuse(path, *_):
        raise AssertionError(f"{path} was read")

    real = Path.read_bytes
    for name in ("read_bytes", "read_text"):
        monkeypatch.setattr(
            Path, name, lambda path, *more: refuse(path) if path.suffix == ".toml" else real(path)
        )
    batch = make_batch(laboratory)
    assert len(list(culture.walk(laboratory.bench(), batch.id, "wash"))) > 1
    with database.reading() as session:
        for kind in Kind:
            held = register.all_effective(session, kind, clock())[0]
            assert contents.of(session, held).sha256 == held.sha256


@pytest.mark.parametrize("kind", Kind)
def test_the_import_page_offers_the_shipped_document(application, sqlite, clock, kind):
    make_people(sqlite, at=clock())
    username = {"master_record": "masterauthor1", "specification": "qcreviewer1"}.get(kind, "qa1")
    client = application.test_client()
    sign_in(client, username)
    made = post(client, f"{PAGES[kind]}/import", shipped="yes", document="")
    assert made.status_code == 303 and re.fullmatch(rf"{PAGES[kind]}/\d+", made.location)
    page = client.get(made.location).get_data(as_text=True)
    assert "Demonstration" in page and "Sign as author" in page
    assert client.get(f"{made.location}/source").data == kinds.of(kind).shipped.read_bytes()
    listed = client.get("/documents").get_data(as_text=True)
    assert f'href="{made.location}"' in listed
    again = post(client, f"{PAGES[kind]}/import", shipped="yes", document="x")
    assert again.status_code == 422


@pytest.mark.parametrize("kind", [Kind.DONOR_CRITERIA, Kind.MATERIALS, Kind.LABEL_STOCK])
def test_a_site_has_one_document_of_these_kinds(database, clock, kind):
    qa = make_people(database, "qa", at=clock())["qa"]
    with database.writing() as session:
        first = documents.import_document(session, kind, by=qa, at=clock())
    shipped = kinds.of(kind).shipped.read_bytes()
    other = shipped.replace(f'code = "{first.code}"'.encode(), b'code = "OTHER-1"')
    with (
        pytest.raises(Refused, match=f"under the code {first.code}"),
        database.writing() as session,
    ):
        documents.import_document(session, kind, by=qa, at=clock(), data=other)


def test_the_page_shows_line_by_line_what_differs_from_the_version_in_force(
    application, sqlite, clock
):
    people = make_people(sqlite, "qa", "technician", at=clock())
    shipped = kinds.of(Kind.MATERIALS).shipped.read_bytes()
    with sqlite.writing() as session:
        documents.make_document(
            session,
            Kind.MATERIALS,
            author=people["technician"],
            approver=people["qa"],
            at=clock(),
        )
        data = shipped.replace(b'{ name = "DPBS", unit', b'{ name = "DPBS <2>", unit')
        changed = documents.import_document(
            session, Kind.MATERIALS, by=people["qa"], at=clock(), data=data
        )
    client = application.test_client()
    sign_in(client, "qa1")
    page = client.get(f"/documents/materials/{changed.id}").get_data(as_text=True)
    assert "Line by line against version 1" in page
    assert "<ins>+   { name = &#34;DPBS &lt;2&gt;&#34;, unit = &#34;L&#34; },</ins>" in page
    assert "<del>−   { name = &#34;DPBS&#34;, unit = &#34;L&#34; },</del>" in page
    assert "1 lines added, 1 taken out" in page
