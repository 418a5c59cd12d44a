"""The law of answers that have to agree: a choice that the master record says is answered as one of
an earlier step was. Pure: facts in, findings out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from integrity import facts
from integrity.facts import Fact
from integrity.findings import Finding, deviates
from manufacturing.execution.rule_ids import ExecutionRule
from manufacturing.masters.agreements import choice_named
from manufacturing.masters.model import Field, Master, Step


def disagreeing(
    master: Master, step: Step, values: Mapping[str, Any], said: Mapping[str, str]
) -> Iterator[Finding]:
    """Each choice of a step that is answered otherwise than the one it has to agree with; `said`
    has the answers that stand, by "step.field". What is not answered disagrees with nothing."""
    for field in step.fields:
        named = field.same_as or ""
        answer: str = (values.get(field.id) or {}).get("value", "")
        other = said.get(named)
        earlier = choice_named(master, named) if answer and other else None
        if earlier and other and answer != other:
            yield deviates(
                ExecutionRule.ANSWERS_DISAGREE,
                field.deviation_class,
                field=field.id,
                consequence=field.consequence,
                label=facts.text(field.label),
                choice=_label(field, answer),
                step=facts.text(master.step(named.partition(".")[0]).title),
                other=facts.text(earlier.label),
                said=_label(earlier, other),
            )


def _label(field: Field, answer: str) -> Fact:
    return next(facts.text(each.label) for each in field.options if each.value == answer)
