"""Every time and every day that a form takes lies between two others, and the law says both.

A new one without its bounds fails here.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from documents import rules as documents
from documents.toml import Table
from integrity.findings import Finding, Weight
from integrity.forms import Form, InstantField
from manufacturing.donation.rules import cords, donors
from manufacturing.execution.rules import moments, steps
from manufacturing.masters import parser
from manufacturing.masters.model import Field
from qc.deviations import rules as deviations
from qc.laboratory.rules import results
from qc.specifications import document
from stores import fate_rules, rules as stores
from stores.views.fields import DayField
from tests.makers.donors import CRITERIA
from tests.makers.qc import SHIPPED_BYTES

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("people", "documents", "labels", "stores", "manufacturing", "qc")
NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
TODAY, NOON = NOW.date(), NOW
YEAR, DAY, MINUTE = timedelta(days=365), timedelta(days=1), timedelta(minutes=1)
STARTED = NOW - timedelta(hours=5)
STERILITY = document.read(SHIPPED_BYTES).by_id["sterility"]
Law = Callable[[Any], Iterable[Finding]]


def performed(at: datetime) -> Iterator[Finding]:
    return steps.time_is_possible(steps.Times(at, NOW, STARTED, timedelta(minutes=15)))


def recorded_at(at: datetime) -> SimpleNamespace:
    return SimpleNamespace(
        line=STERILITY,
        asked=["sterility"],
        testing="received",
        sample=1,
        open_oos={},
        pulled_at=STARTED,
        received_at=STARTED,
        began=None,
        tested_at=at,
        at=NOW,
        method_version="1",
        reading=False,
        late_after=timedelta(minutes=15),
    )


def found_by_test(at: datetime) -> Iterable[Finding]:
    return results.may_record(recorded_at(at))  # type: ignore[arg-type]


def began(at: datetime) -> Iterable[Finding]:
    return results.may_begin(STERILITY, None, "received", at, STARTED, NOW, timedelta(days=9))


def consent(day: date) -> Iterable[Finding]:
    said = {"state": "given", "form_version": "CF-3", "covers": "clinical", "today": TODAY}
    return donors.judge_consent(CRITERIA, day=day, **said)  # type: ignore[arg-type]


def blood(at: datetime) -> Iterable[Finding]:
    return donors.judge_sample_time(at, "LAB-07", now=NOW, registered_at=STARTED)


def birth(at: datetime) -> Iterable[Finding]:
    found = cords.judge_times(at, max(at, NOW), now=max(at, NOW) if at < NOW else NOW)
    return [each for each in found if each.field == "born_at"]


def collection(at: datetime) -> Iterable[Finding]:
    return cords.judge_times(STARTED, at, now=NOW)


def use_by(day: date) -> Iterable[Finding]:
    return stores.receivable(
        expires_at=stores.end_of(day, UTC),  # type: ignore[arg-type]
        expires_on=day,
        human_material=False,
        human=False,
        donor_pool="",
        at=NOW,
    )


def done_on(day: date) -> Iterable[Finding]:
    return stores.calibration(done_on=day, due_on=day + DAY, today=TODAY)


def due_on(day: date) -> Iterable[Finding]:
    return stores.calibration(done_on=TODAY, due_on=day, today=TODAY)


def effective(at: datetime) -> Iterable[Finding]:
    return documents.not_before_is_possible(at, NOW)


def seen(at: datetime) -> Iterable[Finding]:
    return deviations.may_observe("Water on the floor.", at, NOW)


def became(at: datetime) -> Iterable[Finding]:
    return fate_rules.moment_is_possible(at, STARTED, NOW)


def corrected(at: datetime) -> Iterable[Finding]:
    return fate_rules.lies_between(at, STARTED, NOW)


def done_until(day: date) -> Iterable[Finding]:
    due = datetime.combine(day, time.max, UTC)
    return deviations.may_plan("Mend the floor.", "QA", due, due + DAY, NOW)


def checked(day: date) -> Iterable[Finding]:
    check, due = (datetime.combine(each, time.max, UTC) for each in (day, TODAY + DAY))
    return deviations.may_plan("Mend the floor.", "QA", due, check, NOW)


# form · field: (law, too early, the earliest, the latest, too late)
BOUNDS: dict[str, tuple[Law, Any, Any, Any, Any]] = {
    "StepForm performed_at": (performed, STARTED - MINUTE, STARTED, NOW, NOW + MINUTE),
    "TestedForm tested_at": (found_by_test, STARTED - MINUTE, STARTED, NOW, NOW + MINUTE),
    "ResultsForm tested_at": (found_by_test, STARTED - MINUTE, STARTED, NOW, NOW + MINUTE),
    "BeginningForm began_at": (began, STARTED - MINUTE, STARTED, NOW, NOW + MINUTE),
    "ConsentFields day": (
        consent,
        TODAY - 732 * DAY,
        TODAY - 731 * DAY,
        TODAY,
        TODAY + DAY,
    ),
    "SampleBase sampled_at": (blood, STARTED - YEAR - MINUTE, STARTED - YEAR, NOW, NOW + MINUTE),
    "CordTimes born_at": (birth, NOW - 31 * DAY, NOW - 30 * DAY, NOW, NOW + MINUTE),
    "CordTimes collected_at": (collection, STARTED - MINUTE, STARTED, NOW, NOW + MINUTE),
    "DescriptionForm expires_on": (
        use_by,
        TODAY - DAY,
        TODAY,
        date(2046, 12, 31),
        date(2047, 1, 1),
    ),
    "CalibrationForm done_on": (
        done_on,
        date(2005, 12, 31),
        date(2006, 1, 1),
        TODAY,
        TODAY + DAY,
    ),
    "CalibrationForm due_on": (due_on, TODAY, TODAY + DAY, date(2046, 12, 31), date(2047, 1, 1)),
    "PiecesForm done_on": (
        done_on,
        date(2005, 12, 31),
        date(2006, 1, 1),
        TODAY,
        TODAY + DAY,
    ),
    "PiecesForm due_on": (due_on, TODAY, TODAY + DAY, date(2046, 12, 31), date(2047, 1, 1)),
    "ObservationForm seen_at": (seen, NOW - YEAR - 2 * DAY, NOW - YEAR, NOW, NOW + MINUTE),
    "ToldForm done_at": (became, STARTED - MINUTE, STARTED, NOW, NOW + MINUTE),
    "FateCorrection done_at": (corrected, STARTED - MINUTE, STARTED, NOW, NOW + MINUTE),
    "FateForm done_at": (became, STARTED - MINUTE, STARTED, NOW, NOW + MINUTE),
    "ActionForm due_on": (done_until, TODAY - DAY, TODAY, TODAY + 5 * YEAR - DAY, TODAY + 6 * YEAR),
    "ActionForm check_on": (
        checked,
        TODAY + DAY,
        TODAY + 2 * DAY,
        TODAY + 5 * YEAR - DAY,
        TODAY + 6 * YEAR,
    ),
    "DateForm effective_from": (effective, NOW - MINUTE, NOW, NOW + 5 * YEAR, NOW + 6 * YEAR),
    "DatedImportForm effective_from": (
        effective,
        NOW - MINUTE,
        NOW,
        NOW + 5 * YEAR,
        NOW + 6 * YEAR,
    ),
}


def every(base: type[Form] = Form) -> Iterator[type[Form]]:
    for kind in base.__subclasses__():
        yield kind
        yield from every(kind)


def taken() -> set[str]:
    """Every field of every form that takes a time or a day, where it is declared."""
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            name = path.relative_to(ROOT).with_suffix("")
            importlib.import_module(".".join(name.parts).removesuffix(".__init__"))
    return {
        f"{kind.__name__} {name}"
        for kind in every()
        if kind.__module__.split(".")[0] in ROOMS
        for name, field in vars(kind).items()
        if getattr(field, "field_class", None) in (InstantField, DayField)
    }


@pytest.mark.req("TIM-06")
def test_every_time_and_day_of_a_form_has_its_bounds():
    assert taken() == set(BOUNDS)


def blocking(found: Iterable[Finding]) -> list[Finding]:
    return [each for each in found if each.weight is Weight.BLOCKS]


@pytest.mark.req("TIM-06")
@pytest.mark.parametrize("field", BOUNDS)
def test_both_edges_are_inside_and_one_step_further_is_refused(field):
    law, early, earliest, latest, late = BOUNDS[field]
    name = field.split()[1]
    for moment, expected in ((early, True), (earliest, False), (latest, False), (late, True)):
        found = [each for each in blocking(law(moment)) if each.field == name]
        assert bool(found) is expected, moment


# Moments that a master record asks for
# -------------------------------------------------------------------------------------------------

LABEL = {"en": "Suspension complete at"}
BORN = STARTED - timedelta(hours=7)


def asked(**keys: Any) -> Field:
    faults: list[Any] = []
    raw = {"id": "finished", "type": "datetime", "label": LABEL, **keys}
    field = parser.field(Table(raw, "", faults))
    assert faults == []
    return field


AHEAD = asked(ahead={"value": "4", "unit": "h"})
OF_THE_CORD = asked(since="birth")


@pytest.mark.req("EBR-09", "TIM-06")
@pytest.mark.parametrize(
    ("field", "at", "rule"),
    [
        (asked(), NOW, None),
        (asked(), NOW + MINUTE, "ebr-09-moment-ahead"),
        (asked(), NOW + 5 * YEAR, "ebr-09-moment-ahead"),
        (asked(), STARTED, None),
        (asked(), STARTED - MINUTE, "ebr-09-moment-before"),
        (asked(), datetime(1998, 1, 1, tzinfo=UTC), "ebr-09-moment-before"),
        (AHEAD, NOW + timedelta(hours=4), None),
        (AHEAD, NOW + timedelta(hours=4) + MINUTE, "ebr-09-moment-far-ahead"),
        (AHEAD, STARTED - MINUTE, "ebr-09-moment-before"),
        (OF_THE_CORD, BORN, None),
        (OF_THE_CORD, BORN - MINUTE, "ebr-09-moment-before-birth"),
        (OF_THE_CORD, NOW + MINUTE, "ebr-09-moment-ahead"),
    ],
)
def test_a_moment_of_a_step_lies_between_its_batch_and_its_recording(field, at, rule):
    bounds = moments.Bounds(STARTED, BORN, NOW)
    found = list(moments.are_possible([field], {"finished": {"at": at.isoformat()}}, bounds))
    assert [each.rule for each in found] == ([rule] if rule else [])
    assert all(each.field == "finished" for each in found)
