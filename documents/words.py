"""The kinds of documents as words of a sentence."""

from __future__ import annotations

from integrity import facts
from integrity.catalogue import Message
from integrity.facts import Fact


class KindWord(Message):
    MASTER_RECORD = "document-master-record"
    SPECIFICATION = "document-specification"
    DONOR_CRITERIA = "document-donor-criteria"
    MATERIALS = "document-materials"
    LABEL_STOCK = "document-label-stock"


class Term(Message):
    """What several chapters call the same facts by, on a page where they are signed."""

    BATCH = "term-batch"
    BY = "term-by"
    COMMENT = "term-comment"
    CONTAINER = "term-container"
    CORD = "term-cord"
    DECISION = "term-decision"
    DISPOSITION = "term-disposition"
    DONOR = "term-donor"
    EXECUTION = "term-execution"
    LOT = "term-lot"
    MASTER_RECORD = "term-master-record"
    METHOD = "term-method"
    PRODUCT = "term-product"
    RECORDED = "term-recorded"
    REMARK = "term-remark"
    SAMPLE = "term-sample"
    SPECIFICATION = "term-specification"
    STEP = "term-step"
    TEST = "term-test"
    WHY = "term-why"


class DocumentTerm(Message):
    """What the facts of a version are called where it is signed."""

    MASTER_RECORD = "term-document-master-record"
    SPECIFICATION = "term-document-specification"
    DONOR_CRITERIA = "term-document-donor-criteria"
    MATERIALS = "term-document-materials"
    LABEL_STOCK = "term-document-label-stock"
    VERSION = "term-document-version"
    TITLE = "term-document-title"
    CHANGES = "term-document-changes"
    STANDS_AT = "term-document-stands-at"
    SHA256 = "term-document-sha256"
    NOT_BEFORE = "term-document-not-before"
    EFFECTIVE_FROM = "term-document-effective-from"


class DocumentPhrase(Message):
    FROM_APPROVAL = "document-from-approval"
    FIRST_VERSION = "document-first-version"
    AGAINST_VERSION = "document-against-version"
    SAME_CONTENT = "document-same-content"
    LINES_DIFFER = "document-lines-differ"
    VERSION_EFFECTIVE = "document-version-effective"


def kind_word(kind: str) -> Fact:
    """A kind in the middle of a sentence."""
    return facts.word(KindWord[kind.upper()])


class DocumentQueue(Message):
    """What waits of documents, as it is called on the first page."""

    AUTHORS = "queue-authors"
    APPROVALS = "queue-approvals"
    QUALITY = "queue-quality"
    DATES = "queue-dates"
