"""Every page of a filled site: who opens it at which address.

The demonstration is gone through link by link as each of its people, and so are a batch that waits
for its review and one that waits for its release. A page is opened as the first who is led to it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

import app as roof
from demonstration.staff import STAFF
from integrity.database import Database
from qc.release.certificates import Certificate
from tests.house.crawler import Seen, Visitor
from tests.house.world import World
from tests.makers.people import PASSWORD
from tests.templates import Templates

NOBODY = ""  # who is not signed in
# {state: who goes through it}: what waits for their signature is led to only then
WAITING = {"finished": ("qa1", "qcreviewer1"), "reviewed": ("releaser1",)}
# What nothing leads to: what was scanned, a code that nobody knows, a page that is not there.
UNLED = ("/scan?code=M260001545", "/scan?code=B99999999", "/scan?code=H1-04", "/nowhere")

EACH = 2  # pages of an endpoint; one that asks for something of a list is not another page
# {user name: (address, whether no page of its endpoint comes before it)}
Itinerary = dict[str, list[tuple[str, bool]]]


def of_the_demonstration(world: World) -> Itinerary:
    """Every page of the demonstration, and what is read without signing in."""
    found, known = {}, set[str | None]()
    for username in STAFF:
        pages, visitor = world.crawl(username), world.visitor(username)
        found[username] = _first_seen(visitor, pages, known)
    found["technician1"] += [(address, True) for address in UNLED]
    with world.database.reading() as session:
        token = session.scalars(select(Certificate.token).limit(1)).one()
    found[NOBODY] = [(each, True) for each in ("/sign-in", f"/c/{token}", "/c/unknown")]
    return found


def of_what_waits(state: str, known: Itinerary, templates: Templates, folder: Path) -> Itinerary:
    """The pages of another state that the known ones lack."""
    path = folder / f"gone-through-{state}.db"
    at = templates.copy(state, path).moment + timedelta(minutes=1)
    with closing(Database(f"sqlite:///{path}")) as database:
        app = roof.create_app(database, "not a secret: a test", clock=lambda: at)
        found = {}
        for username in WAITING[state]:
            visitor = Visitor(app, username, PASSWORD)
            seen = {visitor.endpoint_of(each) for way in known.values() for each, _ in way}
            found[username] = _first_seen(visitor, visitor.crawl(), seen)
        return found


def _first_seen(
    visitor: Visitor, pages: Iterable[Seen], known: set[str | None]
) -> list[tuple[str, bool]]:
    """Addresses of endpoints that are not known yet, which are known then; whether each is the
    first of its endpoint.
    """
    times, found = Counter[str | None](), []
    for page in pages:
        endpoint = visitor.endpoint_of(page.address)
        is_page = (page.status, page.mimetype) == (200, "text/html")
        most = 1 if "?" in page.address else EACH
        if is_page and endpoint not in known and times[endpoint] < most:
            found.append((page.address, not times[endpoint]))
            times[endpoint] += 1
    known |= set(times)
    return found
