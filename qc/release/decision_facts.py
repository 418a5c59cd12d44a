"""What is shown and signed when a batch is rejected, withdrawn or its hold is lifted."""

from __future__ import annotations

from collections.abc import Iterator

from documents.words import Term
from integrity import facts
from integrity.database import Session
from integrity.facts import Fact, Pair
from integrity.words import Phrase, class_word, state_word
from qc.laboratory import result_facts
from qc.laboratory.rules.line_status import LineStatus
from qc.release import after_review, certified_statement
from qc.release.release_inputs import ReleaseInputs
from qc.release.situation import DeviationFacts
from qc.release.words import ReleasePhrase, ReleaseTerm


def facts_of(session: Session, found: ReleaseInputs, decision: Fact) -> list[Pair]:
    """The decision, what it is about, every line, deviation and container of it, and how far the
    trail of the batch reaches.
    """
    seq, hash_ = after_review.newest_event(session, found.watched)
    return [
        facts.pair(Term.DECISION, decision),
        *_batch(found),
        *(line(each) for each in found.lines if certified_statement.is_printed(each)),
        *(_deviation(each) for each in found.facts.deviations),
        *(
            facts.pair(Term.CONTAINER, certified_statement.container(each))
            for each in certified_statement.released_containers(session, found)
        ),
        facts.pair(ReleaseTerm.TRAIL, facts.message(ReleasePhrase.TRAIL, seq=str(seq), hash=hash_)),
    ]


def _batch(found: ReleaseInputs) -> Iterator[Pair]:
    yield facts.pair(Term.BATCH, facts.code(found.batch.code))
    yield facts.pair(Term.PRODUCT, facts.text(found.here.master.title))
    yield facts.pair(Term.MASTER_RECORD, master_record(found))
    yield facts.pair(Term.EXECUTION, state_word(found.facts.execution))
    yield facts.pair(Term.DISPOSITION, state_word(found.facts.disposition))


def master_record(found: ReleaseInputs) -> Fact:
    """The master record that the batch rests on, with its digest."""
    title, sha256 = found.batch.master_title, found.batch.sha256
    return facts.message(Phrase.DOCUMENT_DIGEST, document=title, sha256=sha256)


def line(status: LineStatus) -> Pair:
    """One line of the specification and where the batch stands on it."""
    limit, verdict = status.limit, status.worded
    if not status.result:
        said = facts.message(ReleasePhrase.NO_RESULT, limit=limit, verdict=verdict)
    else:
        result = result_facts.reported(status)
        said = facts.message(
            ReleasePhrase.RESULT,
            result=result,
            measured=result_facts.measured(status),
            limit=limit,
            verdict=verdict,
        )
    return status.line.test, said


def _deviation(said: DeviationFacts) -> Pair:
    sentence = said.what
    if said.decision:
        sentence = facts.message(
            ReleasePhrase.JUDGED, sentence=said.what, decision=state_word(said.decision)
        )
    return (
        facts.message(Phrase.DEVIATION_CODE, code=facts.code(said.code)),
        facts.message(
            Phrase.DEVIATION,
            **{"class": class_word(said.classification)},
            state=state_word(said.state),
            sentence=sentence,
        ),
    )
