"""Own codes: what is read back, what is refused and in which words."""

import string

import pytest
from hypothesis import given, strategies as st
from stdnum.iso7064 import mod_97_10

from labels.codes import (
    SERIES,
    Code,
    CodeFault,
    UnreadableCode,
    address,
    hyphenated,
    make,
    printable,
    read,
)

LETTERS = "".join(SERIES)
BASE = "https://lab.example:8000/cordbook"


@st.composite
def codes(draw: st.DrawFn) -> Code:
    series = draw(st.sampled_from(LETTERS))
    number = draw(st.integers(1, 9_999) | st.integers(1, 999_999))
    return make(series, draw(st.integers(0, 99)), number)


def refused(text: str) -> bool:
    try:
        read(text)
    except UnreadableCode:
        return True
    return False


@given(codes(), st.integers(0, 99))
def test_check_digits_are_whole_exactly_where_the_library_says_so(code: Code, check: int) -> None:
    bare = f"{code.series}{code.digits}{check:02d}"
    assert refused(bare) is not mod_97_10.is_valid(bare)
    assert hyphenated(bare) == (bare if refused(bare) else f"{bare[:-2]}-{bare[-2:]}")
    assert hyphenated(code.bare) == code.shown


@pytest.mark.parametrize("text", ["", "quarantine", "B260017-06", "A26001706", "B26000006"])
def test_what_is_no_bare_code_is_shown_as_it_is(text: str) -> None:
    assert hyphenated(text) == text


@pytest.mark.req("LAB-08")
@pytest.mark.parametrize(
    ("series", "digits", "shown"),
    [
        ("B", "260017", "B260017-06"),
        ("V", "2600173", "V2600173-41"),
        ("C", "2600021", "C2600021-76"),
    ],
)
def test_golden_codes_are_made_and_read(series: str, digits: str, shown: str) -> None:
    code = Code(series, digits)
    assert code.shown == shown
    assert code.bare == shown.replace("-", "")
    assert read(shown) == read(code.bare) == code


@pytest.mark.parametrize(
    ("series", "year", "number", "digits"),
    [
        ("B", 26, 17, "260017"),
        ("B", 2026, 9_999, "269999"),
        ("B", 2026, 10_000, "26010000"),
        ("V", 26, 173, "2600173"),
        ("V", 26, 99_999, "2699999"),
        ("V", 26, 100_000, "260100000"),
        ("F", 5, 1, "0500001"),
    ],
)
def test_year_and_number_make_the_digits(series: str, year: int, number: int, digits: str) -> None:
    code = make(series, year, number)
    assert (code.digits, code.year, code.number) == (digits, year % 100, number)
    assert read(code.shown) == code


@pytest.mark.parametrize(
    ("series", "number"), [("A", 1), ("b", 1), ("B", 0), ("B", 1_000_000), ("V", 10**7), ("", 1)]
)
def test_a_code_outside_the_table_is_not_made(series: str, number: int) -> None:
    with pytest.raises(ValueError, match="series"):
        make(series, 26, number)


def test_no_series_letter_is_a_vowel_d_w_or_y() -> None:
    assert not set(SERIES) & set("AEIOUDWY")
    assert set(SERIES) <= set(string.ascii_uppercase)


@pytest.mark.parametrize(
    "text",
    [
        "B260017-06",
        "b26001706",
        "  B260017-06\r\n",
        "]Q1B26001706",
        "]d1b260017-06\t",
        f"{BASE}/L/B26001706",
        address(BASE, make("B", 26, 17)),
    ],
)
def test_what_a_scanner_sends_or_a_person_types_is_read(text: str) -> None:
    assert read(text, base=BASE).shown == "B260017-06"


