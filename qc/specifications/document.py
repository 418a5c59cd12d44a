"""A specification as a document.

Bytes of TOML in, frozen dataclasses out, or every fault at once with its place.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from documents.fault_ids import KeyFault
from documents.faults import Fault, fault, refuse
from documents.toml import Table, load
from integrity import facts
from integrity.facts import Fact
from integrity.findings import Classification
from integrity.numbers import ROUNDINGS
from integrity.quantities import Quantity, compare
from integrity.units import UnlikeDimensions, alike, registry, symbol, unit_of
from manufacturing.execution.rules.steps import is_inside, shown_limits
from manufacturing.masters.model import possible
from manufacturing.masters.parser import limits_under
from qc.specifications import model
from qc.specifications.fault_ids import LineFault
from qc.specifications.model import Contents, Line, Reported, Sources, Value

SHIPPED = Path(__file__).with_name("sp-ucmsc.toml")
LARGEST_DECIMALS = 12
MOST_PLANNED = 10
_CODE = re.compile(r"[A-Z][A-Z0-9-]{1,30}[A-Z0-9]")
_SOURCE = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
_NOTHING: dict[str, str] = {}
# the keys that belong to each operator of a numeric line, beside unit, decimals, rounding and alert
# limits
_BOUNDS = {
    **{operator: ("limit",) for operator in model.COMPARISONS},
    "within": ("low", "high"),
    "claim": ("tolerance",),
    "report": (),
}


def read(data: bytes) -> Contents:
    """The specification these bytes say, with their SHA-256.

    Raises InvalidDocument with every fault at once.
    """
    faults: list[Fault] = []
    said = _contents(Table(load(data), "", faults))
    refuse([*faults, *_faults_between(said.lines)], data)
    return replace(said, sha256=hashlib.sha256(data).hexdigest())


def _contents(document: Table) -> Contents:
    there = document.take("specification", dict, required=True) is not None
    head = document.table("specification") if there else Table({}, "specification", [])
    code = head.string("code") or ""
    if code and not _CODE.fullmatch(code):
        head.fault("code", KeyFault.NOT_A_CODE, code=code, example="SP-UCMSC")
    contents = Contents(
        code=code,
        title=head.words("title") or _NOTHING,
        demonstration=head.flag("demonstration", default=False),
        note=head.words("note", required=False),
        sources=_sources(document),
        lines=tuple(_line(table) for table in document.tables("lines", required=True)),
        oos_within=_time(head, "oos_within") or model.OOS_WITHIN,
    )
    head.close()
    document.close()
    return contents


def _sources(document: Table) -> Sources:
    table = document.table("sources")
    keys = ("volume", "weight", "claim", "content")
    found = {key: table.string(key, required=False) for key in keys}
    for key, value in found.items():
        if value and not _SOURCE.fullmatch(value):
            table.fault(key, LineFault.NO_FIELD, field=value)
    table.close()
    return Sources(**found)


def _line(table: Table) -> Line:
    kind = table.one_of("kind", model.KINDS)
    common: dict[str, Any] = {
        "id": table.id("id"),
        "title": table.words("title") or _NOTHING,
        "kind": kind,
        "method": table.string("method") or "",
        "method_version": table.string("method_version") or "",
        "gate": table.one_of("gate", model.GATES),
        "required": table.flag("required", default=True),
        "stage": table.string("stage") or "",
        "sample": table.string("sample") or "",
        "oos_class": table.one_of("oos_class", model.OOS_CLASSES, Classification.MAJOR),
        "earliest_final": _time(table, "earliest_final"),
        "instead": table.strings("instead"),
        "microbial": table.flag("microbial", default=False),
        "in_process": table.string("in_process", required=False) or "",
        **_repeats(table, kind),
    }
    special = _numeric(table) if kind == "numeric" else _worded(table, kind)
    if kind:
        table.close()
    return Line(**common, **special)


def _time(table: Table, key: str) -> Quantity | None:
    span = table.quantity(key)
    if span and (not alike(span.unit, "d") or span.number <= 0):
        table.fault(key, LineFault.NOT_A_TIME, value=facts.quantity(span))
        return None
    return span


def _repeats(table: Table, kind: str) -> dict[str, Any]:
    """What is reported of several results of one sample, and how many are planned."""
    reported = table.one_of("reported", tuple(Reported), Reported.WORSE)
    planned = table.whole("planned", 1)
    if planned is None:
        planned = 1
    if (reported == Reported.WORSE) is (planned > 1) or planned > MOST_PLANNED:
        table.fault("planned", LineFault.PLANNED, most=MOST_PLANNED)
    if reported == Reported.MEAN and (
        kind != "numeric" or table.raw.get("microbial") or table.raw.get("operator") == "report"
    ):
        table.fault("reported", LineFault.NO_MEAN)
    return {"reported": reported, "planned": planned}


def _worded(table: Table, kind: str) -> dict[str, Any]:
    values = tuple(_value(each) for each in table.tables("values", required=kind == "qualitative"))
    verdicts = {each.verdict for each in values}
    if values and verdicts != set(model.VERDICTS):
        table.fault("values", LineFault.NOTHING_JUDGED)
    for word, count in Counter(each.value for each in values).items():
        if count > 1:
            table.fault("values", LineFault.VALUE_TWICE, value=word, count=count)
    return {"operator": "report" if kind == "text" and not values else "", "values": values}


def _value(table: Table) -> Value:
    made = Value(
        table.id("value"), table.words("label") or _NOTHING, table.one_of("verdict", model.VERDICTS)
    )
    table.close()
    return made


def _numeric(table: Table) -> dict[str, Any]:
    operator, unit = table.one_of("operator", model.OPERATORS), table.unit()
    wanted = _BOUNDS.get(operator, ())
    bounds = {key: table.bound(key, "%" if key == "tolerance" else unit) for key in wanted}
    for key in wanted:
        if key not in table:
            table.fault("", LineFault.BOUND_MISSING, key=key, operator=operator)
    alerts = {key: table.bound(key, unit) for key in ("alert_low", "alert_high")}
    made = {
        "operator": operator,
        "unit": unit,
        **bounds,
        **alerts,
        "decimals": _decimals(table),
        "rounding": table.one_of("rounding", ROUNDINGS, "half-up"),
        **_per_weight(table, unit),
        "plausible": limits_under(table, "plausible"),
    }
    _unlike(table, unit, bounds | alerts)
    judging = {key: each for key, each in (bounds | alerts).items() if key != "tolerance"}
    _plausible(table, made, judging.values())
    return made


def _decimals(table: Table) -> int | None:
    decimals = table.whole("decimals", 0)
    if decimals is not None and decimals > LARGEST_DECIMALS:
        table.fault("decimals", LineFault.DECIMALS, most=LARGEST_DECIMALS)
    return decimals


def _per_weight(table: Table, unit: str | None) -> dict[str, Any]:
    per_weight = table.flag("per_weight", default=False)
    typed = table.unit("typed_unit", required=per_weight)
    if typed and not per_weight:
        table.fault("typed_unit", LineFault.TYPED_UNIT)
    if per_weight and typed and unit:
        given = unit_of(typed).pint * unit_of("mL").pint / unit_of("kg").pint
        if registry().Unit(given).dimensionality != unit_of(unit).dimension:
            table.fault("typed_unit", LineFault.NOT_PER_WEIGHT, typed=typed, unit=unit)
    return {"per_weight": per_weight, "typed_unit": typed}


def _unlike(table: Table, unit: str | None, found: dict[str, Quantity | None]) -> None:
    """Limits of another dimension or reversed, alert limits outside those they warn of."""
    sound = {}
    for key, quantity in found.items():
        if quantity is None or unit is None:
            continue
        if not alike(quantity.unit, "%" if key == "tolerance" else unit):
            value = facts.quantity(quantity)
            table.fault(key, LineFault.UNLIKE, value=value, unit=unit)
        else:
            sound[key] = quantity
    if "tolerance" in sound and not 0 < sound["tolerance"].number < 100:
        tolerance = facts.quantity(sound["tolerance"])
        table.fault("tolerance", LineFault.NO_TOLERANCE, tolerance=tolerance)
    _reversed(table, sound)


def _plausible(table: Table, made: dict[str, Any], judging: Iterable[Quantity | None]) -> None:
    """What can be typed is of the line's kind and reaches as far as its limits do."""
    limits, typed = made["plausible"], made["typed_unit"] or made["unit"]
    if limits is None or typed is None:
        limits = possible(typed or "1", share=True)
    elif not alike(limits.unit, typed):
        table.fault("plausible", LineFault.UNLIKE, value=symbol(limits.unit), unit=typed)
        return
    elif limits.low and limits.high and compare(limits.low, limits.high) > 0:
        table.refuse("plausible", _exchange("low", "high"))
    for each in judging:
        if each and alike(each.unit, limits.unit) and not is_inside(each, limits):
            shown = shown_limits(limits)
            value = facts.quantity(each)
            table.fault("plausible", LineFault.NOT_PLAUSIBLE, value=value, limits=shown)


