"""Readings.

Whatever is typed is a value or a sentence, for every type of field, and nothing else ever.
"""

import json
from decimal import Decimal

import pytest
from hypothesis import example, given, settings, strategies as st

from integrity.canonical import canonical
from integrity.facts import shown
from integrity.quantities import Quantity
from manufacturing.execution.inputs import parts
from manufacturing.execution.rules.steps import judged_value
from manufacturing.execution.typed_values import Faulty, read as read_field
from manufacturing.masters.document import SHIPPED, read
from manufacturing.masters.model import Field, Limits, Option

SHIPPED_RECORD = read(SHIPPED.read_bytes())
WORDS = {"en": "Volume"}


def q(text, unit):
    return Quantity(text, unit)


def limits(unit, low, high):
    return Limits(unit, q(low, unit), q(high, unit))


FIELDS = {
    "measurement": Field(
        "x",
        "measurement",
        WORDS,
        unit="mL",
        decimals=1,
        plausible=limits("mL", "0", "5000"),
        limits=limits("mL", "180", "220"),
    ),
    "choice": Field(
        "x", "choice", WORDS, options=(Option("a", WORDS, "accept"), Option("b", WORDS, "deviates"))
    ),
    "text": Field("x", "text", WORDS),
    "confirm": Field("x", "confirm", WORDS),
    "datetime": Field("x", "datetime", WORDS),
    "lot": Field("x", "lot", WORDS, material="DPBS"),
    "equipment": Field("x", "equipment", WORDS, kind="incubator"),
    "vessels": Field("x", "vessels", WORDS, kind="flask", area=q("175", "cm2")),
    "count": Field("x", "count", WORDS, replicates=3, dilution=Decimal(2), squares=4),
    "incubator": Field(
        "x",
        "incubator",
        WORDS,
        readings={"temperature": limits("degC", "36.5", "37.5"), "co2": limits("%", "4.5", "5.5")},
    ),
}
NONSENSE = [
    "",
    "   ",
    "200 mL",
    "1,000",
    "NaN",
    "nan",
    "Infinity",
    "-inf",
    "1e400",
    "1e-400",
    "٢٠٠",
    "²",
    "१२",
    "\x00",
    "1\x00",
    "\x1b[2J",
    "<script>alert(1)</script>",
    "'; DROP TABLE entries; --",
    "=1+1",
    "Đã rửa ba lần",
    "\u202e002",
    "\u200f5",
    "9" * 5000,
    "0" * 12 + "5" * 5000,
    "0x10",
    "1_000",
    "1.2.3",
    ".",
    ",",
    "-",
    "+",
    "1e",
    "½",
    "\ud800",
    "\uffff",
    "y\n",
    "2026-11-02",
    "0001-01-01 00:00 +14:00",
    "9999-12-31 23:59 -14:00",
    "2026-02-30 08:00 +07:00",
    "M2600017",
    "B26001706" * 20,
]


def answered(field, typed):
    """The value, or the sentences of Faulty; anything else fails the test.

    What is a value can be kept and read back.
    """
    try:
        value = read_field(field, typed)
    except Faulty as fault:
        assert fault.faults
        assert set(fault.faults) <= {part.name for part in parts(field)}
        said = {name: shown(told) for name, told in fault.faults.items()}
        assert all(
            sentence.endswith((".", "”")) and len(sentence) < 400 for sentence in said.values()
        )
        return said
    assert json.loads(canonical(value)) == value
    return value


@pytest.mark.parametrize("typed", NONSENSE)
@pytest.mark.parametrize("kind", FIELDS)
def test_nonsense_is_a_sentence_and_never_an_error(kind, typed):
    field = FIELDS[kind]
    for one in parts(field):
        answered(field, {one.name: typed})
    answered(field, {one.name: typed for one in parts(field)})


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(FIELDS)), st.data())
def test_whatever_is_typed_is_a_value_or_a_sentence(kind, data):
    field = FIELDS[kind]
    number = st.from_regex(r"[-+]?\d{1,40}([.,]\d{1,40})?([eE][-+]?\d{1,4})?", fullmatch=True)
    words = st.one_of(st.text(max_size=60), number, st.sampled_from(NONSENSE))
    found = answered(field, {one.name: data.draw(words) for one in parts(field)})
    if kind in ("count", "incubator", "measurement") and found and "x" not in found:
        list(judged_value(field, found) if not any(name.startswith("x-") for name in found) else [])


