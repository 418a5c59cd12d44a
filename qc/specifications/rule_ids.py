"""The rules of this chapter by their ids, which are the ids of their sentences in
locales/<language>/specifications.ftl.
"""

from __future__ import annotations

from integrity.findings import Rule


class SpecificationRule(Rule):
    DOCUMENT_FAULT = "qc-01-document-fault"
    SAME_DOCUMENT = "qc-01-same-document"
    EFFECTIVE_IN_THE_PAST = "qc-01-effective-in-the-past"
    APPROVER_HAD_A_HAND = "qc-01-approver-had-a-hand"
