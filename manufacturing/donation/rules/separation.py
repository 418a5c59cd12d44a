"""The law of two people for one donor. As far as the site wants them: who records her results does
not determine her eligibility, who determines it does not accept the cord. Everywhere: what speaks
against her is not corrected away by who recorded it, and who found her ineligible does not take
that back alone while nothing is new. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from integrity import reasons
from integrity.findings import Classification, Consequence, Finding, Weight, blocks
from manufacturing.donation.rule_ids import DonationRule
from manufacturing.donation.rules.donors import ConsentState, Eligibility

CLASSES = tuple(Classification)


@dataclass(frozen=True)
class Said:
    """Who said something of a donor or cord, and what the criteria find in it."""

    username: str
    found: Sequence[Finding]


@dataclass(frozen=True)
class Determined:
    """The newest determination: its verdict, who signed it, and whether something was recorded
    since."""

    verdict: str
    username: str
    is_outdated: bool


def may_determine(wants_two: bool, recorders: Collection[str], by: str) -> Iterator[Finding]:
    """Whoever recorded one of her results does not determine what they say (IAM-03)."""
    if wants_two and by in recorders:
        yield blocks(DonationRule.DETERMINER_RECORDED)


def may_accept(wants_two: bool, determiner: str | None, by: str) -> Iterator[Finding]:
    """Whoever determined her eligibility does not accept the cord on it (IAM-03)."""
    if wants_two and by == determiner:
        yield blocks(DonationRule.ACCEPTOR_DETERMINED)


def may_correct(history: Sequence[Said], becomes: Iterable[Finding], by: str) -> Iterator[Finding]:
    """What speaks against a donor or cord is put right by another person than who recorded it.

    `history` is what was said so far, oldest first, the last of it holds; `becomes` is what the
    criteria find in the correction (QC-15)."""
    against, stays = _grave(history[-1].found), _grave(becomes)
    lessened = {field for field, grave in against.items() if stays.get(field, (0, 0)) < grave}
    mine = [said for said in history if said.username == by]
    if any(lessened & set(_grave(said.found)) for said in mine):
        yield blocks(DonationRule.CORRECTOR_RECORDED)


def _grave(found: Iterable[Finding]) -> Mapping[str, tuple[int, int]]:
    """{what is judged: how much speaks against it} of what deviates."""
    return {
        finding.field or "": (
            1 + CLASSES.index(Classification(finding.classification)),
            int(finding.consequence == Consequence.REJECT),
        )
        for finding in found
        if finding.weight is Weight.DEVIATES
    }


def may_consent(held: str, username: str, becomes: str, by: str) -> Iterator[Finding]:
    """A consent after a withdrawal is recorded by another person than who recorded that."""
    if (held, becomes) == (ConsentState.WITHDRAWN, ConsentState.GIVEN) and username == by:
        yield blocks(DonationRule.CORRECTOR_RECORDED)


def may_strike(username: str, by: str) -> Iterator[Finding]:
    """A consent or withdrawal is struck out by another person than who recorded it."""
    if username == by:
        yield blocks(DonationRule.CORRECTOR_RECORDED)


def may_reverse(
    made: Determined | None, verdict: str, reason: str | None, by: str
) -> Iterator[Finding]:
    """Who was found ineligible becomes eligible with a reason, and by another person of quality
    assurance where nothing was recorded since (QC-15, AUD-03)."""
    if made is None or (made.verdict, verdict) != (Eligibility.INELIGIBLE, Eligibility.ELIGIBLE):
        return
    yield from reasons.wanted(DonationRule.DONOR_REASON, reason, "comment")
    if not made.is_outdated and by == made.username:
        yield blocks(DonationRule.REVERSED_ALONE)
