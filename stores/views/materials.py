"""The pages of the list of materials."""

from __future__ import annotations

from documents.views.chapter import Chapter
from people.permissions import Permission
from stores.catalogue_register import HANDLING

CHAPTER = Chapter(
    handling=HANDLING,
    path="documents/materials",
    title="Materials",
    over="Stores",
    lead="What the stores know by name. A lot names the version it was received under.",
    empty="No list of materials yet. QA or QC imports it as a draft and signs; another person of "
    "QA approves it before a lot can be received.",
    template="stores/lots/materials.html",
    drafts=Permission.DRAFT_MATERIALS,
    approves=Permission.APPROVE_MATERIALS,
    ends=Permission.APPROVE_MATERIALS,
    effective="Lots and equipment are named by this version now.",
    superseded="A newer version holds. Lots received under this one keep it.",
)
