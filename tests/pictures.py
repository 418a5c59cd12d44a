"""Pictures of the main pages of the demonstration, as whoever works there sees them, and beside
each the words that it shows, by which a test knows that a page has become another one.

`./run pictures` draws those of the guides into docs/pictures; `./run pictures FOLDER` draws every
page in three sizes, light and dark, into that folder as well.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from sqlalchemy import select

from demonstration import laboratory
from integrity import schema
from integrity.database import Database, Session
from manufacturing.donation.donations import Donor
from qc.laboratory.results import Result
from qc.release.certificates import Certificate
from stores.containers import Container
from stores.equipment import Equipment
from stores.lots import Lot
from tests.makers import demonstration
from tests.pages import Page

KEPT = Path(__file__).resolve().parents[1] / "docs" / "pictures" / "pages"
SIZES = ((800, 1280), (1024, 768), (1280, 800))
THEMES = ("light", "dark")
IN_DOCS = (THEMES[0], SIZES[2])  # the look of the pictures of the guides
QUALITY = 82  # of a picture in docs, of 100
# {name of the picture: (who looks, where)}
PAGES: Mapping[str, tuple[str, str]] = {
    "to-do": ("qa1", "/"),
    "bench": ("technician1", "/bench"),
    "step": ("technician1", "/batches/{running}/next"),
    "batch": ("technician1", "/batches/{released}"),
    "batches": ("technician1", "/batches"),
    "cords": ("technician1", "/cords"),
    "cord": ("technician1", "/cords/{cord}"),
    "donor": ("qa1", "/donors/{donor}"),
    "materials": ("technician1", "/lots"),
    "lot": ("qa1", "/lots/{lot}"),
    "equipment": ("technician1", "/equipment/{equipment}"),
    "container": ("technician1", "/containers/{container}"),
    "samples": ("analyst1", "/samples"),
    "sample": ("analyst1", "/samples/{sample}"),
    "result": ("reviewer1", "/results/{result}"),
    "release": ("qa1", "/release"),
    "review": ("qa1", "/batches/{released}/review"),
    "certificate": ("releaser1", "/certificates/{certificate}"),
    "documents": ("author1", "/documents"),
    "site": ("admin1", "/site"),
}
TOLD = {"h1", "h2", "h3", "th", "label", "legend", "button", "dt"}


@dataclass(frozen=True)
class Places:
    """What the addresses of the pages name, by the words in their braces."""

    named: Mapping[str, str]

    def path(self, name: str) -> str:
        return PAGES[name][1].format_map(self.named)


def places(session: Session, report: laboratory.Report) -> Places:
    """The things of the demonstration that its pictures are about."""

    def first(of: Any, *where: Any) -> Any:
        return session.scalars(select(of).where(*where).order_by(of.id)).first()

    released = Container.scope == report.released_batch
    return Places(
        {
            "released": report.released_batch,
            "running": report.running_batch,
            "cord": report.waiting_cord,
            "donor": first(Donor).code,
            "lot": first(Lot).code,
            "equipment": first(Equipment).code,
            "container": first(Container, released, Container.kind == "final").code,
            "sample": first(Container, released, Container.kind == "sample").code,
            "result": str(first(Result).id),
            "certificate": first(Certificate).code,
        }
    )


def words(html: str) -> list[str]:
    """What a page is recognised by: its headings, columns, labels and buttons, each once; a word
    with a digit in it is of the day."""
    made = []
    for each in Page(html).elements:
        said = " ".join(word for word in each.words.split() if not any(map(str.isdigit, word)))
        if each.tag in TOLD and said:
            made.append(f"{each.tag}: {said}")
    return list(dict.fromkeys(made))


# Taking them
# -------------------------------------------------------------------------------------------------


Looks = Sequence[tuple[str, tuple[int, int]]]  # (theme, size)


def take(
    browser: Any, url: str, where: Places, sign_ins: Mapping[str, str], looks: Looks
) -> Iterator[Any]:
    """(name, width, theme, picture as PNG, page as HTML) of every page in each of these looks."""
    for theme, (width, height) in looks:
        for username in sorted({who for who, _ in PAGES.values()}):
            context = browser.new_context(
                viewport={"width": width, "height": height},
                color_scheme=theme,
                reduced_motion="reduce",
            )
            page = context.new_page()
            page.goto(f"{url}/sign-in")
            page.fill('[name="username"]', username)
            page.fill('[name="password"]', sign_ins[username])
            page.click('main button[type="submit"]')
            for name in (each for each, (who, _) in PAGES.items() if who == username):
                answer = page.goto(url + where.path(name))
                assert answer.ok, (name, answer.status)
                page.evaluate("() => document.fonts.ready")
                yield name, width, theme, page.screenshot(), answer.text()
            context.close()


def keep(folder: Path, name: str, png: bytes) -> None:
    """A picture as WebP, which is a third of a PNG."""
    folder.mkdir(parents=True, exist_ok=True)
    Image.open(BytesIO(png)).save(folder / f"{name}.webp", quality=QUALITY, method=6)


def main(arguments: list[str]) -> int:
    """Make the demonstration, look at it, keep what is seen."""
    from playwright.sync_api import sync_playwright  # here: only this wants a browser

    from tests.journeys.conftest import CHROMIUM, FLAGS
    from tests.journeys.site import opened_as

    folder = Path(arguments[0]).resolve() if arguments else None
    looks = [(theme, size) for theme in THEMES for size in SIZES] if folder else [IN_DOCS]
    with tempfile.TemporaryDirectory() as made:
        path = Path(made) / "pictures.db"
        with closing(Database(f"sqlite:///{path}")) as database:
            schema.upgrade(database.engine)
            report = laboratory.load(database, demonstration.ADDRESS, demonstration.NOW)
            with database.reading() as session:
                where = places(session, report)
        sign_ins = {username: password for _, username, password in report.sign_ins}
        at = demonstration.NOW + timedelta(minutes=1)
        with sync_playwright() as playwright, opened_as(path, at, sign_ins) as site:
            browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
            for name, width, theme, png, html in take(browser, site.url, where, sign_ins, looks):
                if folder:
                    keep(folder, f"{name}-{width}-{theme}", png)
                if (theme, width) == (IN_DOCS[0], IN_DOCS[1][0]):
                    keep(KEPT, name, png)
                    (KEPT / f"{name}.txt").write_text("\n".join(words(html)) + "\n")
                    print(name, flush=True)
            browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