@pytest.mark.parametrize("step", SHIPPED_RECORD.steps, ids=lambda step: step.id)
def test_every_field_of_the_shipped_record_says_what_is_missing(step):
    for field in step.fields:
        if field.required and parts(field):
            with pytest.raises(Faulty) as caught:
                read_field(field, {})
            assert set(caught.value.faults) <= {part.name for part in parts(field)}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("200", "200"),
        ("200.0", "200.0"),
        ("200,5", "200.5"),
        (" 200 ", "200"),
        ("2e2", "2e2"),
        ("2.0×10^2", "2.0e2"),
        ("+200", "200"),
    ],
)
def test_a_measurement_keeps_its_digits_as_they_were_typed(typed, kept):
    assert read_field(FIELDS["measurement"], {"x": typed}) == {"text": kept, "unit": "mL"}


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "Enter Volume in mL."),
        ("200 mL", "not a number"),
        ("1,000", "two ways"),
        ("200.55", "at most 1 decimals"),
        ("5000.1", "cannot be"),
        ("-1", "cannot be"),
        ("1e19", "cannot be"),
    ],
)
def test_a_measurement_that_is_none_says_what_to_do(typed, says):
    with pytest.raises(Faulty) as caught:
        read_field(FIELDS["measurement"], {"x": typed})
    assert says in shown(caught.value.faults["x"])


@pytest.mark.req("EBR-05")
def test_a_ph_of_74_is_implausible_and_refused_but_a_viability_of_69_is_taken_and_deviates():
    ph = Field(
        "ph",
        "measurement",
        {"en": "pH"},
        unit="pH",
        plausible=limits("pH", "0", "14"),
        limits=limits("pH", "7.2", "7.6"),
    )
    with pytest.raises(Faulty, match="cannot be"):
        read_field(ph, {"ph": "74"})
    viability = Field(
        "v",
        "measurement",
        {"en": "Viability"},
        unit="%",
        plausible=limits("%", "0", "100"),
        limits=limits("%", "70", "100"),
    )
    value = read_field(viability, {"v": "69"})
    assert value == {"text": "69", "unit": "%"}
    [found] = judged_value(viability, value)
    assert found.sentence() == "Viability: 69 %, accepted 70 – 100 %."


def counted(**changed):
    pairs = {
        f"x-{n}-{what}": number
        for n in (1, 2, 3)
        for what, number in (("live", "200"), ("dead", "10"))
    }
    return {"x-squares": "4", "x-dilution": "2"} | pairs | changed


def test_a_count_uses_every_count_there_is():
    three = read_field(FIELDS["count"], counted())
    assert (three["viable_concentration"], three["cv"]) == ("1000000", "0")
    four = read_field(FIELDS["count"], counted(**{"x-4-live": "240", "x-4-dead": "10"}))
    assert (len(four["replicates"]), four["viable_concentration"]) == (4, "1050000")


def test_the_cv_of_a_count_is_exact_at_its_limit():
    """85, 100 and 115: mean 100, standard deviation 15, CV exactly 15 %."""
    value = read_field(
        FIELDS["count"], counted(**{"x-1-live": "85", "x-2-live": "100", "x-3-live": "115"})
    )
    assert Decimal(value["cv"]) == 15


def test_a_count_without_any_live_cell_is_a_count():
    value = read_field(
        FIELDS["count"], counted(**{"x-1-live": "0", "x-2-live": "0", "x-3-live": "0"})
    )
    assert (value["viable_concentration"], value["viability"], value["cv"]) == ("0", "0", None)


@pytest.mark.parametrize(
    ("changed", "faulty"),
    [
        ({"x-1-live": ""}, "x-1-live"),
        ({"x-4-live": "200"}, "x-4-dead"),
        ({"x-squares": "0"}, "x-squares"),
        ({"x-dilution": "0.5"}, "x-dilution"),
        ({"x-1-live": "-1"}, "x-1-live"),
        ({"x-1-live": "1.5"}, "x-1-live"),
        ({"x-1-live": "1000001"}, "x-1-live"),
        ({"x-dilution": ""}, "x-dilution"),
        ({f"x-{n}-{what}": "0" for n in (1, 2, 3) for what in ("live", "dead")}, "x-1-live"),
    ],
)
def test_a_count_says_which_number_is_wrong(changed, faulty):
    with pytest.raises(Faulty) as caught:
        read_field(FIELDS["count"], counted(**changed))
    assert set(caught.value.faults) == {faulty}


