"""What QA judged to be rejected is worked on no further, at the bench as well."""

import pytest

from integrity import deviations
from tests.makers import release
from tests.makers.steps import find_small, refused

pytestmark = pytest.mark.state("small")


@pytest.mark.req("EBR-07")
@pytest.mark.parametrize(("decision", "stops"), [("continue", False), ("reject", True)])
def test_a_batch_is_worked_on_only_where_qa_has_not_judged_reject(database, clock, decision, stops):
    small = find_small(database, clock)
    small.walk(until="wash")
    small.record("wash", typed={"volume": "150"}, comment="The bottle ran out")
    [found] = small.now().found
    with database.writing() as session:
        deviation = session.get_one(deviations.Deviation, found.id)
        words = {"by": small.people["qa"], "at": small.clock()}
        release.settle(session, deviation, decision=decision, **words)
    if stops:
        refused(small, "enzyme", says="reject")
    else:
        assert small.record("enzyme").step == "enzyme"
