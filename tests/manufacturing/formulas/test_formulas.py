"""The closed grammar, arithmetic in units, what is undefined or missing, the check before approval,
and the print.
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from integrity.facts import shown
from integrity.quantities import Quantity
from integrity.units import UNITS, UnitUnknown
from manufacturing.formulas.evaluation import (
    INSTANT,
    FormulaError,
    Listed,
    NotYetKnown,
    Undefined,
    check,
    evaluate,
    expanded,
    parse,
)

SEEDED_AT = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)

BATCH = Listed(
    {
        "passage.harvested": [Quantity("1100000", "cells"), Quantity("80000", "cells")],
        "passage.seeded": [Quantity("530", "cells"), Quantity("530", "cells")],
        "passage.doublings": [Quantity("7.25", "1"), Quantity("11.5", "1"), Quantity("-0.5", "1")],
        "seed.at": [SEEDED_AT],
        "harvest.at": [SEEDED_AT + timedelta(days=14)],
        "late.at": [SEEDED_AT - timedelta(days=7), SEEDED_AT + timedelta(minutes=90)],
        "local.at": [datetime(2026, 3, 1, 8, 0)],  # noqa: DTZ001 - a time without its zone is what is refused here
        "count.viable_concentration": [Quantity("5.2e6", "cells/mL")],
        "wash.volume": [Quantity("12.0", "mL")],
        "wash.rest": [Quantity("500", "uL")],
        "seed.flasks.number": [Quantity("4", "1")],
        "seed.flasks.area": [Quantity("175", "cm2")],
        "seed.density": [Quantity("4000", "cells/cm2")],
        "loss.out": [Quantity("2370000", "cells")],
        "loss.in": [Quantity("4500000", "cells")],
        "zero.cells": [Quantity("0", "cells")],
        "hold.time": [Quantity("30", "min"), Quantity("90", "min")],
        "lot.potency": [Quantity("80", "%")],
    }
)
UNIT_OF = {
    name: INSTANT if isinstance(turns[-1], datetime) else turns[-1].unit
    for name, turns in BATCH.turns.items()
}


def result(text, unit="1"):
    return evaluate(parse(text), BATCH, unit).number


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("1 + 2 * 3", "1", "7"), ("(1 + 2) * 3", "1", "9"), ("10 - 4 - 3", "1", "3"),
        ("16 / 4 / 2", "1", "2"),
        ("-2 ** 2", "1", "-4"), ("(-2) ** 2", "1", "4"), ("2 ** -1", "1", "0.5"),
        ("2 * -3", "1", "-6"),
        ("1.5e3 / 3", "1", "500"), ("1 / 3 * 3", "1", "1"), ("2 ** 9", "1", "512"),
        ("-(1 + 1)", "1", "-2"),
        ("count.viable_concentration * wash.volume", "cells", "62400000"),
        ("wash.volume + wash.rest", "mL", "12.5"), ("wash.volume + wash.rest", "L", "0.0125"),
        ("wash.volume - 2 [mL]", "mL", "10"), ("45 / 4 * 10000 [1/mL]", "1/mL", "112500"),
        ("seed.density * seed.flasks.number * seed.flasks.area / count.viable_concentration * 13",
         "mL", "7"),
        ("lot.potency * wash.volume", "mL", "9.6"), ("loss.in / loss.in", "%", "100"),
        ("min(wash.volume, wash.rest)", "mL", "0.5"),
        ("max(wash.volume, wash.rest, 1 [L])", "mL", "1000"),
        ("log2(8)", "1", "3"), ("ln(1)", "1", "0"), ("log2(lot.potency / 10 [%])", "1", "3"),
        ("positive(2)", "1", "2"),
        ("sum(passage.doublings)", "1", "18.25"), ("count(passage.doublings)", "1", "3"),
        ("count(never.seen)", "1", "0"),
        ("sum(passage.doublings) / count(passage.doublings) * 3", "1", "18.25"),
        ("previous(passage.harvested)", "cells", "1100000"),
        ("passage.harvested", "cells", "80000"),
        ("carried(previous(never.seen), wash.volume)", "mL", "12"),
        ("carried(wash.rest, never.seen)", "mL", "0.5"),
        ("carried(previous(wash.volume), never.seen, 3 [mL])", "mL", "3"),
        ("elapsed(harvest.at, seed.at)", "h", "336"), ("elapsed(harvest.at, seed.at)", "d", "14"),
        ("elapsed(late.at, seed.at)", "h", "1.5"), ("elapsed(seed.at, late.at)", "min", "-90"),
        ("elapsed(seed.at, previous(late.at))", "d", "7"),
        ("elapsed(harvest.at, carried(never.at, seed.at))", "d", "14"),
        ("sum(hold.time)", "h", "2"), ("elapsed(harvest.at, seed.at) / 336", "h", "1"),
        ("(500 [EU] / 2 [h]) * 1 [h]", "EU", "250"),
        ("5 [EU/kg/h] * 1 [h]", "EU/kg", "5"), ("5 [EU/kg/h] * 7 [kg] / 7 [kg]", "EU/kg/h", "5"),
    ],
)  # fmt: skip
def test_a_formula_is_worked_out_in_units(text, unit, value):
    assert result(text, unit) == Decimal(value)


@pytest.mark.req("EBR-16")
@pytest.mark.parametrize(
    ("text", "unit", "page"),
    [
        ("log2(passage.harvested / passage.seeded)", "1",
         "log2(80000 cells / 530 cells) = 7.237864"),
        ("log2(loss.out / loss.in)", "1", "log2(2370000 cells / 4500000 cells) = -0.925038"),
        ("count.viable_concentration * wash.volume", "cells",
         "5.2 × 10⁶ cells/mL × 12.0 mL = 62400000 cells"),
        ("sum(passage.doublings)", "1", "(7.25 + 11.5 + (-0.5)) = 18.25"),
        ("previous(passage.harvested) / 2", "cells", "1100000 cells / 2 = 550000 cells"),
        ("carried(previous(never.seen), wash.volume + wash.rest) * 2", "mL",
         "(12.0 mL + 500 µL) × 2 = 25 mL"),
        ("wash.volume ** 2 / wash.volume", "mL", "(12.0 mL)**2 / 12.0 mL = 12 mL"),
        ("count(passage.doublings) * -wash.volume", "mL", "3 × -12.0 mL = -36 mL"),
        ("450 / 4 * 10 * 10000 [1/mL]", "1/mL", "450 / 4 × 10 × 10000/mL = 11250000/mL"),
        ("1 [mg] / 700000", "mg", "1 mg / 700000 = 0.000001429 mg"),
        ("elapsed(harvest.at, seed.at)", "d",
         "elapsed(2026-03-15 08:00+00:00, 2026-03-01 08:00+00:00) = 14 d"),
        ("wash.volume / zero.cells", "1", "12.0 mL / 0 cells is undefined"),
    ],
)  # fmt: skip
def test_a_formula_is_printed_with_its_values_put_in(text, unit, page):
    assert expanded(parse(text), BATCH, unit) == page


def test_the_print_rounds_the_result_by_the_lines_own_rule():
    assert expanded(parse("2.675 * 1"), BATCH, "1", decimals=2) == "2.675 × 1 = 2.68"
    assert (
        expanded(parse("2.665 * 1"), BATCH, "1", decimals=2, rounding="half-even")
        == "2.665 × 1 = 2.66"
    )


def test_the_doubling_time_of_58r_is_printed_to_four_decimals():
    formula = parse(
        "elapsed(harvest.at, seed.at) * ln(2) / positive(ln(passage.harvested / passage.seeded))"
    )
    assert expanded(formula, BATCH, "h", decimals=4).endswith("= 46.4225 h")


def test_a_net_loss_has_no_doubling_time():
    with pytest.raises(Undefined, match=r"ln\(loss\.out / loss\.in\) is not above 0"):
        result("elapsed(harvest.at, seed.at) * ln(2) / positive(ln(loss.out / loss.in))", "h")


@pytest.mark.req("EBR-16")
@pytest.mark.parametrize(
    ("text", "unit", "sentence"),
    [
        ("wash.volume + passage.harvested", "mL", "unlike kinds cannot be added or subtracted"),
        ("passage.harvested - 1", "cells", "unlike kinds cannot be added or subtracted"),
        ("wash.volume * wash.volume", "mL", "cannot be given in mL"),
        ("count.viable_concentration", "cells", "cannot be given in cells"),
        ("min(wash.volume, seed.flasks.area)", "mL", "unlike kinds cannot be compared"),
        ("log2(passage.harvested)", "1", "needs a plain number"),
        ("ln(wash.volume)", "1", "needs a plain number"),
        ("1 [EU] + 1 [CFU]", "EU", "unlike kinds"),
        ("37 [degC] + 1", "degC", "unlike kinds"),
        ("1 [cells] + 1 [vials]", "cells", "unlike kinds"),
        ("seed.at", "h", "is a time, not an amount"),
        ("harvest.at - seed.at", "h", "is a time, not an amount"),
        ("-seed.at", "h", "is a time, not an amount"),
        ("sum(late.at)", "h", "is a time"),
        ("elapsed(harvest.at, wash.volume)", "h", "is not a time"),
        ("elapsed(harvest.at, seed.at)", "mL", "cannot be given in mL"),
    ],
)  # fmt: skip
def test_a_mistaken_unit_neither_computes_nor_passes_the_check(text, unit, sentence):
    with pytest.raises(FormulaError, match=sentence):
        evaluate(parse(text), BATCH, unit)
    (fault,) = map(shown, check(parse(text), UNIT_OF, unit))
    assert sentence in fault and fault.endswith(".")


def test_a_time_without_its_zone_does_not_compute():
    with pytest.raises(FormulaError, match="without its zone"):
        result("elapsed(harvest.at, local.at)", "h")


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("log2(passage.harvested / passage.seeded)", "1"), ("wash.volume + wash.rest", "L"),
        ("sum(passage.doublings)", "1"),
        ("elapsed(harvest.at, carried(previous(late.at), seed.at)) * ln(2) / positive(ln(2))", "h"),
        ("lot.potency", "1"),
        ("count.viable_concentration * wash.volume / (seed.flasks.number * seed.flasks.area)",
         "cells/cm2"),
        ("count(harvest.at)", "1"), ("max(wash.volume, wash.rest)", "uL"), ("2 ** -2", "%"),
        ("-(wash.rest)", "mL"),
    ],
)  # fmt: skip
def test_a_formula_in_order_passes_the_check(text, unit):
    assert check(parse(text), UNIT_OF, unit) == []


def test_the_check_says_every_fault_once():
    faults = check(
        parse("never.seen + (wash.volume + passage.seeded) * log2(wash.volume) * never.seen"),
        UNIT_OF,
        "%",
    )
    assert len(faults) == 3
    assert shown(faults[0]) == "never.seen is not a value of this record."


def test_the_result_in_a_kind_the_list_has_no_unit_for_is_still_named():
    (fault,) = check(parse("wash.volume * seed.density * passage.seeded"), UNIT_OF, "mL")
    assert "[cell] ** 2" in shown(fault)


def test_an_unknown_unit_of_the_result_is_refused():
    with pytest.raises(UnitUnknown):
        evaluate(parse("1"), BATCH, "ml")
    with pytest.raises(UnitUnknown):
        check(parse("1"), {}, "ml")


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("never.seen", "never.seen"), ("previous(wash.volume)", "wash.volume"),
        ("sum(never.seen)", "never.seen"),
        ("wash.volume + never.seen", "never.seen"), ("carried(never.seen, not.yet)", "not.yet"),
        ("elapsed(never.at, seed.at)", "never.at"),
    ],
)  # fmt: skip
def test_a_missing_value_is_named(text, missing):
    with pytest.raises(NotYetKnown) as unknown:
        result(text, "mL")
    assert unknown.value.name == missing


@pytest.mark.parametrize(
    "text",
    [
        "1 / 0", "wash.volume / (wash.rest - wash.rest)", "log2(0)", "ln(-1)",
        "log2(zero.cells / passage.seeded)",
        "0 ** -1", "0 ** 0", "positive(0)", "positive(-wash.volume)", "(9e20 ** 9) ** 9",
        "1e-20 ** 9",
    ],
)  # fmt: skip
def test_what_has_no_meaning_is_undefined_and_never_a_number(text):
    with pytest.raises(Undefined) as undefined:
        result(text, "1")
    assert str(undefined.value).endswith(".")


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("", 1), ("1 +", 4), ("(1", 3), ("1)", 2), ("2 x.y", 3), ("wash", 1), ("a.b.c.d", 1),
        ("1 + sin(a.b)", 5),
        ("a.b;", 4), ("sum(1 + 1)", 1), ("previous(sum(a.b))", 1), ("count()", 7), ("10 [ml]", 1),
        ("10 []", 1),
        ("10 [mL", 4), ("2 ** 2 ** 2", 8),
        ("2 ** 1.5", 6), ("2 ** 10", 6), ("2 ** a.b", 6), ("1,5", 2), ("min(a.b)", 1),
        ("elapsed(a.b)", 1), ("a.b c.d", 5),
        ("__import__('os')", 1), ("a.b[0]", 4), ("a..b", 2), (".5", 1), ("--1", 2), ("1 // 2", 4),
        ("a.b = 1", 5),
        ("1e99", 1), ("lambda: 1", 7), ("٣ + 1", 1), ("log2", 1), ("a.b if a.b", 5),
        ("(" * 40 + "1" + ")" * 40, 31), ("min(" * 40, 121),
    ],
)  # fmt: skip
def test_what_the_grammar_does_not_know_is_refused_at_its_character(text, at):
    with pytest.raises(FormulaError, match=rf"^At character {at}: "):
        parse(text)


def test_a_very_long_formula_is_refused():
    with pytest.raises(FormulaError, match="more than 1000 characters"):
        parse("1+" * 1000 + "1")


@given(st.text(alphabet="0123456789.+-*/() ,[]abmLsu", max_size=60))
def test_any_text_is_either_a_formula_or_one_sentence(text):
    try:
        parse(text)
    except FormulaError as fault:
        assert str(fault).endswith(".")


def test_names_come_in_order_of_first_use_with_the_function_around_them():
    formula = parse(
        "b.x / a.y + previous(b.x) * carried(previous(c.z), a.y) + b.x + sum(a.b.c) + ln(b.x)"
    )
    assert formula.names == (
        ("b.x", None), ("a.y", None), ("b.x", "previous"), ("c.z", "previous"), ("a.y", "carried"),
        ("a.b.c", "sum"), ("b.x", "ln"),
    )  # fmt: skip


def trees(depth):
    if depth == 0:
        return st.integers(0, 50).map(lambda number: (str(number), Fraction(number)))
    inner = trees(depth - 1)

    def joined(parts):
        (left, one), operator, (right, other) = parts
        if operator == "/" and other == 0:
            operator = "+"
        worth = {"+": one + other, "-": one - other, "*": one * other, "/": one / (other or 1)}[
            operator
        ]
        return f"({left} {operator} {right})", worth

    return st.one_of(inner, st.tuples(inner, st.sampled_from("+-*/"), inner).map(joined))


@given(trees(3))
def test_plain_arithmetic_agrees_with_fractions(tree):
    text, worth = tree
    assert abs(Fraction(result(text)) - worth) <= max(abs(worth), 1) / 10**20


@given(
    amount=st.decimals("0.001", 10**6, places=3),
    units=st.sampled_from([
        ("mL", "L"), ("L", "uL"), ("EU/mL", "EU/L"), ("cells/mL", "cells/uL"), ("h", "s"),
        ("%", "1"),
    ]),
)  # fmt: skip
def test_the_unit_a_value_was_typed_in_never_changes_a_result(amount, units):
    one, other = units
    typed = Quantity.of(amount, one)
    formula = parse("a.x * 3 + a.x")
    results = [
        evaluate(formula, Listed({"a.x": [value]}), one) for value in (typed, typed.to(other))
    ]
    assert results[0] == results[1]


@pytest.mark.parametrize("unit", UNITS)
def test_every_unit_of_the_list_comes_through_a_formula_unchanged(unit):
    assert evaluate(parse("a.x"), Listed({"a.x": [Quantity("5.125", unit)]}), unit) == Quantity(
        "5.125", unit
    )
