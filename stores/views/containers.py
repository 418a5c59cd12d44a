"""The page of one container.

What it is, where it stands, what it came from and what was made from it.
"""

from __future__ import annotations

from typing import Any

from flask import abort, render_template, request
from sqlalchemy import or_, select

from integrity import pagination, states
from integrity.trail import Event
from labels import print_register
from people.access import requires
from people.permissions import Permission
from people.transaction import session
from stores import containers, family, origins, rules
from stores.actions import ContainerAction
from stores.views import blueprint

NAMES = {
    "jar": "Jar",
    "tissue": "Tissue",
    "flask": "Flask",
    "vial": "Vial",
    "final": "Final container",
    "sample": "Sample",
}
HISTORY = 20


@blueprint.get("/containers/<code>")
@requires(Permission.SEE_RECORDS)
def container(code: str) -> Any:
    found = containers.by_code(session(), code)
    if found is None:
        abort(404, "There is no container under this code. Scan it again.")
    above = family.ancestors(session(), found)
    page = pagination.page(session(), family.children(found), request.args)
    stands = states.newest(
        session(),
        [each.id for each in (found, *above, *page.items)],
        containers.AXIS,
    )
    origins_of = [each.entry_id for each in (found, *above, *page.items)]
    places = {number: made.place for number, made in origins.named(session(), origins_of).items()}
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
        details=_details(found, places.get(found.entry_id or 0, "")),
        places=places,
        history=_history(found),
        copies=print_register.copies(session(), [code]).get(code, 0),
        since=stands[found.id][1],
    )


def _details(found: containers.Container, place: str) -> list[tuple[str, str]]:
    """What made it and what is known of it beside its kind."""
    tests = containers.tests_of(session(), [found.id])[found.id] if found.sample_kind else []
    told = [
        ("Made at step", place),
        ("Area", str(found.area or "")),
        ("Sample of", found.sample_kind or ""),
        ("Tests", ", ".join(tests)),
    ]
    return [(label, value) for label, value in told if value]


def _history(found: containers.Container) -> list[Event]:
    """The newest events about this very container: how it was made and what became of it.

    Containers made together share the event of the entry that made them.
    """
    own = (Event.subject_kind == containers.KIND) & (Event.subject_key == found.key)
    made = (
        (Event.subject_kind == "entries")
        & (Event.subject_key == str(found.entry_id))
        & (Event.action == ContainerAction.CONTAINERS_CREATED)
    )
    asked = select(Event).where(or_(own, made)).order_by(Event.seq.desc()).limit(HISTORY)
    return [each for each in session().scalars(asked) if _is_about(each, found.code)]


def _is_about(event: Event, code: str) -> bool:
    return event.subject_kind == containers.KIND or code in event.said["details"]["codes"]
