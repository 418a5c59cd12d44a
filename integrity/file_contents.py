"""The law of files that people bring: what a file is by its content, what it may be called, how
much may be kept. Pure: facts in, findings out (REC-10).

The name that a browser sends proves nothing, so the content decides; the name has to agree."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator
from pathlib import PurePath
from typing import Final

from integrity.findings import Finding, blocks
from integrity.rule_ids import IntegrityRule

HEAD: Final = 512  # bytes of the beginning that decide
LONGEST: Final = 120  # characters of a name
MEGABYTE: Final = 1_000_000


class MediaType(enum.StrEnum):
    """What is kept; nothing that a browser runs or draws by itself."""

    PNG = "image/png"
    JPEG = "image/jpeg"
    PDF = "application/pdf"
    CSV = "text/csv"
    TEXT = "text/plain"


_BEGINNINGS: Final = {
    b"\x89PNG\r\n\x1a\n": MediaType.PNG,
    b"\xff\xd8\xff": MediaType.JPEG,
    b"%PDF-": MediaType.PDF,
}
ENDINGS: Final = {
    MediaType.PNG: ("png",),
    MediaType.JPEG: ("jpg", "jpeg"),
    MediaType.PDF: ("pdf",),
    MediaType.CSV: ("csv",),
    MediaType.TEXT: ("txt",),
}
_CONTROLS: Final = bytes({*range(0x20), 0x7F} - {0x09, 0x0A, 0x0D})
_MARKUP: Final = re.compile(rb"\s*(\xef\xbb\xbf)?\s*<[!?a-zA-Z/]")


def is_text(content: bytes) -> bool:
    """Whether a part of a file may be part of a text: it has no control characters."""
    return content.translate(None, _CONTROLS) == content


def media_type(head: bytes, name: str, *, is_text: bool) -> MediaType | None:
    """What a file is by its first bytes, None for what is not kept; `is_text` is of the whole.

    A text is a table where its name says so; markup is none, whatever its name.
    """
    for beginning, found in _BEGINNINGS.items():
        if head.startswith(beginning):
            return found
    if not is_text or _MARKUP.match(head):
        return None
    return MediaType.CSV if _ending(name) == "csv" else MediaType.TEXT


def _ending(name: str) -> str:
    return PurePath(name).suffix[1:].lower()


def tidy_name(name: str) -> str:
    """The last part of a name without what no name should hold, shortened before its ending."""
    last = re.split(r"[\\/]", name)[-1]
    last = "".join(each for each in last if each.isprintable()).strip(" .")
    stem, dot, ending = last.rpartition(".")
    return f"{stem[: LONGEST - len(ending) - 1]}{dot}{ending}" if dot else last[:LONGEST]


def may_keep(found: MediaType | None, name: str, size: int, most: int) -> Iterator[Finding]:
    """What speaks against one file of `size` bytes where one may have `most`."""
    if size == 0:
        yield blocks(IntegrityRule.FILE_EMPTY, "file")
    elif size > most:
        yield blocks(IntegrityRule.FILE_TOO_LARGE, "file", most=f"{most / MEGABYTE:g}")
    elif found is None:
        yield blocks(IntegrityRule.FILE_KIND, "file")
    elif _ending(name) not in ENDINGS[found]:
        yield blocks(IntegrityRule.FILE_NAME, "file", ending=ENDINGS[found][0])


def has_room(kept: int, size: int, most: int) -> Iterator[Finding]:
    """What speaks against keeping `size` bytes more beside the `kept` where all may have `most`."""
    if kept + size > most:
        yield blocks(IntegrityRule.FILES_FULL, "file", most=f"{most / MEGABYTE:g}")
