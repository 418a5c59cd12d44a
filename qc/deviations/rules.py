"""The law of deviations.

Who may assess, judge and close one, in which order, and what may be decided. Pure.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from integrity import reasons, visibility, vocabulary
from integrity.deviations import Decision, DeviationState
from integrity.facts import Fact
from integrity.findings import Classification, Consequence, Finding, blocks
from integrity.observations import ObservationState
from integrity.states import Moves
from integrity.words import class_word, state_word
from qc.deviations.rule_ids import DeviationRule
from stores.hold_rules import Judged

CLASSES = tuple(Classification)
DECISIONS: dict[str, str] = {Decision.CONTINUE: "Work may go on", Decision.REJECT: "Reject"}
# state: (word, tone, what comes next)
STATE_WORDS = {
    DeviationState.OPEN: (
        "Open",
        "rejected",
        "QA writes down its cause and what it means for the product.",
    ),
    DeviationState.ASSESSED: ("Assessed", "held", "QA judges it: work may go on, or reject."),
    DeviationState.JUDGED: (
        "Judged",
        "held",
        "Work may go on as judged. QA closes it once what follows is done.",
    ),
    DeviationState.CLOSED: ("Closed", "accepted", "Nothing more is to be done."),
}
CLASS_TONES: dict[str, str] = {
    Classification.MINOR: "note",
    Classification.MAJOR: "held",
    Classification.CRITICAL: "rejected",
}


@dataclass(frozen=True)
class Situation:
    """What is known of a deviation when somebody wants to do something about it."""

    state: str
    classification: str
    consequence: str
    maker: str
    judge: str | None = None
    wants_two: bool = False  # of the judge and the closer of a critical one
    is_still_so: bool = True  # what opened it stands


def may_assess(now: Situation, classification: str, reason: str) -> Iterator[Finding]:
    """Cause and impact are written before the judgement.

    The class may be raised, and lowered only with a reason.
    """
    if now.state not in (DeviationState.OPEN, DeviationState.ASSESSED):
        yield blocks(DeviationRule.ASSESSMENT_STANDS, state=state_word(now.state))
    if classification not in CLASSES:
        yield blocks(DeviationRule.UNREAD, "classification")
    elif CLASSES.index(classification) < CLASSES.index(now.classification) and not reasons.is_given(
        reason
    ):
        yield blocks(
            DeviationRule.LOWERED,
            "reason",
            was=class_word(now.classification),
            wanted=class_word(classification),
        )


def may_judge(now: Situation, decision: str, reason: str | None, judge: str) -> Iterator[Finding]:
    """Judged once, after its assessment, by somebody who did not make the entry, with a reason.

    What can only be rejected is, unless what opened it was put right.
    """
    if now.state != DeviationState.ASSESSED:
        yield (
            blocks(DeviationRule.NOT_ASSESSED)
            if now.state == DeviationState.OPEN
            else blocks(DeviationRule.PAST_JUDGEMENT, state=state_word(now.state))
        )
    if decision not in DECISIONS:
        yield blocks(DeviationRule.NOT_MADE)
    elif only_rejects(now) and decision != Decision.REJECT:
        yield blocks(DeviationRule.ONLY_REJECT)
    if judge == now.maker:
        yield blocks(DeviationRule.JUDGE_MADE_THE_ENTRY)
    yield from reasons.wanted(DeviationRule.JUDGEMENT_REASON, reason, "comment")


def only_rejects(now: Situation) -> bool:
    """Whether no other decision is left: what can only be rejected still is as it was found."""
    return now.consequence == Consequence.REJECT and now.is_still_so


def stops(classification: str) -> bool:
    """Whether a deviation of this class stops the use of what it is about until it is judged."""
    return classification == Classification.CRITICAL


@dataclass(frozen=True)
class Keeping:
    """A deviation of a thing on hold: its code and class by now, whether the hold came with it, and
    who judged it, which may have been while the thing was held.
    """

    code: str
    classification: str
    is_its_own: bool = False
    judge: str | None = None
    judged_meanwhile: bool = False


def keeping(found: Iterable[Keeping], lifter: str, *, wants_two: bool) -> Judged:
    """What keeps a thing on hold: each critical deviation of it, and the one that the hold came
    with, until it is judged; and a critical one that whoever lifts the hold judged meanwhile, where
    the site wants two."""
    kept = [each for each in found if each.is_its_own or stops(each.classification)]
    alone = [
        each.code
        for each in kept
        if wants_two
        and stops(each.classification)
        and each.judged_meanwhile
        and each.judge == lifter
    ]
    return Judged(tuple(each.code for each in kept if each.judge is None), tuple(alone))


ABOUT = ("label", "question", "reading")  # what a finding is about, whatever it says of it


def is_still_so(rule: str, parameters: Mapping[str, Fact], found: Iterable[Finding]) -> bool:
    """Whether the same rule still says of the same thing that only a rejection can follow."""
    about = [parameters.get(name) for name in ABOUT]
    return any(
        each.rule == rule
        and each.consequence == Consequence.REJECT
        and [each.parameters.get(name) for name in ABOUT] == about
        for each in found
    )


def may_close(now: Situation, closer: str) -> Iterator[Finding]:
    """Closed once, after its judgement, by somebody who did not make the entry; a critical one by
    another than its judge where the site wants two."""
    if now.state != DeviationState.JUDGED:
        yield blocks(_NOT_TO_CLOSE.get(now.state, DeviationRule.CLOSED_ALREADY))
    if closer == now.maker:
        yield blocks(DeviationRule.CLOSER_MADE_THE_ENTRY)
    if now.wants_two and now.classification == Classification.CRITICAL and closer == now.judge:
        yield blocks(DeviationRule.CLOSER_JUDGED)


_NOT_TO_CLOSE: dict[str, DeviationRule] = {
    DeviationState.OPEN: DeviationRule.NOT_ASSESSED,
    DeviationState.ASSESSED: DeviationRule.NOT_JUDGED,
}


# Observations
# -------------------------------------------------------------------------------------------------

OLDEST_SEEN = timedelta(days=366)
FARTHEST = timedelta(days=5 * 365)  # that a day for an action or for its check lies ahead
VERDICTS = (ObservationState.NOTHING, ObservationState.DEVIATION)


def may_observe(said: str, seen_at: datetime, at: datetime) -> Iterator[Finding]:
    """Anybody who works here says what they saw, and not before they saw it."""
    yield from reasons.wanted(DeviationRule.OBSERVATION_UNSAID, said, "said")
    if seen_at > at:
        yield blocks(DeviationRule.OBSERVED_IN_THE_FUTURE, "seen_at")
    if seen_at < at - OLDEST_SEEN:
        yield blocks(DeviationRule.OBSERVED_LONG_AGO, "seen_at")


def may_classify(
    state: str | None, verdict: str, classification: str, reason: str
) -> Iterator[Finding]:
    """QA says once what an observation is, of which class a deviation is, and why."""
    if state != ObservationState.UNCLASSIFIED:
        yield blocks(DeviationRule.CLASSIFIED_ALREADY)
    if verdict not in VERDICTS:
        yield blocks(DeviationRule.VERDICT_UNREAD, "verdict")
    if verdict == ObservationState.DEVIATION and classification not in CLASSES:
        yield blocks(DeviationRule.UNREAD, "classification")
    yield from reasons.wanted(DeviationRule.VERDICT_REASON, reason, "comment")


# Corrective and preventive actions
# -------------------------------------------------------------------------------------------------


class ActionState(enum.StrEnum):
    """How far an action is; whether it had its effect is said after it is done."""

    OPEN = "open"
    DONE = "done"
    EFFECTIVE = "effective"
    NOT_EFFECTIVE = "not_effective"


CORRECTIVE = vocabulary.axis("corrective action", ActionState)
ACTION_MOVES: Moves = {
    None: frozenset({ActionState.OPEN}),
    ActionState.OPEN: frozenset({ActionState.DONE}),
    ActionState.DONE: frozenset({ActionState.EFFECTIVE, ActionState.NOT_EFFECTIVE}),
}


def may_plan(
    what: str, responsible: str, due_at: datetime, check_at: datetime, at: datetime
) -> Iterator[Finding]:
    """An action says what, who and until when; its effect is looked for after that."""
    yield from reasons.wanted(DeviationRule.ACTION_UNSAID, what, "what")
    if not visibility.is_said(responsible):
        yield blocks(DeviationRule.ACTION_NOBODY, "responsible")
    if due_at < at:
        yield blocks(DeviationRule.ACTION_DUE_PAST, "due_on")
    if check_at <= due_at:
        yield blocks(DeviationRule.CHECK_BEFORE_DUE, "check_on")
    for name, day in (("due_on", due_at), ("check_on", check_at)):
        if day > at + FARTHEST:
            yield blocks(DeviationRule.ACTION_FAR_AHEAD, name)


def may_move(
    state: str | None, becomes: str, reason: str, username: str, doer: str
) -> Iterator[Finding]:
    """An action is done once and then checked once, by another person than who did it."""
    if becomes not in ACTION_MOVES.get(state, frozenset()):
        yield blocks(DeviationRule.ACTION_NOT_NEXT, state=state_word(state))
    elif state == ActionState.DONE and username == doer:
        yield blocks(DeviationRule.CHECKER_DID_IT)
    yield from reasons.wanted(DeviationRule.ACTION_REASON, reason, "comment")


def is_overdue(state: str, due_at: datetime, check_at: datetime, at: datetime) -> bool:
    """Whether it was to be done, or to be checked, before now; the last moment is inside."""
    waits_until = {ActionState.OPEN.value: due_at, ActionState.DONE.value: check_at}.get(state)
    return waits_until is not None and at > waits_until
