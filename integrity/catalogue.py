"""The catalogue: every sentence by its message id, a file for each chapter, a folder for each
language.

`locales/<language>/*.ftl` are Fluent files (projectfluent.org); a second language is a second
folder. What it lacks is said in English. A value that is put into a sentence is text already:
figures keep their digits as typed, because Fluent would group and round a number."""

from __future__ import annotations

import enum
import functools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, TypeAlias

from fluent.runtime import FluentBundle, FluentResource
from fluent.syntax import FluentParser, ast
from fluent.syntax.visitor import Visitor

from integrity.canonical import canonical, digest

FOLDER: Final = Path(__file__).resolve().parents[1] / "locales"
DEFAULT: Final = "en"
REMEMBERED: Final = 8192  # sentences, each of a message and its texts
Texts: TypeAlias = Mapping[str, Mapping[str, str]]  # {language: {name of a file: what it says}}


class Unsayable(Exception):
    """A message in no file, a file that says one twice, or a sentence without a parameter."""


class Message(enum.StrEnum):
    """Base of every vocabulary whose members are message ids.

    Rules beside the law, words beside nouns.
    """


class Catalogue:
    """Sentences in every language there are texts of.

    Where something is missing, a strict one raises Unsayable (tests); the others give the message
    id."""

    def __init__(self, texts: Texts, *, strict: bool = False):
        self._texts = texts
        self.strict = strict
        self._patterns: dict[tuple[str, str], tuple[FluentBundle, Any]] = {}
        self._bundles: dict[str, FluentBundle] = {}
        self._kept: dict[str, str] = {}
        # pages say the same words of the same values again and again
        self._remembered = functools.lru_cache(maxsize=REMEMBERED)(self._worded)

    @classmethod
    def in_folder(cls, folder: Path, *, strict: bool = False) -> Catalogue:
        """The catalogue of a folder of languages."""
        texts = {
            language.name: {path.name: path.read_text(encoding="utf-8") for path in sorted(files)}
            for language in folder.iterdir()
            if (files := list(language.glob("*.ftl")))
        }
        return cls(texts, strict=strict)

    @classmethod
    def read(cls, texts: str | bytes) -> Catalogue:
        """The catalogue of texts that were kept."""
        return cls(json.loads(texts))

    def languages(self) -> list[str]:
        """The languages there are texts of, by their code."""
        return sorted(self._texts)

    def sentence(
        self, message_id: str, parameters: dict[str, Any] | None = None, language: str = DEFAULT
    ) -> str:
        """The sentence of a message, or of its part `id.part`, in a language.

        Parameters are texts, or whole numbers to choose by.
        """
        given = tuple((parameters or {}).items())
        if all(isinstance(value, str) for _, value in given):
            return self._remembered(language, message_id, given)
        return self._worded(language, message_id, given)

    def _worded(self, language: str, message_id: str, given: tuple[tuple[str, Any], ...]) -> str:
        found = self._patterns.get((language, message_id)) or self._find(language, message_id)
        if found is None:
            return self._missing(message_id, f"{message_id} is in no file of {language}.")

        bundle, pattern = found
        said, faults = bundle.format_pattern(pattern, dict(given))
        if faults:
            return self._missing(message_id, f"{message_id} cannot be said: {faults[0]}.")
        return str(said)

    def texts(self, language: str = DEFAULT) -> str:
        """Every text that a reader of a language may be shown, in canonical form.

        Its own, and the English ones for what it lacks; `read` makes a catalogue of it again.
        """
        if language not in self._kept:
            wanted = {language, DEFAULT} & set(self._texts)
            self._kept[language] = canonical({each: self._texts[each] for each in wanted})
        return self._kept[language]

    def version(self, language: str = DEFAULT) -> str:
        """SHA-256 of the texts of a language: what a page was worded with."""
        return digest(self.texts(language))

    def variables(self, language: str = DEFAULT) -> dict[str, frozenset[str]]:
        """{message id.

        Names of the parameters its sentence speaks of}, for every message of a language.
        """
        found: dict[str, frozenset[str]] = {}
        for file, said in self._texts.get(language, {}).items():
            for entry in FluentParser().parse(said).body:
                if isinstance(entry, ast.Junk):
                    raise Unsayable(f"{file}: {entry.annotations[0].message}")
                if not isinstance(entry, ast.Message):
                    continue
                if entry.id.name in found:
                    raise Unsayable(f"{file} says {entry.id.name} once more.")
                names = _Names()
                names.visit(entry)
                found[entry.id.name] = frozenset(names.found)
        return found

    def _find(self, language: str, message_id: str) -> tuple[FluentBundle, Any] | None:
        """The pattern in this language, or else the English one; kept for the next time."""
        for tried in (language, DEFAULT):
            bundle = self._bundle(tried)
            name, _, attribute = message_id.partition(".")
            if bundle.has_message(name):
                message = bundle.get_message(name)
                found = (bundle, message.attributes[attribute] if attribute else message.value)
                self._patterns[language, message_id] = found
                return found
        return None

    def _bundle(self, language: str) -> FluentBundle:
        if language not in self._bundles:
            bundle = FluentBundle([language], use_isolating=False)
            for said in self._texts.get(language, {}).values():
                bundle.add_resource(FluentResource(said))
            self._bundles[language] = bundle
        return self._bundles[language]

    def _missing(self, message_id: str, why: str) -> str:
        if self.strict:
            raise Unsayable(why)
        return message_id


class _Names(Visitor):
    """The parameters that a message speaks of."""

    def __init__(self) -> None:
        self.found: set[str] = set()

    def visit_VariableReference(self, node: ast.VariableReference) -> None:
        self.found.add(node.id.name)


@functools.cache
def shipped() -> Catalogue:
    """The catalogue that is shipped, read once."""
    return Catalogue.in_folder(FOLDER)


def sentence(
    message_id: str, parameters: dict[str, Any] | None = None, language: str = DEFAULT
) -> str:
    """A sentence of the shipped catalogue."""
    return shipped().sentence(message_id, parameters, language)


def version(language: str = DEFAULT) -> str:
    """The version of the shipped catalogue in a language."""
    return shipped().version(language)
