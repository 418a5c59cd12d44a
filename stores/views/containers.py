"""The page of one container.

What it is, where it stands, what it came from and what was made from it.
"""

from __future__ import annotations

from typing import Any

from flask import abort, render_template, request
from sqlalchemy import select

from integrity import pagination, states
from integrity.quantities import Quantity
from integrity.trail import Event
from labels import print_register
from people.access import requires
from people.permissions import Permission
from people.transaction import session
from stores import containers, rules
from stores.views import blueprint

NAMES = {
    "jar": "Jar",
    "tissue": "Tissue",
    "flask": "Flask",
    "vial": "Vial",
    "final": "Final container",
    "sample": "Sample",
}
LABELS = {
    "area": "Area",
    "tests": "Tests",
    "field": "Field of the step",
    "passage": "Passage",
    "volume": "Volume",
    "expiry": "Use by",
}
HISTORY = 20


@blueprint.get("/containers/<code>")
@requires(Permission.SEE_RECORDS)
def container(code: str) -> Any:
    found = containers.by_code(session(), code)
    if found is None:
        abort(404, "There is no container under this code. Scan it again.")
    above = containers.ancestors(session(), found)
    page = pagination.page(session(), containers.children(found), request.args)
    stands = states.newest(
        session(),
        [each.id for each in (found, *above, *page.items)],
        containers.AXIS,
    )
    where = {number: state for number, (state, _) in stands.items()}
    tone, sentence = rules.CONTAINER_WORDS[where[found.id]]
    return render_template(
        "stores/containers/container.html",
        container=found,
        above=above,
        page=page,
        where=where,
        tone=tone,
        sentence=sentence,
        names=NAMES,
        details=_details(found),
        history=_history(found),
        copies=print_register.copies(session(), [code]).get(code, 0),
        since=stands[found.id][1],
    )


def _details(found: containers.Container) -> list[tuple[str, str]]:
    return [
        (LABELS.get(name, name.replace("_", " ").capitalize()), _text(value))
        for name, value in (found.details or {}).items()
        if value not in (None, "", [])
    ]


def _text(value: Any) -> str:
    if isinstance(value, dict) and {"value", "unit"} <= value.keys():
        return str(Quantity(str(value["value"]), value["unit"]))
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _history(found: containers.Container) -> list[Event]:
    """The newest events about this very container: how it was made and what became of it."""
    wanted = select(Event).where(
        Event.subject_kind == containers.KIND, Event.subject_key == found.key
    )
    return list(session().scalars(wanted.order_by(Event.seq.desc()).limit(HISTORY)))
