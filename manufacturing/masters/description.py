"""A master record in words, for whoever reads and signs it.

Each field, limit, timer and interval as one short line.
"""

from __future__ import annotations

from collections.abc import Iterator

from documents.texts import text
from integrity.findings import Consequence
from integrity.quantities import Quantity
from integrity.units import UNITS
from manufacturing.execution.rules.steps import READING_WORDS, shown_limits
from manufacturing.masters.model import (
    Due,
    Expected,
    Field,
    Limits,
    Repeat,
    Stage,
    Step,
    Timer,
    Window,
)
from people.permissions import ROLE_TITLES, Role

ENTERED = {
    "measurement": "Measurement", "choice": "Choice", "text": "Text", "confirm": "Confirmation",
    "datetime": "Date and time",
    "lot": "Material lot, scanned", "equipment": "Equipment, scanned", "count": "Cell count",
    "sample": "Sample, pulled and labelled",
    "vessels": "Vessels, made and labelled",
    "labels": "Labels printed, counted in their register", "calculation": "Calculated",
    "receipt": "Found when the cord was received",
    "incubator": "Incubator: now, lowest, highest",
}  # fmt: skip


def entered(step: Step, field: Field) -> list[str]:
    """What is entered or worked out, first the kind, then what belongs to it."""
    lines = [ENTERED[field.type], *_particulars(field), *_condition(step, field)]
    if field.decimals is not None and field.type == "calculation":
        lines.append(f"shown with {field.decimals} decimal places")
    return lines if field.required else [*lines, "may be left empty"]


def _condition(step: Step, field: Field) -> Iterator[str]:
    if condition := field.only_when:
        choice = step.field(condition.field)
        answers = [
            f"“{option.label['en']}”"
            for option in choice.options
            if option.value in condition.answers
        ]
        yield f"only where “{text(choice.label)}” is {' or '.join(answers)}"


def _particulars(field: Field) -> Iterator[str]:
    if field.same_as:
        yield f"the same answer as “{field.same_as}”"
    if field.unit and UNITS[field.unit].symbol:
        yield f"in {UNITS[field.unit].symbol}"
    if field.check:
        yield f"the check “{field.check}”"
    if field.material:
        yield field.material
    if field.kind:
        yield field.kind
    if field.parents:
        yield f"from: {' or '.join(field.parents)}"
    if field.taken:
        yield f"as much from each into each as “{field.taken}” says"
    if field.used:
        yield f"as much as “{'” or “'.join(field.used)}” says"
    if field.area:
        yield f"{field.area} each"
    if field.type == "sample":
        yield f"tests: {', '.join(field.tests)}" if field.tests else "kept, not tested"
    if field.volume:
        yield f"{field.volume} drawn"
    if field.printed is not None:
        yield f"{field.printed} decimals on the certificate"
    if field.trend:
        yield "drawn as a curve through the rounds"
    if field.type == "count":
        yield f"{field.method}, {field.replicates} replicates"
        if field.squares:
            yield f"{field.squares} squares, dilution {field.dilution}"


def judged(field: Field) -> list[str]:
    """The range that its numbers are judged by."""
    readings = field.readings.items()
    return [
        *_limits(field.limits, "viability " if field.type == "count" else ""),
        *(f"{READING_WORDS[name]} {shown_limits(limits)}" for name, limits in readings),
    ]


def accepted(field: Field) -> list[str]:
    """The accepted range or answers, the alert range inside it and what is plausible at all."""
    lines = [option.label["en"] for option in field.options if option.verdict == "accept"]
    measured = "viability " if field.type == "count" else ""
    lines += judged(field)
    if field.least:
        lines.append(f"at least {field.least} cells in each count")
    if field.cv_max:
        lines.append(f"coefficient of variation ≤ {field.cv_max}")
    if field.target:
        lines.append(f"target {field.target}")
    if field.ahead:
        lines.append(f"at most {field.ahead} ahead of its recording")
    return [
        *lines,
        *_limits(field.alert, f"alert outside {measured}"),
        *_limits(field.plausible, "refused outside "),
    ]


