"""Every kind of fault in a document, with its place; and that all are said at once."""

# ruff: noqa: E501 - the tables read as tables: one case, one line

from pathlib import Path

import pytest

from documents import toml
from documents.faults import Fault, InvalidDocument
from manufacturing.masters.document import read
from manufacturing.masters.validation import unknown_tests

SHIPPED = (Path(__file__).parents[3] / "manufacturing" / "masters" / "uc-msc-15ml.toml").read_text(
    "utf-8"
)

WASH = "stages[1] ‘washing’ › steps[2] ‘wash’"
VOLUME = f"{WASH} › fields[1] ‘volume’"
CLARITY = f"{WASH} › fields[2] ‘clarity’"
ENZYME = "stages[2] ‘digestion’ › steps[1] ‘enzyme’"
NEUTRALISE = "stages[2] ‘digestion’ › steps[2] ‘neutralise’"
TISSUE_COUNT = "stages[2] ‘digestion’ › steps[4] ‘tissue_count’"
P0_HARVEST = "stages[3] ‘primary’ › steps[2] ‘p0_harvest’"
P0_SEED = "stages[3] ‘primary’ › steps[0] ‘p0_seed’"
SEED = "stages[4] ‘passage’ › steps[0] ‘seed’"
CHANGE = "stages[4] ‘passage’ › steps[1] ‘medium_change’"
MICROBIOLOGY = "stages[4] ‘passage’ › steps[2] ‘microbiology’"
HARVEST = "stages[4] ‘passage’ › steps[3] ‘harvest’"
DOSE = "stages[6] ‘formulation’ › steps[3] ‘dose’"

VOLUME_LIMITS = 'unit = "mL", low = "180", high = "220"'
DOUBLINGS = 'formula = "log2(passage_count.viable / seed.cells)"'
CUMULATIVE = "stages[4] ‘passage’ › steps[4] ‘passage_count’ › fields[5] ‘cumulative’ › printed"
DOUBLINGS_PLACE = "stages[4] ‘passage’ › steps[4] ‘passage_count’ › fields[3] ‘doublings’ › formula"
TIMES = 'min = { value = "1", unit = "h" }\nmax = { value = "4", unit = "h" }'


def faults(old: str, new: str) -> tuple[Fault, ...]:
    """What is said about the shipped record with the first `old` in it replaced."""
    assert old in SHIPPED
    with pytest.raises(InvalidDocument) as refused:
        read(SHIPPED.replace(old, new, 1).encode())
    return refused.value.faults


TESTS = {
    "bioburden", "sterility", "mycoplasma", "viability", "cell_dose", "appearance", "cd73", "cd90", "cd105", "cd_negative",
    "endotoxin", "gram_stain", "karyotype", "immunoregulation", "sterility_compendial",
    "mycoplasma_culture",
}  # fmt: skip

