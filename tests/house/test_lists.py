"""Every list is narrowed by filters that stay in its address and is handed out as a file, and no
filter looks through a table that grows.
"""

import csv
import io

import pytest
from sqlalchemy import select

from integrity.database import Base
from people.access_log import Access, AccessKind
from tests.house.test_plans import KNOWN, SMALL, Questions, scans
from tests.pages import Page

DAYS = {"from": "2020-01-01", "to": "2030-01-01"}
TYPED = {"code": "B26", "batch": "B26", "cord": "C26", "jar": "J26", "about": "C26", "scope": "B26"}
GROWS = ("people.accesses",)  # by a line each time that it is read
JUNK = ("never", "0", "2026-13-40", "+", "🦄", "\N{NO-BREAK SPACE}", "x" * 300)


def lists_of(world, username):
    """{endpoint: (address, page)} of every page with a list that this person sees."""
    visitor, found = world.visitor(username), {}
    for seen in world.crawl(username):
        endpoint = visitor.endpoint_of(seen.address)
        if seen.status != 200 or seen.mimetype != "text/html" or endpoint in found:
            continue
        page = Page(visitor.client.get(seen.address))
        if page.of_class("pager-where"):
            found[endpoint] = (seen.address, page)
    return visitor, found


def filters_of(page):
    """{name: the words it may be, empty where it is typed} of the filters of a list."""
    inside, found, name = False, {}, ""
    for each in page.elements:
        if each.tag == "form":
            inside = "filters" in each.given.get("class", "")
        elif inside and each.tag in ("input", "select") and each.given.get("type") != "hidden":
            name = each.given.get("name", "")
            found[name] = []
        elif inside and each.tag == "option" and each.given["value"]:
            found[name].append(each.given["value"])
    return found


@pytest.mark.slow
@pytest.mark.parametrize("username", ["qa1", "admin1"])
def test_every_list_has_filters_and_a_file(world, username, monkeypatch):
    visitor, found = lists_of(world, username)
    assert len(found) >= 15
    for endpoint, (address, page) in found.items():
        assert filters_of(page), f"{endpoint} has no filter"
        link = next((link for link in page.links if "file=csv" in link), "")
        assert link, f"{endpoint} hands out no file"
        answer = visitor.client.get(link)
        assert answer.mimetype == "text/csv" and "charset=utf-8" in answer.content_type, address
        text = answer.get_data(as_text=True)
        assert text.endswith("\r\n")
        rows = list(csv.reader(io.StringIO(text, newline="")))
        assert len(rows) > 1 and len({len(row) for row in rows}) == 1, address
        with monkeypatch.context() as patched:
            patched.setattr("people.lists.CHUNK", 2)
            again = visitor.client.get(link).get_data(as_text=True)
        assert endpoint in GROWS or again == text, f"{endpoint} loses a line between two chunks"
        with world.database.reading() as session:
            newest = session.scalars(select(Access).order_by(Access.id.desc()).limit(2))
            said = [line.what for line in newest if line.kind == AccessKind.EXPORTED]
        assert any(address.split("?")[0] in each for each in said), address


@pytest.mark.slow
@pytest.mark.parametrize("username", ["qa1", "admin1"])
def test_every_filter_stays_in_the_address_and_takes_anything(world, username):
    visitor, found = lists_of(world, username)
    for address, page in found.values():
        for name, choices in filters_of(page).items():
            for typed in (*choices[:2], *JUNK):
                answer = visitor.client.get(address.split("?")[0], query_string={name: typed})
                assert answer.status_code in (200, 422), (address, name, typed)
            given = {name: DAYS.get(name) or (choices or ["B26"])[0]}
            shown = Page(visitor.client.get(address.split("?")[0], query_string=given))
            kept = [link for link in shown.links if "file=csv" in link]
            assert all(f"{name}=" in link for link in kept), (address, name)


@pytest.mark.slow
@pytest.mark.parametrize("username", ["qa1", "admin1"])
def test_no_filter_looks_through_a_table_that_grows(world, username):
    visitor, found = lists_of(world, username)
    growing = {table.name for table in Base.metadata.sorted_tables} - SMALL
    with Questions(world.database) as questions:
        for address, page in found.values():
            bare = address.split("?")[0]
            for name, choices in filters_of(page).items():
                typed = DAYS.get(name) or TYPED.get(name) or (choices or ["qa1"])[0]
                for more in ({}, {"file": "csv"}):
                    answer = visitor.client.get(bare, query_string={name: typed, **more})
                    assert answer.status_code == 200 and answer.get_data(), (address, name)
    looked = {
        statement: through
        for statement in questions.asked
        if (through := scans(statement, questions.plan(statement), growing))
        and not any(part in statement for part in KNOWN)
    }
    assert looked == {}
