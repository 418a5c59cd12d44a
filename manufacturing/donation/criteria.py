"""Acceptance criteria of donors and cords: what is asked, what is accepted, what follows.

They are a controlled document: the rules judge against whatever stands there. Numbers are Decimals,
spans are timedeltas; every text is there in English and may be there in other languages."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from documents.head import Head
from documents.texts import Text, text
from integrity import facts
from integrity.facts import Fact
from manufacturing.donation.words import DonationPhrase


class BloodResult(enum.StrEnum):
    """What a laboratory says of one infectious-disease marker."""

    NEGATIVE = "negative"
    REACTIVE = "reactive"
    INDETERMINATE = "indeterminate"
    NOT_DONE = "not_done"


RESULTS: dict[str, str] = {
    BloodResult.NEGATIVE: "Negative",
    BloodResult.REACTIVE: "Reactive",
    BloodResult.INDETERMINATE: "Indeterminate",
    BloodResult.NOT_DONE: "Not done",
}
METHODS = {"serology": "Serology", "NAT": "NAT"}


@dataclass(frozen=True)
class Option:
    """One answer of a choice; `accepted` is its verdict."""

    value: str
    words: Text
    accepted: bool

    @property
    def label(self) -> str:
        return text(self.words)


@dataclass(frozen=True)
class Question:
    """One criterion: a choice with options, or a number in a fixed unit.

    `low` and `high` belong to the accepted range. Outside `reject` only a rejection can follow;
    outside `plausible` the number is a slip of the pen and is refused. `classification` and
    `consequence` are those of the deviation."""

    id: str
    words: Text
    options: tuple[Option, ...] = ()
    unit: str = ""
    low: Decimal | None = None
    high: Decimal | None = None
    reject: tuple[Decimal, Decimal] | None = None
    plausible: tuple[Decimal, Decimal] | None = None
    required: bool = True
    classification: str = "major"
    consequence: str = "deviation"

    @property
    def label(self) -> str:
        return text(self.words)

    def may_be(self, number: Decimal) -> bool:
        """Whether a number can be meant here at all."""
        return not self.plausible or self.plausible[0] <= number <= self.plausible[1]

    def option(self, value: str) -> Option | None:
        return next((option for option in self.options if option.value == value), None)

    @property
    def asked(self) -> Fact:
        """What is asked, as a fact."""
        return facts.text(self.words)

    def answer(self, answer: str | None) -> Fact:
        """The answer as a fact; "" when there is none."""
        if option := self.option(answer or ""):
            return facts.text(option.words)
        if not answer:
            return ""
        return facts.message(DonationPhrase.ANSWER, answer=answer, unit=self.unit)

    def shown(self, answer: str | None) -> str:
        """The answer as a person reads it; "" when there is none."""
        return facts.shown(self.answer(answer))

    @property
    def range(self) -> Fact:
        """The accepted range as a fact, "" where every value is accepted."""
        low, high = str(self.low), str(self.high)
        if self.low is not None and self.high is not None:
            return facts.message(DonationPhrase.RANGE, low=low, high=high, unit=self.unit)
        if self.low is not None:
            return facts.message(DonationPhrase.OR_MORE, low=low, unit=self.unit)
        if self.high is not None:
            return facts.message(DonationPhrase.OR_LESS, high=high, unit=self.unit)
        return ""

    @property
    def range_shown(self) -> str:
        """The accepted range in words, "" where every value is accepted."""
        return facts.shown(self.range)

    @property
    def accepts(self) -> Fact:
        """What is accepted, as a fact."""
        accepted = [facts.text(option.words) for option in self.options if option.accepted]
        if accepted:
            return facts.listed(accepted)
        return self.range or facts.word(DonationPhrase.EVERY_VALUE)

    @property
    def accepted_shown(self) -> str:
        """What is accepted, in words."""
        return facts.shown(self.accepts)


@dataclass(frozen=True)
class Marker:
    """One infectious-disease test of the panel; the results with which a donor may be eligible."""

    id: str
    words: Text
    method: str
    acceptable: tuple[str, ...]
    required: bool = True

    @property
    def label(self) -> str:
        return text(self.words)


@dataclass(frozen=True)
class Limits:
    """The window from birth to the start of processing.

    Inside up to `max`, only a rejection beyond `reject`.
    """

    max: timedelta
    reject: timedelta | None
    closing: timedelta = timedelta(hours=2)
    classification: str = "major"

    @property
    def fact(self) -> Fact:
        """The limits as a fact."""
        limit = facts.span(self.max)
        if self.reject is None:
            return facts.message(DonationPhrase.AT_MOST, limit=limit)
        rejected = facts.span(self.reject)
        return facts.message(DonationPhrase.AT_MOST_REJECTED, limit=limit, rejected=rejected)

    @property
    def shown(self) -> str:
        """The limits in words."""
        return facts.shown(self.fact)


@dataclass(frozen=True)
class SampleDays:
    """Between which calendar days the mother's blood is drawn.

    The day of the birth is 0, the day before it -1.
    """

    first: int
    last: int
    classification: str = "major"


@dataclass(frozen=True, kw_only=True)
class Criteria(Head):
    """A whole document of criteria."""

    donor: tuple[Question, ...]
    receipt: tuple[Question, ...]
    panel: tuple[Marker, ...]
    scopes: tuple[Option, ...]
    window: Limits
    samples: SampleDays

    def marker(self, test: str) -> Marker | None:
        return next((marker for marker in self.panel if marker.id == test), None)

    def scope(self, value: str) -> Option | None:
        return next((scope for scope in self.scopes if scope.value == value), None)
