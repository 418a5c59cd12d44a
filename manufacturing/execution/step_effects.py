"""What recording a step brings about beside its entry: containers made, samples pulled, lots and
equipment used.

Inner acts of `steps`; they say their own events.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from documents.texts import text
from integrity import site
from integrity.acts import Act
from integrity.database import Session
from integrity.findings import Finding
from integrity.subjects import Scope
from labels import codes
from manufacturing.execution.batch_state import BatchState
from manufacturing.execution.entries import Entry
from manufacturing.execution.rules.sequence import Position, place
from manufacturing.masters.model import Field
from stores import containers, equipment, lots, rules as stores_rules
from stores.containers import Container
from stores.rules import Disposition


def scanned(
    session: Session, field: Field, value: Mapping[str, Any], at: datetime
) -> tuple[dict[str, Any], list[Finding]]:
    """(what a scanned lot or piece of equipment is, what blocks its use).

    Only released and in date, or calibrated (MAT-02, MAT-03).
    """
    thing: Any
    if field.type == "lot":
        thing, found = lots.usable(session, value["scanned"], field.material or "", at)
    else:
        thing, found = equipment.usable(session, value["scanned"], field.kind or "", at)
    known = {"code": thing.code, "name": thing.name, "id": str(thing.id)} if thing else {}
    return known, [replace(finding, field=field.id) for finding in found]


def recognised(
    session: Session, field: Field, typed: str, at: datetime
) -> tuple[tuple[str, str] | None, list[Finding]]:
    """((code, what it is in a few words), or None.

    What blocks its use), for the page that shows a scan again.
    """
    known, found = scanned(session, field, {"scanned": typed}, at)
    if found or not known:
        return None, found
    words = [known["name"], "calibrated"]
    if field.type == "lot":
        lot = session.get_one(lots.Lot, int(known["id"]))
        words = [
            lot.name,
            Disposition.RELEASED,
            f"use by {stores_rules.day_of(lot.expires_at, site.zone(session))}",
        ]
    return (codes.read(known["code"]).shown, " · ".join(words)), []


def rescanned(
    session: Session,
    field: Field,
    value: Mapping[str, Any],
    old: Mapping[str, Any] | None,
    at: datetime,
) -> tuple[dict[str, Any], list[Finding]]:
    """As `scanned`, but what was already recorded stays as it is."""
    known, found = scanned(session, field, value, at)
    return (dict(old), []) if old and known.get("code") == old["code"] else (known, found)


def make(
    act: Act, state: BatchState, position: Position, values: Mapping[str, Any]
) -> dict[str, Any]:
    """The values with the codes of the containers and samples that were made for them.

    Nothing for a step that is left out.
    """
    made, where = dict(values), place(state.master, position)
    fields = [field for field in state.master.step(position.step).fields if field.id in made]
    stock = (
        _stock(act.session, state)
        if any(field.type in ("sample", "vessels") for field in fields)
        else []
    )
    for field in fields:
        if field.type == "sample":
            made[field.id] = {"code": _pull(act, state, field, position, stock).code}
        elif field.type == "vessels":
            new = _vessels(act, state, field, made[field.id], position, stock)
            made[field.id] = {**made[field.id], "codes": [each.code for each in new]}
            stock += new
        else:
            _use(act, state, field, made[field.id], where)
    return made


def use_again(act: Act, state: BatchState, entry: Entry, old: Entry) -> None:
    """The logbook of what a correction names in the place of another lot or piece of equipment."""
    for field in state.master.step(entry.step).fields:
        if field.id in entry.values and entry.values[field.id] != old.values.get(field.id):
            _use(act, state, field, entry.values[field.id], place(state.master, entry.position))


def _use(act: Act, state: BatchState, field: Field, value: Mapping[str, Any], where: str) -> None:
    if field.type not in ("lot", "equipment"):
        return
    use = lots.use_lot if field.type == "lot" else equipment.use_equipment
    use(act, Scope(int(value["id"]), value["code"]), state.batch.itself, where)


def _stock(session: Session, state: BatchState) -> list[Container]:
    """What there is to take from.

    The cord's jar, then the batch's own containers in the order they were made.
    """
    own = containers.of_scope(session, state.batch.code)
    return [
        *containers.of_scope(session, state.batch.cord_code, "jar"),
        *(each for each in own if each.kind != "sample"),
    ]


def _parents(stock: list[Container], kind: str | None) -> list[Container]:
    """Where new containers come from.

    The containers of that kind (of any) made last, otherwise the cord's jar.
    """
    found = [each for each in stock if each.kind == kind] if kind else stock[-1:]
    last = found[-1] if found else stock[0]
    return [
        each
        for each in stock
        if each.kind == last.kind and each.details.get("step") == last.details.get("step")
    ]


def _pull(
    act: Act, state: BatchState, field: Field, position: Position, stock: list[Container]
) -> Container:
    details = {
        "tests": list(field.tests),
        "sample_kind": field.kind,
        "field": field.id,
        "step": place(state.master, position),
        "round": str(position.cycle),
    }
    return containers.create(
        act,
        kind="sample",
        scope=state.batch.itself,
        parent_id=_parents(stock, None)[0].id,
        title=text(field.label),
        details=details,
    )


def _vessels(
    act: Act,
    state: BatchState,
    field: Field,
    value: Mapping[str, Any],
    position: Position,
    stock: list[Container],
) -> list[Container]:
    parents, where = _parents(stock, field.parent), place(state.master, position)
    details = {
        "parents": [parent.code for parent in parents],
        "step": where,
        "field": field.id,
        "round": str(position.cycle),
    }
    if value.get("area"):
        details["area"] = f"{value['area']} cm2"
    return [
        containers.create(
            act,
            kind=field.kind or "flask",
            scope=state.batch.itself,
            parent_id=parents[0].id,
            title=f"{text(field.label)} · {where}",
            details=details,
        )
        for _ in range(int(value["number"]))
    ]
