"""Connections: how long the server waits for whoever is connected, and how many of them it keeps.

A connection that says nothing, sends its request by drops or does not take its answer is ended in
seconds; of too many, those that wait longest are ended first, so that somebody new always gets
through. A request that is under way is never cut off for that.
"""

from __future__ import annotations

import contextlib
import logging
import socket
import ssl
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import TcpWSGIServer

from gateway import is_of
from integrity.reach import Network, Pair

IDLE = 10  # seconds between two requests, and before the first
HEADERS = 10  # seconds from the first byte of a request until its headers are whole
SLOWEST = 16 * 1024  # bytes of a body that have to come in a second, after a beginning of HEADERS
STALLED = 20  # seconds in which nothing of an answer is taken
OF_ONE_ADDRESS = 32
OF_ALL = 256
EVERY = 1  # seconds between two looks
HANDSHAKE = b"\x16"  # the first byte of TLS, and of no request in the clear


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


class Encryption:
    """What connections are encrypted with; a pair that was put in place of the former is taken up
    within a second, one that will not do is told and not taken."""

    def __init__(self, pair: Pair) -> None:
        """Raises OSError (ssl.SSLError among it) for a pair that will not do."""
        self.pair = pair
        self._stamp = self._stamped()
        self.context = self._read()

    def _stamped(self) -> tuple[int, ...]:
        return tuple(path.stat().st_mtime_ns for path in (self.pair.certificate, self.pair.key))

    def _read(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(self.pair.certificate, self.pair.key)
        return context

    def renew(self) -> None:
        """Take up a pair that was changed."""
        try:
            stamp = self._stamped()
            if stamp != self._stamp:
                self._stamp = stamp
                self.context = self._read()
        except OSError as fault:
            logging.getLogger("cordbook").warning(
                "%s was changed and cannot be used (%s); the former certificate stays.",
                self.pair.certificate,
                fault,
            )


class Reader(HTTPRequestParser):  # type: ignore[misc]
    """The reader of one request, which knows by which scheme it came."""

    def __init__(self, adj: Any, scheme: str) -> None:
        super().__init__(adj)
        self.scheme = scheme

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        self.url_scheme = self.scheme


class NotYet(Exception):
    """Nothing of a request is there to be read yet."""


class Channel(HTTPChannel):  # type: ignore[misc]
    """One connection, which knows since when it waits, and whether it is encrypted."""

    socket: Any

    def __init__(self, server: Any, sock: Any, addr: Any, adj: Any, map: Any = None) -> None:
        self.heard = time.monotonic()
        self.begun: float | None = None
        self.encryption: Encryption | None = server.encryption
        self.is_encrypted = self.is_settled = False
        self._turn = threading.Lock()  # one thread at a time reads or writes what is encrypted
        super().__init__(server, sock, addr, adj, map=map)

    def parser_class(self, adj: Any) -> Any:
        """The reader of a request, which knows how it came."""
        return Reader(adj, "https" if self.is_encrypted else "http")

    def handle_read(self) -> None:
        with contextlib.suppress(NotYet):
            super().handle_read()

    def recv(self, buffer_size: int) -> bytes:
        """What has come, decrypted. Raises NotYet while a handshake is under way."""
        if self.encryption is None:
            return super().recv(buffer_size)  # type: ignore[no-any-return]
        try:
            self._begin(self.encryption)
            with self._turn:
                data = self.socket.recv(buffer_size)
                while self.is_encrypted and (more := self.socket.pending()):
                    data += self.socket.recv(more)
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            raise NotYet from None
        except OSError:
            data = b""
        if not data:
            self.handle_close()
        return bytes(data)

    def _begin(self, encryption: Encryption) -> None:
        """By its first byte: a handshake, or a request in the clear, which is led to HTTPS."""
        if self.is_settled:
            return
        first = self.socket.recv(1, socket.MSG_PEEK)
        self.is_settled = True
        if first == HANDSHAKE:
            self.socket = encryption.context.wrap_socket(
                self.socket, server_side=True, do_handshake_on_connect=False
            )
            self.is_encrypted = True

    def send(self, data: bytes, do_close: bool = True) -> int:
        """Send some of it; gives how many bytes were taken."""
        if not self.is_encrypted:
            return super().send(data, do_close)  # type: ignore[no-any-return]
        try:
            with self._turn:
                return int(self.socket.send(data))
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return 0
        except OSError:
            if do_close:
                self.handle_close()
            return 0

    def close(self) -> None:
        if self.is_encrypted:
            with self._turn, contextlib.suppress(OSError, ValueError):
                if self.socket is not None:
                    self.socket.unwrap()  # says that nothing more comes, and waits for no answer
        super().close()

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
    """The production server, with these limits; a proxy's connections are of many people.

    Encrypted where an `encryption` is given: then a request in the clear says so by its scheme.
    """

    channel_class = Channel

    def __init__(
        self,
        application: Any,
        *,
        proxies: Sequence[Network] = (),
        encryption: Encryption | None = None,
        **settings: Any,
    ) -> None:
        self.proxies, self.encryption = proxies, encryption
        settings |= {"connection_limit": 2 * OF_ALL, "cleanup_interval": EVERY}
        settings |= {"asyncore_loop_timeout": EVERY, "asyncore_use_poll": True}
        super().__init__(application, **settings)

    def handle_accept(self) -> None:
        """Somebody new has come; of too many, whoever waits longest goes."""
        super().handle_accept()
        self._end_surplus(self._open(), OF_ALL)
        those = self._open()
        if those and not is_of(those[-1].addr[0], self.proxies):
            newest = those[-1].addr[0]
            self._end_surplus([each for each in those if each.addr[0] == newest], OF_ONE_ADDRESS)

    def _end_surplus(self, those: list[Any], most: int) -> None:
        for place in surplus([each.waiting for each in those], most):
            self._end(those[place])

    def maintenance(self, now: float) -> None:
        """Once a second: end what nobody waits for any longer; take up a new certificate."""
        if self.encryption:
            self.encryption.renew()
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
            socket.socket.shutdown(channel.socket, socket.SHUT_RDWR)
