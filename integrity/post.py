"""The mail server: which one, who is alerted, and a connection to it that nobody between can read
(RFC 3207, RFC 4954, RFC 8314)."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import smtplib

PATIENCE = 5  # seconds that a mail server is waited for
IMPLICIT = 465  # the port at which TLS begins with the first byte; elsewhere it is asked for


@dataclass(frozen=True)
class Post:
    """The mail server and those who are alerted; `quality` are told of what touches quality too.

    `user` signs in with `password` where a name is given; `roots` is the PEM file that the server's
    certificate is checked against, the machine's own roots where it is None.
    """

    host: str
    port: int
    recipients: tuple[str, ...]
    quality: tuple[str, ...] = ()
    user: str = ""
    password: str = field(default="", repr=False)
    roots: Path | None = None

    @property
    def is_plain(self) -> bool:
        """Whether it is spoken to without TLS: a relay on this machine, to which nothing crosses a
        wire, unless roots are named for it."""
        return self.roots is None and self._is_here

    @property
    def _is_here(self) -> bool:
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"


def read_post(given: Mapping[str, str]) -> Post | None:
    """From the environment; None where nothing is named, ValueError says what is wrong."""
    server, named, of_quality = (
        given.get(name) or ""
        for name in ("CORDBOOK_SMTP", "CORDBOOK_ALERTS", "CORDBOOK_ALERTS_QUALITY")
    )
    if not server and not named and not of_quality:
        return None
    host, port = _address(server)
    recipients, quality = _mailboxes(named), _mailboxes(of_quality)
    if not recipients or not all(map(_is_mailbox, recipients + quality)):
        raise ValueError(
            "CORDBOOK_ALERTS must hold the addresses that are alerted, with commas between them, "
            "and so must CORDBOOK_ALERTS_QUALITY where it is set."
        )
    user, password = _sign_in(given)
    return Post(host, port, recipients, quality, user, password, _roots(given))


def _address(server: str) -> tuple[str, int]:
    host, _, port = server.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not host or not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise ValueError(
            "CORDBOOK_SMTP must name the mail server as host:port, for example "
            "mail.example.org:587."
        )
    return host, int(port)


def _mailboxes(text: str) -> tuple[str, ...]:
    return tuple(address.strip() for address in text.split(",") if address.strip())


def _is_mailbox(text: str) -> bool:
    return "@" in text and not any(c.isspace() for c in text)


def _sign_in(given: Mapping[str, str]) -> tuple[str, str]:
    """The name and the password with which the mail server is signed in to, both or neither."""
    user, kept = given.get("CORDBOOK_SMTP_USER") or "", given.get("CORDBOOK_SMTP_PASSWORD_FILE")
    if bool(user) != bool(kept):
        raise ValueError(
            "CORDBOOK_SMTP_USER and CORDBOOK_SMTP_PASSWORD_FILE go together: the name, and the "
            "file in which the password stands alone."
        )
    if not kept:
        return "", ""
    path = Path(kept)
    if not path.is_file():
        raise ValueError(f"CORDBOOK_SMTP_PASSWORD_FILE names {kept}, which is no file.")
    if path.stat().st_mode & 0o077:
        raise ValueError(f"{kept} can be read by others: chmod 600 {kept}, and start again.")
    return user, path.read_text(encoding="utf-8").strip()


def _roots(given: Mapping[str, str]) -> Path | None:
    roots = given.get("CORDBOOK_SMTP_ROOTS")
    if roots and not Path(roots).is_file():
        raise ValueError(f"CORDBOOK_SMTP_ROOTS names {roots}, which is no file.")
    return Path(roots) if roots else None


@contextmanager
def reached(post: Post) -> Iterator[smtplib.SMTP]:
    """The mail server, signed in to. Raises OSError or SMTPException where it cannot be reached
    under a certificate that is its own: no mail and no password goes in the clear to another
    machine."""
    import smtplib  # here, because only an installation with a mail server needs it
    import ssl

    place, trusted = (post.host, post.port), ssl.create_default_context(cafile=post.roots)
    is_wrapped = post.port == IMPLICIT and not post.is_plain
    server: smtplib.SMTP = (
        smtplib.SMTP_SSL(*place, timeout=PATIENCE, context=trusted)
        if is_wrapped
        else smtplib.SMTP(*place, timeout=PATIENCE)
    )
    with server:
        if not (is_wrapped or post.is_plain):
            server.starttls(context=trusted)
        if post.user:
            server.login(post.user, post.password)
        yield server
