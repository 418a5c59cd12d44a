"""Choices that have to be answered as one of an earlier step was (`same_as`): what a product was
washed in is what it is suspended in.

Pure: a record in, faults out.
"""

from __future__ import annotations

from collections.abc import Iterator

from documents.faults import Fault, fault
from integrity.words import either
from manufacturing.masters.fault_ids import AgreementFault
from manufacturing.masters.model import Field, Master

CHOICE = "choice"


def choice_named(master: Master, named: str) -> Field | None:
    """The choice that "step.field" names, or None."""
    step_id, _, field_id = named.partition(".")
    steps = (step for step in master.steps if step.id == step_id)
    fields = (field for step in steps for field in step.fields)
    return next((each for each in fields if (each.id, each.type) == (field_id, CHOICE)), None)


def choices_can_agree(master: Master) -> Iterator[Fault]:
    """Each names a choice of an earlier step, with the same answers."""
    order = {step.id: number for number, step in enumerate(master.steps)}
    for step in master.steps:
        for field in step.fields:
            if field.same_as is not None:
                yield from _sound(master, field, field.same_as, order[step.id], order)


def _sound(
    master: Master, field: Field, named: str, here: int, order: dict[str, int]
) -> Iterator[Fault]:
    place = f"{field.place} › same_as"
    other = choice_named(master, named)
    if other is None:
        yield fault(place, AgreementFault.NO_CHOICE, named=named)
    elif order[named.partition(".")[0]] >= here:
        yield fault(place, AgreementFault.LATER, named=named)
    elif {each.value for each in other.options} != {each.value for each in field.options}:
        answers = either(sorted({each.value for each in other.options}))
        yield fault(place, AgreementFault.OTHER_ANSWERS, named=named, answers=answers)
