"""How others reach this installation: where it listens, its address in codes, its certificate, the
proxies that are believed, and where the page for outsiders is served alone.

Read from the environment; ValueError says what is wrong and what to do."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from integrity import authority

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
LOOPBACK = "127.0.0.1"
PORT, HTTPS = 8000, 443


@dataclass(frozen=True)
class Pair:
    """A server's certificate with what it hangs on, and its key: PEM, in two files or in one."""

    certificate: Path
    key: Path


@dataclass(frozen=True)
class Outside:
    """Where the page behind a certificate's QR is served and nothing else."""

    host: str
    port: int


@dataclass(frozen=True)
class Reach:
    """Where it listens (`plain_port`: where plain HTTP is only redirected), and under what address.

    `address` goes into the codes of labels, `public_address` into the QR of certificates; `names`
    are those of the certificate; `proxies` say for whom they ask.
    """

    host: str = LOOPBACK
    port: int = PORT
    address: str = f"http://{LOOPBACK}:{PORT}"
    public_address: str = f"http://{LOOPBACK}:{PORT}"
    proxies: tuple[Network, ...] = ()
    pair: Pair | None = None
    names: tuple[str, ...] = ()
    plain_port: int | None = None
    outside: Outside | None = None

    @property
    def is_here_only(self) -> bool:
        """Whether no other machine reaches it."""
        return is_loopback(self.host)


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def read_reach(given: Mapping[str, str], data: Path) -> Reach:
    """From HOST, PORT and CORDBOOK_URL, _CERTIFICATE, _KEY, _HTTP_PORT, _PROXIES, _PUBLIC_HOST,
    _PUBLIC_PORT, _PUBLIC_URL; a certificate of the site's own authority lies in `data`."""
    host = _host("HOST", given.get("HOST") or LOOPBACK)
    port = _port("PORT", given.get("PORT") or str(PORT))
    proxies = _networks(given.get("CORDBOOK_PROXIES") or "")
    pair = _pair(given, data)
    outside = _outside(given, host)
    hosts = [host] + ([outside.host] if outside else [])
    open_ones = [each for each in hosts if not is_loopback(each)]
    if open_ones and not pair and not proxies:
        raise ValueError(
            f"{open_ones[0]} is reached by others, so passwords would cross the wire in the clear: "
            "make a certificate with ./run certificate NAME, name one in CORDBOOK_CERTIFICATE and "
            "CORDBOOK_KEY, or name in CORDBOOK_PROXIES the proxy that speaks HTTPS for it."
        )
    names = authority.read(pair.certificate).names if pair else ()
    address = _address(
        "CORDBOOK_URL", given.get("CORDBOOK_URL") or _usual(host, port, names, bool(pair))
    )
    if pair and not address.startswith("https://"):
        raise ValueError(
            f"CORDBOOK_URL is {address!r}, but there is a certificate: write it with https://."
        )
    plain = given.get("CORDBOOK_HTTP_PORT")
    return Reach(
        host=host,
        port=port,
        address=address,
        public_address=_address("CORDBOOK_PUBLIC_URL", given.get("CORDBOOK_PUBLIC_URL") or address),
        proxies=proxies,
        pair=pair,
        names=names,
        plain_port=_port("CORDBOOK_HTTP_PORT", plain) if plain and pair else None,
        outside=outside,
    )


def _usual(host: str, port: int, names: tuple[str, ...], is_encrypted: bool) -> str:
    """The address where none is named: the certificate's first name, or the host."""
    name = names[0] if names else host
    if name in ("0.0.0.0", "::"):
        name = LOOPBACK
    shown = f"[{name}]" if ":" in name else name
    if is_encrypted:
        return f"https://{shown}" + ("" if port == HTTPS else f":{port}")
    return f"http://{shown}:{port}"


def _outside(given: Mapping[str, str], host: str) -> Outside | None:
    port = given.get("CORDBOOK_PUBLIC_PORT")
    if not port:
        return None
    named = given.get("CORDBOOK_PUBLIC_HOST") or host
    return Outside(_host("CORDBOOK_PUBLIC_HOST", named), _port("CORDBOOK_PUBLIC_PORT", port))


def _host(variable: str, text: str) -> str:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        pass
    if not authority.is_name(text):
        raise ValueError(
            f"{variable} is {text!r}: write the address at which it listens, for example 0.0.0.0 "
            "for every address of this machine."
        )
    return text


def _networks(text: str) -> tuple[Network, ...]:
    """The proxies, with commas between them: addresses or networks."""
    try:
        return tuple(ipaddress.ip_network(each.strip()) for each in text.split(",") if each.strip())
    except ValueError:
        raise ValueError(
            f"CORDBOOK_PROXIES is {text!r}: write the addresses from which proxies ask, with "
            "commas between them, for example 127.0.0.1, 10.0.0.0/24."
        ) from None


def _port(variable: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) < 65536):
        raise ValueError(f"{variable} is {text!r}: it must be a whole number from 1 to 65535.")
    return int(text)


def _address(variable: str, text: str) -> str:
    try:
        parts = urlsplit(text)
        good = (
            parts.scheme in ("http", "https")
            and parts.hostname
            and not parts.query
            and not parts.fragment
        )
    except ValueError:
        good = False
    if not good or not text.isascii() or re.search(r"\s", text):
        raise ValueError(
            f"{variable} is {text!r}: write the address as others reach it, for example "
            "https://cordbook.example.org."
        )
    return text.rstrip("/")


def _pair(given: Mapping[str, str], data: Path) -> Pair | None:
    certificate, key = given.get("CORDBOOK_CERTIFICATE"), given.get("CORDBOOK_KEY")
    if bool(certificate) != bool(key):
        raise ValueError(
            "CORDBOOK_CERTIFICATE and CORDBOOK_KEY go together: the file of the certificate with "
            "what it hangs on, and the file of its key."
        )
    if not certificate or not key:
        made = authority.server_file(data)
        return Pair(made, made) if made.exists() else None
    for variable, name in (("CORDBOOK_CERTIFICATE", certificate), ("CORDBOOK_KEY", key)):
        if not Path(name).is_file():
            raise ValueError(f"{variable} names {name}, which is no file.")
    if Path(key).stat().st_mode & 0o077:
        raise ValueError(f"{key} can be read by others: chmod 600 {key}, and start again.")
    return Pair(Path(certificate), Path(key))
