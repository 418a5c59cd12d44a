"""Words of the catalogue: where things stand, and what facts are called."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from typing import Final

from integrity import facts
from integrity.catalogue import Message
from integrity.facts import Fact


class StateWord(Message):
    NOT_YET = "state-not-yet"
    ACCEPTED = "state-accepted"
    ACKNOWLEDGED = "state-acknowledged"
    ACTIVE = "state-active"
    APPROVED = "state-approved"
    ASKED = "state-asked"
    ASSESSED = "state-assessed"
    AUTHORED = "state-authored"
    BEGUN = "state-begun"
    CAUSE_CONFIRMED = "state-cause-confirmed"
    PLAN_OPEN = "state-plan-open"
    CLOSED = "state-closed"
    COMPLETE = "state-complete"
    CONFIRMED = "state-confirmed"
    CONTINUE = "state-continue"
    CORRECTED = "state-corrected"
    CURRENT = "state-current"
    DEACTIVATED = "state-deactivated"
    DECLINED = "state-declined"
    DRAFT = "state-draft"
    EFFECTIVE = "state-effective"
    ENDED = "state-ended"
    ENTERED = "state-entered"
    EXCEPTIONAL_SUPPLY = "state-exceptional-supply"
    EXPIRED = "state-expired"
    EXTENDED = "state-extended"
    HANDED_OVER = "state-handed-over"
    IN_PROCESS = "state-in-process"
    INVALIDATED = "state-invalidated"
    ISSUED = "state-issued"
    JUDGED = "state-judged"
    LOCKED = "state-locked"
    ON_HOLD = "state-on-hold"
    IN_FORCE = "state-in-force"
    LIFTED = "state-lifted"
    UNCLASSIFIED = "state-unclassified"
    NEVER_ISSUED = "state-never-issued"
    NOTHING = "state-nothing"
    DESTROYED = "state-destroyed"
    DONE = "state-done"
    NOT_EFFECTIVE = "state-not-effective"
    DEVIATION = "state-deviation"
    OPEN = "state-open"
    PLANNED = "state-planned"
    PROPOSED = "state-proposed"
    QA_APPROVED = "state-qa-approved"
    QUARANTINE = "state-quarantine"
    RECALLED = "state-recalled"
    RECEIVED = "state-received"
    REJECT = "state-reject"
    REJECTED = "state-rejected"
    RELEASED = "state-released"
    RELEASED_STAGE_1 = "state-released-stage-1"
    RESTORED = "state-restored"
    RETIRED = "state-retired"
    RETURNED = "state-returned"
    REVIEWED = "state-reviewed"
    STANDS = "state-stands"
    SUPERSEDED = "state-superseded"
    SUSPECT = "state-suspect"
    TERMINATED = "state-terminated"
    UNDER_REVIEW = "state-under-review"
    UNFIT = "state-unfit"
    USED = "state-used"
    VOID = "state-void"
    WAITING = "state-waiting"
    WITHDRAWN = "state-withdrawn"
    ELIGIBLE = "state-eligible"
    INELIGIBLE = "state-ineligible"


class Tone(enum.StrEnum):
    """How a status is drawn, always with its word and its shape."""

    ACCEPTED = "accepted"
    HELD = "held"
    REJECTED = "rejected"
    NOTE = "note"


_TONES: Final[Mapping[StateWord, Tone]] = {
    StateWord.ACCEPTED: Tone.ACCEPTED,
    StateWord.RELEASED_STAGE_1: Tone.ACCEPTED,
    StateWord.RELEASED: Tone.ACCEPTED,
    StateWord.IN_PROCESS: Tone.HELD,
    StateWord.QUARANTINE: Tone.HELD,
    StateWord.UNDER_REVIEW: Tone.HELD,
    StateWord.ON_HOLD: Tone.HELD,
    StateWord.EXCEPTIONAL_SUPPLY: Tone.HELD,
    StateWord.EXPIRED: Tone.REJECTED,
    StateWord.TERMINATED: Tone.REJECTED,
    StateWord.REJECTED: Tone.REJECTED,
    StateWord.RECALLED: Tone.REJECTED,
    StateWord.VOID: Tone.REJECTED,
    StateWord.DESTROYED: Tone.REJECTED,
    StateWord.RETURNED: Tone.REJECTED,
    StateWord.USED: Tone.REJECTED,
    StateWord.ISSUED: Tone.REJECTED,
}
# {state: the tone of where a batch, container, lot or cord stands}; any other state is a note.
TONES: Final[Mapping[str, Tone]] = {
    word.name.lower(): _TONES.get(word, Tone.NOTE) for word in StateWord
}


def tone_of(state: str) -> Tone:
    """The tone of a state, however far it is known."""
    return TONES.get(state, Tone.NOTE)


class ClassWord(Message):
    """How grave a deviation is."""

    MINOR = "class-minor"
    MAJOR = "class-major"
    CRITICAL = "class-critical"


class Phrase(Message):
    """How facts of several chapters are put together."""

    PERSON = "phrase-person"
    DEVIATION_CODE = "phrase-deviation-code"
    CLOCK_FORWARD = "phrase-clock-forward"
    CLOCK_BACK = "phrase-clock-back"
    CLOCK_BEFORE = "phrase-clock-before"
    CLOCK_SILENT = "phrase-clock-silent"
    DEVIATION = "phrase-deviation"
    DOCUMENT_DIGEST = "phrase-document-digest"
    LABELLED = "phrase-labelled"


def person(name: str, username: str) -> Fact:
    """Who it was: the name of then, and the user name."""
    return facts.message(Phrase.PERSON, name=name, username=username)


def class_word(classification: str) -> Fact:
    """minor, major or critical as a word."""
    return facts.word(ClassWord[classification.upper()])


def state_word(state: str | None) -> Fact:
    """A state of any axis, or that there is none yet, as a word; what has none as it is spelt."""
    name = (state or "not_yet").upper()
    return facts.word(StateWord[name]) if name in StateWord.__members__ else str(state)


class Between(Message):
    """What stands between the members of a list."""

    OR = "word-or"
    OR_LAST = "word-or-last"


def either(words: Iterable[str]) -> Fact:
    """One of these: a, b or c."""
    *others, last = words
    if not others:
        return last
    return facts.message(Between.OR_LAST, others=facts.listed(others), last=last)
