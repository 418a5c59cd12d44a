"""What is certified about a batch: one document of texts, shown pair by pair and signed at release,
and the only source of its certificate.

The signer signs the pairs, and with them the SHA-256 of the document they are read from; nothing in
it depends on the moment of looking, so that it changes only when something was recorded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from documents.texts import text
from documents.words import Term
from integrity import facts, site, times
from integrity.canonical import digest_of
from integrity.database import Session
from integrity.deviations import Decision
from integrity.facts import Fact, Pair
from integrity.signatures import Meaning, Signature
from integrity.words import Phrase
from labels import codes
from manufacturing.donation import eligibility
from manufacturing.execution.rules.sequence import place
from people.signing import MEANINGS
from qc.laboratory import result_facts
from qc.laboratory.rules.line_status import MISSING, LineStatus
from qc.release import (
    after_review,
    alerts,
    certified_identity,
    documents_used,
    explanations,
)
from qc.release.release_inputs import ReleaseInputs
from qc.release.situation import FINAL, INITIAL
from qc.release.words import ReleasePhrase, ReleaseTerm
from stores import containers, expiries, fates, rules
from stores.containers import Container
from stores.fate_rules import Fate

RELEASES = {INITIAL: "release at stage 1", FINAL: "final release"}
KINDS = {
    INITIAL: "Certificate of batch release · stage 1 (initial)",
    FINAL: "Certificate of batch release · final",
}
# What whoever releases says of the batch; it is shown, signed and printed.
DECLARATIONS = {
    INITIAL: "I certify that this batch conforms as far as it is tested; the late tests listed as "
    "pending are still to come.",
    FINAL: "I release this batch: every required result conforms.",
}
TONES = {"conforms": "accepted", "fails": "rejected", "inconclusive": "rejected"}
Statement = dict[str, Any]


def statement(session: Session, found: ReleaseInputs, stage: str) -> Statement:
    """The document of one batch at one stage, every value as it is printed."""
    settings = site.settings(session)
    zone, master = ZoneInfo(settings["zone"]), found.here.master
    seq, hash_ = after_review.newest_event(session, found.watched)
    return {
        "kind": KINDS[stage],
        "stage": stage,
        "declaration": DECLARATIONS[stage],
        "product": text(master.title),
        "batch": codes.read(found.batch.code).shown,
        "master": found.batch.master_title,
        "master_sha256": found.batch.sha256,
        "identity": [
            list(pair) for pair in certified_identity.of_batch(session, found, zone, settings)
        ],
        "specification": found.facts.specification,
        "specification_sha256": found.specification.sha256,
        "results": [result_row(line, zone) for line in found.lines if is_printed(line)],
        "pending": [
            {"test": line.line.name, "due": _due(line, zone) or line.state}
            for line in _late(found.lines)
        ],
        "untested": _untested(session, found),
        "deviations": [_deviation(each) for each in found.stories],
        "corrections": _corrections(found, zone),
        "eligibility": eligibility.eligibility_statement(session, found.donor.id),
        "containers": released_containers(session, found),
        "storage": text(master.storage),
        "expiry": text(master.expiry),
        "signatures": [
            signed(each, zone, "the batch record and its audit trail") for each in _reviews(found)
        ],
        "trail": {"seq": str(seq), "hash": hash_},
        "demonstration": documents_used.mark(session, found),
    }


def is_printed(line: LineStatus) -> bool:
    """A line that nobody tested and nobody has to test says nothing."""
    return line.line.required or line.state != MISSING


def _due(line: LineStatus, zone: ZoneInfo) -> str:
    """Until when a long test is waited for; nothing where none is."""
    return times.shown(line.until, zone) if line.pending and line.until else ""


def result_row(line: LineStatus, zone: ZoneInfo) -> dict[str, str]:
    """Where a batch stands on one line of its specification, in the words of the certificate."""
    judged = (
        "reported" if line.line.operator == "report" and line.state == "conforms" else line.state
    )
    return {
        "test": line.line.name,
        "method": f"{line.line.method} v{line.line.method_version}",
        "limit": facts.shown(line.limit),
        "result": facts.shown(result_facts.reported(line)) if line.result else "—",
        "measured": facts.shown(result_facts.measured(line)) if line.result else "—",
        "verdict": judged,
        "until": _due(line, zone),
        "tone": TONES.get(line.state, "held"),
        "gate": line.line.gate,
        "specification": line.specification,
        "sample": codes.read(line.sample).shown if line.sample else "",
    }


def _untested(session: Session, found: ReleaseInputs) -> list[dict[str, str]]:
    """Every sample that was not tested, with who signed why not."""
    return [
        {
            "test": facts.shown(said.named),
            "sample": codes.read(sample).shown,
            "why": facts.shown(said.word),
            "reason": said.reason.rstrip("."),
            "name": said.name,
        }
        for sample, said in explanations.of_batch(session, found)
    ]


def _verdict(said: Mapping[str, str]) -> str:
    return f"{said['verdict']} until {said['until']}" if said["until"] else said["verdict"]


def _late(lines: Sequence[LineStatus]) -> list[LineStatus]:
    return [
        line
        for line in lines
        if line.line.required and line.line.gate == FINAL and line.state != "conforms"
    ]


def _deviation(story: Any) -> dict[str, str]:
    made, judged = story.deviation, story.judgement
    became = (
        f"Judged: {'work may go on' if judged.decision == Decision.CONTINUE else 'reject'} "
        f"({judged.reason}), {judged.name}."
        if judged
        else ""
    )
    impact = f"Impact: {story.assessment.impact}" if story.assessment else ""
    return {
        "code": codes.read(made.code).shown,
        "class": story.classification,
        "state": story.state,
        "place": facts.shown(made.place),
        "text": " ".join(part for part in (made.sentence(), impact, became) if part),
    }


def _corrections(found: ReleaseInputs, zone: ZoneInfo) -> list[dict[str, str]]:
    """Every corrected value with its mark Δn (AUD-13)."""
    made: list[dict[str, str]] = []
    for _, entry, changed in alerts.changes(found):
        for label, was, becomes in changed:
            made.append(
                {
                    "mark": f"Δ{len(made) + 1}",
                    "place": place(found.here.master, entry.position),
                    "label": facts.shown(label),
                    "was": facts.shown(was),
                    "becomes": facts.shown(becomes),
                    "reason": facts.shown(entry.reason or ""),
                    "by": f"{entry.name} ({entry.username})",
                    "at": times.shown(entry.recorded_at, zone),
                }
            )
    return made


def released_containers(session: Session, found: ReleaseInputs) -> list[dict[str, str]]:
    """The containers that are released: those of the product, but for destroyed ones."""
    every = containers.of_scope(session, found.batch.code)
    became = fates.what_became(session, [each.id for each in every])
    kind = rules.product_of({each.kind for each in every})
    made = [each for each in every if each.kind == kind and became.get(each.id) != Fate.DESTROYED]
    until, zone = expiries.of(session, [each.id for each in made]), site.zone(session)
    return [
        {"code": codes.read(each.code).shown, "what": _described(each, until.get(each.id), zone)}
        for each in made
    ]


def _described(container: Container, expires_at: datetime | None, zone: ZoneInfo) -> str:
    if expires_at is None:
        return container.title
    return f"{container.title} · use by {times.shown(expires_at, zone)}"


def _reviews(found: ReleaseInputs) -> list[Signature]:
    """QA's newest review."""
    mine = [
        each
        for each in found.signed
        if each.subject_id == found.batch.id and each.meaning == Meaning.REVIEWED
    ]
    return mine[-1:]


