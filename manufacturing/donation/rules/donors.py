"""What is judged about a donor: her code, the acceptance criteria, consent, infectious-disease
results, eligibility.

Sources: Directive 2006/17/EC annexes I and III, 21 CFR 1271.50–.90; the limits themselves are data
(criteria.py)."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from integrity import looks, reasons
from integrity.facts import code, listed
from integrity.findings import Classification, Consequence, Finding, blocks, deviates
from integrity.numbers import NotANumber, read_typed
from integrity.words import state_word
from labels import codes
from manufacturing.donation.criteria import RESULTS, Criteria, Question, SampleDays
from manufacturing.donation.rule_ids import DonationRule


class ConsentState(enum.StrEnum):
    """Whether a consent stands; struck out is what was entered by mistake."""

    GIVEN = "given"
    WITHDRAWN = "withdrawn"
    STRUCK = "struck"


class Eligibility(enum.StrEnum):
    """What was determined of a donor (21 CFR 1271.50); open while nothing is, or no longer."""

    OPEN = "open"
    ELIGIBLE = "eligible"
    INELIGIBLE = "ineligible"


DETERMINED = (Eligibility.ELIGIBLE, Eligibility.INELIGIBLE)


CONSENT_LONG_AGO, SAMPLE_LONG_AGO = timedelta(days=731), timedelta(days=365)  # slips of the pen
CODE = re.compile(r"[A-Z0-9](?:[A-Z0-9-]{1,22})[A-Z0-9]")


def code_fault(typed: str) -> Finding | None:
    """Why this cannot be the hospital's code of a donor, or None (IAM-16: a code, never a name)."""

    if re.search(r"\s", typed):
        return blocks(DonationRule.HAS_BLANK, "code")
    if typed != typed.upper():
        return blocks(DonationRule.HAS_SMALL_LETTERS, "code")
    if not CODE.fullmatch(typed):
        return blocks(DonationRule.NO_DONOR_CODE, "code")
    if not re.search(r"\d", typed):
        return blocks(DonationRule.NO_DIGIT, "code")
    return blocks(DonationRule.OWN_CODE, "code") if _is_ours(typed) else None


def _is_ours(typed: str) -> bool:
    try:
        return bool(codes.read(typed))
    except codes.UnreadableCode:
        return False


def judge_likeness(code: str, registered: Iterable[str], *, is_another: bool) -> list[Finding]:
    """A code that reads like one that is registered is asked about: 0 and O, 1 and I, a hyphen."""
    known = looks.alike(code, ((each, each) for each in registered if each != code))
    if is_another or not known:
        return []
    return [blocks(DonationRule.DONOR_ALIKE, "another_donor", known=listed(known))]


def judge(questions: Iterable[Question], answers: Mapping[str, str]) -> list[Finding]:
    """Every answer against its criterion.

    Missing and senseless ones block, those not accepted deviate.
    """
    findings = []
    for question in questions:
        answer = answers.get(question.id, "")
        if not answer and question.required:
            findings.append(blocks(DonationRule.NO_ANSWER, question.id, question=question.label))
        elif answer:
            finding = (
                _judge_choice(question, answer)
                if question.options
                else _judge_number(question, answer)
            )
            findings += [finding] if finding else []
    return findings


def _judge_choice(question: Question, answer: str) -> Finding | None:
    option = question.option(answer)
    if option is None:
        return blocks(DonationRule.ANSWER_UNKNOWN, question.id, question=question.label)
    if option.accepted:
        return None
    return deviates(
        DonationRule.CRITERION_ANSWER,
        question.classification,
        field=question.id,
        consequence=question.consequence,
        question=question.label,
        answer=option.label,
    )


def _judge_number(question: Question, answer: str) -> Finding | None:
    try:
        number = read_typed(answer, question.may_be)
    except NotANumber:
        number = Decimal("NaN")
    if not number.is_finite() or not question.may_be(number):
        low, high = question.plausible or ("", "")
        return blocks(
            DonationRule.FIGURE_NOT_PLAUSIBLE,
            question.id,
            question=question.label,
            unit=question.unit,
            low=str(low),
            high=str(high),
        )
    rejected = (
        question.reject is not None and not question.reject[0] <= number <= question.reject[1]
    )
    outside = (question.low is not None and number < question.low) or (
        question.high is not None and number > question.high
    )
    if not rejected and not outside:
        return None

    return deviates(
        DonationRule.CRITERION_FIGURE,
        question.classification,
        field=question.id,
        consequence=Consequence.REJECT if rejected else question.consequence,
        question=question.label,
        answer=question.shown(answer),
        range=question.range_shown,
        rejected=int(rejected),
    )


