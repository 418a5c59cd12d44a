"""The law book of master records: what must hold between the parts of a document. Pure; a record
in, faults out.

Each rule looks at the whole record and says everything it finds; none stops at the first fault.
"""

from collections.abc import Callable, Collection, Iterator
from itertools import chain

from documents.faults import Fault, fault
from integrity import facts
from integrity.facts import Fact, message, word
from integrity.quantities import Quantity, compare
from integrity.units import UNITS, alike
from integrity.words import Between
from manufacturing.formulas.evaluation import INSTANT
from manufacturing.masters import agreements, conditions, formula_scope, parents
from manufacturing.masters.fault_ids import (
    FieldFault,
    RangeFault,
    ReferenceFault,
    RoleFault,
    TimerFault,
    TwiceFault,
    UnlikeFault,
)
from manufacturing.masters.model import Field, Limits, Master, Step
from people.permissions import ALLOWED, Permission, Role

FINAL = "final"  # the kind of vessel that is made for a patient
MOMENT = {"": INSTANT}  # what a formula may take from a field that is a moment
RESERVED = "at"  # step.at is when the step was recorded
MOST_REPLICATES = 20
_READING_UNITS = {"temperature": "degC", "co2": "%", "humidity": "%"}


def faults(master: Master) -> list[Fault]:
    """Every fault between the parts."""
    return list(chain.from_iterable(rule(master) for rule in RULES))


def _steps_with_fields(master: Master) -> Iterator[tuple[Step, Field]]:
    return ((step, field) for step in master.steps for field in step.fields)


def _twice(ids: list[tuple[str, str]], what: TwiceFault) -> Iterator[Fault]:
    """A fault for each (id, place) whose id stood before."""
    first: dict[str, str] = {}
    for id, place in ids:
        if id and id in first:
            yield Fault(place, message(what, id=id, place=first[id]))
        first.setdefault(id, place)


def ids_are_unique(master: Master) -> Iterator[Fault]:
    """Stages and steps in the whole document, fields in their step, answers in their choice."""
    yield from _twice([(stage.id, stage.place) for stage in master.stages], TwiceFault.STAGE)
    yield from _twice([(step.id, step.place) for step in master.steps], TwiceFault.STEP)
    for step in master.steps:
        yield from _twice([(field.id, field.place) for field in step.fields], TwiceFault.FIELD)
    for _, field in _steps_with_fields(master):
        if field.id == RESERVED:
            yield fault(field.place, FieldFault.RESERVED, id=RESERVED)
        answers = [
            (option.value, f"{field.place} › options[{n}]")
            for n, option in enumerate(field.options)
        ]
        yield from _twice(answers, TwiceFault.ANSWER)


def _unlike(quantity: Quantity | None, unit: str, place: str, what: UnlikeFault) -> Iterator[Fault]:
    if quantity is not None and not alike(quantity.unit, unit):
        yield Fault(place, message(what, value=facts.quantity(quantity), unit=_symbol(unit)))


def _symbol(code: str) -> Fact:
    return UNITS[code].symbol or word(FieldFault.PLAIN_NUMBER)


def _reversed(
    low: Quantity | None, high: Quantity | None, place: str, touching: bool = True
) -> Iterator[Fault]:
    """Two ends that measure different things or stand the wrong way round; `touching`.

    They may be equal.
    """
    if low is None or high is None:
        return
    if not alike(low.unit, high.unit):
        yield fault(place, RangeFault.UNLIKE_ENDS, **_ends(low, high))
    elif compare(low, high) > 0 or (compare(low, high) == 0 and not touching):
        yield fault(place, RangeFault.REVERSED, **_ends(low, high))


def _ends(low: Quantity, high: Quantity) -> dict[str, Fact]:
    return {"low": facts.quantity(low), "high": facts.quantity(high)}


