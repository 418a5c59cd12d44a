"""What a further record about a donor brings: deviations, and a determination that is void."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from integrity import deviations, facts
from integrity.acts import Act
from integrity.deviations import Deviation
from integrity.facts import Fact
from integrity.findings import Finding
from integrity.subjects import Scope
from labels import codes
from labels.numbering import issue
from manufacturing.donation import eligibility
from manufacturing.donation.donations import (
    Donor,
)
from manufacturing.donation.words import RecallPhrase


def open_deviations(
    act: Act,
    donor: Donor,
    findings: Iterable[Finding],
    place: Fact,
    stood: Collection[Finding] = (),
) -> None:
    """Each finding under every cord of the donor, or under her own code while there is none."""
    cords = [cord.itself for cord in eligibility.cords_of(act.session, donor.id)]
    for finding in deviations.deviating(findings):
        for scope in cords or [donor.itself]:
            open_once(act, donor, finding, scope, place, stood)


def open_once(
    act: Act,
    donor: Donor,
    finding: Finding,
    scope: Scope,
    place: Fact,
    stood: Collection[Finding] = (),
) -> Deviation | None:
    """Open the deviation unless one of the same waits for QA under this scope already, or it is one
    of those that `stood` all the time."""
    found = eligibility.deviations_of(act.session, donor.id)
    under = [made for made in found if made.scope_id == scope.id]
    if deviations.is_known(act.session, finding, under, stood):
        return None
    return deviations.open_deviation(
        act,
        finding,
        issue(act, codes.Series.DEVIATION),
        scope=scope,
        subject=donor,
        place=place,
        comment=None,
    )


def made_void(act: Act, donor: Donor, why: RecallPhrase) -> None:
    """A determination that stands is void from now on; cords accepted under it are recalled."""
    if eligibility.is_void(act.session, donor.id):
        reason = facts.message(RecallPhrase.SIGNED_AGAIN, why=facts.word(why))
        eligibility.recall_cords(act, donor.id, reason)