def judge_consent(
    criteria: Criteria,
    *,
    state: str,
    form_version: str,
    day: date,
    covers: str,
    today: date,
    given_on: date | None = None,
) -> list[Finding]:
    """A consent as given or withdrawn.

    Its form, its day (never a coming one, none of long ago, no withdrawal before what was
    `given_on`) and what it covers.
    """
    findings, scope = [], criteria.scope(covers)
    if not form_version:
        findings.append(blocks(DonationRule.CONSENT_VERSION, "form_version"))
    if day > today:
        findings.append(blocks(DonationRule.CONSENT_IN_THE_FUTURE, "day"))
    elif today - day > CONSENT_LONG_AGO:
        findings.append(blocks(DonationRule.CONSENT_LONG_AGO, "day"))
    elif state == ConsentState.WITHDRAWN and given_on and day < given_on:
        given = given_on.isoformat()
        findings.append(blocks(DonationRule.WITHDRAWN_BEFORE_GIVEN, "day", given=given))
    if scope is None:
        findings.append(blocks(DonationRule.CONSENT_SCOPE, "covers"))
    elif state == ConsentState.WITHDRAWN:
        findings += judge_withdrawal(state, day.isoformat())
    elif not scope.accepted:
        findings.append(
            deviates(
                DonationRule.CONSENT_LIMITED,
                Classification.MAJOR,
                field="covers",
                scope=scope.label,
            )
        )
    return findings


def judge_strike(is_standing: bool, others: int) -> list[Finding]:
    """A consent is struck out once, and never the last that stands: `others` stand beside it."""
    if not is_standing:
        return [blocks(DonationRule.STRUCK_ALREADY)]
    return [] if others else [blocks(DonationRule.LAST_CONSENT)]


def judge_withdrawal(state: str, day: str) -> list[Finding]:
    """What a withdrawal means; nothing of a consent that is given."""
    if state != ConsentState.WITHDRAWN:
        return []
    return [
        deviates(
            DonationRule.CONSENT_WITHDRAWN,
            Classification.CRITICAL,
            consequence=Consequence.REJECT,
            day=day,
        )
    ]


def newest(consents: Iterable[tuple[str, int]]) -> int:
    """Which consent holds, of (day, number): the newest by its day, of one day the last entered."""
    return max(consents)[1]


def judge_results(criteria: Criteria, results: Mapping[str, str]) -> list[Finding]:
    """Results of one sample, {test: result}.

    A reactive marker is critical, an indeterminate one major.
    """
    if not results:
        return [blocks(DonationRule.NO_RESULT)]
    findings = []
    for test, result in results.items():
        marker = criteria.marker(test)
        if marker is None or result not in RESULTS:
            findings.append(blocks(DonationRule.MARKER_UNKNOWN, test))
        elif result == "reactive" and result not in marker.acceptable:
            findings.append(
                deviates(
                    DonationRule.MARKER_REACTIVE,
                    Classification.CRITICAL,
                    field=test,
                    marker=marker.label,
                )
            )
        elif result == "indeterminate" and result not in marker.acceptable:
            findings.append(
                deviates(
                    DonationRule.MARKER_INDETERMINATE,
                    Classification.MAJOR,
                    field=test,
                    marker=marker.label,
                )
            )
    return findings


def sample_day(born_at: datetime, sampled_at: datetime, zone: ZoneInfo) -> int:
    """The calendar day of the sample in the zone of the place where it was written, the day of the
    birth being 0."""
    return (sampled_at.astimezone(zone).date() - born_at.astimezone(zone).date()).days


def day_shown(born_at: datetime, sampled_at: datetime, zone: ZoneInfo) -> str:
    """The same in words: day 0, day +3, day -1."""
    day = sample_day(born_at, sampled_at, zone)
    return f"day {day:+d}" if day else "day 0"


