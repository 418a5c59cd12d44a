"""What a process keeps of records between two transactions, so that it need not read them again.

What stands here was folded from rows that were committed. Whoever takes it down proves that it is
still what the tables hold, by asking for whatever is newer."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Any

ROOM = 64  # things kept; what was not used for longest goes first


class Shelf:
    """Shared by the threads of a process: what stands on it is never changed, only replaced."""

    def __init__(self, room: int = ROOM) -> None:
        self._room = room
        self._things: OrderedDict[Any, Any] = OrderedDict()
        self._turn = threading.Lock()

    def find(self, name: Any) -> Any:
        """What stands under a name, or None."""
        with self._turn:
            if name in self._things:
                self._things.move_to_end(name)
            return self._things.get(name)

    def put(self, name: Any, thing: Any) -> None:
        with self._turn:
            self._things[name] = thing
            self._things.move_to_end(name)
            while len(self._things) > self._room:
                self._things.popitem(last=False)


class Handed:
    """The shelf as one transaction sees it: what it puts there stands only once it is committed."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._waiting: dict[Any, Any] = {}

    def find(self, name: Any) -> Any:
        return self._waiting.get(name) or self._shelf.find(name)

    def put(self, name: Any, thing: Any) -> None:
        self._waiting[name] = thing

    def hand_over(self) -> None:
        for name, thing in self._waiting.items():
            self._shelf.put(name, thing)
        self._waiting = {}
