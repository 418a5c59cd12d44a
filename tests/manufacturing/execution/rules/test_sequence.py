"""The law of order, pure.

What may be recorded now, over tables of progress and over every walk that hypothesis can think of.
"""

import pytest
from hypothesis import given, settings, strategies as st

from manufacturing.execution.rules.sequence import (
    Open,
    Position,
    Progress,
    Round,
    in_order,
    never_signed,
    open_now,
    place,
    step_title,
)
from manufacturing.masters.document import SHIPPED, read
from manufacturing.masters.model import Master, Repeat, Stage, Step

WORDS = {"en": "Words"}


def a_step(id, repeat=None, **other):
    return Step(
        id, {"en": id}, WORDS, repeat=repeat and Repeat(*repeat, title={"en": id + " {n}"}), **other
    )


def a_master(*stages):
    return Master(
        "T",
        WORDS,
        WORDS,
        "SP",
        True,
        WORDS,
        WORDS,
        None,
        None,
        None,
        None,
        None,
        None,
        stages,
        {},
        {},
    )


def a_stage(id, *steps, sign_off=False, repeat=None):
    return Stage(
        id, {"en": id}, sign_off, repeat and Repeat(*repeat, title={"en": id + " {n}"}), steps
    )


PLAIN = a_master(
    a_stage("a", a_step("one"), a_step("two", (1, 3)), a_step("three")),
    a_stage("b", a_step("four")),
)
SIGNED = a_master(a_stage("a", a_step("one", (1, 2)), sign_off=True), a_stage("b", a_step("two")))
AGAIN = a_master(
    a_stage("a", a_step("one"), a_step("two"), sign_off=True, repeat=(1, 2)),
    a_stage("b", a_step("three")),
)


def at(master, *names):
    """Positions written "step", "step 2" (turn) or "step 2/1" (cycle 2, turn 1)."""
    made = []
    for name in names:
        step, _, rest = name.partition(" ")
        cycle, _, turn = rest.rpartition("/")
        made.append(Position(master.stage_of(step).id, int(cycle or 1), step, int(turn or 1)))
    return made


def done(master, *names, unverified=(), signed=()):
    return Progress(
        frozenset(at(master, *names)), frozenset(at(master, *unverified)), frozenset(signed)
    )


@pytest.mark.parametrize(
    ("master", "recorded", "may"),
    [
        (PLAIN, [], ["one"]),
        (PLAIN, ["one"], ["two"]),
        (PLAIN, ["one", "two"], ["two 2", "three"]),
        (PLAIN, ["one", "two", "two 2"], ["two 3", "three"]),
        (PLAIN, ["one", "two", "two 2", "two 3"], ["three"]),
        (PLAIN, ["one", "two", "three"], ["four"]),
        (PLAIN, ["one", "two", "three", "four"], []),
    ],
)
def test_a_step_repeats_between_its_least_and_its_most_until_a_later_one_is_recorded(
    master, recorded, may
):
    assert open_now(master, done(master, *recorded)).steps == at(master, *may)


@pytest.mark.parametrize(
    ("recorded", "signed", "may", "sign"),
    [
        (["one", "two"], [], [], ("a", 1)),
        (["one", "two"], [("a", 1)], ["one 2/1", "three"], None),
        (["one", "two", "one 2/1"], [("a", 1)], ["two 2/1"], None),
        (["one", "two", "one 2/1", "two 2/1"], [("a", 1)], [], ("a", 2)),
        (["one", "two", "one 2/1", "two 2/1"], [("a", 1), ("a", 2)], ["three"], None),
        (["one", "two", "three"], [("a", 1)], [], None),
    ],
)
def test_a_stage_that_repeats_is_followed_by_its_next_round_or_by_the_next_stage(
    recorded, signed, may, sign
):
    found = open_now(AGAIN, done(AGAIN, *recorded, signed=[Round(*each) for each in signed]))
    assert found.steps == at(AGAIN, *may)
    assert found.sign == (Round(*sign) if sign else None)


def test_what_waits_for_a_second_person_blocks_everything_after_it():
    found = open_now(PLAIN, done(PLAIN, "one", "two", unverified=["one"]))
    assert (found.steps, found.verify) == ([], at(PLAIN, "one")[0])


def test_a_repeating_last_step_may_be_repeated_or_signed_off_and_then_is_closed():
    before = open_now(SIGNED, done(SIGNED, "one"))
    assert (before.steps, before.sign) == (at(SIGNED, "one 2"), Round("a", 1))
    after = open_now(SIGNED, done(SIGNED, "one", signed=[Round("a", 1)]))
    assert (after.steps, after.sign) == (at(SIGNED, "two"), None)


def test_a_sign_off_that_a_correction_made_void_blocks_what_comes_after_it():
    found = open_now(AGAIN, done(AGAIN, "one", "two", "three"))
    assert (found.steps, found.sign) == ([], Round("a", 1))


