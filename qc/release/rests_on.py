"""What a release rests on: every input of a batch, with what speaks against it now. Pure: facts in,
inputs out.

The one list. Review and release are blocked by whatever speaks against an input, by its name
(REL-03); what an act changed later is judged by the same functions (`after_release`)."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from integrity.deviations import Decision, DeviationState
from integrity.facts import ENGLISH, Fact, Reader, code, instant, listed, sentence, span, word
from integrity.findings import Classification, Finding
from integrity.words import class_word, state_word
from manufacturing.donation.rules.cords import CordState
from manufacturing.donation.rules.donors import Eligibility
from manufacturing.execution.rules.batches import ExecutionState
from qc.laboratory.rules import pulled
from qc.laboratory.rules.line_status import INCOMPLETE, MISSING, NOT_REVIEWED, LineStatus
from qc.laboratory.rules.pulled import InProcess
from qc.laboratory.rules.results import FAILS, INCONCLUSIVE
from qc.laboratory.words import ResultWord
from qc.release.rule_ids import ReleaseRule
from qc.release.situation import (
    FINAL,
    INITIAL,
    DeviationFacts,
    HeldThing,
    Observed,
    ReleaseFacts,
    UntrueLabel,
    UsedLot,
)
from qc.release.words import ReleaseWord
from stores.rules import Disposition


@dataclass(frozen=True)
class Item:
    """One thing that blocks: the rule with its facts, where, and the page that cures it as
    (kind, key) with the word of its link.

    The message of its rule has two parts: the headline says what it is, the story what to do.
    """

    rule: ReleaseRule
    parameters: Mapping[str, Fact] = field(default_factory=dict)
    place: Fact = ""
    cure: tuple[str, str] = ("batch", "")
    label: str = "Open"

    def headline(self, reader: Reader = ENGLISH) -> str:
        return sentence(f"{self.rule}.headline", self.parameters, reader)

    def story(self, reader: Reader = ENGLISH) -> str:
        return sentence(f"{self.rule}.story", self.parameters, reader)

    @property
    def finding(self) -> Finding:
        return Finding(self.rule, parameters=self.parameters)


class InputKind(enum.StrEnum):
    """What a release rests on."""

    SYSTEM = "system"
    SIGNATURE = "signature"
    RECORD = "record"
    DEVIATION = "deviation"
    OBSERVATION = "observation"
    SPECIFICATION = "specification"
    RESULT = "result"
    SAMPLE = "sample"
    DONOR = "donor"
    CORD = "cord"
    LOT = "lot"
    EQUIPMENT = "equipment"
    CONTAINER = "container"
    PRODUCT = "product"


@dataclass(frozen=True)
class Input:
    """One thing a release rests on: its kind, its code or name, what speaks against it now."""

    kind: InputKind
    code: str
    against: tuple[Item, ...] = ()


# The list
# -------------------------------------------------------------------------------------------------


def inputs(facts: ReleaseFacts, gate: str) -> list[Input]:
    """Everything that a release at a gate rests on, good or bad."""
    return [
        *_system(facts),
        _record(facts),
        *(
            Input(InputKind.DEVIATION, each.code, tuple(against_deviation(each)))
            for each in facts.deviations
        ),
        *(
            Input(InputKind.OBSERVATION, each.key, (against_observation(each),))
            for each in facts.observed
        ),
        Input(InputKind.SPECIFICATION, facts.specification),
        *(
            Input(InputKind.RESULT, line.line.id, tuple(against_line(line, gate)))
            for line in facts.lines
        ),
        *_samples(facts, gate),
        Input(InputKind.DONOR, "", tuple(against_donor(facts.eligibility))),
        _cord(facts),
        *(Input(InputKind.LOT, each.code, tuple(against_lot(each))) for each in facts.lots),
        # what was found out of tolerance has a deviation, which blocks until QA has judged it
        *(Input(InputKind.EQUIPMENT, each) for each in facts.equipment),
        *_containers(facts),
        *(Input(HELD[each.kind], each.code, (against_hold(each),)) for each in facts.holds),
        Input(InputKind.PRODUCT, "", tuple(_against_product(facts))),
    ]


def _containers(facts: ReleaseFacts) -> Iterator[Input]:
    yield from (Input(InputKind.CONTAINER, each) for each in facts.containers)
    for each in facts.untrue_labels:
        yield Input(InputKind.CONTAINER, each.code, (against_label(each),))


def before_review(facts: ReleaseFacts, gate: str) -> list[Item]:
    """Everything that blocks QA's review as well: what is missing, open, failing or held."""
    return [item for each in inputs(facts, gate) for item in each.against]


