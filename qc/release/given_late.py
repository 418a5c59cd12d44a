"""What was released, issued or given after its time was over, as it turns out when a record is
corrected or it is told: QA judges it, and what is released is held meanwhile (EBR-08, REL-03)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select

from integrity import site
from integrity.acts import Act
from integrity.database import Session
from integrity.facts import word
from integrity.findings import Classification, Finding
from integrity.states import Move
from labels import codes
from manufacturing.execution.batches import Batch
from manufacturing.execution.entries import Entry
from qc.release import rules, used_unfit
from qc.release.rules import Given
from qc.release.situation import RELEASED
from qc.release.used_unfit import Unfit
from qc.release.words import ReleasePhrase
from stores import answers, fate_corrections, fates, printed_labels
from stores.containers import Container, void_ones
from stores.expiries import ContainerExpiry
from stores.fate_rules import Fate
from stores.fates import ContainerFate
from stores.rules import DISPOSITION


def after_correction(act: Act, entry: Entry) -> Unfit:
    """What the expiry that follows from a corrected entry says of a release, of each issue and of
    the labels of what was given out."""
    until = _until(act.session, entry) if entry.corrects_id else {}
    if not until:
        return
    batch = act.session.get_one(Batch, entry.batch_id)
    given = sorted(_given(act.session, batch.id), key=lambda each: each.at)
    released_at = _first_release(act.session, batch.id)
    late = rules.given_late(batch.code, released_at, until, given) if released_at else ()
    for cause in (*late, *_mislabelled(act.session, batch)):
        resting = select(Batch).where(Batch.id == batch.id)
        place = word(ReleasePhrase.PRODUCT)
        yield cause, used_unfit.open_for(act, resting, cause, entry, place, since=act.at)


def after_fate(act: Act, made: ContainerFate) -> Unfit:
    """What became of a container, as it was told or put right: what holds the batch of what was
    given after its time was over or while nobody was to be given it, which QA judges of a batch
    that is recalled as well; whatever else speaks against it is a deviation for QA to judge."""
    batch = act.session.get(Batch, made.scope_id)
    first = fate_corrections.told_first(act.session, made)
    old = made.corrects_id and act.session.get_one(ContainerFate, made.corrects_id)
    if batch is None or (old and old.done_at == made.done_at):
        return
    container = act.session.get_one(Container, made.container_id)
    answer = answers.of(act.session, [container.id], act.at)[container.id]
    told = rules.Handed(
        made.code,
        made.fate,
        made.done_at,
        first.at,
        answer.expires_at,
        site.late_after(act.session, made.done_at),
        answer.words,
        fates.forbidden_when(act.session, made),
    )
    resting, place = select(Batch).where(Batch.id == batch.id), codes.read(made.code).shown
    mislabelled = () if old else _mislabelled(act.session, batch, made)
    for cause in (*rules.handed(told), *mislabelled):
        is_critical = cause.classification == Classification.CRITICAL
        comment = made.why or made.reason
        opened = used_unfit.open_for(
            act, resting, cause, made, place, comment=comment, also_ended=is_critical
        )
        if is_critical:
            yield cause, opened


def _mislabelled(
    session: Session, batch: Batch, made: ContainerFate | None = None
) -> Iterator[Finding]:
    """What of a batch, or what of it was issued by this very record, lies somewhere under a label
    with another use-by than its record."""
    if made is None or made.fate == Fate.ISSUED:
        for each in printed_labels.given_out(session, [batch.id]).get(batch.id, ()):
            if made is None or each.code == made.code:
                yield rules.mislabelled(each.code, each.printed, each.until)


def _first_release(session: Session, batch_id: int) -> datetime | None:
    """When the batch was released for the first time, at either gate."""
    moved = select(Move.at).where(
        Move.subject_id == batch_id, Move.axis == DISPOSITION, Move.becomes.in_(RELEASED)
    )
    return session.scalar(moved.order_by(Move.id).limit(1))


def _until(session: Session, entry: Entry) -> dict[str, datetime]:
    """{container: its expiry} as it follows from this very entry."""
    wanted = (
        select(Container.code, ContainerExpiry.expires_at)
        .join(ContainerExpiry, ContainerExpiry.container_id == Container.id)
        .where(ContainerExpiry.entry_id == entry.id, Container.id.not_in(void_ones()))
        .order_by(Container.id)
    )
    found = session.execute(wanted).tuples()
    return {code: expires_at for code, expires_at in found if expires_at}


def _given(session: Session, batch_id: int) -> Iterator[Given]:
    """Every container that was handed out or given to somebody, as two people or one said."""
    for told in fates.in_scope(session, batch_id).values():
        for each in told:
            if each.stands and each.record.fate in (Fate.ISSUED, Fate.USED):
                yield Given(each.record.code, each.record.fate, each.record.done_at)
