"""A repeat of a valid result stands on the review as an exception and on the certificate beside the
one it repeats: nothing is tested into compliance."""

from __future__ import annotations

import pytest

from qc.laboratory import results
from qc.release import alerts, certified_statement, release_inputs
from qc.release.situation import INITIAL
from qc.release.words import ReleaseTerm
from tests.makers import qc

pytestmark = pytest.mark.state("finished")
WHY = "The first run had a bubble in the cell"


@pytest.mark.req("QC-06", "REL-08")
def test_both_results_of_a_sample_stand_on_the_review_and_on_the_certificate(reviewed):
    at, people = reviewed.clock(), reviewed.people
    with reviewed.database.writing() as session:
        first = next(
            each
            for each in results.of_scope(session, reviewed.batch.code)
            if each.test == "viability"
        )
        sample = qc.samples_for(session, reviewed.batch, "viability")[0]
        again = qc.make_result(
            session,
            people,
            sample,
            value="81",
            at=at,
            basis=None,
            reason=WHY,
            reviewed=True,
        )
        found = release_inputs.gather(session, reviewed.batch, at)
        [repeated] = [each for each in alerts.of(session, found) if each.word is ReleaseTerm.REPEAT]
        assert (repeated.cure, repeated.is_signed) == (("result", again.key), True)
        assert WHY in str(repeated.story)
        assert ReleaseTerm.ALERT in {each.word for each in alerts.of(session, found)}
        said = certified_statement.statement(session, found, INITIAL)
        [line] = [each for each in said["results"] if "81 %" in each["result"]]
        assert line["result"] == f"81 %; {first.shown} (the worse is reported)"
