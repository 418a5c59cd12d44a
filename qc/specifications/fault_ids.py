"""What may be wrong with a specification beside what may be wrong with any document, by the ids of
the sentences in locales/<language>/specifications.ftl.
"""

from __future__ import annotations

from integrity.catalogue import Message


class LineFault(Message):
    """What is wrong with a line, or between lines."""

    NO_FIELD = "line-no-field"
    NOT_A_TIME = "line-not-a-time"
    NOTHING_JUDGED = "line-nothing-judged"
    VALUE_TWICE = "line-value-twice"
    BOUND_MISSING = "line-bound-missing"
    DECIMALS = "line-decimals"
    TYPED_UNIT = "line-typed-unit"
    NOT_PER_WEIGHT = "line-not-per-weight"
    UNLIKE = "line-unlike"
    NOT_PLAUSIBLE = "line-not-plausible"
    NO_TOLERANCE = "line-no-tolerance"
    ALERT_OUTSIDE = "line-alert-outside"
    ID_TWICE = "line-id-twice"
    NO_LINE = "line-no-line"
    ITSELF = "line-itself"
    PLANNED = "line-planned"
    NO_MEAN = "line-no-mean"
