"""What follows from a deviation: who does it until when, what it brought about, what is overdue."""

from __future__ import annotations

from datetime import timedelta

import pytest

from integrity import signatures, site as settings, trail, verification
from integrity.acts import Act
from integrity.findings import Refused
from qc.deviations import corrective_actions, rules
from qc.deviations.corrective_actions import ActionFacts, CorrectiveAction
from qc.deviations.rule_ids import DeviationRule
from qc.release import full_record_csv, full_record_pdf
from stores import calibrations, equipment, lots
from tests.makers.people import entry_id, sign_in, sign_on, token
from tests.pages import Page
from tests.qc.deviations.test_observing import full_record_of
from tests.qc.deviations.test_raising import raise_about
from tests.templates import MORNING

WHAT = "Put a second alarm into the corridor."
HOW = "It was installed and rang when the door stood open."
DAY, TICK = timedelta(days=1), timedelta(seconds=1)


def plan(world, deviation, *, due=7, check=30, entry=None, **other):
    today = world.clock().date()
    facts = {
        "kind": "corrective", "what": WHAT, "responsible": "Technician 1",
        "due_on": today + due * DAY, "check_on": today + check * DAY,
    }  # fmt: skip
    with world.database.writing() as session:
        act = Act(session, world.people["qa"], world.clock(), entry or entry_id())
        return corrective_actions.plan(act, ActionFacts(deviation.id, **(facts | other)))


def move(world, made, becomes, *, by="qa", reason=HOW, entry=None):
    world.clock.advance(minutes=1)
    with world.database.writing() as session:
        act = Act(session, world.people[by], world.clock(), entry or entry_id())
        shown = corrective_actions.facts_of(session, made.id, becomes)
        seal = signatures.seal(session, shown, comment=reason)
        return corrective_actions.move(act, made.id, becomes, seal=seal)


def standing(world, deviation):
    with world.database.reading() as session:
        return [
            (each.state, each.is_overdue)
            for each in corrective_actions.of(session, deviation.id, world.clock())
        ]


# The law
# -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "who", "due", "check", "refused"),
    [
        (WHAT, "T 1", DAY, 2 * DAY, []),
        (WHAT, "T 1", 0 * DAY, DAY, []),
        ("alarm", "T 1", DAY, 2 * DAY, [DeviationRule.ACTION_UNSAID]),
        (WHAT, "  ", DAY, 2 * DAY, [DeviationRule.ACTION_NOBODY]),
        (WHAT, "\u200b", DAY, 2 * DAY, [DeviationRule.ACTION_NOBODY]),
        (WHAT, "T 1", -TICK, DAY, [DeviationRule.ACTION_DUE_PAST]),
        (WHAT, "T 1", DAY, DAY, [DeviationRule.CHECK_BEFORE_DUE]),
    ],
)
def test_an_action_says_what_who_and_days_that_can_be_kept(what, who, due, check, refused):
    found = rules.may_plan(what, who, MORNING + due, MORNING + check, MORNING)
    assert [each.rule for each in found] == refused


@pytest.mark.parametrize(
    ("state", "becomes", "by", "why", "refused"),
    [
        ("open", "done", "tech", HOW, []),
        ("done", "effective", "qa", HOW, []),
        ("done", "not_effective", "qa", HOW, []),
        ("done", "effective", "tech", HOW, [DeviationRule.CHECKER_DID_IT]),
        ("open", "effective", "qa", HOW, [DeviationRule.ACTION_NOT_NEXT]),
        ("done", "done", "qa", HOW, [DeviationRule.ACTION_NOT_NEXT]),
        ("effective", "not_effective", "qa", HOW, [DeviationRule.ACTION_NOT_NEXT]),
        (None, "done", "qa", "", [DeviationRule.ACTION_NOT_NEXT, DeviationRule.ACTION_REASON]),
        ("open", "done", "tech", "so", [DeviationRule.ACTION_REASON]),
    ],
)
def test_an_action_is_done_and_then_checked_by_another_person(state, becomes, by, why, refused):
    assert [each.rule for each in rules.may_move(state, becomes, why, by, "tech")] == refused


