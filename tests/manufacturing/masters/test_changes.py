"""What changed between two versions of a master record, in words."""

from dataclasses import replace

import pytest

from integrity import facts
from manufacturing.masters import changes, document
from tests.makers.masters import SHIPPED_BYTES


def said(before, after) -> list[str]:
    """What is different, in English."""
    return [facts.shown(each) for each in changes.between(before, after)]


def _with_step(master, **other):
    """The record with its second step made otherwise."""
    stage = master.stages[0]
    steps = (stage.steps[0], replace(stage.steps[1], **other), *stage.steps[2:])
    return replace(master, stages=(replace(stage, steps=steps), *master.stages[1:]))


@pytest.mark.req("MBR-04")
def test_steps_that_were_added_removed_or_changed_are_named():
    before = document.read(SHIPPED_BYTES)
    step = before.stages[0].steps[1]
    title = f"{before.stages[0].title['en']} · {step.title['en']}"
    label = step.fields[0].label["en"]
    shorter = replace(
        before,
        stages=(replace(before.stages[0], steps=before.stages[0].steps[:1]), *before.stages[1:]),
    )
    assert said(before, before) == []
    assert f"Step removed: {title}" in said(before, shorter)
    assert f"Step added: {title}" in said(shorter, before)
    assert said(before, _with_step(before, critical=not step.critical)) == [
        f"Step changed: {title} (criticality)"
    ]
    stricter = (replace(step.fields[0], deviation_class="minor"), *step.fields[1:])
    assert said(before, _with_step(before, fields=stricter)) == [
        f"Step changed: {title} ({label} changed)"
    ]
    assert said(before, _with_step(before, fields=step.fields[1:])) == [
        f"Step changed: {title} (without {label})"
    ]
    assert said(before, _with_step(before, fields=step.fields[::-1])) == [
        f"Step changed: {title} (order of the fields)"
    ]
    assert said(before, replace(before, specification="SP-2")) == ["Specification changed"]
    window = before.windows["processing"]
    assert said(before, replace(before, windows={"processing": replace(window, max=None)})) == [
        "Window changed: 24-hour window"
    ]
    assert said(before, replace(before, timers={})) == ["Timer removed: Digestion"]


def test_very_many_changes_end_in_how_many_more_there_are():
    before = document.read(SHIPPED_BYTES)
    stages = tuple(
        replace(stage, steps=tuple(replace(step, id=f"new_{step.id}") for step in stage.steps))
        for stage in before.stages
    )
    lines = said(before, replace(before, stages=stages))
    assert (
        len(lines) == changes.MOST_CHANGES + 1
        and lines[-1] == f"and {2 * len(before.steps) - changes.MOST_CHANGES} more"
    )
