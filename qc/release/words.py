"""Words that the sentences about a release are put together from."""

from __future__ import annotations

from integrity.catalogue import Message


class ReleaseWord(Message):
    AND_MORE = "since-and-more"
