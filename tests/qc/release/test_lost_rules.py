"""The law of what a restore loses, as tables."""

from __future__ import annotations

import pytest

from integrity.lost_events import Lost
from qc.release import lost_rules

AT, BAG, LOT = "2026-11-02T08:00:00.000Z", "C26000101", "M26000101"


def lost(action: str, under: str = BAG, **details: str) -> Lost:
    return Lost(AT, action, "qa1", under, "", details, scope="B26000102")


@pytest.mark.req("REC-05")
@pytest.mark.parametrize(
    ("event", "is_forbidding"),
    [
        (lost("container.issued"), True),
        (lost("container.issue_recorded"), True),
        (lost("container.destroyed"), True),
        (lost("release.withdraw"), True),
        (lost("release.hold"), True),
        (lost("batch.on_hold"), True),
        (lost("lot.rejected"), True),
        (lost("hold.put"), True),
        (lost("cord.rejected"), True),
        (lost("donor.tested"), True),
        (lost("donor.consent_changed"), True),
        (lost("observation.recorded"), True),
        (lost("donor.determined", verdict="ineligible"), True),
        (lost("donor.determined", verdict="eligible"), False),
        (lost("result.recorded", verdict="fails"), True),
        (lost("result.recorded", verdict="conforms"), False),
        (lost("deviation.opened", **{"class": "critical"}), True),
        (lost("deviation.opened", **{"class": "minor"}), False),
        (lost("deviation.judged", decision="reject"), True),
        (lost("equipment.calibrated", as_found="out_of_tolerance"), True),
        (lost("equipment.calibrated", as_found="in_tolerance"), False),
        (lost("release.final"), False),
        (lost("lot.released"), False),
        (lost("hold.lifted"), False),
        (lost("step.recorded"), False),
        (lost("site.changed"), False),
    ],
    ids=lambda value: value.action if isinstance(value, Lost) else None,
)
def test_what_forbids_that_a_thing_is_used_is_told_from_what_does_not(event, is_forbidding):
    assert lost_rules.forbids(event) is is_forbidding
    assert bool(lost_rules.concerned([event])) is is_forbidding


@pytest.mark.parametrize(
    ("event", "code"),
    [
        (lost("container.issued"), BAG),
        (lost("hold.put", "B26000101", code=LOT), LOT),
        (lost("result.recorded", "B26000101", sample="S26000101", verdict="fails"), "S26000101"),
        (lost("donor.determined", "K26000101", donor="DN-1", verdict="ineligible"), "DN-1"),
        (lost("observation.recorded", "B26000101", about=LOT), LOT),
        (lost("deviation.opened", "N26000101", code="N26000101", **{"class": "critical"}),
         "B26000102"),
        (lost("deviation.judged", "N26000101", decision="reject"), "B26000102"),
    ],
    ids=lambda value: value.action if isinstance(value, Lost) else None,
)  # fmt: skip
def test_the_thing_is_named_by_what_the_deed_was_about(event, code):
    assert list(lost_rules.concerned([event])) == [code]


def test_all_that_is_lost_of_one_thing_is_told_together_in_its_order():
    first, other, then = lost("container.issued"), lost("lot.rejected", LOT), lost("hold.put")
    assert lost_rules.concerned([first, other, then]) == {BAG: [first, then], LOT: [other]}
