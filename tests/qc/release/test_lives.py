"""Whole lives of a product, played in any order: whatever is expired, held, rejected or rests on
something bad is never called usable, by anything that answers; and what is good is.

What is good is known here by itself: from what was done, by the clock, never by asking the product.
"""

from __future__ import annotations

import os
import shutil
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

import app as roof
from integrity import backups, verification
from integrity.acts import Act
from integrity.database import Database
from integrity.findings import Refused
from manufacturing.execution import batch_state
from qc.release import certificates
from stores import containers, fates
from stores.fates import FateFacts
from tests.makers import broken, donors, qc, release
from tests.makers.broken import BROKEN, correct_entry_of_suspension
from tests.makers.people import entry_id, sign_in
from tests.qc.conftest import find_finished
from tests.qc.release.test_specification_changes import STRICTER, TOO_STRICT, change, version
from tests.templates import Clock

HOLDS = {"albumin": timedelta(hours=4), "saline": timedelta(minutes=90)}
ALLOWED = "may be issued"
BY_HAND, OF_DONOR = "a hold by hand", "the donor"
CURED = {"is on hold": BY_HAND, "eligibility": OF_DONOR}
KINDS = sorted(BROKEN)


@dataclass
class Known:
    """What this test knows of the product: how far it is released, what holds it, what is bad,
    whether it is gone, and whether quality has yet to see that the database is an older one."""

    released: bool = False
    ended: bool = False
    held: bool = False
    gone: bool = False
    restored: bool = False
    doubted: bool = False  # given back, with a certificate that says what is no longer so
    changed: bool = False  # something was corrected since it was certified
    bad: set[str] = field(default_factory=set)
    past: set[str] = field(default_factory=set)  # what cannot happen to it any more
    expires: datetime | None = None

    def may_be_issued(self, at: datetime) -> bool:
        return self.is_certified(at) and not self.gone

    def is_certified(self, at: datetime) -> bool:
        """Whether its certificate is in force, wherever the product is by now."""
        return (
            self.released
            and not (self.ended or self.held or self.restored or self.doubted or self.bad)
            and self.expires is not None
            and at <= self.expires
        )


