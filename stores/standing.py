"""The words a scan answers with, in their one total order: what forbids most stands first.

Every place that says whether something may be used (a scan, a list, a label, a step, a release, the
page behind a certificate's QR) asks here. Pure: facts in, words out (docs/process.md, 5)."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from integrity import facts
from integrity.facts import Fact
from integrity.words import Tone
from stores.words import ScanWord


class Word(enum.StrEnum):
    """Where a thing stands; the order of the members is the order of strength."""

    UNKNOWN = "unknown"
    FOREIGN = "foreign"
    VOID = "void"
    RECALLED = "recalled"
    REJECTED = "rejected"
    DESTROYED = "destroyed"
    RETURNED = "returned"
    USED = "used"
    ISSUED = "issued"
    EXPIRED = "expired"
    ON_HOLD = "on_hold"
    QUARANTINE = "quarantine"
    UNDER_REVIEW = "under_review"
    EXCEPTIONAL_SUPPLY = "exceptional_supply"
    RELEASED_STAGE_1 = "released_stage_1"
    RELEASED = "released"


ALLOWS: Final = frozenset({Word.RELEASED_STAGE_1, Word.RELEASED})  # and nothing else
_STRENGTH: Final = {word: number for number, word in enumerate(Word)}
_HELD: Final = frozenset(
    {Word.ON_HOLD, Word.QUARANTINE, Word.UNDER_REVIEW, Word.EXCEPTIONAL_SUPPLY}
)


def words(
    disposition: str,
    expired: bool = False,
    in_doubt: bool = False,
    *,
    held: bool = False,
    fate: str | None = None,
    doubted: bool = False,
    banked: bool = False,
) -> list[Word]:
    """Every word that holds, the strongest first; a disposition that is not known is UNKNOWN.

    `in_doubt` is whether the record cannot be relied on now: then everything is on hold; `held`
    says that a hold by hand is in force, `fate` what became of a container (issued, destroyed),
    `doubted` that the paper is under review on which it was released: then it is as well; `banked`
    that it is a vial of a bank, which no release of the product beside it is for.
    """
    told = [disposition, fate] if fate else [disposition]
    found = [Word(each) if each in _STRENGTH else Word.UNKNOWN for each in told]
    found += [Word.EXPIRED] if expired else []
    if not ALLOWS.isdisjoint(found):
        found += [Word.UNDER_REVIEW] if doubted else []
        found += [Word.QUARANTINE] if banked else []
    return ordered(found + ([Word.ON_HOLD] if in_doubt or held else []))


def ordered(found: Iterable[Word]) -> list[Word]:
    """Words in their order, the strongest first, each once."""
    return sorted(set(found), key=_STRENGTH.__getitem__)


def has_expired(expires_at: datetime | None, at: datetime) -> bool:
    """Whether its last moment is over; that moment itself is inside. No expiry never ends."""
    return expires_at is not None and at > expires_at


def tone(word: Word) -> Tone:
    """How it is drawn: nothing below released and in date is ever green."""
    if word in ALLOWS:
        return Tone.ACCEPTED
    return Tone.HELD if word in _HELD else Tone.REJECTED


def sentence(
    word: Word, expires_at: datetime | None, in_doubt: bool = False, *, banked: bool = False
) -> Fact:
    """What it means for whoever holds a container, in one line."""
    if word is Word.QUARANTINE and banked:
        return facts.word(ScanWord.BANK)
    if word is Word.ON_HOLD and in_doubt:
        return facts.word(ScanWord.IN_DOUBT)
    if word is Word.EXPIRED and expires_at:
        return facts.message(ScanWord.EXPIRED, at=facts.instant(expires_at))
    if word in ALLOWS and expires_at:
        said = ScanWord.STAGE_1_UNTIL if word is Word.RELEASED_STAGE_1 else ScanWord.RELEASED_UNTIL
        return facts.message(said, at=facts.instant(expires_at))
    return facts.word(_SENTENCES[word])


_SENTENCES: Final = {
    Word.UNKNOWN: ScanWord.UNKNOWN,
    Word.FOREIGN: ScanWord.UNKNOWN,
    Word.VOID: ScanWord.VOID,
    Word.RECALLED: ScanWord.RECALLED,
    Word.REJECTED: ScanWord.REJECTED,
    Word.DESTROYED: ScanWord.DESTROYED,
    Word.RETURNED: ScanWord.RETURNED,
    Word.USED: ScanWord.USED,
    Word.ISSUED: ScanWord.ISSUED,
    Word.EXPIRED: ScanWord.REJECTED,
    Word.ON_HOLD: ScanWord.ON_HOLD,
    Word.QUARANTINE: ScanWord.QUARANTINE,
    Word.UNDER_REVIEW: ScanWord.UNDER_REVIEW,
    Word.EXCEPTIONAL_SUPPLY: ScanWord.EXCEPTIONAL_SUPPLY,
    Word.RELEASED_STAGE_1: ScanWord.STAGE_1,
    Word.RELEASED: ScanWord.RELEASED,
}
