"""A person speaks: a technician raises a deviation with a photo from the bench and puts a container
on hold; quality assurance lifts it."""

from __future__ import annotations

import struct
import zlib

import pytest
from sqlalchemy import select

from demonstration.culture import walk
from integrity.attachments import Attachment
from stores.containers import Container

pytestmark = pytest.mark.browser


def chunk(kind: bytes, content: bytes) -> bytes:
    checked = kind + content
    return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))


PHOTO = (
    b"\x89PNG\r\n\x1a\n"
    + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    + chunk(b"IDAT", zlib.compress(b"\x00\xc0\x20\x20"))
    + chunk(b"IEND", b"")
)


@pytest.mark.req("REC-08", "REL-02")
def test_a_technician_speaks_from_the_bench_and_quality_lifts_the_hold(site, tablet):
    batch = site.batch()
    for _ in walk(site.bench(), batch.id, until="wash"):
        pass
    with site.database.reading() as session:
        mine = select(Container).where(Container.scope.in_([batch.code, batch.cord_code]))
        container = session.scalars(mine.order_by(Container.id.desc())).first()
    bench, desk = tablet("technician1"), tablet("qa1")

    bench.open(f"/batches/{batch.code}")
    bench.go("Raise a deviation")
    bench.fill({"said": "A flask was found with a cracked neck.", "classification": "major"})
    photo = {"name": "neck.png", "mimeType": "image/png", "buffer": PHOTO}
    bench.page.set_input_files("#file", photo)
    bench.look("deviation-with-photo")
    bench.press("Raise the deviation")
    assert "neck.png" in bench.text and "cracked neck" in bench.text
    with bench.page.expect_download() as saved:
        bench.page.get_by_text("neck.png").click()
    assert saved.value.path().read_bytes() == PHOTO
    with site.database.reading() as session:
        assert session.scalars(select(Attachment)).one().size == len(PHOTO)

    bench.open(f"/holds/new?about={container.code}")
    bench.fill({"reason": "Its neck is cracked, so it may leak."})
    bench.look("hold-new")
    bench.press("Put it on hold")
    assert "It may not be used" in bench.text and "Lift the hold" not in bench.text
    bench.open(f"/containers/{container.code}?scanned=1")
    assert "ON HOLD" in bench.text
    bench.look("container-on-hold")

    desk.open("/holds")
    desk.page.locator("table a").first.click()
    desk.go("Lift the hold")
    desk.sign(comment="It was another flask; this one is whole.")
    assert "Lifted" in desk.text
    desk.look("hold-lifted")
    bench.open(f"/containers/{container.code}?scanned=1")
    assert "ON HOLD" not in bench.text