def _range(limits: Limits, unit: str | None, place: str) -> Iterator[Fault]:
    """One range by itself: its unit, one bound a side, the right way round."""
    for name in ("low", "high", "above", "below"):
        bound = getattr(limits, name)
        if unit is not None and bound is not None and not alike(bound.unit, unit):
            told = {"value": facts.quantity(bound), "unit": _symbol(unit)}
            yield fault(f"{place} › {name}", RangeFault.NO_LIMIT, **told)
    for inside, outside in (("low", "above"), ("high", "below")):
        if getattr(limits, inside) is not None and getattr(limits, outside) is not None:
            yield fault(place, RangeFault.SAME_SIDE, inside=inside, outside=outside)
    touching = limits.above is None and limits.below is None
    yield from _reversed(limits.low or limits.above, limits.high or limits.below, place, touching)


def _inside(inner: Limits, outer: Limits, place: str, told: Fact) -> Iterator[Fault]:
    """Where both ranges have an end on a side, the inner one must not reach past the outer one."""
    low, outer_low = inner.low or inner.above, outer.low or outer.above
    high, outer_high = inner.high or inner.below, outer.high or outer.below
    under = low and outer_low and alike(low.unit, outer_low.unit) and compare(low, outer_low) < 0
    over = (
        high and outer_high and alike(high.unit, outer_high.unit) and compare(high, outer_high) > 0
    )
    if under or over:
        yield Fault(place, told)


def ranges_are_sound(master: Master) -> Iterator[Fault]:
    """Accepted, alert, beyond and plausible ranges.

    Alert lies inside accepted, accepted inside beyond and plausible.
    """
    for _, field in _steps_with_fields(master):
        unit = "%" if field.type == "count" else field.unit
        beyond = field.beyond.limits if field.beyond else None
        named = {
            "": field.limits,
            "alert": field.alert,
            "beyond": beyond,
            "plausible": field.plausible,
        }
        for name, limits in named.items():
            if limits is not None:
                yield from _range(limits, unit, f"{field.place} › {name}" if name else field.place)
        yield from _nested(field, beyond)


def _nested(field: Field, beyond: Limits | None) -> Iterator[Fault]:
    if field.limits is None:
        if beyond is not None:
            yield fault(f"{field.place} › beyond", RangeFault.BEYOND_NOTHING)
        return
    accepted = field.limits
    if field.alert is not None:
        told = word(RangeFault.NEVER_WARNS)
        yield from _inside(field.alert, accepted, f"{field.place} › alert", told)
    if beyond is not None:
        told = word(RangeFault.BEYOND_INSIDE)
        yield from _inside(accepted, beyond, f"{field.place} › beyond", told)
    if field.type == "measurement":
        told = word(RangeFault.PLAUSIBLE_INSIDE)
        yield from _inside(accepted, field.can_be, f"{field.place} › plausible", told)


def targets_are_accepted(master: Master) -> Iterator[Fault]:
    """A target has the field's dimension and lies inside what is accepted and plausible."""
    for _, field in _steps_with_fields(master):
        if field.target is None or field.unit is None:
            continue
        place = f"{field.place} › target"
        if not alike(field.target.unit, field.unit):
            yield from _unlike(field.target, field.unit, place, UnlikeFault.FIELD)
            continue
        point = Limits(field.unit, low=field.target, high=field.target)
        told = message(RangeFault.TARGET_OUTSIDE, target=facts.quantity(field.target))
        for limits in filter(None, (field.limits, field.can_be)):
            yield from _inside(point, limits, place, told)