class Life(RuleBasedStateMachine):
    """One batch from its last result to its end."""

    template: Any  # set by the test
    count = 0

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(mkdtemp(prefix="cordbook-life-"))
        self.file = self.folder / "life.db"
        self.known = Known()

    @initialize(is_released=st.sampled_from([True, True, False]))
    def finished(self, is_released: bool) -> None:
        self._open(Clock(self.template.copy("finished", self.file).moment))
        self.known.expires = self._suspended() + HOLDS["albumin"]
        if is_released:
            self.release_stage_1()
            assert self.known.may_be_issued(self.clock())

    def _open(self, clock: Clock) -> None:
        self.database = Database(f"sqlite:///{self.file}")
        self.world = find_finished(self.database, clock)
        self.clock = clock
        site = roof.create_app(
            self.database, "not a secret: a test", clock=clock, address="http://cordbook.test",
            TESTING=False, PROPAGATE_EXCEPTIONS=False,
        )  # fmt: skip
        self.site, self.client = site, site.test_client()
        with self.database.reading() as session:
            [self.final] = containers.of_scope(session, self.world.batch.code, "final")

    def _suspended(self) -> datetime:
        with self.database.reading() as session:
            state = batch_state.read(session, self.world.batch.id)
            entry = next(each for each in state.current if each.step == "suspend")
            return datetime.fromisoformat(entry.values["finished"]["at"])

    def _do(self, deed: Any) -> bool:
        """One act of its own minute; False where it was refused and nothing became of it."""
        self.clock.advance(minutes=1)
        try:
            with self.database.writing() as session:
                deed(session)
        except Refused:
            return False
        return True

    def _decided(self, deed: str, by: str = "releaser") -> bool:
        try:
            self.world.decide(deed, by=by)
        except Refused:
            return False
        return True

    # What people do
    # ---------------------------------------------------------------------------------------------

    @rule(minutes=st.sampled_from([5, 40, 60, 200]))
    def wait(self, minutes: int) -> None:
        self.clock.advance(minutes=minutes)

    @rule()
    def review(self) -> None:
        by = self.world.people["qa"]
        self._do(lambda s: release.sign_review(s, self.world.batch, by=by, at=self.clock()))

    @rule()
    def release_stage_1(self) -> None:
        self.review()
        if self._decided("release_stage_1"):
            assert not self.known.bad and not self.known.ended
            self.known.released = True

    @rule(value=st.sampled_from(["no_growth", "no_growth", "growth"]))
    def late_result(self, value: str) -> None:
        deed = lambda s: release.culture_results(s, self.world, self.world.batch, value)  # noqa: E731
        if self._do(deed) and value == "growth":
            self._turned_bad("sterility")

    @rule()
    def release_final(self) -> None:
        self.review()
        if self._decided("release_final"):
            assert not self.known.bad
            self.known.doubted = self.known.changed = False

    @rule()
    def reissue(self) -> None:
        self.review()
        if self._decided("reissue"):
            assert not self.known.bad
            self.known.doubted = self.known.changed = False

    @rule(thing=st.sampled_from(KINDS))
    def something_turns_bad(self, thing: str) -> None:
        if thing in self.known.past:
            return
        if self._do(lambda s: BROKEN[thing].deed(s, self.world)):
            if "retired" in thing:
                self.known.past.add(thing)
            if "retired" in thing and self.known.released:
                self.known.held = True  # what is released on it is quality's to decide
            else:
                self._turned_bad(CURED.get(BROKEN[thing].says, thing))

    def _turned_bad(self, what: str) -> None:
        self.known.bad.add(what)
        self.known.held = self.known.held or self.known.released

    @rule()
    def every_hold_by_hand_is_lifted(self) -> None:
        if self._do(lambda s: broken.lift_every_hold(s, self.world)):
            self.known.bad.discard(BY_HAND)

    @rule()
    def the_donor_is_determined_again(self) -> None:
        def deed(session: Any) -> None:
            donor, _ = broken.donor_of(session, self.world)
            donors.determine(session, donor, by=self.world.people["qa"], at=self.clock())

        if self._do(deed):
            self.known.bad.discard(OF_DONOR)

    @rule()
    def qa_holds(self) -> None:
        if self._decided("hold", by="qa"):
            self.known.held = True

    @rule()
    def qa_lifts(self) -> None:
        if self._decided("resume", by="qa"):
            assert not self.known.bad
            self.known.held = False
            self.known.doubted = self.known.released and self._is_doubted()
            assert self.known.doubted or not (self.known.changed and self.known.released)

    def _is_doubted(self) -> bool:
        with self.database.reading() as session:
            found = certificates.of_batch(session, self.world.batch.id)[-1:]
            return "under_review" in certificates.states_of(session, found).values()

    @rule(deed=st.sampled_from(["reject", "withdraw"]))
    def it_ends(self, deed: str) -> None:
        if self._decided(deed):
            self.known.ended = True

    @rule()
    def the_formulation_was_saline_alone(self) -> None:
        if self._do(lambda s: correct_entry_of_suspension(s, self.world, formulation="saline")):
            self.known.expires = self._suspended() + HOLDS["saline"]
            self.known.changed = self.known.released
            self.known.held = self.known.held or self.known.released

    @rule(data=st.sampled_from([STRICTER, TOO_STRICT]))
    def another_specification_judges_it(self, data: bytes) -> None:
        made = []
        if self._do(lambda s: made.append(version(s, self.world, data))):
            self.known.past.add("the specification is retired")  # another one is in force
            judged = self._do(lambda s: change(s, self.world, made[0]))
            if judged and data == TOO_STRICT:
                self._turned_bad("viability by the other specification")

    @rule(fate=st.sampled_from(["issued", "issued", "destroyed"]))
    def it_leaves(self, fate: str) -> None:
        """Two people; what one recorded and the other may not sign is withdrawn."""
        was_gone, made = self.known.gone, []
        said = FateFacts(self.final.code, fate, None, "Ward 7", broken.WHY)
        recorded = self._do(lambda s: made.append(fates.record(self._act(s, "technician"), said)))
        left = recorded and self._do(lambda s: self._confirm(s, made[0]))
        if fate == "issued":
            assert left == self.known.may_be_issued(self.clock())
        if recorded and not left:
            words = {"reason": broken.WHY}
            self._do(lambda s: fates.withdraw(self._act(s, "technician"), made[0].id, **words))
        self.known.gone = was_gone or left

    def _act(self, session: Any, who: str) -> Act:
        return Act(session, self.world.people[who], self.clock(), entry_id=entry_id())

    def _confirm(self, session: Any, made: Any) -> None:
        shown = fates.facts_of(session, made.id, self.clock())
        fates.confirm(self._act(session, "qa"), made.id, seal=qc.seal(shown))

    @rule(thing=st.sampled_from(KINDS))
    def an_older_database_comes_back(self, thing: str) -> None:
        """A backup, then something turns bad, then the backup in the database's place."""
        kept = self.folder / f"backup-{self.clock():%Y%m%dT%H%M%S}.db"
        known = deepcopy(self.known)
        backups.backup(self.database, kept)
        self.something_turns_bad(thing)
        self.database.close()
        backups.restore(kept, self.file, at=self.clock())
        kept.unlink()
        self.known = known
        self.known.restored = True
        self._open(self.clock)

    @rule()
    def quality_judges_the_restore(self) -> None:
        if self.known.restored:
            self._do(lambda s: backups.judge_restore(self._act(s, "qa"), reason=broken.WHY))
            self.known.restored = False

    # What everything says
    # ---------------------------------------------------------------------------------------------

    @invariant()
    def nothing_calls_usable_what_may_not_be_used(self) -> None:
        scanned = self._seen(f"/containers/{self.final.code}?scanned=1")
        if self.known.may_be_issued(self.clock()):
            assert ALLOWED in scanned and "band-accepted" in scanned
            return
        newest = self._newest_certificate()
        public = self.site.test_client().get(f"/c/{newest}").get_data(as_text=True)
        assert ("CURRENT" in public) == self.known.is_certified(self.clock())
        for page in [scanned] if self.known.is_certified(self.clock()) else [scanned, public]:
            assert ALLOWED not in page and "band-accepted" not in page

    def _seen(self, path: str) -> str:
        """A page as QA sees it, who signs in again when the tablet has locked itself."""
        answer = self.client.get(path)
        if answer.status_code != 200:
            sign_in(self.client, "qa1")
            answer = self.client.get(path)
        assert answer.status_code == 200
        return answer.get_data(as_text=True)

    def _newest_certificate(self) -> str | None:
        with self.database.reading() as session:
            found = certificates.of_batch(session, self.world.batch.id)
            return found[-1].token if found else None

    def teardown(self) -> None:
        if hasattr(self, "database"):
            with self.database.reading() as session:
                assert verification.verify(session).faults == []
            self.database.close()
        shutil.rmtree(self.folder)


@pytest.mark.slow
@pytest.mark.req("REL-03")
def test_no_life_of_a_product_ends_in_a_word_too_many(templates):
    Life.template = templates
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=int(os.environ.get("CORDBOOK_LIVES", "8")),  # a night takes thousands
            stateful_step_count=10,
            deadline=None,
            derandomize="CORDBOOK_LIVES" not in os.environ,
            suppress_health_check=list(HealthCheck),
        ),
    )
