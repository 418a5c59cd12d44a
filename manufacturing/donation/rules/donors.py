"""What is judged about a donor: her code, the acceptance criteria, consent, infectious-disease
results, eligibility.

Sources: Directive 2006/17/EC annexes I and III, 21 CFR 1271.50–.90; the limits themselves are data
(criteria.py)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from integrity.findings import Finding, blocks, deviates
from labels import codes
from manufacturing.donation.criteria import RESULTS, Criteria, Question, SampleDays

CODE = re.compile(r"[A-Z0-9](?:[A-Z0-9-]{1,22})[A-Z0-9]")
WANTED = (
    "write the hospital's code in capital letters, digits and hyphens, for example DN-2026-0142"
)


def code_fault(code: str) -> Finding | None:
    """Why this cannot be the hospital's code of a donor, or None (IAM-16: a code, never a name)."""

    def refused(why: str) -> Finding:
        return blocks("IAM-16", f"{why}: {WANTED}. The identity stays with the hospital.", "code")

    if re.search(r"\s", code):
        return refused("This has a blank in it and may be a name")
    if code != code.upper():
        return refused("This has small letters and may be a name")
    if not CODE.fullmatch(code):
        return refused("This is not a donor code")
    if not re.search(r"\d", code):
        return refused("This has no digit and may be a name")
    return (
        refused("This is a code of Cordbook's own, not of the hospital") if _is_ours(code) else None
    )


def _is_ours(code: str) -> bool:
    try:
        return bool(codes.read(code))
    except codes.UnreadableCode:
        return False


def judge(questions: Iterable[Question], answers: Mapping[str, str]) -> list[Finding]:
    """Every answer against its criterion.

    Missing and senseless ones block, those not accepted deviate.
    """
    findings = []
    for question in questions:
        answer = answers.get(question.id, "")
        if not answer and question.required:
            findings.append(
                blocks("QC-15", f"“{question.label}” has no answer: give one.", question.id)
            )
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
        return blocks("QC-15", f"Choose one of the answers to “{question.label}”.", question.id)
    if option.accepted:
        return None
    return deviates(
        f"criterion:{question.id}",
        f"Acceptance criterion not met. {question.label}: {option.label}.",
        question.classification,
        field=question.id,
        consequence=question.consequence,
    )


def _judge_number(question: Question, answer: str) -> Finding | None:
    try:
        number = Decimal(answer)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or (
        question.plausible and not question.plausible[0] <= number <= question.plausible[1]
    ):
        low, high = question.plausible or ("", "")
        return blocks(
            "QC-15",
            f"“{question.label}” is given in {question.unit}, from {low} to {high}: check the "
            "number.",
            question.id,
        )
    rejected = (
        question.reject is not None and not question.reject[0] <= number <= question.reject[1]
    )
    outside = (question.low is not None and number < question.low) or (
        question.high is not None and number > question.high
    )
    if not rejected and not outside:
        return None
    follows = " Only a rejection can follow." if rejected else ""
    return deviates(
        f"criterion:{question.id}",
        f"Acceptance criterion not met. {question.label}: {question.shown(answer)}, accepted "
        f"{question.range_shown}.{follows}",
        question.classification,
        field=question.id,
        consequence="reject" if rejected else question.consequence,
    )


def judge_consent(
    criteria: Criteria, *, state: str, form_version: str, day: date, covers: str, today: date
) -> list[Finding]:
    """A consent as given or withdrawn.

    Its form, its day (never a coming one) and what it covers.
    """
    findings, scope = [], criteria.scope(covers)
    if not form_version:
        findings.append(
            blocks(
                "QC-15", "Write the version of the consent form, as printed on it.", "form_version"
            )
        )
    if day > today:
        findings.append(
            blocks("QC-15", "The day of the consent lies in the future: check the date.", "day")
        )
    if scope is None:
        findings.append(blocks("QC-15", "Choose what the consent covers.", "covers"))
    elif state == "withdrawn":
        findings.append(
            deviates(
                "consent",
                f"Consent was withdrawn on {day}. Only a rejection can follow.",
                "critical",
                consequence="reject",
            )
        )
    elif not scope.accepted:
        findings.append(
            deviates(
                "consent",
                f"Acceptance criterion not met. Consent covers: {scope.label}.",
                field="covers",
            )
        )
    return findings


def judge_results(criteria: Criteria, results: Mapping[str, str]) -> list[Finding]:
    """Results of one sample, {test: result}.

    A reactive marker is critical, an indeterminate one major.
    """
    if not results:
        return [blocks("QC-15", "Give at least one result.")]
    findings = []
    for test, result in results.items():
        marker = criteria.marker(test)
        if marker is None or result not in RESULTS:
            findings.append(
                blocks("QC-15", "Choose a test of the panel and one of its results.", test)
            )
        elif result == "reactive" and result not in marker.acceptable:
            findings.append(
                deviates(f"marker:{test}", f"{marker.label} is reactive.", "critical", field=test)
            )
        elif result == "indeterminate" and result not in marker.acceptable:
            findings.append(
                deviates(f"marker:{test}", f"{marker.label} is indeterminate.", field=test)
            )
    return findings


def sample_day(born_at: datetime, sampled_at: datetime, zone: ZoneInfo) -> int:
    """The calendar day of the sample in the site's zone, the day of the birth being 0."""
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
        "sample-window",
        f"Blood for {tests} was drawn on {day_shown(born_at, sampled_at, zone)} of the birth, "
        "allowed is "
        f"day {days.first} to {days.last:+d}.",
        days.classification,
    )


def judge_sample_time(sampled_at: datetime, laboratory: str, *, now: datetime) -> list[Finding]:
    """The time of a sample is past, and a laboratory answers for it (21 CFR 1271.80)."""
    findings = []
    if sampled_at > now:
        findings.append(
            blocks(
                "TIM-06",
                "The blood sample lies in the future: check date, time and zone.",
                "sampled_at",
            )
        )
    if not laboratory:
        findings.append(
            blocks("QC-15", "Write which laboratory tested, with its accreditation.", "laboratory")
        )
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
    if facts.verdict not in ("eligible", "ineligible"):
        return [blocks("QC-15", "Choose eligible or ineligible.")]
    if facts.verdict == facts.in_force:
        return [
            blocks(
                "QC-15",
                f"This donor is determined {facts.verdict} already, and nothing has changed since.",
            )
        ]
    return _against_eligible(criteria, facts) if facts.verdict == "eligible" else []


def _against_eligible(criteria: Criteria, facts: EligibilityFacts) -> list[Finding]:
    reactive = [
        marker.label
        for marker in criteria.panel
        if marker.id in contradicting(criteria, facts.results)
    ]
    missing = [label for label in missing_tests(criteria, facts.results) if label not in reactive]
    reasons = [f"{label} is reactive: this donor cannot be eligible." for label in reactive]
    if missing:
        reasons.append(f"No acceptable result yet: {', '.join(missing)}. Record it first.")
    if not facts.has_birth:
        reasons.append(
            "No cord of this donor is registered: without the time of birth the day of the blood "
            "sample cannot be judged."
        )
    if facts.consent != "given":
        reasons.append("There is no consent in force.")
    reasons += [
        f"Deviation {code} is not judged yet: QA judges it first." for code in facts.unjudged
    ]
    reasons += [f"After deviation {code} only a rejection can follow." for code in facts.rejecting]
    return [blocks("QC-15", reason) for reason in reasons]


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
