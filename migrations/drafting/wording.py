"""How statements of a schema are written down: alembic's words, in the form of the house."""

from __future__ import annotations

import ast
import io
import re
import subprocess
import sys
import textwrap
import tokenize
from collections.abc import Iterable
from typing import Any, Literal

from alembic.autogenerate import render_python_code
from alembic.operations.ops import UpgradeOps
from sqlalchemy import CheckConstraint, Table
from sqlalchemy.dialects import sqlite
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
    """{guarded table: the groups of columns of which no value may come twice}."""
    from integrity.schema import GUARDED, unique_keys

    return {table.name: unique_keys(table) for table in tables if table.info["kind"] in GUARDED}


def _rendered(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """A type of ours as the plain one that it is in the database, a vocabulary by its words."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{type(item.impl).__name__}()"
    if kind == "check" and "words" in item.info:
        return f"sa.CheckConstraint({_vocabulary(item.info)}, name=op.f({_name(item)!r}))"
    return False


def _vocabulary(info: dict[str, Any]) -> str:
    words = info["words"]()
    if isinstance(words, dict):
        return f"checks.on_an_axis({info['column']!r}, AXES)"
    return f"checks.any_of({info['column']!r}, {','.join(words)!r})"


def axes_of(tables: Iterable[Table]) -> dict[str, str]:
    """{axis: the states on it} where a table of these stands on axes."""
    said = [check.info.get("words", list)() for table in tables for check in table.constraints]
    named = next((words for words in said if isinstance(words, dict)), {})
    return {axis: ",".join(states) for axis, states in named.items()}


def _name(constraint: CheckConstraint) -> str:
    return str(sqlite.dialect().identifier_preparer.format_constraint(constraint))


def _pieces(said: str) -> list[str]:
    """Broken behind a comma or a blank."""
    pieces, words = [""], re.findall(r"[^, ]*[, ]*", said)
    for word in words:
        if len(pieces[-1]) + len(word) > WIDEST - 8:
            pieces.append("")
        pieces[-1] += word
    return pieces


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
        pieces = _pieces(said)
        line = lines[row - 1]
        lines[row - 1] = line[:begin] + "\n".join(map(repr, pieces)) + line[end:]
    return "".join(lines)
