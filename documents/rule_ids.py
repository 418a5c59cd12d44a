"""The rules of this floor by their ids, which are the ids of their sentences in
locales/<language>/documents.ftl.
"""

from __future__ import annotations

from integrity.findings import Rule
from integrity.vocabulary import RULES


@RULES.add
class DocumentRule(Rule):
    KEPT_FILE_DIFFERS = "mbr-03-kept-file-differs"
    SAME_FILE = "mbr-02-same-file"
    OTHER_CODE = "mbr-02-other-code"
    TIME_FAR_AHEAD = "mbr-02-time-far-ahead"
    REASON = "mbr-02-reason"
    DOCUMENT_FAULT = "mbr-01-document-fault"
    APPROVER_IS_AUTHOR = "mbr-01-approver-is-author"
    QUALITY_HAD_A_HAND = "mbr-01-quality-had-a-hand"
    NOT_BEFORE = "mbr-02-not-before"
    NEWER_EFFECTIVE = "mbr-02-newer-effective"
    TIME_HAS_PASSED = "mbr-02-time-has-passed"
    SUPERSEDED = "mbr-02-superseded"


@RULES.add
class LackingRule(Rule):
    """No document of a kind is in force: who does what, on which page."""

    MASTER_RECORD = "mbr-02-no-master-record"
    SPECIFICATION = "mbr-02-no-specification"
    DONOR_CRITERIA = "mbr-02-no-donor-criteria"
    MATERIALS = "mbr-02-no-materials"
    LABEL_STOCK = "mbr-02-no-label-stock"
