"""A real time-stamping authority on loopback: OpenSSL answers, with a certificate made for it."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

CONFIG = """
[tsa]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/signer.pem
{certs}
signer_key = {folder}/signer.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_chain = no
ess_cert_id_alg = sha256
[stamping]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[root]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
"""


@dataclass(frozen=True)
class Authority:
    address: str
    roots: Path


def openssl(*words: str) -> None:
    subprocess.run(["openssl", *words], check=True, capture_output=True)


def _make(folder: Path, name: str, with_root: bool) -> None:
    """A root and the certificate of a signer that may stamp times and nothing else."""
    certs = f"certs = {folder}/root.pem" if with_root else ""
    (folder / "tsa.conf").write_text(CONFIG.format(folder=folder, certs=certs))
    (folder / "serial").write_text("01\n")
    conf = str(folder / "tsa.conf")
    key = ("-newkey", "rsa:2048", "-nodes")
    root = ("-keyout", f"{folder}/root.key", "-out", f"{folder}/root.pem", "-days", "30")
    subject = ("-subj", f"/CN={name} root")
    openssl("req", "-x509", *key, *root, *subject, "-config", conf, "-extensions", "root")
    wanted = ("-keyout", f"{folder}/signer.key", "-out", f"{folder}/signer.csr")
    openssl("req", *key, *wanted, "-subj", f"/CN={name}", "-config", conf)
    openssl(
        *("x509", "-req", "-in", f"{folder}/signer.csr", "-out", f"{folder}/signer.pem"),
        *("-CA", f"{folder}/root.pem", "-CAkey", f"{folder}/root.key", "-CAcreateserial"),
        *("-days", "30", "-extfile", conf, "-extensions", "stamping"),
    )
    signer = (folder / "signer.pem").read_text()
    (folder / "roots.pem").write_text((folder / "root.pem").read_text() + signer)


@contextmanager
def running(
    folder: Path, name: str = "Time authority", *, with_root: bool = False
) -> Iterator[Authority]:
    """`with_root` sends the root beside the signer's certificate, in OpenSSL's own order."""
    _make(folder, name, with_root)
    turn = threading.Lock()

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = self.rfile.read(int(self.headers["Content-Length"]))
            with turn:
                (folder / "query.tsq").write_bytes(asked)
                openssl(
                    *("ts", "-reply", "-queryfile", f"{folder}/query.tsq"),
                    *("-out", f"{folder}/reply.tsr"),
                    *("-config", f"{folder}/tsa.conf", "-section", "tsa"),
                )
                said = (folder / "reply.tsr").read_bytes()
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield Authority(f"http://127.0.0.1:{server.server_port}/", folder / "roots.pem")
    finally:
        server.shutdown()
        server.server_close()