def judge_sample(
    days: SampleDays, born_at: datetime, sampled_at: datetime, zone: ZoneInfo, tests: str
) -> Finding | None:
    """Whether the mother's blood was drawn within the allowed days.

    `tests` names what was tested in it.
    """
    day = sample_day(born_at, sampled_at, zone)
    if days.first <= day <= days.last:
        return None
    return deviates(
        DonationRule.SAMPLE_WINDOW,
        days.classification,
        tests=tests,
        day=day_shown(born_at, sampled_at, zone),
        first=str(days.first),
        last=f"{days.last:+d}",
    )


def judge_sample_time(
    sampled_at: datetime, laboratory: str, *, now: datetime, registered_at: datetime
) -> list[Finding]:
    """The time of a sample is past, but not a year before the donor was registered, and a
    laboratory answers for it (21 CFR 1271.80)."""
    findings = []
    if sampled_at > now:
        findings.append(blocks(DonationRule.SAMPLE_IN_THE_FUTURE, "sampled_at"))
    if registered_at - sampled_at > SAMPLE_LONG_AGO:
        findings.append(blocks(DonationRule.SAMPLE_LONG_AGO, "sampled_at"))
    if not laboratory:
        findings.append(blocks(DonationRule.NO_LABORATORY, "laboratory"))
    return findings


@dataclass(frozen=True)
class EligibilityFacts:
    """What an eligibility determination rests on.

    Current results as (test, result), judged or open deviations.
    """

    verdict: str
    in_force: str
    results: Sequence[tuple[str, str]]
    consent: str
    has_birth: bool
    unjudged: Sequence[str]
    rejecting: Sequence[str]


def judge_determination(criteria: Criteria, facts: EligibilityFacts) -> list[Finding]:
    """Why this determination cannot be signed.

    Nothing stands in the way of "ineligible" (21 CFR 1271.50).
    """
    if facts.verdict not in (Eligibility.ELIGIBLE, Eligibility.INELIGIBLE):
        return [blocks(DonationRule.DETERMINATION_UNREAD)]
    if facts.verdict == facts.in_force:
        return [blocks(DonationRule.DETERMINED_ALREADY, verdict=state_word(facts.verdict))]
    return _against_eligible(criteria, facts) if facts.verdict == Eligibility.ELIGIBLE else []


def judge_reason(verdict: str, reason: str | None) -> list[Finding]:
    """Who determines a donor ineligible says why (AUD-03)."""
    if verdict != Eligibility.INELIGIBLE:
        return []
    return list(reasons.wanted(DonationRule.DONOR_REASON, reason, "comment"))


def _against_eligible(criteria: Criteria, facts: EligibilityFacts) -> list[Finding]:
    reactive = [
        marker.label
        for marker in criteria.panel
        if marker.id in contradicting(criteria, facts.results)
    ]
    missing = [label for label in missing_tests(criteria, facts.results) if label not in reactive]
    found = [blocks(DonationRule.MARKER_EXCLUDES, marker=label) for label in reactive]
    if missing:
        found.append(blocks(DonationRule.TESTS_MISSING, tests=listed(missing)))
    if not facts.has_birth:
        found.append(blocks(DonationRule.NO_CORD))
    if facts.consent != ConsentState.GIVEN:
        found.append(blocks(DonationRule.NO_CONSENT))
    return found + open_deviations(facts.unjudged, facts.rejecting)


def open_deviations(unjudged: Iterable[str], rejecting: Iterable[str]) -> list[Finding]:
    """Bare codes of deviations that QA has not judged, or after which only a rejection follows."""
    return [
        *(blocks(DonationRule.DEVIATION_NOT_JUDGED, code=code(each)) for each in unjudged),
        *(blocks(DonationRule.DEVIATION_REJECTS, code=code(each)) for each in rejecting),
    ]


def missing_tests(criteria: Criteria, results: Iterable[tuple[str, str]]) -> list[str]:
    """Labels of the required tests without an acceptable result."""
    given = set(results)
    return [
        marker.label
        for marker in criteria.panel
        if marker.required and not any((marker.id, result) in given for result in marker.acceptable)
    ]


def contradicting(criteria: Criteria, results: Iterable[tuple[str, str]]) -> list[str]:
    """Ids of the tests with a reactive result that is not acceptable."""
    return [
        test
        for test, result in results
        if result == "reactive"
        and (marker := criteria.marker(test))
        and result not in marker.acceptable
    ]
