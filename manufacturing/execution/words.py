"""Words that the sentences about steps are put together from."""

from __future__ import annotations

from integrity.catalogue import Message


class ExecutionWord(Message):
    QUOTED = "step-quoted"
    TEMPERATURE = "reading-temperature"
    CO2 = "reading-co2"
    HUMIDITY = "reading-humidity"
    NOW = "moment-now"
    LOWEST = "moment-lowest"
    HIGHEST = "moment-highest"


class TypedFault(Message):
    """Why what was typed is no value of a field."""

    ENTER = "typed-enter"
    ENTER_IN = "typed-enter-in"
    ENTER_TIME = "typed-enter-time"
    FIGURES = "typed-figures"
    DECIMALS = "typed-decimals"
    CANNOT_BE = "typed-cannot-be"
    CHOOSE = "typed-choose"
    NO_BUTTON = "typed-no-button"
    TICK = "typed-tick"
    SCAN = "typed-scan"
    LONG_CODE = "typed-long-code"
    HOW_MANY = "typed-how-many"
    WHOLE = "typed-whole"
    NO_CELL = "typed-no-cell"
    DILUTION = "typed-dilution"
    NO_READING = "typed-no-reading"
    READINGS_APART = "typed-readings-apart"
    NOT_ASKED = "typed-not-asked"


class ExecutionTerm(Message):
    """What facts of a batch are called where they are signed."""

    NOT_APPLICABLE = "term-execution-not-applicable"
    DONE = "term-execution-done"
    LATE = "term-execution-late"
    ALERT = "term-execution-alert"
    REASON = "term-execution-reason"
    ENTRIES = "term-execution-entries"
    FOLLOWS = "term-execution-follows"
    INTERVAL = "term-execution-interval"
    KEPT = "term-execution-kept"


class ExecutionPhrase(Message):
    """How what was recorded is put together."""

    YES = "recorded-yes"
    CONTAINERS_RECALLED = "recorded-containers-recalled"
    CONTAINERS_REJECTED = "recorded-containers-rejected"
    WORKED_OUT_ANEW = "execution-worked-out-anew"
    NOT_ENTERED = "recorded-not-entered"
    NOT_ASKED = "recorded-not-asked"
    ONLY_WHERE = "recorded-only-where"
    NOT_DEFINED = "recorded-not-defined"
    DONE = "recorded-done"
    COUNT = "recorded-count"
    COUNT_WITH_CV = "recorded-count-with-cv"
    REPLICATE = "recorded-replicate"
    READING = "recorded-reading"
    VESSELS = "recorded-vessels"
    SCANNED = "recorded-scanned"
    SAMPLE = "recorded-sample"


class BenchQueue(Message):
    """What waits at the bench, as it is called on the first page."""

    JARS = "queue-jars"
    BATCHES = "queue-batches"


class BenchDue(Message):
    """What falls due at the bench, as it is called on the page of the week."""

    STEPS = "due-step"
    EXPECTED = "due-expected"
