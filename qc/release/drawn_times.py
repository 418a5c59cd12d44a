"""How long things took and how warm they were, in the record of a batch: as texts, each beside its
limit, and where all of it lies in a picture."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from integrity import facts, times
from integrity.database import Session
from manufacturing.donation import cords
from manufacturing.execution import curves, hold_times, temperatures
from manufacturing.execution.hold_times import HoldTime
from manufacturing.execution.temperatures import Temperature
from qc.release.release_inputs import ReleaseInputs
from qc.release.words import PicturePhrase

Said = dict[str, Any]
CELSIUS = "°C"
MILLISECOND = timedelta(milliseconds=1)
IN_TIME, LATE, EARLY, INSIDE, OUTSIDE = "in time", "late", "early", "inside", "outside"


def hold_times_of(found: ReleaseInputs, zone: ZoneInfo) -> list[Said]:
    """Every time that is limited and has ended."""
    made = hold_times.of_batch(found.here, found.cord.born_at)
    return [_time(number, each, zone) for number, each in enumerate(made, 1)]


def _time(number: int, each: HoldTime, zone: ZoneInfo) -> Said:
    limits = [f"at least {times.span(each.least)}" if each.least else ""]
    limits.append(f"at most {times.span(each.most)}" if each.most else "")
    longest = max(each.took, each.claimed or each.took)
    return {
        "number": str(number),
        "title": facts.shown(each.title),
        "place": facts.shown(each.place),
        "began": times.shown(each.began, zone),
        "ended": times.shown(each.ended, zone),
        "took": times.span(each.took),
        "claimed": times.span(each.claimed) if each.claimed is not None else "",
        "limit": ", ".join(each for each in limits if each),
        "share": _share(longest, each.most) if each.most else "",
        "stands": LATE if each.is_late else EARLY if each.is_early else IN_TIME,
    }


def _share(length: timedelta, limit: timedelta) -> str:
    """How much of its limit something took, in thousandths."""
    took = Decimal(length // MILLISECOND) / (limit // MILLISECOND)
    return str(took.quantize(Decimal("0.001")))


def temperatures_of(session: Session, found: ReleaseInputs, zone: ZoneInfo) -> list[Said]:
    """Every temperature of the transport and of the record, those with the same limits together."""
    groups: dict[tuple[Decimal | None, Decimal | None], list[Temperature]] = {}
    for each in [*_transport(session, found), *temperatures.of_batch(found.here)]:
        groups.setdefault((each.low, each.high), []).append(each)
    return [_group(low, high, each, zone) for (low, high), each in groups.items()]


def _transport(session: Session, found: ReleaseInputs) -> Iterator[Temperature]:
    """What was read of the cord's way here when it was received."""
    for question in cords.checks_of(session, found.cord):
        said = found.cord.receipt.get(question.id)
        if question.unit == CELSIUS and said:
            yield Temperature(
                facts.text(question.words),
                facts.word(PicturePhrase.RECEIPT),
                found.cord.received_at,
                said,
                low=question.low,
                high=question.high,
            )


def _group(
    low: Decimal | None, high: Decimal | None, read: Sequence[Temperature], zone: ZoneInfo
) -> Said:
    return {
        "accepted": _accepted(low, high),
        "low": "" if low is None else str(low),
        "high": "" if high is None else str(high),
        "readings": [_reading(number, each, zone) for number, each in enumerate(read, 1)],
    }


def title(said: Said) -> str:
    """What a group of readings is of."""
    return ", ".join(dict.fromkeys(each["title"] for each in said["readings"]))


def _accepted(low: Decimal | None, high: Decimal | None) -> str:
    if low is not None and high is not None:
        return f"{low} – {high} {CELSIUS}"
    if low is None and high is None:
        return ""
    return f"≥ {low} {CELSIUS}" if low is not None else f"≤ {high} {CELSIUS}"


def _reading(number: int, each: Temperature, zone: ZoneInfo) -> Said:
    return {
        "number": str(number),
        "title": facts.shown(each.title),
        "place": facts.shown(each.place),
        "at": times.shown(each.at, zone),
        "now": each.now or "",
        "lowest": each.lowest or "",
        "highest": each.highest or "",
        "stands": OUTSIDE if each.is_outside else INSIDE,
    }


def shown_reading(said: Said) -> str:
    """What was read, with the extremes where there are any."""
    extremes = f" ({said['lowest']} – {said['highest']})" if said["lowest"] else ""
    return f"{said['now']}{extremes} {CELSIUS}"


# Where all of it lies
# -------------------------------------------------------------------------------------------------

LINE = 46  # the height of one time: its words, and the bar beneath
BAR = 12


@dataclass(frozen=True)
class Bar:
    """One time in a picture: how far down its words and bar lie, how long the bar is, whether it
    stands out."""

    words: int
    bar: int
    long: Decimal
    said: Said

    @property
    def stands_out(self) -> bool:
        return bool(self.said["stands"] != IN_TIME)

    @property
    def told(self) -> str:
        """How long it took, its limit, and the word of one that is not in time."""
        word = f" · {self.said['stands']}" if self.stands_out else ""
        return f"{self.said['took']}, {self.said['limit']}{word}"


@dataclass(frozen=True)
class Bars:
    """Times against their limits: every limit lies at `limit`, from which each bar says its
    share."""

    width: int
    height: int
    limit: Decimal
    bars: Sequence[Bar]


def bars(said: Iterable[Said]) -> Bars:
    """The picture of those that have an upper limit; the longest of them fills the width."""
    drawn = [each for each in said if each["share"]]
    room = curves.WIDTH - curves.RIGHT
    most = max([Decimal(1), *(Decimal(each["share"]) for each in drawn)])
    return Bars(
        curves.WIDTH,
        LINE * len(drawn),
        room / most,
        [
            Bar(LINE * n + 18, LINE * n + 24, room * Decimal(each["share"]) / most, each)
            for n, each in enumerate(drawn)
        ],
    )


@dataclass(frozen=True)
class Dot:
    """One reading in a picture: where it lies, from where to where its extremes reach, and its
    number in the table."""

    x: Decimal
    y: Decimal | None
    top: Decimal
    bottom: Decimal
    number: str
    is_outside: bool


@dataclass(frozen=True)
class Readings:
    """Readings of the same limits as dots with their extremes."""

    ticks: Sequence[tuple[Decimal, str]]
    limits: Sequence[Decimal]
    dots: Sequence[Dot]


def readings(said: Said) -> Readings:
    """The picture of one group of temperatures."""
    judged_by = [Decimal(said[each]) for each in ("low", "high") if said[each]]
    numbers = [
        [Decimal(each[key]) for key in ("lowest", "now", "highest") if each[key]]
        for each in said["readings"]
    ]
    scale = curves.scale([*judged_by, *(number for each in numbers for number in each)])
    across = curves.across(len(numbers))
    return Readings(
        scale.ticks,
        [scale.height(each) for each in judged_by],
        [
            Dot(
                x,
                scale.height(Decimal(each["now"])) if each["now"] else None,
                scale.height(max(read)),
                scale.height(min(read)),
                each["number"],
                each["stands"] == OUTSIDE,
            )
            for x, each, read in zip(across, said["readings"], numbers, strict=True)
        ],
    )
