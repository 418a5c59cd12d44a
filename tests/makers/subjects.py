"""Bare subjects, for what is said of any thing whatever it is."""

from __future__ import annotations

from sqlalchemy import select

from integrity import trail
from integrity.acts import Act
from integrity.database import Session
from integrity.subjects import Scope, Subject
from tests.templates import MORNING


def make_subject(session: Session, kind: str = "lots", code: str | None = None) -> Subject:
    """Something of this kind, which no table describes."""
    act = Act(session, trail.SYSTEM, MORNING)
    subject = act.add(Subject(kind=kind, code=code))
    act.say("lot.received", subject)
    return subject


def scope_named(session: Session, code: str) -> Scope:
    """What is found under this code: the batch or cord of it, or a bare one made here."""
    known = session.scalar(select(Subject).where(Subject.code == code))
    return (known or make_subject(session, "batches", code)).itself
