"""From a donor to a certificate, wholly through pages, as the people of each role."""

from __future__ import annotations

import os
import shutil
from datetime import timedelta

import pytest
from sqlalchemy import select

from demonstration import donation, quality
from demonstration.culture import PASSAGES, print_labels
from demonstration.laboratory import DRY
from integrity.deviations import Deviation
from manufacturing.donation.donations import Cord
from manufacturing.execution import batches
from qc.laboratory import results as kept
from qc.laboratory.results import Result
from stores import containers
from tests.journeys.pictures import keep
from tests.journeys.shift import Shift
from tests.journeys.tablet import judge_exceptions
from tests.machine import program
from tests.makers.donors import CRITERIA

pytestmark = pytest.mark.browser
# Two passages with enough cells in the second for the dose.
FIGURES = {1: PASSAGES[1], 2: ("12", "11.20", "120", PASSAGES[3][3])}


def shown(at):
    return at.strftime("%Y-%m-%d %H:%M +00:00")


@pytest.mark.req("REL-09")
def test_from_a_donor_to_a_certificate_that_its_code_leads_to(site, tablet, chromium, tmp_path):
    site.idle_after(120)
    technician, qa = tablet("technician1"), tablet("qa1")
    cord = receive(site, technician)
    batch = start(site, technician, cord)
    shift = Shift(
        site,
        technician,
        batch,
        site.bench(passages=2, figures=FIGURES, changes={"p0_medium_change": DRY}),
    )
    for position in shift.work():
        if position.step == "p0_medium_change":
            shift.bench.changes = {}
        if (position.step, position.turn) == ("p0_medium_change", 1):
            accept(site, qa, cord)
        if position.step == "label_container":
            print_labels(shift.bench, batch.code)
    analyst, reviewer, releaser = tablet("analyst1"), tablet("reviewer1"), tablet("releaser1")
    bring_in(site, analyst, batch)
    measure(site, analyst, reviewer, batch, lambda name: name not in quality.LATE)
    look_ahead(site, analyst, reviewer, batch)
    releaser.open(f"/batches/{batch.code}/review")
    assert "humidity lowest 88 %" in releaser.text
    assert releaser.page.locator("main a", has_text="Sign ").count() == 0
    releaser.look("review", full=True)
    settle(site, qa, batch)
    first, address = release(site, qa, releaser, batch, "initial", tmp_path / "first")
    site.clock.wait(timedelta(days=28, hours=1))
    measure(site, analyst, reviewer, batch, lambda name: name in quality.LATE)
    second, newer = release(site, qa, releaser, batch, "final", tmp_path / "second")
    check(site, chromium, {address: ("SUPERSEDED", first), newer: ("EXPIRED", second)})


# The parts of the way
# -------------------------------------------------------------------------------------------------


def receive(site, technician):
    """The donor and her cord, by the hospital's code."""
    technician.open("/donors/new")
    technician.fill(
        {
            "code": "H1-0001",
            **donation.ANSWERS,
            "form_version": "CF-3",
            "day": site.clock().strftime("%Y-%m-%d"),
            "covers": "clinical",
        }
    )
    technician.press()
    assert "The donor is registered" in technician.text
    born_at = site.clock() - timedelta(hours=2)
    technician.open("/cords/new")
    technician.fill(
        {
            "donor_code": "H1-0001",
            "born_at": shown(born_at),
            "collected_at": shown(born_at + timedelta(minutes=9)),
            **donation.RECEIPT,
        }
    )
    technician.press()
    assert "The cord is received" in technician.text
    with site.database.reading() as reading:
        return reading.scalars(select(Cord).order_by(Cord.id.desc())).first()


def start(site, technician, cord):
    technician.open("/batches/new")
    technician.fill({"cord": cord.jar_code, "is_known": "y"})
    technician.press()
    assert "The batch is started" in technician.text
    with site.database.reading() as reading:
        return batches.of_cord(reading, cord.id)


def accept(site, qa, cord):
    """The mother's results, the donor's eligibility, the cord's acceptance."""
    qa.open("/donors/H1-0001/tests/new")
    qa.fill(
        {
            "sampled_at": shown(cord.born_at + timedelta(minutes=30)),
            "laboratory": "LAB-07, ISO 15189",
            **{marker.id: "negative" for marker in CRITERIA.panel},
        }
    )
    qa.press()
    assert "The results are recorded" in qa.text
    qa.open("/donors/H1-0001/determine")
    qa.sign()
    assert "Eligible" in qa.text
    qa.open(f"/cords/{cord.code}/accept")
    qa.sign()
    assert "accepted" in qa.text.lower()


def bring_in(site, analyst, batch):
    """Every sample comes into QC's custody; what takes long begins."""
    with site.database.reading() as reading:
        pulled = containers.of_scope(reading, batch.code, "sample")
        tests = containers.tests_of(reading, [sample.id for sample in pulled])
    for sample in pulled:
        analyst.open(f"/samples/{sample.code}/receive")
        analyst.fill({"condition": "intact", "storage": "Refrigerator 1"})
        analyst.press()
        for name in filter(quality.CULTURES.__contains__, tests[sample.id]):
            analyst.open(f"/samples/{sample.code}/tests/{name}/begin")
            analyst.press()
            assert "has begun" in analyst.text


