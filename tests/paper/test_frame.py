"""The printed record: complete, marked, numbered, repeatable, and unharmed by what people type."""

from io import BytesIO
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from pypdf import PdfReader

from labels.symbols import symbol
from paper.blocks import band, facts_grid, gap, heading, paragraph, signatures, together
from paper.frame import document
from paper.shapes import TONES
from paper.tables import Column, Struck, Verdict, table

HOSTILE = "<b>bold</b> & \x00\u202egnp Nguyễn שלום 😀 " + "W" * 300 + " ='1\nsecond line"
SIGNED = {
    "name": "QA 1",
    "username": "qa1",
    "role": "Quality Assurance",
    "meaning": "Reviewed the batch record",
    "time": "2026-12-19 10:58:21 +07",
}


def printed(*story: Any, **more: Any) -> PdfReader:
    return PdfReader(
        BytesIO(document("UC-MSC suspension", "Certificate", "CR-26-0009 v1", story, **more))
    )


def words(reader: PdfReader) -> str:
    return "\n".join(page.extract_text() for page in reader.pages)


def test_every_page_carries_number_count_marking_and_foot() -> None:
    reader = printed(
        *[paragraph(f"line {n}\n" * 20) for n in range(12)],
        demonstration=True,
        footer=["head 9f2c41ae00"],
    )
    pages = len(reader.pages)
    assert pages > 2
    for number, page in enumerate(reader.pages, start=1):
        text = page.extract_text()
        assert f"page {number} / {pages}" in text
        assert "CR-26-0009 v1" in text
        assert "not a record of real manufacture" in text
        assert text.count("DEMONSTRATION") == 2
        assert "9f2c41ae00" in text


def test_a_real_record_says_nothing_of_demonstration() -> None:
    assert "DEMONSTRATION" not in words(printed(paragraph("x")))


def test_an_empty_record_is_one_page() -> None:
    assert "page 1 / 1" in words(printed())


def test_drawing_again_repeats_the_bytes() -> None:
    def draw() -> bytes:
        story = [
            facts_grid([("Batch", "B260017-06")]),
            table(["a"], [("x",)]),
            signatures([SIGNED]),
        ]
        return document(
            "t", "k", "n", story, demonstration=True, footer=["f"], symbol=symbol("B26001706")
        )

    assert draw() == draw()


def test_no_font_but_plex_is_named_in_the_file() -> None:
    reader = printed(
        facts_grid([("a", "b")]),
        band("Held", "x", "held"),
        table(["a"], [("x",)]),
        signatures([SIGNED]),
    )
    fonts = reader.pages[0]["/Resources"]["/Font"]
    used = {str(font.get_object()["/BaseFont"]) for font in fonts.values()}
    assert used
    assert all("IBMPlex" in name for name in used), used


def test_a_signature_shows_name_user_role_meaning_and_time() -> None:
    text = words(printed(signatures([SIGNED])))
    assert all(value in text for value in SIGNED.values())


def test_nothing_signed_says_so() -> None:
    assert "Not signed." in words(printed(signatures([])))


def test_the_head_of_a_table_is_repeated_on_every_page() -> None:
    reader = printed(table(["Step", "Value"], [(f"row {n}", "1") for n in range(120)]))
    assert len(reader.pages) > 2
    assert all("Step" in page.extract_text() for page in reader.pages)
    assert all(f"row {n}" in words(reader) for n in range(120))


def test_a_corrected_value_keeps_every_old_one_legible() -> None:
    text = words(
        printed(
            table(
                ["Value"],
                [(Struck(("91.0 %", "90.9 %"), "90.1 %", "transcription, Technician 3"),)],
            )
        )
    )
    assert all(
        value in text for value in ("91.0 %", "90.9 %", "90.1 %", "transcription, Technician 3")
    )


def test_an_empty_table_says_its_sentence() -> None:
    assert "No deviations." in words(printed(table(["a"], [], empty="No deviations.")))


def test_a_row_that_does_not_fit_its_columns_is_refused() -> None:
    with pytest.raises(ValueError, match="2 cells does not fit a table of 1"):
        table(["a"], [("x", "y")])


@pytest.mark.parametrize("tone", TONES)
def test_every_tone_prints_its_word(tone: str) -> None:
    text = words(
        printed(band("Word", "and a sentence", tone), table(["v"], [(Verdict("verdict", tone),)]))
    )
    assert "Word — and a sentence" in text
    assert "verdict" in text


def test_an_unknown_tone_fails_before_anything_is_drawn() -> None:
    with pytest.raises(KeyError):
        band("x", "y", "green")
    with pytest.raises(KeyError):
        table(["v"], [(Verdict("x", "green"),)])


@pytest.mark.parametrize(
    "block",
    [
        lambda: heading(HOSTILE),
        lambda: paragraph(HOSTILE),
        lambda: facts_grid([(HOSTILE, HOSTILE)]),
        lambda: band(HOSTILE, HOSTILE, "held"),
        lambda: table(["a", "b"], [(HOSTILE, Struck((HOSTILE,), HOSTILE, HOSTILE))]),
        lambda: table(["a", Column("b", 3)], [("x", "y" * 30_000)]),
        lambda: signatures([dict.fromkeys(SIGNED, HOSTILE)]),
        lambda: together(heading("h"), paragraph(HOSTILE * 20)),
    ],
    ids=["heading", "paragraph", "facts", "band", "table", "endless cell", "signature", "together"],
)
def test_hostile_text_prints_as_text(block: Any) -> None:
    text = words(printed(gap(), block(), footer=[HOSTILE]))
    assert "<b>bold</b>" in text
    assert "[U+202E]" in text


def test_a_hostile_title_and_number_leave_the_page_whole() -> None:
    reader = PdfReader(
        BytesIO(document(HOSTILE, HOSTILE, HOSTILE, [paragraph("body")], demonstration=True))
    )
    assert "body" in words(reader)


def test_the_symbol_reads_back_from_the_picture_of_the_page() -> None:
    address = "HTTPS://LAB.EXAMPLE/C/K7M2Q9XF3T8B5N4R"
    pdf = document("t", "k", "n", [paragraph("x")], footer=["a", "b"], symbol=symbol(address))
    picture = pypdfium2.PdfDocument(pdf)[0].render(scale=150 / 72).to_pil().convert("L")
    assert [found.text for found in zxingcpp.read_barcodes(picture)] == [address]
