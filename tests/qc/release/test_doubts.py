"""While the clock is under suspicion or a restore is not judged, nothing is called usable: an
expired product would be in date again, one on hold released in an older database.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from integrity import backups, clock as clocks, site as sites, verification
from integrity.acts import Act
from integrity.facts import ENGLISH
from integrity.trail import SYSTEM
from qc.deviations import raising
from qc.deviations.raising import RaisedFacts
from qc.release import alerts, release_inputs
from qc.release.alerts import shown
from stores import containers, expiries
from tests.makers.people import entry_id, sign_in
from tests.pages import Page

WHY = "The battery of the clock was exchanged."
HELD = "waits for QA's judgement"


@pytest.fixture
def released(finished):
    finished.review()
    finished.certificate = finished.decide("release_stage_1")
    return finished


def answers(site, made) -> list[str]:
    """What the scan of the product, the page of its batch and the page behind the QR say."""
    client = site.test_client()
    sign_in(client, "qa1")
    with made.database.reading() as session:
        [final] = containers.of_scope(session, made.batch.code, "final")
    paths = (f"/containers/{final.code}?scanned=1", f"/batches/{made.batch.code}?scanned=1")
    told = [client.get(path).get_data(as_text=True) for path in paths]
    return [*told, site.test_client().get(f"/c/{made.certificate.token}").get_data(as_text=True)]


def nothing_is_usable(site, made) -> None:
    for page in answers(site, made):
        assert "may be issued" not in page and "band-accepted" not in page
    scanned, _, public = map(Page, answers(site, made))
    assert "ON HOLD" in scanned.words and HELD in scanned.words
    assert "UNDER REVIEW" in public.words


def everything_is_as_before(site, made) -> None:
    scanned, batch, public = answers(site, made)
    assert "may be issued" in scanned
    assert all("band-accepted" in page for page in (scanned, batch, public))


def do(made, deed, by: str, **words) -> None:
    with made.database.writing() as session:
        deed(Act(session, made.people[by], made.clock(), entry_id()), **words)


def test_an_expired_product_is_not_in_date_again_by_a_clock_that_went_back(released, site):
    with released.database.reading() as session:
        [final] = containers.of_scope(session, released.batch.code, "final")
        ends = expiries.of(session, [final.id])[final.id]
    released.clock.at = ends + timedelta(hours=1)
    rename(released)
    assert "EXPIRED" in Page(answers(site, released)[0]).words
    released.clock.at = ends - timedelta(hours=1)
    rename(released)
    nothing_is_usable(site, released)
    do(released, clocks.acknowledge, "administrator", reason=WHY)
    nothing_is_usable(site, released)
    do(released, clocks.judge, "qa", reason=WHY)
    everything_is_as_before(site, released)


def rename(made) -> None:
    """Any act: each of them looks at the clock."""
    name = f"Site at {made.clock():%H %M}"
    with clocks.transaction(made.database, made.clock, SYSTEM) as act:
        sites.change(act, "name", name, reason="The laboratory moved to another house.")


def test_what_a_backup_calls_released_is_not_usable_until_the_restore_is_judged(released, site):
    everything_is_as_before(site, released)
    with released.database.writing() as session:
        report = verification.Report(events=1)
        act = Act(session, SYSTEM, released.clock())
        backups._say_restored(act, "older.db", report, (9, "0" * 64), [])
    nothing_is_usable(site, released)
    do(released, backups.judge_restore, "qa", reason="Nothing was recorded since the backup.")
    everything_is_as_before(site, released)


def test_what_was_recorded_under_a_suspected_clock_is_an_exception_of_the_review(finished):
    finished.clock.advance(hours=2)
    rename(finished)
    finished.clock.advance(hours=-1)
    technician, key = finished.people["technician"], entry_id()
    with clocks.transaction(finished.database, finished.clock, technician, key) as act:
        said = "The bag looks cloudy to me."
        raising.raise_deviation(act, RaisedFacts(finished.batch.code, said, "Bench", "minor"))
    do(finished, clocks.acknowledge, "administrator", reason=WHY)
    do(finished, clocks.judge, "qa", reason=WHY)
    with finished.database.reading() as session:
        found = release_inputs.gather(session, finished.batch, finished.clock())
        told = [shown(each, ENGLISH).headline for each in alerts.of(session, found)]
    assert any("recorded while the clock was under suspicion" in each for each in told)
