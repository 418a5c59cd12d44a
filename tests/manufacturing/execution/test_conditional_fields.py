"""A field that is asked for only under some answers: missing where it is asked for and filled where
it is not are refused alike, by the page and by the act; a corrected answer is judged anew."""

from __future__ import annotations

import html

import pytest
from hypothesis import given, strategies as st
from sqlalchemy import select

from integrity.facts import shown
from manufacturing.execution import entries
from manufacturing.execution.typed_values import read_step
from manufacturing.masters.model import Condition, Field, Option
from stores import containers, lot_uses
from stores.containers import Container
from tests.makers.people import post, sign_in
from tests.makers.steps import SMALL, WHY, make_small, refused, rows, whole

BUFFER = """
  { id = "buffer", type = "choice", label = { en = "Buffer" }, options = [
    { value = "plain", label = { en = "Plain" } },
    { value = "rich", label = { en = "With albumin" } },
  ] },
  { id = "albumin", type = "lot", material = "DPBS", only_when = { field = "buffer", is = "rich" }, label = { en = "Albumin lot" } },
  { id = "share", type = "measurement", unit = "%", low = "4", high = "6", decimals = "1", only_when = { field = "buffer", is = ["rich"] }, label = { en = "Share" } },
  { id = "twice", type = "calculation", formula = "receipt.share * 2", unit = "%", decimals = "1", only_when = { field = "buffer", is = "rich" }, label = { en = "Twice the share" } },
  { id = "tube", type = "sample", kind = "buffer", tests = ["bioburden"], parents = ["jar"], only_when = { field = "buffer", is = "rich" }, label = { en = "Tube" } },
  { id = "cells", type = "count", method = "manual", replicates = "1", cv_max = { value = "15", unit = "%" }, dilution = "2", squares = "4", only_when = { field = "buffer", is = "rich" }, label = { en = "Cells" } },
]

[[stages]]
id = "washing"
"""  # noqa: E501 - a field is a line
RECORD = SMALL.replace(']\n\n[[stages]]\nid = "washing"\n', BUFFER.lstrip("\n"), 1)
COUNTED = {
    "cells-1-live": "200",
    "cells-1-dead": "4",
    "cells-squares": "4",
    "cells-dilution": "2",
}
OFFERED = {"cells-squares": "4", "cells-dilution": "2"}
PLAIN = {"ph": "7.40", "viability": "95.0", "buffer": "plain"}
IS_VOID = Container.id.in_(containers.void_ones())
ONLY = "is recorded only where “Buffer” is With albumin"


@pytest.fixture
def small(database, clock):
    made = make_small(database, clock, record=RECORD)
    made.walk(until="receipt")
    return made


def rich(small, **other):
    return {
        **PLAIN,
        **COUNTED,
        "buffer": "rich",
        "albumin": small.scans["DPBS"],
        "share": "5.0",
        **other,
    }


def said(small, entry):
    record = small.now().master
    return {shown(label): shown(fact) for label, fact in entries.recorded_facts(record, entry)}


@pytest.mark.req("EBR-05")
def test_what_an_answer_asks_for_is_recorded_used_drawn_and_worked_out(small):
    entry = small.record("receipt", typed=rich(small))
    assert entry.values["twice"]["text"] == "10" and len(small.containers("sample")) == 1
    with small.database.reading() as session:
        assert set(lot_uses.named_by(session, [entry.id])) == {"albumin"}
    assert whole(small)


def test_under_another_answer_nothing_of_it_is_there_and_the_record_says_so(small):
    entry = small.record("receipt", typed=PLAIN | OFFERED)
    assert entry.values.keys() == {"ph", "viability", "buffer"}
    assert small.containers("sample") == []
    for label in ("Albumin lot", "Share", "Twice the share", "Tube", "Cells"):
        assert said(small, entry)[label] == "does not apply: only where “Buffer” is With albumin"
    assert small.now().deviations == [] and whole(small)


MISSING = [
    ({"share": ""}, "Enter Share in %"),
    ({"albumin": ""}, "Scan Albumin lot"),
    ({"cells-1-live": ""}, "Enter a whole number"),
]
FILLED = [
    ({"share": "5.0"}, f"“Share” {ONLY}"),
    ({"albumin": "anything"}, f"“Albumin lot” {ONLY}"),
    ({"cells-1-live": "7"}, f"“Cells” {ONLY}"),
    ({"cells-squares": "5"}, f"“Cells” {ONLY}"),
]


@pytest.mark.parametrize(("typed", "says"), MISSING)
def test_what_is_asked_for_and_missing_is_refused(small, typed, says):
    refused(small, "receipt", typed=rich(small, **typed), says=says)


@pytest.mark.parametrize(("typed", "says"), FILLED)
def test_what_is_filled_and_not_asked_for_is_refused(small, typed, says):
    refused(small, "receipt", typed=PLAIN | typed, says=says)


def test_while_the_answer_itself_is_missing_nothing_else_is_said(small):
    findings = refused(small, "receipt", typed=rich(small, buffer=""), says="Choose one")
    assert [each.field for each in findings] == ["buffer"]


