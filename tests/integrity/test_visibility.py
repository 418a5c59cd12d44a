"""One definition of what a reader sees of a text, for every form, act and setting."""

from __future__ import annotations

from zoneinfo import available_timezones

import pytest
from werkzeug.datastructures import MultiDict

from integrity import site, visibility
from integrity.forms import Form, TextField, tidy

UNSEEN = {
    "nothing": "",
    "blanks": " \u00a0\u2003\t",
    "zero width": "\u200b\u200c\u2060",
    "soft hyphen": "\u00ad",
    "Hangul filler": "\u3164",
    "half-width filler": "\uffa0",
    "empty Braille": "\u2800",
    "selector": "\ufe0f",
    "accent without a letter": "\u0301\u0301",
    "all together": "\u200b \u3164 \u0301",
}
SEEN = ("a", "0", "-", "€", "🙂", "é", "e\u0301", "ệ", "ش", "漢", "\u200ba", "कि")


@pytest.mark.parametrize("text", UNSEEN.values(), ids=UNSEEN)
def test_what_nothing_is_seen_of_is_not_said_and_is_empty(text):
    assert not visibility.is_said(text)
    assert visibility.is_empty(text) and not visibility.is_line(text)
    assert tidy(text) == ""


@pytest.mark.parametrize("text", SEEN)
def test_one_letter_digit_or_sign_of_any_script_is_said(text):
    assert visibility.is_said(text) and visibility.is_line(text)
    assert not visibility.is_empty(text)
    assert tidy(f" {text} ")


def test_nothing_given_is_not_said():
    assert not visibility.is_said(None)


@pytest.mark.parametrize("text", ["\u202e", "\u200f", "\u061c", "\ufeff", "\x00"])
def test_what_is_refused_by_name_is_not_taken_for_nothing(text):
    assert not visibility.is_empty(text) and not visibility.is_said(text)
    assert not visibility.is_line(f"a{text}b")
    assert tidy(text) == text


class Asked(Form):
    wanted = TextField("Consignee", "Name the consignee.")
    remark = TextField("Remark")


@pytest.mark.parametrize("text", UNSEEN.values(), ids=UNSEEN)
def test_every_field_that_is_required_wants_something_seen(text):
    entry = {"entry_id": "a" * 36}
    form = Asked(MultiDict({"wanted": text, "remark": text} | entry))
    assert not form.validate()
    assert form.errors == {"wanted": ["Name the consignee."]}
    assert form.remark.data == ""


@pytest.mark.req("TIM-05")
@pytest.mark.parametrize(
    ("zone", "is_taken"),
    [
        ("UTC", True),
        ("Asia/Ho_Chi_Minh", True),
        ("Europe/Berlin", True),
        ("America/Argentina/Ushuaia", True),
        ("Etc/GMT-7", True),
        ("localtime", False),
        ("Factory", False),
        ("posixrules", False),
        ("posix/Europe/Berlin", False),
        ("/etc/localtime", False),
        ("Mars/Olympus", False),
        ("utc", False),
        ("", False),
    ],
)
def test_a_zone_is_a_place_of_the_list_and_never_the_machines_own(zone, is_taken):
    assert (not list(site.against("zone", zone, "UTC"))) is is_taken


def test_every_place_of_the_list_is_taken():
    places = [zone for zone in available_timezones() if "/" in zone]
    assert len(places) > 400
    assert not any(finding for zone in places for finding in site.against("zone", zone, "UTC"))