def _limits(limits: Limits | None, before: str) -> list[str]:
    return [before + shown_limits(limits)] if limits else []


def otherwise(field: Field) -> list[str]:
    """What follows outside the accepted range; nothing where nothing can be outside."""
    lines = [
        f"{option.label['en']}: deviates"
        for option in field.options
        if option.verdict == "deviates"
    ]
    if lines or field.limits or field.readings or field.cv_max or field.least:
        lines.append(_follows(field.deviation_class, field.consequence))
    if field.beyond:
        lines.append(
            f"outside {shown_limits(field.beyond.limits)}: "
            f"{_follows(field.beyond.deviation_class, field.beyond.consequence)}"
        )
    return lines


def _follows(deviation_class: str, consequence: str) -> str:
    return f"{deviation_class} deviation" + (
        ", can only be rejected" if consequence == Consequence.REJECT else ""
    )


def particulars(
    step: Step, timers: dict[str, Timer], titles: dict[str, str]
) -> list[tuple[str, str]]:
    """(label, words) of everything about a step but its fields.

    `titles` names the steps that an interval counts from.
    """
    found = [("Performed by", _roles(step.performs))]
    if step.verify:
        found.append(("Verified by", _roles(step.verifies) or "any second person who may verify"))
    if step.critical:
        found.append(("Critical", "yes"))
    if step.optional:
        found.append(("Optional", "may be left out, with a reason"))
    if step.repeat:
        found.append(("Repeats", repetition(step.repeat)))
    found += [
        (label, text(timers[id].title))
        for label, id in (("Starts timer", step.starts), ("Stops timer", step.stops))
        if id
    ]
    if step.due:
        found.append(("Interval", _interval(step.due, titles)))
    if step.expected:
        found.append(("Expected", _expected(step.expected, titles)))
    return found


def _roles(roles: tuple[str, ...]) -> str:
    return ", ".join(ROLE_TITLES[Role(role)] for role in roles)


def repetition(repeat: Repeat) -> str:
    """ "2 times", "1 to 12 times"."""
    return (
        f"{repeat.min} times" if repeat.min == repeat.max else f"{repeat.min} to {repeat.max} times"
    )


def _bounds(least: Quantity | None, most: Quantity | None) -> list[str]:
    return [f"{word} {bound}" for word, bound in (("at least", least), ("at most", most)) if bound]


def _interval(due: Due, titles: dict[str, str]) -> str:
    bounds = " and ".join(_bounds(due.min, due.max))
    after = " or ".join(titles.get(id, id) for id in due.after)
    grave = f"; major after {due.major_after}" if due.major_after else ""
    return f"{bounds} after {after}; otherwise {due.deviation_class} deviation{grave}"


def _expected(expected: Expected, titles: dict[str, str]) -> str:
    after = " or ".join(titles.get(id, id) for id in expected.after)
    usual = f"about {expected.usual} after {after}"
    return f"{usual}, or after {expected.formula}" if expected.formula else usual


def timer_words(timer: Timer) -> str:
    """What the server keeps between two steps."""
    bounds = ", ".join(_bounds(timer.min, timer.max))
    return f"{bounds}; otherwise {timer.deviation_class} deviation"


def window_words(window: Window, titles: dict[str, str]) -> str:
    """How long from a moment before the batch until a step."""
    most = (
        f"at most {window.max}, otherwise {window.deviation_class} deviation" if window.max else ""
    )
    reject = f"more than {window.reject}: can only be rejected" if window.reject else ""
    return (
        f"From {window.begins} until “{titles.get(window.until, window.until)}”: "
        f"{'; '.join(filter(None, (most, reject)))}"
    )


def stage_words(stage: Stage) -> str:
    """What holds for a stage as a whole."""
    rounds = f"gone through {repetition(stage.repeat)}" if stage.repeat else ""
    return ", ".join(filter(None, (rounds, "signed off at its end" if stage.sign_off else "")))
