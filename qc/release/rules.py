"""The law of review and release: what blocks, item by item, and who may sign. Pure: facts in, items
and findings out.

Every unmet item blocks by itself and names itself (REL-03); a gate is "initial" (stage 1) or
"final"."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from integrity import reasons
from integrity.deviations import Decision, DeviationState
from integrity.facts import ENGLISH, Fact, Reader, code, instant, listed, sentence, span, word
from integrity.findings import Finding, blocks
from integrity.words import class_word, state_word
from manufacturing.donation.rules.cords import CordState
from manufacturing.donation.rules.donors import Eligibility
from manufacturing.execution.rules.batches import ExecutionState
from qc.laboratory.rules.line_status import MISSING, NOT_REVIEWED, LineStatus
from qc.laboratory.rules.results import CONFORMS, FAILS, INCONCLUSIVE
from qc.release.product import NO_PRODUCT, Product
from qc.release.rule_ids import ReleaseRule
from qc.release.words import ReleaseWord
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
    place: str


@dataclass(frozen=True)
class DeviationFacts:
    """A deviation as release looks at it; `decision` is continue, reject or empty."""

    code: str
    what: Fact
    place: str
    classification: str
    state: str
    decision: str


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
    since: Sequence[str] = ()


@dataclass(frozen=True)
class ReleaseFacts:
    """Everything that decides on a release."""

    execution: str
    disposition: str
    eligibility: str
    cord_code: str
    cord_standing: str
    start: Start | None
    specification: str | None
    lines: Sequence[LineStatus]
    waiting: Sequence[Waiting] = ()
    deviations: Sequence[DeviationFacts] = ()
    clock_trusted: bool = True
    restore_seen: bool = True
    invalid_signatures: Sequence[str] = ()
    review: ReviewFacts | None = None
    performers: frozenset[str] = frozenset()
    product: Product = NO_PRODUCT

    @property
    def gate(self) -> str:
        """What is next.

        The final gate once stage 1 is signed or nothing is pending, else the initial one.
        """
        late = [
            line
            for line in self.lines
            if line.line.gate == FINAL and line.line.required and line.state != CONFORMS
        ]
        return INITIAL if late and self.disposition != Disposition.RELEASED_STAGE_1 else FINAL

    @property
    def words(self) -> list[Word]:
        """The words of the batch and its product, the strongest first."""
        return standing.words(self.disposition, self.product.has_expired)

    @property
    def is_released(self) -> bool:
        """Whether either gate is passed and nothing has held the batch since."""
        return self.disposition in RELEASED_AT.values()

    @property
    def can_be_rejected(self) -> bool:
        """Whether the batch stands anywhere before the final release."""
        return self.disposition in BEFORE_FINAL

    @property
    def can_be_withdrawn(self) -> bool:
        """Whether the batch is released, or on hold."""
        return self.is_released or self.disposition == Disposition.ON_HOLD


@dataclass(frozen=True)
class Item:
    """One thing that blocks: the rule with its facts, where, and the page that cures it as
    (kind, key) with the word of its link.

    The message of its rule has two parts: the headline says what it is, the story what to do.
    """

    rule: ReleaseRule
    parameters: Mapping[str, Fact] = field(default_factory=dict)
    place: str = ""
    cure: tuple[str, str] = ("batch", "")
    label: str = "Open"

    def headline(self, reader: Reader = ENGLISH) -> str:
        return sentence(f"{self.rule}.headline", self.parameters, reader)

    def story(self, reader: Reader = ENGLISH) -> str:
        return sentence(f"{self.rule}.story", self.parameters, reader)

    @property
    def finding(self) -> Finding:
        return Finding(self.rule, parameters=self.parameters)


# What blocks
# -------------------------------------------------------------------------------------------------


def blocking(facts: ReleaseFacts, gate: str) -> list[Item]:
    """Everything that blocks release at a gate, whoever signs."""
    return [*before_review(facts, gate), *_review(facts)]


def before_review(facts: ReleaseFacts, gate: str) -> list[Item]:
    """Everything that blocks QA's review as well: what is missing, open or failing."""
    return [
        *_integrity(facts),
        *_record(facts),
        *_deviations(facts),
        *_results(facts, gate),
        *_origin(facts),
        *_product(facts),
    ]


def _integrity(facts: ReleaseFacts) -> Iterator[Item]:
    if not facts.clock_trusted:
        yield Item(ReleaseRule.CLOCK_NOT_JUDGED, {}, "Server", ("site", ""))
    if not facts.restore_seen:
        yield Item(ReleaseRule.RESTORE_NOT_JUDGED, {}, "Server", ("site", ""))
    for place in facts.invalid_signatures:
        yield Item(ReleaseRule.SIGNATURE_INVALID, {}, place, ("trail", ""), "Trail")


