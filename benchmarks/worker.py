"""One work on one build, in a process of its own: worker.py ROOT FOLDER WORK [JSON].

Run by path with that build's Python. This package is found here, every other one in ROOT. Prints
one JSON line a figure: [key, value].
"""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path


def main(root: str, folder: str, work: str, words: str = "{}") -> None:
    sys.path[0] = str(Path(__file__).resolve().parents[1])
    import_module("benchmarks")
    sys.path[0] = root
    shape = import_module("benchmarks.shapes").of(Path(root))
    room, name = work.split(".")
    deed = getattr(import_module(f"benchmarks.{room}"), name)
    for key, value in deed(shape, Path(folder), **json.loads(words)):
        print(json.dumps([key, value]), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
