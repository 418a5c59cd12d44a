"""Files that others wrote are exactly those of static/vendor/VENDORED.toml.

Source, licence and SHA-256.
"""

import hashlib
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LISTED = tomllib.loads((ROOT / "static/vendor/VENDORED.toml").read_text("utf-8"))["file"]
LICENCE_FILES = {
    "0BSD": "Permission to use, copy, modify",
    "MPL-2.0": "Mozilla Public License, version 2.0",
    "OFL-1.1": "SIL OPEN FONT LICENSE Version 1.1",
}


@pytest.mark.parametrize("entry", LISTED, ids=lambda entry: entry["path"])
def test_a_vendored_file_has_the_digest_it_was_taken_with(entry):
    assert hashlib.sha256((ROOT / entry["path"]).read_bytes()).hexdigest() == entry["sha256"]


@pytest.mark.parametrize("entry", LISTED, ids=lambda entry: entry["path"])
def test_a_vendored_file_says_where_it_is_from_and_has_its_licence_beside_it(entry):
    assert all(entry[name] for name in ("package", "version", "licence", "source"))
    beside = [
        path for path in (ROOT / entry["path"]).parent.iterdir() if path.name.startswith("LICENSE")
    ]
    assert [path for path in beside if LICENCE_FILES[entry["licence"]] in path.read_text("utf-8")]


def test_no_vendored_file_is_missing_from_the_list():
    present = [
        path
        for folder in ("static/vendor", "paper/fonts", "tests/vendor")
        for path in (ROOT / folder).rglob("*")
        if path.is_file()
    ]
    unlisted = {path.relative_to(ROOT).as_posix() for path in present} - {
        entry["path"] for entry in LISTED
    }
    assert unlisted == {"static/vendor/VENDORED.toml"}


def test_what_only_tests_need_is_no_part_of_what_is_served():
    in_tests = {
        each["package"]: Path(each["path"]).name
        for each in LISTED
        if each["path"].startswith("tests/")
    }
    assert in_tests.keys() == {"axe-core"}
    served = [path.name for path in (ROOT / "static").rglob("*") if path.is_file()]
    assert not [name for name in served if "axe" in name]


def test_every_face_of_the_style_sheet_is_vendored():
    css = ROOT / "static/css/fonts.css"
    faces = {
        (css.parent / url).resolve()
        for url in re.findall(r'url\("([^"]+)"\)', css.read_text("utf-8"))
    }
    assert faces == {path.resolve() for path in (ROOT / "static/vendor/plex").glob("*.woff2")}


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_a_lock_pins_every_package_with_hashes_and_names_no_host(name):
    text = (ROOT / name).read_text("utf-8")
    assert "://" not in text
    requirements = re.split(r"\n(?=\S)", text.strip())
    pinned = re.compile(r"[a-z0-9-]+==\S+.*--hash=sha256:[0-9a-f]{64}", re.S)
    assert [entry for entry in requirements if not pinned.match(entry)] == []


def test_both_locks_agree_on_every_package_they_share():
    pins = [
        dict(re.findall(r"^([a-z0-9-]+)==(\S+)", (ROOT / name).read_text("utf-8"), re.M))
        for name in ("requirements.txt", "requirements-dev.txt")
    ]
    assert {
        name for name in pins[0].keys() & pins[1].keys() if pins[0][name] != pins[1][name]
    } == set()
