"""What a step's page says while somebody types: worked out by the code that records, judged by the
same law, and nothing of it written."""

from __future__ import annotations

import html
import re
from zoneinfo import ZoneInfo

import pytest

from integrity import site, times
from integrity.acts import Act
from integrity.trail import SYSTEM
from manufacturing.execution import formula_values
from manufacturing.execution.previews import UTC
from tests.makers.batches import find_batch
from tests.makers.people import post, sign_in
from tests.makers.steps import COUNT, find_small, rows
from tests.pages import Page

pytestmark = pytest.mark.state("small")
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.fixture
def small(application, sqlite, clock):
    return find_small(sqlite, clock)


@pytest.fixture
def ask(application, small):
    """ask(step, **typed): the answer of the page's preview, from a technician's client."""

    def asking(step, status=200, username="technician1", **typed):
        client = application.test_client()
        sign_in(client, username)
        stage = small.now().master.stage_of(step).id
        path = f"/batches/{small.batch.code}/steps/{stage}/1/{step}/1"
        answer = post(client, f"{path}/preview", page="/bench", **typed)
        assert answer.status_code == status, answer.get_data(as_text=True)
        return answer

    return asking


def words(part):
    return Page(f"<body>{part}</body>").words


def seen(answer, name):
    return html.unescape(words(answer.get_json()["seen"][name]))


@pytest.mark.req("EBR-16")
def test_a_volume_is_worked_out_before_it_is_recorded_and_is_the_one_that_is_recorded(small, ask):
    small.walk(until="dose")
    before = rows(small.database)
    shown = seen(ask("dose", weight="62.5"), "volume")
    assert rows(small.database) == before
    entry = small.record("dose", typed={"weight": "62.5"})
    field = small.now().master.step("dose").field("volume")
    recorded = formula_values.shown(field, entry.values["volume"], UTC)
    assert recorded in shown and "In its limits" in shown and "not yet recorded" in shown


@pytest.mark.parametrize("weight", ["", "heavy", "1", "62,5,0", "1e9", "-3"])
def test_what_is_no_value_is_worked_out_to_nothing(small, ask, weight):
    small.walk(until="dose")
    assert seen(ask("dose", weight=weight), "volume").startswith("worked out as soon as")


def test_what_would_deviate_says_so_in_the_sentence_that_the_record_would_have(small, ask):
    small.walk(until="dose")
    low = seen(ask("receipt", ph="7.9", viability="75"), "ph")
    assert "pH: 7.9 pH, accepted 7.2 – 7.6 pH." in low
    assert "beyond the alert limit" in seen(ask("receipt", viability="75"), "viability")
    assert "In its limits" in seen(ask("counted", **COUNT), "count")


def test_the_page_itself_says_what_is_known_as_it_opens(application, small):
    small.walk(until="harvested")
    client = application.test_client()
    sign_in(client, "technician1")
    page = client.get(f"/batches/{small.batch.code}/steps/fill/1/harvested/1")
    assert "seen-value" in page.get_data(as_text=True)


@pytest.mark.parametrize(
    ("scanned", "typed", "field"),
    [
        ("DPBS", {}, "pbs"),
        ("DPBS", {"pbs": "M26"}, None),
        ("incubator", {}, None),
        ("nothing of ours", {}, None),
        ("", {}, None),
    ],
    ids=["waits", "filled", "other", "foreign", "none"],
)
def test_a_scan_belongs_to_the_open_field_that_wants_what_it_is(small, ask, scanned, typed, field):
    code = small.scans.get(scanned, scanned)
    answer = ask("wash", scanned=code, **typed)
    assert answer.get_json()["scanned"] == field


def test_what_was_scanned_says_what_it_is_or_why_it_may_not_be_used(small, ask):
    assert re.search(r"DPBS .* released", seen(ask("wash", pbs=small.scans["DPBS"]), "pbs"))
    wrong = ask("wash", pbs=small.scans["incubator"]).get_json()["seen"]["pbs"]
    assert "tone-rejected" in wrong and words(wrong)


