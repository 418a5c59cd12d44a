"""Certificates.

The same facts give the same bytes, the QR on the paper leads to the page that says so, and nothing
else is told.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from integrity import signatures, site as site_settings
from integrity.acts import Act
from integrity.canonical import digest_of
from integrity.files import File
from integrity.signatures import Meaning
from integrity.trail import SYSTEM, Event
from manufacturing.masters.document import read
from qc.release import (
    certificate_files,
    certificate_pdf,
    certified_identity,
    decisions,
    full_record,
    release_inputs,
)
from qc.release.certified_statement import DECLARATIONS
from tests.machine import program
from tests.makers import release as makers
from tests.makers.people import PASSWORD, entry_id, post, sign_in, token

SHIPPED = Path(__file__).parents[3] / "manufacturing" / "masters" / "uc-msc-15ml.toml"
HOSTILE = "<b>bold</b> <script>alert(1)</script> & {{ 7*7 }} \u202eevil %s Đổ đầy 200 mL"


MAKER = {"address": "12 Nguyen Trai, Hanoi", "authorisation": "MIA 4711/2026"}


@pytest.fixture
def issued(finished):
    """A certificate of stage 1 of a site that says where it is and by what it may make."""
    with finished.database.writing() as session:
        for name, value in MAKER.items():
            act = Act(session, SYSTEM, finished.clock(), entry_id=entry_id())
            site_settings.change(act, name, value, reason="The authorisation was granted.")
    finished.review()
    return finished.decide("release_stage_1", why=None)


def paper_of(finished, certificate) -> bytes:
    return finished.drawn(certificate).content


def words_of(pdf: bytes) -> str:
    return program("pdftotext", "-layout", "-", "-", input=pdf).stdout.decode()


def picture(pdf: bytes, folder: Path) -> Path:
    (folder / "paper.pdf").write_bytes(pdf)
    program(
        "pdftoppm",
        "-r",
        "200",
        "-f",
        "1",
        "-l",
        "1",
        "-png",
        "-singlefile",
        str(folder / "paper.pdf"),
        str(folder / "paper"),
    )
    return folder / "paper.png"


@pytest.mark.req("REL-09")
def test_drawing_again_gives_the_bytes_that_were_issued(finished, issued):
    kept = finished.drawn(issued)
    assert certificate_files.draw(issued) == kept.content
    with finished.database.reading() as session:
        event = session.query(Event).filter(Event.action == "certificate.issued").one()
        assert event.said["details"] == {
            "number": issued.code,
            "version": "1",
            "facts_sha256": digest_of(issued.said["statement"]),
            "release_event": issued.said["head"]["seq"],
        }
        bound = session.query(Event).filter(Event.action == "certificate.drawn").one()
        assert bound.said["details"] == {
            "number": issued.code,
            "version": "1",
            "file_sha256": hashlib.sha256(kept.content).hexdigest(),
        }
        assert (bound.username, bound.scope) == ("system", finished.batch.code)


@pytest.mark.req("REL-08")
def test_the_paper_says_everything_that_was_signed(finished, issued):
    said, words = issued.said, " ".join(words_of(paper_of(finished, issued)).split())
    assert re.search(r"R2600001-14 v1 .*page 1 / 3", words)
    for wanted in [
        "mesenchymal stromal cells",
        "B260001-54",
        "C2600001-39",
        "97 %",
        "> 80 %",
        "< 0.1 EU/mL",
        "< 0.02304 EU/kg",
        "Dispersion for infusion",
        "Intravenous use",
        "12 Nguyen Trai, Hanoi",
        "MIA 4711/2026",
        DECLARATIONS["initial"],
        "46,XY,16qh+",
        "pending",
        "2026-12-09 12:03 +00:00",
        "Donor H1-0001: eligible",
        "2–8 °C",
        "Final container · use by 2026-11-25 14:00 +00:00",
        "Quality assurance 1 (qa1, Quality assurance)",
        "I reviewed this: the batch record and its audit trail",
        "I certify this: release at stage 1",
        "No deviation was opened.",
        "No entry was corrected.",
        said["head"]["hash"],
        f"event {said['head']['seq']}",
        said["facts_sha256"],
        said["statement"]["master_sha256"],
        "P2600001-82",
    ]:
        assert wanted in words, wanted


def test_whoever_releases_is_shown_and_signs_what_the_paper_says(finished, issued):
    """Statement, maker and what was measured are facts of the signature, not decoration."""
    with finished.database.reading() as session:
        [given] = [
            each
            for each in signatures.of(session, finished.batch)
            if each.meaning == Meaning.CERTIFIED
        ]
        said = dict(signatures.signed_facts(session, given))
    assert said["Statement"] == DECLARATIONS["initial"]
    assert (said["Address"], said["Authorisation"]) == tuple(MAKER.values())
    assert said["Dosage form"] == "Dispersion for infusion"
    assert said["Endotoxin"].startswith("measured < 0.1 EU/mL · judged < 0.02304 EU/kg · ")


def test_a_trial_stands_on_the_certificate_where_the_master_record_names_one():
    shipped = read(SHIPPED.read_bytes())
    named = replace(shipped, trial={"en": "2026-500001-11-00, protocol UC-1"})
    assert "Clinical trial" not in dict(certified_identity.of_product(shipped))
    said = dict(certified_identity.of_product(named))
    assert said["Clinical trial"] == "2026-500001-11-00, protocol UC-1"
    bare = certified_identity.of_product(replace(shipped, form=None, route=None))
    assert [label for label, _ in bare] == ["Product"]


def test_hostile_texts_are_printed_as_they_were_typed(finished):
    with finished.database.writing() as session:
        deviation = makers.make_deviation(
            session,
            finished.batch,
            finished.batch.code,
            by=finished.people["technician"],
            at=finished.clock(),
            sentence=HOSTILE,
            comment=HOSTILE,
        )
        makers.settle(session, deviation, by=finished.people["qa"], at=finished.clock())
    finished.review()
    made = finished.decide("release_stage_1", why=HOSTILE)
    words = words_of(paper_of(finished, made))
    assert (
        "<script>alert(1)</script>" in " ".join(words.split()).replace("</scri pt>", "</script>")
        and "[U+202E]evil" in words
    )
    assert "{{ 7*7 }}" in words and "49" not in words.split("Deviations")[1].split("Corrections")[0]


@pytest.mark.parametrize("field", ["batch", "eligibility", "results", "signatures"])
def test_another_fact_gives_another_paper(finished, issued, field):
    said = dict(issued.said)
    said["statement"] = dict(said["statement"])
    if field == "results":
        said["statement"]["results"] = [
            dict(each, result="98 %") for each in said["statement"]["results"]
        ]
    elif field == "signatures":
        said["signatures"] = [dict(each, name="Somebody else") for each in said["signatures"]]
    elif field == "batch":
        said["statement"]["identity"] = [
            ["Batch", "B260002-51"],
            *said["statement"]["identity"][1:],
        ]
    else:
        said["statement"]["eligibility"] = "Donor H1-0001: not eligible."
    assert certificate_pdf.draw(said) != paper_of(finished, issued)


# The page behind the QR
# -----------------------------------------------------------------------------------------------


def check(client, path: str, content: bytes | None, name: str = "certificate.pdf"):
    parts = [
        "--edge\r\nContent-Disposition: form-data; "
        f'name="csrf_token"\r\n\r\n{token(client, path)}\r\n'.encode()
    ]
    if content is not None:
        parts += [
            f'--edge\r\nContent-Disposition: form-data; name="file"; filename="{name}"'.encode(),
            b"\r\n\r\n",
            content,
            b"\r\n",
        ]
    body = b"".join([*parts, b"--edge--\r\n"])
    return client.post(
        path,
        input_stream=io.BytesIO(body),
        content_length=len(body),
        content_type="multipart/form-data; boundary=edge",
    )


def path_of(certificate) -> str:
    return f"/c/{certificate.token}"


@pytest.mark.req("REL-09")
def test_the_qr_read_from_the_picture_of_the_paper_leads_to_the_page_that_says_current(
    finished, issued, site, tmp_path
):
    decoded = (
        program("zbarimg", "--quiet", "--raw", str(picture(paper_of(finished, issued), tmp_path)))
        .stdout.decode()
        .strip()
    )
    assert decoded == issued.said["address"] == f"{decisions.LOOPBACK}{path_of(issued)}"
    page = site.test_client().get(decoded.removeprefix(decisions.LOOPBACK))
    assert page.status_code == 200 and "CURRENT" in page.get_data(as_text=True)
    assert issued.named in page.get_data(as_text=True) and issued.facts_sha256[
        :12
    ] in page.get_data(as_text=True)


def test_the_page_tells_nothing_of_the_batch(finished, issued, site):
    page = site.test_client().get(path_of(issued)).get_data(as_text=True)
    page = re.sub(r'value="[^"]*"|\?v=\w+', "", page)  # the form's token, versions of static files
    for secret in [
        "B260001",
        "C2600001",
        "H1-0001",
        "viability",
        "Viability",
        "97",
        "Released",
        "sterility",
        issued.facts_sha256,
        finished.drawn(issued).sha256,
    ]:
        assert secret not in page.replace(issued.facts_sha256[:12], ""), secret


@pytest.mark.req("REL-09")
def test_the_issued_file_is_valid_and_one_byte_changed_is_not_ours(finished, issued, site):
    client, paper = site.test_client(), paper_of(finished, issued)
    assert "VALID" in check(client, path_of(issued), paper).get_data(as_text=True)
    for place in (0, len(paper) // 2, len(paper) - 1):
        forged = bytearray(paper)
        forged[place] ^= 1
        page = check(client, path_of(issued), bytes(forged)).get_data(as_text=True)
        assert "NOT OURS" in page and ">VALID<" not in page
    for other in (b"", paper + b"\n", b"%PDF-1.4 something else"):
        assert "NOT OURS" in check(client, path_of(issued), other).get_data(as_text=True)


def test_a_file_is_only_hashed_and_nothing_is_recorded(finished, issued, site):
    paper = paper_of(finished, issued)
    with finished.database.reading() as session:
        before = session.query(Event).count()
    check(site.test_client(), path_of(issued), paper)
    with finished.database.reading() as session:
        assert (
            session.query(Event).count() == before
            and session.query(File).filter_by(name="certificate.pdf").count() == 0
        )


def test_a_file_of_10_mb_is_read_and_a_larger_one_is_refused(issued, site):
    client, most = site.test_client(), 10 * 1024 * 1024
    assert check(client, path_of(issued), b"x" * most).status_code == 200
    answer = check(client, path_of(issued), b"x" * (most + 1))
    assert answer.status_code == 413 and "larger than 10 MB" in answer.get_data(as_text=True)
    assert check(client, path_of(issued), b"x" * (12 * 1024 * 1024)).status_code == 413


def test_no_file_and_no_token_are_one_sentence_each(issued, site):
    client = site.test_client()
    answer = check(client, path_of(issued), None)
    assert answer.status_code == 422 and "Choose the certificate" in answer.get_data(as_text=True)
    assert client.post(path_of(issued), data={}).status_code == 400


@pytest.mark.parametrize(
    "unknown", ["x", "A" * 32, "..%2F..", "'; DROP TABLE certificates;--", "x" * 5000, "Đ", "%00"]
)
def test_an_address_that_was_never_issued_is_unknown(issued, site, unknown):
    answer = site.test_client().get(f"/c/{unknown}")
    page = answer.get_data(as_text=True)
    assert answer.status_code in (400, 404) and "CURRENT" not in page and "Traceback" not in page
    if unknown in ("x", "A" * 32):
        assert "UNKNOWN" in page and "NOT OURS" in check(
            site.test_client(), f"/c/{unknown}", b"%PDF"
        ).get_data(as_text=True)


def test_a_superseded_and_a_withdrawn_certificate_say_so_and_still_know_their_file(
    finished, issued, site
):
    client = site.test_client()
    again = finished.decide("reissue", why="The name of the site was misspelt.")
    assert "SUPERSEDED" in client.get(path_of(issued)).get_data(
        as_text=True
    ) and "CURRENT" in client.get(path_of(again)).get_data(as_text=True)
    page = check(client, path_of(issued), paper_of(finished, issued)).get_data(as_text=True)
    assert "SUPERSEDED" in page and "VALID" in page
    finished.decide("withdraw")
    assert "WITHDRAWN" in client.get(path_of(again)).get_data(
        as_text=True
    ) and "SUPERSEDED" in client.get(path_of(issued)).get_data(as_text=True)


@pytest.mark.parametrize(
    ("deed", "stage"),
    [("release_stage_1", "stage 1 (initial)"), ("release_final", "final: every required result")],
)
def test_the_page_behind_the_qr_says_stage_and_use_by(finished, site, deed, stage):
    if deed == "release_final":
        finished.clock.advance(hours=1)
    finished.review()
    made = finished.decide("release_stage_1", why=None)
    if deed == "release_final":
        finished.clock.advance(days=29)
        with finished.database.writing() as session:
            makers.culture_results(session, finished, finished.batch)
        finished.review()
        made = finished.decide(deed, why=None)
    page = site.test_client().get(path_of(made)).get_data(as_text=True)
    assert stage in page and "2026-11-25 14:00 +00:00" in page


def test_the_page_behind_the_qr_keeps_the_band_of_the_site(finished, issued, site):
    """The band of the paper stands for its documents, that of the site for all that it shows."""
    unknown = f"/c/{'A' * 32}"
    assert "NOT FOR HUMAN USE" not in site.test_client().get(unknown).get_data(as_text=True)
    with finished.database.writing() as session:
        act = Act(session, SYSTEM, finished.clock(), entry_id=entry_id())
        site_settings.change(act, "demonstration", "yes", reason="It is one for training.")
    for place in (unknown, path_of(issued)):
        assert "NOT FOR HUMAN USE" in site.test_client().get(place).get_data(as_text=True)


def test_tokens_cannot_be_guessed(finished, issued):
    again = finished.decide("reissue", why="The name of the site was misspelt.")
    assert again.token != issued.token and min(len(issued.token), len(again.token)) >= 32


# The page of those who work here
# --------------------------------------------------------------------------------------


def test_a_scanned_certificate_opens_with_its_versions_and_gives_the_issued_file(
    finished, issued, site
):
    finished.decide("reissue", why="The name of the site was misspelt.")
    client = site.test_client()
    assert client.get(f"/certificates/{issued.code}").status_code == 302
    sign_in(client, "reader1")
    page = client.get(f"/scan?code={issued.code}", follow_redirects=True).get_data(as_text=True)
    assert (
        "CURRENT" in page
        and "Superseded" in page
        and "misspelt" in page
        and page.count("I certify this") == 2
    )
    answer = client.get(f"/certificates/{issued.code}/1.pdf")
    assert answer.data == paper_of(finished, issued) and answer.headers[
        "Content-Disposition"
    ].startswith("attachment")
    assert (
        client.get(f"/certificates/{issued.code}/9.pdf").status_code == 404
        and client.get("/certificates/R260009999").status_code == 404
    )


@pytest.mark.req("REL-08")
def test_a_certificate_that_later_records_contradict_is_flagged(finished, issued, site):
    finished.sterility()
    client = site.test_client()
    sign_in(client, "releaser1")
    assert "recorded after this certificate was issued" in client.get(
        f"/certificates/{issued.code}"
    ).get_data(as_text=True)


def test_only_the_releaser_issues_anew(finished, issued, site):
    client = site.test_client()
    sign_in(client, "qa1")
    path = f"/batches/{finished.batch.code}/reissue"
    assert client.get(path).status_code == 403
    assert (
        post(client, path, page="/release", password=PASSWORD, entry_id=entry_id()).status_code
        == 403
    )


def test_the_certificate_has_the_digits_that_mean_something_and_the_record_all_of_them(finished):
    finished.review()
    certificate = finished.decide("release_stage_1")
    said = dict(map(tuple, certificate.said["statement"]["identity"]))
    assert said["Cumulative doublings from P1"] == "10.87"
    with finished.database.reading() as session:
        found = release_inputs.gather(session, finished.batch, finished.clock())
        record = json.dumps(full_record.record_of(session, found))
    assert '"10.870352"' in record
