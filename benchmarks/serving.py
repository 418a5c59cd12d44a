"""The memory of the serving process after a thousand page views, over real HTTP."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path

from benchmarks.stopwatch import line

ROOT = Path(__file__).resolve().parent.parent
VIEWS, MOST = 1_000, 150
PATHS = (
    "/bench",
    "/cords",
    "/lots",
    "/equipment",
    "/samples",
    "/deviations",
    "/release",
    "/trail",
    "/batches/{batch}",
    "/batches/{batch}/review",
)


def memory(data: Path, username: str, password: str, batch: str) -> Iterator[str]:
    """Serve the demonstration in its own process; its resident memory is read from the kernel."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {"CORDBOOK_DATA": str(data), "PORT": str(port)}
    server = subprocess.Popen(
        [sys.executable, str(ROOT / "app.py"), "serve"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        browser, base = _signed_in(f"http://127.0.0.1:{port}", username, password)
        views = [base + PATHS[number % len(PATHS)].format(batch=batch) for number in range(VIEWS)]
        begun = time.perf_counter()
        for view in views:
            browser.open(view, timeout=30).read()
        rate = VIEWS / (time.perf_counter() - begun)
        megabytes = _resident(server.pid)
    finally:
        server.terminate()
        server.wait(10)
    yield line(
        f"memory of the serving process after {VIEWS:,} page views",
        f"{megabytes:.0f} MB; {rate:.0f} pages/s one after another",
        f"goal <= {MOST} MB",
        megabytes <= MOST,
    )


def _signed_in(
    base: str, username: str, password: str
) -> tuple[urllib.request.OpenerDirector, str]:
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    for _ in range(100):
        try:
            page = browser.open(base + "/sign-in", timeout=5).read().decode()
            break
        except OSError:
            time.sleep(0.2)
    else:
        raise RuntimeError("The server did not start.")
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    form = {
        "csrf_token": found.group(1) if found else "",
        "entry_id": "benchmark-1",
        "username": username,
        "password": password,
    }
    browser.open(base + "/sign-in", data=urllib.parse.urlencode(form).encode(), timeout=30).read()
    return browser, base


def _resident(pid: int) -> float:
    """Megabytes of resident memory (VmRSS)."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    return int(found.group(1)) / 1024 if found else 0.0
