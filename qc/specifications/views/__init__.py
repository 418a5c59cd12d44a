"""The pages of specifications."""

from __future__ import annotations

from documents.views.chapter import Chapter
from people.permissions import Permission
from qc.specifications.register import HANDLING

CHAPTER = Chapter(
    handling=HANDLING,
    path="specifications",
    title="Specifications",
    over="Quality control",
    lead="A result is judged by the version that holds when it is recorded, and keeps it.",
    empty="No specifications yet. QC imports one as a draft and signs it; QA approves it before a "
    "result can be recorded.",
    template="qc/specifications/specification.html",
    drafts=Permission.DRAFT_SPECIFICATIONS,
    approves=Permission.APPROVE_SPECIFICATIONS,
    ends=Permission.APPROVE_SPECIFICATIONS,
    effective="Results recorded now are judged by this version.",
    superseded="A newer version holds. Results recorded under this one keep it.",
)
