"""CPU time of pages in this process: of few and many batches, and of one long batch."""

from __future__ import annotations

import re
import time
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

from benchmarks import data as folders, entries
from benchmarks.shapes import Shape
from benchmarks.stopwatch import Figures, cpu_ms

ADDRESSES = {
    "desk": "/release",
    "trail": "/trail",
    "batch": "/batches/{batch}",
    "review": "/batches/{batch}/review",
    "certificate": "/certificates/{certificate}",
    "lot": "/lots/{lot}",
    "samples": "/samples",
}


def client(shape: Shape, file: Path, username: str, password: str) -> Any:
    """A browser of the pages of a database, signed in."""
    from integrity.database import Database

    database = Database(f"sqlite:///{file}")
    browser = shape.create_app(database, "only for the length of a benchmark").test_client()
    page = browser.get("/sign-in").get_data(as_text=True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    form = {
        "csrf_token": token[1] if token else "",
        "entry_id": "benchmark-sign-in",
        "username": username,
        "password": password,
    }
    assert browser.post("/sign-in", data=form).status_code in (302, 303), "not signed in"
    return browser


def opened(browser: Any, address: str) -> bytes:
    answer = browser.get(address)
    assert answer.status_code == 200, f"{address} answers {answer.status_code}"
    content: bytes = answer.get_data()
    return content


def usual(shape: Shape, folder: Path, *, size: int, times: int = 5) -> Figures:
    """The pages that are opened most, with so many batches: `folder` is a data folder."""
    data = folders.read(folder)
    browser = client(shape, data.file, "qa1", data.passwords["qa1"])
    for name, address in ADDRESSES.items():
        place = address.format(
            batch=data.batches["released"], certificate=data.certificate, lot=data.lot
        )
        yield f"{name}-{size}", cpu_ms(lambda place=place: opened(browser, place), times)  # type: ignore[misc]


def long(shape: Shape, folder: Path, *, entries_in_it: int, times: int = 3) -> Figures:
    """The pages and the printed record of a batch with so many entries."""
    laboratory, batch, _ = entries.grown(shape, folder / "long.db", entries_in_it)
    laboratory.database.close()
    _, username, password = next(each for each in laboratory.staff.sign_ins if each[1] == "qa1")
    browser = client(shape, folder / "long.db", username, password)
    for name, address in (("batch", ""), ("review", "/review")):
        place = f"/batches/{batch.code}{address}"
        yield f"long-{name}", cpu_ms(lambda place=place: opened(browser, place), times)  # type: ignore[misc]
    begun = time.process_time()
    paper = opened(browser, f"/batches/{batch.code}/record.pdf")
    yield "long-record", (time.process_time() - begun) * 1000
    yield "long-record-bare", cpu_ms(lambda: bare(paper), 1)
    yield "long-record-pages", len(re.findall(rb"/Type\s*/Page\b", paper))


def bare(paper: bytes) -> bytes:
    """As many pages with as many strings of text as a paper, by the library alone."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfgen.canvas import Canvas

    from paper import fonts

    strings = [_strings(content) for content in _contents(paper)]
    font = next(
        (
            name
            for name in pdfmetrics.getRegisteredFontNames()
            if name not in pdfmetrics.standardFonts
        ),
        "Helvetica",
    )
    assert fonts
    canvas = Canvas(buffer := BytesIO(), pagesize=A4)
    for count in strings:
        canvas.setFont(font, 8)
        for number in range(count):
            canvas.drawString(40, 800 - number % 90 * 8, f"{number} Medium lot: M2600004-78")
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _contents(paper: bytes) -> list[bytes]:
    """The content of each page, unpacked."""
    made = []
    for packed in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", paper, re.DOTALL):
        try:
            content = zlib.decompress(packed)
        except zlib.error:
            continue
        if b" Tf " in content or b"BT" in content:
            made.append(content)
    return made


def _strings(content: bytes) -> int:
    return len(re.findall(rb"\)\s*Tj|\]\s*TJ", content))
