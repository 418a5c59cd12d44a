"""One box finds everything: whole codes open, parts of codes, numbers and names are looked for."""

from __future__ import annotations

import pytest
from sqlalchemy import event, select

from finding.search import search
from integrity import search_terms
from integrity.acts import Act
from integrity.search_terms import SIGNS, beyond, folded, of_name, of_number
from labels import codes, numbering
from manufacturing.donation.donations import Cord, Donor
from people.access_log import Access, AccessKind
from stores import lot_corrections, lots
from stores.lots import Lot
from tests.makers.people import make_people, sign_in
from tests.makers.stores import make_equipment, make_lot
from tests.pages import Page


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("SL-1234", {"sl1234", "l1234", "1234", "234"}),
        ("  a b ", {"ab"}),
        ("Số 07", {"so07", "o07"}),
        ("", set()),
        ("—", set()),
    ],
)
def test_a_number_is_found_from_each_of_its_characters_on(text, terms):
    assert of_number(text) == terms


def test_a_name_is_found_from_each_of_its_words_on():
    assert of_name("Fetal bovine serum") == {"fetalbovineserum", "bovineserum", "serum"}
    assert of_name("Đặng Thị Ø") == {"dangthio", "thio", "o"}
    assert folded("血清") == "u8840u6e05"


@pytest.mark.parametrize(
    ("part", "over"), [("abc", "abd"), ("ab9", "aba"), ("azz", "b"), ("zzz", None), ("12", "13")]
)
def test_what_begins_with_a_part_ends_before_the_next_one(part, over):
    assert beyond(part, SIGNS) == over


def _found(database, text, opens=lambda endpoint: True):
    with database.reading() as session:
        return {
            group.source.title.name: [hit.named for hit in group.hits]
            for group in search(session, text, opens)
        }


@pytest.mark.state("small")
@pytest.mark.parametrize("start", [0, 1, 2, 3, 4, 5, 6])
def test_every_part_of_a_code_finds_it_newest_first(database, clock, start):
    people = make_people(database, "technician", at=clock())
    with database.writing() as session:
        lots = [make_lot(session, by=people["technician"], at=clock()) for _ in range(3)]
    with database.reading() as session:
        for lot in lots:
            for end in range(start + 3, len(lot.code) + 1):
                part = lot.code[start:end]
                assert lot.code in numbering.containing(session, part, 50), part
        every = numbering.containing(session, "M26", 50)
    assert every == sorted(every, reverse=True)
    assert _found(database, codes.hyphenated(lots[1].code)[-6:])["LOTS"][0] == lots[1].code


@pytest.mark.state("small")
def test_donors_suppliers_lots_and_names_are_found_on_both_databases(database, clock):
    people = make_people(database, "technician", "qa", at=clock())
    with database.writing() as session:
        lot = make_lot(
            session,
            by=people["technician"],
            at=clock(),
            supplier="Đại Việt Labs",
            supplier_lot="SL/2026-448",
        )
        item = make_equipment(session, by=people["qa"], at=clock(), name="Incubator north")
        donor = session.query(Donor).order_by(Donor.id.desc()).first()
        cord = session.query(Cord).filter_by(donor_id=donor.id).first()
    assert _found(database, "2026-448")["LOTS"] == [lot.code]
    assert _found(database, "dai viet")["LOTS"] == [lot.code]
    assert item.code in _found(database, "NORTH")["EQUIPMENT"]
    assert donor.code in _found(database, donor.code[1:].lower())["DONORS"]
    assert cord.code in _found(database, cord.jar_code[:-2])["CORDS"]
    assert _found(database, "2026-119x") == {}
    assert _found(database, "xy") == {}
    assert _found(database, "qa1")["PEOPLE"] == ["Quality assurance 1"]


@pytest.mark.state("small")
def test_what_may_not_be_opened_is_not_found(database, clock):
    make_people(database, "qa", at=clock())
    assert "PEOPLE" in _found(database, "qa1")
    assert "PEOPLE" not in _found(database, "qa1", lambda page: not page.startswith("people."))


@pytest.mark.state("small")
def test_a_search_asks_for_as_much_however_much_there_is(database, clock):
    people = make_people(database, "technician", at=clock())

    def asked():
        said = []

        def note(connection, cursor, statement, *rest):
            said.append(statement)

        event.listen(database.engine, "before_cursor_execute", note)
        _found(database, "260")
        event.remove(database.engine, "before_cursor_execute", note)
        return said

    before = asked()
    with database.writing() as session:
        for number in range(20):
            make_lot(session, by=people["technician"], at=clock(), supplier_lot=f"260-{number}")
    after = asked()
    assert len(after) <= len(before) + 1 and len(after) < 25
    assert len(_found(database, "260")["LOTS"]) == 12


