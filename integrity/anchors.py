"""Heads of the trail, put where this machine cannot rewrite them: a folder of another machine that
takes new files only, a mailbox, and the clock of a time-stamping authority (RFC 3161).

Each start and each hour the newest head goes to every place the site names; verification compares
with all of them. Whoever rewrites the database would have to rewrite each of the places (AUD-12).
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from integrity import backups, clock, outbox, site, states, timestamps
from integrity.actions import IntegrityAction
from integrity.acts import Act
from integrity.canonical import canonical, instant_text
from integrity.database import Database, Session
from integrity.trail import Event

EVERY = timedelta(hours=1)
DUTY = 7_302_003  # of several processes one does it at a time
PORTION = 500  # heads that are compared at once
SUBJECT = ("site", "anchor")


@dataclass(frozen=True)
class Places:
    """Where heads go: a folder, a mailbox, a time-stamping authority and the PEM file of the roots
    that its signatures are checked against. None where the site names none.
    """

    folder: Path | None = None
    mailbox: str | None = None
    authority: str | None = None
    roots: Path | None = None

    def __bool__(self) -> bool:
        return bool(self.folder or self.mailbox)


VARIABLES = {
    "folder": "CORDBOOK_ANCHOR_FOLDER",
    "mailbox": "CORDBOOK_ANCHOR_MAIL",
    "authority": "CORDBOOK_ANCHOR_AUTHORITY",
    "roots": "CORDBOOK_ANCHOR_ROOTS",
}


def read_places(given: Mapping[str, str]) -> Places:
    """From the environment; ValueError says what is wrong with it."""
    folder, mailbox, authority, roots = (given.get(name) or None for name in VARIABLES.values())
    if folder and not Path(folder).is_dir():
        raise ValueError(f"CORDBOOK_ANCHOR_FOLDER names {folder}, which is no folder: make it.")
    if mailbox and ("@" not in mailbox or not given.get("CORDBOOK_SMTP")):
        raise ValueError(
            "CORDBOOK_ANCHOR_MAIL must be one address, and CORDBOOK_SMTP must name the mail server."
        )
    if authority and not (authority.startswith(("http://", "https://")) and (folder or mailbox)):
        raise ValueError(
            "CORDBOOK_ANCHOR_AUTHORITY must be the http address of a time-stamping authority; its "
            "answers are kept in CORDBOOK_ANCHOR_FOLDER or CORDBOOK_ANCHOR_MAIL: name one of them."
        )
    if roots and not Path(roots).is_file():
        raise ValueError(f"CORDBOOK_ANCHOR_ROOTS names {roots}, which is no file.")
    return Places(
        Path(folder) if folder else None, mailbox, authority, Path(roots) if roots else None
    )


@dataclass(frozen=True)
class Anchor:
    """One head as it was put outside. `at` is when, by this machine's clock."""

    site: str
    seq: int
    hash: str
    at: str
    authority: str | None

    @property
    def text(self) -> bytes:
        """What is stamped and kept, as it stands in its file."""
        return canonical(self.__dict__).encode()

    @property
    def name(self) -> str:
        when = "".join(sign for sign in self.at if sign.isalnum())
        return f"head-{self.seq:09d}-{when}-{self.hash[:12]}"


def read(text: bytes) -> Anchor:
    """Raises ValueError where it is none."""
    said = json.loads(text)
    try:
        anchor = Anchor(**said)
    except TypeError:
        raise ValueError from None
    if anchor.text != text or not isinstance(anchor.seq, int):
        raise ValueError
    datetime.fromisoformat(anchor.at)
    return anchor


# Putting a head outside
# -------------------------------------------------------------------------------------------------


def put(database: Database, places: Places, read_clock: Callable[[], datetime]) -> Anchor | None:
    """Put the newest head to every place; None where it stands there already.

    What a place did not take is said in the event and tried again with the next head; nothing is
    asked of another machine while the writer is held.
    """
    with database.reading() as reading:
        newest = reading.scalars(select(Event).order_by(Event.seq.desc()).limit(1)).first()
        if newest is None or newest.action == IntegrityAction.SITE_ANCHORED:
            return None
        head = Anchor(
            site.settings(reading)["name"],
            newest.seq,
            newest.hash,
            instant_text(read_clock()),
            places.authority,
        )
    failed: dict[str, str] = {}
    token = _stamped(head, places, failed)
    _keep(head, token, places, failed)
    with clock.transaction(database, read_clock) as act:
        _say(act, head, token, places, failed)
    return head


