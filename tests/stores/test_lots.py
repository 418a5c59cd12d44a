"""Lots: received once, released by signature, found by where they were used."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from integrity import signatures, states
from integrity.acts import Act
from integrity.findings import Refused, Stale
from integrity.signatures import Seal
from integrity.trail import Event
from stores import lot_lists, lot_uses, lots, rules
from tests.makers.people import entry_id
from tests.makers.stores import lot_facts, make_lot, make_store_people, release, seal_of
from tests.makers.subjects import scope_named

pytestmark = pytest.mark.state("people")


@pytest.fixture
def people(database, clock):
    return make_store_people(database, "technician", "qa", at=clock())


def test_a_received_lot_waits_in_quarantine_with_everything_its_label_says(database, clock, people):
    with database.writing() as session:
        lot = make_lot(session, by=people["technician"], at=clock(), quantity="1.5e2")
        assert states.of(session, lot, "disposition") == "quarantine"
        assert (lots.amount(lot), lot.expires_at) == (
            "1.5 × 10² mL",
            datetime.fromisoformat("2027-03-31T23:59:59.999+00:00"),
        )
        _, findings = lots.usable(session, lot.code, "DPBS", clock())
        assert (
            findings[0].sentence()
            == "Lot M2600001-87 is in quarantine. Take a released lot, or ask QA."
        )


def test_the_same_entry_twice_receives_one_lot(database, clock, people):
    words, twice = {"by": people["technician"], "at": clock()}, entry_id()
    with database.writing() as session:
        first = lots.receive(Act(session, **words, entry_id=twice), lot_facts())
    with database.writing() as session:
        assert lots.receive(Act(session, **words, entry_id=twice), lot_facts()).id == first.id
    with database.writing() as session, pytest.raises(Refused):
        lots.receive(Act(session, **words, entry_id=twice), lot_facts(quantity="501"))
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(lots.Lot)) == 1


def test_what_is_wrong_with_a_delivery_is_said_at_once_and_nothing_is_kept(database, clock, people):
    with pytest.raises(Refused) as refusal, database.writing() as session:
        make_lot(
            session,
            by=people["technician"],
            at=clock(),
            material="human ALBUMIN",
            expires_on=date(2026, 11, 1),
        )
    assert [finding.field for finding in refusal.value.findings] == [
        "expires_on",
        "human",
        "donor_pool",
    ]
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(lots.Lot)) == 0


@pytest.mark.req("MAT-02")
def test_a_lot_is_usable_from_its_release_to_the_last_second_of_its_expiry_day(
    database, clock, people
):
    with database.writing() as session:
        lot = make_lot(session, by=people["technician"], qa=people["qa"], at=clock())
        given = signatures.of(session, lot)
        assert [(each.meaning, each.username) for each in given] == [("approved", "qa1")]
        assert lots.usable(session, lot.code.lower(), "DPBS", clock()) == (lot, ())
        last = lot.expires_at.replace(microsecond=0)
        assert lots.usable(session, lot.code, "DPBS", last) == (lot, ())
        found, findings = lots.usable(session, lot.code, "DPBS", last + timedelta(seconds=1))
        assert found is lot
        assert [finding.sentence() for finding in findings] == [
            "Lot M2600001-87 expired on 2027-03-31. Set it apart and take a lot that is in date."
        ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "Scan or type a code"),
        ("nonsense", "is not a Cordbook code"),
        ("M260000188", "damaged or mistyped"),
        ("M620000187", "damaged or mistyped"),
        ("B260017-06", "scan the code of a material lot"),
        ("M2600009-63", "no material lot of this site"),
        ("Đ" * 5000, "not a Cordbook"),
        ("https://x.example/L/M2600001", "web address"),
        ("\x00", "not a Cordbook code"),
    ],
)
@pytest.mark.req("MAT-04")
def test_what_is_no_lot_is_said_and_never_guessed(database, clock, people, text, says):
    with database.reading() as session:
        lot, findings = lots.usable(session, text, "DPBS", clock())
    assert lot is None
    assert says in findings[0].sentence()


def test_rejecting_takes_a_reason_and_stops_the_use(database, clock, people):
    deed, state, comment = lots.reject_lot, "rejected", "Seal was broken on arrival."
    with database.writing() as session:
        lot = make_lot(session, by=people["technician"], qa=people["qa"], at=clock())
        with pytest.raises(Refused, match="Say why"):
            deed(
                Act(session, people["qa"], clock(), entry_id()), lot.id, seal=seal_of(session, lot)
            )
        with pytest.raises(Stale):  # a signature under a release is none under this
            deed(
                Act(session, people["qa"], clock(), entry_id()),
                lot.id,
                seal=seal_of(session, lot, comment=comment),
            )
        deed(
            Act(session, people["qa"], clock(), entry_id()),
            lot.id,
            seal=seal_of(session, lot, state, comment),
        )
        assert lot_lists.states_of(session, [lot], clock()) == {lot.id: state}
        assert lots.usable(session, lot.code, "DPBS", clock())[1] != ()


def test_an_expired_lot_is_not_released_and_a_stale_page_signs_nothing(database, clock, people):
    with database.writing() as session:
        lot = make_lot(session, by=people["technician"], at=clock())
        with pytest.raises(Refused, match="cannot be released"):
            release(session, lot, people["qa"], lot.expires_at + timedelta(milliseconds=1))
        with pytest.raises(Stale):
            lots.release_lot(
                Act(session, people["qa"], clock(), entry_id=entry_id()),
                lot.id,
                seal=Seal("other", "password"),
            )
        shown, twice = seal_of(session, lot), entry_id()
        for _ in range(2):
            lots.release_lot(
                Act(session, people["qa"], clock(), entry_id=twice), lot.id, seal=shown
            )
        assert len(signatures.of(session, lot)) == 1


@pytest.mark.req("MAT-01")
@pytest.mark.req("TRC-02")
def test_every_batch_that_used_a_lot_is_found(database, clock, people):
    by = people["technician"]
    with database.writing() as session:
        one, other = (make_lot(session, by=by, at=clock(), qa=people["qa"]) for _ in range(2))
        for lot, scope in (
            (one, "B26000154"),
            (one, "B26000251"),
            (one, "B26000154"),
            (other, "B26000251"),
        ):
            lot_uses.use_lot(
                Act(session, by, clock()), lot.itself, scope_named(session, scope), None
            )
    with database.reading() as session:
        used = {each.id: session.scalars(lot_uses.uses(each.id)) for each in (one, other)}
        told = {number: [use.scope for use in uses] for number, uses in used.items()}
        assert told == {
            one.id: ["B26000154", "B26000251", "B26000154"],
            other.id: ["B26000251"],
        }
        said = session.scalars(
            select(Event).where(Event.action == "lot.used", Event.scope == "B26000154")
        ).all()
        assert [event.said["details"] for event in said] == [{"code": one.code, "place": ""}] * 2


def test_the_list_shows_each_lot_under_the_one_state_it_stands_in(database, clock, people):
    by, qa = people["technician"], people["qa"]
    with database.writing() as session:
        made = {
            "quarantine": make_lot(session, by=by, at=clock()),
            "released": make_lot(session, by=by, qa=qa, at=clock()),
            "expired": make_lot(session, by=by, qa=qa, at=clock(), expires_on=date(2026, 11, 2)),
        }
        rejected = make_lot(session, by=by, at=clock(), expires_on=date(2026, 11, 2))
        made["rejected"] = lots.reject_lot(
            Act(session, qa, clock(), entry_id=entry_id()),
            rejected.id,
            seal=seal_of(session, rejected, "rejected", "Broken bottles in the box."),
        )
    with database.reading() as session:
        edge = made["expired"].expires_at
        for at, expired in ((edge, False), (edge + rules.TICK, True)):
            for state, lot in made.items():
                there = [each.id for each in session.scalars(lot_lists.listed(state, at))]
                gone = state == "expired" and not expired
                also = [made["expired"].id] if state == "released" and not expired else []
                assert there == ([] if gone else [*also, lot.id]), (state, at)
        assert len(session.scalars(lot_lists.listed("", edge)).all()) == 4


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("5.000", "write 5.00 with the decimal point, or 5000 without one"),
        ("12.019", "write 12.0190 with the decimal point, or 12019 without one"),
        ("1,500", "two ways"),
        ("-0", "nought with a minus sign"),
        ("0", "a number above 0"),
        ("many", "is not a number"),
    ],
)
def test_an_amount_has_one_reading_above_nought(database, people, clock, typed, says):
    with pytest.raises(Refused, match=says), database.writing() as session:
        make_lot(session, by=people["technician"], at=clock(), quantity=typed, unit="U")


@pytest.mark.parametrize("typed", ["5.00", "5.0000", "5000", "0.125", "5.5e3"])
def test_an_amount_with_one_reading_is_kept_as_typed(database, people, clock, typed):
    with database.writing() as session:
        lot = make_lot(session, by=people["technician"], at=clock(), quantity=typed, unit="U")
        assert lot.quantity_text == typed