def fields_measure_what_they_say(master: Master) -> Iterator[Fault]:
    """Areas are areas, variation is a percentage, incubators are read in degrees Celsius and per
    cent.
    """
    for _, field in _steps_with_fields(master):
        yield from _unlike(field.area, "cm2", f"{field.place} › area", UnlikeFault.AREA)
        yield from _unlike(field.cv_max, "%", f"{field.place} › cv_max", UnlikeFault.PERCENTAGE)
        yield from _unlike(field.volume, "mL", f"{field.place} › volume", UnlikeFault.VOLUME)
        yield from _unlike(field.ahead, "h", f"{field.place} › ahead", UnlikeFault.TIME)
        if field.replicates is not None and field.replicates > MOST_REPLICATES:
            place = f"{field.place} › replicates"
            yield fault(place, FieldFault.REPLICATES, most=MOST_REPLICATES)
        if field.dilution is not None and field.dilution < 1:
            yield fault(f"{field.place} › dilution", FieldFault.DILUTION)
        for name, limits in field.readings.items():
            if alike(limits.unit, _READING_UNITS[name]):
                yield from _range(limits, limits.unit, f"{field.place} › {name}")
            else:
                read_in = _symbol(_READING_UNITS[name])
                told = {"reading": name, "wanted": read_in, "unit": limits.unit}
                yield fault(f"{field.place} › {name} › unit", FieldFault.READING_UNIT, **told)


def _span(
    low: Quantity | None, high: Quantity | None, place: str, names: tuple[str, str]
) -> Iterator[Fault]:
    """Two lengths of time, the first the shorter."""
    for quantity, name in ((low, names[0]), (high, names[1])):
        yield from _unlike(quantity, "h", f"{place} › {name}", UnlikeFault.TIME)
        if quantity is not None and quantity.number < 0:
            yield fault(f"{place} › {name}", TimerFault.NEGATIVE)
    if low is not None and high is not None and alike(low.unit, "h") and alike(high.unit, "h"):
        yield from _reversed(low, high, place)


def times_are_times(master: Master) -> Iterator[Fault]:
    """Windows, timers, intervals and the hold are lengths of time, the shorter first."""
    yield from _span(master.hold, None, "master", ("hold", ""))
    for window in master.windows.values():
        yield from _span(window.max, window.reject, window.place, ("max", "reject"))
    for timer in master.timers.values():
        yield from _span(timer.min, timer.max, timer.place, ("min", "max"))
    for step in master.steps:
        if step.due is not None:
            yield from _span(step.due.min, step.due.max, f"{step.place} › due", ("min", "max"))
            yield from _span(
                step.due.max, step.due.major_after, f"{step.place} › due", ("max", "major_after")
            )
        if step.expected is not None:
            yield from _span(step.expected.usual, None, f"{step.place} › expected", ("usual", ""))


def product_expires(master: Master) -> Iterator[Fault]:
    """What is made for a patient has an expiry that follows from the record: a moment that is
    recorded, and how long the product keeps from it on.
    """
    final = [field for _, field in _steps_with_fields(master) if field.kind == FINAL]
    if final and master.expires_from is None:
        yield fault(final[0].place, TimerFault.NO_EXPIRY)
    if master.expires_from is None:
        return
    every = _steps_with_fields(master)
    moments = {f"{step.id}.{field.id}" for step, field in every if field.values == MOMENT}
    if master.expires_from not in moments:
        yield fault("master › expires_from", TimerFault.EXPIRES_FROM, field=master.expires_from)
    if master.hold is None and master.formulation is None:
        yield fault("master › hold", TimerFault.NO_HOLD)


def formulations_have_a_hold(master: Master) -> Iterator[Fault]:
    """One choice says how long the product keeps, and each of its accepted answers does."""
    holding = [
        field
        for _, field in _steps_with_fields(master)
        if any(option.hold for option in field.options)
    ]
    for field in holding:
        for number, option in enumerate(field.options):
            place = f"{field.place} › options[{number}]"
            yield from _span(option.hold, None, place, ("hold", ""))
            if option.hold is None and option.verdict == "accept":
                yield fault(place, TimerFault.HOLD_MISSING, answer=option.value)
    for extra in holding[1:]:
        yield fault(extra.place, TimerFault.SECOND_FORMULATION, field=holding[0].id)


def windows_end_at_a_step(master: Master) -> Iterator[Fault]:
    known = {step.id for step in master.steps}
    for window in master.windows.values():
        if window.until and window.until not in known:
            place = f"{window.place} › until"
            yield fault(place, TimerFault.WINDOW_END, step=window.until)