def signed(signature: Signature, zone: ZoneInfo, subject: str = "") -> dict[str, str]:
    """A signature as paper shows it.

    As named at signing, its meaning (and of what), its time with zone (SIG-01, SIG-02).
    """
    return {
        "name": signature.name,
        "username": signature.username,
        "role": signature.role_title,
        "meaning": f"{MEANINGS[Meaning(signature.meaning)]}{': ' + subject if subject else ''}",
        "time": times.shown(signature.at, zone, seconds=True),
    }


# What is shown and signed
# ---------------------------------------------------------------------------------------------


def pairs(said: Statement) -> list[Pair]:
    """The document as it is shown and signed; the last pair binds everything else in it.

    Its texts are those of the paper, which is drawn from the same document.
    """
    trail = facts.message(ReleasePhrase.TRAIL, seq=said["trail"]["seq"], hash=said["trail"]["hash"])
    return [
        facts.pair(Term.DECISION, said["kind"]),
        facts.pair(Term.PRODUCT, said["product"]),
        *((label, value) for label, value in said["identity"]),
        facts.pair(Term.SPECIFICATION, said["specification"]),
        *_tests(said),
        *_not_tested(said),
        *_incidents(said),
        facts.pair(ReleaseTerm.ELIGIBILITY, said["eligibility"]),
        facts.pair(ReleaseTerm.STORAGE, said["storage"]),
        facts.pair(ReleaseTerm.EXPIRY, said["expiry"]),
        *(facts.pair(Term.CONTAINER, container(each)) for each in said["containers"]),
        facts.pair(ReleaseTerm.DECLARATION, said["declaration"]),
        *(facts.pair(ReleaseTerm.REVIEWED, _signature(each)) for each in said["signatures"]),
        facts.pair(ReleaseTerm.MASTER_SHA256, said["master_sha256"]),
        facts.pair(ReleaseTerm.SPECIFICATION_SHA256, said["specification_sha256"]),
        facts.pair(ReleaseTerm.TRAIL, trail),
        facts.pair(ReleaseTerm.FACTS_SHA256, digest_of(said)),
    ]