# what stands there, what it is changed to, the place of the fault, a piece of its sentence
EXPIRY = 'expires_from = "suspend.finished"\n'
FORMULATION = "stages[6] ‘formulation’ › steps[4] ‘suspend’ › fields[0] ‘formulation’"
SALINE = (
    '{ value = "saline", label = { en = "Saline alone" }, verdict = "accept", '
    'hold = { value = "90", unit = "min" } }'
)
SHAPE = [
    ('type = "lot", material = "DPBS"', 'type = "photo", material = "DPBS"', f"{WASH} › fields[0] ‘pbs’ › type", "“photo” is not known"),
    ('type = "lot", material = "DPBS"', 'type = "lot", materail = "DPBS"', f"{WASH} › fields[0] ‘pbs’ › materail", "“material”?"),
    ('type = "lot", material = "DPBS"', 'type = "lot"', f"{WASH} › fields[0] ‘pbs’", "“material” is missing"),
    ('label = { en = "PBS lot" }', "hint = { en = \"PBS lot\" }", f"{WASH} › fields[0] ‘pbs’", "“label” is missing"),
    ('label = { en = "PBS lot" }', 'label = { vi = "Lô PBS" }', f"{WASH} › fields[0] ‘pbs’ › label", "English text is missing"),
    ('label = { en = "PBS lot" }', 'label = { en = " " }', f"{WASH} › fields[0] ‘pbs’ › label › en", "empty"),
    ('label = { en = "PBS lot" }', 'label = { en = "a\\u0000" }', f"{WASH} › fields[0] ‘pbs’ › label › en", "control character"),
    ('label = { en = "PBS lot" }', 'label = "PBS lot"', f"{WASH} › fields[0] ‘pbs’ › label", "a table of keys, not a text"),
    (VOLUME_LIMITS, 'unit = "ml", low = "180", high = "220"', f"{VOLUME} › unit", "“ml” is not a unit"),
    (VOLUME_LIMITS, 'unit = "mL", low = 180, high = "220"', f"{VOLUME} › low", 'low = "180"'),
    (VOLUME_LIMITS, 'unit = "mL", low = 180.5, high = "220"', f"{VOLUME} › low", "text in quotes"),
    (VOLUME_LIMITS, 'unit = "mL", low = "lots", high = "220"', f"{VOLUME} › low", "“lots” is not a number"),
    (VOLUME_LIMITS, 'unit = "mL", low = "NaN", high = "220"', f"{VOLUME} › low", "“NaN” is not a number"),
    (VOLUME_LIMITS, 'unit = "mL", low = "1,180", high = "2200"', f"{VOLUME} › low", "read in two ways"),
    (VOLUME_LIMITS, 'unit = "mL", low = true, high = "220"', f"{VOLUME} › low", "not true or false"),
    ('decimals = "1", target = { value = "200"', 'decimals = "1.5", target = { value = "200"', f"{VOLUME} › decimals", "whole number"),
    ('decimals = "1", target = { value = "200"', 'decimals = "40", target = { value = "200"', f"{VOLUME} › decimals", "At most 12"),
    ('decimals = "6", printed = "2"', 'decimals = "6", printed = "7"', CUMULATIVE, "At most 6"),
    ('{ value = "pink", label = { en = "Slightly pink" }, verdict = "accept" }', '"pink"', f"{CLARITY} › options[0]", "a table of keys"),
    ('en = "Slightly pink" }, verdict = "accept"', 'en = "Slightly pink" }, verdict = "good"', f"{CLARITY} › options[0] ‘pink’ › verdict", "accept or deviates"),
    ('method = "manual"', 'method = "guess"', f"{TISSUE_COUNT} › fields[0] ‘count’ › method", "manual or automated"),
    ('replicates = "3"', 'replicates = "0"', f"{TISSUE_COUNT} › fields[0] ‘count’ › replicates", "from 1"),
    ('kind = "flask", parents = ["mince', 'kind = "bucket", parents = ["mince', f"{P0_SEED} › fields[4] ‘flasks’ › kind", "“bucket”"),
    ('id = "wash"', 'id = "Wash 1"', "stages[1] ‘washing’ › steps[2] ‘Wash 1’ › id", "cannot be an id"),
    ('tests = ["bioburden"]', "tests = []", "stages[1] ‘washing’ › steps[0] ‘transport_sample’ › fields[0] ‘bioburden’ › tests", "at least one"),
    ("verify = true", 'verify = "yes"', "stages[0] ‘receipt’ › steps[0] ‘clearance_before’ › verify", "true or false"),
    ('from = "birth"', 'from = "lunch"', "windows.processing › from", "“lunch” is not known"),
    ('repeat = { min = "3", max = "8"', 'repeat = { min = "8", max = "3"', f"{WASH} › repeat", "exchange “min” and “max”"),
    ('repeat = { min = "3", max = "8"', 'repeat = { min = "0", max = "8"', f"{WASH} › repeat › min", "from 1"),
    ('specification = "SP-UCMSC"\n', "", "master", "“specification” is missing"),
    ("demonstration = true", "demonstration = true\nsterile = true", "master › sterile", "is not a key known here"),
    (TIMES, "", "timers.digestion", "judges nothing"),
    ('beyond = { high = "95", unit = "%"', 'beyond = { unit = "%"', f"{P0_HARVEST} › fields[1] ‘confluence’ › beyond", "judges nothing"),
]  # fmt: skip

