"""A picture of a guide shows the page as it is drawn now."""

from __future__ import annotations

import re

import pytest

from guidance import library
from tests import pictures

PICTURE = re.compile(r"!\[[^\]]+\]\(([^)]+)\)")


def text_of(name: str) -> str:
    return library.articles()[name].path.read_text(encoding="utf-8")


def test_every_picture_of_a_guide_is_kept_and_every_kept_one_is_shown_in_a_guide():
    shown = {link for name in library.GUIDES for link in PICTURE.findall(text_of(name))}
    assert shown == {f"../pictures/pages/{name}.webp" for name in pictures.PAGES}
    for name in pictures.PAGES:
        assert (pictures.KEPT / f"{name}.webp").stat().st_size > 5_000
    kept = {path.stem for path in pictures.KEPT.iterdir()}
    assert kept == set(pictures.PAGES)
    assert sum(path.stat().st_size for path in pictures.KEPT.iterdir()) < 4_000_000


def test_a_guide_is_drawn_with_its_pictures_in_it():
    drawn = library.articles()["qa"].drawn(lambda name: f"/help/{name}")
    assert drawn.count('<img src="data:image/webp;base64,') == len(PICTURE.findall(text_of("qa")))


@pytest.mark.parametrize("username", sorted({who for who, _ in pictures.PAGES.values()}))
def test_a_page_still_has_what_its_picture_shows(world, username):
    client = world.visitor(username).client
    with world.database.reading() as session:
        where = pictures.places(session, world.report)
    for name in (each for each, (who, _) in pictures.PAGES.items() if who == username):
        answer = client.get(where.path(name), follow_redirects=True)
        now = "\n".join(pictures.words(answer.get_data(as_text=True))) + "\n"
        kept = (pictures.KEPT / f"{name}.txt").read_text(encoding="utf-8")
        assert now == kept, f"{name}: take its picture anew with ./run pictures"
