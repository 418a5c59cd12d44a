"""What may be wrong with a formula and with its result, by the ids of the sentences in
locales/<language>/formulas.ftl.
"""

from __future__ import annotations

from integrity.catalogue import Message


class GrammarFault(Message):
    """Why a formula cannot be read."""

    TOO_LONG = "formula-too-long"
    NO_MEANING = "formula-no-meaning"
    FOUND = "formula-found"
    END = "formula-end"
    OPERATOR = "formula-operator"
    POWER = "formula-power"
    ATOM = "formula-atom"
    TOO_DEEP = "formula-too-deep"
    NUMBER = "formula-number"
    NOT_A_NAME = "formula-not-a-name"
    NOT_A_FUNCTION = "formula-not-a-function"
    ARGUMENTS = "formula-arguments"
    SPAN = "formula-span"
    ONE_NAME = "formula-one-name"


class UnitFault(Message):
    """Why the parts of a formula do not go together."""

    NO_VALUE = "formula-no-value"
    NOT_A_TIME = "formula-not-a-time"
    A_TIME = "formula-a-time"
    NO_ZONE = "formula-no-zone"
    TIMES_ADDED = "formula-times-added"
    UNLIKE_ADDED = "formula-unlike-added"
    UNLIKE_COMPARED = "formula-unlike-compared"
    NEEDS_PLAIN = "formula-needs-plain"
    KIND = "formula-kind"
    KIND_TIME = "formula-kind-time"


class ResultFault(Message):
    """Why a result cannot be given, or has no meaning."""

    TIME = "result-time"
    NOT_IN_UNIT = "result-not-in-unit"
    NOT_RECORDED = "result-not-recorded"
    BEYOND_NUMBERS = "result-beyond-numbers"
    POWER_OF_ZERO = "result-power-of-zero"
    DIVIDED_BY_ZERO = "result-divided-by-zero"
    NOT_ABOVE_ZERO = "result-not-above-zero"
    BELOW_ZERO = "result-amount-below-zero"
