"""What was scanned, when, by whom, on which device and what it answered with, stands in a log."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from finding.scans import Scan
from labels import codes
from manufacturing.donation.donations import Cord
from stores.lots import Lot
from tests.makers.people import make_people, sign_in
from tests.pages import Page

pytestmark = pytest.mark.state("small")


@pytest.fixture
def desk(sqlite, application, clock):
    make_people(sqlite, "technician", "qa", "administrator", at=clock())

    def signed_in(username):
        client = application.test_client()
        sign_in(client, username)
        return client

    return signed_in


def history(database) -> list[tuple[str, str, str]]:
    with database.reading() as session:
        return [
            (line.username, line.code, line.answer)
            for line in session.scalars(select(Scan).order_by(Scan.id))
        ]


def known(database, kind) -> str:
    with database.reading() as session:
        return session.scalars(select(kind)).first().code


def test_a_scan_is_kept_with_the_very_word_that_was_shown(desk, sqlite):
    client, lot, cord = desk("technician1"), known(sqlite, Lot), known(sqlite, Cord)
    page = Page(client.get(f"/scan?code={lot}", follow_redirects=True)).words
    client.get(f"/scan?code={codes.hyphenated(cord).lower()}", follow_redirects=True)
    kept = history(sqlite)
    assert [line[:2] for line in kept] == [("technician1", lot), ("technician1", cord)]
    assert kept[0][2] == "released" and "RELEASED" in page
    assert kept[1][2] in ("quarantine", "processing", "in processing", "accepted")


def test_a_jar_answers_with_its_cord_and_has_one_line(desk, sqlite):
    with sqlite.reading() as session:
        jar = session.scalars(select(Cord)).first().jar_code
    desk("technician1").get(f"/scan?code={jar}", follow_redirects=True)
    assert [line[1] for line in history(sqlite)] == [jar]


def test_what_opens_nothing_is_kept_too(desk, sqlite):
    client = desk("technician1")
    for text in ("nonsense\x07", "B269999-99", "K260000105", "(01)04012345678901", "2026-118"):
        client.get("/scan", query_string={"code": text})
    said = history(sqlite)
    assert len(said) == 5 and said[0][1] == "nonsense"
    assert [line[2] for line in said][-2:] == ["foreign", "found"]
    assert {line[2] for line in said[:3]} == {"unknown"}


def test_a_page_that_is_opened_again_or_by_a_link_is_no_scan(desk, sqlite):
    client, lot = desk("technician1"), known(sqlite, Lot)
    client.get(f"/lots/{lot}?scanned=1")
    client.get(f"/codes/{lot}", follow_redirects=True)
    client.get(f"/lots/{lot}")
    assert history(sqlite) == []
    client.get(f"/scan?code={lot}", follow_redirects=True)
    client.get(f"/lots/{lot}?scanned=1")
    assert len(history(sqlite)) == 1


def test_quality_finds_a_scan_by_code_person_answer_and_day(desk, sqlite, clock):
    client, lot = desk("technician1"), known(sqlite, Lot)
    client.get(f"/scan?code={lot}", follow_redirects=True)
    client.get("/scan?code=nothing-like-it")
    reader, day = desk("qa1"), clock().date().isoformat()

    def lines(**asked):
        words = Page(reader.get("/scans", query_string=asked)).words
        return codes.hyphenated(lot) in words, "nothing-like-it" in words

    assert lines() == (True, True)
    assert lines(code=codes.hyphenated(lot)) == (True, False)
    assert lines(answer="Unknown") == (False, True)
    assert lines(username="qa1") == (False, False)
    assert lines(**{"from": day, "to": day}) == (True, True)
    assert lines(to="2020-01-01") == (False, False)
    assert reader.get("/scans?from=never").status_code == 422
    with sqlite.reading() as session:
        stations = {line.station for line in session.scalars(select(Scan))}
    assert all(stations)


@pytest.mark.parametrize(
    ("username", "status"), [("qa1", 200), ("administrator1", 200), ("technician1", 403)]
)
def test_the_history_is_for_quality_and_administrators(desk, username, status):
    assert desk(username).get("/scans").status_code == status


def test_the_history_is_only_ever_inserted(database, clock):
    with database.writing() as session:
        from finding import scans
        from integrity.trail import SYSTEM

        scans.write(session, SYSTEM, "B260001-00", "UNKNOWN", at=clock())
    with pytest.raises(Exception, match="scans"), database.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM scans")
