"""What containers are taken from, as a master record names it: the jar, or the field that makes it.

Pure: a record in, faults out.
"""

from __future__ import annotations

from collections.abc import Iterator

from documents.faults import Fault
from manufacturing.masters.model import JAR, Field, Master, Step


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
            yield Fault(
                place,
                f"No field “{parent}” makes vessels: name one as step.field, or “{JAR}”.",
            )
        if unknown or not field.parents:
            continue
        made = [each for each in field.parents if each == JAR or order[each] < order[name]]
        later = [each for each in field.parents if each not in made]
        for parent in later:
            if not _comes_round(master, step, parent):
                yield Fault(place, f"“{parent}” makes its vessels later: name an earlier field.")
        if not made:
            yield Fault(
                place,
                f"Nothing has been made by then: name “{JAR}” or an earlier field as well.",
            )


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
            yield Fault(
                f"{field.place} › taken",
                f"There is no measurement “{field.taken}” in this step: name one that says how "
                "much goes from each parent into each container.",
            )
