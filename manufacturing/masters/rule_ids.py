"""The rules of this chapter by their ids, which are the ids of their sentences in
locales/<language>/masters.ftl.
"""

from __future__ import annotations

from integrity.findings import Rule


class MasterRule(Rule):
    KEPT_FILE_DIFFERS = "mbr-03-kept-file-differs"
    SAME_FILE = "mbr-02-same-file"
    REASON = "mbr-02-reason"
    DOCUMENT_FAULT = "mbr-01-document-fault"
    APPROVER_IS_AUTHOR = "mbr-01-approver-is-author"
    QUALITY_HAD_A_HAND = "mbr-01-quality-had-a-hand"
    NOT_BEFORE = "mbr-02-not-before"
    NEWER_EFFECTIVE = "mbr-02-newer-effective"
    TIME_HAS_PASSED = "mbr-02-time-has-passed"
