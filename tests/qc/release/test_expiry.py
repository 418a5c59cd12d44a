"""The product expires by its own record, and every place that says whether it may be used
says so.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

import pytest

from integrity import deviations, verification
from integrity.findings import Refused
from manufacturing.execution import batch_state, expiry
from qc.release import certificates, product
from stores import containers, expiries
from stores.expiries import ContainerExpiry
from tests.makers import release
from tests.makers.broken import correct_entry_of_suspension
from tests.makers.people import sign_in
from tests.pages import Page

TICK = timedelta(milliseconds=1)
HOURS, MINUTES = timedelta(hours=4), timedelta(minutes=90)


def suspended(session, made):
    """The entry that says when the suspension was complete, and that moment."""
    state = batch_state.read(session, made.batch.id)
    entry = next(each for each in state.current if each.step == "suspend")
    return entry, datetime.fromisoformat(entry.values["finished"]["at"])


def correct(made, **changed):
    """The entry of the final suspension with other values, as the technician corrects it."""
    with made.database.writing() as session:
        correct_entry_of_suspension(session, made, **changed)


def known(made):
    """Until when the one final container of a batch may be used."""
    with made.database.reading() as session:
        [final] = containers.of_scope(session, made.batch.code, "final")
        return expiries.of(session, [final.id])[final.id]


def page_of(site, path):
    client = site.test_client()
    sign_in(client, "qa1")
    return Page(client.get(path))


@pytest.mark.state("finished")
@pytest.mark.parametrize(("formulation", "hold"), [("albumin", HOURS), ("saline", MINUTES)])
def test_the_expiry_is_the_end_of_the_suspension_and_the_hold_of_its_formulation(
    reviewed, formulation, hold
):
    if formulation != "albumin":
        correct(reviewed, formulation=formulation)
    with reviewed.database.reading() as session:
        _, finished = suspended(session, reviewed)
        state = batch_state.read(session, reviewed.batch.id)
        worked_out = expiry.expires_at(state)
        assert worked_out == finished + hold
    assert known(reviewed) == worked_out


@pytest.mark.state("finished")
def test_a_corrected_moment_moves_the_expiry_and_the_earlier_one_stays_legible(reviewed):
    before = known(reviewed)
    earlier = (before - HOURS - timedelta(hours=1)).isoformat(sep=" ", timespec="minutes")
    correct(reviewed, finished=earlier)
    assert known(reviewed) == before - timedelta(hours=1)
    with reviewed.database.reading() as session:
        rows = session.query(ContainerExpiry).order_by(ContainerExpiry.id).all()
        assert [each.expires_at for each in rows] == [before, before - timedelta(hours=1)]
        assert verification.verify(session).faults == []


@pytest.mark.state("finished")
@pytest.mark.req("EBR-09", "TIM-06")
@pytest.mark.parametrize("earlier", [timedelta(hours=2), timedelta(days=5), timedelta(days=14)])
def test_a_suspension_complete_before_what_it_was_made_of_is_a_deviation(reviewed, earlier):
    with reviewed.database.reading() as session:
        entry, finished = suspended(session, reviewed)
    correct(reviewed, finished=(finished - earlier).isoformat(sep=" ", timespec="minutes"))
    with reviewed.database.reading() as session:
        under = deviations.in_scopes(session, [reviewed.batch.id])
        said = [each.sentence() for each in under if each.rule.endswith("moment-out-of-order")]
    assert len(said) == 1 and "Suspension complete at" in said[0]


@pytest.mark.state("finished")
@pytest.mark.req("EBR-08", "REL-03")
@pytest.mark.parametrize(("since", "opens"), [(timedelta(0), False), (TICK, True)])
def test_a_product_that_has_expired_does_not_come_back_by_a_correction_alone(
    reviewed, since, opens
):
    with reviewed.database.reading() as session:
        albumin = suspended(session, reviewed)[0].values["albumin"]["code"]
    correct(reviewed, formulation="saline")
    reviewed.clock.at = known(reviewed) + since
    correct(reviewed, formulation="albumin", albumin=albumin)
    with reviewed.database.reading() as session:
        under = deviations.in_scopes(session, [reviewed.batch.id])
        rules = [each.rule for each in under if each.rule == "ebr-08-expiry-revived"]
    assert len(rules) == opens
    release.sign_again(reviewed)
    if opens:
        with pytest.raises(Refused, match="had expired"):
            reviewed.review()


@pytest.mark.parametrize("deed", ["release_stage_1", "review"])
@pytest.mark.parametrize(("since", "refused"), [(timedelta(0), False), (TICK, True)])
def test_nothing_is_reviewed_or_released_of_which_nobody_may_be_given_any_more(
    finished, deed, since, refused
):
    if deed != "review":
        finished.review()
    finished.clock.at = known(finished) + since
    if deed != "review":
        finished.clock.advance(minutes=-1)  # which the decision takes
    act = finished.review if deed == "review" else partial(finished.decide, deed)
    if refused:
        with pytest.raises(Refused, match="The product expired"):
            act()
    else:
        assert act()


def test_late_results_of_what_was_given_in_time_are_certified_after_its_expiry(finished):
    finished.review()
    finished.decide("release_stage_1")
    finished.sterility()
    finished.review()
    assert finished.decide("release_final").version == 2
    assert finished.decide("reissue").version == 3


@pytest.mark.parametrize("released", ["review", "release_stage_1", "withdraw"])
def test_every_page_says_expired_before_anything_weaker(finished, site, released):
    finished.review()
    if released != "review":
        finished.decide("release_stage_1")
    if released == "withdraw":
        finished.decide("withdraw")
    expires_at = known(finished)
    with finished.database.reading() as session:
        [final] = containers.of_scope(session, finished.batch.code, "final")
        made = certificates.of_batch(session, finished.batch.id)
        token = f"/c/{made[-1].token}" if made else None
    pages = [
        f"/containers/{final.code}?scanned=1",
        f"/batches/{finished.batch.code}?scanned=1",
        "/batches",
        f"/batches/{finished.batch.code}/review",
        *([f"/certificates/{made[-1].code}"] if made else []),
    ]
    strongest = "recalled" if released == "withdraw" else "expired"
    finished.clock.at = expires_at
    assert not [path for path in pages if "expired" in page_of(site, path).words.lower()]
    finished.clock.at = expires_at + TICK
    assert not [path for path in pages if strongest not in page_of(site, path).words.lower()]
    if token and released != "withdraw":
        assert "EXPIRED" in site.test_client().get(token).get_data(as_text=True)


def test_a_scan_says_until_when_it_may_be_issued_and_then_that_its_time_is_over(finished, site):
    finished.review()
    finished.decide("release_stage_1")
    expires_at = known(finished)
    with finished.database.reading() as session:
        [final] = containers.of_scope(session, finished.batch.code, "final")
    path, until = f"/containers/{final.code}?scanned=1", f"{expires_at:%Y-%m-%d %H:%M} +00:00"
    finished.clock.at = expires_at
    assert f"It may be issued until {until}." in page_of(site, path).words
    finished.clock.at = expires_at + TICK
    assert f"Its time ended {until}. It must not be used" in page_of(site, path).words


def test_a_band_is_red_once_the_time_is_over_and_the_word_under_it_is_not_green(finished, site):
    finished.review()
    finished.decide("release_stage_1")
    expires_at = known(finished)
    with finished.database.reading() as session:
        [final] = containers.of_scope(session, finished.batch.code, "final")
    for path in (f"/containers/{final.code}", f"/batches/{finished.batch.code}"):
        for moment, tone in ((expires_at, "accepted"), (expires_at + TICK, "rejected")):
            finished.clock.at = moment
            page = page_of(site, f"{path}?scanned=1")
            bands = [each.given["data-tone"] for each in page.elements if "data-tone" in each.given]
            assert bands == [tone], (path, moment)
            released = next(each for each in page.elements if is_pill(each, "Released stage 1"))
            assert ("status-accepted" in released.given["class"]) == (tone == "accepted"), path


def is_pill(element, words):
    return element.given.get("class", "").startswith("status ") and element.words.strip() == words


def test_a_batch_whose_expiry_does_not_follow_from_its_record_is_not_released():
    unknown = product.Product(exists=True, expires_at=None, at=None)
    for is_released in (False, True):
        against = unknown.against(is_released=is_released)
        assert [rule.value for rule, _ in against] == ["rel-03-expiry-unknown"]
