"""Every link of every page leads somewhere, for every role.

Every page that links lead to draws without a fault.
"""

import re

import pytest

from demonstration.staff import STAFF
from documents.texts import text
from manufacturing.masters.document import SHIPPED, read
from tests.house.crawler import lost_in, raw_in, seen
from tests.pages import Page

MASTER = r"^/masters/\d+$"
LONG = (MASTER, r"^/documents/keys$", r"^/documents/donor-criteria/\d+$", r"^/specifications/\d+$")


@pytest.mark.parametrize("username", [name for name in STAFF if name != "technician2"])
def test_every_link_leads_to_a_page(world, username):
    pages = world.crawl(username)
    wrong = {page.address: page.status for page in pages if page.status not in (200, 302, 303)}
    assert not wrong
    assert len(pages) > 15


@pytest.mark.parametrize("username", [name for name in STAFF if name != "technician2"])
def test_every_page_has_its_headers(world, username):
    for page in world.crawl(username):
        assert "default-src 'none'" in page.headers["Content-Security-Policy"], page.address
        assert page.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("username", [name for name in STAFF if name != "technician2"])
def test_no_page_prints_a_thing_of_the_program_for_what_it_says(world, username):
    pages = {page.address: page.raw for page in world.crawl(username)}
    assert {address: raw for address, raw in pages.items() if raw} == {}


@pytest.mark.parametrize("username", [name for name in STAFF if name != "technician2"])
def test_every_place_that_a_page_leads_to_within_itself_is_there_once(world, username):
    pages = {page.address: page.lost for page in world.crawl(username)}
    assert {address: lost for address, lost in pages.items() if lost} == {}


def test_a_long_page_has_its_contents_beside_it(world):
    contents = {page.address: page.contents for page in world.crawl("qa1")}
    of = {kind: [each for at, each in contents.items() if re.search(kind, at)] for kind in LONG}
    assert {kind: [len(each) for each in found] for kind, found in of.items()} == dict.fromkeys(
        LONG, [1]
    )
    (master,) = of[MASTER][0]
    record = read(SHIPPED.read_bytes())
    for stage in record.stages:
        assert all(text(each.title) in master for each in (stage, *stage.steps))


@pytest.mark.parametrize(
    ("words", "lost"),
    [
        ('<a href="#one">1</a><p id="one">', ()),
        ('<a href="#one">1</a><p id="two">', ("one",)),
        ('<p id="one"></p><p id="one"></p>', ("one",)),
        ('<a href="#">Top</a>', ("",)),
        ('<a href="/here#one">1</a><a href="/there#two">2</a>', ("one",)),
    ],
)
def test_places_that_are_lost_are_recognised(words, lost):
    assert lost_in(Page(words), "/here?at=1") == lost


@pytest.mark.parametrize("username", ["qa1", "admin1"])
def test_no_page_that_is_linked_only_at_times_does_so_either(world, username):
    visitor = world.visitor(username)
    for address in visitor.addresses():
        if "sign-out" not in address:
            assert seen(address, visitor.client.get(address)).raw == (), address


@pytest.mark.parametrize(
    ("words", "is_raw"),
    [
        ("<p>&lt;macro 'state'&gt;</p>", True),
        ("<p>None</p>", True),
        ("<p>Nonesuch, none</p>", False),
        ("<p>{{ state }}</p>", True),
        ('<a href="/lots/None">Lot</a>', True),
        ("<p>&lt;script&gt;</p>", False),
    ],
)
def test_things_of_the_program_are_recognised(words, is_raw):
    assert bool(raw_in(Page(words))) is is_raw
