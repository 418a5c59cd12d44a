"""One total order of words: what forbids most is what is said, and nothing below it is green."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest

from integrity.words import Tone
from stores import standing
from stores.rules import Disposition
from stores.standing import Word
from stores.words import ScanWord
from tests.templates import MORNING

TICK = timedelta(milliseconds=1)
# disposition: the band of a thing in date, and of one whose time is over
BANDS = {
    Disposition.VOID: ("void", "void"),
    Disposition.RECALLED: ("recalled", "recalled"),
    Disposition.REJECTED: ("rejected", "rejected"),
    Disposition.ON_HOLD: ("on_hold", "expired"),
    Disposition.QUARANTINE: ("quarantine", "expired"),
    Disposition.UNDER_REVIEW: ("under_review", "expired"),
    Disposition.EXCEPTIONAL_SUPPLY: ("exceptional_supply", "expired"),
    Disposition.RELEASED_STAGE_1: ("released_stage_1", "expired"),
    Disposition.RELEASED: ("released", "expired"),
}


@pytest.mark.parametrize("disposition", Disposition)
def test_the_strongest_word_is_the_band_and_the_next_stands_under_it(disposition):
    inside, over = BANDS[disposition]
    assert standing.words(disposition) == [inside]
    assert standing.words(disposition, expired=True)[0] == over
    assert set(standing.words(disposition, expired=True)) == {disposition.value, "expired"}


@pytest.mark.parametrize("disposition", Disposition)
@pytest.mark.parametrize("expired", [False, True])
def test_a_hold_by_hand_stands_among_the_words_and_allows_nothing(disposition, expired):
    told = standing.words(disposition, expired, held=True)
    assert set(told) == {*standing.words(disposition, expired), Word.ON_HOLD}
    assert standing.tone(told[0]) != Tone.ACCEPTED


@pytest.mark.parametrize("disposition", Disposition)
@pytest.mark.parametrize("expired", [False, True])
def test_what_was_released_on_a_paper_that_is_under_review_is_given_to_nobody(disposition, expired):
    told = standing.words(disposition, expired, doubted=True)
    released = disposition in (Disposition.RELEASED, Disposition.RELEASED_STAGE_1)
    assert set(told) - set(standing.words(disposition, expired)) == (
        {Word.UNDER_REVIEW} if released else set()
    )
    assert standing.tone(told[0]) != Tone.ACCEPTED


def test_words_have_one_order_whatever_they_come_in():
    told = [
        "unknown", "foreign", "void", "recalled", "rejected", "destroyed", "returned", "used",
        "issued", "expired", "on_hold", "quarantine", "under_review", "exceptional_supply",
        "released_stage_1", "released",
    ]  # fmt: skip
    assert standing.ordered(reversed(Word)) == told
    for one, other in itertools.combinations(Word, 2):
        assert standing.ordered([other, one]) == [one, other]


@pytest.mark.parametrize("word", Word)
def test_nothing_below_released_and_in_date_is_green(word):
    green = word in (Word.RELEASED, Word.RELEASED_STAGE_1)
    assert (standing.tone(word) == Tone.ACCEPTED) == green
    assert standing.sentence(word, MORNING) and standing.sentence(word, None)


@pytest.mark.parametrize("disposition", Disposition)
@pytest.mark.parametrize(
    ("since", "over"), [(-TICK, False), (timedelta(0), False), (TICK, True), (None, False)]
)
def test_the_last_moment_is_inside_and_what_has_expired_may_not_be_used(disposition, since, over):
    expires_at = None if since is None else MORNING - since
    assert standing.has_expired(expires_at, MORNING) == over
    released = disposition in (Disposition.RELEASED, Disposition.RELEASED_STAGE_1)
    strongest = standing.words(disposition, over)[0]
    assert (standing.tone(strongest) == Tone.ACCEPTED) == (released and not over)


def test_a_disposition_that_nobody_knows_forbids():
    assert standing.words("lost") == [Word.UNKNOWN]
    assert standing.tone(Word.UNKNOWN) == Tone.REJECTED


@pytest.mark.parametrize("disposition", Word)
@pytest.mark.parametrize("over", [False, True])
def test_while_the_record_is_in_doubt_nothing_is_green(disposition, over):
    found = standing.words(disposition, over, in_doubt=True)
    assert Word.ON_HOLD in found and standing.tone(found[0]) is not Tone.ACCEPTED
    assert found == standing.ordered([*standing.words(disposition, over), Word.ON_HOLD])


def test_the_one_line_of_a_doubt_says_whose_turn_it_is():
    told = {standing.sentence(Word.ON_HOLD, None, doubt)["word"] for doubt in (False, True)}
    assert told == {ScanWord.ON_HOLD, ScanWord.IN_DOUBT}


@pytest.mark.parametrize("disposition", Word)
@pytest.mark.parametrize("over", [False, True])
def test_a_vial_of_a_bank_is_never_green_whatever_its_batch_came_to(disposition, over):
    found = standing.words(disposition, over, banked=True)
    allowed = disposition in standing.ALLOWS
    assert set(found) == {*standing.words(disposition, over), *([Word.QUARANTINE] * allowed)}
    assert standing.tone(found[0]) is not Tone.ACCEPTED
    said = {standing.sentence(Word.QUARANTINE, None, banked=each)["word"] for each in (True, False)}
    assert said == {ScanWord.BANK, ScanWord.QUARANTINE}