PARTS = ("260", "B26", "0017", "17-06", "serum", "2026-118")


@pytest.mark.state("small")
@pytest.mark.parametrize("part", PARTS)
def test_no_search_looks_through_a_table_that_grows(database, part):
    """Each table of codes and terms is read by a range of an index."""
    explained = []
    is_sqlite = database.engine.dialect.name == "sqlite"
    with database.reading() as session:
        if not is_sqlite:
            session.connection().exec_driver_sql("SET enable_seqscan = off")

        def note(connection, cursor, statement, values, *rest):
            if "issued_codes" in statement or "search_terms" in statement:
                explained.append((statement, values))

        event.listen(database.engine, "before_cursor_execute", note)
        search(session, part, lambda endpoint: True)
        event.remove(database.engine, "before_cursor_execute", note)
        begins = "EXPLAIN QUERY PLAN " if is_sqlite else "EXPLAIN "
        assert explained
        for statement, values in explained:
            rows = session.connection().exec_driver_sql(begins + statement, values).all()
            plan = "\n".join(str(row[-1]) for row in rows)
            assert "Seq Scan" not in plan, plan
            for table in ("SCAN issued_codes", "SCAN search_terms", "SCAN subjects"):
                assert table not in plan, plan


@pytest.mark.state("small")
def test_a_lot_that_was_put_right_is_found_by_both_numbers(sqlite, clock):
    people = make_people(sqlite, "technician", "qa", at=clock())
    with sqlite.writing() as session:
        lot = make_lot(session, by=people["technician"], at=clock(), supplier_lot="WRONG-77")
    with sqlite.writing() as session:
        held = session.get_one(Lot, lot.id)
        facts = lots.LotFacts(
            material=held.material,
            supplier=held.supplier,
            supplier_lot="RIGHT-78",
            expires_on=held.expires_at.date(),
            quantity=held.quantity_text,
            unit=held.unit,
            manufacturer=held.manufacturer,
            certificate=held.certificate,
            name=held.name,
            donor_pool=held.donor_pool,
        )
        lot_corrections.correct(
            Act(session, people["qa"], clock()), lot.id, facts, "Read again from the bottle."
        )
    assert _found(sqlite, "right78")["LOTS"] == [lot.code]
    assert _found(sqlite, "wrong77")["LOTS"] == [lot.code]


# The page
# -------------------------------------------------------------------------------------------------


@pytest.fixture
def desk(sqlite, application, clock):
    make_people(sqlite, "technician", "administrator", at=clock())

    def signed_in(username):
        client = application.test_client()
        sign_in(client, username)
        return client

    return signed_in


@pytest.mark.state("small")
def test_the_box_shows_what_it_found_and_each_line_is_one_tap_from_the_thing(desk, sqlite):
    with sqlite.reading() as session:
        donor = session.query(Donor).first().code
        cord = session.query(Cord).first().code
    answer = desk("technician1").get("/scan", query_string={"code": cord[1:6]})
    page = Page(answer)
    assert answer.status_code == 200 and f"/cords/{cord}" in page.links
    assert "nothing was opened" in page.words
    answer = desk("technician1").get("/scan", query_string={"code": donor})
    assert answer.status_code == 200 and f"/donors/{donor}" in Page(answer).links


@pytest.mark.parametrize("text", ["zzz-none", "B260017-07", "17", "é", "%_%", "'; DROP"])
def test_what_is_not_found_says_so_and_what_can_be_looked_for(desk, text):
    answer = desk("technician1").get("/scan", query_string={"code": text})
    words = Page(answer).words
    assert answer.status_code == 404
    assert "Nothing was opened and nothing was guessed" in words and "parts of codes" in words


def test_people_are_found_by_those_who_see_people_and_that_is_logged(desk, sqlite):
    answer = desk("administrator1").get("/scan?code=technician1")
    assert answer.status_code == 200 and "People" in Page(answer).words
    assert desk("technician1").get("/scan?code=technician1").status_code == 404
    with sqlite.reading() as session:
        read = session.scalars(select(Access).where(Access.kind == AccessKind.READ)).all()
    assert [(line.username, line.what) for line in read] == [
        ("administrator1", "/scan?code=technician1")
    ]


@pytest.mark.state("small")
def test_what_a_link_names_opens_without_being_a_scan(desk, sqlite):
    with sqlite.reading() as session:
        cord = session.query(Cord).first().code
    client = desk("technician1")
    assert client.get(f"/codes/{cord}").location == f"/cords/{cord}"
    assert client.get("/codes/nonsense").status_code == 404


def test_the_terms_of_a_search_are_bounded():
    assert max(map(len, of_number("x" * 500))) == search_terms.LONGEST
