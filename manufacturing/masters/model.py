"""The parts of a master batch record, as frozen dataclasses.

They are what a document says, not what a batch does: nothing here changes once read. Every number
with a unit is a Quantity (digits as typed); every text is a mapping from language to words, with
English always there. `place` says where in the document a part stands, for the sentences about its
faults; it is no part of what the record means."""

from collections.abc import Mapping
from dataclasses import dataclass, field as part
from decimal import Decimal
from functools import cached_property
from typing import Any

from documents.texts import Text, text
from integrity.findings import Classification, Consequence
from integrity.quantities import Quantity
from manufacturing.formulas.evaluation import INSTANT

FIELD_TYPES = (
    "measurement",
    "choice",
    "text",
    "confirm",
    "datetime",
    "lot",
    "equipment",
    "count",
    "sample",
    "vessels",
    "labels",
    "receipt",
    "calculation",
    "incubator",
)
DEVIATION_CLASSES = tuple(Classification)
CONSEQUENCES = tuple(Consequence)
VERDICTS = ("accept", "deviates")
COUNT_METHODS = ("manual", "automated")
READINGS = ("temperature", "co2", "humidity")
VESSEL_KINDS = ("tissue", "flask", "vial", "final")
RECEIPT = "receipt"  # the type of field that repeats what was found when the cord was received
JAR = "jar"  # what a cord is received in, and so what the first containers are taken from
BIRTH = "birth"
WINDOW_BEGINNINGS = (BIRTH,)
MOMENT_BEGINNINGS = ("batch", BIRTH)  # before which a moment cannot lie


def numbered(words: Text, n: int, language: str = "en") -> str:
    """A text with the number of the round in the place of {n}; any other brace is only a brace."""
    return text(words, language).replace("{n}", str(n))


@dataclass(frozen=True)
class Limits:
    """What is accepted.

    `low` and `high` belong to the accepted range; `above` and `below` do not (> 80 is above).
    """

    unit: str
    low: Quantity | None = None
    high: Quantity | None = None
    above: Quantity | None = None
    below: Quantity | None = None

    def __bool__(self) -> bool:
        return any((self.low, self.high, self.above, self.below))


COLD = ("degC", "degC/min")  # what may lie below nought


def possible(unit: str, *, share: bool = False) -> Limits:
    """What a number in this unit can be at all, where a document says nothing narrower.

    A percentage lies from 0 to 100, a `share` of one from 0 to 1, and nothing but a temperature
    below nought."""
    low = None if unit in COLD else Quantity("0", unit)
    high = Quantity("100", unit) if unit == "%" else None
    return Limits(unit, low=low, high=Quantity("1", unit) if share and unit == "1" else high)


@dataclass(frozen=True)
class Beyond:
    """A second, wider range.

    Outside it the excursion is of this class and consequence, whatever the field's own say.
    """

    limits: Limits
    deviation_class: str
    consequence: str = "deviation"


@dataclass(frozen=True)
class Repeat:
    """How often: at least `min` times, at most `max`.

    `title` names one round, with {n} for its number.
    """

    min: int
    max: int
    title: Text | None = None


@dataclass(frozen=True)
class Window:
    """From a moment before the batch (`begins`: birth) until the first recording of step `until`.

    More than `max` is a deviation QA decides before work goes on; more than `reject`, a rejection.
    """

    id: str
    title: Text
    begins: str
    until: str
    max: Quantity | None
    reject: Quantity | None
    deviation_class: str
    place: str = part(default="", compare=False, repr=False)


@dataclass(frozen=True)
class Timer:
    """A time the server keeps between the step that `starts` it and the step that `stops` it."""

    id: str
    title: Text
    min: Quantity | None
    max: Quantity | None
    deviation_class: str
    place: str = part(default="", compare=False, repr=False)


@dataclass(frozen=True)
class Due:
    """An interval: recorded between `min` and `max` after the latest recording of any step named in
    `after`.

    Outside it is a deviation of that class; later than `major_after`, a major one.
    """

    after: tuple[str, ...]
    min: Quantity | None
    max: Quantity | None
    deviation_class: str
    major_after: Quantity | None = None


