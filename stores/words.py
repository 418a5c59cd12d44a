"""What a scan answers with where nothing speaks against using a thing."""

from __future__ import annotations

from integrity.catalogue import Message


class StoreWord(Message):
    LOT_RELEASED = "lot-released"
    CALIBRATED = "equipment-calibrated"
