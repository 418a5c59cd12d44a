"""A small reverse proxy for tests: it speaks HTTPS, says for whom it asks, and takes the next node
where one does not answer."""

from __future__ import annotations

import http.client
import itertools
import socket
import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "upgrade", "te", "trailer"}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    nodes: Sequence[int]
    turn: Iterator[int]
    took: dict[int, int]

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {
            name: text for name, text in self.headers.items() if name.lower() not in HOP_BY_HOP
        }
        before = self.headers.get("X-Forwarded-For")
        who = self.client_address[0]
        headers["X-Forwarded-For"] = f"{before}, {who}" if before else who
        headers["X-Forwarded-Proto"] = "https"
        first = next(self.turn)
        for place in range(len(self.nodes)):
            node = self.nodes[(first + place) % len(self.nodes)]
            try:
                with socket.create_connection(("127.0.0.1", node), timeout=2):
                    pass
            except OSError:
                continue  # not there: nothing was sent to it
            return self._passed_on(node, body, headers)
        self.send_error(502)

    do_POST = do_GET

    def _passed_on(self, node: int, body: bytes, headers: dict[str, str]) -> None:
        """What was sent to a node and not answered is not sent again by the proxy: 502."""
        client = http.client.HTTPConnection("127.0.0.1", node, timeout=30)
        try:
            client.request(self.command, self.path, body, headers)
            answer = client.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException):
            self.send_error(502)
            return
        finally:
            client.close()
        self.took[node] = self.took.get(node, 0) + 1
        self.send_response(answer.status)
        for name, text in answer.getheaders():
            if name.lower() not in HOP_BY_HOP | {"content-length", "server", "date"}:
                self.send_header(name, text)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        pass  # a client that hung up


@contextmanager
def proxy(nodes: Sequence[int], pair: Path) -> Iterator[tuple[int, dict[int, int]]]:
    """Gives its port, and how many requests each node has answered."""
    took: dict[int, int] = {}
    words = {"nodes": nodes, "turn": itertools.count(), "took": took}
    server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), words))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_address[1], took
    finally:
        server.shutdown()
        server.server_close()
