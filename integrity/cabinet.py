"""The cabinet: files that people bring, kept byte for byte beside the database under their SHA-256.

A file is written to a name of its own while no writer is held, made durable, and then takes its
place: it is there whole or not at all. What no record refers to is an orphan of an act that did not
come about; it is set aside, never read."""

from __future__ import annotations

import hashlib
import os
import re
import time
import uuid
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from integrity import file_contents
from integrity.file_contents import HEAD, MediaType
from integrity.findings import refuse_if_blocked

PORTION: Final = 64 * 1024
FOLDER: Final = "attachments"
_NAME: Final = re.compile(r"[0-9a-f]{64}")
YOUNG: Final = 600  # seconds in which the act that brought a file may still be under way


@dataclass(frozen=True)
class Brought:
    """A file that lies in the cabinet already: what is recorded of it."""

    sha256: str
    name: str
    media_type: MediaType
    size: int


@dataclass(frozen=True)
class Cabinet:
    """One folder, with a folder of it for the first two digits of each digest."""

    folder: Path

    @classmethod
    def beside(cls, database: Path) -> Cabinet:
        """The cabinet of a database file."""
        return cls(database.with_name(FOLDER))

    def path(self, sha256: str) -> Path:
        return self.folder / sha256[:2] / sha256

    def keep(self, stream: IO[bytes], name: str, most: int) -> Brought:
        """Put a file into its place, in portions. Raises Refused for what is not kept, OSError."""
        arriving = self._arriving()
        try:
            brought = _copy(stream, arriving, file_contents.tidy_name(name), most)
            self._place(arriving, brought.sha256)
        finally:
            arriving.unlink(missing_ok=True)
        return brought

    def put_back(self, sha256: str, content: bytes) -> None:
        """A file out of a backup; one that lies there whole stays as it is."""
        if self.fault(sha256) is not None:
            arriving = self._arriving()
            arriving.write_bytes(content)
            self._place(arriving, sha256)

    def _arriving(self) -> Path:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self.folder / f"{uuid.uuid4().hex}.part"

    def _place(self, arriving: Path, sha256: str) -> None:
        place = self.path(sha256)
        place.parent.mkdir(mode=0o700, exist_ok=True)
        arriving.chmod(0o600)
        with arriving.open("rb+") as written:
            os.fsync(written.fileno())
        os.replace(arriving, place)
        for each in (place.parent, self.folder):
            _sync_folder(each)

    def fault(self, sha256: str) -> str | None:
        """What is wrong with a file: "missing", "changed", or nothing."""
        try:
            with self.path(sha256).open("rb") as kept:
                digest = hashlib.file_digest(kept, "sha256").hexdigest()
        except OSError:
            return "missing"
        return None if digest == sha256 else "changed"

    def names(self) -> Iterator[str]:
        """The digest that each file is named by."""
        for path in sorted(self.folder.glob("??/*")):
            if _NAME.fullmatch(path.name):
                yield path.name

    def orphans(self, known: Collection[str], *, young: int = YOUNG) -> list[str]:
        """Files that no record refers to, older than what may still be under way."""
        before = time.time() - young
        return [
            name
            for name in self.names()
            if name not in known and self.path(name).stat().st_mtime <= before
        ]

    def sweep(self, known: Collection[str]) -> list[str]:
        """Set aside what no record refers to, and remove what never arrived; while nobody writes.

        Gives the digests; the files lie in the folder "orphans" until somebody removes them.
        """
        for path in self.folder.glob("*.part"):
            path.unlink()
        found = self.orphans(known, young=0)
        for name in found:
            aside = self.folder / "orphans" / name
            aside.parent.mkdir(mode=0o700, exist_ok=True)
            os.replace(self.path(name), aside)
        return found

    def let_go(self, sha256: str, is_known: Callable[[str], bool]) -> None:
        """Remove a file whose act was refused, unless a record refers to it; the caller holds the
        writer, so that no other act takes it meanwhile.
        """
        if not is_known(sha256):
            self.path(sha256).unlink(missing_ok=True)


def _copy(stream: IO[bytes], place: Path, name: str, most: int) -> Brought:
    digest, size, head, is_text = hashlib.sha256(), 0, b"", True
    with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as written:
        while portion := stream.read(PORTION):
            size += len(portion)
            if size > most:
                break
            head = head or portion[:HEAD]
            is_text = is_text and file_contents.is_text(portion)
            digest.update(portion)
            written.write(portion)
    found = file_contents.media_type(head, name, is_text=is_text)
    refuse_if_blocked(file_contents.may_keep(found, name, size, most))
    assert found  # the law refuses a file without a kind
    return Brought(digest.hexdigest(), name, found, size)


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return  # Windows does not open folders
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
