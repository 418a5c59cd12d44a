"""The law of a document's life: who signs what, in which order, and which version is in force.

MBR-01 (21 CFR 211.100, 211.186): prepared by one person, checked by a second, where the kind asks
for it approved by QA, each signed and dated. MBR-02: one effective version at a time; approved
content never changes, a change is a new version. Pure.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from documents.rule_ids import DocumentRule
from documents.words import kind_word
from integrity import reasons
from integrity.findings import Finding, blocks

FURTHEST_AHEAD = timedelta(days=5 * 366)  # beyond it a date is a slip of the pen


class DocumentState(enum.StrEnum):
    """How far a version is; what is approved may hold or have ended by its dates."""

    DRAFT = "draft"
    AUTHORED = "authored"
    APPROVED = "approved"
    QA_APPROVED = "qa_approved"
    EFFECTIVE = "effective"
    SUPERSEDED = "superseded"
    RETIRED = "retired"
    REJECTED = "rejected"


_BEFORE_APPROVAL: dict[str | None, frozenset[str]] = {
    None: frozenset({DocumentState.DRAFT}),
    DocumentState.DRAFT: frozenset({DocumentState.AUTHORED, DocumentState.REJECTED}),
    DocumentState.AUTHORED: frozenset({DocumentState.APPROVED, DocumentState.REJECTED}),
}
# Two people sign; what is approved holds from its moment on.
MOVES_BY_DATE: Mapping[str | None, frozenset[str]] = {
    **_BEFORE_APPROVAL,
    DocumentState.APPROVED: frozenset({DocumentState.RETIRED}),
}
# QA signs too; an act puts the version in force.
MOVES_WITH_QUALITY: Mapping[str | None, frozenset[str]] = {
    **_BEFORE_APPROVAL,
    DocumentState.APPROVED: frozenset({DocumentState.QA_APPROVED, DocumentState.REJECTED}),
    DocumentState.QA_APPROVED: frozenset({DocumentState.EFFECTIVE, DocumentState.REJECTED}),
    DocumentState.EFFECTIVE: frozenset({DocumentState.SUPERSEDED, DocumentState.RETIRED}),
}


@dataclass(frozen=True)
class Situation:
    """What the law looks at before a signature.

    Who had a hand in it, by user name, and what is in force meanwhile.
    """

    kind: str
    importer: str
    author: str | None = None
    approver: str | None = None
    version: int = 1
    effective_version: int | None = None
    not_before: datetime | None = None


def imports(
    same: str | None, other_code: str | None, effective_from: datetime | None, at: datetime
) -> Iterator[Finding]:
    """The same bytes are no new version, a site has one document of some kinds, and nothing becomes
    effective in the past.

    `same` and `other_code` name the document that stands in the way."""
    if same is not None:
        yield blocks(DocumentRule.SAME_FILE, "document", document=same)
    if other_code is not None:
        yield blocks(DocumentRule.OTHER_CODE, "document", code=other_code)
    yield from not_before_is_possible(effective_from, at)


def approved_by_another(found: Situation, username: str) -> Iterator[Finding]:
    """The approver neither wrote nor brought in what they approve (MBR-01, IAM-03)."""
    if username in (found.author, found.importer):
        yield blocks(DocumentRule.APPROVER_IS_AUTHOR, kind=kind_word(found.kind))


def approved_by_quality(found: Situation, username: str) -> Iterator[Finding]:
    """QA's approval is a third person's (MBR-01)."""
    if username in (found.author, found.importer, found.approver):
        yield blocks(DocumentRule.QUALITY_HAD_A_HAND, kind=kind_word(found.kind))


def may_come_into_force(found: Situation, at: datetime) -> Iterator[Finding]:
    """Not before the date QA approved, and never behind a newer version (MBR-02)."""
    if found.not_before is not None and at < found.not_before:
        yield blocks(DocumentRule.NOT_BEFORE)
    if found.effective_version is not None and found.effective_version > found.version:
        yield blocks(DocumentRule.NEWER_EFFECTIVE, version=str(found.effective_version))


def not_before_is_possible(not_before: datetime | None, at: datetime) -> Iterator[Finding]:
    """Nothing becomes effective in the past, or in more than five years."""
    if not_before is not None and not_before < at:
        yield blocks(DocumentRule.TIME_HAS_PASSED, "effective_from")
    if not_before is not None and not_before - at > FURTHEST_AHEAD:
        yield blocks(DocumentRule.TIME_FAR_AHEAD, "effective_from")


def may_end(state: str, reason: str | None) -> Iterator[Finding]:
    """Nothing ends without a reason, and what is superseded has ended already."""
    if state == DocumentState.SUPERSEDED:
        yield blocks(DocumentRule.SUPERSEDED)
    yield from reasons.wanted(DocumentRule.REASON, reason, "comment")


# What is in force
# -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Span:
    """From when to when one version holds (`ends` None: until a newer one begins)."""

    id: int
    code: str
    version: int
    begins: datetime
    ends: datetime | None = None

    def began(self, at: datetime) -> bool:
        """Whether it came to hold; what ended before its beginning never did."""
        return self.begins <= at and (self.ends is None or self.ends > self.begins)


def newest(spans: Iterable[Span], at: datetime) -> dict[str, Span]:
    """{code: the version that came to hold last}.

    Even where it has ended since: nothing older comes back.
    """
    found: dict[str, Span] = {}
    for span in sorted(spans, key=lambda each: (each.begins, each.version)):
        if span.began(at):
            found[span.code] = span
    return found


def in_force(spans: Iterable[Span], at: datetime) -> dict[str, int]:
    """{code: id of the one version that holds at this moment}."""
    return {
        code: span.id
        for code, span in newest(spans, at).items()
        if span.ends is None or span.ends > at
    }


def shown_state(signed: str, span: Span | None, newest_id: int | None, at: datetime) -> str:
    """The state as people read it: what is approved is effective or superseded by its dates."""
    if signed != DocumentState.APPROVED or span is None or not span.began(at):
        return signed
    return DocumentState.EFFECTIVE if newest_id == span.id else DocumentState.SUPERSEDED


def is_for_show(site_says: bool, documents_say: Iterable[bool]) -> bool:
    """Whether what rests on these documents is marked as a demonstration: where the site or any
    one of them says so. No setting takes the mark from a document that carries it.
    """
    return site_says or any(documents_say)
