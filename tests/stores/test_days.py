"""A day that was typed stays that day, and ends when it ended, whatever the site's zone becomes."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from integrity import facts, site
from integrity.acts import Act
from integrity.facts import Reader
from integrity.trail import SYSTEM
from stores import calibrations, equipment, lots
from tests.makers.stores import make_equipment, make_lot, make_store_people, release

pytestmark = [pytest.mark.state("people"), pytest.mark.req("TIM-05")]
TICK = timedelta(milliseconds=1)
ENDS = datetime.fromisoformat("2027-03-31T23:59:59.999+00:00")
ZONES = pytest.mark.parametrize("zone", ["Asia/Ho_Chi_Minh", "America/Los_Angeles"])


def set_zone(database, clock, zone):
    with database.writing() as session:
        site.change(Act(session, SYSTEM, clock()), "zone", zone, reason="The zone is put right.")


@ZONES
def test_the_expiry_of_a_lot_is_the_day_that_was_typed_where_it_was_typed(database, clock, zone):
    people = make_store_people(database, "technician", "qa", at=clock())
    with database.writing() as session:
        lot = make_lot(session, by=people["technician"], at=clock())
        release(session, lot, people["qa"], clock())
        before = facts.drawn(lots.described(session, lot.id), Reader())
    set_zone(database, clock, zone)
    with database.reading() as session:
        kept = session.get_one(lots.Lot, lot.id)
        assert (kept.day(kept.expires_at), kept.expires_at, kept.zone) == (
            "2027-03-31",
            ENDS,
            "UTC",
        )
        assert facts.drawn(lots.described(session, lot.id), Reader()) == before
        assert lots.usable(session, lot.code, "DPBS", ENDS)[1] == ()
        [over] = lots.usable(session, lot.code, "DPBS", ENDS + TICK)[1]
        assert "2027-03-31" in over.sentence()


@ZONES
def test_a_calibration_is_done_and_due_on_the_days_that_were_typed(database, clock, zone):
    people = make_store_people(database, "qa", at=clock())
    with database.writing() as session:
        item = make_equipment(session, by=people["qa"], at=clock(), due=date(2027, 3, 31))
    set_zone(database, clock, zone)
    with database.reading() as session:
        made = calibrations.newest(session, [item.id])[item.id]
        assert (made.day(made.done_at), made.day(made.due_at)) == ("2026-10-01", "2027-03-31")
        assert equipment.usable(session, item.code, item.kind, ENDS)[1] == ()
        [over] = equipment.usable(session, item.code, item.kind, ENDS + TICK)[1]
        assert "2027-03-31" in over.sentence()


def test_a_day_typed_after_the_zone_was_put_right_ends_in_that_zone(database, clock):
    people = make_store_people(database, "technician", at=clock())
    set_zone(database, clock, "Asia/Ho_Chi_Minh")
    with database.writing() as session:
        lot = make_lot(session, by=people["technician"], at=clock())
        assert (lot.day(lot.expires_at), lot.zone) == ("2027-03-31", "Asia/Ho_Chi_Minh")
        assert lot.expires_at == ENDS - timedelta(hours=7)
