"""The page of all keys: none that a reader asks for is missing, none is invented, and what is
downloaded as the beginning of an own document is read as it is."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

from documents import keys, kinds
from documents.faults import InvalidDocument
from documents.kinds import Kind
from documents.toml import is_id
from manufacturing.masters.model import READINGS
from tests.makers.people import sign_in
from tests.pages import Page

ROOT = Path(__file__).parents[2]
HEAD = "documents/head.py"
READERS = {
    Kind.MASTER_RECORD: ["manufacturing/masters/parser.py"],
    Kind.SPECIFICATION: ["qc/specifications/document.py"],
    Kind.DONOR_CRITERIA: ["manufacturing/donation/criteria_document.py", HEAD],
    Kind.MATERIALS: ["stores/catalogue_document.py", HEAD],
    Kind.LABEL_STOCK: ["labels/stock_document.py", HEAD],
}
ASKS = {
    "string", "id", "words", "flag", "quantity", "take", "table", "tables", "named", "one_of",
    "whole", "number_text", "strings", "bound", "unit", "limits_under", "_one_or_several", "_time",
    "_number", "_pair", "_length", "_span",
}  # fmt: skip
# Tables at the top of a document: each of them heads a part of the page instead of standing in it.
TABLES = {"master", "specification", "sources", "lines", "windows", "timers", "stages", "document"}


def asked(kind):
    """Every key that a reader asks for by name."""
    found = set()
    for name in READERS[kind]:
        for node in ast.walk(ast.parse((ROOT / name).read_text("utf-8"))):
            if isinstance(node, ast.Call):
                called = getattr(node.func, "attr", getattr(node.func, "id", ""))
                texts = [each.value for each in node.args if isinstance(each, ast.Constant)]
                if called in ASKS and texts and isinstance(texts[0], str) and is_id(texts[0]):
                    found.add(texts[0])
    return found - TABLES


def named(kind):
    """Every text in the readers, which a key can only be one of."""
    source = " ".join((ROOT / name).read_text("utf-8") for name in READERS[kind])
    toml = (ROOT / "documents/toml.py").read_text("utf-8")
    return set(re.findall(r'"([a-z0-9_]+)"', source + toml)) | {
        *READINGS,
        "alert_low",
        "alert_high",
    }


def written(kind):
    """Every key that the shipped document writes; not the names it gives to its own things."""

    def walk(value):
        if isinstance(value, list):
            for each in value:
                yield from walk(each)
        elif isinstance(value, dict):
            for key, inner in value.items():
                if key in ("windows", "timers", "stocks"):
                    for each in inner.values():
                        yield from walk(each)
                else:
                    yield key
                    yield from walk(inner)

    return set(walk(tomllib.loads(kinds.of(kind).shipped.read_text("utf-8")))) - TABLES - {"vi"}


@pytest.mark.parametrize("kind", list(Kind))
def test_every_key_that_is_asked_for_or_written_is_told_and_none_is_invented(kind):
    told = keys.of(kind)
    assert len(asked(kind)) > 3
    assert asked(kind) - told == set()
    assert written(kind) - told == set()
    own = {key for part in keys.told()[kind].values() for key in part}
    assert own - named(kind) == set()


@pytest.mark.parametrize("kind", list(Kind))
def test_a_key_that_is_told_and_not_known_there_is_named_with_what_is(kind):
    shipped = kinds.of(kind).shipped.read_bytes()
    head = next(
        each for each in (b"[master]", b"[specification]", b"[document]") if each in shipped
    )
    with pytest.raises(InvalidDocument) as refused:
        kinds.of(kind).read(shipped.replace(head, head + b"\nbgcolor = 1", 1))
    (fault,) = refused.value.faults
    assert fault.place == f"{head.decode()[1:-1]} › bgcolor"
    assert "Known here are code, demonstration" in fault.sentence()


def test_the_page_in_the_documentation_is_the_one_that_is_drawn():
    assert (ROOT / "docs/keys.md").read_text("utf-8") == "\n".join(keys.page()) + "\n"


@pytest.mark.state("people")
def test_what_is_downloaded_says_what_to_change_and_is_read_as_it_is(application, sqlite, clock):
    client = application.test_client()
    sign_in(client, "qa1")
    page = Page(client.get("/documents"))
    found = [link for link in page.links if link.endswith("/import/beginning")]
    assert len(found) == len(Kind) and "/documents/keys" in page.links
    read = set()
    for link in found:
        answer = client.get(link)
        assert "attachment" in answer.headers["Content-Disposition"]
        text = answer.get_data(as_text=True)
        assert (
            text.startswith("# The beginning of an own document")
            and "demonstration = false" in text
        )
        read.add(next(kind for kind in Kind if _reads(kind, text)))
    assert read == set(Kind)


def _reads(kind, text):
    try:
        own = kinds.of(kind).read(text.encode())
    except InvalidDocument:
        return False
    return own.code == kinds.of(kind).read(kinds.of(kind).shipped.read_bytes()).code


@pytest.mark.state("people")
def test_the_page_of_keys_is_there_for_everybody(application, sqlite, clock):
    client = application.test_client()
    sign_in(client, "reader1")
    words = Page(client.get("/documents/keys")).words
    assert "Master batch record" in words and "expires_from" in words and "on_a4" in words
