"""Cords.

Received with their jar, held in quarantine until the donor is eligible, accepted or rejected by
QA's signature.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, select

from documents.words import Term
from integrity import corrections, dependents, deviations, facts, signatures, site, states
from integrity.acts import Act
from integrity.corrections import Said
from integrity.database import Session
from integrity.deviations import Deviation, DeviationState
from integrity.facts import Fact, Pair
from integrity.findings import Finding, refuse_if_blocked
from integrity.signatures import Meaning, Seal
from integrity.site import TwoPersons
from integrity.words import state_word
from labels import codes
from labels.numbering import issue
from manufacturing.donation import (
    blood_samples,
    criteria_register as criteria,
    donors,
    eligibility,
    eligibility_facts,
)
from manufacturing.donation.actions import DonationAction
from manufacturing.donation.criteria import Limits, Question
from manufacturing.donation.donations import SAID, Cord, Donor, ProcessingStart
from manufacturing.donation.rules import cords as rules, separation
from manufacturing.donation.rules.cords import CORD_AXIS as AXIS, CordState
from manufacturing.donation.rules.donors import judge
from manufacturing.donation.words import DonationPhrase, DonationPlace, DonationTerm, RecallPhrase
from stores import containers
from stores.containers import ContainerFacts
from stores.rules import Disposition

__all__ = [
    "AXIS",
    "Cord",
    "CordFacts",
    "ProcessingStart",
    "against",
    "by_code",
    "by_jar",
    "decide",
    "deviations_of",
    "facts_of",
    "listed",
    "receive",
    "scanned",
    "standing",
    "start_of",
    "start_processing",
]

MILLISECOND = timedelta(milliseconds=1)
MEANINGS: dict[str, Meaning] = {
    CordState.ACCEPTED: Meaning.APPROVED,
    CordState.REJECTED: Meaning.REJECTED,
}


@dataclass(frozen=True)
class CordFacts:
    """A cord as it arrives; `receipt` holds the answers to the receipt checks, {question id: as
    typed, in its unit}. `another_cord`: the donor's other cord of this birth is a twin's."""

    donor_code: str
    born_at: datetime
    collected_at: datetime
    receipt: Mapping[str, str]
    another_cord: bool = False


def by_code(session: Session, bare: str) -> Cord | None:
    """The cord with this bare code (C…), or None."""
    return session.scalar(select(Cord).where(Cord.code == bare))


def by_jar(session: Session, bare: str) -> Cord | None:
    """The cord that came in this jar (J…), or None."""
    return session.scalar(select(Cord).where(Cord.jar_code == bare))


def scanned(session: Session, text: str) -> Cord | None:
    """The cord whose own code or whose jar's was scanned or typed; None for any other text."""
    try:
        code = codes.read(text, expected="CJ")
    except codes.UnreadableCode:
        return None
    return by_code(session, code.bare) if code.series == "C" else by_jar(session, code.bare)


def listed(state: str = "") -> Select[tuple[Cord]]:
    """Every cord, or those that stand in one state, newest first, for a paged list."""
    wanted = select(Cord).order_by(Cord.id.desc())
    if not state:
        return wanted
    return wanted.where(Cord.id.in_(states.standing(Cord.__tablename__, AXIS, state)))


def standing(session: Session, cord: Cord) -> str:
    """received, quarantine, accepted or rejected."""
    return states.of(session, cord, AXIS) or CordState.RECEIVED


def deviations_of(session: Session, cord: Cord) -> Sequence[Deviation]:
    """Every deviation of the cord and of its donor before it, oldest first."""
    return deviations.in_scopes(session, [cord.id, cord.donor_id])


def start_of(session: Session, cord: Cord) -> ProcessingStart | None:
    """The recorded start of processing, or None."""
    started = select(ProcessingStart).where(ProcessingStart.cord_id == cord.id)
    return session.scalar(started.order_by(ProcessingStart.id.desc()).limit(1))


def receive(act: Act, facts: CordFacts) -> Cord:
    """Receive a cord in its jar; what the checks find outside the criteria becomes deviations.

    Received at the server's time.
    """
    if earlier := act.once(DonationAction.CORD_RECEIVED, facts):
        return act.session.get_one(Cord, earlier)
    donor = donors.by_code(act.session, facts.donor_code)
    held, law = criteria.in_force(act.session, act.at)
    found = refuse_if_blocked(
        [
            *rules.judge_donor(facts.donor_code, donor is not None),
            *_judge_likeness(act.session, donor, facts),
            *rules.judge_times(facts.born_at, facts.collected_at, now=act.at),
            *rules.judge_receipt(law, facts.receipt),
        ]
    )
    cord = _made(act, facts, act.session.get_one(Donor, donor.id if donor else 0), held.id)
    for becomes in (CordState.RECEIVED, CordState.QUARANTINE):
        states.move(act, cord, AXIS, becomes, allowed=rules.CORD_MOVES)
    open_deviations(act, cord, found)
    donor = act.session.get_one(Donor, cord.donor_id)
    blood_samples.judge_samples(act, donor, cord, RecallPhrase.FURTHER_CORD)
    act.say(
        DonationAction.CORD_RECEIVED,
        cord,
        scope=cord.code,
        facts=facts,
        details={
            "code": cord.code,
            "jar": cord.jar_code,
            "donor": facts.donor_code,
            "born_at": cord.born_at,
            "collected_at": cord.collected_at,
            "receipt": cord.receipt,
            "criteria": held.named,
        },
    )
    dependents.changed(act, donor)
    return cord


