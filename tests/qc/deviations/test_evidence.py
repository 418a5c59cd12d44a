"""A photo or file comes with what somebody says, is kept while no writer is held, and is handed out
only to be saved."""

from __future__ import annotations

import io
import re

import pytest
from sqlalchemy import select

from integrity import attachments, verification
from integrity.attachments import Attachment
from integrity.cabinet import Cabinet
from integrity.deviations import Deviation
from integrity.facts import word
from people.access_log import Access
from qc.deviations.words import DeviationPhrase
from qc.release import full_record, release_inputs
from tests.makers.people import entry_id, sign_in, token
from tests.pages import Page

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 30
SAID = "The cabinet's alarm rang while the flasks stood open."


@pytest.fixture
def cabinet(site):
    return site.extensions["cordbook"]["cabinet"]


@pytest.fixture
def technician(site):
    client = site.test_client()
    sign_in(client, "technician1")
    return client


def keys(client, path="/deviations/new"):
    return {"csrf_token": token(client, path), "entry_id": entry_id()}


def file(content=PNG, name="photo.png"):
    return {"file": (io.BytesIO(content), name)}


def raise_with(client, finished, upload, **other):
    typed = {"about": finished.batch.code, "said": SAID, "place": "", "classification": "major"}
    return client.post("/deviations/new", **encoded(typed | keys(client) | other, upload))


def encoded(typed, upload):
    """What a browser sends: the client of the tests leaves large files open."""
    stream, name = upload["file"]
    parts = [f'name="{key}"\r\n\r\n{value}'.encode() for key, value in typed.items()]
    parts.append(f'name="file"; filename="{name}"\r\n\r\n'.encode() + stream.read())
    body = b"".join(b"--edge\r\nContent-Disposition: form-data; " + p + b"\r\n" for p in parts)
    return {"data": body + b"--edge--\r\n", "content_type": "multipart/form-data; boundary=edge"}


def saved(page):
    """The addresses of the files that a page names."""
    return [each for each in Page(page).links if re.fullmatch(r"/files/\d+", each)]


def kept_files(cabinet):
    return [path.name for path in cabinet.folder.rglob("*") if path.is_file()]


@pytest.mark.req("REC-08", "AUD-10")
def test_a_deviation_is_raised_with_a_photo_that_is_saved_as_it_was(
    finished, site, technician, cabinet
):
    made = raise_with(technician, finished, file())
    assert made.status_code == 303
    page = technician.get(made.location)
    [link] = [
        each for each in Page(page).links if each.startswith("/files/") and "/of/" not in each
    ]
    answer = technician.get(link)
    assert answer.data == PNG
    assert answer.headers["Content-Disposition"] == "attachment; filename=photo.png"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    with finished.database.reading() as session:
        line = session.scalars(select(Access).order_by(Access.id.desc()).limit(1)).one()
    assert (line.kind, line.username) == ("downloaded", "technician1")
    assert line.what == f"photo.png, {link}"
    assert answer.mimetype == "image/png"
    with finished.database.reading() as session:
        assert verification.verify(session, cabinet=cabinet).faults == []
        [row] = session.scalars(select(Attachment)).all()
        assert (row.username, row.name, row.size) == ("technician1", "photo.png", len(PNG))


@pytest.mark.req("REC-08")
@pytest.mark.parametrize("what", ["hold", "deviation"])
def test_a_further_file_is_added_on_the_page_by_who_works_here(
    finished, site, technician, cabinet, what
):
    if what == "hold":
        typed = {"about": finished.batch.cord_code, "reason": SAID} | file()
        data = typed | keys(technician, "/holds/new")
        page = technician.post("/holds/new", data=data).location
    else:
        page = raise_with(technician, finished, file()).location
    [add] = [each for each in Page(technician.get(page)).links if "/files/of/" in each]
    data = keys(technician, add) | file(b"time;value\n1;2\n", "log.csv")
    assert technician.post(add, data=data).location == page
    words = Page(technician.get(page)).words
    assert "photo.png" in words and "log.csv" in words
    empty = technician.post(add, data=keys(technician, add))
    assert empty.status_code == 409
    sign_in(reader := site.test_client(), "reader1")
    assert add not in Page(reader.get(page)).links and reader.get(add).status_code == 403


@pytest.mark.req("REC-10")
@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (b"<svg onload=alert(1)>", "a.svg", "is none of them"),
        (b"<html></html>", "photo.png", "is none of them"),
        (PNG, "photo.html", "another one than its name says"),
        (b"", "photo.png", "is empty"),
        (PNG + bytes(10_000_000), "photo.png", "larger than 10 MB"),
    ],
)
def test_what_is_not_kept_is_said_in_one_sentence_and_what_was_typed_stays(
    finished, technician, cabinet, content, name, says
):
    refused = raise_with(technician, finished, file(content, name))
    page = Page(refused)
    assert refused.status_code == 409 and says in page.words
    assert "alarm rang" in page.words and "choose it again" in page.words
    assert kept_files(cabinet) == []
    with finished.database.reading() as session:
        assert (
            session.scalars(
                select(Deviation).where(Deviation.place == word(DeviationPhrase.BY_HAND))
            ).all()
            == []
        )


def test_the_file_of_a_refused_act_is_not_kept(finished, technician, cabinet):
    refused = raise_with(technician, finished, file(), about="X")
    assert refused.status_code == 409
    assert kept_files(cabinet) == []


def test_a_double_tap_brings_one_deviation_and_one_file(finished, technician, cabinet):
    twice = keys(technician)
    one = raise_with(technician, finished, file(), **twice)
    assert raise_with(technician, finished, file(), **twice).location == one.location
    with finished.database.reading() as session:
        assert len(session.scalars(select(Attachment)).all()) == 1
    assert len(kept_files(cabinet)) == 1


def test_a_killed_act_leaves_a_file_that_the_next_start_sets_aside(finished, cabinet):
    file = cabinet.keep(io.BytesIO(PNG), "photo.png", 10_000_000)
    with finished.database.reading() as session:
        assert cabinet.sweep(attachments.known(session)) == [file.sha256]
        assert verification.verify(session, cabinet=cabinet).faults == []


@pytest.mark.parametrize("fault", ["missing", "changed"])
def test_a_file_that_is_not_what_was_kept_is_not_handed_out(finished, technician, cabinet, fault):
    page = raise_with(technician, finished, file()).location
    [link] = saved(technician.get(page))
    [name] = cabinet.names()
    if fault == "missing":
        cabinet.path(name).unlink()
    else:
        cabinet.path(name).write_bytes(PNG + b"x")
    answer = technician.get(link)
    assert answer.status_code == 404 and f"is {fault}" in Page(answer).words


def test_no_disk_is_one_sentence(finished, site, technician, tmp_path):
    (tmp_path / "in the way").write_text("a file, no folder")
    site.extensions["cordbook"]["cabinet"] = Cabinet(tmp_path / "in the way")
    refused = raise_with(technician, finished, file())
    assert refused.status_code == 409 and "could not be kept" in Page(refused).words


def test_the_full_record_names_the_files_of_a_deviation(finished, technician, cabinet):
    raise_with(technician, finished, file())
    with finished.database.reading() as session:
        found = release_inputs.gather(session, finished.batch, finished.clock())
        told = full_record.record_of(session, found)["deviations"][-1]["facts"]
    [name] = cabinet.names()
    assert ["Files", f"photo.png (SHA-256 {name})"] in told
