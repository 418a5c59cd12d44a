"""Real Chromium, and for each journey a prepared laboratory of its own."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.house.world import World, demonstrated
from tests.journeys.site import Prepared, Site, founded, opened, prepare
from tests.machine import leave_out
from tests.templates import MORNING, Templates

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-background-networking"]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        leave_out("Playwright")
    if not CHROMIUM.exists():
        leave_out("Chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Prepared:
    """A laboratory with people, papers, materials and equipment, made once."""
    return prepare(tmp_path_factory.mktemp("journeys") / "prepared.db", sqlite_template, MORNING)


@pytest.fixture(autouse=True)
def quiet() -> None:
    """A browser asks for several files at once.

    That the server lets some of them wait is no news.
    """
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)


@pytest.fixture
def site(prepared: Prepared, tmp_path: Path) -> Iterator[Site]:
    with opened(prepared, tmp_path / "site.db") as made:
        yield made


@pytest.fixture
def tablet(chromium: Any, site: Site) -> Iterator[Callable[[str], Any]]:
    """A function that hands a tablet to somebody: tablet("technician1")."""
    from tests.journeys.tablet import Tablet

    handed: list[Tablet] = []

    def hand(username: str) -> Tablet:
        handed.append(Tablet(chromium, site, username))
        return handed[-1]

    yield hand
    for each in handed:
        each.close()


@pytest.fixture
def world(tmp_path: Path, templates: Templates) -> Iterator[World]:
    """The demonstration, to be gone through."""
    with demonstrated(tmp_path, templates) as made:
        yield made


@pytest.fixture
def empty(tmp_path: Path, sqlite_template: Path) -> Iterator[Site]:
    """A site of its own that has nothing but its two founders."""
    with founded(tmp_path / "empty.db", sqlite_template, MORNING) as made:
        yield made