def test_out_of_its_limits_it_deviates_as_any_other(small):
    small.record("receipt", typed=rich(small, share="7.0"), comment="Mixed from the wrong bottle.")
    assert [each.sentence() for each in small.now().found] == ["Share: 7.0 %, accepted 4 – 6 %."]


@pytest.mark.req("EBR-08")
def test_a_corrected_answer_is_judged_anew_both_ways(small):
    entry = small.record("receipt", typed=PLAIN)
    for missing, says in MISSING:
        with pytest.raises(Exception, match=says):
            small.correct(entry, rich(small, **missing))
    entry = small.correct(entry, rich(small))
    [tube] = small.containers("sample")
    assert entry.values["twice"]["text"] == "10" and entry.values["tube"]["codes"] == [tube.code]
    before = rows(small.database)
    with pytest.raises(Exception, match=f"“Share” {ONLY}"):
        small.correct(entry, {**PLAIN, "share": "5.0"})
    assert rows(small.database) == before
    again = small.correct(entry, PLAIN)
    assert again.values.keys() == {"ph", "viability", "buffer"}
    with small.database.reading() as session:
        assert session.scalars(select(Container.id).where(IS_VOID)).all() == [tube.id]
    assert whole(small)


# Pages
# -------------------------------------------------------------------------------------------------


def text(answer):
    return html.unescape(answer.get_data(as_text=True))


@pytest.mark.req("EBR-05")
def test_the_page_says_where_it_is_asked_for_and_refuses_at_the_field_with_all_that_was_typed(
    application, sqlite, clock
):
    small = make_small(sqlite, clock, record=RECORD)
    small.walk(until="receipt")
    client = application.test_client()
    sign_in(client, "technician1")
    path = f"/batches/{small.batch.code}/steps/prepare/1/receipt/1"
    page = text(client.get(path))
    assert page.count('data-only-when="buffer"') == 5 and 'data-is="rich"' in page
    assert "Only where “Buffer” is With albumin." in page and "js/conditional.js" in page
    answer = post(client, path, **PLAIN, share="5.0")
    assert answer.status_code == 422
    assert f"“Share” {ONLY}" in text(answer) and 'value="5.0"' in text(answer)
    answer = post(client, path, **rich(small, share=""))
    assert answer.status_code == 422 and "Enter Share in %" in text(answer)
    assert post(client, path, **PLAIN, **OFFERED).status_code == 303
    entry = small.now().at(small.position("receipt"))
    shown_ = text(client.get(f"/batches/{small.batch.code}"))
    assert "does not apply: only where “Buffer” is With albumin" in shown_
    for form in ("json", "csv"):
        answer = client.get(f"/batches/{small.batch.code}/record.{form}")
        assert "does not apply: only where “Buffer” is With albumin" in answer.get_data(True)
    correction = f"/batches/{small.batch.code}/entries/{entry.id}/correct"
    assert 'data-only-when="buffer"' in text(client.get(correction))
    assert post(client, correction, **rich(small), reason=WHY).status_code == 303


# Any step
# -------------------------------------------------------------------------------------------------

ANSWERS = ("a", "b", "c")
WORDS = {"en": "Field"}


@st.composite
def typed_steps(draw):
    """(fields of a step, what is typed): choices and texts that hang on choices before them."""
    fields: list[Field] = []
    for number in range(draw(st.integers(2, 6))):
        choices = [each.id for each in fields if each.type == "choice"]
        answers = st.lists(st.sampled_from(ANSWERS), min_size=1, max_size=3, unique=True)
        condition = st.builds(Condition, st.sampled_from(choices or [""]), answers.map(tuple))
        kind = draw(st.sampled_from(("choice", "text"))) if number else "choice"
        options = tuple(Option(each, WORDS, "accept") for each in ANSWERS)
        fields.append(
            Field(
                f"f{number}",
                kind,
                WORDS,
                required=draw(st.booleans()),
                options=options if kind == "choice" else (),
                only_when=draw(st.none() | condition) if choices else None,
            )
        )
    values = st.sampled_from((*ANSWERS, "nonsense", "", " "))
    return fields, {each.id: draw(values) for each in fields}


def wrong(field, typed, asked):
    """Whether the field, read alone, is a fault: missing, or no answer of its choice."""
    value = typed[field.id].strip()
    if not asked:
        return bool(value)
    if not value:
        return field.required
    return field.type == "choice" and value not in ANSWERS


@given(typed_steps())
def test_a_field_is_there_exactly_where_its_answers_ask_for_it(step):
    fields, typed = step
    state: dict[str, str] = {}  # of each field: there, empty, wrong, or unknown
    for field in fields:
        hangs = field.only_when
        above = state.get(hangs.field, "") if hangs else ""
        if above in ("wrong", "unknown"):
            state[field.id] = "unknown"
            continue
        meets = above == "there" and typed[hangs.field].strip() in hangs.answers if hangs else True
        value = typed[field.id].strip()
        state[field.id] = (
            "wrong" if wrong(field, typed, meets) else "there" if meets and value else "empty"
        )
    for field, value, faults in read_step(fields, typed):
        assert (value is not None) == (state[field.id] == "there")
        assert bool(faults) == (state[field.id] == "wrong")
