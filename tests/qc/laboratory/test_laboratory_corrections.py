"""The receipt of a sample and the start of a long test, put right: the law as tables, and the acts
on one sample."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from integrity import deviations, facts, states, verification
from integrity.acts import Act
from integrity.findings import Refused
from qc.laboratory import corrections, line_statuses, results, samples, verdicts
from qc.laboratory.rule_ids import LaboratoryRule as Rule
from qc.laboratory.rules import beginnings, samples as sample_rules
from qc.laboratory.rules.beginnings import Beginning, Read
from qc.laboratory.rules.results import TESTING, Verdict
from qc.laboratory.samples import ReceiptFacts
from qc.laboratory.testing import BeginningFacts
from qc.specifications import document
from tests.makers import qc
from tests.makers.people import entry_id

WHY = "Read again from the notebook, page 41."
BEGAN = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
STERILITY = document.read(qc.SHIPPED_BYTES).by_id["sterility"]
KNOWN = Beginning(
    line=STERILITY,
    pulled_at=BEGAN - 5 * HOUR,
    received_at=BEGAN - 4 * HOUR,
    gone_at=None,
    recorded_at=BEGAN + 5 * MINUTE,
    late=15 * MINUTE,
)
READING = Read(BEGAN + 7 * DAY, False, "interim")
FINAL = Read(BEGAN + 14 * DAY, True, "conforms")


# The law
# -------------------------------------------------------------------------------------------------


@pytest.mark.req("QC-08", "TIM-06")
@pytest.mark.parametrize(
    ("becomes", "known", "found"),
    [
        (BEGAN - 10 * MINUTE, {}, []),
        (BEGAN - 11 * MINUTE, {}, [Rule.START_LATE]),  # told more than a quarter of an hour late
        (BEGAN + 5 * MINUTE, {}, []),
        (BEGAN + 6 * MINUTE, {}, [Rule.BEGUN_AFTER_RECORD]),
        (BEGAN - 4 * HOUR, {"late": DAY}, []),
        (BEGAN - 4 * HOUR - MINUTE, {"late": DAY}, [Rule.TESTED_BEFORE_RECEIPT]),
        (BEGAN - 5 * HOUR - MINUTE, {"late": DAY, "received_at": None}, [Rule.BEFORE_THE_SAMPLE]),
        (BEGAN + 3 * MINUTE, {"gone_at": BEGAN + 2 * MINUTE}, [Rule.SAMPLE_GONE]),
        (BEGAN + MINUTE, {"gone_at": BEGAN + 2 * MINUTE}, []),
        (BEGAN + MINUTE, {"read": (FINAL,)}, [Rule.FINAL_TOO_EARLY]),
        (BEGAN - MINUTE, {"read": (FINAL, READING)}, []),
        (BEGAN + MINUTE, {"read": (READING,)}, []),
        (BEGAN + MINUTE, {"read": (replace(FINAL, word="fails"),)}, []),
        (BEGAN + MINUTE, {"read": (Read(BEGAN, False, "interim"),)}, [Rule.READ_BEFORE_THE_START]),
        (BEGAN, {"read": (Read(BEGAN, False, "interim"),)}, []),
    ],
)
def test_another_start_is_judged_with_everything_that_was_read_since(becomes, known, found):
    said = replace(KNOWN, **known)
    assert [each.rule for each in beginnings.against(said, BEGAN, becomes)] == found


@pytest.mark.req("TIM-06")
def test_what_spoke_against_the_start_before_opens_nothing_a_second_time():
    early = replace(KNOWN, read=(replace(FINAL, tested_at=BEGAN + 13 * DAY),))
    late = BEGAN - HOUR
    assert beginnings.against(KNOWN, late, late - HOUR) == []
    assert beginnings.against(early, BEGAN, BEGAN + MINUTE) == []
    [said] = beginnings.against(early, BEGAN - DAY, BEGAN)
    assert said.rule == Rule.FINAL_TOO_EARLY


@pytest.mark.req("QC-08")
@pytest.mark.parametrize(
    ("word", "read_after", "says"),
    [
        ("conforms", 14 * DAY, "conforms"),
        ("conforms", 14 * DAY - MINUTE, "inconclusive"),
        ("fails", DAY, "fails"),
    ],
)
def test_a_final_result_from_before_the_end_is_not_conclusive(word, read_after, says):
    verdict = beginnings.final(STERILITY, Verdict(word, "No growth"), BEGAN, BEGAN + read_after)
    assert (verdict.word, bool(verdict.why)) == (says, says == "inconclusive")
    other = document.read(qc.SHIPPED_BYTES).by_id["viability"]  # no long test: nothing to wait for
    assert beginnings.final(other, Verdict(word, "97 %"), BEGAN, BEGAN).word == word


@pytest.mark.req("QC-03")
@pytest.mark.parametrize(
    ("condition", "rules"),
    [
        ("intact", []),
        ("damaged", [Rule.SAMPLE_CONDITION]),
        ("unfit", [Rule.SAMPLE_CONDITION]),
        ("wet", [Rule.CONDITION_UNREAD]),
    ],
)
def test_how_a_sample_arrived_is_judged_alike_at_its_receipt_and_later(condition, rules):
    assert [each.rule for each in sample_rules.arriving(condition)] == rules
    assert [each.rule for each in sample_rules.receiving(condition, True, False)] == rules


# The acts
# -------------------------------------------------------------------------------------------------


@pytest.fixture
def people(database, clock):
    return qc.make_laboratory(database, at=clock())


@pytest.fixture
def batch(database, people, clock):
    with database.writing() as session:
        qc.make_specification(session, people, at=clock())
        return qc.make_bare_batch(session, people, at=clock())


def correct_start(session, by, sample, began_at, at, reason=WHY):
    act = Act(session, by, at, entry_id=entry_id())
    told = BeginningFacts(sample.code, "sterility", began_at)
    return corrections.correct_beginning(act, told, reason)


def opened(database, batch):
    with database.reading() as session:
        return [each.rule for each in deviations.in_scopes(session, [batch.id])]


@pytest.mark.state("qc")
@pytest.mark.req("EBR-08", "QC-08")
def test_a_start_that_is_put_right_moves_the_end_and_turns_what_was_read_too_early(
    database, people, batch, clock
):
    began, second = clock(), people["qc_reviewer"]
    with database.writing() as session:
        sample = qc.make_sample(session, people, batch, ("sterility",), at=began)
        qc.begin(session, people, sample, at=clock.advance(minutes=10), began_at=began)
    with database.writing() as session:
        qc.make_result(
            session, people, sample, "sterility", "no_growth", at=began + 7 * DAY, reading=True
        )
        at = clock.at = began + 14 * DAY
        final = qc.make_result(
            session, people, sample, "sterility", "no_growth", at=at, reviewed=True
        )
    for by, becomes, reason, says in (
        (people["qc_analyst"], began + MINUTE, WHY, "recorded this yourself"),
        (second, began + MINUTE, "typo", "Say why"),
        (second, began, WHY, "Nothing differs"),
        (second, began + HOUR, WHY, "cannot have been later"),
        (second, began - HOUR, WHY, "before the sample was pulled"),
    ):
        with database.writing() as session, pytest.raises(Refused, match=says):
            correct_start(session, by, sample, becomes, at, reason)
    assert opened(database, batch) == []
    with database.writing() as session:
        correct_start(session, second, sample, began + 5 * MINUTE, at)
    assert opened(database, batch) == [Rule.FINAL_TOO_EARLY]
    with database.reading() as session:
        [made] = results.beginnings_of(session, [sample.id]).values()
        assert (made.first_began_at, made.began_at) == (began, began + 5 * MINUTE)
        [change] = corrections.of_beginning(session, made)
        assert (change.made.reason, change.made.username) == (WHY, second.username)
        [(term, was, becomes)] = facts.compared(corrections.beginning_changes(change))
        assert term == "Began" and was != becomes
        says = verdicts.standing(session, results.of_sample(session, sample.id))
        assert says[final.id].word == "inconclusive"
        assert facts.shown(next(iter(says.values())).shown).endswith("to day 6")
        held, _ = results.specification_of(session, sample)
        [line] = [
            each
            for each in line_statuses.of_batch(session, batch.code, held)
            if each.line.id == "sterility"
        ]
        assert (line.state, line.blocks("final")) == ("inconclusive", True)
        assert verification.verify(session).faults == []
    with database.writing() as session:  # and back again: it is what it was
        correct_start(session, second, sample, began, at)
    with database.reading() as session:
        assert verdicts.standing(session, [final])[final.id].word == "conforms"


@pytest.mark.state("qc")
@pytest.mark.req("EBR-08", "QC-03")
def test_a_receipt_that_is_put_right_moves_the_sample_and_keeps_what_was_said(
    database, people, batch, clock
):
    second = people["qc_reviewer"]

    def correct(condition, storage="Refrigerator 2", by=second, reason=WHY):
        with database.writing() as session:
            act = Act(session, by, clock.advance(minutes=1), entry_id=entry_id())
            told = ReceiptFacts(sample.code, condition, storage)
            return corrections.correct_receipt(act, told, reason)

    def stands():
        with database.reading() as session:
            return states.of(session, sample, TESTING)

    with database.writing() as session:
        sample = qc.make_sample(session, people, batch, at=clock())
        qc.make_result(session, people, sample, at=clock(), reviewed=True)
    for said, says in (
        ({"condition": "unfit", "by": people["qc_analyst"]}, "recorded this yourself"),
        ({"condition": "unfit", "reason": "typo"}, "Say why"),
        ({"condition": "intact"}, "Nothing differs"),
        ({"condition": "wet"}, "in what condition"),
    ):
        with pytest.raises(Refused, match=says):
            correct(**said)
    correct("intact", "Refrigerator 3, 5 °C")
    assert (stands(), opened(database, batch)) == ("complete", [])
    correct("unfit", "Refrigerator 3, 5 °C")
    assert (stands(), opened(database, batch)) == ("unfit", [Rule.SAMPLE_CONDITION])
    correct("damaged", "Refrigerator 3, 5 °C")
    assert (stands(), opened(database, batch)) == ("complete", [Rule.SAMPLE_CONDITION] * 2)
    with database.reading() as session:
        receipt = samples.receipt_of(session, sample.id)
        assert (receipt.first_storage, receipt.storage) == (
            "Refrigerator 2",
            "Refrigerator 3, 5 °C",
        )
        told = [
            facts.compared(corrections.receipt_changes(each))
            for each in corrections.of_receipt(session, receipt)
        ]
        assert told == [
            [("Where it is kept", "Refrigerator 2", "Refrigerator 3, 5 °C")],
            [("How it arrived", "intact", "not fit for testing")],
            [("How it arrived", "not fit for testing", "damaged, can be tested")],
        ]
        assert verification.verify(session).faults == []


@pytest.mark.state("qc")
def test_what_was_never_recorded_is_not_put_right(database, people, batch, clock):
    with database.writing() as session:
        sample = qc.make_sample(session, people, batch, ("sterility",), at=clock(), received=False)
    by = people["qc_reviewer"]
    with database.writing() as session, pytest.raises(Refused, match="not received"):
        act = Act(session, by, clock(), entry_id=entry_id())
        corrections.correct_receipt(act, ReceiptFacts(sample.code, "unfit", "Shelf 1"), WHY)
    with database.writing() as session, pytest.raises(Refused, match="No start"):
        correct_start(session, by, sample, clock(), clock())
