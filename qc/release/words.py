"""Words that the sentences about a release are put together from."""

from __future__ import annotations

from integrity.catalogue import Message


class TrailFault(Message):
    """What does not hold in a batch's part of the trail."""

    EVENT = "trail-event-broken"
    ROW = "trail-row-broken"


class ReleaseWord(Message):
    AND_MORE = "since-and-more"