def blocking(facts: ReleaseFacts, gate: str) -> list[Item]:
    """Everything that blocks release at a gate, whoever signs."""
    return [*before_review(facts, gate), *against_review(facts)]


# What speaks against each
# -------------------------------------------------------------------------------------------------


def integrity(facts: ReleaseFacts) -> list[Item]:
    """What speaks against the machine and the signatures themselves."""
    return [item for each in _system(facts) for item in each.against]


def _system(facts: ReleaseFacts) -> Iterator[Input]:
    clock = Item(ReleaseRule.CLOCK_NOT_JUDGED, {}, "Server", ("site", ""))
    restore = Item(ReleaseRule.RESTORE_NOT_JUDGED, {}, "Server", ("site", ""))
    yield Input(InputKind.SYSTEM, "clock", () if facts.clock_trusted else (clock,))
    yield Input(InputKind.SYSTEM, "restore", () if facts.restore_seen else (restore,))
    for place in facts.invalid_signatures:
        invalid = Item(ReleaseRule.SIGNATURE_INVALID, {}, place, ("trail", ""), "Trail")
        yield Input(InputKind.SIGNATURE, place, (invalid,))


WAITS = {
    "step": ReleaseRule.STEP_WAITS,
    "verify": ReleaseRule.SECOND_PERSON_WAITS,
    "sign": ReleaseRule.SIGN_OFF_WAITS,
}


def _record(facts: ReleaseFacts) -> Input:
    return Input(InputKind.RECORD, "", tuple(_against_record(facts)))


def _against_record(facts: ReleaseFacts) -> Iterator[Item]:
    if facts.execution == ExecutionState.TERMINATED:
        yield Item(ReleaseRule.BROKEN_OFF, {}, "Batch record")
    elif facts.execution != ExecutionState.COMPLETE and not facts.waiting:
        yield Item(ReleaseRule.RECORD_NOT_AT_ITS_END, {}, "Batch record", ("record", ""))
    for wait in facts.waiting:
        yield Item(WAITS[wait.what], {"place": wait.place}, wait.place, ("record", ""))
    yield from against_labels(facts)


def against_labels(facts: ReleaseFacts) -> Iterator[Item]:
    """Every label that was printed is accounted for, also one that was printed since."""
    for each in facts.labels:
        counts: dict[str, Fact] = {
            "reconciled": str(each.reconciled),
            "printed": str(each.printed),
        }
        yield Item(ReleaseRule.LABELS_PRINTED_SINCE, counts, each.place, ("record", ""))


_NEXT_DEED: dict[str, str] = {
    DeviationState.OPEN: "Assess",
    DeviationState.ASSESSED: "Judge",
    DeviationState.JUDGED: "Close",
}


def against_deviation(each: DeviationFacts) -> Iterator[Item]:
    """A deviation is closed before anything is released, and not by a rejection."""
    said, cure = {"code": code(each.code), "what": each.what}, ("deviation", each.code)
    if each.decision == Decision.REJECT:
        yield Item(ReleaseRule.JUDGED_REJECT, said, each.place, cure)
    elif each.state != DeviationState.CLOSED:
        said |= {"state": state_word(each.state), "class": class_word(each.classification)}
        deed = _NEXT_DEED[each.state]
        yield Item(ReleaseRule.DEVIATION_NOT_CLOSED, said, each.place, cure, deed)