EXPECTED_UNIT = "h"  # in which the formula of an expectation is worked out


@dataclass(frozen=True)
class Expected:
    """About when a step comes after the latest recording of any step named in `after`: what
    `formula` comes to (a time), or as long as is `usual` where it has no meaning yet. It plans the
    week and judges nothing.
    """

    after: tuple[str, ...]
    usual: Quantity
    formula: str | None = None


@dataclass(frozen=True)
class Option:
    """One answer of a choice; `verdict` accept or deviates.

    `hold` is how long the product keeps where this is what was chosen (its formulation).
    """

    value: str
    label: Text
    verdict: str
    hold: Quantity | None = None


@dataclass(frozen=True)
class Condition:
    """Where something is asked for at all: an earlier choice of its step has one of `answers`."""

    field: str
    answers: tuple[str, ...]

    def holds(self, values: Mapping[str, Any]) -> bool:
        """Whether the recorded values of the step meet it; a choice that was not asked for has
        none, so that what hangs on it is not asked for either."""
        return (values.get(self.field) or {}).get("value") in self.answers


@dataclass(frozen=True)
class Field:
    """One thing entered or worked out on a step. Which of the later parts are there depends on
    `type`.

    measurement: unit, limits, beyond, alert, plausible, decimals, target calculation: formula,
    unit, limits, beyond, alert, decimals; not required where it may be undefined (doubling time)
    choice: options · lot: material · equipment: kind · sample: kind, tests, parents, taken vessels:
    kind, parents, taken, area of one vessel (none for what has no growth area) count: method,
    replicates, cv_max, limits and alert (on the viability, %), dilution and squares as offered
    incubator: readings (temperature, co2, humidity), each entered as now, lowest and highest since
    the last look · count: also least (cells in each count) · sample: also volume (what is drawn)
    sample: one without tests is kept (retention)

    `trend` (measurement, calculation, viability of a count): drawn through the rounds of its stage

    calculation: `printed` decimals on the certificate, where the record has more than anybody reads

    labels: how many labels were printed for the batch, counted by the server in their register

    receipt: unit, and the `check` of the receipt of the cord that the server takes the value from

    datetime: `since` (batch, or birth for what belongs to the cord) is what it cannot lie before;
    `ahead` how far it may look ahead of its recording, otherwise it is never later

    `only_when` (field, is: one answer or several) asks for the field only where an earlier choice
    of the same step was answered so; elsewhere it must stay empty and is not worked out or drawn

    choice: `same_as` ("step.field") is a choice of an earlier step that has to be answered alike;
    another answer deviates

    lot: `used` names the fields of the same step (measurement, calculation, or vessels: how many)
    that say how much of the lot was used; of several the one in a unit like that of the lot counts

    `parents` are what containers are taken from: the jar, or the fields ("step.field") that make
    it; of several, the one that made containers last. `taken` is the measurement of the same step
    that says how much went from each parent into each new container."""

    id: str
    type: str
    label: Text
    hint: Text | None = None
    required: bool = True
    deviation_class: str = "minor"
    consequence: str = "deviation"
    unit: str | None = None
    limits: Limits | None = None
    beyond: Beyond | None = None
    alert: Limits | None = None
    plausible: Limits | None = None
    decimals: int | None = None
    trend: bool = False
    printed: int | None = None
    target: Quantity | None = None
    formula: str | None = None
    options: tuple[Option, ...] = ()
    material: str | None = None
    kind: str | None = None
    tests: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    taken: str | None = None
    used: tuple[str, ...] = ()
    area: Quantity | None = None
    method: str | None = None
    replicates: int | None = None
    cv_max: Quantity | None = None
    dilution: Decimal | None = None
    squares: int | None = None
    least: int | None = None
    volume: Quantity | None = None
    readings: Mapping[str, Limits] = part(default_factory=dict)
    ahead: Quantity | None = None
    since: str = "batch"
    only_when: Condition | None = None
    same_as: str | None = None
    check: str | None = None
    place: str = part(default="", compare=False, repr=False)

    def is_asked(self, values: Mapping[str, Any]) -> bool:
        """Whether the field is asked for where the choices of its step were answered so."""
        return self.only_when is None or self.only_when.holds(values)

    @property
    def can_be(self) -> Limits:
        """What may be typed at all: `plausible`, or what its unit lets it be."""
        return self.plausible or possible(self.unit or "1")

    @property
    def values(self) -> dict[str, str]:
        """What a formula may take from here: part → unit code, INSTANT for a time.

        The part "" is the field itself.
        """
        if self.type == "datetime":
            return {"": INSTANT}
        if self.type in ("measurement", "calculation", RECEIPT):
            return {"": self.unit} if self.unit else {}
        if self.volume:
            return {"volume": self.volume.unit}
        return dict(FIELD_VALUES.get(self.type, {}))