@pytest.mark.parametrize(
    ("state", "after", "late"),
    [
        ("open", timedelta(0), False),
        ("open", TICK, True),
        ("done", TICK, False),
        ("done", DAY, False),
        ("done", DAY + TICK, True),
        ("effective", 90 * DAY, False),
        ("not_effective", 90 * DAY, False),
    ],
)
def test_the_last_moment_of_a_day_is_inside(state, after, late):
    assert rules.is_overdue(state, MORNING, MORNING + DAY, MORNING + after) == late


# On a real deviation
# -------------------------------------------------------------------------------------------------


@pytest.mark.req("SIG-16")
@pytest.mark.parametrize("found", ["effective", "not_effective"])
def test_an_action_is_planned_done_and_checked(finished, found):
    deviation = raise_about(finished, finished.batch.code)
    made = plan(finished, deviation)
    assert standing(finished, deviation) == [("open", False)]
    move(finished, made, "done", by="technician")
    move(finished, made, found)
    assert standing(finished, deviation) == [(found, False)]
    with finished.database.reading() as session:
        given = signatures.of(session, made)
        assert [(each.username, each.meaning, each.comment) for each in given] == [
            ("technician1", "performed", HOW), ("qa1", "reviewed", HOW),
        ]  # fmt: skip
        [told] = [value for term, value in signatures.signed_facts(session, given[1])
                  if term == "The action is"]  # fmt: skip
        assert told == found.replace("_", " ")
    with finished.database.reading() as session:
        assert verification.verify(session).faults == []


def test_who_did_it_does_not_say_that_it_had_its_effect(finished):
    made = plan(finished, raise_about(finished, finished.batch.code))
    move(finished, made, "done")
    with pytest.raises(Refused, match="Another person"):
        move(finished, made, "effective")


@pytest.mark.req("SIG-16")
def test_what_was_shown_is_what_is_signed_and_not_another_verdict(finished):
    made = plan(finished, raise_about(finished, finished.batch.code))
    move(finished, made, "done", by="technician")
    with finished.database.writing() as session, pytest.raises(Refused, match="Something changed"):
        act = Act(session, finished.people["qa"], finished.clock(), entry_id())
        shown = corrective_actions.facts_of(session, made.id, "not_effective")
        seal = signatures.seal(session, shown, comment=HOW)
        corrective_actions.move(act, made.id, "effective", seal=seal)


@pytest.mark.req("SIG-03")
def test_the_record_shows_each_action_with_who_signed_what_became_of_it(finished):
    made = plan(finished, raise_about(finished, finished.batch.code))
    before = full_record_of(finished)
    move(finished, made, "done", by="technician")
    move(finished, made, "not_effective")
    [told] = full_record_of(finished)["actions"]
    assert told["state"] == "not effective" and WHAT in dict(told["facts"]).values()
    assert [each["username"] for each in told["signatures"]] == ["technician1", "qa1"]
    lines = [" ".join(line) for line in full_record_csv.lines_of(full_record_of(finished))]
    assert any(line.startswith("actions") and "qa1" in line for line in lines)
    drawn = [len(full_record_pdf.draw(each)) for each in (before, full_record_of(finished))]
    assert drawn[0] < drawn[1]


def test_a_double_tap_plans_and_does_it_once(finished):
    deviation, twice, again = raise_about(finished, finished.batch.code), entry_id(), entry_id()
    one = plan(finished, deviation, entry=twice)
    assert plan(finished, deviation, entry=twice).id == one.id
    move(finished, one, "done", entry=again)
    move(finished, one, "done", entry=again)
    assert standing(finished, deviation) == [("done", False)]


def words_on(site, path, username="qa1"):
    client = site.test_client()
    sign_in(client, username)
    return Page(client.get(path)).words


@pytest.mark.parametrize("path", ["/release", "/overdue", "/deviations/{code}"])
def test_what_is_overdue_is_seen_on_the_desk_and_on_its_page(finished, site, path):
    deviation = raise_about(finished, finished.batch.code)
    made, path = plan(finished, deviation), path.format(code=deviation.code)
    assert "Overdue Put" not in words_on(site, path) and WHAT not in words_on(site, "/release")
    finished.clock.advance(days=8)
    assert WHAT in words_on(site, path) and "Overdue" in words_on(site, path)
    move(finished, made, "done", by="technician")
    assert WHAT not in words_on(site, "/release")
    finished.clock.advance(days=24)
    assert "effect was to be checked" in words_on(site, "/overdue")


