"""The law of two people for one donor, as far as the site wants them: who records her results does
not determine her eligibility, who determines it does not accept the cord. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from integrity.findings import Finding, blocks
from manufacturing.donation.rule_ids import DonationRule


def may_determine(wants_two: bool, recorders: Collection[str], by: str) -> Iterator[Finding]:
    """Whoever recorded one of her results does not determine what they say (IAM-03)."""
    if wants_two and by in recorders:
        yield blocks(DonationRule.DETERMINER_RECORDED)


def may_accept(wants_two: bool, determiner: str | None, by: str) -> Iterator[Finding]:
    """Whoever determined her eligibility does not accept the cord on it (IAM-03)."""
    if wants_two and by == determiner:
        yield blocks(DonationRule.ACCEPTOR_DETERMINED)