def _stamped(head: Anchor, places: Places, failed: dict[str, str]) -> bytes | None:
    if places.authority is None:
        return None
    try:
        return timestamps.ask(places.authority, head.text)
    except timestamps.NoStamp as fault:
        failed["authority"] = str(fault)
        return None


def _keep(head: Anchor, token: bytes | None, places: Places, failed: dict[str, str]) -> None:
    """New files only: what stands there is never opened for writing."""
    if places.folder is None:
        return
    try:
        for suffix, content in ((".tsr", token), (".json", head.text)):
            if content is not None:
                with (places.folder / f"{head.name}{suffix}").open("xb") as made:
                    made.write(content)
    except OSError as fault:
        failed["folder"] = fault.strerror or str(fault)


def _say(
    act: Act, head: Anchor, token: bytes | None, places: Places, failed: dict[str, str]
) -> None:
    if places.mailbox:
        outbox.put(
            act.session,
            f"Cordbook head {head.seq}:{head.hash}",
            "\n".join([head.text.decode(), *timestamps.as_lines(token)]) + "\n",
            at=act.at,
            recipient=places.mailbox,
        )
    named = {"folder": places.folder, "mailbox": places.mailbox, "authority": places.authority}
    act.say(
        IntegrityAction.SITE_ANCHORED,
        SUBJECT,
        details={
            "seq": head.seq,
            "hash": head.hash,
            "places": {name: str(place) for name, place in named.items() if place},
            "failed": failed,
        },
    )
    for name, why in failed.items():
        logging.getLogger("cordbook").warning(
            "Head %d could not be put into the %s (%s); it is tried again.", head.seq, name, why
        )


def start(
    database: Database, places: Places, read_clock: Callable[[], datetime]
) -> threading.Event:
    """A small thread that puts the head outside now and each hour, until the event it gives is
    set.
    """
    stop = threading.Event()

    def rounds() -> None:
        while True:
            try:
                with database.alone(DUTY) as is_mine:
                    if is_mine:
                        watch(database, places, read_clock)
                        put(database, places, read_clock)
            except Exception:
                logging.getLogger("cordbook").exception("The head could not be put outside.")
            if stop.wait(EVERY.total_seconds()):
                return

    threading.Thread(target=rounds, name="anchors", daemon=True).start()
    return stop


# Comparing with what stands outside
# -------------------------------------------------------------------------------------------------


def watch(database: Database, places: Places, read_clock: Callable[[], datetime]) -> str | None:
    """Whether the newest head in the folder is still in the trail; where it is not, everybody is
    told as after a restore, until QA has judged it. Gives the sentence.
    """
    heads = places.folder.glob("head-*.json") if places.folder else ()
    path = max(heads, key=_moment, default=None)
    if path is None:
        return None
    anchor = _kept(path)
    if anchor is None:
        return None  # verification names it
    sentence = _missing(anchor, path)
    with database.reading() as reading:
        found = _hashes(reading, [anchor.seq]).get(anchor.seq)
        if _is_explained(anchor, found, list(_restores(reading))):
            return None
        if _is_known(reading, anchor):
            return sentence
    with clock.transaction(database, read_clock) as act:
        _say_missing(act, anchor, path, sentence)
    return sentence


def _moment(path: Path) -> str:
    """When a head was put outside, as its name says: after a restore numbers come again."""
    return path.stem.split("-")[-2]


def _is_known(session: Session, anchor: Anchor) -> bool:
    missing = select(Event).where(Event.action == IntegrityAction.SITE_HEAD_MISSING)
    return any(event.said["details"]["hash"] == anchor.hash for event in session.scalars(missing))


def _say_missing(act: Act, anchor: Anchor, path: Path, sentence: str) -> None:
    states.move(
        act,
        site.itself(act),
        backups.AXIS,
        backups.RestoreState.RESTORED,
        allowed=backups.MOVES,
    )
    outbox.put(
        act.session,
        "Cordbook: the trail is not the one it was",
        sentence + "\n",
        at=act.at,
        of_quality=True,
    )
    act.say(
        IntegrityAction.SITE_HEAD_MISSING,
        backups.RESTORE,
        details={"file": path.name, "seq": anchor.seq, "hash": anchor.hash},
    )


@dataclass(frozen=True)
class Lost:
    """What a restore that the trail tells of has left behind: events above `kept`, up to the last
    of the database it `replaced` (0 where there was none beside it), recorded before `at`.
    """

    kept: int
    replaced: int
    at: datetime

    def explains(self, seq: int, at: datetime | None) -> bool:
        """Whether a head of that number is of the lost time; `at` is when it was put outside, if
        that is known. Numbers come again after a restore, so a bound on each side is wanted.
        """
        if seq <= self.kept or (at is not None and at > self.at):
            return False
        return seq <= self.replaced if self.replaced else at is not None


