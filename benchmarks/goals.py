"""What is printed of each figure, and the goal beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from benchmarks.works import Sizes

Values = Mapping[str, float]  # key of a figure: median


@dataclass(frozen=True)
class Goal:
    """`text` as it is printed; `reached(own, other)` is None where the other build is needed."""

    text: str
    reached: Callable[[Values, Values | None], bool | None]


@dataclass(frozen=True)
class Figure:
    """One line of the report."""

    key: str
    title: str
    unit: str
    goals: tuple[Goal, ...] = ()


def faster(key: str, times: float, *, rate: bool = False) -> Goal:
    """So many times as fast as the other build of the same run."""

    def reached(own: Values, other: Values | None) -> bool | None:
        if other is None or key not in other:
            return None
        ratio = own[key] / other[key] if rate else other[key] / own[key]
        return ratio >= times

    return Goal(f"≥ {times:.3g}× the other build", reached)


def within(key: str, times: float, ceiling: str, what: str) -> Goal:
    """At most so many times another figure of the same build."""
    return Goal(f"≤ {times:g}× {what}", lambda own, _: own[key] <= times * own[ceiling])


def at_most(key: str, most: float, unit: str = "") -> Goal:
    return Goal(f"≤ {most:g} {unit}".strip(), lambda own, _: own[key] <= most)


def figures(sizes: Sizes) -> list[Figure]:
    """In the order of the report."""
    return [
        *_entries(sizes),
        *_served(sizes),
        *_pages(sizes),
        *_long(sizes),
        *_whole(sizes),
    ]


def _entries(sizes: Sizes) -> list[Figure]:
    short, middle, longest = sizes.entries
    made = []
    for key, title, least in (
        (f"step-{short}", f"step entry, batch of {short}", 4),
        (f"step-{longest}", f"step entry, batch of {longest:,}", 15),
        (f"step-{middle}-second", f"step entry, {middle} with second persons", 15),
    ):
        cpu, base = f"{key}-cpu", f"step-{short}-cpu"
        flat = () if cpu == base else (within(cpu, 1.2, base, f"of {short}"),)
        made += [
            Figure(key, title, "ms"),
            Figure(cpu, "   its CPU time", "ms", (faster(cpu, least), *flat)),
            Figure(f"{key}-statements", "   its statements", ""),
        ]
    for key, title in (("seed", "seeding a passage, ten flasks"), ("samples", "release samples")):
        made += [
            Figure(key, title, "ms"),
            Figure(f"{key}-cpu", "   its CPU time", "ms"),
            Figure(
                f"{key}-statements", "   its statements", "", (at_most(f"{key}-statements", 20),)
            ),
        ]
    return made


def _served(sizes: Sizes) -> list[Figure]:
    made = []
    for key, title, least in (
        ("post", "step posted through the server", {1: 4, sizes.clients: 4}),
        ("scan", f"scan to page, {sizes.some} batches", {1: 2, sizes.clients: 3}),
    ):
        for clients, times in least.items():
            name = f"{key}-{clients}"
            tail = (at_most(f"{name}-p95", 100, "ms"),) if key == "post" and clients > 1 else ()
            plural = "client" if clients == 1 else "clients"
            made += [
                Figure(
                    name, f"{title}, {clients} {plural}", "/s", (faster(name, times, rate=True),)
                ),
                Figure(f"{name}-p50", "   p50", "ms"),
                Figure(f"{name}-p95", "   p95", "ms", tail),
            ]
    of = f"{sizes.tablets} tablets that record and {sizes.desks} desks"
    for key, title, goal in (
        ("crowd-page", f"a page with {of}", (at_most("crowd-page-p95", 150, "ms"),)),
        ("crowd-post", "   a step recorded meanwhile", ()),
    ):
        made += [
            Figure(f"{key}-p50", f"{title}, p50", "ms"),
            Figure(f"{key}-p95", "   p95", "ms", goal),
        ]
    slow = "a step page painted in a browser 4× slower"
    made.append(Figure("paint", slow, "ms", (at_most("paint", 1000, "ms"),)))
    return made


def _pages(sizes: Sizes) -> list[Figure]:
    made = []
    for name, title in (("desk", "release desk"), ("trail", "unfiltered trail")):
        for size in (sizes.few, sizes.some, sizes.many):
            key = f"{name}-{size}"
            made.append(
                Figure(key, f"{title}, {size:,} batches, CPU", "ms", (at_most(key, 30, "ms"),))
            )
    for name in ("batch", "review", "certificate", "lot", "samples"):
        few = f"{name}-{sizes.few}"
        made.append(Figure(few, f"{name} page, {sizes.few} batches, CPU", "ms"))
        for size in (sizes.some, sizes.many):
            key = f"{name}-{size}"
            flat = within(key, 1.2, few, f"of {sizes.few}")
            title = f"{name} page, {size:,} batches, CPU"
            made.append(Figure(key, title, "ms", (flat, faster(key, 2))))
    return made


def _long(sizes: Sizes) -> list[Figure]:
    of = f"of a batch with {sizes.long:,} entries, CPU"
    return [
        Figure("long-batch", f"batch page {of}", "ms", (at_most("long-batch", 60, "ms"),)),
        Figure("long-review", f"review {of}", "ms", (at_most("long-review", 80, "ms"),)),
        Figure(
            "long-record",
            f"record PDF {of}",
            "ms",
            (within("long-record", 1.5, "long-record-bare", "bare drawing"),),
        ),
        Figure("long-record-bare", "   bare drawing of as many pages and strings", "ms"),
        Figure("long-record-pages", "   its pages", ""),
    ]


def _whole(sizes: Sizes) -> list[Figure]:
    of = f"verification with {sizes.many:,} batches"
    return [
        Figure("verify-rate", of, "lines/s", (faster("verify-rate", 4, rate=True),)),
        Figure("verify-cpu-rate", "   per CPU second", "lines"),
        Figure("verify-memory", "   peak memory", "MB", (at_most("verify-memory", 150, "MB"),)),
        Figure("start", "start to first answer", "s", (faster("start", 1 / 0.45),)),
        Figure("first-start", "first start, environment there", "s"),
        Figure("demonstration", "making the demonstration", "s"),
        Figure("demonstration-cpu", "   its CPU time", "s", (faster("demonstration-cpu", 2),)),
        Figure(
            "memory-pages",
            f"memory after {sizes.views:,} pages",
            "MB",
            (at_most("memory-pages", 90, "MB"),),
        ),
        Figure(
            "memory-sign-ins",
            f"memory after {sizes.sign_ins} sign-ins at once",
            "MB",
            (at_most("memory-sign-ins", 130, "MB"),),
        ),
    ]
