"""What is told late is judged by the limit that held when it was done: nobody raises a limit to
make a late entry an ordinary one, and none that is lowered later makes an ordinary one late."""

from __future__ import annotations

from datetime import timedelta

import pytest

from integrity import deviations, site
from integrity.site import SettingName
from tests.makers import qc
from tests.makers.settings import change_setting

pytestmark = [pytest.mark.state("finished"), pytest.mark.req("EBR-09", "TIM-06")]
MINUTE = timedelta(minutes=1)
CHANGES = pytest.mark.parametrize(
    ("told_after", "limit", "is_late"),
    [(15, "120", False), (60, "120", True), (60, "1", True), (10, "1", False)],
)


def told(made):
    with made.database.reading() as session:
        return [each.rule for each in deviations.in_scopes(session, [made.batch.id])]


@CHANGES
def test_a_result_is_late_by_the_limit_of_when_it_was_tested(reviewed, told_after, limit, is_late):
    before = told(reviewed)
    tested_at = reviewed.clock.advance(minutes=5)
    change_setting(reviewed.database, reviewed.clock.advance(minutes=1), "late_minutes", limit)
    reviewed.clock.advance(minutes=told_after - 1)
    with reviewed.database.writing() as session:
        [sample] = qc.samples_for(session, reviewed.batch, "viability")
        said = {"tested_at": tested_at, "basis": None, "reason": "A further run was asked for"}
        qc.make_result(session, reviewed.people, sample, at=reviewed.clock(), **said)
    assert told(reviewed)[len(before) :] == ["tim-06-result-late"] * is_late


@CHANGES
def test_a_start_is_late_by_the_limit_of_when_the_test_began(reviewed, told_after, limit, is_late):
    with reviewed.database.writing() as session:
        by, batch = reviewed.people, reviewed.batch
        sample = qc.make_sample(session, by, batch, ("sterility",), at=reviewed.clock())
    before = told(reviewed)
    began_at = reviewed.clock.advance(minutes=5)
    change_setting(reviewed.database, reviewed.clock.advance(minutes=1), "late_minutes", limit)
    reviewed.clock.advance(minutes=told_after - 1)
    with reviewed.database.writing() as session:
        qc.begin(session, by, sample, at=reviewed.clock(), began_at=began_at)
    assert told(reviewed)[len(before) :] == ["tim-06-start-late"] * is_late


def test_a_setting_is_known_as_of_any_moment(reviewed):
    name, first = SettingName.LATE_MINUTES, reviewed.clock.advance(minutes=5)
    change_setting(reviewed.database, first, name, "30")
    second = reviewed.clock.advance(minutes=5)
    change_setting(reviewed.database, second, name, "60")
    with reviewed.database.reading() as session:
        moments = [first - MINUTE, first, second - MINUTE, second, second + MINUTE]
        known = [site.as_of(session, name, each) for each in moments]
        assert known == ["15", "30", "30", "60", "60"]
        assert site.late_after(session, first) == 30 * MINUTE
