"""The law of what becomes of a container: issued, returned, given, destroyed. Pure: facts in,
findings out.

Only what a scan answers "may be issued" is issued, and never by one person alone; what came back is
never usable again by itself, and what is destroyed or used up stays so (TRC-03, REL-11, REL-12)."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from integrity import facts, reasons, visibility
from integrity.facts import Fact
from integrity.findings import Finding, blocks
from integrity.rule_ids import IntegrityRule
from integrity.states import Moves
from integrity.words import state_word
from stores import standing
from stores.rule_ids import StoreRule
from stores.rules import ContainerKind
from stores.standing import Word


class Fate(enum.StrEnum):
    """What became of a container; the words a scan answers with."""

    ISSUED = "issued"
    RETURNED = "returned"
    USED = "used"
    DESTROYED = "destroyed"


class FateState(enum.StrEnum):
    """How far what was recorded of a container is."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"


class ReturnedAs(enum.StrEnum):
    """In what state a container came back."""

    UNOPENED = "unopened"
    OPENED = "opened"
    DAMAGED = "damaged"


FATE_MOVES: Moves = {
    None: frozenset({Fate.ISSUED, Fate.DESTROYED}),
    Fate.ISSUED: frozenset({Fate.RETURNED, Fate.USED, Fate.DESTROYED}),
    Fate.RETURNED: frozenset({Fate.DESTROYED}),
}
STATE_MOVES: Moves = {
    None: frozenset({FateState.WAITING, FateState.CONFIRMED}),
    FateState.WAITING: frozenset({FateState.CONFIRMED, FateState.WITHDRAWN}),
}
BY_TWO: Final = frozenset({Fate.ISSUED, Fate.DESTROYED})
GONE: Final = frozenset({Fate.DESTROYED, Fate.USED})  # there is nothing left of it
TAKEN_BACK: Final = (Word.RECALLED, Word.REJECTED, Word.ON_HOLD)  # nobody gives it any more
NO_LABEL: Final = frozenset({Word.VOID, *map(Word, GONE)})


@dataclass(frozen=True)
class Situation:
    """A container as this law looks at it.

    `words` and `sentence` are what a scan answers with, `fate` what became of it by now; nothing
    can have become of it before `since` (it was made, it was issued, it came back, something was
    taken from it, the laboratory had it).
    """

    code: str
    kind: str
    words: tuple[Word, ...]
    sentence: Fact
    fate: str | None
    since: datetime
    at: datetime
    waits: bool = False  # something else is recorded of it and waits for its second person
    is_mislabelled: bool = False  # its label says another use-by than its record
    was_usable: bool = True  # released, and held by nobody, when it is said to have been done
    in_doubt: bool = False  # whether the record cannot be relied on now
    expires_at: datetime | None = None
    late_after: timedelta = timedelta(0)  # what is told later than this is a late entry


@dataclass(frozen=True)
class Said:
    """What somebody says became of it, and when; the reason of an issue is why it is told late."""

    fate: str
    done_at: datetime
    consignee: str = ""
    reason: str = ""
    condition: str = ""


def may_become(found: Situation, said: Said) -> Iterator[Finding]:
    """What speaks against recording, or confirming, what became of a container."""
    if found.waits:
        yield blocks(StoreRule.FATE_WAITS, container=facts.code(found.code))
    if said.fate == Fate.ISSUED:
        yield from _may_be_issued(found, said)
    elif Word.VOID in found.words or said.fate not in FATE_MOVES.get(found.fate, frozenset()):
        yield _is_not_open(found, said)
    yield from _complete(said, late=is_late(said.done_at, found.at, found.late_after))
    yield from moment_is_possible(said.done_at, found.since, found.at)


def _complete(said: Said, *, late: bool) -> Iterator[Finding]:
    """Everything that has to be said of it is; of an issue, why it is told late."""
    if said.fate == Fate.ISSUED and not visibility.is_said(said.consignee):
        yield blocks(StoreRule.ISSUE_CONSIGNEE, "consignee")
    if said.fate != Fate.ISSUED or late:
        yield from reasons.wanted(StoreRule.FATE_REASON, said.reason)
    if said.fate == Fate.RETURNED and said.condition not in set(ReturnedAs):
        yield blocks(StoreRule.RETURN_CONDITION, "condition")


def _is_not_open(found: Situation, said: Said) -> Finding:
    is_void = Word.VOID in found.words
    return blocks(
        StoreRule.FATE_NOT_OPEN,
        container=facts.code(found.code),
        state=state_word(Word.VOID if is_void else found.fate or "never_issued"),
        wanted=state_word(said.fate),
    )


def _may_be_issued(found: Situation, said: Said) -> Iterator[Finding]:
    """Only a final container, and only while a scan says that it may be issued; what was given out
    already, to be given out or not, is told all the same, with the reason why it is told late."""
    container = facts.code(found.code)
    if found.kind != ContainerKind.FINAL:
        yield blocks(StoreRule.ISSUE_NOT_FINAL, container=container)
    elif not is_told_of_the_past(found, said):
        yield from _against_issuing(found, container)


def _against_issuing(found: Situation, container: Fact) -> Iterator[Finding]:
    """The first thing by which a container is not given out, or was not to be."""
    if found.words[0] not in standing.ALLOWS:
        word = state_word(found.words[0])
        yield blocks(StoreRule.NOT_ISSUABLE, container=container, state=word, why=found.sentence)
    elif not found.was_usable:
        yield blocks(StoreRule.NOT_ISSUABLE_THEN, "done_at", container=container)
    elif found.is_mislabelled:
        yield blocks(StoreRule.LABEL_UNTRUE, container=container)


NEVER_GIVEN: Final = frozenset({Word.VOID, Word.UNKNOWN, Word.FOREIGN})


