"""`verify` as a command: lines a second, lines a CPU second, peak memory of all its processes."""

from __future__ import annotations

import os
import subprocess
import time

from benchmarks import data as folders
from benchmarks.builds import Build, Failed, environment
from benchmarks.stopwatch import Figures, resident_together

LOOKED_EVERY = 0.05  # seconds


def verification(build: Build, *, size: int) -> Figures:
    """The whole chain and every row, its start included."""
    data = folders.read(build.data(size))
    begun = time.perf_counter()
    process = subprocess.Popen(
        [build.python, build.root / "app.py", "verify"],
        cwd=build.root,
        env=environment(CORDBOOK_DATA=str(data.folder)),
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    peak = 0.0
    while True:
        pid, status, used = os.wait4(process.pid, os.WNOHANG)
        if pid:
            break
        peak = max(peak, resident_together(process.pid))
        time.sleep(LOOKED_EVERY)
    spent = time.perf_counter() - begun
    assert process.stdout
    with process.stdout:
        said = process.stdout.read()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise Failed(f"verify of {build.name} says: {said.strip().splitlines()[-1:]}")
    yield "verify-cpu-rate", data.rows / (used.ru_utime + used.ru_stime)
    yield "verify-rate", data.rows / spent
    yield "verify-memory", max(peak, used.ru_maxrss / 1024)
