"""Pages stay flat as data grows: no page asks more questions because there is more to show."""

import pytest
from sqlalchemy import event

from tests.house.growth import grow

MORE = 6  # of everything
ALLOWED = 3  # an empty list that fills asks a little more; one question a row would be MORE


def questions(world, visitor, address):
    asked = []

    def note(connection, cursor, statement, *rest):
        asked.append(statement)

    event.listen(world.database.engine, "before_cursor_execute", note)
    try:
        assert visitor.client.get(address).status_code in (200, 302, 303)
    finally:
        event.remove(world.database.engine, "before_cursor_execute", note)
    return len(asked)


@pytest.mark.slow
def test_no_page_asks_more_when_there_is_more_to_show(world):
    visitors = {name: world.visitor(name) for name in ("qa1", "technician1", "admin1")}
    pages = {
        (name, page.address): None
        for name in visitors
        for page in world.crawl(name)
        if page.status == 200
    }
    before = {(name, address): questions(world, visitors[name], address) for name, address in pages}
    grow(world, MORE)
    visitors = {name: world.visitor(name) for name in visitors}
    more = {
        address: (asked, questions(world, visitors[name], address))
        for (name, address), asked in before.items()
    }
    assert len(more) > 60
    assert {
        address: counts for address, counts in more.items() if counts[1] > counts[0] + ALLOWED
    } == {}
