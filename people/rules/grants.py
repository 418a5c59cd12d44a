"""The law of rights: which of them an administrator proposes and quality confirms (IAM-03,
IAM-11)."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from integrity.findings import Finding, blocks
from people.permissions import Permission, allows
from people.rule_ids import PeopleRule


class RightsState(enum.StrEnum):
    """How far a change of somebody's rights is that quality confirms."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    DECLINED = "declined"


MOVES: Mapping[str | None, frozenset[str]] = {
    None: frozenset({RightsState.PROPOSED}),
    RightsState.PROPOSED: frozenset(RightsState),
    RightsState.CONFIRMED: frozenset({RightsState.PROPOSED}),
    RightsState.DECLINED: frozenset({RightsState.PROPOSED}),
}
# Who may do one of these verifies, witnesses, issues, investigates, judges or releases what another
# one did: where two are needed, an administrator alone makes no second one.
JUDGING = frozenset(
    {
        Permission.VERIFY_STEPS,
        Permission.DETERMINE_ELIGIBILITY,
        Permission.RELEASE_LOTS,
        Permission.KEEP_EQUIPMENT,
        Permission.APPROVE_DOCUMENTS,
        Permission.APPROVE_MASTERS,
        Permission.APPROVE_MASTERS_FOR_QUALITY,
        Permission.END_MASTERS,
        Permission.APPROVE_SPECIFICATIONS,
        Permission.APPROVE_CRITERIA,
        Permission.APPROVE_MATERIALS,
        Permission.APPROVE_LABEL_STOCK,
        Permission.REVIEW_RESULTS,
        Permission.INVESTIGATE_RESULTS,
        Permission.JUDGE_DEVIATIONS,
        Permission.LIFT_HOLDS,
        Permission.ISSUE_CONTAINERS,
        Permission.WITNESS_CONTAINERS,
        Permission.REVIEW_BATCHES,
        Permission.RELEASE_BATCHES,
        Permission.REJECT_BATCHES,
        Permission.CONFIRM_PEOPLE,
        Permission.JUDGE_SITE,
    }
)

READING = frozenset({Permission.PUBLIC, Permission.OWN_ACCOUNT, Permission.SEE_RECORDS})


@dataclass(frozen=True)
class Proposal:
    """A change of rights that waits: of whom, proposed by whom, how far.

    The people are keys.
    """

    state: str | None
    holder_id: int
    proposed_by: int | None


def needs_quality(
    was: str, becomes: str, *, looks_alike: bool = False, is_renamed: bool = False
) -> bool:
    """Whether quality confirms a change of role, or of what somebody is called and known by.

    `is_renamed` says that their name, mail or badge changes: what stands beside signatures. Taking
    a right away never waits.
    """
    if looks_alike or (is_renamed and can_sign(becomes)):
        return True
    return was != becomes and (is_judging(becomes) or not can_sign(was))


def can_sign(role: str) -> bool:
    """Whether this role does more than read: what it does is signed, or stands beside a name."""
    return any(allows(role, permission) for permission in Permission if permission not in READING)


def is_judging(role: str) -> bool:
    """Whether this role judges or verifies what another one did."""
    return any(allows(role, permission) for permission in JUDGING)


def against_proposing(was: str, becomes: str, holder_id: int, by: int | None) -> Iterator[Finding]:
    """What speaks against this person asking for it."""
    if by == holder_id and was != becomes:
        yield blocks(PeopleRule.OWN_ROLE)


def against_judging(proposal: Proposal, by: int | None) -> Iterator[Finding]:
    """What speaks against somebody of quality confirming or declining it."""
    if proposal.state != RightsState.PROPOSED:
        yield blocks(PeopleRule.NOTHING_PROPOSED)
    if by == proposal.holder_id:
        yield blocks(PeopleRule.OWN_RIGHTS)
    elif by == proposal.proposed_by:
        yield blocks(PeopleRule.RIGHTS_NEED_TWO)


@dataclass(frozen=True)
class Granted:
    """What somebody is called and may do from one moment on, and whether quality signed that.

    `human` is name, mail and badge.
    """

    role: str
    human: tuple[str, str, str]
    is_confirmed: bool


def unconfirmed(before: Granted | None, now: Granted) -> bool:
    """Whether a right or a name holds that quality was to confirm and has not; how somebody first
    came here is signed with their password."""
    if before is None or now.is_confirmed:
        return False
    return needs_quality(before.role, now.role, is_renamed=before.human != now.human)
