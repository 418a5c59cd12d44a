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
