"""The law of review and release: who may sign what, and when. Pure: facts in, findings out.

What blocks is asked of `rests_on`: every unmet item blocks by itself and names itself (REL-03)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from integrity import facts as said, reasons
from integrity.facts import Fact
from integrity.findings import Classification, Finding, blocks, deviates
from integrity.site import TwoPersons
from integrity.words import state_word
from qc.deviations.rule_ids import DeviationRule
from qc.laboratory.rule_ids import LaboratoryRule
from qc.laboratory.rules.results import FAILS, INCONCLUSIVE
from qc.release import rests_on
from qc.release.rests_on import Item
from qc.release.rule_ids import ReleaseRule
from qc.release.situation import FINAL, INITIAL, OPEN_TO, RELEASED_AT, ReleaseFacts
from qc.release.words import ReleaseWord
from stores import fate_rules, standing
from stores.fate_rules import Fate
from stores.rules import Disposition
from stores.standing import Word

# From which dispositions a review is signed for each gate: a released batch is reviewed again when
# its certificate is to be issued anew, and one that is held before the hold is lifted.
REVIEWED_FROM = {
    INITIAL: (Disposition.QUARANTINE, Disposition.UNDER_REVIEW, Disposition.RELEASED_STAGE_1),
    FINAL: (Disposition.QUARANTINE, *OPEN_TO[FINAL], Disposition.RELEASED),
}


def concerns(
    found_at: datetime,
    decided_at: datetime | None,
    calibrated: Iterable[datetime],
    first: datetime,
    last: datetime,
) -> bool:
    """Whether what was found of a piece of equipment concerns a batch that it was used for, first
    and last: it was used since the calibration that counted when it was found, and QA had not
    decided on it before."""
    counted = max((each for each in calibrated if each <= found_at), default=None)
    was_decided = decided_at is not None and decided_at < first
    return not was_decided and (counted is None or last >= counted)


def speaks_against_others(disposition: str | None, *, is_held: bool) -> str | None:
    """As what a delivery of a lot speaks against every other delivery of it: rejected, or on hold
    by hand; None where it does not. What waits for its release says nothing."""
    if disposition == Disposition.REJECTED:
        return Disposition.REJECTED
    return Disposition.ON_HOLD if is_held else None


def another_delivery(used: str, bad: str, material: str, number: str, state: str) -> Finding:
    """A batch was made with one delivery (its bare code) of a lot of which another is bad."""
    return deviates(
        ReleaseRule.ANOTHER_DELIVERY,
        Classification.MAJOR,
        lot=said.code(used),
        other=said.code(bad),
        material=material,
        number=number,
        state=state_word(state),
    )


# What grew in a batch, or is called critical by whoever saw it, may be in what stood beside it.
SPREADS = frozenset({LaboratoryRule.OUT_OF_SPECIFICATION, DeviationRule.RAISED})
APART = timedelta(days=1)  # between two uses that are still together


def spreads(rule: str, classification: str) -> bool:
    """Whether a deviation of a batch is one of whatever was made beside it (process.md, 6)."""
    return rule in SPREADS and classification == Classification.CRITICAL


def still_spreads(closed_at: datetime | None, used_at: datetime) -> bool:
    """Whether such a deviation is asked about a batch that used something at a moment: until QA has
    closed it, whose judgement is of what was there by then."""
    return closed_at is None or used_at < closed_at


class Span(Protocol):
    """When something was used, first and last."""

    @property
    def first(self) -> datetime: ...
    @property
    def last(self) -> datetime: ...


def together(one: Span, other: Span) -> bool:
    """Whether two batches were on one piece of equipment in the same days."""
    return one.first <= other.last + APART and other.first <= one.last + APART


def is_doubted(used_at: datetime, since: datetime | None, known_at: datetime) -> bool:
    """Whether a use falls into the time that a calibration put in doubt by finding the equipment
    out of tolerance: since the calibration before, if there was one, until that was recorded."""
    return (since is None or used_at >= since) and used_at <= known_at


@dataclass(frozen=True)
class Given:
    """A container that was issued or given to somebody: its code, which of the two, when."""

    code: str
    fate: str
    at: datetime


def given_late(
    batch: str, released_at: datetime, until: Mapping[str, datetime], given: Iterable[Given]
) -> Iterator[Finding]:
    """What of a batch was released or handed out after its time was over; `until` has the expiry of
    each container, `given` is in order of time, and of each container the first counts."""
    late = [each for each in until.values() if standing.has_expired(each, released_at)]
    if late:
        yield _given_late(batch, min(late), Disposition.RELEASED, released_at)
    found = set()
    for each in given:
        expires_at = until.get(each.code)
        if each.code not in found and standing.has_expired(expires_at, each.at):
            found.add(each.code)
            yield _given_late(each.code, until[each.code], each.fate, each.at)


@dataclass(frozen=True)
class Handed:
    """What became of a container, as it was told: when it was done and told, until when it could be
    used, how late it may be told, and the words that forbid it now."""

    code: str
    fate: str
    done_at: datetime
    told_at: datetime
    expires_at: datetime | None
    late_after: timedelta
    words: Sequence[Word] = ()
    forbidden: Word | None = None  # by what it was to be given to nobody when it was


FORBIDS: tuple[Word, ...] = (*fate_rules.TAKEN_BACK, Word.UNDER_REVIEW)


def handed(told: Handed) -> Iterator[Finding]:
    """What speaks against what became of a container: it was handed out or given after its time was
    over, it was handed out before what forbids it now and that is told after it, it was handed out
    or given while it was not released, recalled, rejected or held, it is told late."""
    forbids = [each for each in FORBIDS if each in told.words]
    is_given = told.fate in (Fate.ISSUED, Fate.USED)
    if is_given and standing.has_expired(told.expires_at, told.done_at):
        assert told.expires_at  # what has expired has one
        yield _given_late(told.code, told.expires_at, told.fate, told.done_at)
    elif told.fate == Fate.ISSUED and forbids and not told.forbidden:
        yield _of_fate(
            ReleaseRule.GIVEN_BEFORE, Classification.MAJOR, told, now=state_word(forbids[0])
        )
    if is_given and told.forbidden:
        then = state_word(told.forbidden)
        yield _of_fate(ReleaseRule.GIVEN_FORBIDDEN, Classification.CRITICAL, told, then=then)
    if fate_rules.is_late(told.done_at, told.told_at, told.late_after):
        late = said.span(told.told_at - told.done_at)
        yield _of_fate(ReleaseRule.FATE_TOLD_LATE, Classification.MINOR, told, late=late)


def mislabelled(code: str, printed: datetime | None, until: datetime | None) -> Finding:
    """A container that was given out lies somewhere under a label with another use-by than its
    record: who trusts a later one may give what has expired."""
    is_later = until is not None and (printed is None or printed > until)
    return deviates(
        ReleaseRule.GIVEN_MISLABELLED,
        Classification.CRITICAL if is_later else Classification.MAJOR,
        what=said.code(code),
        printed=_use_by(printed),
        until=_use_by(until),
    )


def _use_by(at: datetime | None) -> Fact:
    return said.instant(at) if at else said.word(ReleaseWord.NO_USE_BY)


def _of_fate(
    rule: ReleaseRule, classification: Classification, told: Handed, **more: Any
) -> Finding:
    return deviates(
        rule,
        classification,
        what=said.code(told.code),
        state=state_word(told.fate),
        at=said.instant(told.done_at),
        **more,
    )


def _given_late(code: str, expires_at: datetime, state: str, at: datetime) -> Finding:
    return deviates(
        ReleaseRule.GIVEN_LATE,
        Classification.CRITICAL,
        what=said.code(code),
        expiry=said.instant(expires_at),
        state=state_word(state),
        at=said.instant(at),
    )


# Who may sign, and when
# -----------------------------------------------------------------------------------------------


def may_review(facts: ReleaseFacts, gate: str, username: str) -> Iterator[Finding]:
    """QA signs the review once nothing else blocks.

    Whoever did steps of the batch does not review it.
    """
    yield from may_look_at(facts, gate, username)
    if facts.review and not facts.review.since and facts.disposition == Disposition.UNDER_REVIEW:
        yield blocks(ReleaseRule.REVIEWED_ALREADY, name=facts.review.name)
    for item in rests_on.before_review(facts, gate):
        yield item.finding


def may_look_at(facts: ReleaseFacts, gate: str, username: str) -> Iterator[Finding]:
    """Who reviews a batch, and while what: whoever says what they hold of an exception does."""
    if facts.disposition not in REVIEWED_FROM[gate] and not facts.is_held_release:
        yield blocks(ReleaseRule.NOTHING_TO_REVIEW, state=state_word(facts.disposition))
    if username in facts.performers:
        yield blocks(ReleaseRule.REVIEWER_HAD_A_HAND)
    if TwoPersons.REVIEW in facts.wants_two and username in facts.judges:
        yield blocks(ReleaseRule.REVIEWER_JUDGED)


def may_release(facts: ReleaseFacts, gate: str, username: str) -> Iterator[Finding]:
    """Release.

    The move is allowed, nothing blocks, and the releaser performed and reviewed nothing of the
    batch.
    """
    if facts.disposition not in OPEN_TO[gate]:
        yield blocks(
            ReleaseRule.CANNOT_BE_RELEASED,
            state=state_word(facts.disposition),
            wanted=state_word(RELEASED_AT[gate]),
        )
    if gate == INITIAL and facts.gate == FINAL:
        yield blocks(ReleaseRule.NOTHING_PENDING)
    yield from _may_sign(facts, gate, username)


def may_reissue(facts: ReleaseFacts, gate: str, username: str) -> Iterator[Finding]:
    """A certificate is issued anew while the batch stands as it certifies, under the same
    conditions as the release.
    """
    if facts.disposition != RELEASED_AT[gate]:
        yield blocks(ReleaseRule.NOT_RELEASED, state=state_word(facts.disposition))
    yield from _may_sign(facts, gate, username)


def _may_sign(facts: ReleaseFacts, gate: str, username: str) -> Iterator[Finding]:
    yield from independent(facts, username)
    for item in rests_on.blocking(facts, gate):
        yield item.finding


def independent(facts: ReleaseFacts, username: str) -> Iterator[Finding]:
    """The releaser performed no step of the batch, verified and tested nothing, is not who ever
    reviewed it, and judged no critical deviation of it where the site wants two (IAM-03, SIG-17).
    """
    if username in facts.performers:
        yield blocks(ReleaseRule.RELEASER_HAD_A_HAND)
    if username in facts.reviewers:
        yield blocks(ReleaseRule.RELEASER_REVIEWED)
    if TwoPersons.RELEASE in facts.wants_two and username in facts.judges:
        yield blocks(ReleaseRule.RELEASER_JUDGED)


def may_reject(facts: ReleaseFacts, reason: str | None) -> Iterator[Finding]:
    """Reject from any disposition before the final release, with a reason (SIG-20)."""
    if not facts.can_be_rejected:
        yield blocks(ReleaseRule.CANNOT_BE_REJECTED, state=state_word(facts.disposition))
    yield from reason_given(reason)


def may_withdraw(facts: ReleaseFacts, reason: str | None) -> Iterator[Finding]:
    """Withdraw from either release, or from a hold of it: the batch is recalled (REL-02)."""
    if not facts.can_be_withdrawn:
        yield blocks(ReleaseRule.NOTHING_TO_WITHDRAW, state=state_word(facts.disposition))
    yield from reason_given(reason)


def may_hold(facts: ReleaseFacts, reason: str | None) -> Iterator[Finding]:
    """QA holds a batch at any time before it is rejected or recalled, with a reason (REL-02)."""
    if not facts.can_be_held:
        yield blocks(ReleaseRule.CANNOT_BE_HELD, state=state_word(facts.disposition))
    yield from reason_given(reason)


def may_resume(facts: ReleaseFacts, reason: str | None) -> Iterator[Finding]:
    """A hold is lifted once no result fails and no deviation waits; that of a released batch once
    nothing speaks against anything the release rests on.
    """
    if facts.disposition != Disposition.ON_HOLD:
        yield blocks(ReleaseRule.NOT_ON_HOLD, state=state_word(facts.disposition))
    for item in _against_resuming(facts):
        yield item.finding
    yield from reason_given(reason)


def may_lift(facts: ReleaseFacts, username: str, *, is_certified: bool) -> Iterator[Finding]:
    """Whoever lifts a hold had no hand in the batch and, where the site wants two, judged no
    critical deviation of it; and what was released comes back as it was certified
    (`is_certified`), or once a review that stands has seen what is another now.
    """
    if username in facts.performers:
        yield blocks(ReleaseRule.LIFTER_HAD_A_HAND)
    if TwoPersons.RELEASE in facts.wants_two and username in facts.judges:
        yield blocks(ReleaseRule.LIFTER_JUDGED)
    if facts.is_held_release and not is_certified:
        for item in rests_on.against_review(facts):
            yield item.finding


def _against_resuming(facts: ReleaseFacts) -> list[Item]:
    if facts.is_held_release:
        return rests_on.before_review(facts, facts.passed)
    failing = [line for line in facts.lines if line.state in (FAILS, INCONCLUSIVE)]
    return [
        *rests_on.integrity(facts),
        *(item for each in facts.deviations for item in rests_on.against_deviation(each)),
        *(rests_on.result_item(line) for line in failing),
    ]


def reason_given(reason: str | None) -> Iterator[Finding]:
    """A decision that takes something back says why (SIG-20)."""
    yield from reasons.wanted(ReleaseRule.REASON, reason, "comment")


def shown(state: str) -> str:
    return state.replace("_", " ")