SENSE = [
    (VOLUME_LIMITS, 'unit = "mL", low = "220", high = "180"', VOLUME, "reversed"),
    (VOLUME_LIMITS, 'unit = "mL", low = "200", below = "200"', VOLUME, "reversed"),
    (VOLUME_LIMITS, 'unit = "mL", low = { value = "180", unit = "cm" }, high = "220"', f"{VOLUME} › low", "180 cm cannot be a limit"),
    (VOLUME_LIMITS, 'unit = "mL", low = { value = "180", unit = "cm" }, high = "220"', VOLUME, "measure different things"),
    (VOLUME_LIMITS, 'unit = "mL", low = "180", above = "179", high = "220"', VOLUME, "keep one"),
    (VOLUME_LIMITS, f'{VOLUME_LIMITS}, alert_high = "230"', f"{VOLUME} › alert", "never warns"),
    ('plausible = { above = "0", high = "5000", unit = "mL" }', 'plausible = { low = "190", high '
                                                                '= "5000", unit = "mL" }', f"{VOLUME} › plausible", "refuses values that are accepted"),
    ('plausible = { above = "0", high = "5000", unit = "mL" }', 'plausible = { above = "0", high '
                                                                '= "5000", unit = "g" }', f"{VOLUME} › plausible › high", "5000 g cannot be a limit"),
    ('target = { value = "200", unit = "mL" }', 'target = { value = "230", unit = "mL" }', f"{VOLUME} › target", "outside"),
    ('target = { value = "200", unit = "mL" }', 'target = { value = "200", unit = "g" }', f"{VOLUME} › target", "200 g is no value"),
    ('beyond = { high = "95"', 'beyond = { high = "85"', f"{P0_HARVEST} › fields[1] ‘confluence’ › beyond", "wider range"),
    ('temperature = { low = "36.5", high = "37.5", unit = "degC" }', 'temperature = { low = '
                                                                     '"36.5", high = "37.5", '
                                                                     'unit = "mL" }', f"{P0_SEED} › fields[12] ‘reading’ › temperature › unit", "read in °C, not mL"),
    ('co2 = { low = "4.5", high = "5.5", unit = "%" }', 'co2 = { low = "5.5", high = "4.5", unit '
                                                        '= "%" }', f"{P0_SEED} › fields[12] ‘reading’ › co2", "reversed"),
    ('area = { value = "175", unit = "cm2" }', 'area = { value = "175", unit = "mL" }', f"{P0_SEED} › fields[4] ‘flasks’ › area", "no area"),
    ('cv_max = { value = "15", unit = "%" }', 'cv_max = { value = "15", unit = "h" }', f"{TISSUE_COUNT} › fields[0] ‘count’ › cv_max", "no percentage"),
    ('viability = { low = "70", unit = "%" }', 'viability = { low = "70", unit = "mL" }', f"{TISSUE_COUNT} › fields[0] ‘count’ › low", "70 mL cannot be a limit"),
    ('dilution = "2"', 'dilution = "0"', f"{TISSUE_COUNT} › fields[0] ‘count’ › dilution", "1 (undiluted) or more"),
    ('replicates = "3"', 'replicates = "21"', f"{TISSUE_COUNT} › fields[0] ‘count’ › replicates", "At most 20"),
    (TIMES, TIMES.replace('"h" }', '"mL" }', 1), "timers.digestion › min", "1 mL is no length of time"),
    (TIMES, TIMES.replace('"1"', '"5"'), "timers.digestion", "reversed"),
    (TIMES, TIMES.replace('"1"', '"-1"'), "timers.digestion › min", "cannot be negative"),
    ('max = { value = "24", unit = "h" }', 'max = { value = "72", unit = "h" }', "windows.processing", "reversed"),
    (EXPIRY, EXPIRY + 'hold = { value = "4", unit = "degC" }\n', "master › hold", "no length of time"),
    (EXPIRY, "", "stages[7] ‘labelling’ › steps[0] ‘label_container’ › fields[2] ‘container’", "A final container has an expiry"),
    (EXPIRY, 'expires_from = "suspend.volume"\n', "master › expires_from", "no moment of this record"),
    (EXPIRY, 'expires_from = "suspend.done"\n', "master › expires_from", "no moment of this record"),
    (SALINE, SALINE.replace(', hold = { value = "90", unit = "min" }', ""), f"{FORMULATION} › options[1]", "The answer “saline” has no hold"),
    (SALINE, SALINE.replace("min", "mL"), f"{FORMULATION} › options[1] › hold", "no length of time"),
    (SALINE, SALINE.replace('"90"', '"-1"'), f"{FORMULATION} › options[1] › hold", "cannot be negative"),
    ('until = "wash"', 'until = "rinse"', "windows.processing › until", "no step “rinse”"),
    ('starts = "digestion"', 'starts = "fermentation"', f"{ENZYME} › starts", "no timer “fermentation”"),
    ('starts = "digestion"\n', "", "timers.digestion", "never started"),
    ('stops = "digestion"\n', "", "timers.digestion", "never stopped"),
    ('starts = "digestion"\n', 'stops = "digestion"\n', f"{NEUTRALISE}", "already stopped by “enzyme”"),
    ('after = ["seed", "medium_change"]', 'after = ["seed", "feeding"]', f"{CHANGE} › due › after", "no step “feeding”"),
    ('expected = { after = "seed"', 'expected = { after = "sow"', f"{HARVEST} › expected › after", "no step “sow”"),
    ('expected = { after = "seed"', 'expected = { after = "passage_count"', f"{HARVEST} › expected › after", "comes later"),
    ('usual = { value = "4", unit = "d" }', 'usual = { value = "4", unit = "mL" }', f"{HARVEST} › expected › usual", "4 mL"),
    ('usual = { value = "4", unit = "d" }, formula', "formula", f"{HARVEST} › expected", "“usual” is missing"),
    ('"previous(passage_count.doubling_time) *', '"passage_count.doubling_time *', f"{HARVEST} › expected › formula", "passage_count.doubling_time"),
    ('"previous(passage_count.doubling_time) *', '"previous(harvest.volume) *', f"{HARVEST} › expected › formula", "h"),
    ('after = ["seed", "medium_change"]', 'after = "harvest"', f"{CHANGE} › due › after", "comes later"),
    ("verify = true\ncritical = true\nstarts", 'performs = ["nurse"]\nstarts', f"{ENZYME} › performs", "no role “nurse”"),
    ("verify = true\ncritical = true\nstarts", 'performs = ["administrator"]\nstarts', f"{ENZYME} › performs", "“administrator” may not"),
    ("verify = true\ncritical = true\nstarts", 'verify = true\nverifies = ["reader"]\nstarts', f"{ENZYME} › verifies", "“reader” may not"),
    ("verify = true\ncritical = true\nstarts", 'verifies = ["verifier"]\nstarts', f"{ENZYME} › verifies", "add verify = true"),
    ('parents = ["mince.tissue"]', 'parents = ["mince.flasks"]', f"{P0_SEED} › fields[4] ‘flasks’ › parents", "No field “mince.flasks” makes"),
    ('parents = ["mince.tissue"]', 'parents = ["tissue"]', f"{P0_SEED} › fields[4] ‘flasks’ › parents", "name one as step.field"),
    ('parents = ["mince.tissue"]', 'parents = ["p0_seed.volume"]', f"{P0_SEED} › fields[4] ‘flasks’ › parents", "makes vessels"),
    ('parents = ["mince.tissue"]', 'parents = ["seed.flasks", "jar"]', f"{P0_SEED} › fields[4] ‘flasks’ › parents", "makes its vessels later"),
    ('parents = ["mince.tissue"], ', '', f"{P0_SEED} › fields[4] ‘flasks’", "“parents” is missing"),
    ('parents = ["mince.tissue"]', 'parents = []', f"{P0_SEED} › fields[4] ‘flasks’ › parents", "at least one"),
    ('parents = ["seed.flasks", "p0_seed.flasks"]', 'parents = ["seed.flasks"]', "stages[4] ‘passage’ › steps[0] ‘seed’ › fields[4] ‘flasks’ › parents", "Nothing has been made by then"),
    ('parents = ["mince.tissue"]', 'parents = ["mince.tissue"], taken = "area"', f"{P0_SEED} › fields[4] ‘flasks’ › taken", "no measurement “area”"),
    ('id = "disinfect"', 'id = "wash"', WASH, "step id “wash” is already at"),
    ('id = "washing"', 'id = "receipt"', "stages[1] ‘receipt’", "stage id “receipt” is already at"),
    ('id = "pbs"', 'id = "volume"', VOLUME, "field id “volume” is already at"),
    ('id = "pbs"', 'id = "at"', f"{WASH} › fields[0] ‘at’", "time of the step itself"),
    ('value = "clear", label = { en = "Clear" }, verdict = "accept" },\n    { value = "bloody"', 'value = "pink", label = { en = "Clear" }, verdict = "accept" },\n    { value = "bloody"', f"{CLARITY} › options[1]", "answer “pink” is already"),
]  # fmt: skip

