"""The law of codes from a phone, as tables."""

from __future__ import annotations

import pytest

from integrity import site
from integrity.site import SecondFactorPolicy as Policy
from people.rule_ids import PeopleRule as R
from people.rules import second_factors as rules
from people.rules.second_factors import MOVES, Code, FactorState as State, Occasion, Spare

COMING_IN, FIRST, FURTHER = Occasion


def found(findings) -> list[R]:
    return [each.rule for each in findings]


@pytest.mark.req("SIG-09")
@pytest.mark.parametrize(
    ("policy", "occasion", "wanted"),
    [
        (Policy.AS_WANTED, COMING_IN, True),
        (Policy.AS_WANTED, FIRST, True),
        (Policy.AS_WANTED, FURTHER, False),
        (Policy.FIRST_SIGNATURE, COMING_IN, True),
        (Policy.FIRST_SIGNATURE, FIRST, True),
        (Policy.FIRST_SIGNATURE, FURTHER, False),
        (Policy.EVERY_SIGNATURE, COMING_IN, True),
        (Policy.EVERY_SIGNATURE, FIRST, True),
        (Policy.EVERY_SIGNATURE, FURTHER, True),
    ],
)
def test_when_a_code_is_asked_for(policy, occasion, wanted):
    assert rules.wants_code(policy, State.IN_FORCE, occasion) is wanted
    for state in (None, State.BEGUN, State.ENDED):
        assert rules.wants_code(policy, state, occasion) is False, "nobody has a code to give"


@pytest.mark.req("SIG-09")
@pytest.mark.parametrize("state", [None, *State])
@pytest.mark.parametrize("policy", list(Policy))
def test_who_signs_without_a_phone(policy, state):
    may = policy == Policy.AS_WANTED or state == State.IN_FORCE
    assert found(rules.against_signing(policy, state)) == ([] if may else [R.NO_SECOND_FACTOR])


@pytest.mark.req("SIG-09")
@pytest.mark.parametrize(
    ("interval", "last", "opens"),
    [
        (None, None, False),
        (None, 7, False),
        (7, None, True),
        (8, 7, True),
        (7, 7, False),
        (6, 7, False),
    ],
)
def test_a_code_opens_once_and_none_before_it_afterwards(interval, last, opens):
    assert rules.opens(Code(interval, last)) is opens


@pytest.mark.req("SIG-09")
@pytest.mark.parametrize(
    ("state", "beginning", "confirming", "ending"),
    [
        (None, [], [R.NO_FACTOR_BEGUN], [R.NO_FACTOR_IN_FORCE]),
        (State.BEGUN, [], [], [R.NO_FACTOR_IN_FORCE]),
        (State.IN_FORCE, [R.FACTOR_IN_FORCE], [R.NO_FACTOR_BEGUN], []),
        (State.ENDED, [], [R.NO_FACTOR_BEGUN], [R.NO_FACTOR_IN_FORCE]),
    ],
)
def test_what_may_be_done_with_a_phone(state, beginning, confirming, ending):
    assert found(rules.against_beginning(state)) == beginning
    assert found(rules.against_confirming(state, Code(7))) == confirming
    assert found(rules.against_ending(state)) == ending


@pytest.mark.req("SIG-09")
def test_a_wrong_code_confirms_nothing():
    assert found(rules.against_confirming(State.BEGUN, Code(None))) == [R.CODE_NOT_OF_NOW]
    assert found(rules.against_confirming(State.BEGUN, Code(7, 7))) == [R.CODE_NOT_OF_NOW]


@pytest.mark.req("SIG-09")
def test_no_phone_is_in_force_that_was_not_begun():
    assert {was for was, becomes in MOVES.items() if State.IN_FORCE in becomes} == {State.BEGUN}


@pytest.mark.req("SIG-09")
@pytest.mark.parametrize(
    ("value", "rules_found"),
    [*((each.value, []) for each in Policy), ("", 1), ("never", 1), ("AS_WANTED", 1)],
)
def test_the_policy_is_one_of_three(value, rules_found):
    wanted = ["sig-09-policy-unread"] if rules_found else []
    assert found(site.against("second_factor", value, "as_wanted")) == wanted


@pytest.mark.req("SIG-09")
@pytest.mark.parametrize(
    ("spare", "held", "used", "opens"),
    [
        (Spare(4, 0), 4, (), True),
        (Spare(4, 9), 4, (0, 8), True),
        (Spare(4, 9), 4, (9,), False),
        (Spare(3, 0), 4, (), False),
        (Spare(4, 0), None, (), False),
    ],
)
def test_a_spare_code_opens_once_and_only_of_the_ten_that_hold(spare, held, used, opens):
    assert rules.opens_spare(spare, held, frozenset(used)) is opens


@pytest.mark.req("SIG-09")
@pytest.mark.parametrize(("left", "few"), [(9, False), (4, False), (3, True), (0, True)])
def test_whoever_has_few_left_is_told(left, few):
    assert rules.are_few(left) is few


@pytest.mark.req("SIG-09")
@pytest.mark.parametrize("state", [None, *State])
def test_spare_codes_belong_to_a_phone_that_is_set_up(state):
    refused = [] if state == State.IN_FORCE else [R.NO_FACTOR_IN_FORCE]
    assert found(rules.against_drawing(state)) == refused