def _product(facts: ReleaseFacts) -> Iterator[Item]:
    """Nothing is released that nobody may be given any more.

    What was released was given in its time: its late results are certified, its paper may be
    issued anew.
    """
    if not facts.is_released:
        yield from (Item(rule, told, "Product") for rule, told in facts.product.against())


WAITS = {
    "step": ReleaseRule.STEP_WAITS,
    "verify": ReleaseRule.SECOND_PERSON_WAITS,
    "sign": ReleaseRule.SIGN_OFF_WAITS,
}


def _record(facts: ReleaseFacts) -> Iterator[Item]:
    if facts.execution == ExecutionState.TERMINATED:
        yield Item(ReleaseRule.BROKEN_OFF, {}, "Batch record")
    elif facts.execution != ExecutionState.COMPLETE and not facts.waiting:
        yield Item(ReleaseRule.RECORD_NOT_AT_ITS_END, {}, "Batch record", ("record", ""))
    for wait in facts.waiting:
        yield Item(WAITS[wait.what], {"place": wait.place}, wait.place, ("record", ""))


def _deviations(facts: ReleaseFacts) -> Iterator[Item]:
    next_deed: dict[str, str] = {
        DeviationState.OPEN: "Assess",
        DeviationState.ASSESSED: "Judge",
        DeviationState.JUDGED: "Close",
    }
    for each in facts.deviations:
        said, cure = {"code": code(each.code), "what": each.what}, ("deviation", each.code)
        if each.decision == Decision.REJECT:
            yield Item(ReleaseRule.JUDGED_REJECT, said, each.place, cure)
        elif each.state != DeviationState.CLOSED:
            said |= {"state": state_word(each.state), "class": class_word(each.classification)}
            deed = next_deed[each.state]
            yield Item(ReleaseRule.DEVIATION_NOT_CLOSED, said, each.place, cure, deed)


def _results(facts: ReleaseFacts, gate: str) -> Iterator[Item]:
    if facts.specification is None:
        yield Item(ReleaseRule.NO_SPECIFICATION, {}, "QC", ("specifications", ""))
    for line in facts.lines:
        if line.blocks(gate) or (
            gate == INITIAL
            and line.line.gate == FINAL
            and line.line.required
            and line.state == MISSING
        ):
            yield _result(line)


def _result(line: LineStatus) -> Item:
    test: dict[str, Fact] = {"test": line.line.test}
    rule, said = {
        FAILS: (ReleaseRule.LINE_FAILS, {"result": line.result, "limit": line.limit}),
        INCONCLUSIVE: (
            ReleaseRule.LINE_INCONCLUSIVE,
            {"result": line.result, "limit": line.limit},
        ),
        MISSING: (ReleaseRule.LINE_MISSING, {}),
        NOT_REVIEWED: (ReleaseRule.LINE_NOT_REVIEWED, {"result": line.result}),
    }.get(
        line.state,
        (ReleaseRule.LINE_PENDING, {"until": instant(line.until)} if line.until else {}),
    )
    if line.result_id is not None:
        cure, label = ("result", str(line.result_id)), "Open result"
    elif line.sample:
        cure, label = ("sample", line.sample), "Open sample"
    else:
        cure, label = ("samples", ""), "Samples"
    return Item(rule, test | said, "QC", cure, label)


def _origin(facts: ReleaseFacts) -> Iterator[Item]:
    cord = ("cord", facts.cord_code)
    if facts.eligibility == Eligibility.INELIGIBLE:
        yield Item(ReleaseRule.DONOR_NOT_ELIGIBLE, {}, "Donor", ("donor", ""))
    elif facts.eligibility != Eligibility.ELIGIBLE:
        yield Item(ReleaseRule.DONOR_NOT_DETERMINED, {}, "Donor", ("donor", ""))
    if facts.cord_standing != CordState.ACCEPTED:
        state = {"state": state_word(facts.cord_standing)}
        yield Item(ReleaseRule.CORD_NOT_ACCEPTED, state, "Cord", cord)
    if facts.start is None:
        yield Item(ReleaseRule.START_NOT_RECORDED, {}, "Cord", cord)
    elif facts.start.after > facts.start.limit and not facts.start.judged:
        late = {"after": span(facts.start.after), "limit": span(facts.start.limit)}
        yield Item(ReleaseRule.STARTED_LATE, late, "Cord", cord)


