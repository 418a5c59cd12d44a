"""What containers are taken from, as a master record names it: the jar, or the field that makes it;
and what says how much of a lot is used.

Pure: a record in, faults out.
"""

from __future__ import annotations

from collections.abc import Iterator

from documents.faults import Fault, fault
from manufacturing.masters.fault_ids import ReferenceFault
from manufacturing.masters.model import JAR, Field, Master, Step

AMOUNTS = ("measurement", "calculation", "vessels")  # what says how much of a lot is used


def _fields(master: Master, *types: str) -> dict[str, tuple[Step, Field]]:
    """{"step.field": both} of these types, in the order of the document."""
    return {
        f"{step.id}.{field.id}": (step, field)
        for step in master.steps
        for field in step.fields
        if field.type in types
    }


def containers_have_parents(master: Master) -> Iterator[Fault]:
    """Each parent is the jar or a field that makes vessels, and one of them has made some by then.

    A stage that repeats may take from what its own round before made.
    """
    makers = _fields(master, "vessels")
    order = {name: number for number, name in enumerate(_fields(master, "vessels", "sample"))}
    for name, (step, field) in _fields(master, "vessels", "sample").items():
        place = f"{field.place} › parents"
        unknown = [parent for parent in field.parents if parent not in (JAR, *makers)]
        for parent in unknown:
            yield fault(place, ReferenceFault.NO_MAKER, field=parent, jar=JAR)
        if unknown or not field.parents:
            continue
        made = [each for each in field.parents if each == JAR or order[each] < order[name]]
        later = [each for each in field.parents if each not in made]
        for parent in later:
            if not _comes_round(master, step, parent):
                yield fault(place, ReferenceFault.MADE_LATER, field=parent)
        if not made:
            yield fault(place, ReferenceFault.NOTHING_MADE, jar=JAR)


def _comes_round(master: Master, step: Step, parent: str) -> bool:
    """Whether the parent is made in a round before, of the same stage."""
    stage = master.stage_of(step.id)
    return stage.repeat is not None and any(
        parent.partition(".")[0] == each.id for each in stage.steps
    )


def what_is_taken_is_measured(master: Master) -> Iterator[Fault]:
    """“taken” names a measurement of the same step."""
    for step, field in _fields(master, "vessels", "sample").values():
        measured = [each.id for each in step.fields if each.type == "measurement"]
        if field.taken and field.taken not in measured:
            yield fault(f"{field.place} › taken", ReferenceFault.NO_MEASUREMENT, field=field.taken)


def what_is_used_is_known(master: Master) -> Iterator[Fault]:
    """“used” names fields of the same step that say an amount."""
    for step, field in _fields(master, "lot").values():
        known = [each.id for each in step.fields if each.type in AMOUNTS]
        for named in field.used:
            if named not in known:
                yield fault(f"{field.place} › used", ReferenceFault.NO_AMOUNT, field=named)