def holds(each: DeviationFacts) -> bool:
    """Whether a deviation holds what is released already: it is critical, or judged reject."""
    return each.decision == Decision.REJECT or (
        each.classification == Classification.CRITICAL and each.state != DeviationState.CLOSED
    )


def against_observation(seen: Observed) -> Item:
    """What somebody saw is nothing, or a deviation: QA has to say so."""
    said: dict[str, Fact] = {"what": seen.what, "said": seen.said, "name": seen.name}
    cure = ("observation", seen.key)
    return Item(ReleaseRule.OBSERVATION_WAITS, said, "Observation", cure, "Classify")


_NO_RESULT = word(ResultWord.MISSING)


def against_line(line: LineStatus, gate: str) -> Iterator[Item]:
    """A line that fails, lacks its result, or whose late test nobody began."""
    is_nowhere = line.state in (MISSING, INCOMPLETE)
    is_not_begun = line.line.gate == FINAL and line.line.required and is_nowhere
    if line.blocks(gate) or (gate == INITIAL and is_not_begun):
        yield result_item(line)


def result_item(line: LineStatus) -> Item:
    """What a line of the specification says about the batch, and where it is cured."""
    test: dict[str, Fact] = {"test": line.line.test}
    rule, said = {
        FAILS: (ReleaseRule.LINE_FAILS, {"result": line.result, "limit": line.limit}),
        INCONCLUSIVE: (
            ReleaseRule.LINE_INCONCLUSIVE,
            {"result": line.result, "limit": line.limit},
        ),
        INCOMPLETE: (ReleaseRule.LINE_INCOMPLETE, {"result": line.result or _NO_RESULT}),
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


def against_results(facts: ReleaseFacts, gate: str, *, samples: bool) -> Iterator[Item]:
    """What the lines of the specification say against a batch, and the samples that were pulled
    where they are asked: a further reading that waits for its reviewer takes nothing back."""
    for line in facts.lines:
        yield from against_line(line, gate)
    for sample in _samples(facts, gate) if samples else ():
        yield from sample.against


def _samples(facts: ReleaseFacts, gate: str) -> Iterator[Input]:
    """Every sample that was pulled, and the in-process reading of the last passage."""
    untested: dict[str, list[Item]] = {each.sample: [] for each in facts.pulled}
    for each in pulled.unexplained(facts.pulled, gate):
        said: dict[str, Fact] = {"test": each.named, "sample": code(each.sample)}
        cure = ("sample", each.sample)
        found = Item(ReleaseRule.SAMPLE_UNTESTED, said, "QC", cure, "Open sample")
        untested[each.sample].append(found)
    for sample, against in untested.items():
        yield Input(InputKind.SAMPLE, sample, tuple(against))
    for asked in facts.in_process:
        yield Input(InputKind.SAMPLE, asked.line.id, tuple(against_in_process(asked)))


def against_in_process(asked: InProcess) -> Iterator[Item]:
    """The sample of the last passage was pulled, and read."""
    if asked.reading == pulled.Reading.ABSENT:
        said: dict[str, Fact] = {"test": asked.line.test, "kind": asked.line.in_process}
        yield Item(ReleaseRule.IN_PROCESS_ABSENT, said, "QC", ("record", ""))
    elif asked.reading == pulled.Reading.UNREAD:
        said = {"test": asked.line.test, "sample": code(asked.sample or "")}
        cure = ("sample", asked.sample or "")
        yield Item(ReleaseRule.IN_PROCESS_UNREAD, said, "QC", cure, "Open sample")


def against_donor(eligibility: str) -> Iterator[Item]:
    """Her determination says that she is eligible, and nothing was recorded after it."""
    if eligibility == Eligibility.INELIGIBLE:
        yield Item(ReleaseRule.DONOR_NOT_ELIGIBLE, {}, "Donor", ("donor", ""))
    elif eligibility != Eligibility.ELIGIBLE:
        yield Item(ReleaseRule.DONOR_NOT_DETERMINED, {}, "Donor", ("donor", ""))


def against_cord(bare: str, standing: str) -> Iterator[Item]:
    """QA has accepted the cord."""
    if standing != CordState.ACCEPTED:
        state = {"state": state_word(standing)}
        yield Item(ReleaseRule.CORD_NOT_ACCEPTED, state, "Cord", ("cord", bare))


def _cord(facts: ReleaseFacts) -> Input:
    against = [*against_cord(facts.cord_code, facts.cord_standing), *_against_start(facts)]
    return Input(InputKind.CORD, facts.cord_code, tuple(against))


def _against_start(facts: ReleaseFacts) -> Iterator[Item]:
    cord = ("cord", facts.cord_code)
    if facts.start is None:
        yield Item(ReleaseRule.START_NOT_RECORDED, {}, "Cord", cord)
    elif facts.start.after > facts.start.limit and not facts.start.judged:
        late = {"after": span(facts.start.after), "limit": span(facts.start.limit)}
        yield Item(ReleaseRule.STARTED_LATE, late, "Cord", cord)


def against_lot(lot: UsedLot) -> Iterator[Item]:
    """A lot that a batch used is released: what QA rejects or holds later counts as well (MAT-02).

    Its expiry was judged when it was used.
    """
    if lot.state != Disposition.RELEASED:
        said: dict[str, Fact] = {
            "lot": code(lot.code),
            "material": lot.material,
            "state": state_word(lot.state),
        }
        yield Item(ReleaseRule.LOT_NOT_FIT, said, lot.place, ("lot", lot.code), "Open lot")


# {table: the kind of input that somebody may have put on hold}; equipment is not among them: it is
# not used while it is held, and what it was used for is judged by what QA says of it.
HELD: dict[str, InputKind] = {
    "containers": InputKind.CONTAINER,
    "cords": InputKind.CORD,
    "donors": InputKind.DONOR,
    "lots": InputKind.LOT,
}


def against_hold(hold: HeldThing) -> Item:
    """A hold by hand that QA has not lifted."""
    said: dict[str, Fact] = {"what": hold.what, "reason": hold.reason, "name": hold.name}
    kind = HELD[hold.kind]
    cure = (kind.value, hold.code)
    return Item(ReleaseRule.ON_HOLD_BY_HAND, said, kind.capitalize(), cure, f"Open {kind.value}")


def against_label(label: UntrueLabel) -> Item:
    """Who holds the container reads its label."""
    said: dict[str, Fact] = {
        "container": code(label.code),
        "printed": instant(label.printed) if label.printed else word(ReleaseWord.NO_USE_BY),
        "until": instant(label.until) if label.until else word(ReleaseWord.NO_USE_BY),
    }
    cure = ("container", label.code)
    return Item(ReleaseRule.LABEL_UNTRUE, said, "Label", cure, "Print it again")


def _against_product(facts: ReleaseFacts) -> Iterator[Item]:
    """Nothing is released that nobody may be given any more, or of which nothing is left.

    The late results of what was released in its time are certified, its paper may be issued anew.
    """
    if facts.execution != ExecutionState.COMPLETE and not facts.product.exists:
        return  # the record has not come so far
    against = facts.product.against(is_released=facts.is_released or facts.is_held_release)
    yield from (Item(rule, told, "Product") for rule, told in against)


def against_review(facts: ReleaseFacts) -> Iterator[Item]:
    """QA has reviewed the batch, and nothing was recorded since."""
    if facts.review is None:
        yield Item(ReleaseRule.NOT_REVIEWED, {}, "QA", ("review", ""), "Review")
    elif facts.review.since:
        more = [word(ReleaseWord.AND_MORE)] if len(facts.review.since) > 3 else []
        since = listed([*facts.review.since[:3], *more], "; ")
        said: dict[str, Fact] = {"name": facts.review.name, "since": since}
        yield Item(ReleaseRule.REVIEW_OUT_OF_DATE, said, "QA", ("review", ""), "Review")
