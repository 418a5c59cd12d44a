"""Who only reads, and who is who: nothing is written or signed in the name of somebody else."""

from __future__ import annotations

import pytest
from sqlalchemy import func, inspect, select, text

from integrity.trail import Event, record_tables
from people.accounts import Person
from people.permissions import Permission
from tests.house.test_permissions import address
from tests.makers.people import PASSWORD, entry_id, make_people, post, sign_in, token
from tests.makers.steps import find_small
from tests.pages import Page


def rows(database) -> dict[str, int]:
    """How many rows every record table holds, the trail left out: it counts refusals."""
    with database.reading() as session:
        return {
            table.name: session.scalar(select(func.count()).select_from(table))
            for table in record_tables()
            if table.name != Event.__tablename__
        }


@pytest.mark.req("IAM-04")
@pytest.mark.state("people")
def test_a_read_only_account_posts_to_no_route_but_those_of_its_own_account(application, sqlite):
    client = application.test_client()
    assert sign_in(client, "reader1").status_code == 303
    given, before, refused = token(client, "/password"), rows(sqlite), 0
    for rule in application.url_map.iter_rules():
        permission = application.view_functions[rule.endpoint].permission
        if "POST" not in rule.methods or permission in (Permission.OWN_ACCOUNT, Permission.PUBLIC):
            continue
        form = {"csrf_token": given, "entry_id": entry_id(), "password": PASSWORD}
        answer = client.post(address(application, rule), data=form)
        assert answer.status_code == 403, rule.rule
        refused += 1
    assert refused > 40
    assert rows(sqlite) == before


@pytest.mark.req("IAM-04")
@pytest.mark.state("small")
def test_a_read_only_account_signs_nothing_and_nobody_signs_on_its_screen(
    application, sqlite, clock
):
    make_people(sqlite, "reader", at=clock())
    small = find_small(sqlite, clock)
    entry = small.record("clear")
    path = f"/batches/{small.batch.code}/entries/{entry.id}/verify"
    tablet, display = application.test_client(), application.test_client()
    assert sign_in(tablet, "technician1").status_code == 303
    assert sign_in(display, "reader1").status_code == 303
    given = {"reviewed": Page(tablet.get(path)).value("reviewed"), "password": PASSWORD}
    assert post(tablet, path, username="reader1", **given).status_code == 409
    answer = post(display, path, page="/password", username="verifier1", **given)
    assert answer.status_code == 403
    assert small.now().verification(entry) is None
    assert post(tablet, path, username="verifier1", **given).status_code == 303
    assert small.now().verification(entry).username == "verifier1"


@pytest.mark.req("IAM-05", "SIG-11")
@pytest.mark.state("technician")
def test_the_database_holds_a_unique_index_on_the_one_spelling_of_a_user_name(database):
    table = inspect(database.engine)
    unique = [each["column_names"] for each in table.get_unique_constraints("people")]
    unique += [each["column_names"] for each in table.get_indexes("people") if each["unique"]]
    assert ["username"] in unique
    with database.reading() as session:
        assert session.scalars(select(Person.username)).all() == ["technician1"]


@pytest.mark.req("IAM-05")
@pytest.mark.state("technician+administrator")
def test_whatever_the_spelling_one_account_is_meant(application, sqlite):
    for typed in ("TECHNICIAN1", "  Technician1 "):
        client = application.test_client()
        assert sign_in(client, typed).status_code == 303
        assert "Technician 1" in Page(client.get("/trail")).words
    administrator = application.test_client()
    sign_in(administrator, "administrator1")
    new = {"name": "Somebody else", "role": "reader", "username": "Technician1"}
    assert post(administrator, "/people/new", **new).status_code == 409
    with sqlite.reading() as session:
        spelled = text("SELECT count(*) FROM people WHERE lower(username) = 'technician1'")
        assert session.execute(spelled).scalar_one() == 1


@pytest.mark.req("IAM-07")
@pytest.mark.state("technician+administrator+qa")
def test_a_closed_account_is_opened_neither_by_time_nor_by_qa(application, clock):
    for _ in range(5):
        assert sign_in(application.test_client(), "technician1", "wrong").status_code == 401
    clock.advance(days=30)
    assert sign_in(application.test_client(), "technician1").status_code == 401
    why = {"deed": "activate", "reason": "Identity checked in person."}
    qa = application.test_client()
    sign_in(qa, "qa1")
    assert post(qa, "/people/1/standing", page="/password", **why).status_code == 403
    assert sign_in(application.test_client(), "technician1").status_code == 401
    administrator = application.test_client()
    sign_in(administrator, "administrator1")
    assert post(administrator, "/people/1/standing", **why).status_code == 303
    assert sign_in(application.test_client(), "technician1").status_code == 303
    assert "Identity checked in person." in Page(administrator.get("/trail")).words


@pytest.mark.req("AUD-04")
@pytest.mark.state("administrator")
def test_no_setting_and_no_route_switches_the_trail_off(application, sqlite):
    client = application.test_client()
    sign_in(client, "administrator1")
    elements = Page(client.get("/site")).elements
    offered = {e.given.get("value") for e in elements if e.given.get("name") == "name"}
    limits = {
        "demonstration",
        "idle_minutes",
        "late_minutes",
        "two_persons",
        "investigation_days",
        "silent_days",
        "second_factor",
        "shift_hours",
        "address",
        "authorisation",
        "reminder_hour",
    }
    assert offered == {"name", "zone", "file_megabytes", "all_files_megabytes"} | limits
    trails = [r for r in application.url_map.iter_rules() if r.rule.startswith("/trail")]
    assert trails and all(each.methods <= {"GET", "HEAD", "OPTIONS"} for each in trails)
    with sqlite.reading() as session:
        before = session.scalar(select(func.count(Event.seq)))
    change = {"name": "zone", "value": "Asia/Ho_Chi_Minh", "reason": "The site moved to Hanoi."}
    assert post(client, "/site", **change).status_code == 303
    with sqlite.reading() as session:
        newest = session.scalars(select(Event).order_by(Event.seq.desc()).limit(1)).one()
    assert newest.seq == before + 1
    assert newest.said["details"]["becomes"] == "Asia/Ho_Chi_Minh"
