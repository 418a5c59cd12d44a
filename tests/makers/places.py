"""Worlds in which something forbids that a product is used, and whoever says so: every place that
answers, as a person or a program asks it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import app as roof
from demonstration.culture import ENTRIES, asked_for
from integrity import backups, clock as clocks, site as sites, verification
from integrity.acts import Act
from integrity.database import Database, Session
from integrity.findings import Refused
from integrity.trail import SYSTEM
from manufacturing.execution import batch_state, corrections
from manufacturing.execution.corrections import CorrectionFacts
from qc.release import certificates
from stores import containers, family
from tests.makers import broken, fates, release
from tests.makers.people import entry_id
from tests.pages import Page
from tests.qc.conftest import Finished, find_finished
from tests.templates import Clock

WHY = "A supplier called about one of the bags."
UNKNOWN, FOREIGN = "P260099904", "0104012345678901"
NEVER = "no certificate of ours"


class Undone(Exception):
    """What was tried is not kept."""


@dataclass
class World:
    """A batch about which something is so, and what is asked about: a container's code, the address
    of a certificate and the token of its QR.
    """

    made: Finished
    code: str
    certificate: str = ""
    token: str = ""
    client: Any = None
    stranger: Any = None

    def get(self, path: str) -> Any:
        return self.client.get(path, follow_redirects=True)

    def tried(self, deed: Callable[[Any], Any]) -> str:
        """What an act says to being done now; nothing of it is kept."""
        try:
            with self.made.database.writing() as session:
                deed(session)
                raise Undone
        except Refused as refused:
            return str(refused)
        except Undone:
            return "done"


# What makes it so
# -------------------------------------------------------------------------------------------------


def rename(world: World) -> None:
    """Any act: each of them looks at the clock."""
    made = world.made
    with clocks.transaction(made.database, made.clock, SYSTEM) as act:
        sites.change(act, "name", f"Site at {made.clock():%H %M}", reason=WHY)


def clock_went_back(world: World) -> None:
    world.made.clock.advance(minutes=40)
    rename(world)
    world.made.clock.advance(minutes=-30)
    rename(world)


def restored(world: World) -> None:
    with world.made.database.writing() as session:
        act = Act(session, SYSTEM, world.made.clock())
        report = verification.Report(events=1)
        backups._say_restored(act, "older.db", report, (9, "0" * 64), [])


def void(world: World) -> None:
    """A second container was filled after all, and then it was not: its number is void."""
    for number in ("2", "1"):
        world.made.clock.advance(minutes=1)
        with world.made.database.writing() as session:
            _fill(session, world, number)
        if number == "2":
            with world.made.database.reading() as session:
                finals = containers.of_scope(session, world.made.batch.code, "final")
                world.code = finals[-1].code


def _fill(session: Session, world: World, number: str) -> None:
    state = batch_state.read(session, world.made.batch.id)
    entry = next(each for each in state.current if each.step == "label_container")
    scanned = {name: each["code"] for name, each in entry.values.items() if "code" in each}
    typed = dict(ENTRIES["label_container"]) | scanned | {"container": number}
    typed = asked_for(state.master.step("label_container"), typed)
    act = Act(session, world.made.people["technician"], world.made.clock(), entry_id())
    corrections.correct(act, CorrectionFacts(entry.id, typed, WHY))


def becomes(*all_of: str) -> Callable[[World], None]:
    def deed(world: World) -> None:
        for fate in all_of:
            world.made.clock.advance(minutes=1)
            with world.made.database.writing() as session:
                fates.become(session, world.made, world.code, fate)

    return deed


def held_by_hand(world: World) -> None:
    with world.made.database.writing() as session:
        broken.hold(session, world.made, world.code)


def lot_rejected(world: World) -> None:
    with world.made.database.writing() as session:
        broken.dispose(session, world.made, "rejected")


def paper_doubted(world: World) -> None:
    """Held, corrected, reviewed and given back: its certificate says what is no longer so."""
    made = world.made
    made.decide("hold", by="qa", why=WHY)
    with made.database.writing() as session:
        broken.correct_the_open_time(session, made)
    release.sign_again(made)
    made.review()
    made.decide("resume", by="qa", why=WHY)


def as_code(code: str) -> Callable[[World], None]:
    def ask(world: World) -> None:
        world.code, world.certificate, world.token = code, "R260099927", "no-token-of-ours"

    return ask


def nothing(_: World) -> None:
    """It stands as the state it begins in leaves it."""


NOTHING = "nothing forbids"  # the world in which it may be used
# reason: (what the batch has come to before, what is done then)
REASONS: dict[str, tuple[str, Callable[[World], None]]] = {
    "unknown": ("released", as_code(UNKNOWN)),
    "foreign": ("released", as_code(FOREIGN)),
    "void": ("finished", void),
    "recalled": ("released", lambda world: world.made.decide("withdraw")),
    "rejected": ("released", lambda world: world.made.decide("reject")),
    "destroyed": ("released", becomes("destroyed")),
    "returned": ("released", becomes("issued", "returned")),
    "used": ("released", becomes("issued", "used")),
    "issued": ("released", becomes("issued")),
    "expired": ("released", lambda world: world.made.clock.advance(hours=5)),
    "on hold": ("released", lambda world: world.made.decide("hold", by="qa", why=WHY)),
    "held by hand": ("released", held_by_hand),
    "a bad lot": ("released", lot_rejected),
    "quarantine": ("finished", nothing),
    "under review": ("reviewed", nothing),
    "paper under review": ("released", paper_doubted),
    "clock": ("released", clock_went_back),
    "restore": ("released", restored),
}


def open_world(database: Database, clock: Clock) -> World:
    """What is asked about in a database with a finished batch."""
    made = find_finished(database, clock)
    with database.reading() as session:
        [final] = containers.of_scope(session, made.batch.code, "final")
        newest = certificates.of_batch(session, made.batch.id)[-1:]
    site = roof.create_app(
        database,
        "not a secret: a test",
        clock=clock,
        address="http://cordbook.test",
        TESTING=False,
        PROPAGATE_EXCEPTIONS=False,
    )
    world = World(made, final.code, client=site.test_client(), stranger=site.test_client())
    for each in newest:
        world.certificate, world.token = each.code, each.token
    return world


# Who is asked
# -------------------------------------------------------------------------------------------------

Said = tuple[str, str]  # the words, and the HTML in which nothing may be green


def part(answer: Any, pattern: str) -> Said:
    """What stands in one part of a page; where there is none, in all of it."""
    html = answer.get_data(as_text=True)
    found = re.search(pattern, html, re.DOTALL)
    shown = found.group(0) if found else html
    return Page(shown).words, shown


def band(world: World, path: str) -> Said:
    return part(world.get(path), r'<div class="band .*?</div>')


def heading(world: World, path: str) -> Said:
    return part(world.get(path), r'<div class="heading">.*?</div>\s*</div>')


def main(world: World, path: str) -> Said:
    return part(world.get(path), r"<main.*?</main>")


def line(world: World, path: str, code: str) -> Said:
    return part(world.get(path), rf"<tr><th[^>]*><a[^>]*{code}.*?</tr>")


def parent(world: World) -> str:
    with world.made.database.reading() as session:
        [final, *_] = containers.of_scope(session, world.made.batch.code, "final")
        [link, *_] = family.parents(session, [final.id])[final.id]
        return str(session.get_one(containers.Container, link.parent_id).code)


def decided(name: str) -> Callable[[World], Said]:
    def ask(world: World) -> Said:
        made = world.made
        by, at = made.people["releaser"], made.clock()
        return world.tried(lambda s: release.decide(s, name, made.batch, by=by, at=at)), ""

    return ask


def issued(world: World) -> Said:
    by, at = world.made.people["technician"], world.made.clock()
    return world.tried(lambda s: fates.record(s, world.code, "issued", by=by, at=at)), ""


def of_certificate(path: str) -> Callable[[World], Said]:
    def ask(world: World) -> Said:
        client = world.stranger if path == "/c/" else world.client
        named = world.token if path == "/c/" else world.certificate
        if not named:
            return NEVER, ""
        return part(client.get(f"{path}{named}?scanned=1"), r'<div class="band .*?</div>')

    return ask


PLACES: dict[str, Callable[[World], Said]] = {
    "scan": lambda world: band(world, f"/scan?code={world.code}"),
    "page": lambda world: heading(world, f"/containers/{world.code}"),
    "list": lambda world: line(world, f"/containers/{parent(world)}", world.code),
    "batch line": lambda world: line(world, f"/batches/{world.made.batch.code}", world.code),
    "batch": lambda world: band(world, f"/batches/{world.made.batch.code}?scanned=1"),
    "batches": lambda world: line(world, "/batches", world.made.batch.code),
    "label": lambda world: main(world, f"/containers/{world.code}/label"),
    "review": lambda world: heading(world, f"/batches/{world.made.batch.code}/review"),
    "stage 1": decided("release_stage_1"),
    "final": decided("release_final"),
    "issue": issued,
    "certificate": of_certificate("/certificates/"),
    "QR": of_certificate("/c/"),
}
# Stage 1 is asked before it is signed: the same reason, on a batch that is only reviewed. These
# cannot be so before it.
AFTER_STAGE_1 = {"recalled", "returned", "used", "issued", "paper under review"}
