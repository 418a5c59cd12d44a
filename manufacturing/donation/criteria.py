"""The site's acceptance criteria, read from `donor-criteria.toml`: what is asked, what is accepted,
what follows.

They are data: the rules judge against whatever stands there. Numbers are Decimals, spans are
timedeltas."""

from __future__ import annotations

import functools
import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("donor-criteria.toml")
RESULTS = {
    "negative": "Negative",
    "reactive": "Reactive",
    "indeterminate": "Indeterminate",
    "not_done": "Not done",
}
METHODS = {"serology": "Serology", "NAT": "NAT"}
UNITS_OF_TIME = {"h": 3600, "min": 60, "d": 86400}


@dataclass(frozen=True)
class Option:
    """One answer of a choice; `accepted` is its verdict."""

    value: str
    label: str
    accepted: bool


@dataclass(frozen=True)
class Question:
    """One criterion: a choice with options, or a number in a fixed unit.

    `low` and `high` belong to the accepted range. Outside `reject` only a rejection can follow;
    outside `plausible` the number is a slip of the pen and is refused. `classification` and
    `consequence` are those of the deviation."""

    id: str
    label: str
    options: tuple[Option, ...] = ()
    unit: str = ""
    low: Decimal | None = None
    high: Decimal | None = None
    reject: tuple[Decimal, Decimal] | None = None
    plausible: tuple[Decimal, Decimal] | None = None
    required: bool = True
    classification: str = "major"
    consequence: str = "deviation"

    def option(self, value: str) -> Option | None:
        return next((option for option in self.options if option.value == value), None)

    def shown(self, answer: str | None) -> str:
        """The answer as a person reads it; "" when there is none."""
        option = self.option(answer or "")
        return option.label if option else f"{answer} {self.unit}" if answer else ""

    @property
    def range_shown(self) -> str:
        """The accepted range in words, "" where every value is accepted."""
        if self.low is not None and self.high is not None:
            return f"{self.low} – {self.high} {self.unit}"
        if self.low is not None:
            return f"{self.low} {self.unit} or more"
        return f"{self.high} {self.unit} or less" if self.high is not None else ""


@dataclass(frozen=True)
class Marker:
    """One infectious-disease test of the panel; the results with which a donor may be eligible."""

    id: str
    label: str
    method: str
    acceptable: tuple[str, ...]
    required: bool = True


@dataclass(frozen=True)
class Limits:
    """The window from birth to the start of processing.

    Inside up to `max`, only a rejection beyond `reject`.
    """

    max: timedelta
    reject: timedelta | None
    closing: timedelta = timedelta(hours=2)
    classification: str = "major"


@dataclass(frozen=True)
class SampleDays:
    """Between which calendar days the mother's blood is drawn.

    The day of the birth is 0, the day before it -1.
    """

    first: int
    last: int
    classification: str = "major"


@dataclass(frozen=True)
class Criteria:
    """The whole file, with its version and SHA-256."""

    version: str
    sha256: str
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


@functools.cache
def current() -> Criteria:
    """The criteria in force: the file beside this module."""
    return read(FILE.read_bytes())


def read(data: bytes) -> Criteria:
    """Criteria of a file's bytes.

    Raises KeyError, ValueError or tomllib.TOMLDecodeError for a file that is not one.
    """
    said = tomllib.loads(data.decode())
    samples = said["samples"]
    return Criteria(
        version=said["version"],
        sha256=hashlib.sha256(data).hexdigest(),
        donor=tuple(map(_question, said["donor"])),
        receipt=tuple(map(_question, said["receipt"])),
        panel=tuple(
            Marker(
                t["id"], t["label"], t["method"], tuple(t["acceptable"]), t.get("required", True)
            )
            for t in said["test"]
        ),
        scopes=_options(said["consent"]["scopes"]),
        window=_limits(said["window"]),
        samples=SampleDays(int(samples["first_day"]), int(samples["last_day"]), samples["class"]),
    )


def _question(said: Mapping[str, Any]) -> Question:
    return Question(
        said["id"],
        said["label"],
        _options(said.get("options", ())),
        said.get("unit", ""),
        low=_number(said.get("low")),
        high=_number(said.get("high")),
        reject=_pair(said.get("reject")),
        plausible=_pair(said.get("plausible")),
        required=said.get("required", True),
        classification=said.get("class", "major"),
        consequence=said.get("consequence", "deviation"),
    )


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _pair(texts: list[str] | None) -> tuple[Decimal, Decimal] | None:
    return None if texts is None else (Decimal(texts[0]), Decimal(texts[1]))


def _options(said: Any) -> tuple[Option, ...]:
    return tuple(
        Option(option["value"], option["label"], option["verdict"] == "accept") for option in said
    )


def _limits(said: Mapping[str, str]) -> Limits:
    seconds = UNITS_OF_TIME[said["unit"]]
    spans = {
        name: timedelta(seconds=int(Decimal(said[name]) * seconds))
        for name in ("max", "reject", "closing")
    }
    return Limits(**spans, classification=said["class"])
