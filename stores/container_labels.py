"""What the label of a container says; it comes from the container alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from integrity import site, times
from integrity.database import Session
from integrity.facts import shown
from labels import codes, stock_register
from labels.print_register import fitted
from labels.stocks import LabelFacts, Stocks
from stores import expiries, marks, origins
from stores.containers import Container

# kind of container: (label stock, what several are called)
STOCK = {
    "jar": ("jar", "jars"),
    "tissue": ("flask", "tissue vessels"),
    "flask": ("flask", "flasks"),
    "vial": ("vial", "vials"),
    "sample": ("vial", "samples"),
    "final": ("final", "final containers"),
}
USE_BY = "Use by "  # as it begins on every label that has one
ALWAYS = 2  # lines that even the smallest label carries: the batch and when it was made


def of(session: Session, found: Sequence[Container], at: datetime) -> list[LabelFacts]:
    """The labels of these containers, by the stock and the settings in force at a moment."""
    entries = origins.named(session, [each.entry_id for each in found])
    places = {number: entry.place for number, entry in entries.items()}
    until = expiries.of(session, [each.id for each in found])
    settings, stocks = site.settings(session), stock_register.current(session, at)
    shows = marks.for_show(session, [each.scope for each in found])
    return [
        facts(
            each,
            places.get(each.entry_id or 0, ""),
            until.get(each.id),
            settings | ({"demonstration": site.YES} if each.scope in shows else {}),
            stocks,
        )
        for each in found
    ]


def facts(
    found: Container,
    place: str,
    expires_at: datetime | None,
    settings: Mapping[str, str],
    stocks: Stocks,
) -> LabelFacts:
    """What the label of a container that was made at a place says; never a disposition, never a
    person (LAB-09).
    """
    stock, _ = STOCK[found.kind]
    scope = codes.read(found.scope)
    zone = ZoneInfo(settings["zone"])
    lines = dict.fromkeys(
        [
            f"{shown(scope.kind).capitalize()} {scope.shown}",
            f"Made {times.shown(found.made_at, zone)}",
            *([place] if place else []),
            *([f"{USE_BY}{times.shown(expires_at, zone)}"] if expires_at else []),
        ]
    )
    label = LabelFacts(
        code=codes.read(found.code),
        kind=stock,
        product=found.title,
        lines=tuple(lines),
        demonstration=settings["demonstration"] == "yes",
    )
    return label if found.kind == "final" else fitted(label, ALWAYS, stocks)
