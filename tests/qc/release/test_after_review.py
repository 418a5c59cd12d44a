"""Which words of the trail leave a review as it is: named one by one, all others outdate it."""

import pytest

import app  # noqa: F401 - every chapter adds its words
from integrity.vocabulary import ACTIONS
from qc.release.after_review import HARMLESS


def test_whatever_is_harmless_is_a_word_of_the_trail():
    assert set(ACTIONS) >= HARMLESS


@pytest.mark.req("AUD-06")
@pytest.mark.parametrize(
    "word",
    [
        "step.recorded",
        "step.corrected",
        "step.verified",
        "stage.signed",
        "batch.terminated",
        "containers.created",
        "sample.received",
        "result.recorded",
        "result.reviewed",
        "result.invalidated",
        "deviation.opened",
        "deviation.judged",
        "deviation.closed",
        "donor.corrected",
        "donor.consent_changed",
        "donor.tested",
        "donor.determined",
        "cord.rejected",
        "lot.used",
        "equipment.used",
    ],
)
def test_whatever_the_review_has_looked_at_outdates_it(word):
    assert word in set(ACTIONS) and word not in HARMLESS


def test_what_follows_from_the_review_itself_does_not():
    assert {"batch.reviewed", "batch.released_stage_1", "certificate.issued", "refused"} <= HARMLESS
