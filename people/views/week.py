"""The page of the week: what is due in seven days, one day after the other."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app, render_template, request

from integrity.filters import NO_DAY
from people import week
from people.access import requires
from people.permissions import Permission
from people.queues import Asker
from people.transaction import now, presence, session, settings
from people.views import blueprint

FAR = timedelta(
    days=366 * 50
)  # from today: a slip of the year is none of the days that are planned


@blueprint.get("/week", endpoint="week")
@requires(Permission.SEE_RECORDS)
def week_page() -> Any:
    """The seven days from today on, or from another day."""
    today = now().astimezone(ZoneInfo(settings()["zone"])).date()
    given = request.args.get("from", "").strip()[:80]
    try:
        first = date.fromisoformat(given) if given else today
        fault = NO_DAY if abs(first - today) > FAR else ""
    except ValueError:
        first, fault = today, NO_DAY
    first = today if fault else first
    return _drawn(first, today, given, fault), 422 if fault else 200


def _drawn(first: date, today: date, given: str, fault: str) -> str:
    zone, actor = ZoneInfo(settings()["zone"]), presence().actor
    begin = datetime.combine(first, time(), zone).astimezone(UTC)
    asker = Asker(actor.username, actor.role, now())
    shown = week.of(session(), asker, begin, zone, current_app.config["DUE"])
    return render_template(
        "people/week.html",
        week=shown,
        given=given,
        fault=fault,
        today=today,
        zone=zone,
        earlier=first - timedelta(days=week.DAYS),
        later=first + timedelta(days=week.DAYS),
    )
