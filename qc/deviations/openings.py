"""Whether what opened a deviation is still so: a slip of the pen that was put right is not judged
as if it stood.

Asked of what can only be rejected: values of an entry, the window that it ended, the answers and
the consent of a donor, the checks of a cord. Of anything else it is always so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from integrity.database import Session
from integrity.deviations import Deviation
from integrity.findings import Finding
from manufacturing.donation import criteria_register as criteria, eligibility
from manufacturing.donation.donations import Cord
from manufacturing.donation.rule_ids import DonationRule
from manufacturing.donation.rules import cords as cord_rules, donors as donor_rules
from manufacturing.donation.rules.window import WINDOW_RULES
from manufacturing.execution import batch_state, claims, entry_writing
from manufacturing.execution.entries import Entry
from qc.deviations import rules


def stands(session: Session, deviation: Deviation) -> bool:
    """Whether what opened it is still so."""
    asked = ASKED.get(deviation.subject_kind)
    found = asked(session, deviation) if asked else None
    return found is None or rules.is_still_so(deviation.rule, deviation.parameters, found)


def _entry(session: Session, deviation: Deviation) -> Sequence[Finding] | None:
    """What its values say where they stand now, or the window that it ended; None where it was
    opened for neither."""
    entry = session.get_one(Entry, deviation.subject_id)
    state = batch_state.read(session, entry.batch_id)
    step, now = state.master.step(entry.step), state.at(entry.position)
    if deviation.rule in WINDOW_RULES:
        return [*claims.windows_of(session, state, now)] if now else None
    first = entry_writing.judged_values(step, entry.values)
    if now is None or not rules.is_still_so(deviation.rule, deviation.parameters, first):
        return None
    return [] if now.not_applicable else entry_writing.judged_values(step, now.values)


def _donor(session: Session, deviation: Deviation) -> Sequence[Finding] | None:
    if deviation.rule == DonationRule.CONSENT_WITHDRAWN:
        consent = eligibility.consent_in_force(session, deviation.subject_id)
        return donor_rules.judge_withdrawal(consent.state, consent.day)
    if deviation.rule not in CRITERIA:
        return None
    said = eligibility.answers_of(session, deviation.subject_id)[-1]
    law = criteria.of(session, said.criteria_id)
    return donor_rules.judge(law.donor, said.answers)


def _cord(session: Session, deviation: Deviation) -> Sequence[Finding] | None:
    if deviation.rule not in CRITERIA:
        return None
    cord = session.get_one(Cord, deviation.subject_id)
    return cord_rules.judge_receipt(criteria.of(session, cord.criteria_id), cord.receipt)


CRITERIA = (DonationRule.CRITERION_ANSWER, DonationRule.CRITERION_FIGURE)
ASKED: dict[str, Callable[[Session, Deviation], Any]] = {
    "entries": _entry,
    "donors": _donor,
    "cords": _cord,
}
