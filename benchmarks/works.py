"""Every line of work: what is done, at which sizes, and the data it needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks import crowd, serving, verifying
from benchmarks.builds import Build

LARGE = 4_852  # batches of this size hold 10⁶ events
RUNNING = "running"


@dataclass(frozen=True)
class Sizes:
    """How much of everything; the smoke test takes little."""

    few: int = 10  # batches, more than the three that are made first
    some: int = 300
    many: int = 1_000
    entries: tuple[int, int, int] = (30, 700, 3_000)
    long: int = 1_003
    steps: int = 20
    scans: int = 200
    posts: int = 15  # of each client
    clients: int = 8
    views: int = 1_000
    sign_ins: int = 16
    starts: int = 3
    tablets: int = 30
    desks: int = 10
    crowd: int = 4  # steps of each tablet
    paints: int = 5
    haste: float = 1  # of the pace at which people work


TINY = Sizes(4, 5, 6, (26, 27, 28), 27, 3, 2, 1, 2, 10, 2, 1, 2, 1, 1, 1, 0.01)
LARGEST = Sizes(many=LARGE)


@dataclass(frozen=True)
class Work:
    """One thing to do with a build; gives {key of a figure: value}."""

    name: str
    do: Callable[[Build], dict[str, float]]
    needs: tuple[int | str, ...] = ()


def works(sizes: Sizes) -> list[Work]:
    """In the order of the report."""
    short, middle, longest = sizes.entries
    everyone = (sizes.few, sizes.some, sizes.many)
    step = partial(_apart, "entries.step", count=sizes.steps)
    return [
        Work("steps", partial(step, entries=short)),
        Work("steps-long", partial(step, entries=longest)),
        Work("steps-second", partial(step, entries=middle, second=True)),
        Work("walked", partial(_apart, "entries.walked")),
        *_over_http(sizes),
        *(Work("pages", partial(_pages, size=size), (size,)) for size in everyone),
        Work("long", partial(_apart, "pages.long", entries_in_it=sizes.long)),
        Work("verify", _collected(verifying.verification, size=sizes.many), (sizes.many,)),
        Work("start", _collected(serving.starts, size=sizes.few, times=sizes.starts), (sizes.few,)),
        Work("demonstration", partial(_apart, "making.demonstration")),
        Work(
            "memory",
            _collected(serving.memory, size=sizes.few, views=sizes.views, sign_ins=sizes.sign_ins),
            (sizes.few,),
        ),
    ]


def _over_http(sizes: Sizes) -> Iterator[Work]:
    for clients in (1, sizes.clients):
        count = sizes.posts * (4 if clients == 1 else 1)
        yield Work("posts", _collected(serving.posts, clients=clients, count=count), (RUNNING,))
    for clients in (1, sizes.clients):
        count = max(1, sizes.scans // clients)
        yield Work(
            "scans",
            _collected(serving.scans, size=sizes.some, clients=clients, count=count),
            (sizes.some,),
        )
    people = {"tablets": sizes.tablets, "desks": sizes.desks}
    full = _collected(crowd.crowd, **people, steps=sizes.crowd, haste=sizes.haste)
    yield Work("crowd", full, (RUNNING,))
    paint = _collected(crowd.paint, size=sizes.few, times=sizes.paints)
    yield Work("paint", paint, (sizes.few,))


def _collected(deed: Callable[..., Any], **words: Any) -> Callable[[Build], dict[str, float]]:
    return lambda build: dict(deed(build, **words))


def _apart(name: str, build: Build, **words: Any) -> dict[str, float]:
    """In a process of the build, in a folder that is thrown away."""
    with TemporaryDirectory(dir=build.folder) as folder:
        return build.work(name, Path(folder), **words)


def _pages(build: Build, *, size: int) -> dict[str, float]:
    return build.work("pages.usual", build.data(size), size=size)


def prepare(build: Build, sizes: Sizes, wanted: set[int | str]) -> None:
    """Make the data folders that are wanted, each from the one before it."""
    first = build.data(3)
    if wanted:
        build.work("data.make", first)
    if RUNNING in wanted:
        wanted_at_once = (sizes.posts * max(4, sizes.clients), sizes.tablets * sizes.crowd)
        batches = 3 + max(wanted_at_once)
        source = str(first)
        build.work("data.grow", build.data(RUNNING), source=source, batches=batches, running=True)
    before = first
    for size in sorted(size for size in wanted if isinstance(size, int)):
        build.work("data.grow", build.data(size), source=str(before), batches=size)
        before = build.data(size)
