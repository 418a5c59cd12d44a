"""May it be used? Every place that answers × every reason that forbids, over real batches."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from integrity.database import Database
from tests.makers.people import sign_in
from tests.makers.places import (
    AFTER_STAGE_1,
    NEVER,
    NOTHING,
    PLACES,
    REASONS,
    World,
    open_world,
)
from tests.qc.conftest import find_finished
from tests.templates import Clock


@pytest.fixture(scope="module")
def beginnings(templates, tmp_path_factory) -> dict[str, tuple[Path, Any]]:
    """{what a batch has come to: (a database to be copied, its moment)}."""
    folder, found = tmp_path_factory.mktemp("places"), {}
    path = folder / "grows.db"
    clock = Clock(templates.copy("finished", path).moment)
    for name, deed in (("finished", ""), ("reviewed", "review"), ("released", "release_stage_1")):
        with closing(Database(f"sqlite:///{path}")) as database:
            made = find_finished(database, clock)
            if deed == "review":
                made.review()
            elif deed:
                made.decide(deed)
        clock.advance(minutes=1)
        found[name] = (folder / f"{name}.db", clock.at)
        shutil.copyfile(path, folder / f"{name}.db")
    return found


@pytest.fixture(scope="module")
def worlds(beginnings, tmp_path_factory) -> Iterator[Callable[..., World]]:
    """The world of each reason and beginning, made when it is asked for first."""
    folder, kept, opened = tmp_path_factory.mktemp("worlds"), {}, []

    def world_of(reason: str, place: str) -> World:
        beginning, deed = REASONS.get(reason, ("released", None))
        if place == "stage 1" and beginning == "released":
            beginning = "reviewed"
        if (reason, beginning) not in kept:
            template, moment = beginnings[beginning]
            path = folder / f"{len(kept)}.db"
            shutil.copyfile(template, path)
            opened.append(Database(f"sqlite:///{path}"))
            world = kept[reason, beginning] = open_world(opened[-1], Clock(moment))
            if deed:
                deed(world)
            sign_in(world.client, "technician1")
        return kept[reason, beginning]

    yield world_of
    for each in opened:
        each.close()


# What they say
# -------------------------------------------------------------------------------------------------

NOT_ASKED = ""  # it answers about batches, and this is no code of one
# What a container is, its batch and its certificate need not be: who holds a bag that was issued
# has to find its certificate in force, and late results are awaited of what was given.
OF_THE_BATCH = "Sterility result pending"
IN_FORCE = "This certificate is in force."
LOOKED_INTO = "What this certificate rests on is being looked into"
NO_LABEL = "no label is printed for it"
A_LABEL = "never that it is released"
NOBODY_S = "There is no container under this code"
CLOCK, RESTORE = "The clock is under suspicion", "A restore is not judged yet"
HOLD, LOT = "P2600001-82 is on hold", "of DPBS is rejected. The batch was made with it"
# reason: (the word of the container, of its batch, and what its label, stage 1 and the final
# release, its certificate and the page behind the QR say)
SAYS: dict[str, tuple[str, str, str, str, str, str]] = {
    "unknown": ("unknown", NOT_ASKED, NOBODY_S, NOT_ASKED, NOT_ASKED, "UNKNOWN"),
    "foreign": ("foreign", NOT_ASKED, NOBODY_S, NOT_ASKED, NOT_ASKED, "UNKNOWN"),
    "void": ("void", "quarantine", NO_LABEL, "Suspension unaccounted", "Suspension", NEVER),
    "recalled": ("recalled", "recalled", A_LABEL, NOT_ASKED, "is recalled and cannot", "WITHDRAWN"),
    "rejected": (
        "rejected", "rejected", A_LABEL, "is rejected and cannot", "is rejected and cannot",
        "WITHDRAWN",
    ),
    "destroyed": (
        "destroyed", "destroyed", NO_LABEL, "container destroyed by", "container destroyed by",
        IN_FORCE,
    ),
    "returned": ("returned", "returned", A_LABEL, NOT_ASKED, OF_THE_BATCH, IN_FORCE),
    "used": ("used", "used", NO_LABEL, NOT_ASKED, OF_THE_BATCH, IN_FORCE),
    "issued": ("issued", "issued", A_LABEL, NOT_ASKED, OF_THE_BATCH, IN_FORCE),
    "expired": ("expired", "expired", A_LABEL, "The product expired", OF_THE_BATCH, "EXPIRED"),
    "on hold": (
        "on hold", "on hold", A_LABEL, "is on hold and cannot", "is on hold and cannot",
        LOOKED_INTO,
    ),
    "held by hand": ("on hold", "on hold", A_LABEL, HOLD, HOLD, LOOKED_INTO),
    "a bad lot": ("on hold", "on hold", A_LABEL, LOT, LOT, LOOKED_INTO),
    "quarantine": ("quarantine", "quarantine", A_LABEL, "Not reviewed", "Not reviewed", NEVER),
    "under review": ("under review", "under review", A_LABEL, "done", OF_THE_BATCH, NEVER),
    "paper under review": (
        "under review", "under review", A_LABEL, NOT_ASKED, OF_THE_BATCH, LOOKED_INTO,
    ),
    "clock": ("on hold", "on hold", A_LABEL, CLOCK, CLOCK, LOOKED_INTO),
    "restore": ("on hold", "on hold", A_LABEL, RESTORE, RESTORE, LOOKED_INTO),
}  # fmt: skip
# Where something is green though it forbids: what is green there is not the product.
GREEN = {
    ("under review", "review"): "Nothing blocks release",
    **{
        (reason, place): IN_FORCE
        for reason in ("destroyed", "returned", "used", "issued")
        for place in ("certificate", "QR")
    },
}


def expected(reason: str, place: str) -> str:
    """What a place says to a reason; NOT_ASKED where nobody asks it that."""
    own, of_batch, label, stage_1, final, certificate = SAYS[reason]
    is_ours = of_batch != NOT_ASKED
    match place:
        case "scan":
            return f"{own.upper()} "
        case "page":
            return own.capitalize() if is_ours else "Nothing is here"
        case "list" | "batch line":
            return f"+00:00 {own.capitalize()}" if is_ours else NOT_ASKED
        case "batch":
            return f"{of_batch.upper()} B" if is_ours else NOT_ASKED
        case "batches" | "review":
            return of_batch.capitalize()
        case "issue":
            return f"cannot be issued: it is {own}." if is_ours else NOBODY_S
        case "certificate" if not is_ours:
            return "There is no certificate under this number"
    return {"label": label, "stage 1": stage_1, "final": final}.get(place, certificate)


EVERY = [(reason, place) for reason in REASONS for place in PLACES]
ASKED = [each for each in EVERY if expected(*each) != NOT_ASKED]


def test_every_reason_has_its_answers_and_what_is_not_asked_has_its_cause():
    assert set(SAYS) == set(REASONS)
    skipped = set(EVERY) - set(ASKED)
    batches = {"list", "batch line", "batch", "batches", "review", "stage 1", "final"}
    assert skipped == {
        *((reason, place) for reason in ("unknown", "foreign") for place in batches),
        *((reason, "stage 1") for reason in AFTER_STAGE_1),
    }


@pytest.mark.req("REL-02", "REL-12", "LAB-08", "TRC-03")
@pytest.mark.parametrize(("reason", "place"), ASKED)
def test_every_place_says_what_forbids_and_nothing_is_green(worlds, reason, place):
    said, html = PLACES[place](worlds(reason, place))
    assert expected(reason, place) in said
    assert "may be issued" not in said
    if (reason, place) in GREEN:
        assert GREEN[reason, place] in said
    else:
        assert "-accepted" not in html


@pytest.mark.parametrize("place", ["scan", "page", "list", "batch line", "batch", "batches", "QR"])
def test_what_may_be_used_is_green_everywhere(worlds, place):
    world = worlds(NOTHING, place)
    said, html = PLACES[place](world)
    assert "-accepted" in html and (place == "QR" or "released stage 1" in said.lower())
    assert PLACES["issue"](world)[0] == "done"
