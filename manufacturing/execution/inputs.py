"""The inputs of one field of a step, named as on the form: the field's id alone, or id-part
("count-1-live", "reading-co2-lowest"), and what stands in them before anybody types."""

from __future__ import annotations

from dataclasses import dataclass

from documents.texts import text
from manufacturing.execution.rules.steps import READING_WORDS
from manufacturing.masters.model import Field

MOMENTS = {"now": "now", "lowest": "lowest since last look", "highest": "highest since last look"}
SPARE_COUNTS = 2  # further counts a form offers, for when the first ones disagree


@dataclass(frozen=True)
class Part:
    """One input of a field.

    Its name on the form, label, unit code, and whether it may stay empty.
    """

    name: str
    label: str
    unit: str | None = None
    required: bool = True


def parts(field: Field) -> list[Part]:
    """The inputs a field is entered by; a calculation and a sample have none."""
    label = text(field.label)
    if field.type in ("calculation", "sample", "labels", "receipt"):
        return []
    if field.type == "count":
        return _count_parts(field)
    if field.type == "incubator":
        return [
            Part(
                f"{field.id}-{name}-{moment}",
                f"{READING_WORDS[name][:1].upper()}{READING_WORDS[name][1:]}, {words}",
                limits.unit,
            )
            for name, limits in field.readings.items()
            for moment, words in MOMENTS.items()
        ]
    return [
        Part(field.id, label, field.unit if field.type == "measurement" else None, field.required)
    ]


def _count_parts(field: Field) -> list[Part]:
    planned = field.replicates or 1
    made = [
        Part(f"{field.id}-{n}-{what}", f"Count {n}, {what}", None, n <= planned)
        for n in range(1, planned + SPARE_COUNTS + 1)
        for what in ("live", "dead")
    ]
    return [
        *made,
        Part(f"{field.id}-squares", "Large squares counted"),
        Part(f"{field.id}-dilution", "Dilution factor"),
    ]


def offered(field: Field) -> dict[str, str]:
    """What stands in the inputs of a field before anybody types."""
    if field.type != "count":
        return {}
    return {
        f"{field.id}-squares": str(field.squares or ""),
        f"{field.id}-dilution": str(field.dilution or ""),
    }
