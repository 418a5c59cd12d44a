"""A trend as a picture: where its points, limits and ticks lie.

Every number that is read stands in the table beneath as it was recorded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from integrity.figures import superscript
from manufacturing.execution import trends
from manufacturing.execution.batch_state import BatchState
from manufacturing.execution.rules.steps import shown_limits
from manufacturing.execution.trends import Point, Trend
from manufacturing.masters.model import Limits

WIDTH, HEIGHT = 480, 240
LEFT, RIGHT, TOP, BOTTOM = 90, 16, 14, 34
STEPS = (1, 2, 5, 10)
MANY = 10_000  # from here on a tick is written as a power


@dataclass(frozen=True)
class Line:
    """A limit: its height, whether it is an alert limit, and its words."""

    y: Decimal
    is_alert: bool
    words: str


@dataclass(frozen=True)
class Curve:
    """One picture with its table."""

    id: str
    title: str
    stage: str
    limits: str
    points: Sequence[dict[str, Any]]
    ticks: Sequence[tuple[Decimal, str]]
    lines: Sequence[Line]

    @property
    def path(self) -> str:
        """The points as an SVG polyline wants them."""
        return " ".join(f"{each['x']:.1f},{each['y']:.1f}" for each in self.points)


def of_batch(state: BatchState, zone: ZoneInfo) -> list[Curve]:
    """Every curve that the master record of a batch wants and that has a point."""
    return [_curve(each) for each in trends.of_batch(state, zone)]


def _curve(trend: Trend) -> Curve:
    limits = shown_limits(trend.limits) if trend.limits else ""
    return curve(trend.field.id, trend.title, trend.stage, limits, trend.points, bounds(trend))


def bounds(trend: Trend) -> list[tuple[Decimal, bool]]:
    """Every limit of a trend as a number in its unit, and whether it is an alert limit."""
    return [
        *_bounds(trend.limits, trend.unit, is_alert=False),
        *_bounds(trend.alert, trend.unit, is_alert=True),
    ]


def curve(
    key: str,
    title: str,
    stage: str,
    limits: str,
    values: Sequence[Point],
    judged_by: Sequence[tuple[Decimal, bool]],
) -> Curve:
    """The picture of some values (at least one) with the limits that they are judged by."""
    numbers = [point.number for point in values]
    drawn = scale([*numbers, *(number for number, _ in judged_by)])
    return Curve(
        id=key,
        title=title,
        stage=stage,
        limits=limits,
        points=[
            {"x": x, "y": drawn.height(point.number), "cycle": point.cycle, "text": point.text}
            for x, point in zip(across(len(numbers)), values, strict=True)
        ],
        ticks=drawn.ticks,
        lines=[Line(drawn.height(number), alert, _written(number)) for number, alert in judged_by],
    )


@dataclass(frozen=True)
class Scale:
    """From where to where a picture reaches upwards: from the first of its marks to the last."""

    marks: Sequence[Decimal]

    def height(self, number: Decimal) -> Decimal:
        """How far down a number lies."""
        low, high = self.marks[0], self.marks[-1]
        share = (number - low) / (high - low)
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)

    @property
    def ticks(self) -> list[tuple[Decimal, str]]:
        return [(self.height(each), _written(each)) for each in self.marks]


def scale(numbers: Sequence[Decimal]) -> Scale:
    """The scale that holds all of these numbers (at least one)."""
    return Scale(_ticks(numbers))


def _bounds(limits: Limits | None, unit: str, *, is_alert: bool) -> Iterator[tuple[Decimal, bool]]:
    if limits is None:
        return
    for bound in (limits.low, limits.high, limits.above, limits.below):
        if bound is not None:
            yield bound.to(unit).number, is_alert


def across(count: int) -> list[Decimal]:
    """How far across so many points lie, evenly."""
    room = WIDTH - LEFT - RIGHT
    return [LEFT + Decimal(room * (2 * number + 1)) / (2 * count) for number in range(count)]


def _ticks(numbers: Sequence[Decimal]) -> list[Decimal]:
    """Round numbers, four to six of them, from below the smallest to above the largest."""
    low, high = min(numbers), max(numbers)
    span = high - low or abs(high) or Decimal(1)
    ten = Decimal(10) ** (span / 4).adjusted()
    step = next(each * ten for each in STEPS if each * ten * 5 >= span)
    first = (low / step).to_integral_value("ROUND_FLOOR") * step
    ticks = [first]
    while ticks[-1] < high or len(ticks) < 2:
        ticks.append(ticks[-1] + step)
    return ticks


def _written(number: Decimal) -> str:
    if abs(number) >= MANY:
        return superscript(number, len(number.normalize().as_tuple().digits))
    return f"{number.normalize():f}"
