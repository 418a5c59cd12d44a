"""Label sheets: what is printed, what is refused, and that every symbol on them reads back."""

from dataclasses import replace
from functools import partial
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from pypdf import PdfReader

from labels import sheets
from labels.codes import make, read
from labels.stock_register import HANDLING
from labels.stocks import LabelFacts, LabelRefused
from tests.machine import program

STOCKS = HANDLING.read(HANDLING.shipped.read_bytes())
roll, sheet, vial_sheet = (
    partial(draw, stocks=STOCKS) for draw in (sheets.roll, sheets.sheet, sheets.vial_sheet)
)
SERIES_OF = {"vial": "V", "flask": "F", "jar": "J", "final": "P"}


def facts(kind: str, number: int = 173) -> LabelFacts:
    lines = ("Batch B260017-06", "2026-12-06 10:12 +07")
    return LabelFacts(
        make(SERIES_OF[kind], 26, number), kind, "MSC(WJ) P3", lines, demonstration=True
    )


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


def symbols_of(pdf: bytes) -> list[zxingcpp.Barcode]:
    document = pypdfium2.PdfDocument(pdf)
    pictures = [page.render(scale=300 / 72).to_pil().convert("L") for page in document]
    return [found for picture in pictures for found in zxingcpp.read_barcodes(picture)]


@pytest.mark.req("LAB-08")
@pytest.mark.parametrize("kind", SERIES_OF)
def test_every_kind_of_label_reads_back_as_its_own_code(kind: str) -> None:
    label = facts(kind)
    (found,) = symbols_of(roll([label]))
    assert read(found.text) == label.code
    assert label.code.shown in text_of(roll([label])).replace("\n", "")


@pytest.mark.parametrize("kind", SERIES_OF)
def test_a_second_reader_reads_the_printed_page(kind: str, tmp_path: Path) -> None:
    labels = [facts(kind, number) for number in (1, 2, 3)]
    (tmp_path / "labels.pdf").write_bytes(sheet(labels))
    program("pdftoppm", "-r", "300", "-png", "-singlefile", "labels.pdf", "labels", cwd=tmp_path)
    seen = program("zbarimg", "--nodbus", "-q", "--raw", "labels.png", cwd=tmp_path, text=True)
    assert sorted(seen.stdout.split()) == sorted(label.code.bare for label in labels)


def test_a_hundred_vials_are_on_two_sheets_each_as_version_1_m() -> None:
    labels = [facts("vial", number) for number in range(1, 101)]
    pdf = vial_sheet(labels)
    found = symbols_of(pdf)
    assert len(PdfReader(BytesIO(pdf)).pages) == 2
    assert {one.text for one in found} == {label.code.bare for label in labels}
    assert {(one.extra["Version"], one.ec_level) for one in found} == {("1", "M")}


@pytest.mark.parametrize(
    ("places", "skip", "pages"), [(30, 0, 1), (31, 0, 2), (1, 29, 1), (2, 29, 2)]
)
def test_a_used_sheet_is_filled_up_and_the_next_begun(places: int, skip: int, pages: int) -> None:
    labels = [facts("flask", number) for number in range(1, places + 1)]
    assert len(PdfReader(BytesIO(sheet(labels, skip=skip))).pages) == pages


@pytest.mark.parametrize("kind", SERIES_OF)
def test_places_on_a4_stay_on_the_paper_and_do_not_overlap(kind: str) -> None:
    stock = STOCKS.stocks[kind]
    assert stock.left + (stock.columns - 1) * stock.across + stock.width < 596
    assert stock.top + (stock.rows - 1) * stock.down + stock.height < 842
    assert stock.across >= stock.width
    assert stock.down >= stock.height


@pytest.mark.req("LAB-09")
@pytest.mark.parametrize("kind", SERIES_OF)
def test_the_status_on_a_label_is_neutral(kind: str) -> None:
    words = text_of(roll([facts(kind)])).lower()
    assert "quarantine" in words or "status: scan" in words
    assert "released" not in words


@pytest.mark.req("LAB-09")
@pytest.mark.parametrize("status", ["RELEASED", "not released", "Approved", "rejected"])
def test_a_disposition_is_not_printed_on_a_label(status: str) -> None:
    with pytest.raises(LabelRefused, match="shown by scanning"):
        roll([replace(facts("jar"), status=status)])


def test_the_final_container_says_for_clinical_trial_use_only_once() -> None:
    sentence = "For clinical trial use only"
    assert text_of(roll([facts("final")])).count(sentence) == 1
    assert text_of(roll([replace(facts("final"), warnings=(sentence,))])).count(sentence) == 1


@pytest.mark.parametrize("is_demonstration", [True, False])
def test_demonstration_is_marked_when_asked(is_demonstration: bool) -> None:
    assert (
        "DEMONSTRATION" in text_of(roll([replace(facts("vial"), demonstration=is_demonstration)]))
    ) is is_demonstration


@pytest.mark.parametrize("kind", SERIES_OF)
@pytest.mark.parametrize("copy", [2, 10, 100])
def test_a_reprint_carries_its_copy_number(kind: str, copy: int) -> None:
    words = " ".join(text_of(roll([replace(facts(kind), copy=copy)])).split())
    assert f"COPY {copy}" in words and "DEMONSTRATION" in words


def test_vietnamese_prints_and_control_signs_are_named() -> None:
    words = text_of(roll([replace(facts("jar"), product="Dây rốn Nguyễn\u202e<b>")]))
    assert "Dây rốn Nguyễn[U+202E]<b>" in words


@pytest.mark.parametrize("kind", SERIES_OF)
@pytest.mark.parametrize("text", ["word " * 400, "W" * 300], ids=["many words", "one long word"])
def test_a_text_that_cannot_fit_is_refused_in_one_sentence(kind: str, text: str) -> None:
    with pytest.raises(LabelRefused, match="does not fit on a .* mm label") as refusal:
        sheet([replace(facts(kind), lines=(text,))])
    assert len(str(refusal.value)) < 200


def test_a_longer_text_is_set_smaller_before_it_is_refused() -> None:
    long_line = "Wharton's jelly, whole cord, passage three"
    assert "passage three" in text_of(
        roll([replace(facts("flask"), lines=(long_line, *facts("flask").lines))])
    )


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        ([], "no label to print"),
        ([facts("vial"), facts("jar")], "one kind of label"),
        ([replace(facts("vial"), kind="box")], "no label stock"),
    ],
)
def test_what_makes_no_sheet_is_refused(labels: list[LabelFacts], words: str) -> None:
    with pytest.raises(LabelRefused, match=words):
        sheet(labels)


@pytest.mark.parametrize("skip", [-1, 30])
def test_more_places_than_a_sheet_has_are_not_skipped(skip: int) -> None:
    with pytest.raises(LabelRefused, match="30 places"):
        sheet([facts("flask")], skip=skip)


def test_only_vials_go_on_a_vial_sheet() -> None:
    with pytest.raises(LabelRefused, match="Only vial"):
        vial_sheet([facts("jar")])


@pytest.mark.parametrize("kind", SERIES_OF)
def test_drawing_a_label_again_repeats_its_bytes(kind: str) -> None:
    assert sheet([facts(kind)]) == sheet([facts(kind)])
    assert roll([facts(kind)]) == roll([facts(kind)])


def test_no_font_but_plex_is_named_in_the_file() -> None:
    fonts = PdfReader(BytesIO(roll([facts("final")]))).pages[0]["/Resources"]["/Font"]
    used = {str(font.get_object()["/BaseFont"]) for font in fonts.values()}
    assert used
    assert all("IBMPlex" in name for name in used), used