FORMULAS = [
    (DOUBLINGS, 'formula = "log2(passage_count.viable / "', DOUBLINGS_PLACE, "At character"),
    (DOUBLINGS, 'formula = "__import__(\'os\')"', DOUBLINGS_PLACE, "At character"),
    (DOUBLINGS, 'formula = "log2(passage_count.viable / seed.cell)"', DOUBLINGS_PLACE, "did you mean “seed.cells”?"),
    (DOUBLINGS, 'formula = "log2(passage_count.viable / sowing.cells)"', DOUBLINGS_PLACE, "“sowing.cells”, which is not in this record"),
    (DOUBLINGS, 'formula = "log2(passage_count.viable / dose.cells)"', DOUBLINGS_PLACE, "“dose.cells”, which comes later"),
    (DOUBLINGS, 'formula = "sum(passage_count.doublings)"', DOUBLINGS_PLACE, "comes later"),
    (DOUBLINGS, 'formula = "elapsed(passage_count.at, seed.at) / 1 [h]"', DOUBLINGS_PLACE, "“passage_count.at”, which comes later"),
    (DOUBLINGS, 'formula = "previous(p0_count.viable) / seed.cells"', DOUBLINGS_PLACE, "no turn before"),
    (DOUBLINGS, 'formula = "log2(passage_count.viable / harvest.volume)"', DOUBLINGS_PLACE, "plain number"),
    (DOUBLINGS, 'formula = "passage_count.viable / harvest.volume"', DOUBLINGS_PLACE, "cells/mL"),
    (DOUBLINGS, 'formula = "passage_count.viable + harvest.volume"', DOUBLINGS_PLACE, "added or subtracted"),
    (DOUBLINGS, 'formula = "seed.flasks.colour / seed.cells"', DOUBLINGS_PLACE, "“seed.flasks.colour”"),
    (DOUBLINGS, 'formula = "harvest.reagent / 2"', DOUBLINGS_PLACE, "“harvest.reagent”, which is not in this record"),
]  # fmt: skip


