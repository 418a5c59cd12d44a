"""Blood samples of the donor: infectious-disease results, corrected only by a further record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from integrity import dependents, reasons
from integrity.acts import Act
from integrity.database import Session
from integrity.facts import word
from integrity.findings import Finding, Refused, blocks, refuse_if_blocked
from manufacturing.donation import criteria_register as criteria, eligibility
from manufacturing.donation.actions import DonationAction
from manufacturing.donation.criteria import Criteria
from manufacturing.donation.donations import (
    Cord,
    Donor,
    DonorTest,
)
from manufacturing.donation.donor_deviations import (
    made_void,
    open_deviations,
    open_once,
)
from manufacturing.donation.rule_ids import DonationRule
from manufacturing.donation.rules import donors as rules, separation
from manufacturing.donation.words import DonationPlace, RecallPhrase


@dataclass(frozen=True)
class SampleFacts:
    """One blood sample of the mother and what was found in it, {test id: result}."""

    sampled_at: datetime
    laboratory: str
    results: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class CorrectionFacts:
    """What a result should have said, and why it did not."""

    result: str
    sampled_at: datetime
    laboratory: str
    reason: str


def record_sample(act: Act, donor_id: int, facts: SampleFacts) -> Donor:
    """Record the results of one blood sample.

    Reactive is critical, a sample outside its days a finding.
    """
    if earlier := act.once(DonationAction.DONOR_TESTED, [donor_id, facts]):
        return act.session.get_one(Donor, earlier)
    donor = act.session.get_one(Donor, donor_id)
    held, law = criteria.in_force(act.session, act.at)
    found = refuse_if_blocked(
        [
            *rules.judge_sample_time(
                facts.sampled_at,
                facts.laboratory,
                now=act.at,
                registered_at=donor.registered_at,
            ),
            *rules.judge_results(law, facts.results),
        ]
    )
    made = _tests(act, donor_id, held.id, law, facts)
    act.add(*made)
    _judged_tests(act, donor, found, made)
    act.say(
        DonationAction.DONOR_TESTED,
        donor,
        scope=eligibility.scope_of(act.session, donor.id).code,
        facts=[donor_id, facts],
        details={"donor": donor.code, "sampled_at": facts.sampled_at, "results": facts.results},
    )
    dependents.changed(act, donor)
    return donor


def _tests(
    act: Act, donor_id: int, criteria_id: int, law: Criteria, facts: SampleFacts
) -> list[DonorTest]:
    """The results of one sample, each of its own test, by the criteria that hold."""
    return [
        DonorTest(
            donor_id=donor_id,
            test=test,
            method=_method(law, test),
            criteria_id=criteria_id,
            result=result,
            sampled_at=facts.sampled_at,
            zone=act.zone,
            laboratory=facts.laboratory,
            corrects_id=None,
            reason=None,
            at=act.at,
        )
        for test, result in facts.results.items()
    ]


def correct_test(act: Act, donor_id: int, test_id: int, facts: CorrectionFacts) -> Donor:
    """Replace one result by a new one with a reason; the old one stays legible, struck."""
    if earlier := act.once(DonationAction.DONOR_TEST_CORRECTED, [donor_id, test_id, facts]):
        return act.session.get_one(Donor, earlier)
    donor = act.session.get_one(Donor, donor_id)
    was = _result_that_holds(act.session, donor_id, test_id)
    held, law = criteria.in_force(act.session, act.at)
    found = refuse_if_blocked(
        [
            *rules.judge_sample_time(
                facts.sampled_at,
                facts.laboratory,
                now=act.at,
                registered_at=donor.registered_at,
            ),
            *reasons.wanted(DonationRule.DONOR_REASON, facts.reason),
            *(becomes := rules.judge_results(law, {was.test: facts.result})),
            *separation.may_correct(_said(act.session, law, was), becomes, act.by.username or ""),
        ]
    )
    made = DonorTest(
        donor_id=donor_id,
        test=was.test,
        method=was.method,
        criteria_id=held.id,
        result=facts.result,
        sampled_at=facts.sampled_at,
        zone=was.zone if facts.sampled_at == was.sampled_at else act.zone,
        laboratory=facts.laboratory,
        corrects_id=was.id,
        reason=facts.reason,
        at=act.at,
    )
    act.add(made)
    _judged_tests(act, donor, found, [made])
    act.say(
        DonationAction.DONOR_TEST_CORRECTED,
        donor,
        scope=eligibility.scope_of(act.session, donor.id).code,
        reason=facts.reason,
        facts=[donor_id, test_id, facts],
        details={"donor": donor.code, "test": was.test, "was": was.result, "becomes": facts.result},
    )
    dependents.changed(act, donor)
    return donor


def _said(session: Session, law: Criteria, held: DonorTest) -> list[separation.Said]:
    """What was said of one result so far, and what the criteria find in it, oldest first."""
    by_id = {test.id: test for test in eligibility.tests_of(session, held.donor_id)}
    found, test = [], by_id.get(held.id)
    while test:
        judged = rules.judge_results(law, {test.test: test.result})
        found.append(separation.Said(test.username or "", judged))
        test = by_id.get(test.corrects_id or 0)
    return found[::-1]


def _result_that_holds(session: Session, donor_id: int, test_id: int) -> DonorTest:
    """The result if nothing corrected it since. Raises Refused."""
    for test in eligibility.current_tests(eligibility.tests_of(session, donor_id)):
        if test.id == test_id:
            return test
    raise Refused(blocks(DonationRule.RESULT_CORRECTED_ALREADY))


def judge_samples(act: Act, donor: Donor, cord: Cord, why: RecallPhrase) -> None:
    """Judge the blood samples that are there against a birth that is now known (inner act of
    receiving or correcting its cord).
    """
    tests = eligibility.current_tests(eligibility.tests_of(act.session, donor.id))
    place = word(DonationPlace.BLOOD_SAMPLE)
    for finding in _sample_findings(act, cord, tests):
        open_once(act, donor, finding, cord.itself, place, stood=[finding])
    made_void(act, donor, why)


def _judged_tests(act: Act, donor: Donor, found: Iterable[Finding], made: list[DonorTest]) -> None:
    open_deviations(act, donor, found, word(DonationPlace.RESULTS))
    for cord in eligibility.cords_of(act.session, donor.id):
        for finding in _sample_findings(act, cord, made):
            open_once(act, donor, finding, cord.itself, word(DonationPlace.BLOOD_SAMPLE))
    made_void(act, donor, RecallPhrase.RESULTS_RECORDED)


def _sample_findings(act: Act, cord: Cord, tests: Iterable[DonorTest]) -> list[Finding]:
    """One finding for every sample, by its time and place, that lies outside of its days."""
    samples: dict[tuple[datetime, ZoneInfo], list[str]] = {}
    law = criteria.current(act.session, act.at)
    for test in tests:
        marker, sample = law.marker(test.test), (test.sampled_at, test.place)
        samples.setdefault(sample, []).append(marker.label if marker else test.test)
    judged = [
        rules.judge_sample(law.samples, cord.born_at, at, place, ", ".join(labels))
        for (at, place), labels in samples.items()
    ]
    return [finding for finding in judged if finding]


def _method(law: Criteria, test: str) -> str:
    marker = law.marker(test)
    return marker.method if marker else ""
