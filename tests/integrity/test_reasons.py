"""One definition of a reason: ten letters and digits, whoever asks why."""

import ast
import re
from pathlib import Path

import pytest
from werkzeug.datastructures import MultiDict

from integrity import catalogue, reasons
from integrity.forms import Form, ReasonField
from integrity.rule_ids import IntegrityRule

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("integrity", "people", "documents", "labels", "stores", "manufacturing", "qc")
NOTHING_SAID = ("", " ", ".", "..........", "- - - - - - - - - -", "__________", "a" * 9, None)
UNSEEN = ("\u200b" * 12, "\u3164" * 12, "\uffa0" * 12, "\u0301" * 12, "\u2800" * 12, "a\u3164" * 9)
SAID = (
    "a b c d e f g h i j",
    "Wash lot 77x",
    "Đổ ra ngoài bàn",
    "0123456789",
    "мензурка упала",
    "Đã đọc sai cân",
)


@pytest.mark.req("AUD-03", "SIG-20")
@pytest.mark.parametrize("reason", [*NOTHING_SAID, *UNSEEN])
def test_blanks_dots_and_nine_letters_are_no_reason(reason):
    assert not reasons.is_given(reason)
    [finding] = reasons.wanted(IntegrityRule.REASON, reason, "comment")
    assert (finding.rule, finding.field) == (IntegrityRule.REASON, "comment")


@pytest.mark.req("AUD-03", "SIG-20")
@pytest.mark.parametrize("reason", SAID)
def test_ten_letters_and_digits_are_one_in_any_script(reason):
    assert reasons.is_given(reason)


class WithReason(Form):
    reason = ReasonField()


@pytest.mark.parametrize(
    ("typed", "ok"),
    [("..........", False), ("__________", False), ("It was spilt", True), ("\u3164" * 12, False)],
)
def test_the_field_of_every_form_that_asks_why_counts_the_same_way(typed, ok):
    posted = MultiDict({"reason": typed, "entry_id": "a" * 36})
    assert WithReason(posted).validate() is ok


def asked_why() -> set[str]:
    """The ids of the sentences that ask for at least ten characters."""
    english = (ROOT / "locales" / "en").glob("*.ftl")
    found = re.findall(
        r"^([a-z0-9-]+) =(?:(?!\n[a-z]).)*?[Ss]ay why[^\n]*ten characters",
        "\n".join(path.read_text(encoding="utf-8") for path in english),
        re.MULTILINE | re.DOTALL,
    )
    return set(found)


def test_whoever_asks_why_asks_the_one_definition():
    """No other place of the house counts letters, and no rule that asks why is judged elsewhere."""
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            text = path.read_text(encoding="utf-8")
            if path.name == "reasons.py":
                continue
            assert not re.search(r"SHORTEST_REASON|len\(re\.sub|sum\(.*isalnum", text), path
            names = {
                member
                for node in ast.walk(ast.parse(text))
                if isinstance(node, ast.Attribute)
                and (member := node.attr).endswith("REASON")
                and ast.unparse(node).split(".")[0].endswith("Rule")
            }
            assert not names or "reasons." in text, path


def test_the_sentences_that_ask_why_are_rules_of_their_chapters():
    assert {"aud-03-reason", "sig-20-reason", "ebr-08-correction-reason"} <= asked_why()
    assert asked_why() <= set(catalogue.shipped().variables())
