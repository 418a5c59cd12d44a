"""Every route that sends a file is walked, and its line stands in the access log."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from documents.kinds import Kind
from labels.print_register import LabelPrint
from people.access_log import Access
from tests.house.crawler import seen
from tests.pages import Page

# What was brought with a deviation is walked where one is raised (tests/qc/deviations).
FILE = (".pdf", ".csv", ".json", ".jsonl", "/source")  # how the address of a file ends
KINDS = {"pdf": "printed", "csv": "exported", "json": "exported", "jsonl": "exported"}


def newest(database) -> Access | None:
    with database.reading() as session:
        return session.scalars(select(Access).order_by(Access.id.desc()).limit(1)).first()


def addresses(visitor, database) -> dict[str, str]:
    """{endpoint: an address} of every file that pages lead to, and of the same in other forms."""
    found = {}
    for page in visitor.crawl():
        if "attachment" in page.headers.get("Content-Disposition", ""):
            found.setdefault(visitor.endpoint_of(page.address), page.address)
    record = found["release.record_print"].removesuffix("pdf")
    found |= {f"release.record_{form}": record + form for form in ("json", "csv")}
    with database.reading() as session:
        printed = session.scalars(select(LabelPrint.id).limit(1)).one()
    found["people.trail_csv"] = "/trail.csv"
    return found | {"labels.label_print": f"/labels/prints/{printed}.pdf"}


def print_a_label(visitor) -> None:
    path = next(link for page in visitor.crawl() for link in page.links if link.endswith("/label"))
    page = Page(visitor.client.get(path))
    data = {name: page.value(name) for name in ("csrf_token", "entry_id")}
    data |= {"paper": "a4", "reason": "The first one was torn off."}
    assert visitor.client.post(path, data=data).mimetype == "application/pdf"


@pytest.mark.req("AUD-10")
def test_every_route_that_sends_a_file_writes_its_line_into_the_access_log(world):
    print_a_label(world.visitor("technician1"))
    line = newest(world.database)
    assert (line.kind, line.username) == ("printed", "technician1")
    visitor = world.visitor("qa1")
    walked = addresses(visitor, world.database)
    for address in walked.values():
        before, answer = newest(world.database), seen(address, visitor.client.get(address))
        line, path = newest(world.database), address.split("?")[0]
        assert (answer.status, "Content-Disposition" in answer.headers) == (200, True), address
        assert (line.id > before.id, line.username, path in line.what) == (True, "qa1", True)
        kind = "csv" if "file=" in address else path.rpartition(".")[2]
        assert line.kind == KINDS.get(kind, "downloaded"), address
    rules = visitor.app.url_map.iter_rules()
    named = {rule.endpoint for rule in rules if rule.rule.endswith(FILE)}
    of_lists = {endpoint for endpoint, address in walked.items() if "file=" in address}
    begun = {endpoint for endpoint in walked if endpoint.endswith("_beginning")}
    assert len(begun) == len(Kind) and not named & (of_lists | begun)
    assert set(walked) - of_lists - begun == named
