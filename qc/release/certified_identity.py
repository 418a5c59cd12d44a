"""What a certificate says of which batch it is: the batch and what it was made from, the product
and its maker, amounts, and the moments and values that the master record singles out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from documents.register import ControlledDocument
from documents.texts import text
from integrity import times
from integrity.database import Session
from integrity.figures import superscript
from integrity.findings import Consequence
from integrity.quantities import Quantity
from integrity.site import SettingName
from integrity.units import UNITS
from labels import codes
from manufacturing.execution import formula_values
from manufacturing.execution.entries import Entry
from manufacturing.execution.rules.steps import is_inside
from manufacturing.masters.model import Field, Master
from qc.laboratory import batch_amounts as bases, judging_versions
from qc.release import release_inputs
from qc.release.release_inputs import ReleaseInputs


def of_batch(
    session: Session, found: ReleaseInputs, zone: ZoneInfo, settings: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Label and text of everything that says which batch of what it is, who made it and where."""
    batch, cord, started = found.batch, found.cord, found.started
    yield "Batch", codes.read(batch.code).shown
    yield "Master record", f"{batch.master_title} · {batch.sha256[:4]}…{batch.sha256[-4:]}"
    yield from of_product(found.here.master)
    yield "Donation", f"cord {codes.read(cord.code).shown}"
    yield "Donor", found.facts.eligibility
    yield "Birth", times.shown(cord.born_at, zone)
    yield "Cord collected", times.shown(cord.collected_at, zone)
    if started:
        limit = release_inputs.MILLISECOND * started.longest
        yield (
            "Processing started",
            f"{times.span(started.recorded_at - cord.born_at)} after birth (limit "
            f"{times.span(limit)})",
        )
    yield "Made at", settings[SettingName.SITE]
    yield "Address", settings[SettingName.ADDRESS]
    yield "Authorisation", settings[SettingName.AUTHORISATION]
    yield from _changed(session, found, zone)
    yield from _amounts(found)
    yield from _limiting(found, zone)


def of_product(master: Master) -> Iterator[tuple[str, str]]:
    """What its master record says of the product."""
    said = (
        ("Product", master.product),
        ("Dosage form", master.form),
        ("Route", master.route),
        ("Clinical trial", master.trial),
    )
    yield from ((label, text(words)) for label, words in said if words)


def _changed(session: Session, found: ReleaseInputs, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    """A change of specification that was approved for this batch by its name."""
    for made in judging_versions.newest_of(session, [found.batch.id]).values():
        began = session.get_one(ControlledDocument, found.batch.specification_id)
        yield (
            "Specification changed",
            f"{found.specification.named} approved for this batch by {made.name}, "
            f"{times.shown(made.at, zone)}; it began with {began.named}. {made.reason}",
        )


def _amounts(found: ReleaseInputs) -> Iterator[tuple[str, str]]:
    """The amounts that the specification names: volume, label claim, weight."""
    basis = bases.basis_from(found.here.current, found.contents.sources)
    measured = bases.content_from(found.here.current, found.contents.sources)
    number = _filled(found) if measured else 1  # a label claim is of all of it
    yield "Content", content_said(basis.volume, measured or basis.claim, number)
    if basis.weight:
        yield "Judged for a weight of", str(basis.weight)


def content_said(volume: Quantity | None, cells: Quantity | None, number: int) -> str:
    """What each of so many containers holds and, where there are several, all of them together."""
    each = _held(volume, cells, 1)
    if not each:
        return "not recorded"
    if number == 1:
        return each
    return f"{number} containers, each {each}; together {_held(volume, cells, number)}"


def _held(volume: Quantity | None, cells: Quantity | None, number: int) -> str:
    parts = [
        f"{volume.number * number:f} {UNITS[volume.unit].symbol}" if volume else "",
        f"{superscript(cells.number * number)} viable cells" if cells else "",
    ]
    return " · ".join(part for part in parts if part)


def _filled(found: ReleaseInputs) -> int:
    """How many containers the step filled that says what one of them holds."""
    step, _, _ = (found.contents.sources.content or "").partition(".")
    fields = [each for each in found.here.master.step(step).fields if each.type == "vessels"]
    entry = next((each for each in reversed(found.here.current) if each.step == step), None)
    values = [entry.values.get(each.id) for each in fields] if entry else []
    return sum(int(each["number"]) for each in values if each) or 1


def _limiting(found: ReleaseInputs, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    """Every moment that the record asks for, and every value that alone decides on the batch, in
    the words of the master record.
    """
    named = bases.named(found.contents.sources)
    for entry, field in _latest(found):
        decides = (
            field.type in ("measurement", "calculation")
            and field.consequence == Consequence.REJECT
            and (entry.step, field.id) not in named
        )
        if field.type == "datetime" or decides:
            value = entry.values[field.id]
            yield text(field.label), formula_values.shown(_printed(field, value), value, zone)


def _printed(field: Field, value: Mapping[str, Any]) -> Field:
    """The field with the decimals that the certificate has of it; the record keeps them all, and so
    does the certificate where the shorter number would be judged otherwise.
    """
    if field.printed is None or "undefined" in value:
        return field
    whole = Quantity(value["text"], value["unit"])
    shorter = whole.rounded(field.printed)
    is_same = is_inside(whole, field.limits) == is_inside(shorter, field.limits)
    return replace(field, decimals=field.printed) if is_same else field


def _latest(found: ReleaseInputs) -> Iterator[tuple[Entry, Field]]:
    """Every field that was recorded, with its latest entry, in the order of the master record."""
    newest = {
        entry.step: entry
        for entry in sorted(
            found.here.current,
            key=lambda each: formula_values.place_key(found.here.master, each.position),
        )
        if not entry.not_applicable
    }
    for step in found.here.master.steps:
        if entry := newest.get(step.id):
            yield from ((entry, field) for field in step.fields if field.id in entry.values)
