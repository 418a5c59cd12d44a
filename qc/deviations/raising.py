"""A deviation raised by a person: what no limit of a record could see (ICH Q10, EU GMP Part IV 11).

Anybody who works here may say that something about a batch, cord, container, sample, lot, piece of
equipment or donor was not as it should be, at any time. It is a deviation like any other: it blocks
until QA has judged it."""

from __future__ import annotations

from dataclasses import dataclass

from integrity import attachments, deviations, reasons
from integrity.acts import Act
from integrity.attachments import Evidence
from integrity.deviations import Deviation
from integrity.facts import word
from integrity.findings import Refused, blocks, deviates, refuse_if_blocked
from labels import codes
from labels.numbering import issue
from qc.deviations import stopping, things
from qc.deviations.actions import DeviationAction
from qc.deviations.rule_ids import DeviationRule
from qc.deviations.words import DeviationPhrase


@dataclass(frozen=True)
class RaisedFacts:
    """What somebody says: about what (a code as scanned, or a donor's), what happened, where, and
    how grave they think it is (minor, major or critical).
    """

    about: str
    said: str
    place: str
    classification: str


def raise_deviation(act: Act, facts: RaisedFacts, *, evidence: Evidence | None = None) -> Deviation:
    """Open a deviation in a person's own words, with a photo or file if there is one.

    A lot, container, cord, donor or piece of equipment is on hold with it where it is critical
    (`stopping`). Raises Refused for a code that nothing stands under, and for nothing said.
    """
    said = attachments.told(facts, evidence)
    if earlier := act.once(DeviationAction.DEVIATION_RAISED, said):
        return act.session.get_one(Deviation, earlier)
    about = things.thing(act.session, facts.about)
    refuse_if_blocked(reasons.wanted(DeviationRule.RAISED_UNSAID, facts.said, "said"))
    if about is None:
        raise Refused(blocks(DeviationRule.NOTHING_UNDER_CODE, "about"))
    finding = deviates(DeviationRule.RAISED, facts.classification, said=facts.said.strip())
    opened = deviations.open_deviation(
        act.inner(),
        finding,
        issue(act, codes.Series.DEVIATION),
        scope=things.scope_of(about),
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
    stopping.stop(act, opened, facts.classification, facts.said)
    return opened
