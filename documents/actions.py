"""What the events of this chapter say was done."""

from __future__ import annotations

import enum

from integrity.vocabulary import ACTIONS


@ACTIONS.add
class DocumentAction(enum.StrEnum):
    DOCUMENT_IMPORTED = "document.imported"
    DOCUMENT_AUTHORED = "document.authored"
    DOCUMENT_APPROVED = "document.approved"
    DOCUMENT_QA_APPROVED = "document.qa_approved"
    DOCUMENT_EFFECTIVE = "document.effective"
    DOCUMENT_SUPERSEDED = "document.superseded"
    DOCUMENT_REJECTED = "document.rejected"
    DOCUMENT_RETIRED = "document.retired"
