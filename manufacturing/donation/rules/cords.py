"""What is judged about a cord.

Its times, what was found at receipt, where it may go from where it stands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from integrity.findings import Finding, blocks
from integrity.states import Moves
from manufacturing.donation.criteria import Criteria
from manufacturing.donation.rules.donors import judge

# Accepted goes back to quarantine when the donor's determination is void.
CORD_MOVES: Moves = {
    None: frozenset({"received"}),
    "received": frozenset({"quarantine"}),
    "quarantine": frozenset({"accepted", "rejected"}),
    "accepted": frozenset({"quarantine", "rejected"}),
}
LONGEST_AGO = timedelta(days=30)


def judge_donor(code: str, is_known: bool) -> list[Finding]:
    """A cord belongs to a registered donor."""
    if is_known:
        return []
    return [
        blocks(
            "QC-15",
            f"No donor is registered under “{code}”: check the code, or register the donor first.",
            "donor_code",
        )
    ]


def judge_times(born_at: datetime, collected_at: datetime, *, now: datetime) -> list[Finding]:
    """Birth, then collection, then now; a birth of more than 30 days ago is a slip of the pen."""
    findings = []
    if born_at > now:
        findings.append(
            blocks(
                "TIM-06",
                "The time of birth lies in the future: check date, time and zone.",
                "born_at",
            )
        )
    elif now - born_at > LONGEST_AGO:
        findings.append(
            blocks("TIM-06", "The birth would be more than 30 days ago: check the date.", "born_at")
        )
    if collected_at > now:
        findings.append(
            blocks(
                "TIM-06",
                "The collection lies in the future: check date, time and zone.",
                "collected_at",
            )
        )
    if collected_at < born_at:
        findings.append(
            blocks(
                "TIM-06",
                "The cord cannot be collected before the birth: check both times and their zones.",
                "collected_at",
            )
        )
    return findings


def judge_receipt(criteria: Criteria, receipt: Mapping[str, str]) -> list[Finding]:
    """Seal, label, colour, weight, length and the transport logger against the criteria."""
    findings = judge(criteria.receipt, receipt)
    faulty = {finding.field for finding in findings if finding.weight == "blocks"}
    lowest, highest = receipt.get("logger_lowest"), receipt.get("logger_highest")
    if (
        lowest
        and highest
        and not faulty & {"logger_lowest", "logger_highest"}
        and _above(lowest, highest)
    ):
        findings.append(
            blocks(
                "QC-15",
                "The logger's lowest temperature is above its highest: check both.",
                "logger_lowest",
            )
        )
    return findings


def _above(one: str, other: str) -> bool:
    return Decimal(one) > Decimal(other)


def judge_acceptance(
    *,
    verdict: str,
    standing: str | None,
    eligibility: str,
    unjudged: Sequence[str],
    rejecting: Sequence[str],
) -> list[Finding]:
    """Why a cord cannot be accepted; a rejection only needs that it was not rejected before."""
    if verdict not in ("accepted", "rejected"):
        return [blocks("QC-15", "Choose accepted or rejected.")]
    if verdict not in CORD_MOVES.get(standing, frozenset()):
        return [blocks("REL-02", f"This cord is {standing} and cannot become {verdict}.")]
    if verdict == "rejected":
        return []
    reasons = (
        []
        if eligibility == "eligible"
        else [f"The donor's eligibility is {eligibility}: the cord stays in quarantine."]
    )
    reasons += [f"Deviation {code} is not judged yet: QA judges it first." for code in unjudged]
    reasons += [f"After deviation {code} only a rejection can follow." for code in rejecting]
    return [blocks("QC-15", reason) for reason in reasons]
