"""A full laboratory: tablets that record steps and desks that read, each at the pace of a person,
against one production server; and how soon a step can be read on a slow tablet.
"""

from __future__ import annotations

import shutil
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from benchmarks import data as folders
from benchmarks.browsers import Browser, Server, serving
from benchmarks.builds import Build, Failed
from benchmarks.data import Data
from benchmarks.serving import VIEWS, filled, fresh, signed_in
from benchmarks.stopwatch import Figures, percentiles, seconds

TABLET, DESK = 10, 3  # seconds from one step, and from one page, to the next
SLOWER = 4  # so many times slower than this machine is the tablet that draws a step
CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-background-networking"]
Taken = list[tuple[str, float]]  # ("page" or "post", milliseconds)


def crowd(build: Build, *, tablets: int, desks: int, steps: int, haste: float = 1) -> Figures:
    """Each tablet records so many steps while each desk opens a page every few seconds, or in a
    fraction of them.
    """
    data = fresh(build, "running")
    waiting = data.codes("batches")[2:][: tablets * steps]
    if len(waiting) < tablets * steps:
        raise Failed(f"{tablets * steps} batches under way are wanted, there are {len(waiting)}.")
    views = [view.format(batch=data.batches["released"]) for view in VIEWS]
    with serving(build, data.folder) as server:
        benches = signed_in(server, data, "technician1", tablets)
        readers = signed_in(server, data, "qa1", desks)

        def tablet(place: int) -> Taken:
            mine = _paced(waiting[place::tablets], TABLET * haste, place / tablets)
            return list(chain.from_iterable(_step(benches[place], code, data.lot) for code in mine))

        def desk(place: int) -> Taken:
            wanted = [views[(place + n) % len(views)] for n in range(steps * TABLET // DESK)]
            mine = _paced(wanted, DESK * haste, place / desks)
            return [("page", _ms(partial(readers[place].opened, at))) for at in mine]

        with ThreadPoolExecutor(tablets + desks) as pool:
            at_work = (pool.map(tablet, range(tablets)), pool.map(desk, range(desks)))  # both now
            taken = [each for people in at_work for mine in people for each in mine]
    shutil.rmtree(data.folder)
    for kind in ("page", "post"):
        middle, slow = percentiles([spent for what, spent in taken if what == kind])
        yield f"crowd-{kind}-p50", middle
        yield f"crowd-{kind}-p95", slow


def _paced(things: Sequence[str], pace: float, late: float) -> Iterator[str]:
    """One after another, each at its own time; the first after a part of the pace. Whoever is
    behind does not wait.
    """
    begun = time.perf_counter() + late * pace
    for number, thing in enumerate(things):
        time.sleep(max(0, begun + number * pace - time.perf_counter()))
        yield thing


def _step(browser: Browser, code: str, lot: str) -> Taken:
    """What is due in a batch opened, and recorded."""
    address = browser.get(f"/batches/{code}/next").location
    pages = []
    opened = _ms(lambda: pages.append(browser.opened(address).text))
    form = filled(pages[0], lot)
    answers = []
    posted = _ms(lambda: answers.append(browser.post(address, form).status))
    if answers != [303]:
        raise Failed(f"A step posted to {address} was answered with {answers[0]}.")
    return [("page", opened), ("post", posted)]


def _ms(deed: Callable[[], Any]) -> float:
    return seconds(deed) * 1000


def paint(build: Build, *, size: int, times: int) -> Figures:
    """When the largest part of a step page is drawn in Chromium, milliseconds after it was asked
    for, on a machine some times slower than this one; nothing where there is no Chromium.
    """
    if CHROMIUM.exists():
        with ThreadPoolExecutor(1) as own:  # a driver of its own beside any that is at work
            taken = own.submit(_painted, build, folders.read(build.data(size)), times).result()
        yield "paint", statistics.median(taken)


def _painted(build: Build, data: Data, times: int) -> list[float]:
    from playwright.sync_api import sync_playwright

    with serving(build, data.folder) as server, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        page = chromium.new_page(viewport={"width": 800, "height": 1280})
        _sign_in(page, server, data.passwords["technician1"])
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        taken = []
        for _ in range(times):
            page.goto(f"http://127.0.0.1:{server.port}/batches/{data.batches['running']}/next")
            taken.append(page.evaluate(LARGEST))
        chromium.close()
    return taken


LARGEST = """() => new Promise(told => new PerformanceObserver(seen =>
    told(Math.max(...seen.getEntries().map(each => each.startTime)))
).observe({type: "largest-contentful-paint", buffered: true}))"""


def _sign_in(page: Any, server: Server, password: str) -> None:
    page.goto(f"http://127.0.0.1:{server.port}/sign-in")
    page.fill("[name=username]", "technician1")
    page.fill("[name=password]", password)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda address: "/sign-in" not in address)