FIELD_VALUES = {
    "count": {"viable_concentration": "cells/mL", "viability": "%", "cv": "%"},
    "vessels": {"number": "1", "area": "cm2"},
    "labels": {"": "1"},
}


@dataclass(frozen=True)
class Step:
    """One deed, recorded at once by one person (and signed by a second where `verify`).

    `performs` and `verifies` are roles; no `verifies` means whoever may verify.
    """

    id: str
    title: Text
    text: Text
    record: Text | None = None
    performs: tuple[str, ...] = ("technician",)
    verify: bool = False
    verifies: tuple[str, ...] = ()
    critical: bool = False
    optional: bool = False
    repeat: Repeat | None = None
    starts: str | None = None
    stops: str | None = None
    due: Due | None = None
    expected: Expected | None = None
    fields: tuple[Field, ...] = ()
    place: str = part(default="", compare=False, repr=False)

    def field(self, id: str) -> Field:
        """KeyError where the step has no such field."""
        return {each.id: each for each in self.fields}[id]


@dataclass(frozen=True)
class Stage:
    """Steps that belong together.

    With `repeat`, gone through from first to last again and again (passages).
    """

    id: str
    title: Text
    sign_off: bool = False
    repeat: Repeat | None = None
    steps: tuple[Step, ...] = ()
    place: str = part(default="", compare=False, repr=False)


@dataclass(frozen=True)
class Master:
    """A whole master batch record; `sha256` is that of `source`, the bytes it was read from.

    The product keeps for `hold` from the moment `expires_from` ("step.field") on; where the answers
    of a choice have a hold of their own, that of the answer counts. What certificates say of it
    where it is said: its dosage `form` and `route` of administration (standard terms) and the
    clinical `trial` it is made for (number, protocol).
    """

    code: str
    title: Text
    product: Text
    specification: str
    demonstration: bool
    storage: Text
    expiry: Text
    form: Text | None
    route: Text | None
    trial: Text | None
    hold: Quantity | None
    expires_from: str | None
    note: Text | None
    stages: tuple[Stage, ...]
    windows: Mapping[str, Window]
    timers: Mapping[str, Timer]
    sha256: str = ""
    source: bytes = part(default=b"", repr=False)

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """Every step in the order of the document."""
        return tuple(step for stage in self.stages for step in stage.steps)

    @cached_property
    def _by_id(self) -> dict[str, tuple[Step, Stage]]:
        return {step.id: (step, stage) for stage in self.stages for step in stage.steps}

    @cached_property
    def formulation(self) -> tuple[Step, Field] | None:
        """The choice whose answers say how long the product keeps, with its step."""
        found = (
            (step, field)
            for step in self.steps
            for field in step.fields
            if any(option.hold for option in field.options)
        )
        return next(found, None)

    def step(self, id: str) -> Step:
        """KeyError where the document has no such step."""
        return self._by_id[id][0]

    def field(self, name: str) -> Field:
        """The field of a name "step.field"; KeyError where the document has no such one."""
        step, _, field = name.partition(".")
        return self.step(step).field(field)

    def stage_of(self, step_id: str) -> Stage:
        """KeyError where the document has no such step."""
        return self._by_id[step_id][1]
