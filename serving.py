"""Serving: the port, the demonstration laboratory on a first start, the server and its greeting."""

from __future__ import annotations

import errno
import gc
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn, Protocol
from urllib.parse import urlsplit

from integrity import VERSION, anchors, attachments, authority, clock, outbox, site, trail
from integrity.clock import server_clock
from integrity.database import Database
from integrity.installation import Place, Sentence, held, is_new, make, opened, place, secret
from integrity.post import Post, read_post
from integrity.reach import Reach, is_loopback
from people import reminders

if TYPE_CHECKING:
    from connections import Encryption, Server

THREADS = 8
SIGN_INS = "demonstration-sign-ins.txt"


class Laboratory(Protocol):
    """What loading the demonstration gives.

    (role, user name, password) of each sign-in, and the signed certificate.
    """

    sign_ins: Sequence[tuple[str, str, str]]
    certificate: bytes
    certificate_name: str


def say(text: str) -> None:
    print(text, flush=True)


def serve(create_app: Callable[..., Any]) -> None:
    """Serve until the process is told to stop; raises Sentence for what keeps it from starting."""
    here = place()
    post, outside = read_letters(), places()
    with ready(here), opened(here) as database:
        app = application(create_app, database, here, post)
        _serve(app, database, here, post, outside)


@contextmanager
def ready(here: Place) -> Iterator[None]:
    """Hold the installation, fit to be served: made where nothing is, brought up to date.

    On PostgreSQL others may serve it too, from the same data directory; what may be done by one
    alone (a first demonstration, the sweeping of attached files) is done by whoever is alone.
    """
    _refuse_occupied(here.reach)
    why_not = "stop that one first, or name another data directory in CORDBOOK_DATA."
    with held(here, why_not, with_others=here.file is None) as hold:
        if is_new(here):
            _make_demonstration(here)
        with opened(here) as database:
            _refuse_empty(database, here)
            clock.begin(database, server_clock)
            if hold.is_alone:
                _sweep(database, here)
        if here.file is None:
            hold.share()
        yield


def application(
    create_app: Callable[..., Any], database: Database, here: Place, post: Post | None
) -> Any:
    """The application as one process serves it, which knows how others reach it."""
    return create_app(
        database,
        secret(here),
        cabinet=here.cabinet,
        POST=post,
        address=here.reach.address,
        PUBLIC_ADDRESS=here.reach.public_address,
        AUTHORITY=authority.authority_file(here.data),
        PLACE=here,
    )


def _sweep(database: Database, here: Place) -> None:
    """Files of acts that did not come about are set aside, while nobody brings one."""
    with database.reading() as reading:
        for sha256 in here.cabinet.sweep(attachments.known(reading)):
            say(f"The attached file {sha256} is on no record and was set aside.")


def read_letters() -> Post | None:
    try:
        return read_post(os.environ)
    except ValueError as fault:
        raise Sentence(str(fault)) from None


def places() -> anchors.Places:
    try:
        return anchors.read_places(os.environ)
    except ValueError as fault:
        raise Sentence(str(fault)) from None


def _refuse_occupied(reach: Reach) -> None:
    for host, port, _ in where(reach):
        _refuse_if_occupied(host, port)


def _refuse_if_occupied(host: str, port: int) -> None:
    try:
        family, kind, *_, bound = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(bound)
    except OSError as fault:
        if fault.errno == errno.EADDRINUSE:
            raise Sentence(
                f"Port {port} is occupied: stop what uses it, or choose another one, for "
                "example "
                f"PORT={port + 1 if port < 65535 else 8000} ./run."
            ) from None
        raise Sentence(
            f"Port {port} of {host} cannot be used ({fault.strerror}): choose another one with "
            "PORT, or another address with HOST."
        ) from None


