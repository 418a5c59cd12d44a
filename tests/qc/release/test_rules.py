"""The law of release: every single unmet item blocks and names itself; who may sign.

Which moves there are.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from manufacturing.execution.rules.batches import DISPOSITION_MOVES
from qc.laboratory.rules.line_status import LineStatus
from qc.release import rests_on, rules as law
from qc.release.product import NO_PRODUCT, Product
from qc.release.rule_ids import ReleaseRule
from qc.release.situation import (
    DeviationFacts,
    HeldThing,
    LabelsPrinted,
    ReleaseFacts,
    ReviewFacts,
    Start,
    UntrueLabel,
    UsedLot,
    Waiting,
)
from qc.specifications import document

LINES = {line.id: line for line in document.read(document.SHIPPED.read_bytes()).lines}
HOUR = timedelta(hours=1)
AT = datetime(2026, 11, 25, 12, tzinfo=UTC)


def standing(test: str = "viability", state: str = "conforms", **other) -> LineStatus:
    line = LINES[test]
    said = {"result": "97 %", "result_id": 1, "sample": "S26000012"} | other
    return LineStatus(line, state, line.limit_fact, line.method_fact, **said)


LATE = standing(
    "sterility",
    "pending",
    result="",
    result_id=None,
    until=datetime(2026, 12, 9, 11, 40, tzinfo=UTC),
)
IN_DATE = Product(True, AT + HOUR, AT)
READY = ReleaseFacts(
    execution="complete",
    disposition="under_review",
    eligibility="eligible",
    cord_code="C260000139",
    cord_standing="accepted",
    start=Start(4 * HOUR, 24 * HOUR, False),
    specification="SP-UCMSC version 1",
    lines=(standing(), standing("mycoplasma"), LATE),
    review=ReviewFacts("qa1", "QA 1", "2026-11-25 12:00:00 +00:00"),
    reviewers=frozenset({"qa1", "qa2"}),
    performers=frozenset({"technician1", "verifier1", "qcanalyst1"}),
    product=IN_DATE,
)
DEVIATION = DeviationFacts(
    "N260000153",
    "Volume 240 mL, accepted 180 – 220 mL.",
    "PBS wash 2",
    "major",
    "open",
    "",
)


def lines(*changed: LineStatus) -> dict:
    return {"lines": (*changed, LATE)}


# what is changed: the one headline that names it
UNMET = {
    "a step": (
        {"execution": "in_process", "waiting": (Waiting("step", "PBS wash 3"),)},
        "Record not complete: PBS wash 3",
    ),
    "an unfinished record": ({"execution": "in_process"}, "Record not complete"),
    "a second person": (
        {"execution": "in_process", "waiting": (Waiting("verify", "Work out the dose"),)},
        "Second person missing: Work out the dose",
    ),
    "a sign-off": (
        {"execution": "in_process", "waiting": (Waiting("sign", "Labelling"),)},
        "Stage not signed off: Labelling",
    ),
    "labels printed later": (
        {"labels": (LabelsPrinted("Reconcile the labels", 1, 2),)},
        "Labels do not add up: 1 reconciled, 2 printed",
    ),
    "a label that is not true": (
        {"untrue_labels": (UntrueLabel("P260000182", AT, AT + HOUR),)},
        "The label of P2600001-82 says another use-by than its record",
    ),
    "a label without its use-by": (
        {"untrue_labels": (UntrueLabel("P260000182", None, AT + HOUR),)},
        "The label of P2600001-82 says another use-by than its record",
    ),
    "a broken-off batch": ({"execution": "terminated"}, "The batch was broken off"),
    "an open deviation": ({"deviations": (DEVIATION,)}, "Deviation N2600001-53 open, major"),
    "an assessed deviation": (
        {"deviations": (replace(DEVIATION, state="assessed"),)},
        "Deviation N2600001-53 assessed, major",
    ),
    "a judged deviation": (
        {"deviations": (replace(DEVIATION, state="judged", decision="continue"),)},
        "Deviation N2600001-53 judged, major",
    ),
    "a deviation judged reject": (
        {"deviations": (replace(DEVIATION, state="closed", decision="reject"),)},
        "Deviation N2600001-53 judged: reject",
    ),
    "a missing result": (
        lines(standing(state="missing", result="", result_id=None)),
        "Viability result missing",
    ),
    "a failing result": (lines(standing(state="fails")), "Viability out of specification"),
    "an inconclusive result": (
        lines(standing("endotoxin", "inconclusive")),
        "Endotoxin inconclusive",
    ),
    "a result nobody reviewed": (
        lines(standing(state="entered, not reviewed")),
        "Viability not reviewed",
    ),
    "a failing late result": (
        {"lines": (standing(), standing("sterility", "fails"))},
        "Sterility out of specification",
    ),
    "a late test not begun": (
        {"lines": (standing(), standing("sterility", "missing"))},
        "Sterility result missing",
    ),
    "an open eligibility": (
        {"eligibility": "open"},
        "Donor eligibility: not determined, or no longer valid",
    ),
    "an ineligible donor": ({"eligibility": "ineligible"}, "Donor eligibility: not eligible"),
    "a cord in quarantine": ({"cord_standing": "quarantine"}, "Cord not accepted: quarantine"),
    "a lot in quarantine": (
        {"lots": (UsedLot("M260000123", "culture medium", "quarantine", "Feeding"),)},
        "Lot M2600001-23 of culture medium is quarantine",
    ),
    **{
        f"a hold on one of the {kind}": (
            {"holds": (HeldThing(kind, code, code, "It leaks at its port.", "Technician 1"),)},
            f"{code} is on hold",
        )
        for kind, code in (
            ("lots", "M260000123"),
            ("containers", "P260000123"),
            ("cords", "C260000123"),
            ("donors", "H1-0001"),
        )
    },
    "a rejected lot": (
        {"lots": (UsedLot("M260000123", "culture medium", "rejected", "Feeding"),)},
        "Lot M2600001-23 of culture medium is rejected",
    ),
    "no start of processing": ({"start": None}, "Start of processing not recorded"),
    "one second over 24 h": (
        {"start": Start(24 * HOUR + timedelta(seconds=1), 24 * HOUR, False)},
        "Processing started 24 h 00 after the birth",
    ),
    "the clock": ({"clock_trusted": False}, "The clock is under suspicion"),
    "a restore": ({"restore_seen": False}, "A restore is not judged yet"),
    "a signature": ({"invalid_signatures": ("verified by Verifier 1",)}, "A signature is invalid"),
    "no product": ({"product": NO_PRODUCT}, "There is no product"),
    "a product that is destroyed": (
        {"product": replace(IN_DATE, became="destroyed")},
        "Nothing is left of the product: destroyed",
    ),
    "an unknown expiry": (
        {"product": replace(IN_DATE, expires_at=None)},
        "It is not known when the product expires",
    ),
    "an expired product": (
        {"product": replace(IN_DATE, expires_at=AT - HOUR)},
        "The product expired 2026-11-25 11:00 +00:00",
    ),
    "no review": ({"review": None}, "Not reviewed by QA"),
    "a review out of date": (
        {"review": replace(READY.review, since=("step corrected by technician1 (event 90)",))},
        "The review is out of date",
    ),
}


@pytest.mark.req("REL-03")
@pytest.mark.parametrize("unmet", UNMET)
def test_each_single_unmet_item_blocks_and_the_refusal_names_it(unmet):
    changed, headline = UNMET[unmet]
    facts = replace(READY, **changed)
    assert [item.headline() for item in rests_on.blocking(facts, "initial")] == [headline]
    assert any(
        headline in finding.sentence() for finding in law.may_release(facts, "initial", "releaser1")
    )


@pytest.mark.req("REL-03")
@pytest.mark.parametrize(
    ("product", "held_from", "says"),
    [
        (replace(IN_DATE, expires_at=AT - HOUR), "released", []),
        (replace(IN_DATE, became="destroyed"), "released_stage_1", []),
        (replace(IN_DATE, became="used"), "released_stage_1", []),
        (replace(IN_DATE, expires_at=None), "released", ["rel-03-expiry-unknown"]),
        (NO_PRODUCT, "released", ["rel-03-no-product"]),
        (replace(IN_DATE, expires_at=AT - HOUR), "under_review", ["rel-03-product-expired"]),
        (replace(IN_DATE, expires_at=None, expires=False), "under_review", []),
    ],
)
def test_what_was_released_may_be_over_by_now_but_never_without_product_or_expiry(
    product, held_from, says
):
    facts = replace(READY, disposition="on_hold", held_from=held_from, product=product)
    assert [item.rule.value for item in rests_on.before_review(facts, "initial")] == says


def test_a_record_that_is_not_at_its_end_is_not_told_that_it_has_no_product():
    facts = replace(READY, execution="in_process", product=NO_PRODUCT)
    assert [item.headline() for item in rests_on.before_review(facts, "initial")] == [
        "Record not complete"
    ]


SECOND = timedelta(seconds=1)


@pytest.mark.req("EBR-08", "REL-03")
@pytest.mark.parametrize(
    ("until", "given", "late"),
    [
        (AT, [], []),
        (AT - SECOND, [], ["released"]),
        (AT + HOUR, [law.Given("P1", "issued", AT + HOUR)], []),
        (AT + HOUR, [law.Given("P1", "issued", AT + HOUR + SECOND)], ["issued"]),
        (AT + HOUR, [law.Given("P1", "used", AT + 2 * HOUR)], ["used"]),
        (AT + HOUR, [law.Given("P2", "issued", AT + 2 * HOUR)], []),
        (
            AT - HOUR,
            [law.Given("P1", "issued", AT + HOUR), law.Given("P1", "used", AT + 2 * HOUR)],
            ["released", "issued"],
        ),
    ],
)
def test_what_was_released_or_handed_out_after_its_expiry_deviates_once_each(until, given, late):
    found = list(law.given_late("B1", AT, {"P1": until}, given))
    assert [each.parameters["state"]["word"] for each in found] == [f"state-{x}" for x in late]
    assert {each.classification for each in found} <= {"critical"}


def test_when_everything_is_met_nothing_blocks_stage_1():
    assert (
        rests_on.blocking(READY, "initial") == []
        and list(law.may_release(READY, "initial", "releaser1")) == []
    )


def test_the_final_gate_waits_for_late_results():
    assert [item.headline() for item in rests_on.blocking(READY, "final")] == [
        "Sterility result pending"
    ]
    done = replace(READY, lines=(standing(), standing("sterility")))
    assert done.gate == "final" and rests_on.blocking(done, "final") == []
    assert [
        finding.rule.requirement for finding in law.may_release(done, "initial", "releaser1")
    ] == ["REL-04"]


@pytest.mark.parametrize(
    ("after", "judged", "blocks"),
    [
        (24 * HOUR, False, False),
        (24 * HOUR + timedelta(milliseconds=1), False, True),
        (24 * HOUR + timedelta(seconds=1), True, False),
    ],
)
def test_exactly_24_h_is_inside_and_a_late_start_passes_only_when_judged(after, judged, blocks):
    facts = replace(READY, start=Start(after, 24 * HOUR, judged))
    assert bool(rests_on.blocking(facts, "initial")) is blocks


def test_an_optional_line_without_a_result_does_not_block():
    assert (
        rests_on.blocking(
            replace(READY, **lines(standing("cd11b", "missing"), standing("karyotype", "missing"))),
            "initial",
        )
        == []
    )


@pytest.mark.req("REL-02")
@pytest.mark.parametrize("gate", ["initial", "final"])
@pytest.mark.parametrize(
    "disposition",
    [
        "quarantine",
        "under_review",
        "on_hold",
        "released_stage_1",
        "released",
        "rejected",
        "recalled",
        "exceptional_supply",
    ],
)
def test_a_release_is_signed_only_from_where_it_may_be(gate, disposition):
    state = "conforms" if gate == "final" else LATE.state
    facts = replace(
        READY, disposition=disposition, lines=(standing(), standing("sterility", state))
    )
    allowed = {"initial": {"under_review"}, "final": {"under_review", "released_stage_1"}}[gate]
    assert (
        "REL-02"
        not in [finding.rule.requirement for finding in law.may_release(facts, gate, "releaser1")]
    ) is (disposition in allowed)


@pytest.mark.req("REL-02")
def test_the_table_of_dispositions_holds_every_move_and_no_other():
    table = {was: sorted(becomes) for was, becomes in DISPOSITION_MOVES.items()}
    assert table == {
        None: ["quarantine"],
        "quarantine": ["on_hold", "rejected", "under_review"],
        "under_review": ["on_hold", "quarantine", "rejected", "released", "released_stage_1"],
        "on_hold": [
            "exceptional_supply",
            "quarantine",
            "recalled",
            "rejected",
            "released",
            "released_stage_1",
            "under_review",
        ],
        "released_stage_1": ["on_hold", "recalled", "rejected", "released"],
        "released": ["on_hold", "recalled"],
        "exceptional_supply": ["on_hold", "recalled"],
    }


@pytest.mark.req("IAM-03")
@pytest.mark.parametrize(
    ("who", "rules"),
    [
        ("releaser1", []),
        ("technician1", ["IAM-03"]),
        ("verifier1", ["IAM-03"]),
        ("qcanalyst1", ["IAM-03"]),
        ("qa1", ["SIG-17"]),
        ("qa2", ["SIG-17"]),
    ],
)
def test_the_releaser_did_no_step_of_the_batch_and_is_not_its_reviewer(who, rules):
    assert [finding.rule.requirement for finding in law.may_release(READY, "initial", who)] == rules


def test_who_did_a_step_does_not_review():
    facts = replace(READY, disposition="quarantine", review=None)
    assert [
        finding.rule.requirement for finding in law.may_review(facts, "initial", "technician1")
    ] == ["IAM-03"]
    assert list(law.may_review(facts, "initial", "qa1")) == []


@pytest.mark.req("SIG-20")
@pytest.mark.parametrize("deed", [law.may_reject, law.may_withdraw, law.may_resume])
@pytest.mark.parametrize(
    ("reason", "given"),
    [(None, False), ("", False), ("no!", False), ("123456789", False), ("1234567890", True)],
)
def test_what_is_taken_back_says_why(deed, reason, given):
    facts = replace(READY, disposition="on_hold")
    assert ("SIG-20" not in [finding.rule.requirement for finding in deed(facts, reason)]) is given


@pytest.mark.parametrize(
    ("deed", "disposition", "allowed"),
    [
        (law.may_reject, "quarantine", True),
        (law.may_reject, "under_review", True),
        (law.may_reject, "on_hold", True),
        (law.may_reject, "released_stage_1", True),
        (law.may_reject, "released", False),
        (law.may_reject, "rejected", False),
        (law.may_withdraw, "released", True),
        (law.may_withdraw, "released_stage_1", True),
        (law.may_withdraw, "on_hold", True),
        (law.may_withdraw, "under_review", False),
        (law.may_withdraw, "recalled", False),
        (law.may_resume, "on_hold", True),
        (law.may_resume, "under_review", False),
    ],
)
def test_decisions_are_taken_only_from_where_they_may_be(deed, disposition, allowed):
    assert (
        not list(deed(replace(READY, disposition=disposition), "A reason in words."))
    ) is allowed


def test_a_hold_is_not_lifted_while_a_result_fails():
    facts = replace(READY, disposition="on_hold", lines=(standing("sterility", "fails"),))
    assert [
        finding.rule.requirement for finding in law.may_resume(facts, "A reason in words.")
    ] == ["QC-05"]


OUT_OF_DATE = ReviewFacts("qa1", "QA 1", "2026-11-25 12:00:00 +00:00", ["corrected (event 9)"])


@pytest.mark.req("REL-02", "AUD-06")
@pytest.mark.parametrize("was", ["quarantine", "under_review", "released_stage_1", "released"])
@pytest.mark.parametrize("is_certified", [False, True])
@pytest.mark.parametrize(
    ("review", "rule"),
    [
        (READY.review, None),
        (None, ReleaseRule.NOT_REVIEWED),
        (OUT_OF_DATE, ReleaseRule.REVIEW_OUT_OF_DATE),
    ],
)
def test_what_was_released_comes_back_as_it_was_certified_or_once_it_is_reviewed(
    was, is_certified, review, rule
):
    facts = replace(READY, disposition="on_hold", held_from=was, review=review)
    found = [each.rule for each in law.may_lift(facts, "qa1", is_certified=is_certified)]
    asked = was in ("released_stage_1", "released") and not is_certified and rule
    assert found == ([rule] if asked else [])


@pytest.mark.req("IAM-03")
@pytest.mark.parametrize("username", sorted(READY.performers))
def test_who_had_a_hand_in_a_batch_does_not_lift_its_hold(username):
    facts = replace(READY, disposition="on_hold", held_from="released")
    found = [each.rule for each in law.may_lift(facts, username, is_certified=True)]
    assert found == [ReleaseRule.LIFTER_HAD_A_HAND]


@pytest.mark.req("IAM-03")
@pytest.mark.parametrize("was", ["quarantine", "under_review", "released_stage_1", "released"])
@pytest.mark.parametrize(
    ("username", "wants_two", "refused"),
    [
        ("qa1", {"release"}, True),
        ("qa1", {"release", "critical"}, True),
        ("qa1", set(), False),
        ("qa1", {"critical", "review"}, False),
        ("qa2", {"release"}, False),
    ],
)
def test_who_judged_does_not_lift_a_hold_where_the_site_wants_two(
    was, username, wants_two, refused
):
    facts = replace(READY, disposition="on_hold", held_from=was, judges=frozenset({"qa1"}))
    facts = replace(facts, wants_two=frozenset(wants_two))
    found = [each.rule for each in law.may_lift(facts, username, is_certified=True)]
    assert found == ([ReleaseRule.LIFTER_JUDGED] if refused else [])


@pytest.mark.parametrize("was", ["released_stage_1", "released"])
def test_what_was_released_is_reviewed_while_it_is_held(was):
    facts = replace(READY, disposition="on_hold", held_from=was, review=None)
    assert list(law.may_review(facts, "initial", "qa1")) == []


@pytest.mark.parametrize(
    ("disposition", "gate", "found"),
    [
        ("under_review", "initial", []),
        ("quarantine", "initial", []),
        ("released_stage_1", "initial", []),
        ("released", "initial", [ReleaseRule.NOTHING_TO_REVIEW]),
        ("on_hold", "initial", [ReleaseRule.NOTHING_TO_REVIEW]),
        ("rejected", "initial", [ReleaseRule.NOTHING_TO_REVIEW]),
    ],
)
def test_a_batch_is_reviewed_while_it_can_still_be_released(disposition, gate, found):
    facts = replace(READY, disposition=disposition, review=None)
    assert [each.rule for each in law.may_review(facts, gate, "qa1")] == found


@pytest.mark.parametrize(
    ("review", "found"),
    [
        (None, []),
        (READY.review, [ReleaseRule.REVIEWED_ALREADY]),
        (replace(READY.review, since=("step corrected (event 90)",)), []),
    ],
)
def test_one_state_of_a_batch_is_reviewed_once(review, found):
    facts = replace(READY, disposition="under_review", review=review)
    assert [each.rule for each in law.may_review(facts, "initial", "qa1")] == found


@pytest.mark.parametrize(
    ("disposition", "gate", "found"),
    [
        ("released_stage_1", "initial", []),
        ("under_review", "initial", [ReleaseRule.NOT_RELEASED]),
        ("recalled", "initial", [ReleaseRule.NOT_RELEASED]),
    ],
)
def test_a_certificate_is_issued_anew_only_while_the_batch_stands_as_it_certifies(
    disposition, gate, found
):
    facts = replace(READY, disposition=disposition)
    assert [each.rule for each in law.may_reissue(facts, gate, "releaser1")] == found


@pytest.mark.parametrize(
    ("result_id", "sample", "cure"),
    [(7, "S26000012", ("result", "7")), (None, "S26000012", ("sample", "S26000012")),
     (None, None, ("samples", ""))],
)  # fmt: skip
def test_what_is_missing_leads_to_the_result_the_sample_or_the_samples(result_id, sample, cure):
    missing = standing(state="missing", result="", result_id=result_id, sample=sample)
    (item,) = rests_on.blocking(replace(READY, **lines(missing)), "initial")
    assert item.cure == cure


@pytest.mark.parametrize(
    ("disposition", "found"),
    [
        ("quarantine", []),
        ("under_review", []),
        ("released_stage_1", []),
        ("released", []),
        ("on_hold", [ReleaseRule.CANNOT_BE_HELD]),
        ("rejected", [ReleaseRule.CANNOT_BE_HELD]),
        ("recalled", [ReleaseRule.CANNOT_BE_HELD]),
    ],
)
def test_a_batch_is_held_wherever_nothing_is_decided_against_it(disposition, found):
    facts = replace(READY, disposition=disposition)
    assert [each.rule for each in law.may_hold(facts, "A reason in words.")] == found


@pytest.mark.req("IAM-03")
@pytest.mark.parametrize(
    ("wants_two", "username", "may_not"),
    [
        ({"review", "release"}, "qa1", {"review", "release", "reissue"}),
        ({"review"}, "qa1", {"review"}),
        ({"release"}, "qa1", {"release", "reissue"}),
        ({"critical", "eligibility", "acceptance"}, "qa1", set()),
        (set(), "qa1", set()),
        ({"review", "release"}, "qa2", set()),
    ],
)
def test_who_judged_a_critical_deviation_neither_reviews_nor_releases_where_the_site_wants_two(
    wants_two, username, may_not
):
    judged = replace(READY, review=None, judges=frozenset({"qa1"}), wants_two=frozenset(wants_two))
    acts = {"review": law.may_review, "release": law.may_release, "reissue": law.may_reissue}
    rules = {ReleaseRule.REVIEWER_JUDGED, ReleaseRule.RELEASER_JUDGED}
    found = {
        deed
        for deed, may in acts.items()
        if rules & {each.rule for each in may(judged, "initial", username)}
    }
    assert found == may_not
