"""Labels of containers: of one, or of all of one kind that a batch made.

What a label says comes from the container alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import abort, url_for

from integrity import times
from integrity.facts import shown
from labels import codes, stock_register
from labels.print_register import MOST, fitted
from labels.stocks import LabelFacts
from labels.views.printing import label_page
from people.access import requires
from people.permissions import Permission
from people.transaction import now, session, settings
from stores import containers, expiries, origins
from stores.containers import Container
from stores.views import blueprint

# kind of container: (label stock, what several are called)
STOCK = {
    "jar": ("jar", "jars"),
    "tissue": ("flask", "tissue vessels"),
    "flask": ("flask", "flasks"),
    "vial": ("vial", "vials"),
    "sample": ("vial", "samples"),
    "final": ("final", "final containers"),
}
ALWAYS = 2  # lines that even the smallest label carries: the batch and when it was made


def facts(found: Container, place: str = "", expires_at: datetime | None = None) -> LabelFacts:
    """What the label of a container that was made at a place says; never a disposition, never a
    person (LAB-09).
    """
    stock, _ = STOCK[found.kind]
    scope = codes.read(found.scope)
    zone = ZoneInfo(settings()["zone"])
    made = times.shown(found.made_at, zone)
    lines = dict.fromkeys(
        [
            f"{shown(scope.kind).capitalize()} {scope.shown}",
            f"Made {made}",
            *([place] if place else []),
            *([f"Use by {times.shown(expires_at, zone)}"] if expires_at else []),
        ]
    )
    label = LabelFacts(
        code=codes.read(found.code),
        kind=stock,
        product=found.title,
        lines=tuple(lines),
        demonstration=settings()["demonstration"] == "yes",
    )
    return (
        label
        if found.kind == "final"
        else fitted(label, ALWAYS, stock_register.current(session(), now()))
    )


def _page(found: Sequence[Container], title: str, cancel: str, scope: str) -> Any:
    entries = origins.named(session(), [each.entry_id for each in found])
    places = {number: entry.place for number, entry in entries.items()}
    until = expiries.of(session(), [each.id for each in found])
    drawn = [facts(each, places.get(each.entry_id or 0, ""), until.get(each.id)) for each in found]
    return label_page(drawn, title=title, cancel=cancel, scope=scope)


@blueprint.route("/containers/<code>/label", methods=["GET", "POST"])
@requires(Permission.PRINT_LABELS)
def container_label(code: str) -> Any:
    found = containers.by_code(session(), code)
    if found is None:
        abort(404, "There is no container under this code. Scan it again.")
    return _page(
        [found],
        f"Label of {codes.read(code).shown}",
        url_for("stores.container", code=code),
        found.scope,
    )


@blueprint.route("/containers/of/<scope>/<kind>/labels", methods=["GET", "POST"])
@requires(Permission.PRINT_LABELS)
def container_labels(scope: str, kind: str) -> Any:
    """The labels of every container of one kind of one batch, on one print."""
    try:
        named = codes.read(scope)
    except codes.UnreadableCode:
        abort(404, "There is no batch under this code. Scan it again.")
    if kind not in STOCK:
        abort(404, f"There are no labels of this kind. The kinds are {', '.join(STOCK)}.")
    found = containers.of_scope(session(), named.bare, kind)[:MOST]
    return _page(
        found,
        f"Labels of the {STOCK[kind][1]} of {named.shown}",
        url_for("scan", code=named.bare),
        named.bare,
    )
