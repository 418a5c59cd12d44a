"""What each key of each kind of document means, for whoever writes one.

It is told in keys.toml; `python -m documents.keys` writes docs/keys.md from it.
"""

from __future__ import annotations

import functools
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from documents.kinds import Kind

EVERY = "every"
TITLES = {
    EVERY: "In every document",
    Kind.MASTER_RECORD: "Master batch record",
    Kind.SPECIFICATION: "Specification",
    Kind.DONOR_CRITERIA: "Donor criteria",
    Kind.MATERIALS: "List of materials",
    Kind.LABEL_STOCK: "Label stock",
}
HEAD = """# The keys of documents

A document is a TOML file. Numbers are text in quotes, digits as meant ("0.50"). A key that is not
known, is missing or holds the wrong thing is said when the document is imported, all at once, each
with its place. To begin an own one, download the shipped one on the page Documents: it says at its
head what to change. This page is drawn from `documents/keys.toml`.
"""
Sections = Mapping[str, Mapping[str, str]]


@functools.cache
def told() -> Mapping[str, Sections]:
    """{kind or "every": {where: {key: what it means}}} in the order of the file."""
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def of(kind: str) -> frozenset[str]:
    """Every key that is told of a kind, and of every document."""
    parts = (*told()[kind].values(), *told()[EVERY].values())
    return frozenset(key for part in parts for key in part)


def page() -> Iterator[str]:
    """The lines of docs/keys.md."""
    yield from HEAD.splitlines()
    for kind, sections in told().items():
        yield from ("", f"## {TITLES[kind]}")
        for where, keys in sections.items():
            yield from ("", f"### {where}", "", "| key | |", "|---|---|")
            yield from (f"| `{key}` | {_cell(means)} |" for key, means in keys.items())


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    out = Path(__file__).parents[1] / "docs" / "keys.md"
    out.write_text("\n".join(page()) + "\n", encoding="utf-8")
    sys.stdout.write(f"{out}\n")
