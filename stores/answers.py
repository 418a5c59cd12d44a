"""What a container answers with when somebody asks whether it may be used: the one question of a
scan, a list, a label, an issue.

It is asked for many at once; whoever has the columns already (a page of a family) hands them in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from integrity import doubts, states, vocabulary
from integrity.database import Session
from integrity.facts import Fact
from integrity.words import Tone
from stores import banks, expiries, holds, papers, standing
from stores.containers import AXIS, Container
from stores.fate_rules import Fate
from stores.standing import Word

FATE = vocabulary.axis("fate", Fate)


@dataclass(frozen=True)
class Answer:
    """The words of a container, the strongest first, and until when it may be used; `fate` is what
    became of it, or None; `is_bank` that it is a vial beside the product of its batch.
    """

    words: tuple[Word, ...]
    expires_at: datetime | None
    fate: str | None
    in_doubt: bool
    is_bank: bool

    @property
    def word(self) -> Word:
        """The band: what forbids most, or what allows."""
        return self.words[0]

    @property
    def tone(self) -> Tone:
        return standing.tone(self.word)

    @property
    def sentence(self) -> Fact:
        """What it means for whoever holds the container, in one line."""
        return standing.sentence(self.word, self.expires_at, self.in_doubt, banked=self.is_bank)

    @property
    def may_be_issued(self) -> bool:
        return self.word in standing.ALLOWS


def of(session: Session, ids: Iterable[int], at: datetime) -> dict[int, Answer]:
    """{container id: what it answers with at a moment}, of many in as many queries as of one."""
    asked = list(ids)
    where, until = states.on_all_axes(session, asked), expiries.of(session, asked)
    held, in_doubt = holds.held(session, asked), doubts.stand(session)
    doubted, in_banks = _doubted(session, asked), banks.of(session, asked)
    return {
        each: _answer(
            where.get((each, AXIS), Word.UNKNOWN),
            until.get(each),
            where.get((each, FATE)),
            is_held=each in held,
            in_doubt=in_doubt,
            doubted=each in doubted,
            is_bank=each in in_banks,
            at=at,
        )
        for each in asked
    }


def _doubted(session: Session, asked: Iterable[int]) -> frozenset[int]:
    """Those of these containers that were released on a paper which is under review."""
    scopes = papers.under_review(session)
    if not scopes:
        return frozenset()
    wanted = select(Container.id).where(Container.id.in_(asked), Container.scope_id.in_(scopes))
    return frozenset(session.scalars(wanted))


def of_row(session: Session, row: Any, at: datetime) -> Answer:
    """The same of a row that has its columns (`stores.family.Relative`)."""
    return _answer(
        row.state,
        row.expires_at,
        row.fate,
        is_held=bool(row.held),
        in_doubt=doubts.stand(session),
        doubted=row.scope_id in papers.under_review(session),
        is_bank=row.is_bank,
        at=at,
    )


def _answer(
    disposition: str,
    expires_at: datetime | None,
    fate: str | None,
    *,
    is_held: bool,
    in_doubt: bool,
    doubted: bool,
    is_bank: bool,
    at: datetime,
) -> Answer:
    has_expired = standing.has_expired(expires_at, at)
    told = standing.words(
        disposition,
        has_expired,
        in_doubt,
        held=is_held,
        fate=fate,
        doubted=doubted,
        banked=is_bank,
    )
    return Answer(tuple(told), expires_at, fate, in_doubt, is_bank)
