"""A label that is printed after a release and not reconciled holds it, as anything else on which it
rests."""

from __future__ import annotations

from dataclasses import replace

import pytest

from integrity import states, verification
from integrity.findings import Refused
from qc.release import certificates, rests_on
from qc.release.rule_ids import ReleaseRule
from qc.release.situation import LabelsPrinted
from stores.rules import DISPOSITION
from tests.makers import release as makers
from tests.qc.release.test_balances import correct, print_again
from tests.qc.release.test_rules import READY

both = pytest.mark.state("finished")


def standing(world):
    with world.database.reading() as session:
        newest = certificates.of_batch(session, world.batch.id)[-1]
        batch = states.of(session, world.batch, DISPOSITION)
        return batch, certificates.states_of(session, [newest])[newest.id]


@both
@pytest.mark.req("REL-03", "LAB-01")
@pytest.mark.parametrize("stage", ["released_stage_1", "released"])
def test_a_label_printed_after_a_release_holds_batch_and_certificate(reviewed, stage):
    reviewed.decide("release_stage_1")
    if stage == "released":
        reviewed.sterility()
        reviewed.review()
        reviewed.decide("release_final")
    print_again(reviewed, "final")
    assert standing(reviewed) == ("on_hold", "under_review")
    with pytest.raises(Refused, match="1 reconciled, 2 printed"):
        reviewed.decide("resume", by="qa")
    with reviewed.database.reading() as session:
        assert verification.verify(session).faults == []


@both
@pytest.mark.req("REL-03", "LAB-01")
def test_once_the_further_label_is_accounted_for_the_hold_is_lifted(reviewed):
    reviewed.decide("release_stage_1")
    print_again(reviewed, "final")
    correct(reviewed, "reconcile", damaged="1")
    makers.sign_again(reviewed)
    reviewed.review()
    reviewed.decide("resume", by="qa")
    assert standing(reviewed)[0] == "released_stage_1"


@both
@pytest.mark.parametrize("kind", ["flask", "sample"])
def test_a_label_of_what_is_not_reconciled_holds_nothing(reviewed, kind):
    reviewed.decide("release_stage_1")
    print_again(reviewed, kind)
    assert standing(reviewed) == ("released_stage_1", "current")


@pytest.mark.parametrize(
    "printed", [(), (LabelsPrinted("Reconcile", 1, 2),), (LabelsPrinted("Reconcile", 3, 2),)]
)
def test_every_count_that_holds_no_more_speaks_against_a_batch(printed):
    found = list(rests_on.against_labels(replace(READY, labels=printed)))
    assert [each.rule for each in found] == [ReleaseRule.LABELS_PRINTED_SINCE] * len(printed)
    assert all(each.parameters["printed"] == "2" for each in found)