def test_of_many_overdue_actions_a_page_asks_for_as_many_as_it_shows(finished):
    deviation = raise_about(finished, finished.batch.code)
    made = [plan(finished, deviation).id for _ in range(3)]
    finished.clock.advance(days=8)
    with finished.database.reading() as session:
        shown = corrective_actions.overdue(session, finished.clock(), 2)
        assert [standing.action.id for standing, _ in shown] == made[:2]
        kept = session.identity_map.values()
        loaded = [each for each in kept if isinstance(each, CorrectiveAction)]
        assert len(loaded) == 2


def test_a_deviation_that_is_not_closed_in_the_days_of_the_site_is_overdue(finished, site):
    with finished.database.writing() as session:
        act = Act(session, trail.SYSTEM, finished.clock())
        settings.change(act, "investigation_days", "5", reason="So says the procedure.")
    deviation = raise_about(finished, finished.batch.code)
    finished.clock.advance(days=4)
    assert "5 days after" not in words_on(site, "/release")
    finished.clock.advance(days=2)
    assert "not closed 5 days after" in words_on(site, "/release")
    assert "Overdue To be closed until" in words_on(site, f"/deviations/{deviation.code}")


@pytest.mark.parametrize("value", ["0", "366", "soon", "-1"])
def test_the_days_of_the_site_are_within_bounds(sqlite, value):
    with sqlite.writing() as session, pytest.raises(Refused, match="from 1 to 365"):
        act = Act(session, trail.SYSTEM, MORNING)
        settings.change(act, "investigation_days", value, reason="So says the procedure.")


def test_the_pages_lead_from_the_deviation_to_the_check(finished, site):
    deviation = raise_about(finished, finished.batch.code)
    technician, qa = site.test_client(), site.test_client()
    sign_in(technician, "technician1")
    sign_in(qa, "qa1")
    page = f"/deviations/{deviation.code}"
    assert f"{page}/actions/new" not in Page(technician.get(page)).links
    assert technician.get(f"{page}/actions/new").status_code == 403
    today = finished.clock().date()
    typed = {
        "kind": "preventive", "what": WHAT, "responsible": "Technician 1",
        "due_on": str(today + DAY), "check_on": str(today + 9 * DAY), "entry_id": entry_id(),
        "csrf_token": token(qa, f"{page}/actions/new"),
    }  # fmt: skip
    late = typed | {"check_on": str(today), "entry_id": entry_id()}
    refused = qa.post(f"{page}/actions/new", data=late)
    assert refused.status_code == 409 and WHAT in refused.get_data(as_text=True)
    assert qa.post(f"{page}/actions/new", data=typed).location == page
    for client, who, deed in ((technician, "technician1", "done"), (qa, "qa1", "effective")):
        [path] = {e for e in Page(client.get(page)).links if e.endswith(f"/{deed}")}
        refused = sign_on(client, path, who, comment=HOW, password="not this one")
        assert refused.status_code == 401 and HOW in refused.get_data(as_text=True)
        assert sign_on(client, path, who, comment=HOW).location == page
    words = Page(qa.get(page)).words
    assert "Effective" in words
    assert "I performed this" in words and "I reviewed this" in words


@pytest.mark.req("TIM-05")
def test_the_pages_show_the_days_that_were_typed_whatever_the_zone_becomes(finished, site):
    deviation = raise_about(finished, finished.batch.code)
    made = plan(finished, deviation)
    with finished.database.reading() as session:
        lot = session.query(lots.Lot).first()
        [newest] = session.query(calibrations.Calibration).limit(1)
        item = session.get_one(equipment.Equipment, newest.equipment_id)
    pages = {
        f"/deviations/{deviation.code}": [made.day(made.due_at), made.day(made.check_at)],
        f"/lots/{lot.code}": [lot.day(lot.expires_at)],
        "/lots": [lot.day(lot.expires_at)],
        f"/equipment/{item.code}": [newest.day(newest.done_at), newest.day(newest.due_at)],
        "/equipment": [newest.day(newest.due_at)],
    }
    before = {path: words_on(site, path) for path in pages}
    with finished.database.writing() as session:
        act = Act(session, trail.SYSTEM, finished.clock())
        settings.change(act, "zone", "Asia/Ho_Chi_Minh", reason="The zone is put right.")
    for path, days in pages.items():
        after = words_on(site, path)
        for day in days:
            assert before[path].count(day) == after.count(day) > 0, (path, day)
