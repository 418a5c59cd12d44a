"""The files of certificates: drawn after the release, bound once, and made up for by whoever asks
first where a process ended in between.
"""

from __future__ import annotations

import hashlib
import io
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

import app as roof
import commands
from integrity import verification
from integrity.acts import Act
from integrity.findings import Refused
from integrity.trail import SYSTEM, Event
from labels import sheets
from paper import frame
from qc.release import certificate_files, certificates
from qc.release.certificate_files import CertificateFile
from tests import writer
from tests.makers.people import PASSWORD, entry_id, post, sign_in, token
from tests.makers.records import switch_off_guards
from tests.pages import Page

ROOT = Path(__file__).resolve().parents[3]
# A process of its own that releases the batch, or downloads the certificate's file and prints its
# digest; the first one stops where its paper begins to be drawn.
PROGRAM = """
import hashlib, sys, time
from datetime import datetime
import app
from integrity.database import Database
from qc.release import certificate_pdf
from tests.makers.people import PASSWORD, post, sign_in
from tests.pages import Page

def stop(said):
    print("drawing", flush=True)
    time.sleep(60)

url, at, deed, path = sys.argv[1:]
moment = datetime.fromisoformat(at)
client = app.create_app(Database(url), "not a secret: a test", clock=lambda: moment).test_client()
sign_in(client, "releaser1")
if deed == "release":
    certificate_pdf.draw = stop
    reviewed = Page(client.get(path)).value("reviewed")
    post(client, path, username="releaser1", password=PASSWORD, reviewed=reviewed)
else:
    print(hashlib.sha256(client.get(path).data).hexdigest(), flush=True)
"""


def begin(finished, deed: str, path: str) -> subprocess.Popen[str]:
    url = finished.database.engine.url.render_as_string(hide_password=False)
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, url, finished.clock().isoformat(), deed, path],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )


def made_of(finished) -> certificates.Certificate:
    with finished.database.reading() as session:
        return certificates.of_batch(session, finished.batch.id)[-1]


def bound(finished) -> list[tuple[str, str]]:
    """(digest, digest in its event) of every file of a certificate."""
    with finished.database.reading() as session:
        events = session.query(Event).filter(Event.action == "certificate.drawn")
        said = [each.said["details"]["file_sha256"] for each in events]
        rows = [each.sha256 for each in session.query(CertificateFile)]
        return list(zip(rows, said, strict=True))


def client_of(finished, username: str | None = "releaser1"):
    site = roof.create_app(finished.database, "not a secret: a test", clock=finished.clock)
    client = site.test_client()
    if username:
        sign_in(client, username)
    return client


@pytest.mark.slow
@pytest.mark.req("REL-09")
@pytest.mark.state("finished")
def test_a_process_killed_between_the_release_and_its_paper_leaves_nothing_half(reviewed):
    address = f"/batches/{reviewed.batch.code}/release/initial"
    with begin(reviewed, "release", address) as process:
        assert process.stdout.readline() == "drawing\n"
        assert writer.is_free(reviewed.database)
        process.send_signal(signal.SIGKILL)
        process.wait()
    made = made_of(reviewed)
    assert bound(reviewed) == []
    with reviewed.database.reading() as session:
        assert verification.verify(session).faults == []
        assert [each.id for each in certificate_files.undrawn(session)] == [made.id]
    stranger = client_of(reviewed, None)
    assert "CURRENT" in Page(stranger.get(f"/c/{made.token}")).words
    page = client_of(reviewed).get(f"/certificates/{made.code}")
    assert page.status_code == 200 and "Not drawn yet" in Page(page).words
    with begin(reviewed, "download", f"/certificates/{made.code}/1.pdf") as process:
        served = process.stdout.readline().strip()
    assert served == hashlib.sha256(certificate_files.draw(made)).hexdigest()
    assert bound(reviewed) == [(served, served)]
    with reviewed.database.reading() as session:
        assert verification.verify(session).faults == []
        assert certificate_files.undrawn(session) == []
    page = client_of(reviewed).get(f"/certificates/{made.code}")
    assert served in Page(page).words and "Not drawn yet" not in Page(page).words


