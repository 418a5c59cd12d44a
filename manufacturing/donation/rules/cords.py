"""What is judged about a cord.

Its times, what was found at receipt, where it may go from where it stands.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from integrity import reasons, vocabulary
from integrity.facts import code, listed
from integrity.findings import Finding, blocks
from integrity.states import Moves
from integrity.words import state_word
from manufacturing.donation.criteria import Criteria
from manufacturing.donation.rule_ids import DonationRule
from manufacturing.donation.rules.donors import Eligibility, judge, open_deviations


class CordState(enum.StrEnum):
    """Where a cord is between its receipt and QA's decision."""

    RECEIVED = "received"
    QUARANTINE = "quarantine"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


CORD_AXIS = vocabulary.axis("cord", CordState)

# Accepted goes back to quarantine when the donor's determination is void.
CORD_MOVES: Moves = {
    None: frozenset({CordState.RECEIVED}),
    CordState.RECEIVED: frozenset({CordState.QUARANTINE}),
    CordState.QUARANTINE: frozenset({CordState.ACCEPTED, CordState.REJECTED}),
    CordState.ACCEPTED: frozenset({CordState.QUARANTINE, CordState.REJECTED}),
}
LONGEST_AGO = timedelta(days=30)


def judge_donor(donor: str, is_known: bool) -> list[Finding]:
    """A cord belongs to a registered donor."""
    if is_known:
        return []
    return [blocks(DonationRule.DONOR_UNKNOWN, "donor_code", code=donor)]


def judge_likeness(
    born_at: datetime, known: Iterable[tuple[str, datetime]], *, is_another: bool
) -> list[Finding]:
    """A further cord of one donor (`known` are bare code and birth) may be that of a twin: asked
    about where the births lie so near that both are one delivery."""
    same = [code(bare) for bare, birth in known if abs(born_at - birth) <= LONGEST_AGO]
    if is_another or not same:
        return []
    return [blocks(DonationRule.CORD_KNOWN, "another_cord", known=listed(same))]


def judge_times(born_at: datetime, collected_at: datetime, *, now: datetime) -> list[Finding]:
    """Birth, then collection, then now; a birth of more than 30 days ago is a slip of the pen."""
    findings = []
    if born_at > now:
        findings.append(blocks(DonationRule.BIRTH_IN_THE_FUTURE, "born_at"))
    elif now - born_at > LONGEST_AGO:
        findings.append(blocks(DonationRule.BIRTH_LONG_AGO, "born_at"))
    if collected_at > now:
        findings.append(blocks(DonationRule.COLLECTION_IN_THE_FUTURE, "collected_at"))
    if collected_at < born_at:
        findings.append(blocks(DonationRule.COLLECTION_BEFORE_BIRTH, "collected_at"))
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
        findings.append(blocks(DonationRule.LOGGER_TURNED_ROUND, "logger_lowest"))
    return findings


def _above(one: str, other: str) -> bool:
    return Decimal(one) > Decimal(other)


def judge_reason(verdict: str, reason: str | None) -> list[Finding]:
    """A rejection says why (AUD-03)."""
    if verdict != CordState.REJECTED:
        return []
    return list(reasons.wanted(DonationRule.DONOR_REASON, reason, "comment"))


def judge_acceptance(
    *,
    verdict: str,
    standing: str | None,
    eligibility: str,
    unjudged: Sequence[str],
    rejecting: Sequence[str],
) -> list[Finding]:
    """Why a cord cannot be accepted; a rejection only needs that it was not rejected before."""
    if verdict not in (CordState.ACCEPTED, CordState.REJECTED):
        return [blocks(DonationRule.ACCEPTANCE_UNREAD)]
    if verdict not in CORD_MOVES.get(standing, frozenset()):
        return [
            blocks(
                DonationRule.CORD_CANNOT_BECOME,
                state=state_word(standing),
                wanted=state_word(verdict),
            )
        ]
    if verdict == CordState.REJECTED:
        return []
    found = open_deviations(unjudged, rejecting)
    if eligibility == Eligibility.ELIGIBLE:
        return found
    return [blocks(DonationRule.ELIGIBILITY_OPEN, eligibility=state_word(eligibility)), *found]