@pytest.mark.req("MBR-05")
@pytest.mark.parametrize(("old", "new", "place", "piece"), SHAPE + SENSE + FORMULAS)
def test_a_fault_is_said_with_its_place(old: str, new: str, place: str, piece: str) -> None:
    found = faults(old, new)
    assert [fault for fault in found if fault.place == place and piece in fault.sentence()], (
        "\n".join(map(str, found))
    )


@pytest.mark.parametrize(
    "formula",
    [
        "log2(previous(passage_count.viable) / seed.cells)",
        "carried(previous(passage_count.doublings), 0 * harvest.volume / 1 [mL])",
    ],
)
def test_previous_reaches_what_comes_later_in_the_round(formula: str) -> None:
    read(SHIPPED.replace(DOUBLINGS, f'formula = "{formula}"').encode())


def test_the_shipped_record_names_only_the_tests_qc_knows() -> None:
    assert list(unknown_tests(read(SHIPPED.encode()), TESTS)) == []


def test_a_test_that_qc_does_not_know_is_named_at_its_place() -> None:
    other = read(SHIPPED.replace('tests = ["sterility"]', 'tests = ["sterilty"]', 1).encode())
    (found,) = unknown_tests(other, TESTS)
    assert found.place == f"{MICROBIOLOGY} › fields[0] ‘sterility’ › tests"
    assert "QC knows no test “sterilty”" in found.sentence()


