"""Connections: how long the server waits for whoever is connected, and how many of them it keeps.

A connection that says nothing, sends its request by drops or does not take its answer is ended in
seconds; of too many, those that wait longest are ended first, so that somebody new always gets
through. A request that is under way is never cut off for that.
"""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer

IDLE = 10  # seconds between two requests, and before the first
HEADERS = 10  # seconds from the first byte of a request until its headers are whole
SLOWEST = 16 * 1024  # bytes of a body that have to come in a second, after a beginning of HEADERS
STALLED = 20  # seconds in which nothing of an answer is taken
OF_ONE_ADDRESS = 32
OF_ALL = 256
EVERY = 1  # seconds between two looks


@dataclass(frozen=True)
class Waiting:
    """How far a connection is; moments in seconds of one clock that only runs forward.

    `begun` is when the first byte of a request came that is not whole yet; `body` how many bytes of
    its body came, None while its headers are not whole; `is_served` whether a whole request is
    answered, `to_send` how many bytes of an answer wait to be taken, `heard` when anything last
    moved.
    """

    heard: float
    begun: float | None = None
    body: int | None = None
    is_served: bool = False
    to_send: int = 0


def is_overdue(one: Waiting, now: float) -> bool:
    """Whether nobody waits for this connection any longer."""
    if one.to_send:
        return now - one.heard > STALLED
    if one.is_served:
        return False
    if one.begun is None:
        return now - one.heard > IDLE
    return now - one.begun > HEADERS + (one.body or 0) / SLOWEST


def surplus(those: Iterable[Waiting], most: int) -> list[int]:
    """Which of some connections have to go, by their place: those that let wait the longest.

    What is served or sent stays.
    """
    known = list(those)
    over = len(known) - most
    waiting = [
        (one.heard if one.begun is None else one.begun, place)
        for place, one in enumerate(known)
        if not one.is_served and not one.to_send
    ]
    return [place for _, place in sorted(waiting)[: max(over, 0)]]


class Channel(HTTPChannel):  # type: ignore[misc]
    """One connection, which knows since when it waits."""

    def __init__(self, server: Any, sock: Any, addr: Any, adj: Any, map: Any = None) -> None:
        self.heard = time.monotonic()
        self.begun: float | None = None
        super().__init__(server, sock, addr, adj, map=map)

    def received(self, data: bytes) -> bool:
        """Some of a request has come."""
        self.heard = time.monotonic()
        done: bool = super().received(data)
        if self.request is None:
            self.begun = None
        elif self.begun is None:
            self.begun = self.heard
        return done

    def service(self) -> None:
        """Answer; the time to the next request begins when that is done."""
        super().service()
        self.heard = time.monotonic()

    def _flush_some(self, do_close: bool = True) -> bool:
        sent: bool = super()._flush_some(do_close=do_close)
        if sent:
            self.heard = time.monotonic()
        return sent

    @property
    def waiting(self) -> Waiting:
        """How far it is."""
        request = self.request
        has_headers = request is not None and request.headers_finished
        return Waiting(
            self.heard,
            self.begun,
            request.body_bytes_received if has_headers else None,
            bool(self.requests),
            self.total_outbufs_len,
        )


class Server(TcpWSGIServer):  # type: ignore[misc]
    """The production server, with these limits; a proxy's connections are of many people."""

    channel_class = Channel

    def __init__(self, application: Any, *, proxy: str = "", **settings: Any) -> None:
        self.proxy = proxy
        settings |= {"connection_limit": 2 * OF_ALL, "cleanup_interval": EVERY}
        settings |= {"asyncore_loop_timeout": EVERY, "asyncore_use_poll": True}
        super().__init__(application, **settings)

    def handle_accept(self) -> None:
        """Somebody new has come; of too many, whoever waits longest goes."""
        super().handle_accept()
        self._end_surplus(self._open(), OF_ALL)
        those = self._open()
        if those and those[-1].addr[0] != self.proxy:
            newest = those[-1].addr[0]
            self._end_surplus([each for each in those if each.addr[0] == newest], OF_ONE_ADDRESS)

    def _end_surplus(self, those: list[Any], most: int) -> None:
        for place in surplus([each.waiting for each in those], most):
            self._end(those[place])

    def maintenance(self, now: float) -> None:
        """Once a second: end what nobody waits for any longer."""
        moment = time.monotonic()
        for each in self._open():
            if is_overdue(each.waiting, moment):
                self._end(each)

    def _open(self) -> list[Any]:
        return [each for each in self.active_channels.values() if not each.will_close]

    def _end(self, channel: Any) -> None:
        """Hang up; the loop then closes it, and tells whoever works on its answer.

        Closed at once, its number could be a newcomer's before the loop is through.
        """
        channel.will_close = True
        with contextlib.suppress(OSError):
            channel.socket.shutdown(socket.SHUT_RDWR)
