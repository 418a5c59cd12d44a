"""The page of one container.

What it is, where it stands, what it came from and what was made from it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from flask import abort, render_template
from sqlalchemy import bindparam, or_, select

from integrity import filters
from integrity.facts import instant, shown
from integrity.quantities import Quantity
from integrity.trail import Event
from labels import codes, print_register
from people.access import requires
from people.lists import listing
from people.permissions import Permission
from people.transaction import about, now, reader, session
from stores import answers, containers, family, fate_rules, fates, holds, origins
from stores.actions import ContainerAction
from stores.answers import Answer
from stores.containers import Container
from stores.family import Relative
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
FILTERS = (
    filters.code(Container.code),
    filters.choice(Container.kind, "Kind", "kind", NAMES.items()),
    *filters.days(Container.made_at, "Made"),
)
COLUMNS = ("container", "kind", "what", "made", "disposition")


@blueprint.get("/containers/<code>")
@requires(Permission.SEE_RECORDS)
def container(code: str) -> Any:
    line = family.line_to(session(), code)
    if not line:
        abort(404, "There is no container under this code. Scan it again.")
    *above, found = line
    about(found.scope)
    asked = listing(family.CHILDREN, *FILTERS, values={"of": found.id})
    if asked.wants_file:
        return asked.file(f"made-of-{found.code}", COLUMNS, _lines)
    page = asked.page()
    made = origins.named(session(), [each.entry_id for each in (*line, *page.items)])
    places = {number: origin.place for number, origin in made.items()}
    answer = _answer(found)
    told = fates.of(session(), found.id)
    shown_page = render_template(
        "stores/containers/container.html",
        asked=asked,
        container=found,
        above=above,
        page=page,
        called={
            each.id: containers.called(each, places.get(each.entry_id, ""))
            for each in (*line, *page.items)
        },
        words=answer.words,
        tone=answer.tone,
        sentence=shown(answer.sentence, reader()),
        stands={each.id: _answer(each).word for each in (*line, *page.items)},
        told=told,
        open_to=fates.open_to(found.kind, answer, told),
        told_late=not answer.may_be_issued
        and fate_rules.may_have_been_issued(found.kind, answer.words, answer.fate),
        has_label=not any(fate_rules.may_be_labelled(found.code, answer.words)),
        names=NAMES,
        details=_details(found, places.get(found.entry_id or 0, "")),
        history=_history(found),
        holds=holds.of(session(), found.id),
        copies=print_register.copies(session(), [code]).get(code, 0),
    )
    return shown_page, asked.status


def _lines(found: Sequence[Relative]) -> Iterator[tuple[Any, ...]]:
    made = origins.named(session(), [each.entry_id for each in found])
    for each in found:
        place = made[each.entry_id].place if each.entry_id in made else ""
        yield (
            codes.hyphenated(each.code),
            NAMES[each.kind],
            containers.called(each, place),
            each.made_at,
            _answer(each).word,
        )


def _answer(found: Relative) -> Answer:
    return answers.of_row(session(), found, now())


def _details(found: Relative, place: str) -> list[tuple[str, str]]:
    """What made it and what is known of it beside its kind."""
    area = Quantity(found.area_text, found.area_unit) if found.area_text else ""
    tests = containers.tests_of(session(), [found.id])[found.id] if found.sample_kind else []
    until = shown(instant(found.expires_at), reader()) if found.expires_at else ""
    told = [
        ("May be used until", until),
        ("Made at step", place),
        ("Area", str(area)),
        ("Sample of", found.sample_kind or ""),
        ("Tests", ", ".join(tests)),
    ]
    return [(label, value) for label, value in told if value]


_OWN = (Event.subject_kind == containers.KIND) & (Event.subject_key == bindparam("own"))
_MADE = (
    (Event.subject_kind == "entries")
    & (Event.subject_key == bindparam("entry"))
    & (Event.action == ContainerAction.CONTAINERS_CREATED)
)
_ABOUT = (
    select(Event.at, Event.action, Event.subject_kind, Event.content)
    .where(or_(_OWN, _MADE))
    .order_by(Event.seq.desc())
    .limit(HISTORY)
)


def _history(found: Relative) -> list[tuple[datetime, str, dict[str, Any]]]:
    """(when, action, what was said) of the newest events about this very container: how it was made
    and what became of it.

    Containers made together share the event of the entry that made them.
    """
    keys = {"own": str(found.id), "entry": str(found.entry_id)}
    told = [
        (at, action, kind, json.loads(content))
        for at, action, kind, content in session().rows(_ABOUT, keys)
    ]
    return [
        (at, action, said)
        for at, action, kind, said in told
        if kind == containers.KIND or found.code in said["details"]["codes"]
    ]
