"""The law of what becomes of a container, as tables: who may record it, of what, when, by whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from integrity.rule_ids import IntegrityRule
from stores import fate_rules as rules, standing
from stores.fate_rules import Fate, FateState, Said, Situation
from stores.rule_ids import StoreRule
from stores.rules import ContainerKind
from stores.standing import Word
from tests.templates import MORNING

WHY = "The bag was damaged on its way."
MINUTE = timedelta(minutes=1)
AT = MORNING + timedelta(hours=3)
FULL = {"consignee": "SITE-04", "reason": WHY, "condition": "opened"}
IN_ORDER = {
    Fate.ISSUED: {"consignee": "SITE-04"},
    Fate.RETURNED: {"reason": WHY, "condition": "damaged"},
    Fate.USED: {"reason": WHY},
    Fate.DESTROYED: {"reason": WHY},
}
# what became of it by now: what can become of it next
OPEN = {
    None: {Fate.ISSUED, Fate.DESTROYED},
    Fate.ISSUED: {Fate.RETURNED, Fate.USED, Fate.DESTROYED},
    Fate.RETURNED: {Fate.DESTROYED},
    Fate.USED: set(),
    Fate.DESTROYED: set(),
}


def situation(word=Word.RELEASED, fate=None, **changes):
    words = tuple(standing.words(word, fate=fate))
    ordinary = {"kind": "final", "since": MORNING, "at": AT, "fate": fate, "words": words}
    sentence = standing.sentence(words[0], None)
    return Situation(code="P260000122", **({"sentence": sentence} | ordinary | changes))


def said(fate, done_at=AT, **changes):
    return Said(fate, done_at, **(IN_ORDER[Fate(fate)] | changes))


def found(facts, told):
    return [each.rule for each in rules.may_become(facts, told)]


@pytest.mark.req("REL-02", "TRC-03", "REL-12")
@pytest.mark.parametrize("fate", [None, *Fate])
@pytest.mark.parametrize("wanted", Fate)
def test_what_can_become_of_a_container_depends_on_what_became_of_it(fate, wanted):
    refused = found(situation(fate=fate), said(wanted))
    if wanted in OPEN[fate]:
        assert refused == []
    elif wanted == Fate.ISSUED:
        assert refused == [StoreRule.NOT_ISSUABLE]
    else:
        assert refused == [StoreRule.FATE_NOT_OPEN]


@pytest.mark.req("TRC-03")
@pytest.mark.parametrize("word", Word)
def test_only_what_a_scan_calls_issuable_is_issued_and_the_refusal_says_what_the_scan_says(word):
    facts = situation(word)
    refused = list(rules.may_become(facts, said(Fate.ISSUED)))
    if word in standing.ALLOWS:
        assert refused == []
    else:
        assert [each.rule for each in refused] == [StoreRule.NOT_ISSUABLE]
        assert refused[0].parameters["why"] == standing.sentence(word, None)


@pytest.mark.parametrize("kind", ContainerKind)
def test_nothing_but_a_final_container_is_issued_and_anything_is_destroyed(kind):
    facts = situation(kind=kind)
    refused = [] if kind == "final" else [StoreRule.ISSUE_NOT_FINAL]
    assert found(facts, said(Fate.ISSUED)) == refused
    assert found(facts, said(Fate.DESTROYED)) == []


@pytest.mark.req("REL-11")
@pytest.mark.parametrize("word", Word)
def test_anything_but_what_is_void_is_destroyed(word):
    refused = [StoreRule.FATE_NOT_OPEN] if word == Word.VOID else []
    assert found(situation(word), said(Fate.DESTROYED)) == refused


@pytest.mark.parametrize(
    ("fate", "before", "changes", "refused"),
    [
        (Fate.ISSUED, None, {"consignee": " "}, StoreRule.ISSUE_CONSIGNEE),
        (Fate.ISSUED, None, {"consignee": "\u200b"}, StoreRule.ISSUE_CONSIGNEE),
        (Fate.ISSUED, None, {"consignee": "\u3164"}, StoreRule.ISSUE_CONSIGNEE),
        (Fate.DESTROYED, None, {"reason": "broken"}, StoreRule.FATE_REASON),
        (Fate.USED, Fate.ISSUED, {"reason": ""}, StoreRule.FATE_REASON),
        (Fate.RETURNED, Fate.ISSUED, {"reason": ".........."}, StoreRule.FATE_REASON),
        (Fate.RETURNED, Fate.ISSUED, {"condition": ""}, StoreRule.RETURN_CONDITION),
        (Fate.RETURNED, Fate.ISSUED, {"condition": "melted"}, StoreRule.RETURN_CONDITION),
        (Fate.ISSUED, None, {"done_at": AT + MINUTE}, StoreRule.FATE_AHEAD),
        (Fate.DESTROYED, None, {"done_at": MORNING - MINUTE}, StoreRule.FATE_BEFORE),
    ],
)
def test_what_is_said_of_it_is_whole_and_possible(fate, before, changes, refused):
    assert found(situation(fate=before), said(fate, **changes)) == [refused]


def test_the_same_minute_is_in_order():
    late_in_it = MORNING + timedelta(seconds=50)
    assert list(rules.moment_is_possible(MORNING, late_in_it, AT)) == []


@pytest.mark.req("TIM-06")
@pytest.mark.parametrize(
    ("became", "seen", "since"),
    [
        ([], [], MORNING),
        ([], [MORNING - MINUTE], MORNING),
        ([AT], [], AT),
        ([], [MORNING, AT], AT),
        ([MORNING + MINUTE], [AT], AT),
        ([AT], [MORNING + MINUTE], AT),
    ],
)
def test_nothing_became_of_it_before_the_last_that_is_known_of_it(became, seen, since):
    assert rules.newest(MORNING, became, seen) == since


def test_what_was_not_usable_then_was_not_issued_then():
    assert found(situation(was_usable=False), said(Fate.ISSUED)) == [StoreRule.NOT_ISSUABLE_THEN]
    assert found(situation(was_usable=False), said(Fate.DESTROYED)) == []


@pytest.mark.req("LAB-01", "TRC-03")
@pytest.mark.parametrize("fate", Fate)
def test_only_an_issue_asks_whether_the_label_is_true(fate):
    was = None if fate in (Fate.ISSUED, Fate.DESTROYED) else Fate.ISSUED
    told = found(situation(is_mislabelled=True, fate=was), said(fate))
    assert (StoreRule.LABEL_UNTRUE in told) is (fate == Fate.ISSUED)


def test_one_thing_waits_at_a_time():
    assert found(situation(waits=True), said(Fate.DESTROYED)) == [StoreRule.FATE_WAITS]


@pytest.mark.req("SIG-10")
@pytest.mark.parametrize(
    ("state", "by", "refused"),
    [
        (FateState.WAITING, "second", []),
        (FateState.WAITING, "first", [StoreRule.FATE_SAME_PERSON]),
        (FateState.CONFIRMED, "second", [StoreRule.FATE_NOT_WAITING]),
        (FateState.WITHDRAWN, "second", [StoreRule.FATE_NOT_WAITING]),
        (None, "second", [StoreRule.FATE_NOT_WAITING]),
    ],
)
def test_somebody_else_confirms_what_waits(state, by, refused):
    assert [each.rule for each in rules.may_confirm(state, "first", by)] == refused


@pytest.mark.parametrize(
    ("state", "why", "refused"),
    [
        (FateState.WAITING, WHY, []),
        (FateState.WAITING, "no", [StoreRule.FATE_REASON]),
        (FateState.CONFIRMED, WHY, [StoreRule.FATE_NOT_WAITING]),
    ],
)
def test_only_what_waits_is_withdrawn_and_with_a_reason(state, why, refused):
    assert [each.rule for each in rules.may_withdraw(state, why)] == refused


@pytest.mark.parametrize("fate", [None, *Fate])
def test_nothing_is_taken_from_what_is_not_there(fate):
    told = [each.sentence() for each in rules.may_be_taken("P260000122", fate)]
    assert len(told) == (fate is not None) and all(fate in each for each in told)


@pytest.mark.req("LAB-02")
@pytest.mark.parametrize("word", Word)
def test_no_label_is_printed_for_what_is_void_destroyed_or_used_up(word):
    refused = word in (Word.VOID, Word.DESTROYED, Word.USED)
    told = list(rules.may_be_labelled("P260000122", [word, Word.RELEASED]))
    assert [each.rule for each in told] == [StoreRule.NO_LABEL] * refused


@pytest.mark.parametrize("fate", [None, *Fate])
@pytest.mark.parametrize("word", [Word.RELEASED, Word.QUARANTINE, Word.VOID])
@pytest.mark.parametrize("kind", ["final", "flask"])
def test_a_page_offers_what_the_law_lets_become_of_it(fate, word, kind):
    facts = situation(word, fate, kind=kind)
    offered = rules.open_to(kind, facts.words, fate)
    assert offered == {each for each in Fate if not found(facts, said(each))}
    assert rules.open_to(kind, facts.words, fate, [FateState.WAITING]) == frozenset()


@pytest.mark.parametrize(
    ("fates", "of_all"),
    [
        ([], None),
        ([None], None),
        ([None, Fate.ISSUED], None),
        ([Fate.ISSUED], "issued"),
        ([Fate.DESTROYED, Fate.ISSUED], "issued"),
        ([Fate.RETURNED, Fate.DESTROYED], "returned"),
        ([Fate.USED, Fate.USED], "used"),
    ],
)
def test_what_became_of_a_whole_product_is_what_forbids_least(fates, of_all):
    assert rules.all_of(fates) == of_all


@pytest.mark.req("TRC-03")
@pytest.mark.parametrize(
    ("word", "changes", "ago", "why", "refused"),
    [
        (Word.EXPIRED, {}, MINUTE, WHY, []),
        (Word.ON_HOLD, {}, MINUTE, WHY, []),
        (Word.RECALLED, {}, MINUTE, WHY, []),
        (Word.EXPIRED, {}, MINUTE, "", [StoreRule.NOT_ISSUABLE, StoreRule.FATE_REASON]),
        (Word.EXPIRED, {}, 0 * MINUTE, WHY, [StoreRule.NOT_ISSUABLE]),
        (Word.EXPIRED, {"in_doubt": True}, MINUTE, WHY, [StoreRule.NOT_ISSUABLE]),
        (Word.EXPIRED, {"was_usable": False}, MINUTE, WHY, []),
        (Word.QUARANTINE, {"was_usable": False}, MINUTE, WHY, []),
        (Word.RELEASED, {"was_usable": False}, MINUTE, WHY, []),
        (
            Word.RELEASED,
            {"was_usable": False},
            MINUTE,
            "",
            [StoreRule.NOT_ISSUABLE_THEN, StoreRule.FATE_REASON],
        ),
        (Word.RELEASED, {"was_usable": False}, 0 * MINUTE, WHY, [StoreRule.NOT_ISSUABLE_THEN]),
        (Word.RELEASED, {"is_mislabelled": True}, MINUTE, WHY, []),
        (Word.RELEASED, {"is_mislabelled": True}, 0 * MINUTE, WHY, [StoreRule.LABEL_UNTRUE]),
        (Word.RELEASED, {"fate": Fate.ISSUED}, MINUTE, WHY, [StoreRule.NOT_ISSUABLE]),
        (Word.VOID, {}, MINUTE, WHY, [StoreRule.NOT_ISSUABLE]),
    ],
)
def test_what_was_given_out_already_is_told_with_a_reason(word, changes, ago, why, refused):
    facts = situation(word, **changes)
    assert found(facts, said(Fate.ISSUED, AT - ago, reason=why)) == refused


@pytest.mark.req("EBR-09")
@pytest.mark.parametrize("fate", Fate)
@pytest.mark.parametrize(
    ("ago", "expired_ago", "is_late", "is_past"),
    [
        (15 * MINUTE, None, False, False),
        (16 * MINUTE, None, True, False),
        (MINUTE, MINUTE, False, False),
        (MINUTE, 2 * MINUTE, False, True),
    ],
)
def test_what_is_told_late_or_given_after_its_time_takes_two(
    fate, ago, expired_ago, is_late, is_past
):
    expires_at = None if expired_ago is None else AT - expired_ago
    facts = situation(late_after=15 * MINUTE, expires_at=expires_at)
    by_two = fate in rules.BY_TWO or is_late or (fate == Fate.USED and is_past)
    assert rules.needs_two(facts, said(fate, AT - ago)) == by_two


def test_an_issue_that_is_told_late_says_why():
    facts = situation(late_after=15 * MINUTE)
    assert found(facts, said(Fate.ISSUED, AT - 16 * MINUTE)) == [StoreRule.FATE_REASON]
    assert found(facts, said(Fate.ISSUED, AT - 16 * MINUTE, reason=WHY)) == []


HOUR = timedelta(hours=1)
WAS = {
    Fate.ISSUED: rules.Said("issued", AT - HOUR, consignee="SITE-04"),
    Fate.RETURNED: rules.Said("returned", AT - HOUR, reason=WHY, condition="unopened"),
    Fate.USED: rules.Said("used", AT - HOUR, reason=WHY),
}
TICK = timedelta(milliseconds=1)


@pytest.mark.req("EBR-08")
@pytest.mark.parametrize(
    ("fate", "instead", "more", "refused"),
    [
        (Fate.ISSUED, {"consignee": "SITE-07"}, {}, []),
        (Fate.ISSUED, {}, {}, [IntegrityRule.NOTHING_CORRECTED]),
        (Fate.ISSUED, {"consignee": "\u200b"}, {}, [StoreRule.ISSUE_CONSIGNEE]),
        (Fate.ISSUED, {"consignee": "S7"}, {"why": "no"}, [IntegrityRule.CORRECTION_REASON]),
        (Fate.ISSUED, {"consignee": "S7"}, {"stands": False}, [StoreRule.NOT_PUT_RIGHT]),
        (Fate.ISSUED, {"consignee": "S7"}, {"waits": True}, [StoreRule.CORRECTION_WAITS]),
        (Fate.ISSUED, {"done_at": AT - HOUR - 15 * MINUTE}, {}, []),
        (Fate.ISSUED, {"done_at": AT - HOUR - 16 * MINUTE}, {}, [StoreRule.FATE_REASON]),
        (Fate.ISSUED, {"done_at": AT - HOUR - 16 * MINUTE, "reason": WHY}, {}, []),
        (Fate.RETURNED, {"condition": "opened"}, {}, []),
        (Fate.RETURNED, {"condition": "wet"}, {}, [StoreRule.RETURN_CONDITION]),
        (Fate.USED, {"reason": "no"}, {}, [StoreRule.FATE_REASON]),
        (Fate.USED, {"done_at": AT - 3 * HOUR}, {}, []),
        (Fate.USED, {"done_at": AT - 3 * HOUR - MINUTE}, {}, [StoreRule.FATE_BEFORE]),
        (Fate.USED, {"done_at": AT - HOUR + MINUTE}, {}, [StoreRule.FATE_AFTER]),
        (Fate.USED, {"done_at": AT - 2 * HOUR}, {"until": AT - 2 * HOUR}, []),
        (
            Fate.USED,
            {"done_at": AT - 2 * HOUR + TICK},
            {"until": AT - 2 * HOUR},
            [StoreRule.FATE_AFTER],
        ),
    ],
)
def test_what_was_recorded_is_put_right_where_it_stands_and_judged_as_if_said_then(
    fate, instead, more, refused
):
    facts = {
        "was": WAS[fate],
        "becomes": replace(WAS[fate], **instead),
        "since": AT - 3 * HOUR,
        "until": AT,
        "told_at": AT - HOUR,
        "late_after": 15 * MINUTE,
    }
    why = more.get("why", WHY)
    found = rules.PutRight(**(facts | {k: v for k, v in more.items() if k != "why"}))
    assert [each.rule for each in rules.may_be_put_right(found, why)] == refused
