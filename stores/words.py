"""Words of the stores: what a scan answers with, and what facts are called at signing."""

from __future__ import annotations

from integrity.catalogue import Message


class StoreWord(Message):
    LOT_RELEASED = "lot-released"
    CALIBRATED = "equipment-calibrated"


class StoreTerm(Message):
    """What facts of the stores are called where they are signed."""

    MATERIALS = "term-store-materials"
    FROM_HUMAN_DONORS = "term-store-from-human-donors"
    KINDS_OF_EQUIPMENT = "term-store-kinds-of-equipment"
    UNITS = "term-store-units"
    MATERIAL = "term-store-material"
    SUPPLIER = "term-store-supplier"
    SUPPLIER_LOT = "term-store-supplier-lot"
    MANUFACTURER = "term-store-manufacturer"
    CERTIFICATE = "term-store-certificate"
    DONOR_POOL = "term-store-donor-pool"
    QUANTITY = "term-store-quantity"
    USE_BY = "term-store-use-by"
    LIST_OF_MATERIALS = "term-store-list-of-materials"
    OTHER_DELIVERIES = "term-store-other-deliveries"
    STANDS = "term-store-stands"
    BECOMES = "term-store-becomes"
    HELD = "term-store-held"
    HELD_WITH = "term-store-held-with"
    HELD_WHY = "term-store-held-why"
    HELD_BY = "term-store-held-by"
    HELD_SINCE = "term-store-held-since"
    CONTAINER = "term-store-container"
    BECAME = "term-store-became"
    CONSIGNEE = "term-store-consignee"
    CONSIGNEE_WAS = "term-store-consignee-was"
    DONE_AT = "term-store-done-at"
    DONE_AT_WAS = "term-store-done-at-was"
    FATE_WHY = "term-store-fate-why"
    FATE_WHY_WAS = "term-store-fate-why-was"
    PUT_RIGHT_WHY = "term-store-put-right-why"
    CONDITION = "term-store-condition"
    CONDITION_WAS = "term-store-condition-was"
    RECORDED_BY = "term-store-recorded-by"
    ANSWERS = "term-store-answers"
    NAME = "term-store-name"
    SERIAL = "term-store-serial"
    ROOM = "term-store-room"
    CALIBRATED_ON = "term-store-calibrated-on"
    DUE_ON = "term-store-due-on"
    REFERENCE = "term-store-reference"
    AS_FOUND = "term-store-as-found"


class ReturnWord(Message):
    """In what state a container came back."""

    UNOPENED = "store-returned-unopened"
    OPENED = "store-returned-opened"
    DAMAGED = "store-returned-damaged"


class StorePhrase(Message):
    NO_DONORS = "store-no-donors"
    PIECES = "store-pieces"
    END_OF_DAY = "store-end-of-day"
    IN_TOLERANCE = "store-in-tolerance"
    OUT_OF_TOLERANCE = "store-out-of-tolerance"


class ScanWord(Message):
    """What a scanned container is answered with, in one line."""

    UNKNOWN = "scan-unknown"
    VOID = "scan-void"
    RECALLED = "scan-recalled"
    REJECTED = "scan-rejected"
    DESTROYED = "scan-destroyed"
    RETURNED = "scan-returned"
    USED = "scan-used"
    ISSUED = "scan-issued"
    EXPIRED = "scan-expired"
    ON_HOLD = "scan-on-hold"
    IN_DOUBT = "scan-in-doubt"
    QUARANTINE = "scan-quarantine"
    BANK = "scan-bank"
    UNDER_REVIEW = "scan-under-review"
    EXCEPTIONAL_SUPPLY = "scan-exceptional-supply"
    STAGE_1 = "scan-stage-1"
    STAGE_1_UNTIL = "scan-stage-1-until"
    RELEASED = "scan-released"
    RELEASED_UNTIL = "scan-released-until"


class StoreQueue(Message):
    """What waits in the stores, as it is called on the first page."""

    LOTS = "queue-lots"
    SECOND_PERSONS = "queue-second-persons"
    HOLDS = "queue-holds"
    CALIBRATIONS = "queue-calibrations"


class StoreDue(Message):
    """What falls due in the stores, as it is called on the page of the week."""

    CALIBRATIONS = "due-calibration"
    LOTS = "due-lot"
    CONTAINERS = "due-container"
