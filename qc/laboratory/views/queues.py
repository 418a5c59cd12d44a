"""What waits in the laboratory: samples, long tests, reviews, investigations."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Select, select

from integrity import states
from integrity.database import Session
from integrity.deviations import AXIS as DEVIATION, Deviation, DeviationState
from people import queues
from people.permissions import Permission
from people.queues import SHOWN, Address, Asker, Found, Item, Queue
from qc.laboratory import long_tests, samples
from qc.laboratory.results import Result
from qc.laboratory.rule_ids import LaboratoryRule
from qc.laboratory.rules.oos import OOS, OosState
from qc.laboratory.rules.results import (
    RESULT,
    ResultState,
)
from qc.laboratory.words import LaboratoryQueue
from stores.containers import Container

UNDECIDED = (DeviationState.OPEN, DeviationState.ASSESSED)
SAMPLES, DAY = Container.__tablename__, timedelta(days=1)
EVERY, SAMPLE = Address("laboratory.samples"), "laboratory.sample"


def _not_received(session: Session, asker: Asker) -> Found:
    return _samples(session, samples.not_received(), "laboratory.sample_receive")


def _samples(session: Session, wanted: Select[tuple[Container]], page: str = SAMPLE) -> Found:
    return queues.by_code(
        session,
        wanted,
        page,
        since=lambda made: made.made_at,
        title=lambda made: made.title,
    )


def _in_test(session: Session, asker: Asker) -> Found:
    return _samples(session, long_tests.in_test())


def _readings(session: Session, asker: Asker) -> Found:
    """Long tests whose last reading falls due within a day, and that have no final result."""
    due = sorted(
        (each for each in long_tests.running(session) if each.until <= asker.at + DAY),
        key=lambda each: (each.until, each.sample),
    )
    items = [
        Item(each.sample, Address(SAMPLE, {"code": each.sample}), each.name, due=each.until)
        for each in due[:SHOWN]
    ]
    return Found(len(due), items)


def _to_review(session: Session, asker: Asker) -> Found:
    """Results that others recorded and nobody reviewed."""
    entered = states.standing(Result.__tablename__, RESULT, ResultState.ENTERED)
    wanted = select(Result).where(Result.id.in_(entered), Result.username != asker.username)
    return queues.first(
        session,
        wanted.order_by(Result.id),
        lambda row: Item(
            row[0].sample,
            Address("laboratory.sample_review", {"code": row[0].sample}),
            row[0].test,
            since=row[0].recorded_at,
        ),
    )


WRITING = (OosState.PLAN_OPEN,)  # the laboratory has still to end its phase


def _to_investigate(session: Session, asker: Asker) -> Found:
    """Results out of specification whose phase I the laboratory has not ended."""
    kind = Deviation.__tablename__
    ended = states.standing(kind, OOS, *(each for each in OosState if each not in WRITING))
    wanted = select(Deviation).where(
        Deviation.id.in_(states.standing(kind, DEVIATION, *UNDECIDED)),
        Deviation.rule == LaboratoryRule.OUT_OF_SPECIFICATION,
        Deviation.id.not_in(ended),
    )
    return queues.by_code(
        session,
        wanted.order_by(Deviation.id),
        "deviations.deviation",
        since=lambda made: made.opened_at,
        title=lambda made: made.what,
    )


QUEUES = (
    Queue(LaboratoryQueue.READINGS, Permission.RECORD_RESULTS, _readings, EVERY),
    Queue(
        LaboratoryQueue.SAMPLES,
        Permission.RECORD_RESULTS,
        _not_received,
        EVERY,
        Address("laboratory.samples_receive"),
    ),
    Queue(LaboratoryQueue.TESTS, Permission.RECORD_RESULTS, _in_test, EVERY),
    Queue(
        LaboratoryQueue.RESULTS,
        Permission.REVIEW_RESULTS,
        _to_review,
        EVERY,
        Address("laboratory.results_review"),
    ),
    Queue(
        LaboratoryQueue.INVESTIGATIONS,
        Permission.INVESTIGATE_RESULTS,
        _to_investigate,
        Address("deviations.deviations"),
    ),
)