def may_have_been_issued(kind: str, words: Iterable[Word], fate: str | None) -> bool:
    """Whether a container can have been given out before it became what it is, with nothing
    recorded of it."""
    return kind == ContainerKind.FINAL and fate is None and NEVER_GIVEN.isdisjoint(words)


def is_told_of_the_past(found: Situation, said: Said) -> bool:
    """Whether an issue is told as something that happened in an earlier minute, with why it is told
    only now."""
    return (
        may_have_been_issued(found.kind, found.words, found.fate)
        and not found.in_doubt
        and said.done_at < found.at.replace(second=0, microsecond=0)
        and reasons.is_given(said.reason)
    )


def is_late(done_at: datetime, told_at: datetime, late_after: timedelta) -> bool:
    """Whether it is told later than the site's limit after it was done; the limit is inside."""
    return told_at - done_at > late_after


def needs_two(found: Situation, said: Said) -> bool:
    """Whether it holds only once a second person has signed: an issue and a destruction always,
    whatever is told late, and a container that was given after its time was over (EBR-09)."""
    is_past = said.fate == Fate.USED and standing.has_expired(found.expires_at, said.done_at)
    return said.fate in BY_TWO or is_past or is_late(said.done_at, found.at, found.late_after)


def moment_is_possible(done_at: datetime, since: datetime, at: datetime) -> Iterator[Finding]:
    """Nothing becomes of a container before it can, or in the future; the same minute is in
    order.
    """
    if done_at > at:
        yield blocks(StoreRule.FATE_AHEAD, "done_at")
    if done_at < since.replace(second=0, microsecond=0):
        yield blocks(StoreRule.FATE_BEFORE, "done_at", since=facts.instant(since))


def newest(made_at: datetime, became: Iterable[datetime], seen: Iterable[datetime]) -> datetime:
    """Since when nothing can have become of a container: the last that is known of it."""
    return max([made_at, *became, *seen])


def open_to(
    kind: str, words: Sequence[Word], fate: str | None, records: Iterable[str] = ()
) -> frozenset[Fate]:
    """What may be recorded of a container as it stands, for the page that offers it; `records` is
    how far what was recorded of it is.
    """
    if Word.VOID in words or FateState.WAITING in records:
        return frozenset()
    is_issuable = kind == ContainerKind.FINAL and words[0] in standing.ALLOWS
    return frozenset(
        each
        for each in Fate
        if each in FATE_MOVES.get(fate, frozenset()) and (each != Fate.ISSUED or is_issuable)
    )


def all_of(fates: Sequence[str | None]) -> str | None:
    """What became of all of these, or None while something of them is left; of several the one
    that forbids least.
    """
    known = [Word(each) for each in fates if each is not None]
    if len(known) < len(fates) or not known:
        return None
    return standing.ordered(known)[-1].value


def may_confirm(state: str | None, recorded_by: str, by: str) -> Iterator[Finding]:
    """The second person is somebody else than whoever recorded it (SIG-10)."""
    if state != FateState.WAITING:
        yield blocks(StoreRule.FATE_NOT_WAITING)
    elif by == recorded_by:
        yield blocks(StoreRule.FATE_SAME_PERSON, "username")


@dataclass(frozen=True)
class PutRight:
    """What was recorded of a container and what is said in its place. It can have been done from
    `since` (what it was before became of it) to `until` (something else did).
    """

    was: Said
    becomes: Said
    since: datetime
    until: datetime
    told_at: datetime  # when it was told first
    late_after: timedelta = timedelta(0)
    stands: bool = True  # confirmed, and nothing is said in its place
    waits: bool = False  # something waits for its second person


def may_be_put_right(found: PutRight, why: str | None) -> Iterator[Finding]:
    """What speaks against saying something else of what became of a container: it is judged as if
    it had been said when it was told first."""
    becomes = found.becomes
    if not found.stands:
        yield blocks(StoreRule.NOT_PUT_RIGHT)
    if found.waits:
        yield blocks(StoreRule.CORRECTION_WAITS)
    yield from _complete(becomes, late=is_late(becomes.done_at, found.told_at, found.late_after))
    yield from lies_between(becomes.done_at, found.since, min(found.until, found.told_at))
    if becomes == found.was:
        yield blocks(IntegrityRule.NOTHING_CORRECTED)
    yield from reasons.wanted(IntegrityRule.CORRECTION_REASON, why, "why")


def lies_between(done_at: datetime, since: datetime, until: datetime) -> Iterator[Finding]:
    """It was done after what came before and before what came after it; the same minute is in
    order."""
    if done_at > until:
        yield blocks(StoreRule.FATE_AFTER, "done_at", until=facts.instant(until))
    if done_at < since.replace(second=0, microsecond=0):
        yield blocks(StoreRule.FATE_BEFORE, "done_at", since=facts.instant(since))


def may_withdraw(state: str | None, reason: str | None) -> Iterator[Finding]:
    """What waits is withdrawn, with a reason; what is confirmed stands."""
    if state != FateState.WAITING:
        yield blocks(StoreRule.FATE_NOT_WAITING)
    yield from reasons.wanted(StoreRule.FATE_REASON, reason)


def may_be_taken(code: str, fate: str | None) -> Iterator[Finding]:
    """Nothing is taken from a container that was given out, came back, or is there no more."""
    if fate is not None:
        yield blocks(StoreRule.CONTAINER_GONE, container=facts.code(code), state=state_word(fate))


def may_be_labelled(code: str, words: Sequence[Word]) -> Iterator[Finding]:
    """No label is printed for what does not exist, or exists no more."""
    for word in words:
        if word in NO_LABEL:
            yield blocks(StoreRule.NO_LABEL, container=facts.code(code), state=state_word(word))
            return
