"""From plain tables to the parts of a master record, noting every key that is missing, unknown or
of the wrong kind.

What is built from a faulty document is never used: it only lets check.py go on looking, so that all
is said at once."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from documents.faults import Fault
from documents.toml import Table
from integrity.findings import Classification, Consequence
from integrity.quantities import Quantity
from manufacturing.masters import model
from manufacturing.masters.fault_ids import RangeFault
from manufacturing.masters.model import (
    Beyond,
    Condition,
    Due,
    Expected,
    Field,
    Limits,
    Master,
    Option,
    Repeat,
    Stage,
    Step,
    Timer,
    Window,
)

LARGEST_DECIMALS = 12
BOUNDS = {"low", "high", "above", "below"}
_NOTHING: dict[str, str] = {}


def master(raw: dict[str, Any], faults: list[Fault]) -> Master:
    """The whole record; what is wrong with its shape is added to `faults`."""
    document = Table(raw, "", faults)
    there = document.take("master", dict, required=True) is not None
    head = document.table("master") if there else Table({}, "master", [])
    result = Master(
        code=head.string("code") or "",
        title=head.words("title") or _NOTHING,
        product=head.words("product") or _NOTHING,
        specification=head.string("specification") or "",
        demonstration=head.flag("demonstration", default=False),
        storage=head.words("storage") or _NOTHING,
        expiry=head.words("expiry") or _NOTHING,
        form=head.words("form", required=False),
        route=head.words("route", required=False),
        trial=head.words("trial", required=False),
        hold=head.quantity("hold"),
        expires_from=head.string("expires_from", required=False),
        note=head.words("note", required=False),
        windows={name: window(name, table) for name, table in document.named("windows").items()},
        timers={name: timer(name, table) for name, table in document.named("timers").items()},
        stages=tuple(stage(table) for table in document.tables("stages", required=True)),
    )
    head.close()
    document.close()
    return result


def window(name: str, table: Table) -> Window:
    result = Window(
        id=name,
        title=table.words("title") or _NOTHING,
        begins=table.one_of("from", model.WINDOW_BEGINNINGS),
        until=table.id("until"),
        max=table.quantity("max", required=True),
        reject=table.quantity("reject"),
        deviation_class=_class(table, Classification.MAJOR),
        place=table.place,
    )
    table.close()
    return result


def timer(name: str, table: Table) -> Timer:
    result = Timer(
        id=name,
        title=table.words("title") or _NOTHING,
        min=table.quantity("min"),
        max=table.quantity("max"),
        deviation_class=_class(table, Classification.MAJOR),
        place=table.place,
    )
    if table.sound and "min" not in table and "max" not in table:
        table.fault("", RangeFault.TIMER_JUDGES_NOTHING)
    table.close()
    return result


def stage(table: Table) -> Stage:
    result = Stage(
        id=table.id("id"),
        title=table.words("title") or _NOTHING,
        sign_off=table.flag("sign_off", default=False),
        repeat=_repeat(table),
        steps=tuple(step(each) for each in table.tables("steps", required=True)),
        place=table.place,
    )
    table.close()
    return result


def step(table: Table) -> Step:
    result = Step(
        id=table.id("id"),
        title=table.words("title") or _NOTHING,
        text=table.words("text") or _NOTHING,
        record=table.words("record", required=False),
        performs=table.strings("performs") or ("technician",),
        verify=table.flag("verify", default=False),
        verifies=table.strings("verifies"),
        critical=table.flag("critical", default=False),
        optional=table.flag("optional", default=False),
        repeat=_repeat(table),
        starts=table.id("starts", required=False) or None,
        stops=table.id("stops", required=False) or None,
        due=_due(table),
        expected=_expected(table),
        fields=tuple(field(each) for each in table.tables("fields")),
        place=table.place,
    )
    table.close()
    return result


def _class(table: Table, default: str = "minor") -> str:
    return table.one_of("class", model.DEVIATION_CLASSES, default)


def _repeat(table: Table) -> Repeat | None:
    if table.take("repeat", dict) is None:
        return None
    inner = table.table("repeat")
    low, high = inner.whole("min", 1, required=True), inner.whole("max", 1, required=True)
    title = inner.words("title", required=False)
    if low is not None and high is not None and low > high:
        inner.fault("", RangeFault.REPEAT_REVERSED, low=low, high=high)
    inner.close()
    return Repeat(low or 1, high or 1, title)


def _due(table: Table) -> Due | None:
    if table.take("due", dict) is None:
        return None
    inner = table.table("due")
    result = Due(
        _one_or_several(inner, "after"),
        inner.quantity("min"),
        inner.quantity("max"),
        _class(inner),
        inner.quantity("major_after"),
    )
    inner.close()
    return result


def _expected(table: Table) -> Expected | None:
    if table.take("expected", dict) is None:
        return None
    inner = table.table("expected")
    result = Expected(
        _one_or_several(inner, "after"),
        inner.quantity("usual", required=True) or Quantity("1", model.EXPECTED_UNIT),
        inner.string("formula", required=False),
    )
    inner.close()
    return result


def _one_or_several(table: Table, key: str) -> tuple[str, ...]:
    """An id, or a list of them."""
    if isinstance(table.raw.get(key), str):
        return (table.id(key),)
    return table.strings(key, required=True)


def _condition(table: Table) -> Condition | None:
    if table.take("only_when", dict) is None:
        return None
    inner = table.table("only_when")
    result = Condition(inner.id("field"), _one_or_several(inner, "is"))
    inner.close()
    return result


def field(table: Table) -> Field:
    """One field; its type says which further keys there are."""
    kind = table.one_of("type", model.FIELD_TYPES)
    common: dict[str, Any] = {
        "id": table.id("id"),
        "type": kind,
        "label": table.words("label") or _NOTHING,
        "hint": table.words("hint", required=False),
        "required": table.flag("required", default=True),
        "deviation_class": _class(table),
        "consequence": table.one_of("consequence", model.CONSEQUENCES, Consequence.DEVIATION),
        "only_when": _condition(table),
        "place": table.place,
    }
    special = _SPECIAL[kind](table) if kind in _SPECIAL else {}
    if kind:
        table.close()
    return Field(**common, **special)


def _limits(table: Table, unit: str | None) -> Limits | None:
    """The bounds standing in this table, in its unit; None where there are none."""
    bounds = {key: table.bound(key, unit) for key in ("low", "high", "above", "below")}
    return Limits(unit=unit, **bounds) if unit is not None and any(bounds.values()) else None


def _alert(table: Table, unit: str | None) -> Limits | None:
    """The alert limits standing in this table, in its unit; None where there are none."""
    bounds = {key: table.bound(f"alert_{key}", unit) for key in ("low", "high")}
    return Limits(unit=unit, **bounds) if unit is not None and any(bounds.values()) else None


def limits_under(table: Table, key: str, required: bool = False) -> Limits | None:
    """A table of its own with bounds and their unit."""
    if table.take(key, dict, required) is None:
        return None
    inner = table.table(key)
    result = _limits(inner, inner.unit())
    if not BOUNDS & inner.raw.keys():
        inner.fault("", RangeFault.JUDGES_NOTHING)
    inner.close()
    return result


def _beyond(table: Table) -> Beyond | None:
    if table.take("beyond", dict) is None:
        return None
    inner = table.table("beyond")
    limits = _limits(inner, inner.unit())
    result = Beyond(
        limits or Limits("1"),
        _class(inner, "major"),
        inner.one_of("consequence", model.CONSEQUENCES, Consequence.DEVIATION),
    )
    if not BOUNDS & inner.raw.keys():
        inner.fault("", RangeFault.JUDGES_NOTHING)
    inner.close()
    return result


def _judged(table: Table) -> dict[str, Any]:
    unit = table.unit()
    decimals = table.whole("decimals", 0)
    if decimals is not None and decimals > LARGEST_DECIMALS:
        table.fault("decimals", RangeFault.DECIMALS, most=LARGEST_DECIMALS)
    return {
        "unit": unit,
        "limits": _limits(table, unit),
        "beyond": _beyond(table),
        "alert": _alert(table, unit),
        "decimals": decimals,
        "trend": table.flag("trend", default=False),
    }


def _measurement(table: Table) -> dict[str, Any]:
    plausible = limits_under(table, "plausible")
    return {**_judged(table), "plausible": plausible, "target": table.quantity("target")}


def _calculation(table: Table) -> dict[str, Any]:
    judged, printed = _judged(table), table.whole("printed", 0)
    most = LARGEST_DECIMALS if judged["decimals"] is None else judged["decimals"]
    if printed is not None and printed > most:
        table.fault("printed", RangeFault.DECIMALS, most=most)
    return {**judged, "formula": table.string("formula"), "printed": printed}


def _choice(table: Table) -> dict[str, Any]:
    return {
        "options": tuple(_option(each) for each in table.tables("options", required=True)),
        "same_as": table.string("same_as", required=False),
    }


def _option(table: Table) -> Option:
    result = Option(
        value=table.id("value"),
        label=table.words("label") or _NOTHING,
        verdict=table.one_of("verdict", model.VERDICTS, "accept"),
        hold=table.quantity("hold"),
    )
    table.close()
    return result


def _lot(table: Table) -> dict[str, Any]:
    return {"material": table.string("material"), "used": _used(table)}


def _used(table: Table) -> tuple[str, ...]:
    return _one_or_several(table, "used") if "used" in table.raw else ()


def _equipment(table: Table) -> dict[str, Any]:
    return {"kind": table.string("kind")}


def _sample(table: Table) -> dict[str, Any]:
    return {
        "kind": table.string("kind"),
        "tests": table.strings("tests"),
        "volume": table.quantity("volume"),
        **_taken_from(table),
    }


def _vessels(table: Table) -> dict[str, Any]:
    return {
        "kind": table.one_of("kind", model.VESSEL_KINDS),
        "area": table.quantity("area"),
        **_taken_from(table),
    }


def _taken_from(table: Table) -> dict[str, Any]:
    return {
        "parents": table.strings("parents", required=True),
        "taken": table.id("taken", required=False) or None,
    }


def _labels(table: Table) -> dict[str, Any]:
    return {"kind": table.one_of("kind", (*model.VESSEL_KINDS, "sample"), "") or None}


def _receipt(table: Table) -> dict[str, Any]:
    return {"check": table.id("check"), "unit": table.unit()}


def _count(table: Table) -> dict[str, Any]:
    dilution = table.number_text("dilution")
    limits, alert = _viability(table)
    return {
        "method": table.one_of("method", model.COUNT_METHODS),
        "replicates": table.whole("replicates", 1, required=True),
        "cv_max": table.quantity("cv_max", required=True),
        "limits": limits,
        "alert": alert,
        "dilution": None if dilution is None else Decimal(Quantity(dilution, "1").text),
        "squares": table.whole("squares", 1),
        "least": table.whole("least", 1),
        "trend": table.flag("trend", default=False),
    }


def _viability(table: Table) -> tuple[Limits | None, Limits | None]:
    """(what is accepted of the viability, its alert limits), in one table of their own."""
    if table.take("viability", dict) is None:
        return None, None
    inner = table.table("viability")
    unit = inner.unit()
    limits, alert = _limits(inner, unit), _alert(inner, unit)
    if not BOUNDS & inner.raw.keys():
        inner.fault("", RangeFault.JUDGES_NOTHING)
    inner.close()
    return limits, alert


def _datetime(table: Table) -> dict[str, Any]:
    since = table.one_of("since", model.MOMENT_BEGINNINGS, model.MOMENT_BEGINNINGS[0])
    return {"ahead": table.quantity("ahead"), "since": since}


def _incubator(table: Table) -> dict[str, Any]:
    readings = {name: limits_under(table, name, required=True) for name in model.READINGS}
    return {"readings": {name: limits for name, limits in readings.items() if limits is not None}}


_SPECIAL: dict[str, Callable[[Table], dict[str, Any]]] = {
    "measurement": _measurement,
    "calculation": _calculation,
    "choice": _choice,
    "datetime": _datetime,
    "lot": _lot,
    "equipment": _equipment,
    "sample": _sample,
    "vessels": _vessels,
    "labels": _labels,
    "receipt": _receipt,
    "count": _count,
    "incubator": _incubator,
}
