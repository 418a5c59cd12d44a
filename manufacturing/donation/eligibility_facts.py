"""What the determination of a donor shows and signs, drawn from what there is."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from integrity import deviations, facts
from integrity.database import Session
from integrity.deviations import Deviation
from integrity.facts import Fact, Pair
from manufacturing.donation import criteria_register as criteria
from manufacturing.donation.criteria import RESULTS, Criteria, Question
from manufacturing.donation.donations import Cord, DonorAnswers, DonorConsent, DonorTest
from manufacturing.donation.rules.donors import ConsentState, day_shown, judge, missing_tests
from manufacturing.donation.words import DonationPhrase, DonationTerm


def birth(cord: Cord) -> Fact:
    """A birth with the code of its cord."""
    born = facts.instant(cord.born_at)
    return facts.message(DonationPhrase.BIRTH, born=born, cord=facts.code(cord.code))


def tested(law: Criteria, tests: Sequence[DonorTest], cords: Sequence[Cord]) -> Iterator[Pair]:
    """Every result that no other one corrects, and every test of the panel that is missing."""
    for test in tests:
        yield marker_fact(law, test.test), _result(test, cords)
    for missing in missing_tests(law, [(test.test, test.result) for test in tests]):
        yield missing, facts.word(DonationPhrase.NO_RESULT)


def replaced_results(
    law: Criteria, tests: Sequence[DonorTest], cords: Sequence[Cord]
) -> Iterator[Pair]:
    """Every result that was corrected as it was: who signs sees both (ALCOA)."""
    by = {test.corrects_id: test for test in tests if test.corrects_id}
    for test in tests:
        if newer := by.get(test.id):
            said = {"result": _result(test, cords), **_replaced(test, newer)}
            yield marker_fact(law, test.test), facts.message(DonationPhrase.RESULT_REPLACED, **said)


def replaced_answers(law: Criteria, answers: Sequence[DonorAnswers]) -> Iterator[Pair]:
    """Every answer that was corrected to another one as it was."""
    for old, newer in itertools.pairwise(answers):
        for question in law.donor:
            if old.answers.get(question.id) != newer.answers.get(question.id):
                said = {"answer": answered(question, old.answers), **_replaced(old, newer)}
                yield question.asked, facts.message(DonationPhrase.ANSWER_REPLACED, **said)


def _replaced(old: DonorTest | DonorAnswers, newer: DonorTest | DonorAnswers) -> dict[str, Fact]:
    return {
        "username": old.username or "",
        "recorded": facts.instant(old.at),
        "corrector": newer.username or "",
        "corrected": facts.instant(newer.at),
        "reason": newer.reason or "",
    }


def deviation_facts(session: Session, found: Sequence[Deviation]) -> list[Pair]:
    """What is signed of deviations.

    Class, state and what happened, each under its code.
    """
    where = deviations.states_of(session, found)
    return [deviations.signed_fact(made, where[made.id]) for made in found]


def answered(question: Question, answers: dict[str, str]) -> Fact:
    """The answer to a question, and whether it meets the criterion."""
    answer = question.answer(answers.get(question.id)) or facts.word(DonationPhrase.NOT_RECORDED)
    if judge([question], answers):
        return facts.message(DonationPhrase.NOT_MET, answer=answer)
    return facts.message(DonationPhrase.MEETS, answer=answer)


def marker_fact(law: Criteria, test: str) -> Fact:
    """A test of the panel with its method, which is not said twice: HBsAg (serology), HIV-1 NAT."""
    marker = law.marker(test)
    if marker is None:
        return test
    name = facts.text(marker.words)
    if marker.method in marker.label:
        return name
    return facts.message(DonationPhrase.MARKER, marker=name, method=marker.method)


def _result(test: DonorTest, cords: Sequence[Cord]) -> Fact:
    said: dict[str, Fact] = {
        "result": RESULTS.get(test.result, test.result),
        "sampled": facts.instant(test.sampled_at),
        "laboratory": test.laboratory,
    }
    days = [day_shown(cord.born_at, test.sampled_at, test.place) for cord in cords]
    if not days:
        return facts.message(DonationPhrase.RESULT_BEFORE_BIRTH, **said)
    return facts.message(DonationPhrase.RESULT, **said, days=facts.listed(days))


def other_consents(
    session: Session, consents: Sequence[DonorConsent], holds: DonorConsent
) -> Iterator[Pair]:
    """Every consent and withdrawal that does not hold, with who recorded it and why."""
    for each in consents:
        if each is not holds:
            said: dict[str, Fact] = {
                "consent": consent_fact(session, each),
                "username": each.username or "",
                "recorded": facts.instant(each.at),
            }
            yield facts.pair(
                DonationTerm.OTHER_CONSENT, facts.message(DonationPhrase.CONSENT_OF, **said)
            )


def consent_shown(session: Session, consent: DonorConsent) -> str:
    """A consent in words: form, day and what it covers, or that it is withdrawn."""
    return facts.shown(consent_fact(session, consent))


def consent_fact(session: Session, consent: DonorConsent) -> Fact:
    """The same as a fact."""
    scope = criteria.of(session, consent.criteria_id).scope(consent.covers)
    said: dict[str, Fact] = {
        "day": str(consent.day),
        "form": consent.form_version,
        "covers": facts.text(scope.words) if scope else consent.covers,
    }
    if consent.state == ConsentState.STRUCK:
        return facts.message(DonationPhrase.CONSENT_STRUCK, **said, reason=consent.reason or "")
    if consent.state == ConsentState.WITHDRAWN:
        return facts.message(DonationPhrase.CONSENT_WITHDRAWN, **said)
    return facts.message(DonationPhrase.CONSENT_GIVEN, **said)
