"""Nothing that is stored, signed or hashed is a sentence of the catalogue that was worded already.

The demonstration is made in a language in which every word is a mark: where the mark is found among
the records, words were kept and not facts. The certificate is a paper and keeps its words, and what
is signed at a release are its texts.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from sqlalchemy import Text, select

from demonstration import laboratory
from integrity import catalogue, schema, trail
from integrity.database import Database
from integrity.trail import Event
from tests import foreign
from tests.makers.demonstration import ADDRESS, NOW

pytestmark = pytest.mark.slow

PAPER = ("certificates", "said")


@pytest.fixture(scope="module")
def kept(tmp_path_factory) -> Iterator[Database]:
    folder = tmp_path_factory.mktemp("foreign")
    (folder / "locales").mkdir()
    words = foreign.instead_of_english(folder / "locales")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalogue, "shipped", lambda: words)
        with closing(Database(f"sqlite:///{folder / 'kept.db'}")) as database:
            schema.upgrade(database.engine)
            laboratory.load(database, ADDRESS, NOW)
            yield database


def worded(value: Any) -> bool:
    """Whether a mark stands in what was kept."""
    return foreign.MARK in json.dumps(value, ensure_ascii=False, default=str)


def test_no_event_keeps_a_sentence_of_the_catalogue(kept):
    with kept.reading() as session:
        events = session.scalars(select(Event).order_by(Event.seq)).all()
    assert len(events) > 300
    assert [(each.seq, each.action) for each in events if worded(each.said)] == []


def test_no_record_keeps_a_sentence_of_the_catalogue_but_the_certificate(kept):
    found = set()
    with kept.reading() as session:
        for table in trail.record_tables():
            names = [each.name for each in table.columns if _holds_text(each)]
            if not names:
                continue
            for row in session.execute(select(*(table.c[name] for name in names))).mappings():
                found |= {(table.name, name) for name in names if worded(row[name])}
    assert found <= {PAPER, ("signatures", "facts")}


def test_no_signature_keeps_a_sentence_of_the_catalogue_but_that_of_a_release(kept):
    with kept.reading() as session:
        signatures = trail.Base.metadata.tables["signatures"]
        said = session.execute(select(signatures.c.meaning, signatures.c.facts)).all()
    assert len(said) > 90
    assert {meaning for meaning, shown in said if worded(shown)} == {"released", "certified"}


def _holds_text(column: Any) -> bool:
    kind = getattr(column.type, "impl", column.type)
    return isinstance(kind, Text)