def _review(facts: ReleaseFacts) -> Iterator[Item]:
    if facts.review is None:
        yield Item(ReleaseRule.NOT_REVIEWED, {}, "QA", ("review", ""), "Review")
    elif facts.review.since:
        more = [word(ReleaseWord.AND_MORE)] if len(facts.review.since) > 3 else []
        since = listed([*facts.review.since[:3], *more], "; ")
        said: dict[str, Fact] = {"name": facts.review.name, "since": since}
        yield Item(ReleaseRule.REVIEW_OUT_OF_DATE, said, "QA", ("review", ""), "Review")


# Who may sign, and when
# -----------------------------------------------------------------------------------------------


def may_review(facts: ReleaseFacts, gate: str, username: str) -> Iterator[Finding]:
    """QA signs the review once nothing else blocks.

    Whoever did steps of the batch does not review it.
    """
    if facts.disposition not in OPEN_TO[gate] + (Disposition.QUARANTINE,):
        yield blocks(ReleaseRule.NOTHING_TO_REVIEW, state=state_word(facts.disposition))
    if username in facts.performers:
        yield blocks(ReleaseRule.REVIEWER_HAD_A_HAND)
    for item in before_review(facts, gate):
        yield item.finding


def may_release(facts: ReleaseFacts, gate: str, username: str) -> Iterator[Finding]:
    """Release.

    The move is allowed, nothing blocks, and the releaser performed and reviewed nothing of the
    batch.
    """
    if facts.disposition not in OPEN_TO[gate]:
        yield blocks(
            ReleaseRule.CANNOT_BE_RELEASED,
            state=state_word(facts.disposition),
            wanted=state_word(RELEASED_AT[gate]),
        )
    if gate == INITIAL and facts.gate == FINAL:
        yield blocks(ReleaseRule.NOTHING_PENDING)
    yield from _may_sign(facts, gate, username)


def may_reissue(facts: ReleaseFacts, gate: str, username: str) -> Iterator[Finding]:
    """A certificate is issued anew while the batch stands as it certifies, under the same
    conditions as the release.
    """
    if facts.disposition != RELEASED_AT[gate]:
        yield blocks(ReleaseRule.NOT_RELEASED, state=state_word(facts.disposition))
    yield from _may_sign(facts, gate, username)


def _may_sign(facts: ReleaseFacts, gate: str, username: str) -> Iterator[Finding]:
    yield from independent(facts, username)
    for item in blocking(facts, gate):
        yield item.finding


def independent(facts: ReleaseFacts, username: str) -> Iterator[Finding]:
    """The releaser performed no step of the batch, verified and tested nothing, and is not who
    reviewed it (IAM-03, SIG-17).
    """
    if username in facts.performers:
        yield blocks(ReleaseRule.RELEASER_HAD_A_HAND)
    if facts.review and facts.review.username == username:
        yield blocks(ReleaseRule.RELEASER_REVIEWED)


def may_reject(facts: ReleaseFacts, reason: str | None) -> Iterator[Finding]:
    """Reject from any disposition before the final release, with a reason (SIG-20)."""
    if not facts.can_be_rejected:
        yield blocks(ReleaseRule.CANNOT_BE_REJECTED, state=state_word(facts.disposition))
    yield from reason_given(reason)


def may_withdraw(facts: ReleaseFacts, reason: str | None) -> Iterator[Finding]:
    """Withdraw from either release, or from a hold of it: the batch is recalled (REL-02)."""
    if not facts.can_be_withdrawn:
        yield blocks(ReleaseRule.NOTHING_TO_WITHDRAW, state=state_word(facts.disposition))
    yield from reason_given(reason)


def may_resume(facts: ReleaseFacts, reason: str | None) -> Iterator[Finding]:
    """A hold is lifted once no result fails and no deviation waits."""
    if facts.disposition != Disposition.ON_HOLD:
        yield blocks(ReleaseRule.NOT_ON_HOLD, state=state_word(facts.disposition))
    for item in [
        *_integrity(facts),
        *_deviations(facts),
        *(_result(line) for line in facts.lines if line.state in (FAILS, INCONCLUSIVE)),
    ]:
        yield item.finding
    yield from reason_given(reason)


def reason_given(reason: str | None) -> Iterator[Finding]:
    """A decision that takes something back says why (SIG-20)."""
    yield from reasons.wanted(ReleaseRule.REASON, reason, "comment")


def shown(state: str) -> str:
    return state.replace("_", " ")
