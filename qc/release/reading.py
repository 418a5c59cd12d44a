"""One reading of many batches: all that the dossiers of their releases are made of, in as many
questions as for one, each answer under its batch, cord, donor or code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

from sqlalchemy import select

from documents import register as documents
from documents.register import ControlledDocument, Timeline
from integrity import backups, clock, observations, site, states
from integrity.database import Session
from integrity.facts import Fact, message
from integrity.observations import Seen
from integrity.states import Move
from manufacturing.donation import eligibility
from manufacturing.donation.donations import Cord, ProcessingStart
from manufacturing.donation.rules.cords import CORD_AXIS
from manufacturing.execution import label_counts, uses
from manufacturing.execution.batch_state import BatchState
from manufacturing.execution.batches import Batch
from qc.deviations import investigation
from qc.deviations.investigation import Story
from qc.laboratory import (
    batch_amounts as bases,
    judging_versions,
    line_statuses,
    pulled_samples,
    results,
)
from qc.laboratory.results import Recorded, Result
from qc.laboratory.rules.line_status import LineStatus
from qc.laboratory.rules.pulled import PulledTest
from qc.release import after_review, concerns, product
from qc.release.after_review import Review
from qc.release.concerns import Concerns
from qc.release.product import Product
from qc.release.words import ReleaseWord
from qc.specifications import register
from qc.specifications.model import Contents
from stores import holds, printed_labels
from stores.containers import Container, void_ones
from stores.holds import Hold
from stores.lot_uses import LotUse
from stores.lots import Lot
from stores.printed_labels import Printed
from stores.rules import DISPOSITION, ContainerKind, Disposition, product_of


@dataclass(frozen=True)
class Versions:
    """The versions of documents that batches keep, and which ones were in force when."""

    judged: Mapping[int, int]
    pinned: Mapping[int, ControlledDocument]
    contents: Mapping[int, Contents]
    timeline: Timeline
    now: datetime

    @classmethod
    def gather(cls, session: Session, wanted: Sequence[Batch], at: datetime) -> Versions:
        judged = judging_versions.judged_by(session, wanted)
        judging = set(judged.values())
        kept = judging | {batch.master_id for batch in wanted}
        pinned = documents.by_ids(session, kept | {batch.specification_id for batch in wanted})
        return cls(
            judged,
            pinned,
            register.contents_by_id(session, judging),
            documents.timeline(session, pinned.values()),
            at,
        )

    def of(self, batch: Batch) -> tuple[ControlledDocument, ControlledDocument]:
        """The specification that judges a batch, and the master record it keeps."""
        return self.judging(batch), self.pinned[batch.master_id]

    def judging(self, batch: Batch) -> ControlledDocument:
        """The specification that judges a batch."""
        return self.pinned[self.judged[batch.id]]

    def said(self, batch: Batch) -> Contents:
        """What it says."""
        return self.contents[self.judged[batch.id]]

    def in_force(self, kept: ControlledDocument) -> ControlledDocument | None:
        """The version of the same code that is in force now."""
        return self.timeline.at(kept, self.now)

    def changed_since(self, batch: Batch, moment: datetime) -> Iterator[Fact]:
        """What became of the documents that a batch keeps after a moment."""
        for kept in self.of(batch):
            was, becomes = self.timeline.at(kept, moment), self.in_force(kept)
            if becomes is None and was is not None:
                yield message(ReleaseWord.NOT_IN_FORCE_ANY_MORE, document=was.named)
            elif becomes is not None and becomes != was:
                yield message(ReleaseWord.IN_FORCE_SINCE, document=becomes.named)


@dataclass(frozen=True)
class Reading:
    """What one reading of many batches found, each under its batch, cord, donor or code."""

    starts: Mapping[int, ProcessingStart]
    eligible: Mapping[int, str]
    cord_states: Mapping[int, str]
    stories: Sequence[Story]
    versions: Versions
    lines: Mapping[str, Sequence[LineStatus]]
    pulled: Mapping[str, Sequence[PulledTest]]
    results: Mapping[int, Sequence[Result]]
    states: Mapping[int, str]
    reviews: Mapping[int, Review]
    reviewers: Mapping[int, frozenset[str]]
    watched: Mapping[int, Sequence[str]]
    since: Mapping[int, Sequence[str]]
    used: Mapping[int, Sequence[tuple[LotUse, Lot]]]
    concerns: Mapping[int, Concerns]
    containers: Mapping[int, Sequence[Container]]
    labels: Mapping[int, label_counts.Counts]
    untrue_labels: Mapping[int, Sequence[Printed]]
    products: Mapping[int, Product]
    dispositions: Mapping[int, str]
    holds: Mapping[int, Move]
    held_by_hand: Sequence[Hold]
    seen: Sequence[Seen]
    clock_trusted: bool
    restore_seen: bool
    zone: Any

    @classmethod
    def gather(
        cls,
        session: Session,
        here: Mapping[int, BatchState],
        cords: Mapping[int, Cord],
        scopes: Mapping[int, tuple[str, str, str]],
        at: datetime,
    ) -> Reading:
        donors = {cord.donor_id for cord in cords.values()}
        versions = Versions.gather(session, [each.batch for each in here.values()], at)
        found = results.recorded(session, [each.batch.code for each in here.values()])
        reviews = after_review.newest_reviews(session, list(here))
        used, made = _used(session, here), _containers(session, here)
        concerned = concerns.of_batches(session, here, cords, used)
        keys = {number for each in concerned.values() for number in each.keys}
        watched = _watched(session, here, cords, scopes, used, concerned)
        return cls(
            starts=_starts(session, cords),
            eligible=eligibility.eligibilities(session, donors),
            cord_states=states.of_many(session, list(cords), CORD_AXIS),
            stories=investigation.of_scopes(session, keys),
            versions=versions,
            lines=_lines(session, here, found, versions),
            pulled=_pulled(session, here, found, versions),
            results=_by_batch(found.results),
            states=found.states,
            reviews=reviews,
            reviewers=after_review.reviewers(session, here),
            watched=watched,
            since=after_review.said_since(session, reviews, watched),
            used=used,
            concerns=concerned,
            containers=made,
            labels=label_counts.of_batches(session, here),
            untrue_labels=printed_labels.untrue(session, here),
            products=product.of_batches(session, here, at),
            dispositions=_dispositions(session, used),
            holds=states.newest_moves(session, _held(here), DISPOSITION, Disposition.ON_HOLD),
            held_by_hand=holds.in_force(
                session, _rested_on(cords, used), Container.__tablename__, {*here, *cords}
            ),
            seen=observations.in_scopes(session, keys),
            clock_trusted=clock.state(session) not in clock.UNTRUSTED,
            restore_seen=backups.restored(session) != backups.RestoreState.RESTORED,
            zone=site.zone(session),
        )


def _dispositions(
    session: Session, used: Mapping[int, Sequence[tuple[LotUse, Lot]]]
) -> dict[int, str]:
    """{lot id: where it stands}."""
    lots = {lot.id for each in used.values() for _, lot in each}
    return states.of_many(session, lots, DISPOSITION)


def _lines(
    session: Session, here: Mapping[int, BatchState], found: Recorded, versions: Versions
) -> Mapping[str, Sequence[LineStatus]]:
    """{batch code: where it stands on each line of the specification that judges it}."""
    wanted = {}
    for each in here.values():
        basis = bases.basis_from(each.current, versions.said(each.batch).sources)
        wanted[each.batch.code] = (versions.judging(each.batch), basis)
    return line_statuses.of_batches(session, wanted, found) if wanted else {}


def _pulled(
    session: Session, here: Mapping[int, BatchState], found: Recorded, versions: Versions
) -> Mapping[str, Sequence[PulledTest]]:
    """{batch code: every test that a sample of it was pulled for}."""
    said = {each.batch.code: versions.said(each.batch) for each in here.values()}
    return pulled_samples.of_batches(session, said, found) if said else {}


def _watched(
    session: Session,
    here: Mapping[int, BatchState],
    cords: Mapping[int, Cord],
    scopes: Mapping[int, tuple[str, str, str]],
    used: Mapping[int, Sequence[tuple[LotUse, Lot]]],
    concerned: Mapping[int, Concerns],
) -> dict[int, list[str]]:
    """{batch id: the codes under which everything is found that a review has to have seen}."""
    births = _births(session, {cord.donor_id for cord in cords.values()})
    return {
        number: [
            *dict.fromkeys([*scopes[number], *births[cords[each.batch.cord_id].donor_id]]),
            *(lot.code for _, lot in used[number]),
            *(item.code for item in concerned[number].equipment.values()),
        ]
        for number, each in here.items()
    }


def _births(session: Session, donor_ids: Iterable[int]) -> dict[int, list[str]]:
    """{donor id: the codes of her cords}: what is recorded about her is found under the newest."""
    found: dict[int, list[str]] = {number: [] for number in donor_ids}
    wanted = select(Cord.donor_id, Cord.code).where(Cord.donor_id.in_(found)).order_by(Cord.id)
    for donor_id, code in session.execute(wanted):
        found[donor_id].append(code)
    return found


def _held(here: Mapping[int, BatchState]) -> list[int]:
    return [number for number, each in here.items() if each.disposition == Disposition.ON_HOLD]


def _rested_on(
    cords: Mapping[int, Cord], used: Mapping[int, Sequence[tuple[LotUse, Lot]]]
) -> set[int]:
    """The cords, donors and lots of these batches."""
    donors, lots = {cord.donor_id for cord in cords.values()}, chain(*used.values())
    return {*cords, *donors, *(lot.id for _, lot in lots)}


def _used(session: Session, here: Iterable[int]) -> dict[int, list[tuple[LotUse, Lot]]]:
    """{batch id: every lot it was made with, each once, with the use that names it first}."""
    found: dict[int, list[tuple[LotUse, Lot]]] = {number: [] for number in here}
    for use, lot in uses.first_uses_of(session, found):
        found[use.scope_id].append((use, lot))
    return found


def _containers(session: Session, here: Iterable[int]) -> dict[int, list[Container]]:
    """{batch id: the containers of its product}."""
    found: dict[int, list[Container]] = {number: [] for number in here}
    wanted = select(Container).where(
        Container.scope_id.in_(found),
        Container.kind.in_([ContainerKind.FINAL, ContainerKind.VIAL]),
        Container.id.not_in(void_ones()),
    )
    for each in session.scalars(wanted.order_by(Container.id)):
        found[each.scope_id].append(each)
    kinds = {number: product_of({each.kind for each in made}) for number, made in found.items()}
    return {
        number: [each for each in made if each.kind == kinds[number]]
        for number, made in found.items()
    }


def _by_batch(found: Sequence[Result]) -> dict[int, list[Result]]:
    parted: dict[int, list[Result]] = {}
    for each in found:
        parted.setdefault(each.scope_id, []).append(each)
    return parted


def _starts(session: Session, cord_ids: Iterable[int]) -> dict[int, ProcessingStart]:
    """The newest start of each cord: a corrected claim makes another one."""
    wanted = select(ProcessingStart).where(ProcessingStart.cord_id.in_(list(cord_ids)))
    return {each.cord_id: each for each in session.scalars(wanted.order_by(ProcessingStart.id))}
