"""A language in which no word is English, made of the shipped one: what is still English in it, or
what is kept in its words, does not come from the catalogue, or is no fact."""

from __future__ import annotations

import re
from pathlib import Path

from fluent.syntax import FluentParser, FluentSerializer, ast
from fluent.syntax.visitor import Transformer

from integrity.catalogue import FOLDER, Catalogue

MARK = "ñ"  # stands for every word of it
LANGUAGE = "xx"


class _Foreign(Transformer):
    """Every word of a sentence becomes one that is not English."""

    def visit_TextElement(self, node: ast.TextElement) -> ast.TextElement:
        node.value = re.sub(r"[^\W\d]+", MARK, node.value)
        return node


def translated(text: str) -> str:
    """A file of messages in that language."""
    return FluentSerializer().serialize(_Foreign().visit(FluentParser().parse(text)))


def beside_english(folder: Path) -> Catalogue:
    """The shipped language, and this one as a second folder."""
    return _written(folder, {"en": False, LANGUAGE: True})


def instead_of_english(folder: Path) -> Catalogue:
    """This one alone, in the place of English."""
    return _written(folder, {"en": True})


def _written(folder: Path, languages: dict[str, bool]) -> Catalogue:
    for path in (FOLDER / "en").glob("*.ftl"):
        text = path.read_text(encoding="utf-8")
        for language, is_foreign in languages.items():
            (folder / language).mkdir(exist_ok=True)
            said = translated(text) if is_foreign else text
            (folder / language / path.name).write_text(said, encoding="utf-8")
    return Catalogue.in_folder(folder, strict=True)
