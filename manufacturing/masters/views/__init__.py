"""The pages of master batch records."""

from __future__ import annotations

from typing import Any

from documents.texts import text
from documents.views.chapter import Chapter
from manufacturing.masters import description
from manufacturing.masters.model import Master
from manufacturing.masters.register import HANDLING
from people.permissions import Permission


def _shown(said: Master) -> dict[str, Any]:
    return {"titles": {step.id: text(step.title) for step in said.steps}, "wording": description}


CHAPTER = Chapter(
    handling=HANDLING,
    path="masters",
    title="Master batch records",
    over="Manufacturing",
    lead="A batch follows the version that was effective when it started, to its end.",
    empty="No master records yet. An author imports one as a draft; an approver and QA sign it "
    "before a batch can start.",
    template="manufacturing/masters/master.html",
    drafts=Permission.DRAFT_MASTERS,
    approves=Permission.APPROVE_MASTERS,
    quality=Permission.APPROVE_MASTERS_FOR_QUALITY,
    ends=Permission.END_MASTERS,
    effective="New batches start on this version.",
    superseded="A newer version is effective. Batches that started on this one keep it.",
    shown=_shown,
)
