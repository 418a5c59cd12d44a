"""A shift at the bench.

A batch worked on through its pages, step after step, with the figures of the demonstration.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from demonstration.culture import Bench, choose, entries_for, left_out_at
from manufacturing.execution import batch_state
from manufacturing.execution.batch_state import BatchState
from manufacturing.execution.batches import Batch
from manufacturing.execution.rules.sequence import Position
from tests.journeys.site import Site
from tests.journeys.tablet import Tablet

STEP = re.compile(r"/batches/\w+/steps/(\w+)/(\d+)/(\w+)/(\d+)")
AWAY = timedelta(hours=1)  # after which the tablet is asked for anew: it may have locked itself


@dataclass
class Shift:
    """Who works on what: the first person's tablet, the figures, and who the second person is."""

    site: Site
    tablet: Tablet
    batch: Batch
    bench: Bench
    second: str = "verifier1"
    away: timedelta = AWAY

    def work(self) -> Iterator[Position]:
        """Do what is next until the batch is complete; gives every position that was recorded."""
        self.tablet.open(f"/batches/{self.batch.code}/next")
        while True:
            path = self.tablet.path
            if path.endswith("/next"):
                path = self._chosen()
            if match := STEP.fullmatch(path):
                yield self._record(Position(match[1], int(match[2]), match[3], int(match[4])))
            elif path.endswith("/verify"):
                self._verify()
            elif path.endswith("/sign"):
                self.site.clock.wait(timedelta(minutes=4))
                self.tablet.sign()
            else:
                return

    @property
    def now(self) -> BatchState:
        with self.site.database.reading() as reading:
            return batch_state.gather(reading, self.batch.id)

    def _chosen(self) -> str:
        position = choose(self.now.open.steps, self.bench)
        self.tablet.open(
            f"/batches/{self.batch.code}/steps/{position.stage}/{position.cycle}/{position.step}/{position.turn}"
        )
        return self.tablet.path

    def _record(self, position: Position) -> Position:
        path, span = self.tablet.path, self.bench.span_before(position)
        self.site.clock.wait(span)
        if span > self.away:
            self.tablet.open(path)
        if reason := left_out_at(self.bench, position):
            self.tablet.fill({"not_applicable": reason})
            self.tablet.press("not applicable")
        else:
            typed = entries_for(self.bench, self.now, position)
            comment = self.bench.changed(position).get("comment")
            self.tablet.fill(typed | ({"comment": comment} if comment else {}))
            if (position.step, position.turn) == ("wash", 2):
                self.tablet.look("bench")
            self.tablet.press()
        assert "Recorded" in self.tablet.text, f"{position}: {self.tablet.text}"
        return position

    def _verify(self) -> None:
        """The second person signs on the tablet of the first, whose session and work are there
        afterwards.
        """
        self.site.clock.wait(timedelta(minutes=3))
        name = self.tablet.signed_in
        self.tablet.sign(self.second)
        assert self.tablet.signed_in == name
        assert "/verify" not in self.tablet.path, self.tablet.text
