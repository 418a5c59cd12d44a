"""On which line of a TOML source a place stands, so that a fault can be found in a long file.

A place is written as the strict reader writes it: stages[1] ‘expansion’ › steps[0] ‘seed’ › title.
What stands inside one line (an inline table) is found at that line.
"""

from __future__ import annotations

import re

Path = tuple[str | int, ...]
_TEXT = re.compile(r'"(?:\\.|[^"\\])*"|\'[^\']*\'')
_LONG_TEXT = re.compile(r'"""|\'\'\'')
_HEADER = re.compile(r"\[(\[)?\s*([\w.-]+)\s*\]")
_KEY = re.compile(r"([\w-]+(?:\.[\w-]+)*)\s*=")
_PART = re.compile(r"([\w-]+)|\[(\d+)\]")
_NAME = re.compile(r"‘.*?’")


def numbers(source: bytes) -> dict[Path, int]:
    """{path: number of its line, from 1} of every header, key and listed table of a source."""
    found: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    table: Path = ()
    key: Path = ()
    depth, item, inside = 0, 0, False
    for number, line in enumerate(source.decode("utf-8", "replace").splitlines(), start=1):
        odd = len(_LONG_TEXT.findall(line)) % 2 == 1
        if inside:
            inside = not odd
            continue
        bare = _TEXT.sub("0", line).split("#")[0].strip()
        if depth == 0 and (header := _HEADER.match(bare)):
            table = _opened(header[2].split("."), bool(header[1]), counts)
            found.setdefault(table, number)
            if header[1]:
                found.setdefault(table[:-1], number)  # the whole list: where it begins
            bare = ""
        elif depth == 0 and (named := _KEY.match(bare)):
            key, item = (*table, *named[1].split(".")), 0
            found.setdefault(key, number)
        elif depth == 1 and bare.startswith("{"):
            found.setdefault((*key, item), number)
            item += 1
        depth += bare.count("[") + bare.count("{") - bare.count("]") - bare.count("}")
        inside = odd
    return found


def _opened(names: list[str], is_item: bool, counts: dict[Path, int]) -> Path:
    """The path of a table that begins here: the last of each list that its name goes through."""
    path: Path = ()
    for name in names[:-1]:
        path = (*path, name)
        if path in counts:
            path = (*path, counts[path])
    path = (*path, names[-1])
    if is_item:
        counts[path] = counts.get(path, -1) + 1
        path = (*path, counts[path])
    return path


def line_of(place: str, found: dict[Path, int]) -> int | None:
    """The line of a place, or of the nearest part around it that has one."""
    path: Path = tuple(
        name or int(index) for name, index in _PART.findall(_NAME.sub("", place.replace("›", " ")))
    )
    while path:
        if path in found:
            return found[path]
        path = path[:-1]
    return None
