"""The whole record of one batch as one document of texts, from which the print and the JSON copy
are made (REC-01, AUD-13).

Everything is in it: every entry with its struck values, times, comments, formulas and signatures,
lots and equipment, containers, samples and results, deviations with their judgements, certificates,
and the head of the trail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Any
from zoneinfo import ZoneInfo

from documents.texts import text
from integrity import VERSION, attachments, facts, signatures, site, times, trail
from integrity.attachments import Attachment
from integrity.canonical import digest_of
from integrity.database import Session
from integrity.facts import Reader, drawn
from integrity.findings import Finding
from integrity.signatures import Meaning, Signature
from integrity.subjects import SubjectRecord
from labels import codes
from manufacturing.donation import eligibility
from manufacturing.execution import entries, formula_values
from manufacturing.execution.entries import Entry
from manufacturing.execution.rules.sequence import Round, place, step_title
from manufacturing.execution.words import ExecutionTerm
from manufacturing.masters import description
from manufacturing.masters.model import Field
from people.signing import MEANINGS, caution
from qc.deviations import investigation
from qc.deviations.investigation import Story
from qc.laboratory import verdicts
from qc.laboratory.results import Result
from qc.laboratory.rules.line_status import LineStatus
from qc.laboratory.rules.results import ACTIVE, Verdict
from qc.release import (
    after_review,
    brought,
    certificate_files,
    certified_statement,
    cord_receipt,
    custody,
    documents_used,
    drawn_curves,
    drawn_times,
    exceptions_told,
    materials_used,
    put_right,
    review_by_exception,
    signed_before,
)
from qc.release.release_inputs import ReleaseInputs
from qc.release.signed_before import Superseded

Record = dict[str, Any]


def record_of(session: Session, found: ReleaseInputs) -> Record:
    """The record of a batch, every value as text.

    `sha256` is of the canonical form (RFC 8785) of everything but itself and `head`, the event that
    was the newest of the whole site: the same record says the same, whatever is recorded elsewhere.
    """
    settings = site.settings(session)
    zone, (seq, hash_, _) = ZoneInfo(settings["zone"]), trail.head(session)
    says = verdicts.standing(session, found.results)
    wrong = found.invalid
    if wrong is None:
        wrong = signatures.invalid(session, found.signed)
    writer = _Writer(found, zone, wrong, says, signed_before.of_batch(session, found))
    said = {
        "title": text(found.here.master.title),
        "batch": codes.read(found.batch.code).shown,
        "site": settings["name"],
        "demonstration": documents_used.mark(session, found),
        "program": f"Cordbook {VERSION}",
        "identity": _identity(session, found, zone),
        "receipt": cord_receipt.of_batch(session, found),
        "put_right": put_right.of_batch(session, found, zone),
        "stages": writer.stages(),
        "corrections": writer.corrections,
        **_drawn(session, found, zone),
        "lots": materials_used.lots(session, found, zone),
        "equipment": materials_used.equipment(session, found, zone),
        "containers": materials_used.containers(session, found, zone, writer.on),
        "samples": custody.of_batch(session, found, zone),
        "untested": custody.untested(session, found, zone, writer.on),
        "documents": documents_used.of_batch(session, found),
        "specification": found.facts.specification,
        "lines": _lines(found, zone),
        "results": [writer.result(result) for result in found.results],
        "deviations": _deviations(session, found, writer),
        "exceptions": exceptions_told.of_batch(session, found, zone),
        "actions": brought.actions(session, found.stories, writer.on),
        "observations": brought.observations(found.seen, zone, writer.on),
        "holds": brought.held(session, found, zone, writer.on),
        "decisions": writer.given("batches"),
        "origin": writer.given("determinations", "cords"),
        "certificates": certificate_files.told(session, found.batch.id, zone),
        "trail": _trail(session, found),
    }
    return said | {"sha256": digest_of(said), "head": {"seq": str(seq), "hash": hash_}}


def _drawn(session: Session, found: ReleaseInputs, zone: ZoneInfo) -> Record:
    """What stands in pictures, with the tables beneath them."""
    return {
        "curves": drawn_curves.of_batch(found, zone),
        "times": drawn_times.hold_times_of(found, zone),
        "temperatures": drawn_times.temperatures_of(session, found, zone),
    }


def _trail(session: Session, found: ReleaseInputs) -> dict[str, str]:
    """How many events are of this batch, and which of those that change it is the newest."""
    seq, hash_ = after_review.newest_event(session, found.watched)
    events = review_by_exception.checked(session, found).events
    return {"events": str(events), "seq": str(seq), "hash": hash_}


def _identity(session: Session, found: ReleaseInputs, zone: ZoneInfo) -> list[list[str]]:
    cord, started = found.cord, found.started
    return [
        ["Batch", codes.read(found.batch.code).shown],
        ["Product", text(found.here.master.product)],
        ["Master record", found.batch.master_title],
        ["SHA-256 of the master record", found.batch.sha256],
        ["Started", f"{times.shown(found.batch.started_at, zone)} by {found.batch.username}"],
        ["Execution", found.facts.execution.replace("_", " ")],
        ["Disposition", found.facts.disposition.replace("_", " ")],
        ["Donor", eligibility.eligibility_statement(session, found.donor.id)],
        [
            "Cord",
            f"{codes.read(cord.code).shown}, jar {codes.read(cord.jar_code).shown}, "
            f"{found.facts.cord_standing}",
        ],
        ["Birth", times.shown(cord.born_at, zone)],
        ["Cord collected", times.shown(cord.collected_at, zone)],
        ["Cord received", times.shown(cord.received_at, zone)],
        [
            "Processing started",
            f"{times.shown(started.recorded_at, zone)}, "
            f"{times.span(started.recorded_at - cord.born_at)} after birth"
            if started
            else "not started",
        ],
        ["Storage", text(found.here.master.storage)],
        ["Expiry", text(found.here.master.expiry)],
    ]


class _Writer:
    """Writes entries in the order of the record, numbering every correction with its mark Δn as it
    comes.
    """

    def __init__(
        self,
        found: ReleaseInputs,
        zone: ZoneInfo,
        wrong: Set[int],
        says: Mapping[int, Verdict],
        before: Mapping[Round, Sequence[Superseded]],
    ) -> None:
        self.found, self.zone, self.wrong, self.before = found, zone, wrong, before
        self.by_id = {entry.id: entry for entry in found.here.everything}
        self.corrections: list[dict[str, Any]] = []
        self.says = says

    def signature(self, signature: Signature) -> dict[str, str]:
        """A signature as every form of the record shows it.

        Name, user name, role, meaning, time with zone (SIG-01, SIG-03).
        """
        fault = (
            " — INVALID: what was signed is not what is recorded"
            if signature.id in self.wrong
            else ""
        )
        comment = f" “{signature.comment}”" if signature.comment else ""
        told = f" — {said}" if (said := caution(signature)) else ""
        return {
            "name": signature.name,
            "username": signature.username,
            "role": signature.role_title,
            "meaning": MEANINGS[Meaning(signature.meaning)] + comment + told + fault,
            "time": times.shown(signature.at, ZoneInfo(signature.zone), seconds=True),
        }

    def given(self, *kinds: str) -> list[dict[str, str]]:
        """The signatures on things of these kinds."""
        signed = self.found.signed
        return [self.signature(each) for each in signed if each.subject_kind in kinds]

    def on(self, subject: SubjectRecord) -> list[dict[str, str]]:
        return [self.signature(each) for each in self.found.signed if each.subject_id == subject.id]

    def stages(self) -> list[dict[str, Any]]:
        """Every round with its current entries and its sign-off."""
        here, made = self.found.here, dict[Round, list[dict[str, Any]]]()
        for entry in sorted(
            here.current, key=lambda each: formula_values.place_key(here.master, each.position)
        ):
            made.setdefault(entry.round, []).append(self.entry(entry))
        return [
            {
                "title": self.round_title(wanted),
                "entries": written,
                "signatures": [self.signature(signed)] if (signed := here.sign_off(wanted)) else [],
                "superseded": [
                    signed_before.written(here.master, each, self.signature)
                    for each in self.before.get(wanted, ())
                ],
            }
            for wanted, written in made.items()
        ]

    def round_title(self, wanted: Round) -> str:
        stage = next(stage for stage in self.found.here.master.stages if stage.id == wanted.stage)
        return f"{text(stage.title)} · round {wanted.cycle}" if stage.repeat else text(stage.title)

    def entry(self, entry: Entry) -> dict[str, Any]:
        zone = ZoneInfo(entry.zone)
        marks = ["LATE ENTRY"] if entry.late else []
        return {
            "place": step_title(self.found.here.master.step(entry.step), entry.turn),
            "marks": [*marks, *(["NOT APPLICABLE"] if entry.not_applicable else [])],
            "values": self.values(entry, zone),
            "by": f"{entry.name} ({entry.username})",
            "done": times.shown(entry.performed_at, zone, seconds=True),
            "recorded": times.shown(entry.recorded_at, zone, seconds=True),
            "comment": entry.comment or "",
            "not_applicable": entry.not_applicable or "",
            "waits": "yes" if self.found.here.waits(entry) else "",
            "signatures": self.on(entry),
        }

    def values(self, entry: Entry, zone: ZoneInfo) -> list[dict[str, Any]]:
        """Every field with its value, the struck ones before it, and the formula of a calculation
        with values put in; then time, comment and reason where a correction changed them.
        """
        step, history = self.found.here.master.step(entry.step), self.history(entry)
        line = [*history, entry]
        shown = [
            [
                *formula_values.fields_shown(step, each.values, ZoneInfo(each.zone)),
                *drawn(entries.deed_facts(each, zone)),
            ]
            for each in line
        ]
        written = []
        for number, (label, value) in enumerate(shown[-1]):
            struck, marks = self.struck(entry, [each[number][1] for each in shown], line, label)
            is_field = number < len(step.fields)
            if not struck and (entry.not_applicable or not is_field):
                continue  # time, comment and reason stand on their own where none was changed
            field = step.fields[number] if is_field else None
            written.append(
                {
                    "label": label,
                    "value": value,
                    "struck": struck,
                    "marks": marks,
                    "formula": _formula(entry, field) if field else "",
                    "limit": " · ".join(description.judged(field)) if field else "",
                }
            )
        crossed = entries.alerts_of(self.found.here.master, entry)
        return written + [_alert(each) for each in crossed]

    def history(self, entry: Entry) -> list[Entry]:
        """The entries that this one took the place of, oldest first."""
        before: list[Entry] = []
        while entry.corrects_id:
            entry = self.by_id[entry.corrects_id]
            before.insert(0, entry)
        return before

    def struck(
        self, entry: Entry, shown: list[str], line: list[Entry], label: str
    ) -> tuple[list[str], list[str]]:
        """(values that were struck, marks of their footnotes)."""
        old, marks = [], []
        for number in range(1, len(shown)):
            if shown[number] == shown[number - 1]:
                continue
            by = line[number]
            mark = f"Δ{len(self.corrections) + 1}"
            old.append(shown[number - 1])
            marks.append(mark)
            self.corrections.append(
                {
                    "mark": mark,
                    "place": place(self.found.here.master, entry.position),
                    "label": label,
                    "was": shown[number - 1],
                    "becomes": shown[number],
                    "reason": facts.shown(by.reason or ""),
                    "by": f"{by.name} ({by.username})",
                    "at": times.shown(by.recorded_at, ZoneInfo(by.zone), seconds=True),
                    "signed_before": self.on(line[number - 1]),
                }
            )
        return old, marks

    def result(self, result: Result) -> dict[str, Any]:
        line, state = self.found.contents.line(result.test), self.found.result_states[result.id]
        recorded = (result.shown, result.verdict)
        says = self.says[result.id] if state in ACTIVE else Verdict(result.verdict, result.shown)
        is_anew = (says.shown, says.word) != recorded
        return {
            "test": line.name if line else result.test,
            "sample": codes.read(result.sample).shown,
            "typed": result.typed,
            "shown": facts.shown(says.shown),
            "verdict": says.word,
            "recorded_as": f"{facts.shown(result.shown)}: {result.verdict}" if is_anew else "",
            "state": state,
            "method": f"{result.method} v{result.method_version}",
            "reference": result.reference,
            "remark": result.remark or "",
            "tested": times.shown(result.tested_at, self.zone),
            "by": f"{result.name} ({result.username})",
            "recorded": times.shown(result.recorded_at, self.zone),
            "reason": result.reason or "",
            "signatures": self.on(result),
        }

    def deviation(self, story: Story, files: Iterable[Attachment]) -> dict[str, Any]:
        made, found, judged = story.deviation, story.assessment, story.judgement
        said = [
            ("Place", facts.shown(made.place)),
            ("What happened", made.sentence()),
            ("Rule", made.requirement),
            ("Comment", facts.shown(made.comment or "")),
            (
                "Opened",
                f"{times.shown(made.opened_at, self.zone)} by {made.username}, "
                f"{made.classification}",
            ),
            ("Cause", found.cause if found else ""),
            ("Impact", found.impact if found else ""),
            ("Judgement", f"{judged.decision}: {judged.reason}" if judged else "not judged"),
            ("Files", attached(files)),
        ]
        return {
            "code": codes.read(made.code).shown,
            "class": story.classification,
            "state": story.state,
            "under": investigation.shown_scope(made.scope),
            "facts": [[label, each] for label, each in said if each],
            "signatures": self.on(made),
        }


def _deviations(session: Session, found: ReleaseInputs, writer: _Writer) -> list[Record]:
    files = attachments.of_many(session, [each.deviation.id for each in found.stories])
    return [writer.deviation(each, files[each.deviation.id]) for each in found.stories]


def attached(files: Iterable[Attachment]) -> str:
    """Photos and files in one line: what each is called and the SHA-256 it is kept under."""
    return "; ".join(f"{each.name} (SHA-256 {each.sha256})" for each in files)


def _alert(crossed: Finding) -> dict[str, Any]:
    """An alert limit that the values of an entry have crossed, as a line of its own."""
    said = {"label": facts.shown(facts.word(ExecutionTerm.ALERT)), "value": crossed.sentence()}
    return {**said, "struck": [], "marks": [], "formula": "", "limit": ""}


def _formula(entry: Entry, field: Field) -> str:
    value = entry.values.get(field.id) or {}
    return str(value.get("formula", "")) if field.type == "calculation" else ""


def _lines(found: ReleaseInputs, zone: ZoneInfo) -> list[dict[str, str]]:
    printed = filter(certified_statement.is_printed, found.lines)
    return [_line(each, zone) for each in printed]


def _line(line: LineStatus, zone: ZoneInfo) -> dict[str, str]:
    return {
        "test": line.line.name,
        "gate": line.line.gate,
        "limit": facts.shown(line.limit),
        "result": facts.shown(line.result),
        "state": facts.shown(line.worded, Reader(zone=zone.key)),
        "specification": line.specification,
    }


def signed_line(signed: Iterable[dict[str, str]]) -> str:
    """Signatures in one line each: name (user name, role): meaning, time."""
    return " | ".join(
        f"{each['name']} ({each['username']}, {each['role']}): {each['meaning']}, {each['time']}"
        for each in signed
    )
