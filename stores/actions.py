"""What the events of this chapter say was done."""

from __future__ import annotations

import enum

from integrity.vocabulary import ACTIONS


@ACTIONS.add
class LotAction(enum.StrEnum):
    LOT_RECEIVED = "lot.received"
    LOT_RELEASED = "lot.released"
    LOT_REJECTED = "lot.rejected"
    LOT_USED = "lot.used"
    LOT_CORRECTED = "lot.corrected"


@ACTIONS.add
class EquipmentAction(enum.StrEnum):
    EQUIPMENT_REGISTERED = "equipment.registered"
    EQUIPMENT_CALIBRATED = "equipment.calibrated"
    EQUIPMENT_USED = "equipment.used"
    EQUIPMENT_CORRECTED = "equipment.corrected"
    CALIBRATION_CORRECTED = "calibration.corrected"


@ACTIONS.add
class HoldAction(enum.StrEnum):
    HOLD_PUT = "hold.put"
    HOLD_LIFTED = "hold.lifted"


@ACTIONS.add
class ContainerAction(enum.StrEnum):
    CONTAINERS_CREATED = "containers.created"
    CONTAINER_QUARANTINE = "container.quarantine"
    CONTAINER_UNDER_REVIEW = "container.under_review"
    CONTAINER_ON_HOLD = "container.on_hold"
    CONTAINER_RELEASED_STAGE_1 = "container.released_stage_1"
    CONTAINER_RELEASED = "container.released"
    CONTAINER_EXCEPTIONAL_SUPPLY = "container.exceptional_supply"
    CONTAINER_REJECTED = "container.rejected"
    CONTAINER_RECALLED = "container.recalled"
    CONTAINER_VOID = "container.void"


@ACTIONS.add
class FateAction(enum.StrEnum):
    """What was recorded of a container, which for some waits for a second person."""

    CONTAINER_ISSUE_RECORDED = "container.issue_recorded"
    CONTAINER_RETURN_RECORDED = "container.return_recorded"
    CONTAINER_USE_RECORDED = "container.use_recorded"
    CONTAINER_CORRECTION_RECORDED = "container.correction_recorded"
    CONTAINER_CORRECTED = "container.corrected"
    CONTAINER_ISSUED = "container.issued"
    CONTAINER_RETURNED = "container.returned"
    CONTAINER_USED = "container.used"
    CONTAINER_DESTRUCTION_RECORDED = "container.destruction_recorded"
    CONTAINER_DESTROYED = "container.destroyed"
    CONTAINER_RECORD_WITHDRAWN = "container.record_withdrawn"
