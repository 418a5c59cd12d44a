"""Every page and act with 3 and with 1,000 batches, so that the next thing that grows is seen."""

from __future__ import annotations

import re
import shutil
import statistics
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from functools import partial
from html import unescape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from benchmarks import data as folders
from benchmarks.builds import Build
from benchmarks.pages import client
from benchmarks.shapes import Shape
from benchmarks.stopwatch import Figures, TimedDatabase, cpu_ms

FEW, MANY = 3, 1_000
GROWS = 1.2
ROLES = (
    "qa1",
    "technician1",
    "analyst1",
    "reviewer1",
    "releaser1",
    "author1",
    "approver1",
    "printer1",
    "admin1",
)
LINK = re.compile(r'(?:href|action)="(/[^"#]*)')
WHY = "The door stood open while the flasks were taken out."
FEWEST_MS = 2  # below that a ratio says nothing


def survey(build: Build, tell: Callable[[str], None], many: int = MANY) -> int:
    """Tell two tables, page and act: CPU ms with few and with many batches, and how it grew."""
    before = build.data(FEW)
    if not before.exists():
        build.work("data.make", before)
    if not build.data(many).exists():
        build.work("data.grow", build.data(many), source=str(before), batches=many)
    for kind in ("pages", "acts"):
        few, more = (measured(build, kind, build.data(size)) for size in (FEW, many))
        for line in table(kind, few, more, many):
            tell(line)
    return 0


def table(
    kind: str, few: Mapping[str, float], more: Mapping[str, float], many: int
) -> Iterator[str]:
    """The lines of one table, what grew most first."""
    yield f"\n{kind:<44}{FEW:>9} {many:>9,}   CPU ms, ratio"
    grown = {key: more[key] / max(few[key], 0.1) for key in few.keys() & more.keys()}
    for key in sorted(grown, key=lambda key: -grown[key]):
        mark = "  GROWS" if grown[key] > GROWS and more[key] > FEWEST_MS else ""
        yield f"{key:<44}{few[key]:>9.1f} {more[key]:>9.1f} {grown[key]:>8.2f}×{mark}"
    if missed := sorted(few.keys() ^ more.keys()):
        yield f"Measured in one of both only: {', '.join(missed)}."


def measured(build: Build, kind: str, data: Path, **words: Any) -> dict[str, float]:
    """On a copy: a survey writes."""
    with TemporaryDirectory(dir=build.folder) as folder:
        copy = Path(shutil.copytree(data, Path(folder) / "data"))
        return build.work(f"survey.{kind}", copy, **words)


def pages(shape: Shape, folder: Path, times: int = 3, roles: tuple[str, ...] = ROLES) -> Figures:
    """The CPU time of each GET route that a link of some page leads one of these people to."""
    data = folders.read(folder)
    seen: set[str] = set()
    for role in roles:
        browser = client(shape, data.file, role, data.passwords[role])
        begun = ["/", *(f"/batches/{code}" for code in data.batches.values())]
        begun += [f"/batches/{code}/next" for code in data.batches.values()]
        begun += [f"/lots/{data.lot}", f"/certificates/{data.certificate}", "/donors", "/scan"]
        for endpoint, address in _linked(browser, begun, seen):
            yield endpoint, cpu_ms(partial(browser.get, address, buffered=True), times)


def _linked(browser: Any, begun: list[str], seen: set[str]) -> Iterator[tuple[str, str]]:
    """(endpoint, address) of each route not seen yet, in the order in which links lead there."""
    waiting, known = deque(begun), set(begun)
    opened: dict[str, int] = {}
    while waiting:
        address = waiting.popleft()
        endpoint = _endpoint(browser, address)
        if endpoint is None or opened.get(endpoint, 0) >= 3:  # three of a kind link elsewhere too
            continue
        opened[endpoint] = opened.get(endpoint, 0) + 1
        answer = browser.get(address, buffered=True)
        if answer.status_code in (302, 303):
            links = [answer.location]
        elif answer.status_code == 200 and answer.mimetype == "text/html":
            links = [unescape(link) for link in LINK.findall(answer.get_data(as_text=True))]
        else:
            links = []
        if answer.status_code == 200 and endpoint not in seen:
            seen.add(endpoint)
            yield endpoint, address
        fresh = [link for link in dict.fromkeys(links) if link not in known]
        known.update(fresh)
        waiting.extend(fresh)


def _endpoint(browser: Any, address: str) -> str | None:
    try:
        endpoint, _ = browser.application.url_map.bind("localhost").match(
            urlsplit(address).path, method="GET"
        )
    except (HTTPException, RequestRedirect):
        return None
    return None if endpoint == "static" else str(endpoint)


def acts(shape: Shape, folder: Path) -> Figures:
    """The CPU time of each act that brings a batch from its cord to its release, by its event."""
    data = folders.read(folder)
    laboratory = shape.reopen(data.file, data.scans, data.master)
    laboratory.database = timed = TimedDatabase(laboratory.database)
    _work(laboratory)
    spent: dict[str, list[float]] = {}
    for each in timed.taken:
        spent.setdefault(each.action, []).append(each.cpu_ms)
    for action, samples in spent.items():
        yield action, statistics.median(samples)


def _work(laboratory: Any) -> None:
    """Materials, equipment, and a batch with a deviation, to its final release."""
    from demonstration import culture, laboratory as demonstration, quality, stock
    from demonstration.clock import writing

    with writing(laboratory.database, laboratory.clock) as (session, at):
        people = laboratory.staff
        stock.fill(session, receiver=people["technician2"], qa=people["qa1"], at=at, first=701)
    with writing(laboratory.database, laboratory.clock) as (session, at):
        stock.equip(session, by=laboratory.staff["qa1"], at=at, first=701)
    born_at = laboratory.clock() + timedelta(hours=20)
    donor, cord = demonstration._receive(laboratory, "H7-0001", born_at, timedelta(minutes=80))
    batch, office = demonstration._start(laboratory, cord), laboratory.quality()
    bench = laboratory.bench(changes={"p0_medium_change": demonstration.DRY})
    for position in culture.walk(bench, batch.id):
        if position.step in ("transport_sample", "microbiology", "qc_samples"):
            quality.receive_samples(office, batch)
        elif position.step == "p0_medium_change" and position.turn == 1:
            bench.changes = {}
            demonstration.accept(laboratory, donor, cord)
            quality.close_deviations(office, batch, cause=WHY, impact=WHY, reason=WHY)
    for test in (demonstration.test_early, demonstration.test_late):
        test(office, batch)
        quality.review(office, batch)
        releaser = laboratory.staff["releaser1"]
        quality.release(office, batch, by=releaser, address=laboratory.address)
