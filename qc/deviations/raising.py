"""A deviation raised by a person: what no limit of a record could see (ICH Q10, EU GMP Part IV 11).

Anybody who works here may say that something about a batch, cord, container, sample, lot, piece of
equipment or donor was not as it should be, at any time. It is a deviation like any other: it blocks
until QA has judged it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from integrity import attachments, dependents, deviations, reasons
from integrity.acts import Act
from integrity.attachments import Evidence
from integrity.database import Session
from integrity.deviations import Deviation
from integrity.facts import word
from integrity.findings import Classification, Refused, blocks, deviates, refuse_if_blocked
from integrity.subjects import Scope, SubjectRecord
from labels import codes
from labels.numbering import issue
from manufacturing.donation import cords
from manufacturing.donation.donations import Donor
from manufacturing.execution import batches
from qc.deviations.actions import DeviationAction
from qc.deviations.rule_ids import DeviationRule
from qc.deviations.words import DeviationPhrase
from stores import containers, equipment, holds, lots
from stores.containers import Container
from stores.equipment import Equipment
from stores.lots import Lot

STOPPED = (Equipment, Lot)  # what the bench uses of the stores


@dataclass(frozen=True)
class RaisedFacts:
    """What somebody says: about what (a code as scanned, or a donor's), what happened, where, and
    how grave they think it is (minor, major or critical).
    """

    about: str
    said: str
    place: str
    classification: str


def thing(session: Session, text: str) -> SubjectRecord | None:
    """What was scanned or typed: a batch, cord (or its jar), container, sample, lot, equipment or
    donor; None for anything else.
    """
    try:
        code = codes.read(text)
    except codes.UnreadableCode:
        return session.scalar(select(Donor).where(Donor.code == text.strip().upper()))
    finders = {
        codes.Series.BATCH: batches.by_code,
        codes.Series.CORD: cords.by_code,
        codes.Series.JAR: cords.by_jar,
        codes.Series.MATERIAL_LOT: lots.by_code,
        codes.Series.EQUIPMENT: equipment.by_code,
    }
    found: SubjectRecord | None = finders.get(codes.Series(code.series), containers.by_code)(
        session, code.bare
    )
    return found


def raise_deviation(act: Act, facts: RaisedFacts, *, evidence: Evidence | None = None) -> Deviation:
    """Open a deviation in a person's own words, with a photo or file if there is one.

    A lot or a piece of equipment is on hold with it where it is critical: nobody goes on using what
    QA has yet to judge. Raises Refused for a code that nothing stands under, and for nothing said.
    """
    said = attachments.told(facts, evidence)
    if earlier := act.once(DeviationAction.DEVIATION_RAISED, said):
        return act.session.get_one(Deviation, earlier)
    about = thing(act.session, facts.about)
    refuse_if_blocked(reasons.wanted(DeviationRule.RAISED_UNSAID, facts.said, "said"))
    if about is None:
        raise Refused(blocks(DeviationRule.NOTHING_UNDER_CODE, "about"))
    finding = deviates(DeviationRule.RAISED, facts.classification, said=facts.said.strip())
    opened = deviations.open_deviation(
        act.inner(),
        finding,
        issue(act, codes.Series.DEVIATION),
        scope=scope_of(about),
        subject=about,
        place=facts.place.strip() or word(DeviationPhrase.BY_HAND),
        comment=None,
    )
    act.say(
        DeviationAction.DEVIATION_RAISED,
        opened,
        scope=opened.scope,
        facts=said,
        details={"code": opened.code},
    )
    if evidence:
        attachments.attach(act.inner(), opened, opened.within, evidence)
    if isinstance(about, STOPPED) and facts.classification == Classification.CRITICAL:
        dependents.changed(
            act, holds.put(act.inner(), about, scope_of(about), facts.said, said=said)
        )
    return opened


def scope_of(about: SubjectRecord) -> Scope:
    """Under what it is found and blocks: a container's batch or cord, anything else itself."""
    if isinstance(about, Container):
        return about.within
    return about.itself
