"""Words that the sentences about steps are put together from."""

from __future__ import annotations

from integrity.catalogue import Message


class ExecutionWord(Message):
    QUOTED = "step-quoted"
    OR = "word-or"
    TEMPERATURE = "reading-temperature"
    CO2 = "reading-co2"
    HUMIDITY = "reading-humidity"
    NOW = "moment-now"
    LOWEST = "moment-lowest"
    HIGHEST = "moment-highest"