@pytest.mark.parametrize(
    ("recorded", "wanted", "sentence"),
    [
        ([], "two", "not due yet. Record “one” first"),
        (["one"], "three", "Record “two” first"),
        (["one", "two"], "four", "“two” or “three”"),
        (["one"], "one", "recorded already"),
        (["one", "two", "three"], "two 2", "not due yet"),
        (["one", "two", "three", "four"], "two 3", "Every step of this batch is recorded"),
        (["one"], "two 2", "not due yet"),
        (["one"], "two 99", "not due yet"),
    ],
)
def test_out_of_order_is_refused_in_a_sentence_that_says_what_is_due(recorded, wanted, sentence):
    found = list(in_order(PLAIN, done(PLAIN, *recorded), *at(PLAIN, wanted)))
    assert len(found) == 1
    assert sentence in found[0].sentence()


def test_a_position_in_the_wrong_stage_or_of_no_step_is_refused():
    for position in (
        Position("b", 1, "one", 1),
        Position("a", 1, "nothing", 1),
        Position("", 0, "", 0),
        Position("a", -1, "one", 1),
    ):
        assert list(in_order(PLAIN, Progress(), position))


def test_a_waiting_second_person_and_a_waiting_sign_off_are_named():
    [verify] = in_order(PLAIN, done(PLAIN, "one", unverified=["one"]), *at(PLAIN, "two"))
    [sign] = in_order(AGAIN, done(AGAIN, "one", "two"), *at(AGAIN, "three"))
    assert "“one” waits for its second person" in verify.sentence()
    assert "“a” waits for its sign-off" in sign.sentence()


def test_a_position_is_called_by_its_round_and_its_turn():
    shipped = read(SHIPPED.read_bytes())
    assert (
        place(shipped, Position("passage", 2, "medium_change", 3)) == "Passage 2 · Medium change 3"
    )
    assert step_title(shipped.step("mince"), 1) == "Cut and mince"


# Every walk
# -------------------------------------------------------------------------------------------------


@st.composite
def masters(draw):
    def repeat():
        least = draw(st.integers(1, 2))
        return draw(st.sampled_from([None, (least, least + draw(st.integers(0, 2)))]))

    numbers = iter(range(100))
    stages = []
    for _ in range(draw(st.integers(1, 3))):
        steps = [
            a_step(f"s{next(numbers)}", repeat(), verify=draw(st.booleans()))
            for _ in range(draw(st.integers(1, 3)))
        ]
        stages.append(
            a_stage(f"g{next(numbers)}", *steps, sign_off=draw(st.booleans()), repeat=repeat())
        )
    return a_master(*stages)


@settings(max_examples=150, deadline=None)
@given(masters(), st.randoms(use_true_random=False))
def test_every_walk_of_allowed_choices_ends_complete_and_offers_no_position_twice(master, random):
    recorded, unverified, signed = [], set(), set()
    for _ in range(2000):
        found = open_now(
            master, Progress(frozenset(recorded), frozenset(unverified), frozenset(signed))
        )
        assert not set(found.steps) & set(recorded)
        assert len(found.steps) == len(set(found.steps))
        if found.is_complete:
            break
        _go_on(master, found, recorded, unverified, signed, random)
    else:
        pytest.fail("This walk does not end.")
    assert len(recorded) == len(set(recorded))
    least = {
        step.id: (step.repeat.min if step.repeat else 1) * (stage.repeat.min if stage.repeat else 1)
        for stage in master.stages
        for step in stage.steps
    }
    for step, times in least.items():
        assert sum(position.step == step for position in recorded) >= times


def _go_on(master, found: Open, recorded, unverified, signed, random):
    if found.verify:
        unverified.discard(found.verify)
    elif found.sign and (not found.steps or random.random() < 0.5):
        signed.add(found.sign)
    else:
        position = random.choice(found.steps)
        assert not list(
            in_order(
                master,
                Progress(frozenset(recorded), frozenset(unverified), frozenset(signed)),
                position,
            )
        )
        recorded.append(position)
        if master.step(position.step).verify:
            unverified.add(position)


@pytest.mark.req("EBR-02", "SIG-05", "AUD-11")
@pytest.mark.parametrize(
    ("master", "begun", "signed", "is_over", "missing"),
    [
        (SIGNED, ["a 1"], [], False, []),  # waits for its sign-off
        (SIGNED, ["a 1"], [], True, ["a 1"]),
        (SIGNED, ["a 1", "b 1"], [], False, ["a 1"]),
        (SIGNED, ["a 1", "b 1"], ["a 1"], True, []),
        (SIGNED, ["b 1"], [], False, ["a 1"]),  # nothing of it was ever recorded
        (AGAIN, ["a 1", "a 2"], [], False, ["a 1"]),
        (AGAIN, ["a 1", "a 2"], ["a 1"], False, []),
        (AGAIN, ["a 1", "a 2", "b 1"], ["a 1"], False, ["a 2"]),
        (AGAIN, ["a 1", "a 2", "b 1"], ["a 2"], False, ["a 1"]),
        (AGAIN, ["a 1", "b 1"], ["a 1"], True, []),  # a round that was never begun is none
        (PLAIN, ["a 1", "b 1"], [], True, []),
        (SIGNED, [], [], False, []),
    ],
)
def test_a_round_that_was_never_signed_off_is_known_by_what_stands_beyond_it(
    master, begun, signed, is_over, missing
):
    def rounds(named):
        return {Round(stage, int(cycle)) for stage, cycle in map(str.split, named)}

    found = never_signed(master, rounds(begun), rounds(signed), is_over=is_over)
    assert set(found) == rounds(missing)
