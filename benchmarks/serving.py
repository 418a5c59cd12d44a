"""The production server under one client and several: scans, steps, its start, its memory."""

from __future__ import annotations

import shutil
import statistics
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain

from benchmarks import data as folders
from benchmarks.browsers import Browser, Server, hidden, serving
from benchmarks.builds import Build, Failed
from benchmarks.data import Data
from benchmarks.stopwatch import Figures, percentiles, resident, seconds

READING = {"temperature": "37.0", "co2": "5.0", "humidity": "94"}
VIEWS = (
    "/bench",
    "/cords",
    "/lots",
    "/equipment",
    "/samples",
    "/deviations",
    "/release",
    "/trail",
    "/batches/{batch}",
    "/batches/{batch}/review",
)


def scans(build: Build, *, size: int, clients: int, count: int) -> Figures:
    """A code scanned and the page it leads to, by so many clients at once."""
    data = folders.read(build.data(size))
    codes = data.codes("containers")
    with serving(build, data.folder) as server:
        browsers = signed_in(server, data, "technician1", clients)

        def scan(place: int, number: int) -> None:
            code = codes[(place * count + number) % len(codes)]
            browsers[place].opened(f"/scan?code={code}")

        _together(clients, scan, 3)
        samples, spent = _together(clients, scan, count)
    yield from _figures(f"scan-{clients}", samples, spent)


def posts(build: Build, *, clients: int, count: int) -> Figures:
    """A step posted with its readings, each to another batch, by so many clients at once."""
    data = fresh(build, "running")
    with serving(build, data.folder) as server:
        browsers = signed_in(server, data, "technician1", clients)
        waiting = data.codes("batches")[2:]
        forms = [
            _forms(browser, waiting[place::clients], count, data)
            for place, browser in enumerate(browsers)
        ]

        def post(place: int, number: int) -> None:
            address, form = forms[place][number]
            if (answer := browsers[place].post(address, form)).status != 303:
                raise Failed(f"A step posted to {address} was answered with {answer.status}.")

        samples, spent = _together(clients, post, count)
    shutil.rmtree(data.folder)
    yield from _figures(f"post-{clients}", samples, spent)


def _forms(
    browser: Browser, codes: Sequence[str], count: int, data: Data
) -> list[tuple[str, dict[str, str]]]:
    """(address, form) of the medium change that is due in each batch."""
    made = []
    for code in codes[:count]:
        address = browser.get(f"/batches/{code}/next").location
        made.append((address, filled(browser.opened(address).text, data.lot)))
    if len(made) < count:
        raise Failed(f"{count} batches under way are wanted, there are {len(made)}.")
    return made


def filled(page: str, lot: str) -> dict[str, str]:
    """The form of a medium change, as a technician fills it."""
    readings = {
        f"reading-{name}-{moment}": value
        for name, value in READING.items()
        for moment in ("now", "lowest", "highest")
    }
    return hidden(page) | readings | {"medium": lot, "appearance": "good"}


def fresh(build: Build, size: int | str) -> Data:
    """A copy of a data folder, for what writes."""
    source, target = build.data(size), build.folder / f"fresh-{size}"
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target)
    return folders.read(target)


def signed_in(server: Server, data: Data, username: str, clients: int) -> list[Browser]:
    browsers = [server.browser() for _ in range(clients)]
    for browser in browsers:
        browser.sign_in(username, data.passwords[username])
    return browsers


def _together(
    clients: int, deed: Callable[[int, int], None], count: int
) -> tuple[list[float], float]:
    """(milliseconds of each, seconds of all) when every client does it `count` times at once.

    `deed` is told which client it is and how often it has been done.
    """

    def one(place: int) -> list[float]:
        return [seconds(lambda n=n: deed(place, n)) * 1000 for n in range(count)]  # type: ignore[misc]

    begun = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        samples = list(chain.from_iterable(pool.map(one, range(clients))))
    return samples, time.perf_counter() - begun


def _figures(key: str, samples: list[float], spent: float) -> Figures:
    middle, slow = percentiles(samples)
    yield key, len(samples) / spent
    yield f"{key}-p50", middle
    yield f"{key}-p95", slow


def starts(build: Build, *, size: int, times: int) -> Figures:
    """Start to first answer with data, and the very first start, which makes the demonstration."""
    taken = []
    for _ in range(times):
        with serving(build, build.data(size)) as server:
            taken.append(server.started)
    yield "start", statistics.median(taken)
    empty = build.folder / "empty"
    shutil.rmtree(empty, ignore_errors=True)
    with serving(build, empty) as server:
        yield "first-start", server.started
    shutil.rmtree(empty)


def memory(build: Build, *, size: int, views: int, sign_ins: int) -> Figures:
    """Resident memory after so many page views, and in another process after sign-ins at once."""
    data = folders.read(build.data(size))
    with serving(build, data.folder) as server:
        (browser,) = signed_in(server, data, "qa1", 1)
        for number in range(views):
            address = VIEWS[number % len(VIEWS)]
            browser.opened(address.format(batch=data.batches["released"]))
        yield "memory-pages", resident(server.pid)
    with serving(build, data.folder) as server:
        browsers = [server.browser() for _ in range(sign_ins)]

        def sign_in(place: int, _: int) -> None:
            browsers[place].sign_in("qa1", data.passwords["qa1"])

        _together(sign_ins, sign_in, 1)
        yield "memory-sign-ins", resident(server.pid)