@pytest.mark.req("LAB-08")
@pytest.mark.parametrize(
    ("text", "reason", "words"),
    [
        ("", CodeFault.EMPTY, "Scan or type"),
        (" \r\n", CodeFault.EMPTY, "Scan or type"),
        ("=A99992600000100", CodeFault.ISBT, "ISBT 128"),
        ("&>0281822359", CodeFault.ISBT, "ISBT 128"),
        ("]d20109521234543213", CodeFault.GS1, "GS1"),
        ("]C1010952123454321310LOT\x1d21V1", CodeFault.GS1, "GS1"),
        ("(01)09521234543213", CodeFault.GS1, "GS1"),
        ("0109521234543213", CodeFault.GS1, "GS1"),
        ("https://example.org/L/B26001706", CodeFault.WEB_ADDRESS, "web address"),
        (f"{BASE}x/L/B26001706", CodeFault.WEB_ADDRESS, "web address"),
        ("hello", CodeFault.NOT_OURS, "not a Cordbook code"),
        ("A26001706", CodeFault.NO_SERIES, "no series begins with A"),
        ("B260017-07", CodeFault.DAMAGED, "check digits"),
        ("B2600017-06", CodeFault.DAMAGED, "check digits"),
        ("B26-001706", CodeFault.DAMAGED, "check digits"),
        ("B260017--06", CodeFault.DAMAGED, "check digits"),
        ("B", CodeFault.NOT_OURS, "not a Cordbook code"),
        ("B2", CodeFault.DAMAGED, "check digits"),
        ("B260017-0", CodeFault.DAMAGED, "check digits"),
        ("B26 0017 06", CodeFault.NOT_OURS, "not a Cordbook code"),
        ("B26001706 B26001706", CodeFault.NOT_OURS, "not a Cordbook code"),
        ("B260017\u201306", CodeFault.NOT_OURS, "not a Cordbook code"),
        ("\uff22260017-06", CodeFault.NOT_OURS, "not a Cordbook code"),
        ("B\u0662\u0666001706", CodeFault.NOT_OURS, "not a Cordbook code"),
        ("B260017-06\x00", CodeFault.NOT_OURS, "<0000>"),
        ("\u202eB260017-06", CodeFault.NOT_OURS, "<202E>"),
        ("]", CodeFault.NOT_OURS, "not a Cordbook code"),
        ("<script>alert(1)</script>", CodeFault.NOT_OURS, "not a Cordbook code"),
    ],
)
def test_everything_else_is_refused_with_its_reason(
    text: str, reason: CodeFault, words: str
) -> None:
    with pytest.raises(UnreadableCode, match=words) as refusal:
        read(text, base=BASE)
    assert refusal.value.reason == reason
    assert refusal.value.text == text
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("expected", "is_taken"), [("", True), ("B", True), ("VB", True), ("V", False), ("VF", False)]
)
def test_a_code_of_another_kind_names_both_kinds(expected: str, is_taken: bool) -> None:
    if is_taken:
        assert read("B260017-06", expected=expected).series == "B"
        return
    with pytest.raises(
        UnreadableCode, match="is the code of a batch; scan the code of a vial"
    ) as refusal:
        read("B260017-06", expected=expected)
    assert refusal.value.reason == CodeFault.OTHER_KIND


def test_the_address_form_is_refused_unless_the_caller_knows_its_base() -> None:
    assert refused(f"{BASE}/L/B26001706")


def test_a_long_text_is_clipped_in_the_sentence() -> None:
    assert len(printable("x" * 10_000)) < 70


@given(codes())
def test_every_made_code_reads_back(code: Code) -> None:
    assert read(code.shown) == read(code.bare) == read(code.shown.lower()) == code
    assert read(code.shown).shown == code.shown


@given(codes(), st.data())
def test_every_single_substitution_is_refused(code: Code, data: st.DataObject) -> None:
    text = data.draw(st.sampled_from([code.bare, code.shown]))
    at = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(
        st.sampled_from(string.ascii_uppercase + string.digits + "-").filter(
            lambda c: c != text[at]
        )
    )
    assert refused(text[:at] + other + text[at + 1 :])


@given(codes(), st.data())
def test_every_adjacent_transposition_is_refused(code: Code, data: st.DataObject) -> None:
    text = data.draw(st.sampled_from([code.bare, code.shown]))
    at = data.draw(st.integers(0, len(text) - 2))
    swapped = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    assert swapped == text or refused(swapped)


@given(codes(), st.data())
def test_a_lost_or_doubled_digit_is_refused(code: Code, data: st.DataObject) -> None:
    at = data.draw(st.integers(1, len(code.bare) - 1))
    assert refused(code.bare[:at] + code.bare[at + 1 :])
    assert refused(code.bare[:at] + code.bare[at] + code.bare[at:])


@given(st.text(max_size=80))
def test_no_text_makes_anything_but_a_code_or_one_sentence(text: str) -> None:
    try:
        assert isinstance(read(text), Code)
    except UnreadableCode as refusal:
        assert str(refusal)
        assert all(c.isprintable() for c in str(refusal))
