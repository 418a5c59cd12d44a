"""Fields that are asked for only where an earlier choice of their step was answered so, as a master
record names them (`only_when`).

Pure: a record in, faults out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from documents.faults import Fault, fault
from integrity.words import either
from manufacturing.formulas.grammar import Binary, Call, Group, Name, Negative, Node, Power, Use
from manufacturing.masters.fault_ids import ConditionFault
from manufacturing.masters.model import Condition, Field, Master, Step

CHOICE = "choice"
Needed = Mapping[str, frozenset[str]]  # {choice: the answers under which something is asked for}


def conditions_are_sound(master: Master) -> Iterator[Fault]:
    """Each names a choice that stands before it in its step, and answers of that choice.

    What stands before cannot depend on what comes after it: nothing goes round in a circle.
    """
    for step in master.steps:
        for number, field in enumerate(step.fields):
            if field.only_when:
                yield from _sound(field, field.only_when, step.fields[:number], step)


def _sound(
    field: Field, condition: Condition, before: tuple[Field, ...], step: Step
) -> Iterator[Fault]:
    place = f"{field.place} › only_when"
    choice = _named(before, condition.field)
    if choice is None:
        known = any(each.id == condition.field for each in step.fields)
        what = ConditionFault.LATER if known else ConditionFault.NO_CHOICE
        yield fault(f"{place} › field", what, field=condition.field)
        return
    answers = [option.value for option in choice.options]
    for answer in condition.answers:
        if answers and answer not in answers:
            told = {"field": choice.id, "answer": answer, "answers": either(answers)}
            yield fault(f"{place} › is", ConditionFault.NO_ANSWER, **told)


def _named(fields: tuple[Field, ...], id: str) -> Field | None:
    """The choice of this id among the fields."""
    return next((each for each in fields if each.id == id and each.type == CHOICE), None)


def needed(step: Step, field: Field) -> Needed:
    """Everything under which a field is asked for: its own condition and that of its choice."""
    found: dict[str, frozenset[str]] = {}
    before = step.fields
    while field.only_when:
        found[field.only_when.field] = frozenset(field.only_when.answers)
        before = before[: before.index(field)]
        choice = _named(before, field.only_when.field)
        if choice is None:
            break  # said already, where the condition was read
        field = choice
    return found


def covers(step: Step, narrow: Field, wide: Field) -> bool:
    """Whether `wide` is asked for wherever `narrow` is; both are fields of the step."""
    has = needed(step, narrow)
    return all(
        choice in has and has[choice] <= answers for choice, answers in needed(step, wide).items()
    )


def what_is_needed_is_asked(master: Master) -> Iterator[Fault]:
    """The expiry and what goes into containers rest on fields that are there whenever they are."""
    for step in master.steps:
        for field in step.fields:
            if f"{step.id}.{field.id}" == master.expires_from:
                yield from _always(field, "expires_from")
            if any(option.hold for option in field.options):
                yield from _always(field, "hold")
            taken = next((each for each in step.fields if each.id == field.taken), None)
            if taken and not covers(step, field, taken):
                yield from _always(taken, field.id)


def _always(field: Field, needs: str) -> Iterator[Fault]:
    if field.only_when:
        place = f"{field.place} › only_when"
        yield fault(place, ConditionFault.ALWAYS, field=field.id, needs=needs)


def lacking(node: Node, is_there: Callable[[Use], bool]) -> str | None:
    """A name that may have no value where this part of a formula is worked out, or None.

    count() of nothing is nought; carried() needs one of its arguments.
    """
    match node:
        case Name(name):
            return None if is_there(Use(name, None)) else name
        case Negative(inner) | Group(inner) | Power(inner, _):
            return lacking(inner, is_there)
        case Binary(_, left, right):
            return lacking(left, is_there) or lacking(right, is_there)
        case Call():
            return _lacking_in(node, is_there)
    return None


def _lacking_in(call: Call, is_there: Callable[[Use], bool]) -> str | None:
    if call.function == "count":
        return None
    if call.function in ("sum", "previous"):
        return next(
            (
                each.name
                for each in call.arguments
                if isinstance(each, Name) and not is_there(Use(each.name, call.function))
            ),
            None,
        )
    missing = [lacking(each, is_there) for each in call.arguments]
    if call.function == "carried" and None in missing:
        return None
    return next(filter(None, missing), None)