def test_every_fault_is_said_at_once_in_the_order_of_the_document() -> None:
    broken = SHIPPED
    changes = [
        SHAPE[0],
        SENSE[2],
        SENSE[11],
        SENSE[18],
        FORMULAS[2],
        ('until = "wash"', 'until = "rinse"', "", ""),
    ]
    for old, new, _, _ in changes:
        broken = broken.replace(old, new, 1)
    with pytest.raises(InvalidDocument) as refused:
        read(broken.encode())
    assert [fault.place for fault in refused.value.faults] == [
        "windows.processing › until",
        "timers.digestion › min",
        f"{WASH} › fields[0] ‘pbs’ › type",
        f"{VOLUME} › low",
        VOLUME,
        f"{P0_SEED} › fields[12] ‘reading’ › temperature › unit",
        DOUBLINGS_PLACE,
    ]


UNREADABLE = [
    (b"", "", "empty"),
    (b" \n\n", "", "empty"),
    (b"[master]\ncode = \xff", "line 2", "UTF-8"),
    (b"[master]\ncode = ", "", "not TOML"),
    (b"[master]\ncode == 1\n", "line 2", "not TOML"),
    (b"[master]\n[master]\n", "line 2", "not TOML"),
    (b"a = " + b"[" * 5000, "", "nested too deeply"),
    (b"a = " + b"9" * 5000, "", "number too long"),
    (b"#" * 1_000_001, "", "larger than 1 MB"),
    (b'[master]\na = """\n"""\n' + b"a." * 16 + b"b = 1\n", "line 4", "write tables instead"),
    (b"\n[" + b"a . " * 16 + b"b]\n", "line 2", "write tables instead"),
    (b"a = {" + b'"a".' * 8 + b"'a'." * 8 + b"b = 1}", "line 1", "write tables instead"),
    (b"\x89PNG\r\n", "line 1", "UTF-8"),
]


@pytest.mark.parametrize(("data", "place", "piece"), UNREADABLE)
def test_what_cannot_be_read_at_all_is_one_sentence(data: bytes, place: str, piece: str) -> None:
    with pytest.raises(InvalidDocument) as refused:
        read(data)
    (fault,) = refused.value.faults
    assert piece in fault.sentence()
    assert fault.where() == place


@pytest.mark.parametrize(
    "text",
    [
        "a." * 15 + "b = 1",
        'a = "' + "b." * 40 + '"',
        "a = '" + "b." * 40 + "'",
        'a = """\n' + "b." * 40 + '"""',
        "# " + "b." * 40 + "b\na = 1",
        "a = [" + "0.5, " * 40 + "0.5]",
        'a = "\\"' + "b." * 40 + '"',
    ],
)
def test_dots_in_texts_remarks_and_numbers_are_no_parts_of_a_key(text: str) -> None:
    assert toml.load(text.encode())


def test_another_toml_file_is_told_what_a_master_record_needs() -> None:
    with pytest.raises(InvalidDocument) as refused:
        read(b'[project]\nname = "x"\n')
    assert [fault.sentence() for fault in refused.value.faults] == [
        "“master” is missing: add it as a table of keys.",
        "“stages” is missing: add it as a list in [ ].",
        "“project” is not a key known here: take it out. Known here are "
        "master, stages, timers, windows.",
    ]
