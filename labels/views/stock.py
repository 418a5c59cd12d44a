"""The pages of label stock."""

from __future__ import annotations

from documents.views.chapter import Chapter
from labels.stock_register import HANDLING
from people.permissions import Permission

CHAPTER = Chapter(
    handling=HANDLING,
    path="documents/label-stock",
    title="Label stock",
    over="Labels",
    lead="What labels are printed on. Every print names the version it was drawn on.",
    empty="No label stock yet. QA or a label printer imports it as a draft and signs; another "
    "person of QA approves it before a label can be printed.",
    template="labels/printing/stock.html",
    drafts=Permission.DRAFT_LABEL_STOCK,
    approves=Permission.APPROVE_LABEL_STOCK,
    ends=Permission.APPROVE_LABEL_STOCK,
    effective="Labels are drawn on this version now.",
    superseded="A newer version holds. What was printed on this one names it.",
)
