"""A time opens with now where that is the likely answer, with the day where it is not, and one
without a zone is one of the site's."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from integrity import site, times
from integrity.acts import Act
from integrity.observations import Observation
from integrity.trail import SYSTEM
from manufacturing.donation.donations import Cord, Donor
from stores import containers
from stores.rules import ContainerKind
from tests.makers.batches import find_batch
from tests.makers.people import post, sign_in
from tests.pages import Page

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.fixture
def moved(sqlite, clock):
    """The site lies in Vietnam, where it is seven hours later."""
    with sqlite.writing() as session:
        act = Act(session, SYSTEM, clock())
        site.change(act, "zone", HANOI.key, reason="The laboratory has moved.")


def opened(application, username, address):
    client = application.test_client()
    sign_in(client, username)
    return client, Page(client.get(address))


@pytest.mark.state("planned")
@pytest.mark.parametrize(
    ("username", "address", "field"),
    [
        ("technician1", "/observations/new", "seen_at"),
        ("qa1", "/containers/{jar}/destroy", "done_at"),
    ],
)
def test_a_deed_of_now_opens_with_now(application, sqlite, clock, moved, username, address, field):
    batch = find_batch(sqlite)
    with sqlite.reading() as session:
        [jar] = containers.of_scope(session, batch.cord_code, ContainerKind.JAR)
    about = "?about=" + batch.code if "observations" in address else ""
    _, page = opened(application, username, address.format(jar=jar.code) + about)
    assert page.value(field) == times.local_minute(clock(), HANOI)


@pytest.mark.state("planned")
@pytest.mark.parametrize(
    ("username", "address", "fields"),
    [
        ("technician1", "/cords/new", ("born_at", "collected_at")),
        ("qa1", "/donors/{donor}/tests/new", ("sampled_at",)),
    ],
)
def test_what_was_done_before_opens_with_the_day_which_alone_is_no_answer(
    application, sqlite, clock, moved, username, address, fields
):
    batch = find_batch(sqlite)
    with sqlite.reading() as session:
        donor = session.get_one(Donor, session.get_one(Cord, batch.cord_id).donor_id).code
    client, page = opened(application, username, address.format(donor=donor))
    today = times.local_minute(clock(), HANOI)[:11]
    for field in fields:
        assert page.value(field) == today
    answer = post(client, address.format(donor=donor), **{fields[0]: today})
    assert answer.status_code == 422 and "Write date, time and zone" in answer.get_data(True)


@pytest.mark.state("planned")
def test_a_time_without_a_zone_is_one_of_the_site_on_every_form(application, sqlite, clock, moved):
    batch = find_batch(sqlite)
    path = f"/observations/new?about={batch.code}"
    client, _ = opened(application, "technician1", path)
    seen = clock() - timedelta(hours=2)
    typed = {"about": batch.code, "said": "Water stood on the floor.", "seen_at": ""}
    typed["seen_at"] = times.local_minute(seen, HANOI)
    assert post(client, path, **typed).status_code == 303
    with sqlite.reading() as session:
        kept = session.scalars(select(Observation).order_by(Observation.id.desc())).first()
    assert kept.seen_at == seen.replace(second=0, microsecond=0)
    assert isinstance(kept.seen_at, datetime)


@pytest.mark.state("planned")
def test_what_was_typed_is_not_replaced_by_what_it_opens_with(application, sqlite, clock, moved):
    batch = find_batch(sqlite)
    path = f"/observations/new?about={batch.code}"
    client, _ = opened(application, "technician1", path)
    answer = post(client, path, about=batch.code, said="", seen_at="2026-11-01 07:00")
    assert Page(answer).value("seen_at") == "2026-11-01 07:00"