def _make_demonstration(here: Place) -> None:
    from demonstration import laboratory

    say("Making the demonstration laboratory, once.")
    report: Laboratory = make(
        here, lambda database: laboratory.load(database, here.reach.public_address, server_clock())
    )
    (here.data / report.certificate_name).write_bytes(report.certificate)
    lines = [
        f"{role:<26} {username:<18} {password}" for role, username, password in report.sign_ins
    ]
    with os.fdopen(
        os.open(here.data / SIGN_INS, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w"
    ) as kept:
        kept.write("\n".join(lines) + f"\n\nCertificate: {here.data / report.certificate_name}\n")


def _refuse_empty(database: Database, here: Place) -> None:
    with database.reading() as reading:
        if trail.head(reading)[0] == 0:
            raise Sentence(
                f"The database {here.file or 'on PostgreSQL'} is there but empty: put a backup "
                "in its place with "
                "./run restore FILE, or remove it and start again."
            )


def _serve(
    app: Any, database: Database, here: Place, post: Post | None, outside: anchors.Places
) -> None:
    servers = listening(app, here.reach)
    greet(here, database, servers[0].effective_port)
    helpers = start_helpers(app, database, post, outside)
    signal.signal(signal.SIGTERM, _stop)
    gc.collect()
    gc.freeze()  # what a start has loaded stays: no later collection looks through it
    try:
        servers[0].run()
    finally:
        for server in servers:
            server.close()
        for helper in helpers:
            helper.set()


def start_helpers(
    app: Any, database: Database, post: Post | None, outside: anchors.Places
) -> list[threading.Event]:
    """The threads that send mails and put heads outside, each until its event is set."""
    helpers = []
    if post:
        said = app.config
        kinds = reminders.Kinds(said["QUEUES"], said["DUE"], said["ADDRESS"])
        helpers.append(outbox.start_postman(database, post, server_clock))
        helpers.append(reminders.start(database, post, kinds, server_clock))
    return helpers + ([anchors.start(database, outside, server_clock)] if outside else [])


def where(reach: Reach) -> list[tuple[str, int, bool]]:
    """(host, port, whether for outsiders) of every address that is listened on, the site's first:
    then the one that leads plain HTTP on, and the one for outsiders."""
    found = [(reach.host, reach.port, False)]
    if reach.plain_port is not None:
        found.append((reach.host, reach.plain_port, False))
    if reach.outside:
        found.append((reach.outside.host, reach.outside.port, True))
    return found


def listening(app: Any, reach: Reach, sockets: Sequence[socket.socket] = ()) -> list[Server]:
    """The servers of one process, which share its threads: one for each address, or for the sockets
    that listen there already. Raises Sentence for a certificate that will not do."""
    from waitress.task import ThreadedTaskDispatcher  # here: other commands need no server

    from connections import Server
    from gateway import Gateway

    shared: dict[str, Any] = {
        "map": {},
        "dispatcher": ThreadedTaskDispatcher(),
        "proxies": reach.proxies,
        "encryption": _encryption(reach),
        "ident": "Cordbook",
        "clear_untrusted_proxy_headers": False,  # the gateway reads and takes them away
        "max_request_body_size": 12 * 1024 * 1024,
    }
    shared["dispatcher"].set_thread_count(THREADS)
    servers = []
    for number, (host, port, is_outside) in enumerate(where(reach)):
        gate = Gateway(app, reach, is_outside)
        bound = _bound(sockets[number]) if sockets else {"host": host, "port": port}
        servers.append(Server(gate, **bound, **shared))
    return servers


def _bound(taken: socket.socket) -> dict[str, Any]:
    """How a server is told of a socket that is bound already."""
    info = (taken.family, taken.type, taken.proto, taken.getsockname())
    return {"_sock": taken, "sockinfo": info, "bind_socket": False}


def _encryption(reach: Reach) -> Encryption | None:
    if not reach.pair:
        return None
    from connections import Encryption

    try:
        return Encryption(reach.pair)
    except OSError as fault:
        raise Sentence(
            f"The certificate {reach.pair.certificate} and the key {reach.pair.key} cannot be used "
            f"({fault}): name those that belong together, or make them with ./run certificate NAME."
        ) from None


def _stop(*_: Any) -> NoReturn:
    raise SystemExit(0)  # the server lets the requests under way end


def _spoken(reach: Reach, port: int) -> str:
    """The address to open on this machine; the one others type where others reach it."""
    if reach.pair or not reach.is_here_only:
        return reach.address
    shown = f"[{reach.host}]" if ":" in reach.host else reach.host
    return f"http://{shown}:{port}"


def greet(here: Place, database: Database, port: int) -> None:
    with database.reading() as reading:
        demonstration = site.settings(reading)["demonstration"] == "yes"
    say(f"Cordbook {VERSION} serves at {_spoken(here.reach, port)}")
    if is_loopback(urlsplit(here.reach.address).hostname or ""):
        say(
            "Codes on paper point to this machine only and will not resolve elsewhere: set "
            "CORDBOOK_URL to the address others use."
        )
    if demonstration and (here.data / SIGN_INS).exists():
        say(f"DEMONSTRATION, not for human use. Sign in as (kept in {here.data / SIGN_INS}):\n")
        say((here.data / SIGN_INS).read_text())
    say("Stop it with Ctrl-C.")