def _judge_likeness(session: Session, donor: Donor | None, facts: CordFacts) -> list[Finding]:
    known = eligibility.cords_of(session, donor.id) if donor else ()
    births = ((cord.code, cord.born_at) for cord in known)
    return rules.judge_likeness(facts.born_at, births, is_another=facts.another_cord)


def said_of(facts: CordFacts) -> dict[str, Any]:
    """What its papers and the checks say of a cord, as its record keeps it."""
    return {
        "born_at": facts.born_at,
        "collected_at": facts.collected_at,
        "receipt": {name: answer for name, answer in facts.receipt.items() if answer},
    }


def open_deviations(
    act: Act, cord: Cord, found: Iterable[Finding], stood: Collection[Finding] = ()
) -> None:
    """One deviation for each finding of the checks that deviates, unless one waits for QA or it is
    one of those that `stood` all the time."""
    known = deviations_of(act.session, cord)
    for finding in deviations.deviating(found):
        if deviations.is_known(act.session, finding, known, stood):
            continue
        deviations.open_deviation(
            act,
            finding,
            issue(act, codes.Series.DEVIATION),
            scope=cord.itself,
            subject=cord,
            place=facts.word(DonationPlace.RECEIPT),
            comment=None,
        )


def _made(act: Act, facts: CordFacts, donor: Donor, criteria_id: int) -> Cord:
    cord = Cord(
        code=issue(act, codes.Series.CORD),
        jar_code=issue(act, codes.Series.JAR),
        donor_id=donor.id,
        received_at=act.at,
        criteria_id=criteria_id,
        **corrections.said_first(said_of(facts)),
    )
    act.add(cord)
    jar = ContainerFacts("jar", cord.itself, "Jar of the cord")
    containers.create(act, jar, [cord.jar_code])
    return cord


def start_processing(
    act: Act, cord_id: int, *, performed_at: datetime, limits: Limits | None = None
) -> ProcessingStart:
    """Record the start of the first wash under the window's limits then in force (inner act: says
    its own event).

    Processing starts once: a second call gives the first start. What the window says about it is
    for the caller to open: `rules.window.inside_the_window(cord.born_at, performed_at, at,
    limits)`."""
    cord = act.session.get_one(Cord, cord_id)
    allowed = limits or criteria.of(act.session, cord.criteria_id).window
    if earlier := start_of(act.session, cord):
        return earlier
    start = ProcessingStart(
        cord_id=cord_id,
        at=performed_at,
        recorded_at=act.at,
        longest=allowed.max // MILLISECOND,
        reject_after=None if allowed.reject is None else allowed.reject // MILLISECOND,
    )
    act.add(start)
    act.say(
        DonationAction.CORD_PROCESSING_STARTED,
        cord,
        scope=cord.code,
        details={"code": cord.code, "performed_at": performed_at},
    )
    return start


def correct_start(act: Act, cord_id: int, *, performed_at: datetime) -> None:
    """Another claim of when processing started, under the same limits and recorded when it was
    (inner act: says its own event)."""
    cord = act.session.get_one(Cord, cord_id)
    start = start_of(act.session, cord)
    assert start  # what is corrected was recorded
    act.add(
        ProcessingStart(
            cord_id=cord_id,
            at=performed_at,
            recorded_at=start.recorded_at,
            longest=start.longest,
            reject_after=start.reject_after,
        )
    )
    act.say(
        DonationAction.CORD_PROCESSING_CORRECTED,
        cord,
        scope=cord.code,
        details={"code": cord.code, "was": start.at, "performed_at": performed_at},
    )


# What is signed
# -------------------------------------------------------------------------------------------------


