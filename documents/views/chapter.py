"""How the pages of one kind of document differ from those of the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import abort

from documents import register
from documents.kinds import Handling, Kind
from documents.register import ControlledDocument
from documents.rules import DocumentState
from people.permissions import Permission
from people.transaction import session

# (path below the kind's own, suffix of the endpoint, permission, view, methods)
Route = tuple[str, str, Permission, Callable[..., Any], list[str]]
Words = Mapping[str, tuple[str, str, str]]

_WITH_QUALITY: Words = {
    DocumentState.AUTHORED: (
        "In review",
        "held",
        "Signed by its author. An approver checks and signs.",
    ),
    DocumentState.APPROVED: ("Approved", "held", "Signed by author and approver. QA signs next."),
    DocumentState.QA_APPROVED: (
        "Approved by QA",
        "held",
        "Signed by three people. It becomes effective when an approver says so.",
    ),
}
_BY_DATE: Words = {
    DocumentState.AUTHORED: (
        "In review",
        "held",
        "Signed by its author. Another person approves it.",
    ),
    DocumentState.APPROVED: (
        "Approved",
        "held",
        "Signed by two people. It holds from the moment shown.",
    ),
}
_ALL: Words = {
    DocumentState.DRAFT: ("Draft", "note", "Imported. Its author reads it and signs."),
    DocumentState.RETIRED: ("Retired", "rejected", "Out of force. Nothing new may rest on it."),
    DocumentState.REJECTED: ("Rejected", "rejected", "Refused. Nothing may rest on it."),
}
BEFORE_EFFECTIVE = (
    DocumentState.DRAFT,
    DocumentState.AUTHORED,
    DocumentState.APPROVED,
    DocumentState.QA_APPROVED,
)
ENDED = (DocumentState.SUPERSEDED, DocumentState.RETIRED, DocumentState.REJECTED)


@dataclass(frozen=True)
class Chapter:
    """The pages of one kind: where they stand, who may do what there, and their own words.

    `effective` and `superseded` say what these states mean for this kind; `shown` gives what the
    page of one version is drawn with beside what every document has; `template` extends
    documents/document.html.
    """

    handling: Handling
    path: str
    title: str
    over: str
    lead: str
    empty: str
    template: str
    drafts: Permission
    approves: Permission
    ends: Permission
    effective: str
    superseded: str
    quality: Permission | None = None
    shown: Callable[[Any], Mapping[str, Any]] = field(default=lambda said: {})

    @property
    def kind(self) -> Kind:
        return self.handling.kind

    @property
    def name(self) -> str:
        return self.handling.name

    def endpoint(self, deed: str = "") -> str:
        """The endpoint of a deed on one version; of the version itself where none is named."""
        return f"documents.{self.kind}{'_' + deed if deed else ''}"

    @property
    def words(self) -> Words:
        """{state: (word, tone, what it means)}."""
        return {
            **_ALL,
            **(_WITH_QUALITY if self.quality else _BY_DATE),
            DocumentState.EFFECTIVE: ("Effective", "accepted", self.effective),
            DocumentState.SUPERSEDED: ("Superseded", "note", self.superseded),
        }

    def deeds(self, state: str) -> Iterator[tuple[str, str, Permission]]:
        """(label, endpoint, permission) of what may be done with a version in this state."""
        for states, label, deed, permission in self._deeds():
            if state in states and permission is not None:
                yield label, self.endpoint(deed), permission

    def _deeds(self) -> Iterator[tuple[tuple[str, ...], str, str, Permission | None]]:
        yield (DocumentState.DRAFT,), "Sign as author", "author", self.drafts
        yield (DocumentState.AUTHORED,), "Approve", "approve", self.approves
        if self.quality:
            yield (DocumentState.APPROVED,), "Give QA's approval", "date", self.quality
            yield (DocumentState.QA_APPROVED,), "Make effective", "effective", self.approves
            yield BEFORE_EFFECTIVE, "Reject", "reject", self.ends
            yield (DocumentState.EFFECTIVE,), "Retire", "retire", self.ends
        else:
            yield (DocumentState.DRAFT, DocumentState.AUTHORED), "Reject", "reject", self.ends
            yield (DocumentState.APPROVED, DocumentState.EFFECTIVE), "Retire", "retire", self.ends

    def document_or_404(self, document_id: int) -> ControlledDocument:
        found = register.by_id(session(), document_id, self.kind)
        if found is None:
            abort(
                404,
                f"There is no {self.name} under this number. Open the list of documents.",
            )
        return found
