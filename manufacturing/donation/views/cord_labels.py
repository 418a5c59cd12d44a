"""The label of a cord's jar. It names codes and times only: never the donor, never a person."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from flask import abort, url_for

from integrity import times
from labels import codes
from labels.stocks import LabelFacts
from labels.views.printing import label_page
from manufacturing.donation import cords
from manufacturing.donation.views import blueprint
from people.access import requires
from people.permissions import Permission
from people.transaction import session, settings


def facts(cord: cords.Cord) -> LabelFacts:
    """What the jar's label says: its code, the cord's, birth and receipt with zone."""
    zone = ZoneInfo(settings()["zone"])
    lines = (
        f"Cord {codes.read(cord.code).shown}",
        f"Born {times.shown(cord.born_at, zone)}",
        f"Received {times.shown(cord.received_at, zone)}",
    )
    return LabelFacts(
        code=codes.read(cord.jar_code),
        kind="jar",
        product="Umbilical cord",
        lines=lines,
        demonstration=settings()["demonstration"] == "yes",
    )


@blueprint.route("/cords/<code>/label", methods=["GET", "POST"])
@requires(Permission.PRINT_LABELS)
def jar_label(code: str) -> Any:
    cord = cords.by_code(session(), code)
    if cord is None:
        abort(404, "There is no cord under this code. Scan it again.")
    return label_page(
        [facts(cord)],
        title=f"Label of jar {codes.read(cord.jar_code).shown}",
        scope=cord.code,
        cancel=url_for("donation.cord", code=code),
    )
