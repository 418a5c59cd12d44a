"""The pages of docs/ drawn from Markdown: what there is, what each says, and where a word stands.

The files are part of the program: read once, and drawn without the network. HTML in them is text.
"""

from __future__ import annotations

import base64
import functools
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

DOCS = Path(__file__).resolve().parent.parent / "docs"
# The guides in the order in which a site needs them, then what is for whoever runs the machine.
GUIDES = (
    "beginning",
    "everybody",
    "technician",
    "second-person",
    "qc-analyst",
    "qc-reviewer",
    "qa",
    "documents",
    "administrator",
    "donor-unit",
    "scanners-and-printers",
    "own-process",
)
RUNNING = ("administration", "process", "glossary")
PARTS = ("Guides", "For whoever runs it", "How it is built", "Why it is so")
FOUND = 40  # places that a search shows

Address = Callable[[str], str]


@dataclass(frozen=True)
class Heading:
    """A heading within a page: its level from 2, its words and its anchor."""

    level: int
    words: str
    anchor: str


@dataclass(frozen=True)
class Article:
    """One page as it lies in docs/."""

    name: str
    part: str
    title: str
    path: Path
    tokens: tuple[Token, ...]
    headings: tuple[Heading, ...]

    def drawn(self, address: Address) -> str:
        """The page as HTML; `address` is where a page of a name is read."""
        return str(_MARKDOWN.renderer.render(_linked(self, address), _MARKDOWN.options, {}))


@dataclass(frozen=True)
class Place:
    """Where a word stands: the page, the heading over it, and the line."""

    article: Article
    heading: Heading | None
    line: str


_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
# A table stands in the frame that every list stands in: what is wider runs sideways within it.
_MARKDOWN.add_render_rule(
    "table_open", lambda *_: '<div class="table-frame"><table class="table">\n'
)
_MARKDOWN.add_render_rule("table_close", lambda *_: "</table></div>\n")


@functools.cache
def articles() -> dict[str, Article]:
    """{name: page} of every page, in the order of the contents."""
    return {made.name: made for made in map(_read, _paths())}


def by_part() -> dict[str, list[Article]]:
    """{part of the contents: its pages}."""
    found: dict[str, list[Article]] = {part: [] for part in PARTS}
    for each in articles().values():
        found[each.part].append(each)
    return found


def search(text: str) -> list[Place]:
    """The lines that hold every word that is asked for, in the order of the contents."""
    words = text.casefold().split()
    if not words:
        return []
    found = [place for each in articles().values() for place in _places(each, words)]
    return found[:FOUND]


def _paths() -> list[Path]:
    guides = [DOCS / "guides" / f"{name}.md" for name in GUIDES]
    running = [DOCS / f"{name}.md" for name in RUNNING]
    rest = [path for path in sorted(DOCS.glob("*.md")) if path not in running]
    return [*guides, *running, *rest, *sorted((DOCS / "decisions").glob("*.md"))]


def _part_of(path: Path) -> str:
    if path.parent.name == "guides":
        return PARTS[0]
    if path.parent.name == "decisions":
        return PARTS[3]
    return PARTS[1] if path.stem in RUNNING else PARTS[2]


def _read(path: Path) -> Article:
    tokens = _MARKDOWN.parse(path.read_text(encoding="utf-8"))
    headings: list[Heading] = []
    title = path.stem
    for opened, inside in zip(tokens, tokens[1:], strict=False):
        if opened.type != "heading_open":
            continue
        words, level = _plain(inside), int(opened.tag[1])
        opened.attrSet("id", anchor := _anchor(words))
        if level == 1:
            title = words
        else:
            headings.append(Heading(level, words, anchor))
    return Article(path.stem, _part_of(path), title, path, tuple(tokens), tuple(headings))


def _plain(token: Token) -> str:
    """The words of a line without its marks."""
    said = [each.content if each.content else " " for each in token.children or ()]
    return " ".join("".join(said).split())


def _anchor(words: str) -> str:
    """The anchor that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", words.casefold()).strip().replace(" ", "-")


def _linked(article: Article, address: Address) -> list[Token]:
    """The tokens with links between pages led to where they are read here. What lies outside docs/
    is named and not linked: a signed-in page fetches nothing from elsewhere."""
    made = []
    for token in article.tokens:
        if token.children:
            token = token.copy(children=_inside(token.children, article, address))
        made.append(token)
    return made


def _inside(children: list[Token], article: Article, address: Address) -> list[Token]:
    made, is_left_out = [], False
    for token in children:
        if token.type == "link_open":
            to = _address_of(str(token.attrGet("href") or ""), article, address)
            is_left_out = to is None
            if to is not None:
                token = token.copy(attrs={**token.attrs, "href": to})
        if token.type == "image":
            src = _picture(str(token.attrGet("src")), article)
            if not src:
                continue
            token = token.copy(attrs={**token.attrs, "src": src})
        if is_left_out and token.type == "link_open":
            continue
        if is_left_out and token.type == "link_close":
            is_left_out = False
            continue
        made.append(token)
    return made


def _picture(link: str, article: Article) -> str:
    """A picture of docs/pictures as it stands within the page; "" where there is none."""
    path = (article.path.parent / link).resolve()
    if not path.is_relative_to(DOCS / "pictures") or path.suffix != ".webp" or not path.is_file():
        return ""
    return f"data:image/webp;base64,{base64.b64encode(path.read_bytes()).decode()}"


def _address_of(link: str, article: Article, address: Address) -> str | None:
    """Where a link of a page leads here; None where it leads to no page."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return link if parts.scheme == "https" else None
    anchor = f"#{parts.fragment}" if parts.fragment else ""
    if not parts.path:
        return anchor
    path = (article.path.parent / parts.path).resolve()
    if path.suffix == "" and path.parent == DOCS / "decisions":
        path = next(path.parent.glob(f"{path.name}-*.md"), path)
    known = articles().get(path.stem)
    return address(path.stem) + anchor if known and known.path == path else None


def _places(article: Article, words: list[str]) -> list[Place]:
    found: list[Place] = []
    over: Heading | None = None
    headings = {each.anchor: each for each in article.headings}
    for token, inside in zip(article.tokens, article.tokens[1:], strict=False):
        if token.type == "heading_open":
            over = headings.get(str(token.attrGet("id")))
        if inside.type in ("inline", "fence", "code_block"):
            line = _plain(inside) if inside.children else inside.content
            if all(word in line.casefold() for word in words):
                found.append(Place(article, over, line))
    return found
