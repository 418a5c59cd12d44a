"""The law of what a restore loses: which deeds of the lost time forbid that a thing is used as the
older record says, and which thing that is. Pure: events in, codes out (REC-05, REL-03)."""

from __future__ import annotations

from collections.abc import Iterable

from integrity.actions import IntegrityAction
from integrity.deviations import Decision
from integrity.findings import Classification
from integrity.lost_events import Lost
from integrity.verdicts import FAILS
from manufacturing.donation.actions import DonationAction
from manufacturing.donation.rules.donors import Eligibility
from manufacturing.execution.actions import ExecutionAction
from qc.deviations.actions import DeviationAction
from qc.laboratory.actions import LaboratoryAction
from qc.release.actions import ReleaseAction
from stores.actions import ContainerAction, EquipmentAction, FateAction, HoldAction, LotAction
from stores.rules import AsFound

FORBIDS = {
    *FateAction,
    ContainerAction.CONTAINER_REJECTED,
    ContainerAction.CONTAINER_RECALLED,
    ContainerAction.CONTAINER_VOID,
    LotAction.LOT_REJECTED,
    LotAction.LOT_CORRECTED,
    HoldAction.HOLD_PUT,
    EquipmentAction.EQUIPMENT_CORRECTED,
    EquipmentAction.CALIBRATION_CORRECTED,
    DonationAction.DONOR_TESTED,
    DonationAction.DONOR_TEST_CORRECTED,
    DonationAction.DONOR_CORRECTED,
    DonationAction.DONOR_CONSENT_CHANGED,
    DonationAction.DONOR_CONSENT_STRUCK,
    DonationAction.CORD_REJECTED,
    DonationAction.CORD_CORRECTED,
    ExecutionAction.BATCH_TERMINATED,
    ExecutionAction.BATCH_ON_HOLD,
    ExecutionAction.BATCH_REJECTED,
    ExecutionAction.BATCH_RECALLED,
    ReleaseAction.RELEASE_HOLD,
    ReleaseAction.RELEASE_REJECT,
    ReleaseAction.RELEASE_WITHDRAW,
    DeviationAction.OBSERVATION_RECORDED,
}
# {deed: (what it tells, the word that forbids)} of those that forbid only sometimes
FORBIDS_WHERE: dict[str, tuple[str, str]] = {
    DonationAction.DONOR_DETERMINED: ("verdict", Eligibility.INELIGIBLE),
    LaboratoryAction.RESULT_RECORDED: ("verdict", FAILS),
    EquipmentAction.EQUIPMENT_CALIBRATED: ("as_found", AsFound.OUT_OF_TOLERANCE),
    IntegrityAction.DEVIATION_OPENED: ("class", Classification.CRITICAL),
    DeviationAction.DEVIATION_JUDGED: ("decision", Decision.REJECT),
}
# What tells in its details which thing it is about; all others are about what they name themselves.
NAMED_BY: dict[str, str] = {
    HoldAction.HOLD_PUT: "code",
    DonationAction.DONOR_DETERMINED: "donor",
    LaboratoryAction.RESULT_RECORDED: "sample",
    DeviationAction.OBSERVATION_RECORDED: "about",
}

# A deviation is about what it was found under.
UNDER = {IntegrityAction.DEVIATION_OPENED, DeviationAction.DEVIATION_JUDGED}


def forbids(lost: Lost) -> bool:
    """Whether what is lost forbids that a thing is used as the older record says."""
    if lost.action in FORBIDS:
        return True
    name, word = FORBIDS_WHERE.get(lost.action, ("", ""))
    return bool(name) and lost.details.get(name) == word


def concerned(found: Iterable[Lost]) -> dict[str, list[Lost]]:
    """{code: what is lost of it, oldest first} of everything that waits for a judgement."""
    things: dict[str, list[Lost]] = {}
    for lost in filter(forbids, found):
        named = lost.scope if lost.action in UNDER else lost.code
        code = str(lost.details.get(NAMED_BY.get(lost.action, ""), named))
        things.setdefault(code, []).append(lost)
    return things
