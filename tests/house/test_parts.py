"""The parts of the pages say what they must.

Word and shape with every status, every fault linked to its field.
"""

from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from wtforms import Form, HiddenField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired

from integrity.words import TONES, StateWord
from labels import codes

ROOT = Path(__file__).resolve().parents[2]
PAGES = Environment(
    loader=FileSystemLoader(ROOT / "templates"), autoescape=True, undefined=StrictUndefined
)
PAGES.filters["code"] = codes.hyphenated
PAGES.globals.update(csrf_token=lambda: "token-1", tones=TONES)

STATES = [state.lower() for state in StateWord.__members__] + ["UNKNOWN"]


def part(name):
    return PAGES.get_template(f"parts/{name}.html").module


class Wash(Form):
    entry_id = HiddenField(default="entry-1")
    goes_back_to = HiddenField(default="/bench")
    volume = StringField(
        "Volume", [InputRequired("Type the volume in mL.")], description="Accepted 180 – 220 mL"
    )
    clear = RadioField(
        "Wash clear?", [InputRequired("Choose one.")], choices={"yes": "Clear", "no": "Bloody"}
    )
    room = SelectField("Room", choices={"": "–", "1": "Room 1", "2": "Room 2"})
    lot = SelectField("Lot", choices={str(n): f"Lot {n}" for n in range(7)})


@pytest.mark.parametrize("word", STATES)
def test_a_state_is_always_word_and_shape(word):
    drawn = str(part("status").state(word))
    assert word.lower().replace("_", " ") in drawn.lower()
    assert "<svg" in drawn


@pytest.mark.parametrize(
    ("word", "tone"),
    [
        ("released", "accepted"),
        ("quarantine", "held"),
        ("recalled", "rejected"),
        ("terminated", "rejected"),
        ("on_hold", "held"),
        ("planned", "note"),
        ("?", "note"),
    ],
)
def test_the_tone_follows_from_the_word(word, tone):
    assert f"status-{tone}" in str(part("status").state(word))


def test_the_four_shapes_differ():
    assert (
        len({str(part("status").shape(tone)) for tone in ("accepted", "held", "rejected", "note")})
        == 4
    )


def test_a_scan_answer_carries_word_sentence_code_and_shape():
    drawn = str(part("status").band("rejected", "EXPIRED", "Since 2026-10-31.", code="M260412-64"))
    assert all(
        piece in drawn
        for piece in ("EXPIRED", "Since 2026-10-31.", "M260412-64", "<svg", 'data-tone="rejected"')
    )


def test_every_fault_is_listed_at_once_and_linked_to_its_field():
    form = Wash(data={"room": "1"})
    form.validate()
    drawn = str(part("fields").errors(form))
    assert "Nothing was recorded." in drawn
    assert '<a href="#volume">Volume</a>: Type the volume in mL.' in drawn
    assert '<a href="#clear">Wash clear?</a>' in drawn
    assert 'id="clear"' in str(part("fields").field(form.clear))


def test_a_refusal_of_the_law_stands_in_the_summary():
    form = Wash()
    form.refusals = ["Lot M260412-64 expired on 2026-10-31; scan another lot."]
    assert "scan another lot" in str(part("fields").errors(form))


def test_a_form_without_faults_has_no_summary():
    assert str(part("fields").errors(Wash())).strip() == ""


def test_a_field_says_label_hint_error_and_unit_and_keeps_what_was_typed():
    form = Wash(data={"volume": "two <hundred>"})
    form.volume.errors = ["Type a number."]
    drawn = str(part("fields").field(form.volume, unit="mL"))
    assert (
        drawn.index("Volume")
        < drawn.index("Accepted 180")
        < drawn.index("Type a number.")
        < drawn.index("<input")
    )
    assert 'value="two &lt;hundred&gt;"' in drawn
    assert 'aria-describedby="volume-hint volume-error volume-unit"' in drawn
    assert drawn.index("<input") < drawn.index(">mL<")


def test_up_to_six_choices_are_buttons_and_seven_are_a_list():
    form = Wash()
    room, lot = str(part("fields").field(form.room)), str(part("fields").field(form.lot))
    assert room.count('type="radio"') == 2 and "<select" not in room
    assert "<select" in lot and 'type="radio"' not in lot


def test_the_hidden_fields_are_token_entry_and_the_forms_own():
    drawn = str(part("fields").hidden(Wash()))
    assert 'name="csrf_token" value="token-1"' in drawn
    assert 'name="entry_id" value="entry-1"' in drawn
    assert 'name="goes_back_to" value="/bench"' in drawn


def test_a_correction_keeps_the_struck_value_legible():
    drawn = str(part("facts").facts([("Viability", {"struck": "91.0 %", "kept": "90.1 %"})]))
    assert "<s>" in drawn and "91.0 %" in drawn and "90.1 %" in drawn


def test_a_signature_shows_name_role_meaning_and_time_and_says_when_it_is_invalid():
    sig = {
        "name": "QA 1",
        "username": "qa1",
        "role_title": "Quality Assurance",
        "meaning_text": "Reviewed",
        "signed_shown": "2026-12-19 10:58:21 +07",
    }
    drawn = str(part("signature").signature(sig))
    assert all(
        piece in drawn
        for piece in ("QA 1", "qa1", "Quality Assurance", "Reviewed", "2026-12-19 10:58:21 +07")
    )
    assert "invalid" not in drawn
    assert "Signature invalid" in str(
        part("signature").signature({**sig, "invalid_because": "Entry 41 changed."})
    )


def test_a_stage_says_its_state_in_words_too():
    stages = [
        {"name": "Washing", "state": state, "href": None}
        for state in ("done", "current", "todo", "attention")
    ]
    drawn = str(part("stages").stages(stages))
    assert all(word in drawn for word in (", done", ", here", ", to do", ", needs attention"))
