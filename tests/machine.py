"""What the machine has: programs and servers that tests borrow.

What is missing is left out, or fails under --all.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import Any, NoReturn

import pytest

ALL = os.environ.get("CORDBOOK_TEST_ALL") == "1"


def leave_out(what: str) -> NoReturn:
    """Skip this test because the machine lacks something; under --all that is a failure."""
    if ALL:
        pytest.fail(f"{what} is missing on this machine and --all wants everything.")
    pytest.skip(f"{what} is missing")


def roomy_memory() -> str | None:
    """The folder that lies in memory, where a database server's files are made and thrown away in a
    third of the time; None where the machine has none or it is small.
    """
    folder = "/dev/shm"
    has_room = os.path.isdir(folder) and shutil.disk_usage(folder).free > 4 * 2**30
    return folder if has_room else None


def program(*words: str, **more: Any) -> subprocess.CompletedProcess[Any]:
    """Run a program of the machine and give what it wrote."""
    if not shutil.which(words[0]):
        leave_out(words[0])
    return subprocess.run(words, check=True, capture_output=True, **more)


def words_of(pdf: bytes) -> str:
    """Everything that can be read on a paper, one space between."""
    return " ".join(program("pdftotext", "-layout", "-", "-", input=pdf).stdout.decode().split())
