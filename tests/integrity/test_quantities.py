"""Numbers as typed, units from the closed list, exact conversion, and the verdict on a result."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from integrity.figures import superscript
from integrity.numbers import NotANumber, read_number, rounded
from integrity.quantities import Measured, Quantity, compare, read_measured, read_quantity, within
from integrity.units import UNITS, UnitUnknown, UnlikeDimensions, alike, units_like
from integrity.verdicts import conforms

QUALIFIERS = ("", "<", "<=", ">", ">=")
OPERATORS = ("<", "<=", "=", ">=", ">")


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("10.00", "10.00"), ("1,5", "1.5"), ("1,50", "1.50"), (" 7 ", "7"), ("+3", "3"),
        ("-3", "-3"), ("−3.0", "-3.0"),
        ("0", "0"), ("0,125", "0.125"), ("0.005", "0.005"), ("1,0005", "1.0005"),
        ("1234,567", "1234.567"),
        ("1.125e7", "1.125e7"), ("1.125E+7", "1.125e7"), ("2e-3", "2e-3"), ("6.25×10^7", "6.25e7"),
        ("6.25x10^7", "6.25e7"), ("6.25 × 10⁷", "6.25e7"), ("1×10⁻³", "1e-3"), ("9e20", "9e20"),
        ("1" * 20, "1" * 20),
    ],
)  # fmt: skip
def test_a_number_is_read_with_the_digits_as_typed(typed, number):
    assert read_number(typed).as_tuple() == Decimal(number).as_tuple()


@pytest.mark.parametrize(
    "typed",
    [
        "", "   ", "NaN", "sNaN", "nan", "Infinity", "-inf", "1_000", "1,000.5", "1.000,5", "1,5,0",
        "1.5.0", "1 000",
        "1 .5", "- 3", "--3", "٣", "１２", "½", "1/2", "0x10", ".5", "5.", ",5", "5,", "1e",
        "1e1.5", "1e100", "1e21",
        "1e-21", "0.0000000000000000000001", "1" * 31, "ten", "5 mL", "5%", "1×7", "1e7e7", "1\n2",
        "1\x005",
    ],
)  # fmt: skip
def test_whatever_is_not_plainly_a_number_is_refused_in_one_sentence(typed):
    with pytest.raises(NotANumber) as refused:
        read_number(typed)
    assert ":" in str(refused.value) and str(refused.value).endswith(".")


@pytest.mark.parametrize("typed", ["1,000", "12,345", "999,999", "-1,000", "1,125e7"])
def test_a_comma_before_exactly_three_digits_is_refused_because_it_can_be_read_in_two_ways(typed):
    with pytest.raises(NotANumber, match="two ways"):
        read_number(typed)


def test_the_sentence_for_an_ambiguous_comma_offers_both_readings():
    with pytest.raises(
        NotANumber, match=r"write 1\.000 with a decimal point, or 1000 without a comma"
    ):
        read_number("1,000")


@given(st.text(max_size=40))
def test_any_text_is_either_a_finite_number_or_one_sentence(typed):
    try:
        number = read_number(typed)
    except NotANumber:
        return
    assert number.is_finite() and abs(number.adjusted()) <= 20


@given(
    st.decimals(
        allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=4
    )
)
def test_a_comma_and_a_point_say_the_same_number(number):
    assert read_number(f"{number:f}".replace(".", ",")) == read_number(f"{number:f}") == number


def test_ten_point_nought_and_ten_point_nought_nought_are_different_statements_of_one_amount():
    shorter, longer = Quantity("10.0", "mL"), Quantity("10.00", "mL")
    assert shorter != longer
    assert compare(shorter, longer) == 0
    assert (str(shorter), str(longer)) == ("10.0 mL", "10.00 mL")


@pytest.mark.parametrize(
    ("quantity", "page"),
    [
        (Quantity("15,0", "mL"), "15.0 mL"), (Quantity("3", "1"), "3"),
        (Quantity("80", "%"), "80 %"),
        (Quantity("6.25e7", "cells"), "6.25 × 10⁷ cells"), (Quantity("2e-3", "uL"), "2 × 10⁻³ µL"),
        (Quantity("4000", "cells/cm2"), "4000 cells/cm²"), (Quantity("10000", "1/mL"), "10000/mL"),
        (Quantity("37.0", "degC"), "37.0 °C"), (Quantity("300", "xg"), "300 × g"),
    ],
)  # fmt: skip
def test_a_quantity_prints_its_digits_and_its_unit(quantity, page):
    assert str(quantity) == page


@pytest.mark.parametrize(
    "code", ["", "ml", "ML", "mL ", "U/min", "dimensionless", "pm", "µL", "inch"]
)
def test_a_unit_outside_the_closed_list_is_refused(code):
    with pytest.raises(UnitUnknown, match="closed list"):
        Quantity("1", code)


def test_a_unit_in_the_wrong_case_is_answered_with_the_right_one():
    with pytest.raises(UnitUnknown, match=r"write for example mL\."):
        read_quantity("1", "ml")


@pytest.mark.parametrize(
    ("text", "unit", "other", "converted"),
    [
        ("15.0", "mL", "L", "0.0150"), ("1.5", "L", "mL", "1500"), ("80", "%", "1", "0.80"),
        ("0.8", "1", "%", "80"),
        ("90", "min", "h", "1.5"), ("24", "h", "d", "1"), ("1.50", "h", "min", "90.00"),
        ("0.1", "EU/mL", "EU/L", "100"),
        ("5", "EU/kg", "EU/kg", "5"), ("1.125e7", "cells/mL", "cells/uL", "11250"),
        ("175", "cm2", "m2", "0.0175"),
        ("62500", "g", "kg", "62.5"), ("500", "ug/mL", "mg/mL", "0.5"), ("1", "mL", "uL", "1000"),
    ],
)  # fmt: skip
def test_conversion_is_exact(text, unit, other, converted):
    there = Quantity(text, unit).to(other)
    assert there.unit == other
    assert there.number == Decimal(converted)
    assert compare(there, Quantity(text, unit)) == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("EU/mL", "CFU/mL"), ("EU", "IU"), ("EU", "CFU"), ("EU", "U"), ("cells", "vials"),
        ("cells", "1"), ("vials", "1"),
        ("mL", "g"), ("degC", "1"), ("pH", "1"), ("degC", "pH"), ("EU/kg", "EU/mL"), ("cm", "cm2"),
        ("CFU", "cells"),
        ("EU/kg", "EU/kg/h"), ("vessels", "vials"), ("mOsm/kg", "mmol/L"),
    ],
)  # fmt: skip
def test_unlike_dimensions_are_refused_and_never_converted(one, other):
    assert not alike(one, other)
    for act in (
        lambda: compare(Quantity("1", one), Quantity("1", other)),
        lambda: Quantity("1", one).to(other),
    ):
        with pytest.raises(UnlikeDimensions, match="measure different things"):
            act()


def test_a_form_may_offer_the_units_that_convert():
    assert units_like("EU/mL") == ["EU/mL", "EU/L"]
    assert units_like("degC") == ["degC"]


@pytest.mark.parametrize("unit", UNITS)
@given(
    number=st.decimals(
        allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=3
    )
)
def test_there_and_back_is_the_same_amount_in_every_unit_whose_conversion_ends(unit, number):
    quantity = Quantity.of(number, unit)
    for other in units_like(unit):
        there = quantity.to(other)
        if there.size == quantity.size:  # a third of an hour does not end; everything else must
            assert compare(there.to(unit), quantity) == 0
        else:
            assert abs(there.size - quantity.size) <= abs(quantity.size) / 10**27


@pytest.mark.req("EBR-16")
@pytest.mark.parametrize(
    ("number", "decimals", "rounding", "result"),
    [
        ("2.675", 2, "half-up", "2.68"), ("2.665", 2, "half-up", "2.67"),
        ("2.665", 2, "half-even", "2.66"),
        ("2.675", 2, "half-even", "2.68"), ("-2.675", 2, "half-up", "-2.68"),
        ("0.5", 0, "half-up", "1"),
        ("0.5", 0, "half-even", "0"), ("-0.4", 0, "half-up", "0"), ("69.96", 0, "half-up", "70"),
        ("1250", -2, "half-up", "1300"), ("1250", -2, "half-even", "1200"),
        ("7", 2, "half-up", "7.00"),
    ],
)  # fmt: skip
def test_rounding_follows_the_named_rule_and_keeps_the_decimals(number, decimals, rounding, result):
    assert str(rounded(Decimal(number), decimals, rounding)) == result


def test_an_unknown_rounding_is_refused():
    with pytest.raises(ValueError, match="half-up or half-even"):
        rounded(Decimal(1), 0, "down")


def test_a_quantity_is_rounded_only_for_display():
    volume = Quantity("12.019230769", "mL")
    assert volume.shown(3) == "12.019 mL"
    assert volume.text == "12.019230769"


@pytest.mark.parametrize(
    ("number", "digits", "page"),
    [
        ("62500000", 3, "6.25 × 10⁷"), ("11250000", 4, "1.125 × 10⁷"), ("9999", 3, "1.00 × 10⁴"),
        ("0", 3, "0"),
        ("1e6", 3, "1.00 × 10⁶"), ("0.00125", 2, "1.3 × 10⁻³"), ("-4500000", 2, "-4.5 × 10⁶"),
        ("3", 1, "3 × 10⁰"),
    ],
)  # fmt: skip
def test_large_numbers_are_shown_in_powers_of_ten(number, digits, page):
    assert superscript(Decimal(number), digits) == page


@pytest.mark.parametrize(
    ("typed", "qualifier", "text", "page"),
    [
        ("< 0.05", "<", "< 0.05", "< 0.05 EU/mL"), ("<0,05", "<", "< 0.05", "< 0.05 EU/mL"),
        ("≤ 0.05", "<=", "<= 0.05", "≤ 0.05 EU/mL"), (">= 20", ">=", ">= 20", "≥ 20 EU/mL"),
        (" > 20.0 ", ">", "> 20.0", "> 20.0 EU/mL"), ("0.050", "", "0.050", "0.050 EU/mL"),
    ],
)  # fmt: skip
def test_a_censored_result_is_a_number_with_its_sign(typed, qualifier, text, page):
    measured = read_measured(typed, "EU/mL")
    assert (measured.qualifier, measured.text, str(measured)) == (qualifier, text, page)
    assert read_measured(measured.text, "EU/mL") == measured


@pytest.mark.parametrize(
    "typed", ["<", "< ", "<< 1", "=< 1", "~ 1", "< -", "<1 >0", "not detected"]
)
def test_a_sign_without_a_number_is_refused(typed):
    with pytest.raises(NotANumber):
        read_measured(typed, "EU/mL")


def test_only_the_four_qualifiers_exist():
    with pytest.raises(ValueError, match="qualifier"):
        Measured("~", Quantity("1", "EU"))


def verdict(typed, operator, limit, decimals=None, rounding="half-up", unit="%"):
    return conforms(read_measured(typed, unit), operator, Quantity(limit, unit), decimals, rounding)


@pytest.mark.parametrize(
    ("typed", "operator", "limit", "decimals", "expected"),
    [
        ("95.0", ">", "95", None, "fails"), ("95.1", ">", "95", None, "conforms"),
        ("95.04", ">", "95", 1, "fails"),
        ("95.05", ">", "95", 1, "conforms"), ("80.0", ">", "80", None, "fails"),
        ("80.0", ">=", "80", None, "conforms"),
        ("80.1", ">", "80", None, "conforms"), ("2.0", "<", "2", None, "fails"),
        ("1.9", "<", "2", None, "conforms"),
        ("2.0", "<=", "2", None, "conforms"), ("90", ">=", "90", None, "conforms"),
        ("90", ">", "90", None, "fails"),
        ("89", ">", "80", None, "conforms"), ("89", ">=", "90", None, "fails"),
        ("5", "=", "5.0", None, "conforms"),
        ("5.01", "=", "5", None, "fails"), ("5.04", "=", "5", 1, "conforms"),
        ("69.94", ">=", "70", 1, "fails"),
        ("97", ">", "80", None, "conforms"), ("97.9", ">", "95", None, "conforms"),
        ("0.9", "<", "2", None, "conforms"),
    ],
)  # fmt: skip
def test_a_result_is_judged_at_both_edges_of_its_limit(typed, operator, limit, decimals, expected):
    assert verdict(typed, operator, limit, decimals) == expected


@pytest.mark.req("QC-04")
def test_69_96_at_no_decimals_against_at_least_70_is_reported_as_70_conforms_and_stays_as_typed():
    result = read_measured("69.96", "%")
    assert conforms(result, ">=", Quantity("70", "%"), decimals=0) == "conforms"
    assert conforms(result, ">=", Quantity("70", "%")) == "fails"
    assert result.quantity.shown(0) == "70 %"
    assert result.text == "69.96"


# Result at, under and over a limit of 10, for each qualifier and operator. c conforms, f fails, i
# inconclusive;
# one letter for each of the results 9, 10, 11.
CENSORED = {
    "": {"<": "cff", "<=": "ccf", "=": "fcf", ">=": "fcc", ">": "ffc"},
    "<": {"<": "cci", "<=": "cci", "=": "ffi", ">=": "ffi", ">": "ffi"},
    "<=": {"<": "cii", "<=": "cci", "=": "fii", ">=": "fii", ">": "ffi"},
    ">": {"<": "iff", "<=": "iff", "=": "iff", ">=": "icc", ">": "icc"},
    ">=": {"<": "iff", "<=": "iif", "=": "iif", ">=": "icc", ">": "iic"},
}


@pytest.mark.parametrize("qualifier", QUALIFIERS)
@pytest.mark.parametrize("operator", OPERATORS)
def test_every_qualifier_meets_every_operator_on_both_sides_of_the_limit(qualifier, operator):
    letters = "".join(
        verdict(f"{qualifier} {number}", operator, "10")[0] for number in ("9", "10", "11")
    )
    assert letters == CENSORED[qualifier][operator]


@pytest.mark.parametrize(
    ("typed", "operator", "limit", "expected"),
    [
        ("< 0.05", "<=", "20.0", "conforms"), ("< 0.5", "<", "0.1", "inconclusive"),
        ("< 0.5", "<=", "0.1", "inconclusive"),
        ("< 0.1", "<", "0.1", "conforms"), ("> 20", "<=", "20", "fails"),
        (">= 20", "<=", "20", "inconclusive"),
    ],
)  # fmt: skip
def test_a_result_below_detection_is_judged_as_the_bound_it_is(typed, operator, limit, expected):
    assert verdict(typed, operator, limit, unit="EU/mL") == expected


decimal_numbers = st.decimals(
    allow_nan=False, allow_infinity=False, min_value=-20, max_value=20, places=2
)


@given(
    number=decimal_numbers, limit=decimal_numbers, qualifier=st.sampled_from(QUALIFIERS[1:]),
    operator=st.sampled_from(OPERATORS), decimals=st.sampled_from([None, 0, 1]),
    rounding=st.sampled_from(["half-up", "half-even"]),
    distance=st.fractions(min_value=0, max_value=30),
)  # fmt: skip
def test_no_value_a_censored_result_may_stand_for_contradicts_its_verdict(
    number, limit, qualifier, operator, decimals, rounding, distance
):
    censored = conforms(
        Measured(qualifier, Quantity.of(number, "mL")),
        operator,
        Quantity.of(limit, "mL"),
        decimals,
        rounding,
    )
    if distance == 0 and not qualifier.endswith("="):
        return
    true_value = Fraction(number) + (-distance if qualifier.startswith("<") else distance)
    # exact, however long the fraction is: judged at the limit's own scale
    reported = true_value if decimals is None else Fraction(rounded(true_value, decimals, rounding))
    order = (reported > Fraction(limit)) - (reported < Fraction(limit))
    holds = order in {"<": (-1,), "<=": (-1, 0), "=": (0,), ">=": (0, 1), ">": (1,)}[operator]
    assert censored in ("inconclusive", "conforms" if holds else "fails")


@given(
    number=st.decimals("0", "1000", places=3), limit=st.decimals("0", "1000", places=3),
    qualifier=st.sampled_from(QUALIFIERS), operator=st.sampled_from(OPERATORS),
    decimals=st.sampled_from([None, 0, 1, 2]),
    units=st.sampled_from([
        ("EU/mL", "EU/L"), ("cells/mL", "cells/uL"), ("L", "mL"), ("%", "1"), ("h", "min"),
        ("d", "s"),
    ]),
)  # fmt: skip
def test_the_unit_it_was_typed_in_never_changes_a_verdict(
    number, limit, qualifier, operator, decimals, units
):
    unit, smaller = units
    typed, bound = Quantity.of(number, unit), Quantity.of(limit, unit)
    assert conforms(Measured(qualifier, typed), operator, bound, decimals) == conforms(
        Measured(qualifier, typed.to(smaller)), operator, bound, decimals
    )


def test_ninety_minutes_and_one_hour_and_a_half_are_the_same_hold_time():
    limit = Quantity("1.5", "h")
    assert conforms(read_measured("90", "min"), "<=", limit) == "conforms"
    assert conforms(read_measured("90.01", "min"), "<=", limit) == "fails"


def test_a_result_of_another_dimension_is_not_judged():
    with pytest.raises(UnlikeDimensions):
        conforms(read_measured("1", "CFU/mL"), "<", Quantity("20", "EU/mL"))


@pytest.mark.parametrize("operator", ["", "==", "=>", "≥", "between"])
def test_an_unknown_operator_is_refused(operator):
    with pytest.raises(ValueError, match="not an operator"):
        verdict("1", operator, "2")


@pytest.mark.parametrize(
    ("number", "inside"),
    [("14.24", False), ("14.25", True), ("15", True), ("15.75", True), ("15.76", False)],
)
def test_fifteen_millilitres_within_five_percent_includes_both_edges(number, inside):
    assert (
        within(Quantity(number, "mL"), Quantity("14.25", "mL"), Quantity("0.01575", "L")) is inside
    )


def test_a_missing_bound_does_not_bind():
    assert within(Quantity("99", "%"), Quantity("70", "%"), None)
    assert within(Quantity("1", "%"), None, Quantity("70", "%"))
    assert within(Quantity("1", "%"), None, None)