def _reversed(table: Table, sound: dict[str, Quantity]) -> None:
    operator = table.raw.get("operator")
    low = sound.get("low") or (sound.get("limit") if operator in (">", ">=") else None)
    high = sound.get("high") or (sound.get("limit") if operator in ("<", "<=") else None)
    alert_low, alert_high = sound.get("alert_low"), sound.get("alert_high")
    for lower, upper, told in (
        (low, high, _exchange("low", "high")),
        (alert_low, alert_high, _exchange("alert_low", "alert_high")),
        (low, alert_low, facts.message(LineFault.ALERT_OUTSIDE, alert="alert_low")),
        (alert_high, high, facts.message(LineFault.ALERT_OUTSIDE, alert="alert_high")),
    ):
        try:
            if lower and upper and compare(lower, upper) > 0:
                table.refuse("", told)
        except UnlikeDimensions:
            continue


def _exchange(low: str, high: str) -> Fact:
    return facts.message(KeyFault.REVERSED, low=low, high=high)


def _faults_between(lines: tuple[Line, ...]) -> list[Fault]:
    """What is wrong between lines: an id twice, an alternative that is not there."""
    ids = Counter(line.id for line in lines if line.id)
    found = [
        fault("lines", LineFault.ID_TWICE, id=test, count=count)
        for test, count in ids.items()
        if count > 1
    ]
    for index, line in enumerate(lines):
        place = f"lines[{index}] ‘{line.id}’ › instead"
        found += [
            fault(place, LineFault.NO_LINE, line=other)
            for other in line.instead
            if other not in ids
        ]
        if line.id in line.instead:
            found.append(fault(place, LineFault.ITSELF))
    return found