def facts_of(session: Session, cord_id: int, verdict: str) -> list[Pair]:
    """Exactly what accepting or rejecting a cord shows and signs."""
    cord = session.get_one(Cord, cord_id)
    donor, start = session.get_one(Donor, cord.donor_id), start_of(session, cord)
    return [
        facts.pair(Term.DECISION, state_word(verdict)),
        facts.pair(Term.CORD, facts.code(cord.code)),
        facts.pair(DonationTerm.JAR, facts.code(cord.jar_code)),
        facts.pair(Term.DONOR, donor.code),
        facts.pair(DonationTerm.ELIGIBILITY, eligibility.determined_as(session, donor.id)),
        *_born(corrections.standing(cord, SAID)),
        facts.pair(DonationTerm.RECEIVED, facts.instant(cord.received_at)),
        *_checked(session, cord, corrections.standing(cord, SAID)),
        facts.pair(DonationTerm.PROCESSING, _started(start)),
        *eligibility_facts.deviation_facts(session, deviations_of(session, cord)),
    ]


def _born(said: Said) -> list[Pair]:
    return [
        facts.pair(DonationTerm.BIRTH, facts.instant(said["born_at"])),
        facts.pair(DonationTerm.COLLECTION, facts.instant(said["collected_at"])),
    ]


def _checked(session: Session, cord: Cord, said: Said) -> list[Pair]:
    checks = checks_of(session, cord)
    return [(question.asked, _answer(question, said["receipt"])) for question in checks]


def papers(session: Session, cord: Cord, said: Said) -> list[Pair]:
    """What its papers and the checks say of a cord, as it stands or as it was said."""
    return [*_born(said), *_checked(session, cord, said)]


def _started(start: ProcessingStart | None) -> Fact:
    if start is None:
        return facts.word(DonationPhrase.NOT_STARTED)
    return facts.message(DonationPhrase.STARTED, started=facts.instant(start.recorded_at))


def checks_of(session: Session, cord: Cord) -> Sequence[Question]:
    """What was asked when it was received."""
    return criteria.of(session, cord.criteria_id).receipt


def _answer(question: Question, receipt: Mapping[str, str]) -> Fact:
    return question.answer(receipt.get(question.id)) or facts.word(DonationPhrase.NOT_RECORDED)


def receipt_shown(session: Session, cord: Cord) -> list[tuple[Question, str, bool]]:
    """Each receipt check with its answer and whether it is outside the criteria it rests on."""
    return [
        (
            question,
            facts.shown(_answer(question, cord.receipt)),
            bool(judge([question], cord.receipt)),
        )
        for question in checks_of(session, cord)
    ]


def _judged(session: Session, cord: Cord, verdict: str) -> list[Finding]:
    found = deviations_of(session, cord)
    where = deviations.states_of(session, found)
    return rules.judge_acceptance(
        verdict=verdict,
        standing=states.of(session, cord, AXIS),
        eligibility=eligibility.eligibility(session, cord.donor_id),
        unjudged=[
            made.code
            for made in found
            if where[made.id] not in (DeviationState.JUDGED, DeviationState.CLOSED)
        ],
        rejecting=deviations.rejecting(session, found),
    )


def against(session: Session, cord: Cord) -> list[Finding]:
    """What keeps this cord from being accepted now."""
    return _judged(session, cord, CordState.ACCEPTED)


def decide(act: Act, cord_id: int, verdict: str, *, seal: Seal) -> Cord:
    """Accept or reject a cord by signature; a rejected cord's jar is rejected with it."""
    action = DonationAction(f"cord.{verdict}")
    if earlier := act.once(action, [cord_id, verdict, seal.reviewed]):
        return act.session.get_one(Cord, earlier)
    cord = act.session.get_one(Cord, cord_id)
    against = [*_judged(act.session, cord, verdict), *rules.judge_reason(verdict, seal.comment)]
    if verdict == CordState.ACCEPTED:
        against += _alone(act, cord)
    refuse_if_blocked(against)
    signatures.sign(
        act,
        seal,
        MEANINGS[verdict],
        cord,
        facts_of(act.session, cord_id, verdict),
        scope=cord.itself,
    )
    states.move(act, cord, AXIS, verdict, allowed=rules.CORD_MOVES, reason=seal.comment)
    jar = containers.by_code(act.session, cord.jar_code)
    if verdict == CordState.REJECTED and jar:
        containers.set_disposition(act, jar.id, Disposition.REJECTED, reason=seal.comment)
    act.say(
        action,
        cord,
        scope=cord.code,
        reason=seal.comment,
        facts=[cord_id, verdict, seal.reviewed],
        details={"code": cord.code},
    )
    dependents.changed(act, cord)
    return cord


def _alone(act: Act, cord: Cord) -> Iterator[Finding]:
    """What speaks against accepting it where the site wants another person than the determiner."""
    made = eligibility.determinations_of(act.session, cord.donor_id)
    wants_two = site.wants_two(act.session, TwoPersons.ACCEPTANCE)
    signed = signatures.of(act.session, made[-1]) if made else ()
    determiner = signed[-1].username if signed else None
    yield from separation.may_accept(wants_two, determiner, act.by.username)
