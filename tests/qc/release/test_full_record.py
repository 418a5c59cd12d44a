"""The whole record in its three forms.

Paper, JSON and CSV say the same, corrections legible, every signature in each.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from zoneinfo import ZoneInfo

import pytest

from demonstration.culture import ENTRIES
from documents import register
from documents.kinds import Kind
from integrity.acts import Act
from integrity.times import shown
from manufacturing.execution import batch_state, corrections
from manufacturing.execution.steps import CorrectionFacts
from paper.fonts import visible
from qc.release import drawn_curves
from stores import containers
from tests.machine import program, words_of
from tests.makers import fates
from tests.makers.people import entry_id, sign_in
from tests.makers.release import make_deviation, settle, sign_again

HOSTILE = "=HYPERLINK(1) <script>alert(1)</script> \u202e Đổ tràn"


def squashed(text):
    """Without blanks and case, so that what was broken over lines reads as it was written."""
    return "".join(visible(text).split()).casefold()


def pages_of(pdf):
    """The text of each page, cell by cell."""
    return program("pdftotext", "-raw", "-", "-", input=pdf).stdout.decode().split("\f")


def read(pdf):
    return squashed("".join(pages_of(pdf)))


@pytest.fixture
def corrected(finished):
    """A finished batch with a deviation and a correction that its second person and its technician
    signed anew.
    """
    technician = finished.people["technician"]
    with finished.database.writing() as session:
        here = batch_state.gather(session, finished.batch.id)
        entry = next(each for each in here.current if each.step == "mince")
        typed = dict(ENTRIES["mince"]) | {"open_time": "26"}
        made = corrections.correct(
            Act(session, technician, finished.clock(), entry_id=entry_id()),
            CorrectionFacts(entry.id, typed, "Misread, looked up on the print-out"),
        ).record
    with finished.database.writing() as session:
        deviation = make_deviation(
            session, made, finished.batch.code, by=technician, at=finished.clock(), comment=HOSTILE
        )
        settle(session, deviation, by=finished.people["qa"], at=finished.clock())
    sign_again(finished)
    return finished


@pytest.fixture
def client(corrected, site):
    corrected.review()
    corrected.decide("release_stage_1", why=None)
    made = site.test_client()
    sign_in(made, "reader1")
    return made


@pytest.mark.slow
@pytest.mark.req("AUD-13")
@pytest.mark.req("SIG-03")
def test_print_json_and_csv_hold_every_value_every_correction_and_every_signature(
    client, corrected
):
    code = corrected.batch.code
    record = json.loads(client.get(f"/batches/{code}/record.json").data)
    pdf = client.get(f"/batches/{code}/record.pdf")
    words, lines = (
        words_of(pdf.data),
        list(
            csv.DictReader(
                io.StringIO(client.get(f"/batches/{code}/record.csv").get_data(as_text=True))
            )
        ),
    )
    with corrected.database.reading() as session:
        here = batch_state.gather(session, corrected.batch.id)
    assert sum(len(stage["entries"]) for stage in record["stages"]) == len(here.current)
    assert [(each["mark"], each["was"], each["becomes"]) for each in record["corrections"]] == [
        ("Δ1", "24 min", "26 min")
    ]
    assert (
        "24 min" in words
        and "26 min" in words
        and "Δ1" in words
        and "Misread, looked up on the print-out" in words
    )
    assert next(line for line in lines if line["struck"])["struck"] == "24 min"
    for signature in [
        *record["decisions"],
        *record["origin"],
        *(each for stage in record["stages"] for each in stage["signatures"]),
    ]:
        assert (
            signature["name"] in words
            and signature["time"] in words
            and signature["meaning"] in words
        )
    assert [each["meaning"] for each in record["decisions"]] == [
        "I reviewed this",
        "I certify this",
    ]
    assert (
        "page 1 /" in words and record["head"]["hash"] in words and corrected.batch.sha256 in words
    )
    assert all(
        value["formula"]
        for stage in record["stages"]
        for entry in stage["entries"]
        for value in entry["values"]
        if value["label"] == "Cumulative doublings from P1"
    )
    assert (len(record["lots"]), len(record["equipment"])) == (44, 9) and record["certificates"][0][
        "state"
    ] == "current"


@pytest.mark.req("AUD-13")
def test_every_reason_and_every_comment_of_the_record_is_in_the_csv(client, corrected):
    """A correction without its reason is not legible; whoever reads the sheet alone is told it."""
    where = f"/batches/{corrected.batch.code}/record"
    record = client.get(f"{where}.json").get_json()
    text = client.get(f"{where}.csv").get_data(as_text=True)
    lines = list(csv.DictReader(io.StringIO(text)))
    struck = [line for line in lines if line["struck"]]
    assert [(line["value"], line["struck"], line["reason"]) for line in struck] == [
        ("26 min", "24 min", "Misread, looked up on the print-out")
    ]
    cells = {cell.removeprefix("'") for line in lines for cell in line.values()}
    made = [each for stage in record["stages"] for each in stage["entries"]]
    said = [each[key] for each in made for key in ("comment", "not_applicable") if each[key]]
    said += [f"{label}: {fact}" for each in record["deviations"] for label, fact in each["facts"]]
    assert set(said) <= cells and any(HOSTILE in each for each in said)
    assert all(None not in line for line in lines)


def test_what_was_found_at_receipt_was_entered_once_and_stands_in_every_form_of_the_record(
    client, corrected
):
    code = corrected.batch.code
    record = json.loads(client.get(f"/batches/{code}/record.json").data)
    found = {each["check"]: each["found"] for each in record["receipt"]}
    assert len(found) == 7 and found["Weight of the cord"] == "42.6 g"
    assert {each["met"] for each in record["receipt"]} == {"yes"}
    words = words_of(client.get(f"/batches/{code}/record.pdf").data)
    sheet = client.get(f"/batches/{code}/record.csv").get_data(as_text=True)
    page = client.get(f"/batches/{code}").get_data(as_text=True)
    for form in (words, sheet, page):
        assert all(check in form and answer in form for check, answer in found.items())
    # Once at the receipt, once where the minced tissue is compared with it.
    assert sheet.count("Weight of the cord, by its receipt") == 1
    assert (words.count("42.6 g"), sheet.count("42.6 g"), page.count("42.6 g")) == (3, 3, 3)


@pytest.mark.req("SIG-01")
def test_page_and_print_show_the_name_the_time_with_zone_and_the_meaning_of_every_signature(
    client, corrected
):
    code = corrected.batch.code
    page = client.get(f"/batches/{code}").get_data(as_text=True)
    words = words_of(client.get(f"/batches/{code}/record.pdf").data)
    with corrected.database.reading() as session:
        now = batch_state.gather(session, corrected.batch.id)
        verified = [signature for entry in now.current if (signature := now.verification(entry))]
    assert len(verified) > 5
    for signature in verified:
        time = shown(signature.at, ZoneInfo(signature.zone), seconds=True)
        for text in (signature.name, time, "I verified this as the second person"):
            assert text in page and text in words


def test_every_value_that_is_judged_stands_beside_its_limit_in_print_json_and_csv(
    client, corrected
):
    place = f"/batches/{corrected.batch.code}/record"
    record = client.get(f"{place}.json").get_json()
    limits = {
        (value["label"], value["limit"])
        for stage in record["stages"]
        for entry in stage["entries"]
        for value in entry["values"]
        if value["limit"]
    }
    assert {("Volume", "180 – 220 mL"), ("Cell count", "viability ≥ 85 %")} <= limits
    lines = csv.DictReader(io.StringIO(client.get(f"{place}.csv").get_data(as_text=True)))
    told = {(line["field"], line["limit"].removeprefix("'")) for line in lines}
    printed = words_of(client.get(f"{place}.pdf").get_data())
    assert limits <= told and "accepted 180 – 220 mL" in printed


def test_a_hostile_comment_is_text_on_every_form(client, corrected):
    code = corrected.batch.code
    assert "<script>alert(1)</script> [U+202E]" in words_of(
        client.get(f"/batches/{code}/record.pdf").data
    )
    assert json.loads(client.get(f"/batches/{code}/record.json").data)["deviations"][0]["facts"][
        3
    ] == ["Comment", HOSTILE]
    review = client.get(f"/batches/{code}/review").get_data(as_text=True)
    assert "<script>alert" not in review


def test_no_cell_of_the_csv_is_a_formula(client, corrected):
    text = client.get(f"/batches/{corrected.batch.code}/record.csv").get_data(as_text=True)
    assert not [
        cell
        for line in csv.reader(io.StringIO(text))
        for cell in line
        if cell.startswith(("=", "+", "-", "@"))
    ]


def test_a_record_of_a_batch_that_is_not_done_prints_too(finished, site):
    client = site.test_client()
    sign_in(client, "reader1")
    with finished.database.writing() as session:
        make_deviation(
            session,
            finished.batch,
            finished.batch.code,
            by=finished.people["technician"],
            at=finished.clock(),
        )
    words = words_of(client.get(f"/batches/{finished.batch.code}/record.pdf").data)
    assert "Nobody has reviewed or released this batch yet." in words and "not judged" in words


def test_the_record_names_every_document_it_rests_on_with_its_whole_digest(finished, site):
    with finished.database.reading() as session:
        held = {kind: register.all_effective(session, kind, finished.clock())[0] for kind in Kind}
    client = site.test_client()
    sign_in(client, "qa1")
    where = f"/batches/{finished.batch.code}/record"
    said = client.get(f"{where}.json").get_json()["documents"]
    assert {(each["document"], each["sha256"]) for each in said} == {
        (each.named, each.sha256) for each in held.values()
    }
    flat, pdf = (client.get(f"{where}.{end}").data for end in ("csv", "pdf"))
    paper = read(pdf)
    for each in held.values():
        assert each.sha256.encode() in flat
        assert each.sha256 in paper and squashed(each.named) in paper


# One record that has everything
# -------------------------------------------------------------------------------------------------

# What paper and sheet say in their own words: a section, a gate, that it was not met, the band.
# A curve is drawn; its values stand in its table.
TOLD_OTHERWISE = ("part", "stage", "met", "demonstration", "field", "unit", "number", "of")
MANY = "parents"  # of which paper names the first and the last


def leaves(said, key=""):
    """(key, text) of every text in a record."""
    if isinstance(said, dict):
        for name, value in said.items():
            yield from leaves(value, name)
    elif isinstance(said, list):
        for value in said:
            yield from leaves(value, key)
    elif said and key not in TOLD_OTHERWISE:
        yield key, said


@pytest.fixture
def full(corrected):
    """The corrected batch, released; one bag is destroyed, one was issued and came back."""
    corrected.review()
    corrected.decide("release_stage_1", why=None)
    with corrected.database.writing() as session:
        [final] = containers.of_scope(session, corrected.batch.code, "final")
        retain, *_ = containers.of_scope(session, corrected.batch.code, "sample")
        for code, fate in (
            (final.code, "issued"),
            (final.code, "returned"),
            (retain.code, "destroyed"),
        ):
            corrected.clock.advance(minutes=1)
            fates.become(session, corrected, code, fate)
    return corrected


@pytest.mark.slow
@pytest.mark.req("REC-01")
def test_print_json_and_csv_say_the_same_of_everything(full, site):
    reader = site.test_client()
    sign_in(reader, "reader1")
    place = f"/batches/{full.batch.code}/record"
    record = reader.get(f"{place}.json").get_json()
    signed_off = [each for stage in record["stages"] for each in stage["superseded"]]
    became = [each for one in record["containers"] for each in one["became"]]
    assert [each["stands"] for each in record["untested"]] == ["not tested"]
    assert record["untested"][0]["signatures"] and signed_off and len(became) == 3
    assert "Misread, looked up on the print-out" in signed_off[0]["by"][0]
    sheet = squashed(reader.get(f"{place}.csv").get_data(as_text=True).replace('""', '"'))
    paper = read(reader.get(f"{place}.pdf").data)
    said = set(leaves(record))
    assert {text for _, text in said if squashed(text) not in sheet} == set()
    assert {text for key, text in said if squashed(text) not in paper and key != MANY} == set()


@pytest.mark.req("REC-01")
def test_all_three_forms_name_the_digest_of_the_json_without_itself_and_the_head(full, site):
    """Who has a print and a JSON copy can say whether both are of the same state of the record."""
    reader = site.test_client()
    sign_in(reader, "reader1")
    place = f"/batches/{full.batch.code}/record"
    copy = reader.get(f"{place}.json").data.decode()
    record = json.loads(copy)
    apart = {"sha256", "head"}
    said = {name: value for name, value in record.items() if name not in apart}
    own = hashlib.sha256(
        json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    ).hexdigest()
    assert record["sha256"] == own
    words = words_of(reader.get(f"{place}.pdf").data)
    assert words.count(own) == int(re.search(r"page 1 / (\d+)", words)[1]) > 20
    assert own in reader.get(f"{place}.csv").get_data(as_text=True)
    with full.database.writing() as session:
        Act(session, full.people["qa"], full.clock()).say("donor.registered", full.batch)
    again = reader.get(f"{place}.json").get_json()
    assert again["head"] != record["head"] and again["sha256"] == own


def test_the_print_has_a_list_of_contents_that_leads_to_each_part(full, site):
    reader = site.test_client()
    sign_in(reader, "reader1")
    printed = reader.get(f"/batches/{full.batch.code}/record.pdf").data
    pages = pages_of(printed)
    listed = dict(re.findall(r"^(\S.*?)(?: \.)+ (\d+)$", pages[0], re.MULTILINE))
    assert {"Receipt of the cord", "Corrections", "Deviations", "Curves"} <= set(listed)
    assert len(listed) > 20
    for title, page in listed.items():
        assert title in pages[int(page) - 1], f"{title} is not on page {page}"
    assert max(map(int, listed.values())) <= len(pages) - 1


def test_the_curves_are_drawn_as_vectors_with_their_tables_beneath(full, site):
    reader = site.test_client()
    sign_in(reader, "reader1")
    place = f"/batches/{full.batch.code}/record"
    drawn = reader.get(f"{place}.json").get_json()["curves"]
    printed = reader.get(f"{place}.pdf").data
    assert "Cumulative doublings from P1" in {each["title"] for each in drawn}
    for each in drawn:
        made = drawn_curves.pictures(each)
        assert len(made["points"]) == len(each["points"]) and made["ticks"]
        assert len(made["limits"]) == len(each["limits"])
    assert program("pdfimages", "-list", "-", input=printed).stdout.count(b"\n") == 2, "a bitmap"
