"""What turns out after a release, and what an insider tries, wholly through pages: a lot that is
recalled, a marker that comes back reactive, an administrator who would sign as quality, a claimed
time that was wrong."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from demonstration import laboratory, quality
from demonstration.culture import walk
from integrity import site as settings, times
from manufacturing.donation.donations import Donor
from manufacturing.execution.entries import Entry
from people.accounts import Person
from qc.release import certificates
from stores import containers, lots
from stores.lot_uses import LotUse
from tests.makers.donors import CRITERIA

pytestmark = pytest.mark.browser
RECALL = "The supplier recalled this lot for endotoxin."


def shown(at):
    return at.strftime("%Y-%m-%d %H:%M +00:00")


@pytest.fixture
def released(site):
    """A batch that was released at stage 1, with its final container and its certificate."""
    site.idle_after(120)
    cord = site.cord(site.clock() - timedelta(hours=3))
    batch, office = site.batch(cord), site.quality()
    with site.database.reading() as reading:
        donor = reading.get_one(Donor, cord.donor_id)
    for position in walk(site.bench(), batch.id):
        if position.step == "p0_medium_change" and position.turn == 1:
            laboratory.accept(site.laboratory, donor, cord)
    quality.receive_samples(office, batch)
    laboratory.test_early(office, batch)
    because = "The door stood open for a while."
    quality.close_deviations(office, batch, cause=because, impact="None.", reason=because)
    quality.review(office, batch)
    made = quality.release(office, batch, by=site.laboratory.staff["releaser1"], address=site.url)
    with site.database.reading() as reading:
        [final] = containers.of_scope(reading, batch.code, "final")
        token = certificates.of_batch(reading, batch.id)[-1].token
    assert made.token == token
    return batch, final, token


def public_page(site, chromium, token) -> str:
    """What somebody with the paper and a phone reads."""
    phone = chromium.new_page(viewport={"width": 390, "height": 844})
    phone.goto(f"{site.url}/c/{token}")
    words = phone.inner_text("main")
    phone.close()
    return words


def is_held(site, chromium, tablet, released, because):
    """Nothing says any more that it may be given, and QA is asked to decide."""
    batch, final, token = released
    bench, qa = tablet("technician1"), tablet("qa1")
    bench.open(f"/containers/{final.code}?scanned=1")
    assert "ON HOLD" in bench.text and "may be issued" not in bench.text
    bench.look("final-on-hold")
    assert "UNDER REVIEW" in public_page(site, chromium, token)
    qa.open("/release")
    assert because in qa.text and "Decide: lift the hold" in qa.text
    qa.look("desk-after-release")
    qa.open(f"/batches/{batch.code}/resume")
    qa.sign(comment="It seems all right to me after all.")
    assert because in qa.text and "Resume" not in qa.path
    bench.open(f"/containers/{final.code}?scanned=1")
    assert "ON HOLD" in bench.text


@pytest.mark.req("REL-03", "MAT-02")
def test_a_lot_that_is_recalled_after_the_release_holds_what_was_made_with_it(
    site, tablet, chromium, released
):
    batch, final, token = released
    assert "CURRENT" in public_page(site, chromium, token)
    with site.database.reading() as reading:
        used = select(LotUse.lot_id).where(LotUse.scope == batch.code).order_by(LotUse.id)
        lot = reading.get_one(lots.Lot, reading.scalars(used).first())
    qa = tablet("qa1")
    qa.open(f"/lots/{lot.code}")
    qa.go("Reject")
    qa.sign(comment=RECALL)
    assert "rejected" in qa.text.lower() and batch.code[:4] in qa.text
    is_held(site, chromium, tablet, released, "is rejected")


@pytest.mark.req("REL-03")
def test_a_marker_that_comes_back_reactive_after_the_release_holds_the_product(
    site, tablet, chromium, released
):
    batch, final, token = released
    results = {marker.id: "negative" for marker in CRITERIA.panel}
    results[CRITERIA.panel[0].id] = "reactive"
    qa = tablet("qa1")
    qa.open("/donors/H1-0001/tests/new")
    qa.fill(
        {"sampled_at": shown(site.clock() - timedelta(days=1)), "laboratory": "LAB-07", **results}
    )
    qa.press()
    assert "void" in qa.text.lower() or "ineligible" in qa.text.lower()
    is_held(site, chromium, tablet, released, "eligib")


@pytest.mark.req("SIG-12", "IAM-03")
def test_an_administrator_who_resets_qualitys_password_cannot_sign_as_quality(site, tablet):
    with site.database.reading() as reading:
        qa_id = reading.scalars(select(Person.id).where(Person.username == "qa1")).one()
        lot = reading.scalars(select(lots.Lot).order_by(lots.Lot.id)).first()
    admin = tablet("admin1")
    admin.open(f"/people/{qa_id}/standing")
    admin.fill({"deed": "reset", "reason": "She says that she has forgotten it."})
    admin.press()
    half = admin.page.locator(".number-value").inner_text()
    admin.look("first-half")
    # alone, the half opens nothing: neither her account, nor a signature from another's tablet
    for tried in (half, f"{half}-{half}"):
        thief = tablet("")
        site.passwords["qa1"], kept = tried, site.passwords["qa1"]
        thief.username = "qa1"
        thief.open("/sign-in")
        assert not thief.signed_in
        admin.open(f"/lots/{lot.code}/reject")
        assert "password" not in {
            each.get_attribute("type") for each in admin.page.locator("main input").all()
        }
        site.passwords["qa1"] = kept
    # nor may the administrator confirm the other half
    admin.open(f"/people/{qa_id}/password")
    assert "may not" in admin.text or "403" in admin.text
    # she herself goes on with the password she has, and reads that somebody asked
    qa = tablet("qa1")
    assert qa.signed_in
    qa.open("/people/waiting")
    assert "admin1" in qa.text
    qa.look("somebody-asked")
    qa.open(f"/people/{qa_id}/password/decline")
    qa.sign(comment="I did not ask for it and have my password.")
    assert "No password waits" in qa.text


@pytest.mark.req("EBR-09", "TIM-06")
def test_a_claimed_time_that_was_wrong_is_put_right_with_both_to_read(site, tablet):
    site.idle_after(120)
    batch = site.batch()
    for _ in walk(site.bench(), batch.id, until="digest"):
        pass
    with site.database.reading() as reading:
        mine = select(Entry).where(Entry.batch_id == batch.id).order_by(Entry.id.desc())
        entry = reading.scalars(mine).first()
    was, right = entry.performed_at, entry.performed_at - timedelta(minutes=2)
    technician = tablet("technician1")
    technician.open(f"/batches/{batch.code}/entries/{entry.id}/correct")
    technician.fill({"performed_at": shown(right), "reason": "I read the clock in the wrong room."})
    technician.look("correct-claimed-time")
    technician.press()
    technician.open(f"/batches/{batch.code}")
    with site.database.reading() as reading:
        zone = settings.zone(reading)
    for each in (right, was):
        assert times.shown(each, zone, seconds=True) in technician.text
    assert "wrong room" in technician.text
