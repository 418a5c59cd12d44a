"""What is wrong with a document is kept as facts and worded for whoever reads it.

In a language that is only a folder no English is left, whatever is wrong.
"""

import random
import re

import pytest

import app  # noqa: F401  every kind of document is declared below the roof
from documents import kinds
from documents.fault_ids import FileFault, KeyFault
from documents.faults import Fault, InvalidDocument, fault, refuse
from documents.kinds import Kind
from integrity import catalogue
from integrity.facts import Reader
from tests import foreign

BREAKS = ['"x"', '""', "3", "true", "[]", "{}", '"1,000"', '"-1"', '"log2("', '"foo(a.b)"']
BREAKS += ['{ value = "2", unit = "mL" }', '"12 [mL] + 3 [h]"', '["verifier"]', '["30", "0"]']
FOREIGN = Reader(foreign.LANGUAGE, "UTC")
QUOTED = re.compile("“[^”]*”")  # what the document itself says
ENGLISH_WORDS = re.compile(r"[a-z]{2,} [a-z]{2,} [a-z]{2,}", re.IGNORECASE)


@pytest.fixture(scope="module")
def languages(tmp_path_factory):
    """The shipped language, and one made of it in which no word is English."""
    return foreign.beside_english(tmp_path_factory.mktemp("locales"))


@pytest.fixture
def spoken(languages, monkeypatch):
    monkeypatch.setattr(catalogue, "shipped", lambda: languages)


def broken(source: str, seed: int) -> bytes:
    """The document with one line left out, said twice or saying something else."""
    chance, lines = random.Random(seed), source.split("\n")
    for _ in range(3):
        at = chance.randrange(len(lines))
        key = re.match(r"\s*[\w-]+\s*=", lines[at])
        lines[at : at + 1] = (
            [f"{key[0]} {chance.choice(BREAKS)}"] if key else chance.choice([[], [lines[at]] * 2])
        )
    return "\n".join(lines).encode()


def faults_of(kind: Kind, data: bytes) -> tuple[Fault, ...]:
    try:
        kinds.of(kind).read(data)
    except InvalidDocument as invalid:
        return invalid.faults
    return ()


@pytest.mark.parametrize("kind", Kind)
def test_whatever_is_wrong_with_a_document_is_said_in_the_language_of_the_reader(kind, spoken):
    source, said = kinds.of(kind).shipped.read_text(encoding="utf-8"), set()
    for seed in range(60):
        for found in faults_of(kind, broken(source, seed)):
            if "file-not-toml" in str(found.told):
                continue  # what the reader of TOML says has English words only
            sentence = found.sentence(FOREIGN)
            assert "ñ" in sentence and not ENGLISH_WORDS.search(QUOTED.sub("", sentence)), found
            assert "line" not in found.where(FOREIGN).partition(",")[0], found
            said.add(next(iter(found.told.values()))[0])
    assert len(said) >= 5


def test_a_fault_says_its_line_and_its_place_before_what_is_wrong(spoken):
    with pytest.raises(InvalidDocument) as refused:
        refuse([fault("document › code", KeyFault.EMPTY_TEXT)], b"[document]\ncode = ''\n")
    assert str(refused.value) == "line 2, document › code: This text is empty: say something."
    assert refused.value.faults[0].where(FOREIGN) == "ñ 2, document › code"
    assert str(fault("", FileFault.EMPTY)) == "The document is empty: choose its file."


def test_a_fault_that_is_found_twice_is_said_once():
    twice = [fault("lines", KeyFault.TWICE, name=name, count=2) for name in ("a", "b", "a")]
    with pytest.raises(InvalidDocument) as refused:
        refuse(twice, b"")
    assert [each.sentence() for each in refused.value.faults] == [
        "“a” stands here 2 times: keep it once.",
        "“b” stands here 2 times: keep it once.",
    ]
