"""Who is connected to the production server: nobody who idles or dawdles keeps others from it."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from ipaddress import ip_network
from pathlib import Path

import pytest

import connections
import serving
from app import create_app
from benchmarks.browsers import Browser
from connections import (
    HEADERS,
    IDLE,
    OF_ONE_ADDRESS,
    SLOWEST,
    STALLED,
    Waiting,
    is_overdue,
    surplus,
)
from integrity.installation import Place
from integrity.reach import Reach

NOW = 1000.0


@pytest.mark.parametrize(
    ("one", "ended"),
    [
        (Waiting(heard=NOW - IDLE), False),
        (Waiting(heard=NOW - IDLE - 1), True),
        (Waiting(heard=NOW, begun=NOW - HEADERS), False),
        (Waiting(heard=NOW, begun=NOW - HEADERS - 1), True),
        (Waiting(heard=NOW, begun=NOW - HEADERS - 1, body=0), True),
        (Waiting(heard=NOW, begun=NOW - HEADERS - 1, body=SLOWEST), False),
        (Waiting(heard=NOW, begun=NOW - HEADERS - 2, body=SLOWEST), True),
        (Waiting(heard=NOW - 3600, is_served=True), False),
        (Waiting(heard=NOW - STALLED, is_served=True, to_send=1), False),
        (Waiting(heard=NOW - STALLED - 1, is_served=True, to_send=1), True),
        (Waiting(heard=NOW - STALLED - 1, to_send=1), True),
    ],
)
def test_whoever_says_nothing_dawdles_or_takes_nothing_is_ended(one, ended):
    assert is_overdue(one, NOW) is ended


@pytest.mark.parametrize(
    ("those", "most", "gone"),
    [
        ([], 2, []),
        ([Waiting(1), Waiting(2)], 2, []),
        ([Waiting(3), Waiting(1), Waiting(2)], 2, [1]),
        ([Waiting(3), Waiting(1), Waiting(2)], 0, [1, 2, 0]),
        ([Waiting(1, is_served=True), Waiting(3), Waiting(2)], 1, [2, 1]),
        ([Waiting(1, to_send=5), Waiting(3), Waiting(2)], 2, [2]),
        ([Waiting(9, begun=1), Waiting(3), Waiting(2)], 1, [0, 2]),
        ([Waiting(9, begun=7), Waiting(9, begun=8), Waiting(9)], 1, [0, 1]),
        ([Waiting(1, is_served=True), Waiting(2, is_served=True)], 1, []),
    ],
)
def test_of_too_many_those_go_that_let_wait_the_longest_and_no_request_under_way(those, most, gone):
    assert surplus(those, most) == gone


@contextmanager
def running(application, database, monkeypatch, proxy="") -> Iterator[int]:
    """The server of `serving.py` on a free port, in a thread; gives the port."""
    made: list[connections.Server] = []
    kept = connections.Server.run
    monkeypatch.setattr(connections.Server, "run", lambda self: (made.append(self), kept(self)))
    monkeypatch.setattr(serving, "greet", lambda *_: None)
    monkeypatch.setattr(serving.signal, "signal", lambda *_: None)
    proxies = (ip_network(proxy),) if proxy else ()
    here = Place(Path("."), "", Reach(port=0, proxies=proxies))
    words = (application, database, here, None, ())
    thread = threading.Thread(target=serving._serve, args=words, daemon=True)
    thread.start()
    while not made:
        time.sleep(0.01)
    try:
        yield int(made[0].effective_port)
    finally:
        made[0].asyncore.close_all(made[0]._map)
        thread.join(timeout=5)


@pytest.fixture
def port(sqlite, monkeypatch):
    with running(create_app(sqlite, "not a secret: a test"), sqlite, monkeypatch) as number:
        yield number


def ask(port: int, source: str = "127.0.0.1") -> tuple[int, float]:
    """(status, seconds) of a page as another client is given it."""
    began = time.monotonic()
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=10, source_address=(source, 0))
    try:
        client.request("GET", "/sign-in")
        return client.getresponse().status, time.monotonic() - began
    finally:
        client.close()


def is_ended(one: socket.socket, within: float) -> bool:
    """Whether the server hangs up."""
    one.settimeout(within)
    try:
        while one.recv(4096):
            pass
    except TimeoutError:
        return False
    except OSError:
        return True
    return True


@pytest.mark.parametrize("begun", [b"", b"GET /sign-in HTTP/1.1\r\nHost: x\r\n"])
def test_a_hundred_and_twenty_connections_that_say_nothing_keep_nobody_from_a_page(begun, port):
    with ExitStack() as held:
        idle = [
            held.enter_context(socket.create_connection(("127.0.0.1", port))) for _ in range(120)
        ]
        for each in idle:
            if begun:
                try:
                    each.sendall(begun)
                except OSError:
                    continue  # the server has hung up already
        for source in ("127.0.0.1", "127.0.0.2"):
            status, seconds = ask(port, source)
            assert status == 200 and seconds < 3
        time.sleep(0.5)
        assert sum(is_ended(each, 0.01) for each in idle) >= 120 - OF_ONE_ADDRESS


@pytest.mark.slow
@pytest.mark.parametrize(
    "begun",
    [
        b"",
        b"GET /sign-in HTTP/1.1\r\nHost: x\r\n",
        b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n",
    ],
    ids=["idle", "slow headers", "slow body"],
)
def test_who_idles_or_sends_by_drops_is_hung_up_on_in_seconds_while_others_are_answered(
    begun, port
):
    with socket.create_connection(("127.0.0.1", port)) as slow:
        began = time.monotonic()
        if begun:
            slow.sendall(begun)
        ended = False
        while not ended and time.monotonic() - began < HEADERS + 6:
            assert ask(port)[0] == 200
            try:
                if begun:
                    slow.sendall(b"x")
                ended = is_ended(slow, 0.5)
            except OSError:
                ended = True
        assert ended


def test_a_browser_whose_idle_connection_was_hung_up_on_opens_another(port, monkeypatch):
    monkeypatch.setattr(connections, "IDLE", 0)
    browser = Browser(port)
    assert browser.get("/sign-in").status == 200
    time.sleep(2.5)
    assert browser.get("/sign-in").status == 200
    browser.close()


def test_a_body_that_comes_in_pieces_is_taken_whole(port):
    body = b"csrf_token=x&username=nobody&password=wrong"
    head = (
        b"POST /sign-in HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\n"
    )
    with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
        client.sendall(head + f"Content-Length: {len(body)}\r\n\r\n".encode())
        for piece in (body[:10], body[10:20], body[20:]):
            time.sleep(0.2)
            client.sendall(piece)
        assert client.recv(4096).startswith(b"HTTP/1.1 400")


def test_clients_that_do_not_take_their_answers_hold_no_thread(monkeypatch):
    """More of them than there are threads, each with more to take than is kept in memory."""
    monkeypatch.setattr(connections, "STALLED", 1)

    def application(environ, start_response):
        long = environ["PATH_INFO"] == "/long"
        start_response("200 OK", [])
        return (b"x" * 2**20 for _ in range(40 if long else 1))

    asked = b"GET /long HTTP/1.1\r\nHost: x\r\n\r\n"
    with running(application, None, monkeypatch) as port, ExitStack() as held:
        for _ in range(serving.THREADS + 2):
            one = held.enter_context(socket.create_connection(("127.0.0.1", port)))
            one.sendall(asked)
        time.sleep(0.5)
        status, seconds = ask(port)
        assert status == 200 and seconds < 9


@pytest.mark.parametrize(("proxy", "address"), [("", "127.0.0.1"), ("127.0.0.1", "203.0.113.9")])
def test_the_address_that_a_proxy_says_is_believed_where_the_configuration_names_it(
    proxy, address, monkeypatch
):
    seen: list[str] = []

    def application(environ, start_response):
        seen.append(environ["REMOTE_ADDR"])
        start_response("200 OK", [("Content-Length", "0")])
        return [b""]

    with running(application, None, monkeypatch, proxy) as port:
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        client.request("GET", "/", headers={"X-Forwarded-For": "198.51.100.1, 203.0.113.9"})
        client.getresponse().read()
        client.close()
    assert seen == [address]
