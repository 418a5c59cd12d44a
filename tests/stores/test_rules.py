"""The law of the stores: both edges of every day, the most restrictive word first."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from stores import rules
from stores.rule_ids import StoreRule
from stores.words import StoreWord

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
END = rules.end_of(date(2027, 3, 31), HANOI)
AT = datetime(2026, 11, 2, 8, tzinfo=UTC)


def test_a_day_ends_with_its_last_millisecond_in_the_sites_zone():
    assert datetime(2027, 3, 31, 16, 59, 59, 999_000, tzinfo=UTC) == END


@pytest.mark.req("MAT-02")
@pytest.mark.parametrize(
    ("after", "past"),
    [
        (timedelta(milliseconds=-999), False),
        (timedelta(0), False),
        (timedelta(microseconds=999), False),
        (timedelta(milliseconds=1), True),
        (timedelta(days=1), True),
    ],
)
def test_the_last_second_of_the_expiry_day_is_inside_and_the_next_day_is_not(after, past):
    assert rules.is_past(END, END + after) is past


def test_a_day_on_which_the_clocks_go_back_at_midnight_ends_with_the_second_of_its_two_last_hours():
    assert rules.end_of(date(2024, 10, 26), ZoneInfo("America/Godthab")) - rules.end_of(
        date(2024, 10, 25), ZoneInfo("America/Godthab")
    ) == timedelta(hours=25)


@pytest.mark.parametrize(
    ("disposition", "in_date", "held", "word"),
    [
        ("quarantine", True, False, "quarantine"),
        ("released", True, False, "released"),
        ("quarantine", True, True, "on_hold"),
        ("released", True, True, "on_hold"),
        ("rejected", True, False, "rejected"),
        ("rejected", True, True, "rejected"),
        ("quarantine", False, False, "expired"),
        ("released", False, False, "expired"),
        ("released", False, True, "expired"),
        ("rejected", False, False, "rejected"),
    ],
)
@pytest.mark.req("MAT-02")
def test_only_a_released_lot_in_date_may_be_used_and_each_sentence_says_what_to_do(
    disposition, in_date, held, word
):
    end = AT if in_date else AT - timedelta(days=1)
    findings = list(
        rules.lot_use("M2600001-87", "DPBS", "DPBS", disposition, end, AT, HANOI, held=held)
    )
    assert (findings == []) is (disposition == "released" and in_date and not held)
    assert rules.words_of_lot(disposition, end, AT, held=held)[0] == word
    assert all(
        "released lot" in finding.sentence() or "in date" in finding.sentence()
        for finding in findings
    )


@pytest.mark.parametrize(
    ("material", "wanted", "fits"),
    [
        ("DPBS", "DPBS", True),
        ("dpbs ", "DPBS", True),
        ("DPBS", "Culture medium", False),
        ("Collagenase", "Collagenase II", False),
    ],
)
def test_a_lot_of_another_material_is_refused_by_name(material, wanted, fits):
    findings = list(rules.lot_use("M2600001-87", material, wanted, "released", END, AT, HANOI))
    assert (findings == []) is fits
    assert fits or f"is {material}; {wanted} is needed here" in findings[0].sentence()


@pytest.mark.req("MAT-03")
@pytest.mark.parametrize(
    ("due", "state", "usable"),
    [
        (None, "not calibrated", False),
        (AT, "in calibration", True),
        (AT - timedelta(microseconds=999), "in calibration", True),
        (AT - timedelta(milliseconds=1), "overdue", False),
    ],
)
def test_equipment_is_usable_through_the_last_moment_of_its_due_day(due, state, usable):
    assert rules.state_of_equipment(due, AT) == state
    findings = list(
        rules.equipment_use("Incubator 1 (Q2600001-48)", "incubator", "incubator", due, AT, HANOI)
    )
    assert (findings == []) is usable


@pytest.mark.parametrize(
    ("done", "due", "fields"),
    [
        (date(2026, 11, 2), date(2026, 11, 3), []),
        (date(2026, 11, 3), date(2027, 11, 3), ["done_on"]),
        (date(2026, 11, 2), date(2026, 11, 2), ["due_on"]),
        (date(2026, 11, 3), date(2026, 11, 1), ["done_on", "due_on"]),
    ],
)
def test_a_calibration_was_done_and_is_due_afterwards(done, due, fields):
    assert [
        finding.field
        for finding in rules.calibration(done_on=done, due_on=due, today=date(2026, 11, 2))
    ] == fields


@pytest.mark.parametrize(
    "text",
    [
        "",
        "31.03.2027",
        "2027-3-31",
        "2027-02-30",
        "20270331",
        "2027-W13-3",
        "1999-01-01",
        "9999-12-31",
        "２０２７-03-31",
        "2027-03-31T",
    ],
)
def test_what_is_no_day_is_refused_with_a_sentence(text):
    with pytest.raises(ValueError, match="Write|year|day"):
        rules.read_day(text)


@pytest.mark.req("MAT-02")
@pytest.mark.parametrize(
    ("known", "human", "pool", "fields"),
    [
        (False, False, "", []),
        (False, True, "", ["donor_pool"]),
        (False, True, "Pool 7", []),
        (True, False, "", ["human", "donor_pool"]),
        (True, True, "", ["donor_pool"]),
        (True, True, "Pool 7", []),
    ],
)
def test_what_comes_from_human_donors_needs_its_donor_pool(known, human, pool, fields):
    found = rules.receivable(
        expires_at=END,
        expires_on=date(2027, 3, 31),
        human_material=known,
        human=human,
        donor_pool=pool,
        at=AT,
    )
    assert [finding.field for finding in found] == fields


@pytest.mark.parametrize(
    ("was", "becomes", "allowed"),
    [
        (None, "quarantine", True),
        ("quarantine", "released", True),
        ("released", "rejected", True),
        ("rejected", "released", False),
        ("rejected", "on_hold", False),
        ("released", "quarantine", False),
    ],
)
def test_a_rejected_lot_stays_rejected(was, becomes, allowed):
    assert (becomes in rules.LOT_MOVES.get(was, frozenset())) is allowed


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2027-03-31", date(2027, 3, 31)),
        ("2027-02-29", "no such day"),
        ("2027-3-31", "year-month-day"),
        ("31.03.2027", "year-month-day"),
        ("1027-03-31", "Check the year"),
        ("9027-03-31", "Check the year"),
    ],
)
def test_a_day_is_read_in_one_way_and_the_sentence_says_what_to_write(typed, day):
    if isinstance(day, date):
        assert rules.read_day(typed) == day
    else:
        with pytest.raises(ValueError, match=day):
            rules.read_day(typed)


@pytest.mark.req("MAT-03")
@pytest.mark.parametrize(
    ("kind", "due_at", "found"),
    [
        ("incubator", AT, []),
        ("Incubator", AT, []),
        ("incubator", AT - timedelta(seconds=1), [StoreRule.CALIBRATION_OVERDUE]),
        ("incubator", None, [StoreRule.NOT_CALIBRATED]),
        ("centrifuge", AT, [StoreRule.OTHER_KIND]),
        ("centrifuge", None, [StoreRule.OTHER_KIND, StoreRule.NOT_CALIBRATED]),
    ],
)
def test_equipment_is_used_for_what_it_is_and_while_it_is_calibrated(kind, due_at, found):
    judged = rules.equipment_use("Incubator 1", kind, "incubator", due_at, AT, HANOI)
    assert [finding.rule for finding in judged] == found


@pytest.mark.parametrize(
    ("days", "rule"),
    [
        (0, StoreWord.CALIBRATED),
        (-1, StoreRule.CALIBRATION_OVERDUE),
        (None, StoreRule.NOT_CALIBRATED),
    ],
)
def test_what_a_calibration_means_is_said_to_whoever_stands_before_the_equipment(days, rule):
    due = None if days is None else AT + timedelta(days=days)
    assert rules.equipment_message("Incubator 1", due, AT, HANOI)[0] is rule


@pytest.mark.req("MAT-01", "MAT-02")
@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({}, []),
        ({"expires_on": date(2046, 12, 31)}, []),
        ({"expires_on": date(2047, 1, 1)}, [StoreRule.EXPIRY_FAR_AHEAD]),
        ({"expires_at": AT - timedelta(milliseconds=1)}, [StoreRule.EXPIRED_AT_RECEIPT]),
        ({"human_material": True, "donor_pool": "P1"}, [StoreRule.HUMAN_ORIGIN]),
        ({"human": True}, [StoreRule.DONOR_POOL]),
    ],
)
def test_a_lot_is_received_in_date_with_a_use_by_and_an_origin_that_can_be(changed, found):
    usual = {
        "expires_at": END,
        "expires_on": date(2027, 3, 31),
        "human_material": False,
        "human": False,
        "donor_pool": "",
        "at": AT,
    }
    assert [each.rule for each in rules.receivable(**(usual | changed))] == found


@pytest.mark.req("MAT-03")
@pytest.mark.parametrize(
    ("done_on", "due_on", "found"),
    [
        (date(2026, 11, 2), date(2027, 11, 2), []),
        (date(2026, 11, 3), date(2027, 11, 2), [StoreRule.DONE_IN_THE_FUTURE]),
        (date(2026, 11, 2), date(2026, 11, 2), [StoreRule.DUE_BEFORE_DONE]),
        (date(2006, 1, 1), date(2026, 12, 1), []),
        (date(2005, 12, 31), date(2025, 12, 1), [StoreRule.DONE_LONG_AGO]),
        (date(2026, 11, 2), date(2046, 12, 31), []),
        (date(2026, 11, 2), date(2047, 1, 1), [StoreRule.DUE_FAR_AHEAD]),
    ],
)
def test_a_calibration_was_done_and_is_due_within_what_can_be(done_on, due_on, found):
    said = rules.calibration(done_on=done_on, due_on=due_on, today=date(2026, 11, 2))
    assert [each.rule for each in said] == found


@pytest.mark.parametrize(("after", "found"), [(0, []), (1, [StoreRule.EXPIRED_AT_RELEASE])])
def test_a_lot_is_released_to_its_last_moment(after, found):
    said = rules.lot_release("M26000101", END, END + timedelta(milliseconds=after), HANOI)
    assert [each.rule for each in said] == found


# Holds by hand
# -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due", "held", "words"),
    [
        (AT, False, ["in calibration"]),
        (AT, True, ["on_hold", "in calibration"]),
        (AT - timedelta(days=1), True, ["overdue", "on_hold"]),
        (AT - timedelta(days=1), False, ["overdue"]),
        (None, True, ["not calibrated", "on_hold"]),
        (None, False, ["not calibrated"]),
    ],
)
@pytest.mark.req("MAT-03")
def test_equipment_on_hold_is_not_used_and_what_forbids_most_is_said_first(due, held, words):
    assert rules.words_of_equipment(due, AT, held=held) == words
    told = rules.equipment_message("Hood 1", due, AT, HANOI, held=held)[0]
    assert (told == StoreRule.EQUIPMENT_ON_HOLD) == (words[0] == "on_hold")
    against = {each.rule for each in rules.equipment_use("H", "k", "k", due, AT, HANOI, held=held)}
    assert (StoreRule.EQUIPMENT_ON_HOLD in against) == held
    assert bool(against) == (words != ["in calibration"])


@pytest.mark.req("TRC-08")
@pytest.mark.parametrize(
    ("state", "made", "is_received", "said"),
    [
        ("quarantine", [], False, []),
        ("under_review", [], False, []),
        ("on_hold", [], False, []),
        ("released", [], False, [StoreRule.VOID_DECIDED]),
        ("rejected", [], False, [StoreRule.VOID_DECIDED]),
        ("void", [], False, [StoreRule.VOID_DECIDED]),
        ("quarantine", ["F260000017"], False, [StoreRule.VOID_USED]),
        ("quarantine", [], True, [StoreRule.VOID_RECEIVED]),
        ("quarantine", ["F260000017"], True, [StoreRule.VOID_USED, StoreRule.VOID_RECEIVED]),
    ],
)
def test_only_what_was_never_used_received_or_decided_about_is_voided(
    state, made, is_received, said
):
    found = rules.may_be_voided("F260000025", state, made=made, is_received=is_received)
    assert [each.rule for each in found] == said


@pytest.mark.parametrize(
    ("kind", "before", "becomes", "goes"),
    [
        ("final", "quarantine", "released_stage_1", "released_stage_1"),
        ("final", "quarantine", "under_review", "under_review"),
        ("final", "released", "released", "released"),
        ("final", None, "quarantine", "quarantine"),
        ("flask", "quarantine", "released_stage_1", "quarantine"),
        ("vial", None, "released", "quarantine"),
    ],
)
def test_after_a_hold_the_product_is_what_its_batch_is_and_the_rest_what_it_was(
    kind, before, becomes, goes
):
    assert rules.after_hold(kind, before, becomes, "final") == goes


def test_what_is_void_goes_nowhere_any_more():
    assert rules.CONTAINER_MOVES.get(rules.Disposition.VOID, frozenset()) == frozenset()
    assert not rules.follows("flask", rules.Disposition.VOID, "final")


SHARED = {"quarantine", "on_hold", "rejected", "recalled"}


@pytest.mark.req("TRC-08", "REL-03")
@pytest.mark.parametrize(
    ("made", "product"),
    [
        ((), "vial"),
        (("flask", "vial"), "vial"),
        (("final", "sample"), "final"),
        (("flask", "vial", "final"), "final"),
    ],
    ids=["nothing yet", "vials alone", "final containers", "a bank beside final containers"],
)
@pytest.mark.parametrize("kind", rules.ContainerKind)
@pytest.mark.parametrize("state", rules.Disposition)
def test_only_the_product_goes_with_its_batch_to_a_release_and_a_bank_is_none(
    made, product, kind, state
):
    assert rules.product_of(set(made)) == product
    assert rules.follows(kind, state, product) == (kind == product or state in SHARED)
