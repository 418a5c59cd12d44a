"""The curves of a batch in its record: the values that they are drawn from as texts, and where all
of it lies on paper."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from manufacturing.execution import curves, trends
from manufacturing.execution.rules.steps import shown_limits
from manufacturing.execution.trends import Point, Trend
from qc.release.release_inputs import ReleaseInputs

FINE = 100  # the picture's own units are parted so far, so that whole numbers say where all lies


def of_batch(found: ReleaseInputs, zone: ZoneInfo) -> list[dict[str, Any]]:
    """Every curve that the master record wants and that has a point."""
    return [_said(each) for each in trends.of_batch(found.here, zone)]


def _said(trend: Trend) -> dict[str, Any]:
    return {
        "field": trend.field.id,
        "title": trend.title,
        "stage": trend.stage,
        "unit": trend.unit,
        "accepted": shown_limits(trend.limits) if trend.limits else "",
        "alert": shown_limits(trend.alert) if trend.alert else "",
        "limits": [
            {"number": str(number), "of": "alert" if is_alert else "accepted"}
            for number, is_alert in curves.bounds(trend)
        ],
        "points": [
            {"round": str(each.cycle), "value": each.text, "number": str(each.number)}
            for each in trend.points
        ],
    }


def pictures(said: dict[str, Any]) -> dict[str, Any]:
    """Where all of it lies, as `paper.graphs.Graph` wants it."""
    made = curves.curve(
        said["field"],
        said["title"],
        said["stage"],
        said["accepted"],
        [
            Point(int(each["round"]), Decimal(each["number"]), each["value"])
            for each in said["points"]
        ],
        [(Decimal(each["number"]), each["of"] == "alert") for each in said["limits"]],
    )
    return {
        "width": curves.WIDTH * FINE,
        "height": curves.HEIGHT * FINE,
        "left": curves.LEFT * FINE,
        "right": (curves.WIDTH - curves.RIGHT) * FINE,
        "ticks": [(_fine(y), words) for y, words in made.ticks],
        "limits": [(_fine(each.y), each.is_alert) for each in made.lines],
        "points": [
            (_fine(each["x"]), _fine(each["y"]), str(each["cycle"])) for each in made.points
        ],
    }


def _fine(place: Decimal) -> int:
    return round(place * FINE)


def lines(said: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Its table: round by round as it was recorded."""
    for each in said["points"]:
        yield each["round"], each["value"]
