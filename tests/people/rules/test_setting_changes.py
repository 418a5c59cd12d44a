"""The law of two signatures on a setting, as tables."""

from __future__ import annotations

import pytest

from integrity import site
from integrity.site import SettingName
from people.rule_ids import PeopleRule as R
from people.rules import setting_changes as rules
from people.rules.setting_changes import MOVES, Change, SettingState as State

WRITER, QUALITY = 1, 2


def change(state=State.PROPOSED, **changes) -> Change:
    good = {"state": state, "proposed_by": WRITER, "was": "15", "now": "15"}
    return Change(**(good | changes))


def found(findings) -> list[R]:
    return [each.rule for each in findings]


@pytest.mark.req("IAM-03")
@pytest.mark.parametrize(
    ("state", "changes", "by", "wanted"),
    [
        (State.DRAFT, {}, WRITER, []),
        (State.DRAFT, {}, QUALITY, [R.SETTING_ANOTHERS]),
        (State.DRAFT, {}, None, [R.SETTING_ANOTHERS]),
        (State.DRAFT, {"another_waits": True}, WRITER, [R.SETTING_WAITS_ALREADY]),
        (State.DRAFT, {"now": "20"}, WRITER, [R.SETTING_MOVED]),
        *((state, {}, WRITER, [R.SETTING_NO_DRAFT]) for state in State if state != State.DRAFT),
        (None, {}, WRITER, [R.SETTING_NO_DRAFT]),
    ],
)
def test_who_signs_that_they_propose_it(state, changes, by, wanted):
    assert found(rules.against_proposing(change(state, **changes), by)) == wanted


@pytest.mark.req("IAM-03")
@pytest.mark.parametrize(
    ("state", "changes", "by", "wanted"),
    [
        (State.PROPOSED, {}, QUALITY, []),
        (State.PROPOSED, {}, WRITER, [R.OWN_SETTING]),
        (State.PROPOSED, {"now": "20"}, QUALITY, [R.SETTING_MOVED]),
        (State.PROPOSED, {"now": "20"}, WRITER, [R.OWN_SETTING]),
        *(
            (state, {}, QUALITY, [R.SETTING_NOT_PROPOSED])
            for state in (None, *State)
            if state != State.PROPOSED
        ),
    ],
)
def test_whose_second_signature_makes_it_hold(state, changes, by, wanted):
    assert found(rules.against_approving(change(state, **changes), by)) == wanted


@pytest.mark.req("IAM-03")
@pytest.mark.parametrize(
    ("by", "wanted"), [(QUALITY, []), (WRITER, [R.OWN_SETTING])], ids=["quality", "writer"]
)
def test_who_refuses_it_is_another_one_and_what_moved_is_refused_too(by, wanted):
    assert found(rules.against_judging(change(now="20"), by)) == wanted


@pytest.mark.req("IAM-03")
@pytest.mark.parametrize("state", [None, *State])
def test_what_is_settled_is_not_taken_back(state):
    settled = state not in (State.DRAFT, State.PROPOSED)
    wanted = [R.SETTING_SETTLED] if settled else []
    assert found(rules.against_withdrawing(change(state))) == wanted


@pytest.mark.req("IAM-03")
def test_no_move_leads_past_the_second_signature():
    before = {was for was, becomes in MOVES.items() if State.APPROVED in becomes}
    assert before == {State.PROPOSED}
    assert not {State.APPROVED, State.REJECTED, State.WITHDRAWN} & set(MOVES)


@pytest.mark.req("IAM-03")
@pytest.mark.parametrize("name", list(SettingName))
def test_what_changes_a_judgement_wants_two(name):
    alone = {"file_megabytes", "all_files_megabytes", "reminder_hour"}
    assert (name in site.TWO_SIGN) == (name not in alone)


@pytest.mark.parametrize("name", site.MAKER)
@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("x", []),
        ("x" * 200, []),
        ("x" * 201, ["rel-08-maker-length"]),
        ("", ["rel-08-maker-length"]),
        ("\u2800", ["rel-08-maker-length"]),
        ("two\nlines", ["rel-08-maker-length"]),
    ],
)
def test_what_a_certificate_says_of_the_maker_is_one_line_that_is_seen(name, value, wanted):
    assert found(site.against(name, value, site.NOT_STATED)) == wanted


@pytest.mark.req("IAM-03", "TIM-05")
@pytest.mark.parametrize(
    ("was", "value", "wanted"),
    [
        ("no", "yes", []),
        ("no", "no", []),
        ("yes", "yes", []),
        ("yes", "no", ["tim-05-demonstration-stays"]),
        ("no", "maybe", ["tim-05-neither-yes-nor-no"]),
        ("no", "", ["tim-05-neither-yes-nor-no"]),
        ("no", "YES", ["tim-05-neither-yes-nor-no"]),
    ],
)
def test_a_demonstration_stays_one(was, value, wanted):
    assert found(site.against("demonstration", value, was)) == wanted
