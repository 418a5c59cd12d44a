"""Act: what every act is handed. Who does it, when by the server's clock, in which transaction,
under which entry.

An act is one function that changes records. It takes the act first, gathers what it needs, asks the
law, writes rows, and says what it did (`act.say`); it never commits, and never reads the clock or
the current user from the air. A repeated post carries the same entry id and gets the same answer
(`act.once`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, TypeVar

from integrity import trail
from integrity.actions import IntegrityAction
from integrity.database import By, Record, Session
from integrity.facts import Fact, Reader
from integrity.findings import Refused
from integrity.ledger import Head
from integrity.trail import Actor

R = TypeVar("R", bound=Record)
UNSAID: Final = object()  # no facts were given: the event answers no entry


@dataclass(frozen=True)
class Act:
    """The one writing transaction of one deed.

    `at` is the server's time in UTC; `entry_id` names the form, the request or the line of a script
    that asked for it (None for what the system does by itself).
    """

    session: Session
    by: Actor
    at: datetime
    entry_id: str | None = None
    language: str = "en"

    @property
    def reader(self) -> Reader:
        """For whom this deed's sentences are worded."""
        return Reader(self.language, self.zone)

    @property
    def zone(self) -> str:
        """The IANA name of the site's zone, as it holds in this transaction."""
        return self.session.ledger.zone

    def inner(self) -> Act:
        """The same deed for a part of it that answers no entry of its own."""
        return replace(self, entry_id=None)

    def part(self, name: str) -> Act:
        """One of several deeds of this one, under an entry of its own."""
        return replace(self, entry_id=self.entry_id and f"{self.entry_id}-{name}")

    def by_system(self) -> Act:
        """What the system itself does within this deed."""
        return replace(self, by=trail.SYSTEM, entry_id=None)

    def once(self, action: str, facts: Any) -> int | None:
        """The key of the record that this very entry already made, or None where it is new.

        The same entry id with other facts, or from somebody else, is refused.
        """
        earlier = self._earlier(action, facts)
        return int(earlier) if earlier else None

    def has_answered(self, action: str, facts: Any) -> bool:
        """`once` for an act whose subject is no numbered record (the site, its clock)."""
        return self._earlier(action, facts) is not None

    def _earlier(self, action: str, facts: Any) -> str | None:
        if not self.entry_id:
            return None
        return trail.answered(self.session, action, self.entry_id, facts, self.by)

    def add(self, record: R, *more: Record) -> R:
        """Add new records; each has its number at once and is never changed again. Gives the first.

        A record that says `By` whom it is was made by whoever acts.

        The rows are written with what else the act adds, before the next question or at commit; the
        act then says the event that answers for them.
        """
        for each in (record, *more):
            if isinstance(each, By) and "username" not in each.__dict__:
                each.person_id, each.username = self.by.id, self.by.username
            self.session.ledger.add(each)
        return record

    def say(
        self,
        action: str,
        subject: Any,
        *,
        scope: str | None = None,
        reason: Fact | None = None,
        details: Mapping[str, Any] | None = None,
        facts: Any = UNSAID,
    ) -> Head:
        """Append one event that answers for every record row added since the last one.

        `subject` is a record or a (kind, key) pair; `scope` is the batch, cord or other code under
        which the line is found again; `facts` are what a repeated post is compared with.
        """
        entry = None if facts is UNSAID or not self.entry_id else (self.entry_id, facts)
        return trail.append(
            self.session,
            action,
            subject,
            by=self.by,
            at=self.at,
            scope=scope,
            reason=reason,
            details=details,
            entry=entry,
        )

    def refused(self, refusal: Refused, name: str, scope: str | None = None) -> Head:
        """Say that an act was refused: one event of its own, in a transaction of its own."""
        found = [[finding.rule, finding.parameters] for finding in refusal.findings]
        return self.say(
            IntegrityAction.REFUSED,
            (trail.OtherSubject.ACT, name),
            scope=scope,
            details={"findings": found},
        )
