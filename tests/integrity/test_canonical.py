"""One spelling of a fact: that of RFC 8785, as another hand wrote it."""

import json
import pickle
from decimal import Decimal

import pytest
import rfc8785
from hypothesis import given, strategies as st
from sqlalchemy import text

from integrity.canonical import LARGEST, canonical, plain, read
from tests.makers import records

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
FACTS = st.recursive(
    st.none() | st.booleans() | st.integers(-LARGEST, LARGEST) | TEXTS,
    lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner),
    max_leaves=30,
)


@given(FACTS)
def test_a_fact_is_spelt_as_rfc_8785_spells_it(fact):
    assert canonical(fact).encode() == rfc8785.dumps(fact)


def test_keys_stand_in_the_order_of_their_utf_16_units():
    fact = {"\ufb33": 1, "\U0001f600": 2, "\u00f6": 3, "1": 4, "\r": 5}
    assert list(json.loads(canonical(fact))) == ["\r", "1", "\u00f6", "\U0001f600", "\ufb33"]


@pytest.mark.parametrize("fact", [0.5, [1.0], {"x": float("nan")}, LARGEST + 1, -LARGEST - 1])
def test_what_not_every_reader_keeps_is_refused(fact):
    with pytest.raises((TypeError, ValueError)):
        canonical(fact)


def test_a_decimal_keeps_its_digits():
    assert canonical([Decimal("10.0"), Decimal("10.00")]) == '["10.0","10.00"]'


def test_every_event_and_every_document_is_stored_as_rfc_8785_spells_it(database):
    records.fill(database)
    with database.reading() as session:
        stored = session.execute(text("SELECT content FROM events")).scalars().all()
        stored += session.execute(text('SELECT "values" FROM entries')).scalars().all()
    assert len(stored) > 20
    for content in stored:
        assert content.encode() == rfc8785.dumps(json.loads(content))


def test_what_was_read_stands_as_it_was_written_and_is_not_changed():
    kept = read('{"b":  [1], "a": {}}')
    assert kept == {"a": {}, "b": [1]} and canonical(kept) == '{"b":  [1], "a": {}}'
    assert canonical({"of": kept}) == '{"of":{"a":{},"b":[1]}}' and type(plain(kept)) is dict
    assert canonical(pickle.loads(pickle.dumps(kept))) == canonical(kept)
    for change in (
        lambda: kept.update(a=1),
        lambda: kept.__setitem__("a", 1),
        lambda: kept.pop("a"),
        lambda: kept.setdefault("c", 1),
        lambda: kept.clear(),
    ):
        with pytest.raises(TypeError, match="is not changed"):
            change()
    assert type(kept | {"c": 1}) is dict and type(kept.copy()) is dict
