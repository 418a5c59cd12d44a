"""The receipt of a sample and the start of a long test, put right on a real batch: what is held,
what the review has to see again, and what every form of the record says."""

from datetime import timedelta

import pytest

from integrity import states, verification
from integrity.acts import Act
from integrity.findings import Refused
from qc.laboratory import corrections, results, samples
from qc.laboratory.samples import ReceiptFacts
from qc.laboratory.testing import BeginningFacts
from stores.rules import DISPOSITION
from tests.makers import qc
from tests.makers.people import entry_id, make_person, post, sign_in
from tests.pages import Page

WHY = "Read again from the notebook, page 41."
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def act_of_another(world, session):
    """The deed of another person than the analyst, a minute later."""
    return Act(session, world.people["qc_reviewer"], world.clock.advance(minutes=1), entry_id())


def disposition(world):
    with world.database.reading() as session:
        return states.of(session, world.batch, DISPOSITION)


def arrived(world, test, condition):
    with world.database.writing() as session:
        [sample] = qc.samples_for(session, world.batch, test)[:1]
        act, told = act_of_another(world, session), ReceiptFacts(sample.code, condition, "Shelf 1")
        corrections.correct_receipt(act, told, WHY)


@pytest.mark.state("finished")
@pytest.mark.req("QC-03", "REL-03", "EBR-08")
def test_a_sample_that_was_not_fit_after_all_takes_the_release_back(reviewed):
    arrived(reviewed, "endotoxin", "damaged")
    with pytest.raises(Refused, match="(?i)review"):
        reviewed.decide("release_stage_1")  # what was reviewed is no longer what is recorded
    with reviewed.database.reading() as session:
        [sample] = qc.samples_for(session, reviewed.batch, "endotoxin")
        assert samples.receipt_of(session, sample.id).condition == "damaged"


@pytest.mark.state("finished")
@pytest.mark.req("QC-03", "REL-03", "EBR-08")
def test_an_unfit_sample_holds_what_was_released_on_its_result(reviewed):
    reviewed.decide("release_stage_1")
    arrived(reviewed, "endotoxin", "intact")
    assert disposition(reviewed) == "released_stage_1"
    arrived(reviewed, "endotoxin", "unfit")
    assert disposition(reviewed) == "on_hold"
    with reviewed.database.reading() as session:
        assert verification.verify(session).faults == []


@pytest.mark.state("finished")
@pytest.mark.req("QC-08", "REL-03", "EBR-08")
def test_a_start_that_was_later_holds_what_was_released_on_the_early_result(reviewed):
    reviewed.decide("release_stage_1")
    with reviewed.database.reading() as session:
        sample = qc.samples_for(session, reviewed.batch, "sterility")[-1]
        [beginning] = results.beginnings_of(session, [sample.id]).values()
    began = beginning.began_at

    def start(at):
        with reviewed.database.writing() as session:
            act = act_of_another(reviewed, session)
            corrections.correct_beginning(act, BeginningFacts(sample.code, "sterility", at), WHY)

    start(began - 5 * MINUTE)
    reviewed.clock.at = began + 15 * DAY
    with reviewed.database.writing() as session:
        tested = {"tested_at": began + 14 * DAY - 5 * MINUTE, "basis": None, "reviewed": True}
        at, people = reviewed.clock(), reviewed.people
        qc.make_result(session, people, sample, "sterility", "no_growth", at=at, **tested)
    assert disposition(reviewed) == "released_stage_1"
    with pytest.raises(Refused, match="cannot have been later"):
        start(began + MINUTE)
    start(began)
    assert disposition(reviewed) == "on_hold"
    with reviewed.database.reading() as session:
        assert verification.verify(session).faults == []


@pytest.mark.req("EBR-08", "QC-03")
def test_another_analyst_puts_both_right_on_their_pages_and_the_old_stays_legible(finished, site):
    with finished.database.writing() as session:
        make_person(session, "qc_analyst", username="qcanalyst2", at=finished.clock())
        [sample] = qc.samples_for(session, finished.batch, "sterility")[-1:]
        [begun] = results.beginnings_of(session, [sample.id]).values()
    one, another, reader = (site.test_client() for _ in range(3))
    for client, name in ((one, "qcanalyst1"), (another, "qcanalyst2"), (reader, "technician1")):
        sign_in(client, name)
    receipt, start = (f"/samples/{sample.code}/{path}/correct" for path in (
        "receive", "tests/sterility/begin",
    ))  # fmt: skip
    assert reader.get(receipt).status_code == reader.get(start).status_code == 403
    kept = {"condition": "intact", "storage": "Refrigerator 7", "reason": WHY}
    assert post(one, receipt, **kept).status_code == 409
    assert post(another, receipt, **(kept | {"reason": "typo"})).status_code == 422
    assert Page(another.get(receipt)).value("storage") == "Refrigerator 2"
    assert post(another, receipt, **kept).status_code == 303
    earlier = (begun.began_at - 5 * MINUTE).isoformat(sep=" ", timespec="minutes")
    assert post(one, start, began_at=earlier, reason=WHY).status_code == 409
    assert post(another, start, began_at=earlier, reason=WHY).status_code == 303
    page = Page(reader.get(f"/samples/{sample.code}")).words
    for said in ("Corrections", "Refrigerator 2", "Refrigerator 7", WHY, "qcanalyst2"):
        assert said in page
