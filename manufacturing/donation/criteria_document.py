"""Donor criteria as a document: bytes of TOML in, the criteria out, or every fault at once."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from decimal import Decimal

from documents import head
from documents.fault_ids import KeyFault
from documents.faults import Fault, fault, refuse
from documents.toml import Table, load
from integrity import facts
from integrity.catalogue import Message
from integrity.findings import Classification, Consequence
from integrity.numbers import NotANumber, read_number
from integrity.quantities import Quantity
from integrity.units import alike
from manufacturing.donation.criteria import (
    METHODS,
    RESULTS,
    Criteria,
    Limits,
    Marker,
    Option,
    Question,
    SampleDays,
)

CLASSES = tuple(Classification)
CONSEQUENCES = tuple(Consequence)
VERDICTS = ("accept", "deviates")
FURTHEST = 60  # days between a birth and a blood sample


class CriteriaFault(Message):
    """What may be wrong with donor criteria beside what may be wrong with any document."""

    NOT_A_PAIR = "criteria-not-a-pair"
    PAIR_REVERSED = "criteria-pair-reversed"
    NO_RESULT = "criteria-no-result"
    REJECT_FIRST = "criteria-reject-first"
    NO_TIME = "criteria-no-time"
    DAYS_REVERSED = "criteria-days-reversed"


def read(data: bytes) -> Criteria:
    """The criteria these bytes say, with their SHA-256.

    Raises InvalidDocument with every fault at once.
    """
    faults: list[Fault] = []
    document = Table(load(data), "", faults)
    made = Criteria(
        **head.read(document, hashlib.sha256(data).hexdigest()),
        donor=tuple(map(_question, document.tables("donor", required=True))),
        receipt=tuple(map(_question, document.tables("receipt", required=True))),
        panel=tuple(map(_marker, document.tables("test", required=True))),
        scopes=_scopes(document),
        window=_window(document),
        samples=_samples(document),
    )
    document.close()
    refuse([*faults, *_twice(made)], data)
    return made


def _question(table: Table) -> Question:
    is_choice = table.one_of("type", ("choice", "number")) == "choice"
    made = Question(
        id=table.id("id"),
        words=table.words("label") or {},
        options=_options(table, required=True) if is_choice else (),
        unit=(table.string("unit", required=not is_choice) or ""),
        low=_number(table, "low"),
        high=_number(table, "high"),
        reject=_pair(table, "reject"),
        plausible=_pair(table, "plausible"),
        required=table.flag("required", default=True),
        classification=table.one_of("class", CLASSES, Classification.MAJOR),
        consequence=table.one_of("consequence", CONSEQUENCES, Consequence.DEVIATION),
    )
    if made.low is not None and made.high is not None and made.low > made.high:
        table.fault("", KeyFault.REVERSED, low="low", high="high")
    table.close()
    return made


def _number(table: Table, key: str) -> Decimal | None:
    text = table.number_text(key)
    return None if text is None else read_number(text)


def _pair(table: Table, key: str) -> tuple[Decimal, Decimal] | None:
    texts = table.strings(key)
    if not texts:
        return None
    try:
        low, high = map(read_number, texts)
    except (NotANumber, ValueError):
        table.fault(key, CriteriaFault.NOT_A_PAIR)
        return None
    if low > high:
        table.fault(key, CriteriaFault.PAIR_REVERSED, low=str(low), high=str(high))
    return low, high


def _options(table: Table, required: bool) -> tuple[Option, ...]:
    return tuple(_option(each) for each in table.tables("options", required=required))


def _option(table: Table) -> Option:
    made = Option(
        table.id("value"),
        table.words("label") or {},
        table.one_of("verdict", VERDICTS) == "accept",
    )
    table.close()
    return made


def _marker(table: Table) -> Marker:
    acceptable = table.strings("acceptable", required=True)
    for word in acceptable:
        if word not in RESULTS:
            results = facts.listed(RESULTS)
            table.fault("acceptable", CriteriaFault.NO_RESULT, word=word, results=results)
    made = Marker(
        id=table.id("id"),
        words=table.words("label") or {},
        method=table.one_of("method", tuple(METHODS)),
        acceptable=acceptable,
        required=table.flag("required", default=True),
    )
    table.close()
    return made


def _scopes(document: Table) -> tuple[Option, ...]:
    document.take("consent", dict, required=True)
    table = document.table("consent")
    made = tuple(_option(each) for each in table.tables("scopes", required=True))
    table.close()
    return made


def _window(document: Table) -> Limits:
    document.take("window", dict, required=True)
    table = document.table("window")
    longest, reject, closing = (
        _span(table, key, table.quantity(key, required=key == "max"))
        for key in ("max", "reject", "closing")
    )
    made = Limits(
        longest or timedelta(0),
        reject,
        **({} if closing is None else {"closing": closing}),
        classification=table.one_of("class", CLASSES, Classification.MAJOR),
    )
    if longest and reject and reject < longest:
        table.fault("reject", CriteriaFault.REJECT_FIRST)
    table.close()
    return made


def _span(table: Table, key: str, quantity: Quantity | None) -> timedelta | None:
    if quantity is None:
        return None
    if not alike(quantity.unit, "h") or quantity.number <= 0:
        table.fault(key, CriteriaFault.NO_TIME, value=facts.quantity(quantity))
        return None
    return timedelta(milliseconds=int(quantity.to("s").number * 1000))


def _samples(document: Table) -> SampleDays:
    document.take("samples", dict, required=True)
    table = document.table("samples")
    first = table.whole("first_day", -FURTHEST, required=True) or 0
    last = table.whole("last_day", -FURTHEST, required=True) or 0
    if first > last:
        table.fault("", CriteriaFault.DAYS_REVERSED)
    made = SampleDays(first, last, table.one_of("class", CLASSES, Classification.MAJOR))
    table.close()
    return made


def _twice(made: Criteria) -> Iterator[Fault]:
    """An id that stands twice where it names one thing."""
    parts: dict[str, Sequence[Question | Marker]] = {
        "donor": made.donor,
        "receipt": made.receipt,
        "test": made.panel,
    }
    for part, items in parts.items():
        for name, count in Counter(each.id for each in items if each.id).items():
            if count > 1:
                yield fault(part, KeyFault.ID_TWICE, id=name, count=count)
