"""A serving process of a build, and its browsers over HTTP: kept connections, cookies, forms."""

from __future__ import annotations

import http.client
import re
import select
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from benchmarks.builds import Build, Failed, environment

LONGEST_START = 180  # seconds


@dataclass
class Server:
    """A process that serves, how long it took to its first answer (seconds), and its browsers."""

    port: int
    pid: int
    started: float
    browsers: list[Browser] = field(default_factory=list)

    def browser(self) -> Browser:
        """One client more; its connection ends with the server."""
        self.browsers.append(Browser(self.port))
        return self.browsers[-1]


@contextmanager
def serving(build: Build, data: Path) -> Iterator[Server]:
    """Serve a data folder; a folder without a database gets the demonstration first."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    begun = time.perf_counter()
    process = subprocess.Popen(
        [build.python, build.root / "app.py", "serve"],
        cwd=build.root,
        env=environment(CORDBOOK_DATA=str(data), PORT=str(port)),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    server = Server(port, process.pid, 0)
    try:
        _wait(process, port)
        server.started = time.perf_counter() - begun
        yield server
    finally:
        for browser in server.browsers:
            browser.close()
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    until = time.perf_counter() + LONGEST_START
    while time.perf_counter() < until and process.poll() is None:
        browser = Browser(port)
        try:
            if browser.get("/sign-in").status == 200:
                return
        except OSError:
            time.sleep(0.02)
        finally:
            browser.close()
    raise Failed("The server did not start.")


@dataclass(frozen=True)
class Answer:
    status: int
    location: str
    text: str


@dataclass
class Browser:
    """One client with one connection."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)

    def close(self) -> None:
        self._connection.close()

    def get(self, address: str) -> Answer:
        return self._ask("GET", address)

    def post(self, address: str, form: dict[str, str]) -> Answer:
        return self._ask("POST", address, urlencode(form))

    def opened(self, address: str) -> Answer:
        """A page behind however many redirections."""
        answer = self.get(address)
        while answer.status in (302, 303):
            answer = self.get(answer.location)
        if answer.status != 200:
            raise Failed(f"{address} answers {answer.status}.")
        return answer

    def sign_in(self, username: str, password: str) -> None:
        form = {**hidden(self.get("/sign-in").text), "username": username, "password": password}
        if (answer := self.post("/sign-in", form)).status not in (302, 303):
            raise Failed(f"{username} could not sign in ({answer.status}).")

    def _ended(self) -> bool:
        """Whether the server has hung up on a connection that idled."""
        kept = self._connection.sock
        return kept is not None and bool(select.select([kept], [], [], 0)[0])

    def _ask(self, method: str, address: str, body: str | None = None) -> Answer:
        if self._ended():
            self.close()
        headers = {"Cookie": "; ".join(f"{name}={text}" for name, text in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, address, body, headers)
        answer = self._connection.getresponse()
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _, text = line.partition(";")[0].partition("=")
            self.cookies[name] = text
        parts = urlsplit(answer.headers.get("Location", ""))
        location = parts.path + (f"?{parts.query}" if parts.query else "")
        return Answer(answer.status, location, answer.read().decode("utf-8", "replace"))


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of a page: its token and the id of its entry."""
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
