"""The law of review and release: what blocks, item by item, and who may sign. Pure: facts in, items
and findings out.

Every unmet item blocks by itself and names itself (REL-03); a gate is "initial" (stage 1) or
"final"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from integrity.findings import Finding, blocks
from integrity.times import span
from qc.laboratory.rules.line_status import MISSING, NOT_REVIEWED, LineStatus
from qc.laboratory.rules.results import CONFORMS, FAILS, INCONCLUSIVE

INITIAL, FINAL = "initial", "final"
RELEASED_AT = {INITIAL: "released_stage_1", FINAL: "released"}
# from which dispositions each gate may be signed
OPEN_TO = {INITIAL: ("under_review",), FINAL: ("under_review", "released_stage_1")}


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
    shown: str
    sentence: str
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
        return INITIAL if late and self.disposition != "released_stage_1" else FINAL


@dataclass(frozen=True)
class Item:
    """One thing that blocks.

    The rule, what it is, what to do, where, and the page that cures it as (kind, key).
    """

    rule: str
    headline: str
    story: str
    place: str = ""
    cure: tuple[str, str] = ("batch", "")
    label: str = "Open"


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
    ]


def _integrity(facts: ReleaseFacts) -> Iterator[Item]:
    if not facts.clock_trusted:
        yield Item(
            "TIM-03",
            "The clock is under suspicion",
            "It went back. An administrator acknowledges it and QA judges it before anything is "
            "signed.",
            "Server",
            ("site", ""),
        )
    if not facts.restore_seen:
        yield Item(
            "REC-05",
            "A restore is not judged yet",
            "This installation was restored from a backup. QA judges what was lost.",
            "Server",
            ("site", ""),
        )
    for place in facts.invalid_signatures:
        yield Item(
            "SIG-04",
            "A signature is invalid",
            "What was signed is not what is recorded. Have ./run verify run and find out why.",
            place,
            ("trail", ""),
            "Trail",
        )


WAITS = {
    "step": ("Record not complete", "This step is not recorded yet."),
    "verify": ("Second person missing", "The second person has not signed this entry."),
    "sign": (
        "Stage not signed off",
        "The technician has not signed this stage off, or something changed after it was signed.",
    ),
}


def _record(facts: ReleaseFacts) -> Iterator[Item]:
    if facts.execution == "terminated":
        yield Item(
            "EBR-12",
            "The batch was broken off",
            "A batch that was broken off is never released.",
            "Batch record",
        )
    elif facts.execution != "complete" and not facts.waiting:
        yield Item(
            "EBR-01",
            "Record not complete",
            "The batch record has not come to its end.",
            "Batch record",
            ("record", ""),
        )
    for wait in facts.waiting:
        headline, story = WAITS[wait.what]
        yield Item("EBR-01", f"{headline}: {wait.place}", story, wait.place, ("record", ""))


def _deviations(facts: ReleaseFacts) -> Iterator[Item]:
    next_deed = {"open": "Assess", "assessed": "Judge", "judged": "Close"}
    for each in facts.deviations:
        if each.decision == "reject":
            yield Item(
                "EBR-11",
                f"Deviation {each.shown} judged: reject",
                f"{each.sentence} The batch can only be rejected.",
                each.place,
                ("deviation", each.code),
            )
        elif each.state != "closed":
            yield Item(
                "EBR-11",
                f"Deviation {each.shown} {each.state}, {each.classification}",
                each.sentence,
                each.place,
                ("deviation", each.code),
                next_deed[each.state],
            )


def _results(facts: ReleaseFacts, gate: str) -> Iterator[Item]:
    if facts.specification is None:
        yield Item(
            "QC-01",
            "No approved specification",
            "QC authors the specification that the master record names; QA approves it.",
            "QC",
            ("specifications", ""),
        )
    for line in facts.lines:
        if line.blocks(gate) or (
            gate == INITIAL
            and line.line.gate == FINAL
            and line.line.required
            and line.state == MISSING
        ):
            yield _result(line)


def _result(line: LineStatus) -> Item:
    headline, story = {
        FAILS: ("out of specification", f"{line.result}; the specification asks for {line.limit}."),
        INCONCLUSIVE: (
            "inconclusive",
            f"{line.result} cannot be judged against {line.limit}, and inconclusive is not a pass.",
        ),
        MISSING: ("result missing", "Required by the specification; nothing is recorded yet."),
        NOT_REVIEWED: ("not reviewed", f"{line.result} is entered. Another person reviews it."),
    }.get(
        line.state,
        ("result pending", f"Final not before {line.state.removeprefix('pending until ')}."),
    )
    if line.result_id is not None:
        cure, label = ("result", str(line.result_id)), "Open result"
    else:
        cure, label = (
            (("sample", line.sample) if line.sample else ("samples", "")),
            "Open sample" if line.sample else "Samples",
        )
    return Item(
        "QC-04" if line.state == NOT_REVIEWED else "QC-05" if line.state == FAILS else "REL-03",
        f"{line.line.name} {headline}",
        story,
        "QC",
        cure,
        label,
    )


def _origin(facts: ReleaseFacts) -> Iterator[Item]:
    if facts.eligibility != "eligible":
        word = (
            "not eligible"
            if facts.eligibility == "ineligible"
            else "not determined, or no longer valid"
        )
        yield Item(
            "QC-15",
            f"Donor eligibility: {word}",
            "QA determines the eligibility of the donor by signature.",
            "Donor",
            ("donor", ""),
        )
    if facts.cord_standing != "accepted":
        yield Item(
            "EBR-01",
            f"Cord not accepted: {facts.cord_standing}",
            "QA accepts the cord by signature once its donor is eligible.",
            "Cord",
            ("cord", facts.cord_code),
        )
    if facts.start is None:
        yield Item(
            "EBR-07",
            "Start of processing not recorded",
            "Nothing says when the first wash began.",
            "Cord",
            ("cord", facts.cord_code),
        )
    elif facts.start.after > facts.start.limit and not facts.start.judged:
        yield Item(
            "EBR-07",
            f"Processing started {span(facts.start.after)} after the birth",
            f"The limit is {span(facts.start.limit)}. QA judges the deviation first.",
            "Cord",
            ("cord", facts.cord_code),
        )


def _review(facts: ReleaseFacts) -> Iterator[Item]:
    if facts.review is None:
        yield Item(
            "EBR-18",
            "Not reviewed by QA",
            "QA reviews the batch record and its audit trail, and signs.",
            "QA",
            ("review", ""),
            "Review",
        )
    elif facts.review.since:
        named = "; ".join(facts.review.since[:3]) + (
            "; and more" if len(facts.review.since) > 3 else ""
        )
        yield Item(
            "AUD-06",
            "The review is out of date",
            f"Since {facts.review.name} signed it: {named}. QA reviews what changed and signs "
            "again.",
            "QA",
            ("review", ""),
            "Review",
        )


# Who may sign, and when
# -----------------------------------------------------------------------------------------------


def may_review(facts: ReleaseFacts, gate: str, username: str) -> Iterator[Finding]:
    """QA signs the review once nothing else blocks.

    Whoever did steps of the batch does not review it.
    """
    if facts.disposition not in OPEN_TO[gate] + ("quarantine",):
        yield blocks(
            "REL-02",
            f"This batch is {shown(facts.disposition)}. There is nothing to review for release.",
        )
    if username in facts.performers:
        yield blocks("IAM-03", "You did steps or tests of this batch. Another person reviews it.")
    for item in before_review(facts, gate):
        yield blocks(item.rule, sentence_of(item))


def may_release(facts: ReleaseFacts, gate: str, username: str) -> Iterator[Finding]:
    """Release.

    The move is allowed, nothing blocks, and the releaser performed and reviewed nothing of the
    batch.
    """
    if facts.disposition not in OPEN_TO[gate]:
        yield blocks(
            "REL-02",
            f"This batch is {shown(facts.disposition)} and cannot become "
            f"{shown(RELEASED_AT[gate])}. "
            "Open the page anew to see where it stands.",
        )
    if gate == INITIAL and facts.gate == FINAL:
        yield blocks("REL-04", "No late test is pending. Sign the final release instead.")
    yield from _may_sign(facts, gate, username)


def may_reissue(facts: ReleaseFacts, gate: str, username: str) -> Iterator[Finding]:
    """A certificate is issued anew while the batch stands as it certifies, under the same
    conditions as the release.
    """
    if facts.disposition != RELEASED_AT[gate]:
        yield blocks(
            "REL-08",
            f"This batch is {shown(facts.disposition)}. A certificate is issued anew only while "
            "the batch is released.",
        )
    yield from _may_sign(facts, gate, username)


def _may_sign(facts: ReleaseFacts, gate: str, username: str) -> Iterator[Finding]:
    yield from independent(facts, username)
    for item in blocking(facts, gate):
        yield blocks(item.rule, sentence_of(item))


def independent(facts: ReleaseFacts, username: str) -> Iterator[Finding]:
    """The releaser performed no step of the batch, verified and tested nothing, and is not who
    reviewed it (IAM-03, SIG-17).
    """
    if username in facts.performers:
        yield blocks(
            "IAM-03",
            "You did or verified steps or tests of this batch. Another person releases it.",
        )
    if facts.review and facts.review.username == username:
        yield blocks("SIG-17", "You reviewed this batch. Another person releases it.")


def may_reject(facts: ReleaseFacts, reason: str | None) -> Iterator[Finding]:
    """Reject from any disposition before the final release, with a reason (SIG-20)."""
    if facts.disposition not in ("quarantine", "under_review", "on_hold", "released_stage_1"):
        yield blocks(
            "REL-02", f"This batch is {shown(facts.disposition)} and cannot become rejected."
        )
    yield from reason_given(reason)


def may_withdraw(facts: ReleaseFacts, reason: str | None) -> Iterator[Finding]:
    """Withdraw from either release, or from a hold of it: the batch is recalled (REL-02)."""
    if facts.disposition not in ("released_stage_1", "released", "on_hold"):
        yield blocks(
            "REL-02", f"This batch is {shown(facts.disposition)}: there is no release to withdraw."
        )
    yield from reason_given(reason)


def may_resume(facts: ReleaseFacts, reason: str | None) -> Iterator[Finding]:
    """A hold is lifted once no result fails and no deviation waits."""
    if facts.disposition != "on_hold":
        yield blocks("REL-02", f"This batch is {shown(facts.disposition)}, not on hold.")
    for item in [
        *_integrity(facts),
        *_deviations(facts),
        *(_result(line) for line in facts.lines if line.state in (FAILS, INCONCLUSIVE)),
    ]:
        yield blocks(item.rule, sentence_of(item))
    yield from reason_given(reason)


def reason_given(reason: str | None) -> Iterator[Finding]:
    """A decision that takes something back says why (SIG-20)."""
    if sum(character.isalnum() for character in reason or "") < 10:
        yield blocks("SIG-20", "Say why, in at least ten characters.", "comment")


def sentence_of(item: Item) -> str:
    return f"{item.headline}. {item.story}"


def shown(state: str) -> str:
    return state.replace("_", " ")
