"""A page as a parser reads it: its links, its forms, its inputs and its words."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
SILENT = {"script", "style"}


@dataclass
class PageForm:
    """One form that posts: where to (empty: its own page), its inputs as (name, type, value)."""

    action: str
    inputs: list[tuple[str, str, str]] = field(default_factory=list)


@dataclass
class Element:
    """One element: its tag, its attributes and the words inside it."""

    tag: str
    given: dict[str, str]
    words: str = ""


class Page(HTMLParser):
    """What stands in the HTML of an answer (or in a text)."""

    def __init__(self, answer: Any):
        super().__init__()
        self.elements: list[Element] = []
        self.forms: list[PageForm] = []
        self._open: list[Element] = []
        self._form: PageForm | None = None
        self._pieces: list[str] = []
        self.feed(answer if isinstance(answer, str) else answer.get_data(as_text=True))
        self.close()

    @property
    def words(self) -> str:
        """Everything that can be read, one space between."""
        return " ".join(" ".join(self._pieces).split())

    @property
    def links(self) -> list[str]:
        return [each.given["href"] for each in self.elements if each.given.get("href")]

    def link(self, rel: str) -> str:
        """Where the link of this relation leads."""
        return next(e.given["href"] for e in self.elements if e.given.get("rel") == rel)

    def value(self, name: str) -> str:
        """What the first input of this name holds."""
        return next(e.given.get("value", "") for e in self.elements if e.given.get("name") == name)

    def of_class(self, name: str) -> list[Element]:
        return [e for e in self.elements if name in e.given.get("class", "").split()]

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attributes})
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)
        if tag == "form":
            posts = element.given.get("method", "").lower() == "post"
            self._form = PageForm(element.given.get("action", "")) if posts else None
            self.forms += [self._form] if self._form else []
        elif self._form and tag in ("input", "textarea", "select") and element.given.get("name"):
            given = element.given
            self._form.inputs.append(
                (given["name"], given.get("type", tag), given.get("value", ""))
            )

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        while any(each.tag == tag for each in self._open):
            if self._open.pop().tag == tag:
                return

    def handle_data(self, data: str) -> None:
        if any(each.tag in SILENT for each in self._open):
            return
        self._pieces.append(data)
        for each in self._open:
            each.words += data