@pytest.mark.parametrize(
    ("now", "lowest", "highest", "faulty"),
    [
        ("37.0", "36.9", "37.2", []),
        ("37.0", "37.0", "37.0", []),
        ("36.8", "36.9", "37.2", ["now"]),
        ("37.3", "36.9", "37.2", ["now"]),
        ("37", "-1", "90", ["lowest", "highest"]),
        ("", "", "", ["now", "lowest", "highest"]),
    ],
)
def test_an_incubator_is_read_three_times_and_in_order(now, lowest, highest, faulty):
    field = Field("x", "incubator", WORDS, readings={"temperature": limits("degC", "36.5", "37.5")})
    found = answered(
        field,
        {
            "x-temperature-now": now,
            "x-temperature-lowest": lowest,
            "x-temperature-highest": highest,
        },
    )
    assert [name.rpartition("-")[2] for name in found if "-" in name] == faulty


@pytest.mark.parametrize(
    ("typed", "ok"),
    [
        ("1", True),
        ("200", True),
        ("201", False),
        ("0", False),
        ("1.0", False),
        ("٣", False),
        ("007", True),
    ],
)
def test_vessels_are_a_whole_number(typed, ok):
    assert ("number" in answered(FIELDS["vessels"], {"x": typed})) is ok


def test_an_optional_field_may_stay_empty_and_what_the_server_makes_is_always_made():
    assert read_field(Field("x", "text", WORDS, required=False), {"x": "  "}) is None
    assert read_field(Field("x", "sample", WORDS, required=False), {}) == {}
    assert parts(Field("x", "calculation", WORDS)) == []


def test_texts_keep_vietnamese_and_several_lines_and_refuse_what_hides():
    assert read_field(FIELDS["text"], {"x": "Dung dịch\nđục"}) == {"text": "Dung dịch\nđục"}
    assert "reading direction" in answered(FIELDS["text"], {"x": "abc\u202e"})["x"]
    assert "control character" in answered(FIELDS["text"], {"x": "abc\x07"})["x"]


@example("2026-11-02 08:00 +07:00")
@given(st.text(max_size=40))
def test_a_time_is_read_with_its_zone_or_said_to_be_wrong(typed):
    found = answered(FIELDS["datetime"], {"x": typed})
    assert "at" in found or "x" in found


@pytest.mark.req("EBR-05")
@pytest.mark.parametrize(
    ("unit", "other", "typed", "ok"),
    [
        ("%", {}, "0", True),
        ("%", {}, "100", True),
        ("%", {}, "100.1", False),
        ("%", {}, "-0.1", False),
        ("%", {}, "-0", False),
        ("mL", {}, "-1", False),
        ("mL", {}, "-0.0", False),
        ("kg", {}, "5.000", False),  # five, or five thousand
        ("kg", {"decimals": 3}, "5.000", True),  # as the balance shows it
        ("kg", {"plausible": limits("kg", "0", "300")}, "5.000", True),
        ("kg", {"plausible": limits("kg", "0", "5000")}, "5.000", False),
        ("degC", {}, "-80", True),
        ("degC", {}, "-0", False),
    ],
)
def test_a_figure_is_possible_in_its_unit_and_has_one_reading(unit, other, typed, ok):
    field = Field("x", "measurement", WORDS, unit=unit, **other)
    if ok:
        assert read_field(field, {"x": typed}) == {"text": typed, "unit": unit}
    else:
        with pytest.raises(Faulty):
            read_field(field, {"x": typed})


def test_every_figure_of_the_shipped_record_refuses_what_cannot_be():
    measured = [
        field
        for step in SHIPPED_RECORD.steps
        for field in step.fields
        if field.type == "measurement"
    ]
    for field in measured:
        assert field.plausible, field.place
        for typed in ("-0", "1e15", "-1e15"):
            with pytest.raises(Faulty):
                read_field(field, {field.id: typed})