def faults(session: Session, places: Places) -> Iterator[str]:
    """What the folder knows otherwise than the trail, and what somebody took out of the folder."""
    if places.folder is None:
        return
    restores = list(_restores(session))
    seen: dict[int, str] = {}
    for paths in _in_portions(sorted(places.folder.glob("head-*.json"))):
        anchors = {path: anchor for path in paths if (anchor := _kept(path))}
        hashes = _hashes(session, (anchor.seq for anchor in anchors.values()))
        for path in paths:
            anchor = anchors.get(path)
            if anchor is None:
                yield f"{path} is not as it was written: somebody changed it, or it cannot be read."
                continue
            seen[anchor.seq] = path.name
            if not _is_explained(anchor, hashes.get(anchor.seq), restores):
                yield _missing(anchor, path)
            yield from _faults_of_stamp(anchor, path, places)
    yield from _taken_away(session, places, seen)


def _in_portions(paths: Sequence[Path]) -> Iterator[Sequence[Path]]:
    return (paths[begin : begin + PORTION] for begin in range(0, len(paths), PORTION))


def _kept(path: Path) -> Anchor | None:
    """What stands in a file of the folder, or None where it is not as it was written."""
    try:
        return read(path.read_bytes())
    except (OSError, ValueError):
        return None


def _hashes(session: Session, seqs: Iterable[int]) -> dict[int, str]:
    """{event: its hash} of those that are in the trail."""
    wanted = select(Event.seq, Event.hash).where(Event.seq.in_(sorted(set(seqs))))
    return {seq: found for seq, found in session.execute(wanted)}


def _faults_of_stamp(anchor: Anchor, path: Path, places: Places) -> Iterator[str]:
    if anchor.authority is None:
        return
    token = None
    with suppress(OSError):
        token = path.with_suffix(".tsr").read_bytes()
    if token is None:
        return  # the event says that the authority did not answer; _taken_away says when it did
    at = datetime.fromisoformat(anchor.at)
    if why := timestamps.fault(token, anchor.text, at, places.roots):
        yield f"The time stamp of {path} does not stand for it: {why}"


def _is_explained(anchor: Anchor, found: str | None, restores: Sequence[Lost]) -> bool:
    """Whether a head is in the trail, or a restore tells why it is not."""
    at = datetime.fromisoformat(anchor.at)
    return found == anchor.hash or any(lost.explains(anchor.seq, at) for lost in restores)


def _missing(anchor: Anchor, path: Path) -> str:
    return (
        f"Event {anchor.seq} with hash {anchor.hash[:12]}… was put outside at {anchor.at} "
        f"({path}) and is not in this trail: events were removed or rewritten, or an older "
        "database was put in its place."
    )


def _restores(session: Session) -> Iterator[Lost]:
    for event in session.scalars(
        select(Event).where(Event.action == IntegrityAction.SITE_RESTORED).order_by(Event.seq)
    ):
        said = event.said["details"]
        yield Lost(int(said["restored_events"]), int(said["replaced_events"]), event.at)


def _taken_away(session: Session, places: Places, seen: Mapping[int, str]) -> Iterator[str]:
    """What the trail says was put into this folder, and is not there."""
    wanted = select(Event.seq, Event.content).where(Event.action == IntegrityAction.SITE_ANCHORED)
    for number, content in session.execute(
        wanted.order_by(Event.seq).execution_options(yield_per=PORTION)
    ):
        said = json.loads(content)["details"]
        if said["places"].get("folder") != str(places.folder) or "folder" in said["failed"]:
            continue
        name = seen.get(said["seq"])
        if name is None:
            yield (
                f"The head of event {said['seq']}, put into {places.folder} by event {number}, "
                "is not there: somebody took it away."
            )
        elif "authority" in said["places"] and "authority" not in said["failed"]:
            stamp = name.removesuffix(".json") + ".tsr"
            if places.folder and not (places.folder / stamp).exists():
                yield (
                    f"The time stamp {stamp}, put into {places.folder} by event {number}, is "
                    "not there: somebody took it away."
                )


def not_in_trail(session: Session, heads: Mapping[int, str], where: str) -> Iterator[str]:
    """Heads that somebody kept, {seq: hash}, and that are not in the trail."""
    restores = list(_restores(session))
    hashes = _hashes(session, heads)
    for seq, kept in sorted(heads.items()):
        if hashes.get(seq) != kept and not any(lost.explains(seq, None) for lost in restores):
            yield (
                f"Event {seq} with hash {kept[:12]}… is kept in {where} and is not in this trail: "
                "events were removed or rewritten."
            )
