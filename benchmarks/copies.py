"""Many batches, or many entries of one batch, made in bulk with a true chain.

What one stretch of the trail recorded is written again as often as wanted: ids, codes and entry ids
are new, every row is digested and every event is chained as the product does it, so that `verify`
is whole on the result. SQLite only; the file must not be open elsewhere.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.shapes import Shape

Row = dict[str, Any]
WORD = (
    r"[A-Z]\d{6,9}-?\d{2}|\b[0-9a-f]{64}\b"
    r"|(?P<uuid>\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b)"
)
KEY, SEQ, ROWS = "§key§", "§seq§", "§rows§"  # what is put into a text last
WRITTEN_AT_ONCE = 20_000  # rows


@dataclass
class Stretch:
    """What the events from one sequence number to another recorded.

    `rows` are the record rows by (table, key), `folds` the cached rows that hang on them; `ids` are
    the keys of each table that a copy gets anew.
    """

    events: list[tuple[Row, dict[str, Any], list[tuple[str, str]]]] = field(default_factory=list)
    rows: dict[tuple[str, str], Row] = field(default_factory=dict)
    folds: list[tuple[str, Row]] = field(default_factory=list)
    ids: dict[str, set[int]] = field(default_factory=dict)

    @property
    def span(self) -> tuple[int, int]:
        """(lowest, highest) id of any row."""
        every = [number for numbers in self.ids.values() for number in numbers]
        return min(every, default=0), max(every, default=0)


class Copier:
    """Writes copies of stretches behind the newest event of one database file."""

    def __init__(self, path: Path, shape: Shape) -> None:
        self.shape = shape
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.connection.row_factory = sqlite3.Row
        for pragma in ("foreign_keys=OFF", "synchronous=OFF", "cache_size=-200000"):
            self.connection.execute(f"PRAGMA {pragma}")
        self.tables = shape.tables()
        self.top = max(self._number(f'SELECT max(id) FROM "{name}"') for name in self._numbered())
        self.seq = self._number("SELECT max(seq) FROM events")
        self.hash = self._value("SELECT hash FROM events ORDER BY seq DESC LIMIT 1")
        self.copied = self.seq  # no two copies of one database have the same number
        self.numbers: Counter[tuple[str, int]] = Counter()
        for series, year, number in self.connection.execute(
            "SELECT series, year, max(number) FROM issued_codes GROUP BY series, year"
        ):
            self.numbers[series, year] = number
        self.waiting: dict[str, list[Row]] = {}

    def close(self) -> None:
        self._write()
        self.connection.close()

    def _value(self, question: str) -> Any:
        return self.connection.execute(question).fetchone()[0]

    def _number(self, question: str) -> int:
        return self._value(question) or 0

    def _numbered(self) -> list[str]:
        return [name for name, table in self.tables.items() if "id" in table.columns]

    # What is copied

    def stretch(self, first: int, last: int) -> Stretch:
        """What the events `first` to `last` recorded."""
        made = Stretch()
        for event in self.connection.execute(
            "SELECT * FROM events WHERE seq BETWEEN ? AND ? ORDER BY seq", (first, last)
        ).fetchall():
            said = json.loads(event["content"])
            keys = [(table, key) for table, key, _ in said["rows"]]
            for table, key in keys:
                row = self.connection.execute(f'SELECT * FROM "{table}" WHERE id = ?', (key,))
                made.rows[table, key] = dict(row.fetchone())
                made.ids.setdefault(table, set()).add(int(key))
            made.events.append((dict(event), said | {"rows": []}, keys))
        self._complete(made)
        return made

    def _complete(self, made: Stretch) -> None:
        """The rows that share the id of a record, and those that are folded from records."""
        for name in list(made.ids):
            parent = self.tables[name].references.get("id")
            if parent:
                made.ids.setdefault(parent, set()).update(made.ids[name])
        for name, table in self.tables.items():
            if table.kind == "working" or name == "events":
                continue
            for row in map(dict, self.connection.execute(f'SELECT * FROM "{name}"').fetchall()):
                if (name, str(row.get("id"))) not in made.rows and self._hangs_on(name, row, made):
                    made.folds.append((name, row))

    def _hangs_on(self, name: str, row: Row, made: Stretch) -> bool:
        """Whether a row that no event answers for belongs to a row of the stretch."""
        table = self.tables[name]
        if table.kind == "record" and name not in made.ids:
            return False
        if table.kind == "record":
            return bool(row["id"] in made.ids[name])
        if "subject_key" in row:
            key: str = row["subject_key"]
            return self._key(row["subject_kind"], key, made, 1) != key
        return any(
            row[column] in made.ids.get(target, ()) for column, target in table.references.items()
        )

    @staticmethod
    def _key(kind: str, key: str, made: Stretch, shift: int) -> str:
        """The key of a subject in a copy; `stages` carry the id of their batch in front."""
        number, colon, rest = key.partition(":")
        ids = made.ids.get("batches" if kind == "stages" else kind, set())
        return (
            f"{int(number) + shift}{colon}{rest}"
            if number.isdigit() and int(number) in ids
            else key
        )

    # The copies

    def copy(
        self, made: Stretch, times: int, change: Callable[[str, Row, int], None] | None = None
    ) -> None:
        """Write a stretch again; `change(table, row, n)` alters a row of the n-th copy, from 1."""
        words = _Words(made, self.shape)
        for number in range(1, times + 1):
            self._copy(made, words, number, change)
            if sum(map(len, self.waiting.values())) > WRITTEN_AT_ONCE:
                self._write()
        self._write()

    def _copy(
        self,
        made: Stretch,
        words: _Words,
        number: int,
        change: Callable[[str, Row, int], None] | None,
    ) -> None:
        low, high = made.span
        shift, begun = self.top + 1 - low, self.seq
        self.top += high - low + 1
        self.copied += 1
        words.begin(self.copied, self._renumbered(made))
        moved = _Moved(self, made, words, shift, begun + 1 - made.events[0][0]["seq"])
        for event, said, keys in made.events:
            digests = []
            for table, key in keys:
                row = moved.row(table, made.rows[table, key])
                if change:
                    change(table, row, number)
                self.waiting.setdefault(table, []).append(row)
                digests.append([table, str(row["id"]), self.shape.row_digest(row)])
            self._chain(moved.event(event, said, digests), words, event["hash"])
        for table, row in made.folds:
            self.waiting.setdefault(table, []).append(moved.row(table, row))

    def _renumbered(self, made: Stretch) -> dict[str, str]:
        """{code: the next free one of its series}, bare and as it is shown."""
        found: dict[str, str] = {}
        for (table, _), row in made.rows.items():
            if table == "issued_codes":
                series, year = row["series"], row["year"]
                self.numbers[series, year] += 1
                old = self.shape.code(series, year, row["number"])
                new = self.shape.code(series, year, self.numbers[series, year])
                found |= dict(zip(old, new, strict=True))
        return found

    def _chain(self, row: Row, words: _Words, old_hash: str) -> None:
        row["previous"], row["hash"] = self.hash, self.shape.chained(self.hash, row["digest"])
        words.known[old_hash] = self.hash = row["hash"]
        self.seq = row["seq"]
        self.waiting.setdefault("events", []).append(row)

    def _write(self) -> None:
        self.connection.execute("BEGIN IMMEDIATE")
        for table, rows in self.waiting.items():
            names = list(rows[0])
            columns, marks = ", ".join(f'"{name}"' for name in names), ", ".join("?" * len(names))
            self.connection.executemany(
                f'INSERT INTO "{table}" ({columns}) VALUES ({marks})',
                [[row[name] for name in names] for row in rows],
            )
        self.connection.execute("COMMIT")
        self.waiting = {}


class _Words:
    """What stands for itself in texts of a stretch, and what stands for it in a copy."""

    def __init__(self, made: Stretch, shape: Shape) -> None:
        rows = [(table, row) for (table, _), row in made.rows.items()]
        own = {
            row[column]
            for table, row in rows
            for column in ("code", "token")
            if isinstance(row.get(column), str) and table != "issued_codes"
        }
        self.own = {word for word in own if not re.fullmatch(WORD, word)}
        self.files = {row["sha256"]: row["content"] for table, row in rows if table == "files"}
        self.changing = (
            self.own | self.files.keys() | {event["hash"] for event, _, _ in made.events}
        )
        for table, row in rows:
            if table == "issued_codes":
                self.changing |= set(shape.code(row["series"], row["year"], row["number"]))
        self.pattern = re.compile("|".join([*map(re.escape, self.own), WORD]))
        self.texts: dict[str, tuple[list[str], list[int]]] = {}
        self.known: dict[str, str] = {}
        self.number = 0

    def begin(self, number: int, codes: Mapping[str, str]) -> None:
        self.number, self.known = number, dict(codes)
        self.known |= {word: f"{word[:2]}{number:06}{word[8:] or word[-4:]}" for word in self.own}
        self.known |= {
            sha256: hashlib.sha256(self.bytes(content)).hexdigest()
            for sha256, content in self.files.items()
        }

    def bytes(self, content: bytes) -> bytes:
        """A short file of its own: thousands of whole papers would only fill the disk."""
        return content[:64] + b" copy %d" % self.number

    def text(self, text: str) -> str:
        pieces, places = self.texts.get(text) or self.texts.setdefault(text, self._split(text))
        if not places:
            return text
        pieces = list(pieces)
        for place in places:
            word = pieces[place]
            known = self.known.get(word)
            pieces[place] = known or (f"{self.number:08x}{word[8:]}" if len(word) == 36 else word)
        return "".join(pieces)

    def _split(self, text: str) -> tuple[list[str], list[int]]:
        """A text in pieces, and which of them change from copy to copy."""
        pieces, places, end = [], [], 0
        for match in self.pattern.finditer(text):
            if match["uuid"] or match[0] in self.changing:
                pieces += [text[end : match.start()], match[0]]
                places.append(len(pieces) - 1)
                end = match.end()
        return [*pieces, text[end:]], places


@dataclass
class _Moved:
    """One copy: rows and events with their new ids, `shift` above the old, `later` behind them."""

    copier: Copier
    made: Stretch
    words: _Words
    shift: int
    later: int

    def row(self, table: str, old: Row) -> Row:
        shape, references = self.copier.shape, self.copier.tables[table].references
        own = self.made.ids.get(table, ())
        row: Row = {}
        for name, value in old.items():
            if isinstance(value, int):
                target = self.made.ids.get(references[name], ()) if name in references else ()
                is_moved = value in (own if name == "id" else target)
                row[name] = value + self.shift * is_moved
            elif isinstance(value, bytes):
                row[name] = self.words.bytes(value)
            else:
                row[name] = value if value is None else self.words.text(value)
        if "subject_key" in row:
            row["subject_key"] = Copier._key(
                row["subject_kind"], row["subject_key"], self.made, self.shift
            )
        shape.finish(table, row, self._number_of, self.later)
        if table == "files":
            row["size"] = len(row["content"])
        if table == "issued_codes":
            row["number"] = int(row["code"][3:-2])
        if row.get("facts_digest") and "facts" in row:
            row["facts_digest"] = shape.digest(row["facts"])
        return row

    def _number_of(self, table: str, number: int) -> int:
        return number + self.shift if number in self.made.ids.get(table, ()) else number

    def event(self, old: Row, said: dict[str, Any], digests: Iterable[list[str]]) -> Row:
        shape, seq = self.copier.shape, old["seq"] + self.later
        kind, key = said["subject"]
        key = self.words.text(Copier._key(kind, key, self.made, self.shift))
        open_text = shape.canonical(said | {"subject": [kind, KEY], "seq": SEQ, "rows": ROWS})
        text = self.words.text(open_text).replace(KEY, key, 1)
        text = text.replace(f'"{SEQ}"', str(seq), 1)
        text = text.replace(f'"{ROWS}"', shape.canonical(list(digests)), 1)
        return old | {
            "seq": seq,
            "subject_key": key,
            "scope": old["scope"] and self.words.text(old["scope"]),
            "entry_id": old["entry_id"] and self.words.text(old["entry_id"]),
            "content": text,
            "digest": shape.digest(text),
        }