def _tests(said: Statement) -> Iterator[Pair]:
    for each in said["results"]:
        yield (
            each["test"],
            facts.message(
                ReleasePhrase.RESULT,
                result=each["result"],
                measured=each["measured"],
                limit=each["limit"],
                verdict=_verdict(each),
            ),
        )
    for each in said["pending"]:
        waits = facts.message(ReleasePhrase.PENDING, test=each["test"], due=each["due"])
        yield facts.pair(ReleaseTerm.PENDING, waits)


def _not_tested(said: Statement) -> Iterator[Pair]:
    for each in said["untested"]:
        yield facts.pair(ReleaseTerm.NOT_TESTED, facts.message(ReleasePhrase.NOT_TESTED, **each))


def _incidents(said: Statement) -> Iterator[Pair]:
    for each in said["deviations"]:
        yield (
            facts.message(Phrase.DEVIATION_CODE, code=each["code"]),
            facts.message(
                ReleasePhrase.DEVIATION,
                **{"class": each["class"]},
                state=each["state"],
                text=each["text"],
            ),
        )
    for each in said["corrections"]:
        yield facts.message(ReleasePhrase.CORRECTION, mark=each["mark"]), corrected(each)


def container(said: Mapping[str, str]) -> Fact:
    """A container as it is signed: its code and what it is."""
    return facts.message(ReleasePhrase.CONTAINER, code=said["code"], title=said["what"])


def _signature(said: Mapping[str, str]) -> Fact:
    return facts.message(
        ReleasePhrase.SIGNED,
        name=said["name"],
        username=said["username"],
        role=said["role"],
        signed=said["time"],
    )


def corrected(said: dict[str, str]) -> str:
    """One correction in one line."""
    return (
        f"{said['place']}: {said['label']} {said['was']} → {said['becomes']}. "
        f"{said['reason']}. {said['by']}, {said['at']}"
    )