@pytest.mark.req("REL-09")
@pytest.mark.state("finished")
def test_two_who_ask_at_the_same_time_bind_one_file(reviewed, monkeypatch):
    made, both = reviewed.decide("release_stage_1"), threading.Barrier(2)
    real = certificate_files.draw

    def drawn_by_both(certificate):
        both.wait(timeout=30)
        return real(certificate)

    monkeypatch.setattr(certificate_files, "draw", drawn_by_both)
    files = []
    threads = [
        threading.Thread(target=lambda: files.append(reviewed.drawn(made))) for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(files) == 2 and files[0].content == files[1].content
    assert bound(reviewed) == [(files[0].sha256, files[0].sha256)]


@pytest.mark.state("finished")
def test_the_database_holds_one_file_of_each_certificate(reviewed):
    made = reviewed.decide("release_stage_1")
    kept = reviewed.drawn(made)
    with pytest.raises(IntegrityError), reviewed.database.writing() as session:
        act = Act(session, SYSTEM, reviewed.clock())
        again = CertificateFile(certificate_id=made.id, file_id=kept.id, sha256=kept.sha256)
        act.add(again)
        act.say("certificate.drawn", made)


def test_whoever_drew_it_first_has_drawn_it(finished):
    finished.review()
    made = finished.decide("release_stage_1")
    kept = finished.drawn(made)
    with finished.database.writing() as session:
        act = Act(session, finished.people["releaser"], finished.clock())
        assert certificate_files.bind(act, made, b"another paper").sha256 == kept.sha256
    assert len(bound(finished)) == 1


@pytest.mark.req("REL-09")
def test_the_qr_page_of_a_certificate_that_is_not_drawn_yet_knows_its_paper(finished, site):
    finished.review()
    made = finished.decide("release_stage_1")
    client, address = site.test_client(), f"/c/{made.token}"
    paper = certificate_files.draw(made)
    assert "CURRENT" in Page(client.get(address)).words and bound(finished) == []
    for content, verdict in ((paper, "VALID"), (paper[:-1] + b"\0", "NOT OURS")):
        form = {"csrf_token": token(client, address), "file": (io.BytesIO(content), "paper.pdf")}
        answer = client.post(address, data=form, content_type="multipart/form-data")
        assert verdict in Page(answer).words
    assert len(bound(finished)) == 1


@pytest.mark.req("AUD-11")
def test_verification_tells_what_is_not_drawn_yet_and_calls_it_no_fault(
    finished, monkeypatch, capsys
):
    finished.review()
    made = finished.decide("release_stage_1")
    finished.database.close()
    folder = Path(finished.database.engine.url.database).parent
    Path(finished.database.engine.url.database).rename(folder / "cordbook.db")
    monkeypatch.setenv("CORDBOOK_DATA", str(folder))
    assert commands.main(["verify"], roof.create_app) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[1].startswith(f"Certificate {made.named} is issued and not drawn yet, which is no")
    assert said[2:] == ["whole"]


@pytest.mark.req("AUD-11")
@pytest.mark.parametrize(
    ("deed", "fault"),
    [
        ("DELETE FROM certificate_files", "certificate_files, recorded by event"),
        ("UPDATE certificate_files SET sha256 = 'x'", "of certificate_files was changed"),
        (
            "UPDATE files SET content = x'00' WHERE name LIKE 'certificate-%'",
            "of files was changed",
        ),
    ],
)
def test_a_file_that_is_gone_or_altered_is_named_and_never_drawn_over(finished, site, deed, fault):
    finished.review()
    made = finished.decide("release_stage_1")
    finished.drawn(made)
    with finished.database.engine.begin() as connection:
        switch_off_guards(connection)
        connection.execute(text("PRAGMA foreign_keys = OFF"))
        connection.execute(text(deed))
    client = site.test_client()
    sign_in(client, "releaser1")
    answer = client.get(f"/certificates/{made.code}/1.pdf")
    if deed.startswith("DELETE"):
        assert answer.status_code == 409 and "is not here any more" in Page(answer).words
        with pytest.raises(Refused, match="Have ./run verify run"):
            finished.drawn(made)
    with finished.database.reading() as session:
        assert certificate_files.undrawn(session) == []
        assert any(fault in said for said in verification.verify(session).faults)


@pytest.mark.state("finished")
def test_whoever_asks_whether_the_writer_is_free_is_told(reviewed):
    assert writer.is_free(reviewed.database)
    with reviewed.database.writing() as session:
        session.connection()
        assert not writer.is_free(reviewed.database)
    assert writer.is_free(reviewed.database)


@pytest.mark.slow
def test_no_document_is_drawn_while_the_writer_is_held(finished, site, monkeypatch):
    finished.review()
    free: list[bool] = []
    for module, name in ((frame, "document"), (sheets, "sheet"), (sheets, "roll")):
        real = getattr(module, name)
        monkeypatch.setattr(module, name, writer.watched(finished.database, real, free))
    client, at = site.test_client(), f"/batches/{finished.batch.code}"
    sign_in(client, "releaser1")
    reviewed = Page(client.get(f"{at}/release/initial")).value("reviewed")
    signed = {"username": "releaser1", "password": PASSWORD, "reviewed": reviewed}
    answer = post(client, f"{at}/release/initial", **signed)
    assert answer.status_code == 303 and len(free) == 1 and len(bound(finished)) == 1
    made = made_of(finished)
    assert client.get(f"/certificates/{made.code}/1.pdf").status_code == 200 and len(free) == 1
    reviewed = Page(client.get(f"{at}/reissue")).value("reviewed")
    again = {"password": PASSWORD, "reviewed": reviewed, "comment": "The site was misspelt."}
    assert post(client, f"{at}/reissue", **again).status_code == 303
    assert len(free) == 2 and len(bound(finished)) == 2
    assert client.get(f"{at}/record.pdf").status_code == 200 and len(free) == 3
    technician, labels = site.test_client(), f"/containers/of/{finished.batch.code}/final/labels"
    sign_in(technician, "technician1")
    for paper in ("a4", "roll"):
        typed = {"paper": paper, "reason": "The first one was torn."}
        assert post(technician, labels, **typed).mimetype == "application/pdf"
    assert len(free) == 5 and all(free)


@pytest.mark.slow
def test_the_same_signature_sent_again_has_one_paper(finished, site):
    finished.review()
    client, path = site.test_client(), f"/batches/{finished.batch.code}/release/initial"
    sign_in(client, "releaser1")
    reviewed = Page(client.get(path)).value("reviewed")
    typed = {"username": "releaser1", "password": PASSWORD, "reviewed": reviewed}
    typed |= {"csrf_token": token(client, path), "entry_id": entry_id()}
    places = [client.post(path, data=typed).headers["Location"] for _ in range(2)]
    assert places[0] == places[1] and len(bound(finished)) == 1
