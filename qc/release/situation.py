"""What decides on a release: one batch as the law of review and release looks at it. Pure: facts
and what follows from them by themselves.

A gate is "initial" (stage 1) or "final"."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from integrity.facts import Fact
from qc.laboratory.rules.line_status import LineStatus
from qc.laboratory.rules.pulled import InProcess, PulledTest
from qc.laboratory.rules.results import CONFORMS
from qc.release.product import NO_PRODUCT, Product
from stores import standing
from stores.rules import Disposition
from stores.standing import Word


class Gate(enum.StrEnum):
    """The two releases of a batch: while late tests are pending, and the last one."""

    INITIAL = "initial"
    FINAL = "final"


INITIAL: str = Gate.INITIAL
FINAL: str = Gate.FINAL
BEFORE_FINAL = (
    Disposition.QUARANTINE,
    Disposition.UNDER_REVIEW,
    Disposition.ON_HOLD,
    Disposition.RELEASED_STAGE_1,
)
RELEASED_AT = {INITIAL: Disposition.RELEASED_STAGE_1, FINAL: Disposition.RELEASED}
# what may be given to somebody
RELEASED = (*RELEASED_AT.values(), Disposition.EXCEPTIONAL_SUPPLY)
HOLDABLE = (Disposition.QUARANTINE, Disposition.UNDER_REVIEW, *RELEASED)
# from which dispositions each gate may be signed
OPEN_TO = {
    INITIAL: (Disposition.UNDER_REVIEW,),
    FINAL: (Disposition.UNDER_REVIEW, Disposition.RELEASED_STAGE_1),
}


@dataclass(frozen=True)
class Waiting:
    """Something of the batch record that is still to be done.

    A step, its second person, or a sign-off.
    """

    what: str
    place: Fact


@dataclass(frozen=True)
class DeviationFacts:
    """A deviation as release looks at it; `decision` is continue, reject or empty."""

    code: str
    what: Fact
    place: Fact
    classification: str
    state: str
    decision: str


@dataclass(frozen=True)
class UsedLot:
    """A lot that an entry which stands names: where it stands itself, and where it was used."""

    code: str
    material: str
    state: str
    place: Fact


@dataclass(frozen=True)
class HeldThing:
    """A hold by hand in force on something that the batch rests on: its kind (a table), its code,
    what it is called, and who said why.
    """

    kind: str
    code: str
    what: Fact
    reason: str
    name: str


@dataclass(frozen=True)
class Observed:
    """An observation of which QA has not said yet what it is."""

    key: str
    what: Fact
    said: str
    name: str


@dataclass(frozen=True)
class LabelsPrinted:
    """Labels that were printed after they were reconciled: where, how many then, how many now."""

    place: Fact
    reconciled: int
    printed: int


@dataclass(frozen=True)
class UntrueLabel:
    """A final container whose label says another use-by than its record: its code, what stands on
    the label (None: nothing) and what should (None: it is not known)."""

    code: str
    printed: datetime | None
    until: datetime | None


@dataclass(frozen=True)
class Start:
    """When processing started after the birth, the limit, whether QA has judged a late start."""

    after: timedelta
    limit: timedelta
    judged: bool


@dataclass(frozen=True)
class ReviewFacts:
    """QA's newest review: who, shown when, and what was recorded after it."""

    username: str
    name: str
    at: str
    since: Sequence[Fact] = ()


@dataclass(frozen=True)
class ReleaseFacts:
    """Everything that decides on a release.

    `held_from` is where a batch on hold stood before, `held_for` why it is held; both are empty for
    any other.
    """

    execution: str
    disposition: str
    eligibility: str
    cord_code: str
    cord_standing: str
    start: Start | None
    specification: str
    lines: Sequence[LineStatus]
    waiting: Sequence[Waiting] = ()
    labels: Sequence[LabelsPrinted] = ()
    untrue_labels: Sequence[UntrueLabel] = ()
    deviations: Sequence[DeviationFacts] = ()
    clock_trusted: bool = True
    restore_seen: bool = True
    invalid_signatures: Sequence[str] = ()
    review: ReviewFacts | None = None
    reviewers: frozenset[str] = frozenset()  # of every review, not of the newest alone
    performers: frozenset[str] = frozenset()
    judges: frozenset[str] = frozenset()  # of critical deviations
    wants_two: frozenset[str] = frozenset()  # for what the site wants two people (`TwoPersons`)
    lots: Sequence[UsedLot] = ()
    pulled: Sequence[PulledTest] = ()
    in_process: Sequence[InProcess] = ()
    equipment: Sequence[str] = ()
    containers: Sequence[str] = ()
    holds: Sequence[HeldThing] = ()
    observed: Sequence[Observed] = ()
    product: Product = NO_PRODUCT
    paper_doubted: bool = False  # its certificate is under review
    held_from: str = ""
    held_for: Fact = ""

    @property
    def gate(self) -> str:
        """What is next.

        The final gate once stage 1 is signed or nothing is pending, else the initial one.
        """
        is_at_stage_1 = self.disposition == Disposition.RELEASED_STAGE_1
        return FINAL if is_at_stage_1 else self.review_gate

    @property
    def review_gate(self) -> str:
        """What a review looks at: the initial gate as long as late results are awaited."""
        late = [
            line
            for line in self.lines
            if line.line.gate == FINAL and line.line.required and line.state != CONFORMS
        ]
        return INITIAL if late else FINAL

    @property
    def passed(self) -> str:
        """The gate that a released batch has passed, on hold or not; the initial one for others."""
        return FINAL if Disposition.RELEASED in (self.disposition, self.held_from) else INITIAL

    @property
    def words(self) -> list[Word]:
        """The words of the batch and its product, the strongest first."""
        in_doubt = not (self.clock_trusted and self.restore_seen)
        product = self.product
        return standing.words(
            self.disposition,
            product.has_expired,
            in_doubt,
            fate=product.became,
            doubted=self.paper_doubted,
        )

    @property
    def is_released(self) -> bool:
        """Whether either gate is passed and nothing has held the batch since."""
        return self.disposition in RELEASED_AT.values()

    @property
    def is_held_release(self) -> bool:
        """Whether the batch was released and something has held it since."""
        return self.disposition == Disposition.ON_HOLD and self.held_from in RELEASED

    @property
    def can_be_rejected(self) -> bool:
        """Whether the batch stands anywhere before the final release."""
        return self.disposition in BEFORE_FINAL

    @property
    def can_be_held(self) -> bool:
        """Whether QA may put the batch on hold: it is neither held already nor decided against."""
        return self.disposition in HOLDABLE

    @property
    def can_be_withdrawn(self) -> bool:
        """Whether the batch is released, or on hold."""
        return self.is_released or self.disposition == Disposition.ON_HOLD