def test_who_may_record_no_step_is_told_nothing_and_neither_is_a_page_without_its_token(
    application, small, ask
):
    ask("wash", status=403, username="qa1")
    client = application.test_client()
    sign_in(client, "technician1")
    path = f"/batches/{small.batch.code}/steps/washing/1/wash/1/preview"
    assert client.post(path, data={"volume": "200"}).status_code == 400


def move(database, clock):
    """The site lies in Vietnam from now on."""
    with database.writing() as session:
        act = Act(session, SYSTEM, clock())
        site.change(act, "zone", HANOI.key, reason="The laboratory has moved.")


def test_a_time_without_a_zone_is_one_of_the_site_and_the_zone_stands_beside_it(
    application, small, sqlite
):
    small.walk(until="receipt")
    move(sqlite, small.clock)
    client = application.test_client()
    sign_in(client, "technician1")
    path = f"/batches/{small.batch.code}/steps/prepare/1/receipt/1"
    claimed = times.local_minute(small.clock(), HANOI)
    answer = post(client, path, ph="7.40", viability="95.0", performed_at=claimed)
    assert answer.status_code == 303
    [entry] = [each for each in small.now().current if each.step == "receipt"]
    assert times.shown(entry.performed_at, HANOI).startswith(claimed)


@pytest.mark.state("planned")
def test_a_moment_opens_with_now_in_the_sites_zone(application, sqlite, clock):
    batch = find_batch(sqlite)
    move(sqlite, clock)
    client = application.test_client()
    sign_in(client, "technician1")
    page = client.get(f"/batches/{batch.code}/steps/formulation/1/suspend/1")
    assert Page(page).value("finished") == times.local_minute(clock(), HANOI)


# What takes the place of an entry
# -------------------------------------------------------------------------------------------------


@pytest.fixture
def correcting(application, small):
    """correcting(step, **typed): (page of the correction, answer of its preview)."""

    def asking(step, **typed):
        client = application.test_client()
        sign_in(client, "technician1")
        [entry] = [each for each in small.now().current if each.step == step]
        path = f"/batches/{small.batch.code}/entries/{entry.id}/correct"
        return client.get(path), post(client, f"{path}/preview", page=path, **typed)

    return asking


@pytest.mark.req("EBR-16")
def test_the_page_of_a_correction_works_out_what_would_be_recorded(small, correcting):
    small.walk(until="dose")
    small.record("dose")
    before = rows(small.database)
    page, answer = correcting("dose", weight="70.0")
    opened, would = Page(page).words, seen(answer, "volume")
    assert rows(small.database) == before
    [entry] = [each for each in small.now().current if each.step == "dose"]
    stood = formula_values.shown(
        small.now().master.step("dose").field("volume"), entry.values["volume"], UTC
    )
    assert stood in opened and "not yet recorded" in opened
    assert "not yet recorded" in would and stood not in would
    corrected = small.correct(entry, {"weight": "70.0"})
    field = small.now().master.step("dose").field("volume")
    assert formula_values.shown(field, corrected.values["volume"], UTC) in would


def test_a_lot_that_stays_is_not_judged_again_and_another_one_is(small, correcting):
    small.walk(until="enzyme")
    same, other = small.scans["DPBS"], small.scans["incubator"]
    page, answer = correcting("wash", pbs=same, volume="200.0")
    assert page.status_code == 200
    assert words(answer.get_json()["seen"]["pbs"]) == ""
    _, answer = correcting("wash", pbs=other, volume="200.0")
    assert "tone-rejected" in answer.get_json()["seen"]["pbs"]


def test_an_invented_entry_has_no_preview(application, small):
    client = application.test_client()
    sign_in(client, "technician1")
    path = f"/batches/{small.batch.code}/entries/99999999/correct/preview"
    assert post(client, path, page="/bench").status_code == 404
