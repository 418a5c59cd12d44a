"""Alert limits of the master record: what is accepted and still worth a look (EBR-05).

Pure: facts in, findings out. Nothing of it is stored: it follows from the values that stand and the
master record of the batch, so that a correction is judged anew by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from integrity import facts
from integrity.findings import Finding, warns
from integrity.quantities import Quantity
from manufacturing.execution.rule_ids import ExecutionRule
from manufacturing.execution.rules.steps import is_inside, shown_limits
from manufacturing.masters.model import Field, Step

DECIMALS = 1  # of a viability as it is shown


def of_step(step: Step, values: Mapping[str, Any]) -> list[Finding]:
    """Every alert limit that the values of one entry have crossed, in the order of the fields."""
    return [
        finding
        for field in step.fields
        if field.id in values
        for finding in crossed(field, values[field.id])
    ]


def crossed(field: Field, value: Mapping[str, Any]) -> Iterator[Finding]:
    """One value against the alert limits of its field.

    What lies outside the limits themselves deviates already.
    """
    found = measured(field, value)
    if found is None or not is_inside(found, field.limits) or is_inside(found, field.alert):
        return
    decimals = DECIMALS if field.type == "count" else field.decimals
    rounded = found if decimals is None else found.rounded(decimals)
    yield warns(
        ExecutionRule.BEYOND_ALERT,
        field=field.id,
        label=facts.text(field.label),
        value=str(found if is_inside(rounded, field.alert) else rounded),
        limits=shown_limits(field.alert),
    )


def measured(field: Field, value: Mapping[str, Any]) -> Quantity | None:
    """What an alert limit of the field is about: the value itself, of a count its viability."""
    if field.type == "count":
        return Quantity(value["viability"], "%")
    return Quantity(value["text"], value["unit"]) if "text" in value and "unit" in value else None