def settle(site, qa, batch):
    """QA assesses, judges and closes every deviation."""
    with site.database.reading() as reading:
        opened = reading.scalars(
            select(Deviation).where(Deviation.scope_id.in_([batch.id, batch.cord_id]))
        ).all()
    assert len(opened) == 1
    for deviation in opened:
        page = f"/deviations/{deviation.code}"
        qa.open(f"{page}/assess")
        qa.fill(
            {
                "cause": "The door stood open.",
                "impact": "None: back within five minutes.",
                "classification": deviation.classification,
            }
        )
        qa.press()
        qa.open(f"{page}/judge/continue")
        qa.sign(comment="No cell was exposed; the cause is known.")
        qa.open(f"{page}/close")
        qa.sign()
        assert "Closed" in qa.text


def measure(site, analyst, reviewer, batch, which):
    """The analyst records the published results, another person reviews each."""
    with site.database.reading() as reading:
        pulled = containers.of_scope(reading, batch.code, "sample")
        tests = containers.tests_of(reading, [sample.id for sample in pulled])
    for sample in pulled:
        for name in filter(which, tests[sample.id]):
            site.clock.wait(timedelta(minutes=2))
            analyst.open(f"/samples/{sample.code}/tests/{name}/result")
            value = quality.RESULTS[name]
            typed = (
                {"value": value}
                if isinstance(value, str)
                else dict(zip(("value", "choice"), value, strict=True))
            )
            analyst.fill(
                typed
                | {"reference": f"Raw data {name}"}
                | ({"reading": "final"} if name in quality.CULTURES else {})
            )
            analyst.press()
            assert "Another person reviews it" in analyst.text, analyst.text
    for result in waiting(site, batch):
        reviewer.open(f"/results/{result.id}/review")
        reviewer.sign()
    assert not waiting(site, batch)


def look_ahead(site, analyst, reviewer, batch):
    """The reading of the last passage that stage 1 asks for, and why the karyotype is not there."""
    with site.database.reading() as reading:
        pulled = containers.of_scope(reading, batch.code, "sample")
        tests = containers.tests_of(reading, [sample.id for sample in pulled])
    [spent] = [each for each in pulled if each.sample_kind == "spent medium with cells"]
    analyst.open(f"/samples/{spent.code}/tests/{quality.LONG}/result")
    analyst.fill({"value": "no_growth", "reference": "Bottle 1", "reading": "interim"})
    analyst.press()
    for result in waiting(site, batch):
        reviewer.open(f"/results/{result.id}/review")
        reviewer.sign()
    [cells] = [each for each in pulled if "karyotype" in tests[each.id]]
    reviewer.open(f"/samples/{cells.code}/tests/karyotype/untested/follows")
    reviewer.sign(comment="The culture for it takes two weeks.")
    assert "takes two weeks" in reviewer.text


def release(site, qa, releaser, batch, stage, folder):
    """QA reviews, the releaser signs.

    Gives the certificate as it was downloaded and the address that its code holds.
    """
    qa.open(f"/batches/{batch.code}/review")
    judge_exceptions(qa)
    qa.go("Sign review")
    qa.sign()
    releaser.open(f"/batches/{batch.code}/review")
    releaser.go("Sign ")
    assert "CD73 positive" in releaser.text and "97.9 %" in releaser.text
    releaser.sign()
    assert "/certificates/" in releaser.path, releaser.text
    releaser.look(f"certificate-page-{stage}")
    with releaser.page.expect_download() as download:
        releaser.page.locator('a[href$=".pdf"]').first.click()
    folder.mkdir()
    paper = folder / "certificate.pdf"
    download.value.save_as(paper)
    return paper, address_on(paper)


def address_on(paper):
    """What an independent reader finds in the picture of the first page."""
    program(
        "pdftoppm",
        "-r",
        "150",
        "-f",
        "1",
        "-l",
        "1",
        "-png",
        str(paper),
        str(paper.with_name("page")),
    )
    picture = next(paper.parent.glob("page*.png"))
    if os.environ.get("CORDBOOK_PICTURES"):
        shutil.copyfile(
            picture,
            f"{os.environ['CORDBOOK_PICTURES']}/journey-certificate-{paper.parent.name}.png",
        )
    read = program("zbarimg", "--quiet", "--raw", str(picture), text=True)
    return read.stdout.strip()


def check(site, chromium, certificates):
    """Anybody with the paper, without signing in: what the code says of it, and of the file."""
    stranger = chromium.new_page(viewport={"width": 1280, "height": 800})
    for address, (word, paper) in certificates.items():
        assert address.startswith(f"{site.url}/c/")
        stranger.goto(address)
        assert word in stranger.inner_text("main")
        changed = bytearray(paper.read_bytes())
        changed[len(changed) // 2] ^= 1
        for content, verdict in ((paper.read_bytes(), "VALID"), (bytes(changed), "NOT OURS")):
            stranger.set_input_files(
                'input[type="file"]',
                {"name": "certificate.pdf", "mimeType": "application/pdf", "buffer": content},
            )
            with stranger.expect_navigation():
                stranger.locator("main form button[type=submit]").click()
            assert verdict in stranger.inner_text("main")
        keep(stranger, f"check-{word.lower()}")
    stranger.goto(f"{site.url}/c/{'x' * 32}")
    assert "UNKNOWN" in stranger.inner_text("main")
    stranger.close()


def waiting(site, batch):
    with site.database.reading() as reading:
        found = reading.scalars(
            select(Result).where(Result.scope == batch.code).order_by(Result.id)
        ).all()
        where = kept.states_of(reading, found)
        return [result for result in found if where[result.id] == "entered"]
