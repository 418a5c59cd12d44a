"""Facts are kept plain and worded for each reader: in a language, in the site's zone."""

import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from integrity import catalogue, facts
from integrity.canonical import canonical
from integrity.catalogue import Catalogue, Message
from integrity.facts import Reader
from integrity.quantities import Quantity
from labels import codes

HANOI = Reader("vi", "Asia/Ho_Chi_Minh")
AT = datetime(2026, 11, 22, 1, 14, 5, tzinfo=UTC)


class Said(Message):
    HELD = "test-held"
    ACCEPTED = "test-accepted"
    DAYS = "test-days"


@pytest.fixture(autouse=True)
def spoken(tmp_path, monkeypatch):
    files = {
        "en": "test-held = on hold\ntest-accepted = { $value }, accepted { $limit }\n"
        "test-days = { $days ->\n    [one] one day\n   *[other] { $days } days\n}\n",
        "vi": "test-held = tạm giữ\n",
    }
    for language, text in files.items():
        (tmp_path / language).mkdir()
        (tmp_path / language / "test.ftl").write_text(text, encoding="utf-8")
    found = Catalogue.in_folder(tmp_path, strict=True)
    monkeypatch.setattr(catalogue, "shipped", lambda: found)


@pytest.mark.parametrize(
    ("fact", "english", "vietnamese"),
    [
        ("as typed <b>", "as typed <b>", "as typed <b>"),
        (12000, "12000", "12000"),
        (facts.code("B26001706"), "B260017-06", "B260017-06"),
        (facts.code("ISBT A9999"), "ISBT A9999", "ISBT A9999"),
        (facts.instant(AT), "2026-11-22 01:14 +00:00", "2026-11-22 08:14 +07:00"),
        (
            facts.instant(AT, seconds=True),
            "2026-11-22 01:14:05 +00:00",
            "2026-11-22 08:14:05 +07:00",
        ),
        (
            facts.local(AT, ZoneInfo("Europe/Berlin")),
            "2026-11-22 02:14 +01:00",
            "2026-11-22 02:14 +01:00",
        ),
        (
            facts.local(AT, ZoneInfo("Europe/Berlin"), seconds=True),
            "2026-11-22 02:14:05 +01:00",
            "2026-11-22 02:14:05 +01:00",
        ),
        (facts.span(timedelta(hours=3, minutes=12)), "3 h 12", "3 h 12"),
        (facts.quantity(Quantity("15.0", "mL")), "15.0 mL", "15.0 mL"),
        (facts.power(Quantity("13512000", "cells")), "1.35 × 10⁷ cells", "1.35 × 10⁷ cells"),
        (facts.text({"en": "Wash", "vi": "Rửa"}), "Wash", "Rửa"),
        (facts.text({"en": "Wash"}), "Wash", "Wash"),
        (facts.word(Said.HELD), "on hold", "tạm giữ"),
        (
            facts.message(Said.ACCEPTED, value="69 %", limit=facts.text({"en": "≥ 70 %"})),
            "69 %, accepted ≥ 70 %",
            "69 %, accepted ≥ 70 %",
        ),
        (facts.message(Said.DAYS, days=1), "one day", "one day"),
        (facts.message(Said.DAYS, days=12000), "12000 days", "12000 days"),
        (facts.listed([facts.word(Said.HELD), "x"], "; "), "on hold; x", "tạm giữ; x"),
    ],
)
def test_a_fact_is_shown_to_each_reader_in_their_words(fact, english, vietnamese):
    assert facts.shown(fact) == english
    assert facts.shown(fact, HANOI) == vietnamese
    stored = json.loads(canonical(fact))
    assert (stored, facts.shown(stored, HANOI)) == (fact, vietnamese), "as it is kept"


@pytest.mark.parametrize("series", sorted(codes.SERIES))
def test_a_code_is_shown_as_the_labels_show_it(series):
    code = codes.make(series, 2026, 17)
    assert facts.shown(facts.code(code.bare)) == code.shown


def test_pairs_are_drawn_in_their_order_with_their_labels():
    pairs = [facts.pair(Said.HELD, facts.instant(AT)), (facts.text({"en": "Wash"}), "x")]
    assert facts.drawn(pairs, HANOI) == [("tạm giữ", "2026-11-22 08:14 +07:00"), ("Wash", "x")]
    assert facts.drawn([], HANOI) == []


def test_a_time_without_a_zone_is_no_fact():
    with pytest.raises(ValueError, match="zone"):
        facts.instant(datetime(2026, 11, 22))  # noqa: DTZ001