def timers_start_and_stop(master: Master) -> Iterator[Fault]:
    """Each timer is started by one step and stopped by one later step of the same stage or a later
    one.
    """
    order = {step.id: number for number, step in enumerate(master.steps)}
    for step in master.steps:
        for key, name in (("starts", step.starts), ("stops", step.stops)):
            if name is not None and name not in master.timers:
                yield fault(f"{step.place} › {key}", TimerFault.NO_TIMER, timer=name)
    for timer in master.timers.values():
        starts = [step for step in master.steps if step.starts == timer.id]
        stops = [step for step in master.steps if step.stops == timer.id]
        yield from _once(starts, timer.place, TimerFault.NEVER_STARTED, TimerFault.ALREADY_STARTED)
        yield from _once(stops, timer.place, TimerFault.NEVER_STOPPED, TimerFault.ALREADY_STOPPED)
        if starts and stops and order[stops[0].id] <= order[starts[0].id]:
            place = f"{stops[0].place} › stops"
            yield fault(place, TimerFault.STOPPED_BEFORE, timer=timer.id)


def _once(steps: list[Step], place: str, never: TimerFault, already: TimerFault) -> Iterator[Fault]:
    if not steps:
        yield Fault(place, word(never))
    for extra in steps[1:]:
        yield Fault(extra.place, message(already, step=steps[0].id))


def intervals_follow_a_step(master: Master) -> Iterator[Fault]:
    """What an interval runs from is this step or an earlier one."""
    order = {step.id: number for number, step in enumerate(master.steps)}
    for step in master.steps:
        for key, part in (("due", step.due), ("expected", step.expected)):
            place = f"{step.place} › {key} › after"
            for name in part.after if part else ():
                if name not in order:
                    yield fault(place, TimerFault.RUNS_FROM, step=name)
                elif order[name] > order[step.id]:
                    yield fault(place, TimerFault.RUNS_FROM_LATER, step=name)


def roles_may(master: Master) -> Iterator[Fault]:
    """Who performs and who verifies are roles that hold the permission to."""
    for step in master.steps:
        yield from _roles(step.performs, Permission.RECORD_STEPS, f"{step.place} › performs")
        yield from _roles(step.verifies, Permission.VERIFY_STEPS, f"{step.place} › verifies")
        if step.verifies and not step.verify:
            yield fault(f"{step.place} › verifies", RoleFault.NOT_VERIFIED)


def _roles(names: tuple[str, ...], permission: Permission, place: str) -> Iterator[Fault]:
    may = sorted(ALLOWED[permission])
    roles = facts.listed(may, Between.OR)
    for name in names:
        if name not in set(Role):
            yield fault(place, RoleFault.NONE, role=name, roles=roles)
        elif name not in may:
            told = {"permission": word(permission), "roles": roles}
            yield fault(place, RoleFault.MAY_NOT, role=name, **told)


def unknown_tests(master: Master, known: Collection[str]) -> Iterator[Fault]:
    """The tests of samples that QC does not know; `known` are the ids of the specification."""
    for _, field in _steps_with_fields(master):
        for test in field.tests:
            if test not in known:
                tests = facts.listed(sorted(known))
                yield fault(
                    f"{field.place} › tests", ReferenceFault.NO_TEST, test=test, tests=tests
                )


RULES: tuple[Callable[[Master], Iterator[Fault]], ...] = (
    ids_are_unique,
    product_expires,
    formulations_have_a_hold,
    ranges_are_sound,
    targets_are_accepted,
    fields_measure_what_they_say,
    times_are_times,
    windows_end_at_a_step,
    timers_start_and_stop,
    intervals_follow_a_step,
    roles_may,
    conditions.conditions_are_sound,
    conditions.what_is_needed_is_asked,
    agreements.choices_can_agree,
    parents.containers_have_parents,
    parents.what_is_taken_is_measured,
    parents.what_is_used_is_known,
    formula_scope.formulas_are_sound,
)
