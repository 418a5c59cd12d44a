"""How statements of a schema are written down: alembic's words, in the form of the house."""

from __future__ import annotations

import ast
import io
import subprocess
import sys
import textwrap
import tokenize
from collections.abc import Iterable
from typing import Any, Literal

from alembic.autogenerate import render_python_code
from alembic.operations.ops import UpgradeOps
from sqlalchemy import Table
from sqlalchemy.types import TypeDecorator

WIDEST = 84  # a text of one line, so that the line keeps within a hundred


def statements(operations: UpgradeOps) -> str:
    """The body of a function that does these things, without what alembic says around them."""
    rendered = render_python_code(operations, render_item=_rendered, render_as_batch=True)
    lines = textwrap.dedent("    " + rendered).splitlines()
    said = [line for line in lines if not line.startswith("# ###")]
    return textwrap.indent("\n".join(said), "    ")


def in_form(text: str) -> str:
    """A module as the formatter wants it, with long texts broken between words."""
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "format", "--stdin-filename", "drafted.py", "-"],
        input=_broken(text),
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def keys_of(tables: Iterable[Table]) -> dict[str, list[list[str]]]:
    """{record table: the groups of columns of which no value may come twice}."""
    from integrity.schema import unique_keys

    return {table.name: unique_keys(table) for table in tables if table.info["kind"] == "record"}


def _rendered(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """A type of ours as the plain one that it is in the database."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{type(item.impl).__name__}()"
    return False


def _broken(text: str) -> str:
    """Texts that are longer than a line in several pieces."""
    lines = text.splitlines(keepends=True)
    long = [
        token
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
        if token.type == tokenize.STRING and len(token.string) > WIDEST
        if token.start[0] == token.end[0]
    ]
    for token in reversed(long):
        (row, begin), (_, end) = token.start, token.end
        said = ast.literal_eval(token.string)
        pieces = textwrap.wrap(said, WIDEST - 12, drop_whitespace=False, break_long_words=False)
        line = lines[row - 1]
        lines[row - 1] = line[:begin] + "\n".join(map(repr, pieces)) + line[end:]
    return "".join(lines)
