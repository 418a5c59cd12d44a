"""A real mail server on loopback that keeps what it was given."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiosmtpd.controller import Controller

from integrity.post import Post


class Kept:
    """The mails and the addresses they were for."""

    def __init__(self) -> None:
        self.mails: list[str] = []
        self.recipients: list[str] = []

    async def handle_DATA(self, _server: object, _session: object, envelope: object) -> str:
        self.mails.append(envelope.content.decode())  # type: ignore[attr-defined]
        self.recipients += envelope.rcpt_tos  # type: ignore[attr-defined]
        return "250 OK"


@contextmanager
def running(handler: Any = None, **more: Any) -> Iterator[tuple[Any, Post]]:
    """What it keeps (or who answers instead of it), and where it is; `more` is the server's."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    kept = handler or Kept()
    controller = Controller(kept, hostname="127.0.0.1", port=port, **more)
    controller.start()
    try:
        yield kept, Post("127.0.0.1", port, ("security@example.org", "qa@example.org"))
    finally:
        controller.stop()
