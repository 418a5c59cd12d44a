"""The gateway: what is settled about a request before the application sees it.

From which device it really comes and by which scheme, as far as proxies that the site has named say
so and nobody else; that nothing but HTTPS is answered where there is a certificate; and that the
address for outsiders answers with the page behind a certificate's QR alone."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from integrity.reach import HTTPS, Network, Reach, is_loopback
from people.access import OUTSIDE

# What a proxy says is read here and goes no further; all the others are believed from nobody.
FORWARDED_FOR, FORWARDED_PROTO = "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO"
SAID = (
    FORWARDED_FOR, FORWARDED_PROTO, "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_BY", "HTTP_X_FORWARDED_SERVER", "HTTP_X_FORWARDED_PREFIX",
    "HTTP_X_REAL_IP", "HTTP_FORWARDED",
)  # fmt: skip
READING = ("GET", "HEAD")
# Before a tablet trusts the certificate it reads by plain HTTP how it comes to do so.
IN_THE_CLEAR = re.compile(r"/trust(/authority\.crt)?|/static/css/.+|/static/vendor/.+")
FOR_OUTSIDERS = {
    re.compile(r"/c/[^/]+"): (*READING, "POST"),
    re.compile(r"/static/.+"): READING,
}

Environ = dict[str, Any]
Start = Callable[..., Any]


# Who asks, and how
# -------------------------------------------------------------------------------------------------


def is_of(address: str, networks: Iterable[Network]) -> bool:
    try:
        read = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    plain = getattr(read, "ipv4_mapped", None) or read
    return any(plain in network for network in networks)


def client_of(peer: str, said: str, proxies: Sequence[Network]) -> str:
    """The address of the device that asks.

    Each proxy adds at the end from where it was asked: the list is followed from its end for as
    long as whoever says the next one is a named proxy, and no further than proxies are named.
    """
    who = peer
    for one in reversed(said.rsplit(",", len(proxies))[-len(proxies) :] if proxies else []):
        if not is_of(who, proxies):
            break
        read = _address(one)
        if read is None:
            break
        who = read
    return who


def _address(text: str) -> str | None:
    """An address as proxies write it, some of them with a port; None where it is none."""
    text = text.strip().strip('"')
    bare = re.fullmatch(r"\[([^\]]+)\](:\d+)?|([\d.]+):\d+", text)
    try:
        return str(ipaddress.ip_address((bare[1] or bare[3]) if bare else text))
    except ValueError:
        return None


def scheme_of(spoken: str, peer: str, said: str, proxies: Sequence[Network]) -> str:
    """http or https: as it was spoken to this server, or as the nearest proxy says."""
    last = said.rsplit(",", 1)[-1].strip().lower()
    return last if last in ("http", "https") and is_of(peer, proxies) else spoken


# What is answered
# -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Gateway:
    """The application behind it, as one address of the installation serves it."""

    application: Callable[[Environ, Start], Iterable[bytes]]
    reach: Reach
    is_outside: bool = False

    def __call__(self, environ: Environ, start_response: Start) -> Iterable[bytes]:
        peer, spoken = environ.get("REMOTE_ADDR", ""), environ["wsgi.url_scheme"]
        proxies = self.reach.proxies
        said = {name: environ.pop(name, "") for name in SAID}
        environ["REMOTE_ADDR"] = client_of(peer, said[FORWARDED_FOR], proxies)
        environ["wsgi.url_scheme"] = scheme_of(spoken, peer, said[FORWARDED_PROTO], proxies)
        path = environ.get("PATH_INFO", "")
        if self.is_outside and not _is_for_outsiders(environ["REQUEST_METHOD"], path):
            return _answer(start_response, "404 Not Found", "Nothing is here.")
        if self.is_outside:
            environ[OUTSIDE] = True
        if self._has_to_be_https(environ, peer):
            return self._led_to_https(environ, start_response, path)
        if self._is_a_strangers(environ, peer):
            return _answer(start_response, "403 Forbidden", "This is asked for through the proxy.")
        return self.application(environ, start_response)

    def _has_to_be_https(self, environ: Environ, peer: str) -> bool:
        if environ["wsgi.url_scheme"] == "https" or IN_THE_CLEAR.fullmatch(environ["PATH_INFO"]):
            return False
        is_said_http = is_of(peer, self.reach.proxies) and self._address.startswith("https://")
        return self.reach.pair is not None or (is_said_http and environ["PATH_INFO"] != "/health")

    def _is_a_strangers(self, environ: Environ, peer: str) -> bool:
        """Whether somebody goes around the proxy that speaks HTTPS for this server."""
        if environ["wsgi.url_scheme"] == "https" or self.reach.pair or self.reach.is_here_only:
            return False
        return not (is_of(peer, self.reach.proxies) or is_loopback(peer))

    def _led_to_https(self, environ: Environ, start: Start, path: str) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in READING:
            return _answer(
                start, "403 Forbidden", f"Nothing is taken in the clear. Open {self._address}."
            )
        asked = quote(path, safe="/-._~!$&'()*+,;=:@") or "/"
        asked = "/" + asked.lstrip("/\\")
        if query := environ.get("QUERY_STRING"):
            asked += f"?{query}"
        where = self._host_of(environ.get("HTTP_HOST", "")) + asked
        return _answer(start, "308 Permanent Redirect", where, ("Location", where))

    @property
    def _address(self) -> str:
        return self.reach.public_address if self.is_outside else self.reach.address

    def _host_of(self, host: str) -> str:
        """Where HTTPS is spoken, under the name that was typed where the certificate has it."""
        typed = urlsplit(f"//{host}").hostname if re.fullmatch(r"[\w.:\[\]-]+", host) else None
        if typed not in self.reach.names or typed == urlsplit(self._address).hostname:
            return self._address
        outside = self.reach.outside
        port = outside.port if self.is_outside and outside else self.reach.port
        shown = f"[{typed}]" if ":" in typed else typed
        return f"https://{shown}" + ("" if port == HTTPS else f":{port}")


def _is_for_outsiders(method: str, path: str) -> bool:
    return any(form.fullmatch(path) and method in ways for form, ways in FOR_OUTSIDERS.items())


def _answer(start: Start, status: str, sentence: str, *more: tuple[str, str]) -> Iterable[bytes]:
    body = f"{sentence}\n".encode()
    kept = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))]
    start(
        status, [*kept, ("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"), *more]
    )
    return [body]
