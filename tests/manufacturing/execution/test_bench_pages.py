"""The bench pages: every step renders, nonsense is refused with what was typed, out of limit is an
amber panel, and no page asks more questions of the database as the laboratory grows."""

import html
import re
from datetime import timedelta

import pytest
from sqlalchemy import event

import app as roof
from demonstration import donation
from integrity.acts import Act
from integrity.database import Database
from manufacturing.execution import batches, inputs
from manufacturing.execution.batches import StartFacts
from manufacturing.masters.document import SHIPPED, read
from tests.makers.batches import find_batch
from tests.makers.masters import make_master
from tests.makers.people import PASSWORD, entry_id, post, sign_in
from tests.makers.programs import problem, send
from tests.makers.steps import COUNT, SMALL, WHY, find_small, rows
from tests.makers.stores import make_lot
from tests.pages import Page
from tests.templates import Clock

pytestmark = pytest.mark.state("small")

RECORD = read(SHIPPED.read_bytes())
POSITIONS = [(stage.id, step.id) for stage in RECORD.stages for step in stage.steps]


# Every step of the shipped record
# ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shipped(tmp_path_factory, templates):
    """(client of a technician, database, batch code) of a batch on the shipped record.

    Nothing here records anything.
    """
    path = tmp_path_factory.mktemp("shipped") / "cordbook.db"
    clock = Clock(templates.copy("planned", path).moment)
    database = Database(f"sqlite:///{path}")
    batch = find_batch(database)
    client = roof.create_app(
        database, "not a secret: a test", clock=clock, TESTING=False, PROPAGATE_EXCEPTIONS=False
    ).test_client()
    sign_in(client, "technician1")
    yield client, database, batch.code
    database.close()


@pytest.mark.parametrize(("stage", "step"), POSITIONS)
def test_every_step_renders_with_its_words_its_inputs_and_its_limits(shipped, stage, step):
    client, _, code = shipped
    answer = client.get(f"/batches/{code}/steps/{stage}/1/{step}/1")
    page, planned = html.unescape(answer.get_data(as_text=True)), RECORD.step(step)
    assert answer.status_code == 200
    assert planned.title["en"] in page and planned.text["en"] in page
    for field in planned.fields:
        assert field.label["en"] in page
        for part in inputs.parts(field):
            assert f'name="{part.name}"' in page
    if step == "wash":
        assert "Accepted 180 – 220 mL" in page


@pytest.mark.parametrize(
    "typed",
    [
        "200 mL",
        "",
        "1,000",
        "<script>alert(1)</script>",
        "Đã rửa \x07 ba lần",
        "9" * 3000,
        "\u202e002",
        "NaN",
    ],
    ids=["unit", "empty", "ambiguous", "html", "control", "huge", "direction", "nan"],
)
@pytest.mark.parametrize(("stage", "step"), POSITIONS)
def test_nonsense_in_any_step_is_a_sentence_at_the_field_with_what_was_typed(
    shipped, stage, step, typed
):
    client, database, code = shipped
    before = rows(database)
    path = f"/batches/{code}/steps/{stage}/1/{step}/1"
    parts = [
        part.name
        for field in RECORD.step(step).fields
        for part in inputs.parts(field)
        if part.required
    ]
    answer = post(client, path, **dict.fromkeys(parts, typed), performed_at="yesterday")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Nothing was recorded." in page and "Write date, time and zone" in page
    assert 'value="yesterday"' in page
    assert "<script>alert" not in page
    assert rows(database) == before


@pytest.mark.parametrize(
    "path",
    [
        "steps/washing/1/nothing/1",
        "steps/washing/1/clearance_before/1",
        "steps/washing/2/wash/1",
        "steps/washing/1/wash/9",
        "steps/washing/1/wash/0",
        "steps/passage/6/seed/1",
        "steps/nowhere/1/wash/1",
        "steps/washing/1/wash/99999999999999999999",
        "steps/washing/1/wash/-1",
        "entries/1/verify",
        "entries/1/correct",
        "entries/99999999999999999999/correct",
        "stages/washing/1/sign",
        "stages/nowhere/1/sign",
    ],
)
def test_an_invented_place_is_not_found(shipped, path):
    client, _, code = shipped
    assert client.get(f"/batches/{code}/{path}").status_code == 404
    assert client.get(f"/batches/B26999999/{path}").status_code == 404


def test_what_is_not_due_says_so_and_leads_to_what_is(shipped):
    client, _, code = shipped
    page = client.get(f"/batches/{code}/steps/washing/1/wash/1").get_data(as_text=True)
    assert "This step is not due yet." in page
    answer = client.get(f"/batches/{code}/next")
    assert answer.headers["Location"].endswith("/steps/receipt/1/clearance_before/1")


# A small batch
# -------------------------------------------------------------------------------------------------


@pytest.fixture
def small(application, sqlite, clock):
    return find_small(sqlite, clock)


class Tablet:
    """A client whose person signs in again whenever the idle lock has come in between."""

    def __init__(self, application, username="technician1"):
        self.client, self.username = application.test_client(), username
        sign_in(self.client, username)
        self.post = self.client.post

    def get(self, path):
        answer = self.client.get(path)
        if answer.status_code == 401 or "/sign-in" in answer.headers.get("Location", ""):
            sign_in(self.client, self.username)
            answer = self.client.get(path)
        return answer


@pytest.fixture
def client(application, small):
    return Tablet(application)


def place(small, stage, step, turn=1, cycle=1):
    return f"/batches/{small.batch.code}/steps/{stage}/{cycle}/{step}/{turn}"


def text(answer):
    return html.unescape(answer.get_data(as_text=True))


def test_a_step_is_recorded_and_the_page_goes_on_to_the_second_person(small, client):
    answer = post(client, place(small, "prepare", "clear"), cleaned="y")
    assert answer.status_code == 303
    assert re.search(r"/entries/\d+/verify$", answer.headers["Location"])
    assert client.get(answer.headers["Location"]).status_code == 200
    assert [entry.step for entry in small.now().current] == ["clear"]


@pytest.mark.req("EBR-05")
def test_beyond_an_alert_limit_the_step_is_recorded_says_so_and_the_second_person_reads_it(
    small, client
):
    small.walk(until="receipt")
    answer = post(client, place(small, "prepare", "receipt"), ph="7.40", viability="75.0")
    assert answer.status_code == 303
    said = "Viability: 75.0 % is accepted, and beyond the alert limit ≥ 80 %."
    page = text(client.get(answer.headers["Location"]))
    assert f"Recorded. {said}" in page and page.count(said) == 2
    assert small.now().found == []


def test_the_same_post_twice_is_one_entry(small, client):
    for _ in range(2):
        assert (
            post(
                client, place(small, "prepare", "clear"), cleaned="y", entry_id="tapped-twice"
            ).status_code
            == 303
        )
    assert len(small.now().everything) == 1


def test_a_program_records_a_step_and_is_told_what_is_outside_before_it_comments(small, client):
    small.walk(until="receipt")
    path, twice = place(small, "prepare", "receipt"), {"entry_id": entry_id()}
    typed = twice | {"ph": 7.4, "viability": 69}
    nonsense = problem(send(client, path, typed | {"viability": "69 cells"}), 422, "invalid")
    assert set(nonsense["errors"]) == {"viability"}
    findings = problem(send(client, path, typed), 409, "refused")["findings"]
    assert "accepted ≥ 70 %" in findings[0]["sentence"] and len(findings) == 2
    for _ in range(2):
        answer = send(client, path, typed | {"comment": "Counted twice, it is so"})
        assert answer.status_code == 201
        assert "1 deviation for QA" in answer.get_json()["said"][0]["sentence"]
    [entry] = [each for each in small.now().everything if each.step == "receipt"]
    assert "7.4" in entry.values["ph"].values()


@pytest.mark.req("EBR-05")
def test_outside_the_limits_is_an_amber_panel_with_everything_kept_and_then_a_deviation(
    small, client
):
    small.walk(until="receipt")
    before = rows(small.database)
    typed = {"ph": "7.40", "viability": "69"}
    answer = post(client, place(small, "prepare", "receipt"), **typed)
    page = text(answer)
    assert answer.status_code == 409
    assert (
        "Outside the limits" in page
        and "tone-held" in page
        and "Viability: 69 %, accepted ≥ 70 %." in page
    )
    assert "Record with a deviation" in page and "error-summary" not in page
    assert 'value="7.40"' in page and 'value="69"' in page
    assert rows(small.database) == before
    answer = post(
        client, place(small, "prepare", "receipt"), **typed, comment="Counted twice, it is so"
    )
    assert answer.status_code == 303
    assert "with 1 deviation for QA" in text(client.get(f"/batches/{small.batch.code}"))
    assert [each.comment for each in small.now().found] == ["Counted twice, it is so"]


def test_what_is_refused_beside_what_is_outside_is_said_in_red(small, client):
    small.walk(until="receipt")
    answer = post(client, place(small, "prepare", "receipt"), ph="74", viability="69")
    assert answer.status_code == 422
    assert "error-summary" in text(answer) and "Outside the limits" not in text(answer)


def test_a_scan_that_may_be_used_is_recognised_and_one_that_may_not_says_why(small, client):
    small.walk(until="wash")
    with small.database.writing() as session:
        waiting = make_lot(session, by=small.technician, at=small.clock()).code
    page = text(
        post(client, place(small, "washing", "wash"), pbs=small.scans["DPBS"], volume="1,000")
    )
    assert (
        "DPBS without Ca, Mg" in page
        and "use by 2027-03-31" in page.replace("\n", " ")
        and "recognised tone-accepted" in page
    )
    page = text(post(client, place(small, "washing", "wash"), pbs=waiting, volume="1,000"))
    assert "is in quarantine" in page and "recognised" not in page
    answer = post(client, place(small, "washing", "wash"), pbs=waiting, volume="200")
    assert answer.status_code == 409
    assert "is in quarantine" in text(answer) and f'value="{waiting}"' in text(answer)


@pytest.mark.parametrize(
    ("when", "status"),
    [
        ("2026-11-02 25:00", 422),
        ("2026-12-24 08:00", 409),
        ("2999-01-01 00:00 +00:00", 422),
        ("0001-01-01 00:00 +14:00", 422),
        ("2026-12-24 08:00 +00:00", 409),
        ("2020-01-01 08:00 +00:00", 409),
    ],
)
def test_what_is_no_time_or_lies_in_the_future_is_refused_and_kept(small, client, when, status):
    answer = post(
        client,
        place(small, "prepare", "clear"),
        cleaned="y",
        performed_at=when,
        comment="It was so",
    )
    assert answer.status_code == status
    assert f'value="{when}"' in text(answer)
    assert small.now().everything == []


@pytest.mark.req("EBR-10")
def test_a_step_is_left_out_with_a_reason(small, client):
    small.walk(until="sampled")
    path = place(small, "grow", "sampled")
    answer = post(client, path, not_applicable="no")
    assert (answer.status_code, "at least ten characters" in text(answer)) == (422, True)
    assert (
        post(client, path, not_applicable="Passed on, sampled in the next one").status_code == 303
    )
    assert small.now().at(small.position("sampled")).not_applicable
    small.walk(until="counted")
    answer = post(
        client, place(small, "prepare", "clear"), not_applicable="It was clear already, I think"
    )
    assert answer.status_code == 409


def test_another_tablet_was_faster_and_both_are_seen(small, client):
    small.record("clear")
    answer = post(
        client, place(small, "prepare", "clear"), cleaned="y", remark="From the second tablet"
    )
    assert answer.status_code == 409
    assert "perhaps on another tablet" in text(answer) and "From the second tablet" in text(answer)
    assert len(small.now().everything) == 1


@pytest.mark.req("SIG-10")
def test_the_second_person_signs_on_the_first_ones_tablet_and_the_session_stays_the_first_ones(
    small, client
):
    entry = small.record("clear")
    path = f"/batches/{small.batch.code}/entries/{entry.id}/verify"
    reviewed = Page(client.get(path)).value("reviewed")
    answer = post(client, path, username="technician1", password=PASSWORD, reviewed=reviewed)
    assert answer.status_code == 409 and "somebody else" in text(answer)
    answer = post(client, path, username="verifier1", password="wrong", reviewed=reviewed)
    assert answer.status_code == 401
    assert (
        post(client, path, username="verifier1", password=PASSWORD, reviewed=reviewed).status_code
        == 303
    )
    assert small.now().verification(entry).username == "verifier1"
    assert (
        post(client, place(small, "prepare", "receipt"), ph="7.4", viability="90").status_code
        == 303
    )
    assert small.now().at(small.position("receipt")).username == "technician1"
    assert client.get(path).status_code == 303  # nothing waits here any more


def test_a_stage_is_signed_off_and_only_when_it_is_ready(small, client):
    path = f"/batches/{small.batch.code}/stages/prepare/1/sign"
    small.verify(small.record("clear"))
    assert client.get(path).status_code == 303
    small.verify(small.record("receipt"))
    page = text(client.get(path))
    reviewed = Page(page).value("reviewed")
    assert "Viability: 95.0 %" in page
    assert (
        post(client, path, username="technician1", password=PASSWORD, reviewed=reviewed).status_code
        == 303
    )
    assert small.now().open.sign is None


@pytest.mark.req("EBR-08")
def test_the_correction_page_shows_what_stands_and_wants_a_reason(small, client):
    small.walk(until="change")
    entry = small.now().at(small.position("seed"))
    path = f"/batches/{small.batch.code}/entries/{entry.id}/correct"
    page = text(client.get(path))
    assert "6.60 mL" in page and 'value="6.60"' in page and 'value="2"' in page
    answer = post(client, path, flasks="2", volume="<b>", reason="")
    assert answer.status_code == 422
    assert "Say why" in text(answer) and 'value="<b>"' in text(answer)
    answer = post(client, path, flasks="2", volume="6.60", reason=WHY)
    assert (answer.status_code, "Nothing differs" in text(answer)) == (409, True)
    assert post(client, path, flasks="2", volume="7.00", reason=WHY).status_code == 303
    page = text(client.get(f"/batches/{small.batch.code}"))
    assert "<s>" in page and "6.60 mL" in page and "7.00 mL" in page and WHY in page
    assert "another one stands in its place" in text(client.get(path))
    assert post(client, path, flasks="2", volume="8.00", reason=WHY).status_code == 409


@pytest.mark.req("SIG-05")
def test_a_corrected_dose_waits_for_its_second_person_again(small, client):
    small.walk()
    count = small.now().at(small.position("counted"))
    path = f"/batches/{small.batch.code}/entries/{count.id}/correct"
    assert post(client, path, **COUNT | {"count-1-live": "400"}, reason=WHY).status_code == 303
    assert "Waits for a second person" in text(client.get(f"/batches/{small.batch.code}"))


def test_who_may_not_record_is_refused_with_an_event_and_nothing_recorded(small, application):
    other = application.test_client()
    sign_in(other, "verifier1")
    before = rows(small.database)
    path = place(small, "prepare", "clear")
    assert other.get(path).status_code == 403
    assert post(other, path, page="/password", cleaned="y").status_code == 403
    assert rows(small.database) == before


@pytest.mark.req("MBR-03")
def test_the_pages_show_the_pinned_version_and_say_when_it_is_superseded(small, client):
    paths = [place(small, "prepare", "clear"), f"/batches/{small.batch.code}"]
    for path in paths:
        page = text(client.get(path))
        assert "SMALL v1" in page and small.batch.sha256[:4] in page and "superseded" not in page
    with small.database.writing() as session:
        make_master(session, small.people, data=(SMALL + "\n# newer\n").encode(), at=small.clock())
    for path in paths:
        page = text(client.get(path))
        assert "SMALL v1" in page and "Master record superseded" in page


@pytest.mark.req("EBR-07")
def test_a_timer_stands_beside_the_work_and_does_not_move_when_the_page_is_loaded_again(
    small, client
):
    small.walk(until="stop")
    path = place(small, "digest", "stop")
    first = re.findall(r"since [^<]+", text(client.get(path)))
    small.clock.advance(minutes=9)
    assert re.findall(r"since [^<]+", text(client.get(path))) == first != []


def test_a_batch_is_started_from_the_code_on_its_jar_and_a_foreign_code_is_refused(small, client):
    with small.database.writing() as session:
        made = donation.register_donor(session, "H1-0009", by=small.technician, at=small.clock())
        cord = donation.receive_cord(
            session, made, small.clock() - timedelta(hours=1), by=small.technician, at=small.clock()
        )
    for typed in ("", "rubbish", small.batch.code, "<b>", "\x00", "C" * 500):
        answer = post(client, "/batches/new", cord=typed, master=str(small.master_id), is_known="y")
        assert answer.status_code == 422
    answer = post(
        client, "/batches/new", cord=cord.jar_code, master=str(small.master_id), is_known="y"
    )
    assert answer.status_code == 303
    assert client.get(answer.headers["Location"] + "?scanned=1").status_code == 200


def test_who_starts_a_batch_on_a_demonstration_is_told_and_says_that_they_know(small, client):
    with small.database.writing() as session:
        made = donation.register_donor(session, "H1-0009", by=small.technician, at=small.clock())
        cord = donation.receive_cord(
            session, made, small.clock() - timedelta(hours=1), by=small.technician, at=small.clock()
        )
    opened = text(client.get("/batches/new"))
    assert (
        "For show, never for human use" in opened
        and "On SMALL version 1 what is made is for show" in opened
    )
    before = rows(small.database)
    answer = post(client, "/batches/new", cord=cord.code, master=str(small.master_id))
    assert answer.status_code == 409 and "Tick that you know it" in text(answer)
    assert rows(small.database) == before
    told = {"cord": cord.code, "master": str(small.master_id), "is_known": "y"}
    assert post(client, "/batches/new", **told).status_code == 303


def test_a_batch_is_broken_off_on_a_page_of_its_own(small, application):
    qa = application.test_client()
    sign_in(qa, "qa1")
    path = f"/batches/{small.batch.code}/terminate"
    reviewed = Page(qa.get(path)).value("reviewed")
    signed = {"username": "qa1", "password": PASSWORD, "reviewed": reviewed}
    assert post(qa, path, **signed, comment="no").status_code == 422
    assert post(qa, path, **signed, comment="The cord was mixed up with another").status_code == 303
    assert small.standing() == ("terminated", "rejected")
    assert "Terminated" in text(qa.get(f"/batches/{small.batch.code}"))
    assert qa.get(path).status_code == 404


# Questions asked of the database
# --------------------------------------------------------------------------------------


def questions(small, client, path):
    seen = []

    def listen(*_):
        seen.append(1)

    client.get(path)  # what is read once per process
    event.listen(small.database.engine, "before_cursor_execute", listen)
    assert client.get(path).status_code == 200
    event.remove(small.database.engine, "before_cursor_execute", listen)
    return len(seen)


def another(small, n):
    """One more cord, and one more batch of every second."""
    with small.database.writing() as session:
        made = donation.register_donor(
            session, f"H2-{n:04d}", by=small.technician, at=small.clock()
        )
        cord = donation.receive_cord(
            session, made, small.clock() - timedelta(hours=1), by=small.technician, at=small.clock()
        )
        if n % 2:
            batches.start(
                Act(session, small.technician, small.clock(), entry_id=entry_id()),
                StartFacts(cord.code, small.master_id, is_known=True),
            )


def test_the_bench_and_the_list_ask_no_more_of_thirty_batches_than_of_one(small, client):
    another(small, 0)
    few = {path: questions(small, client, path) for path in ("/bench", "/batches")}
    for n in range(1, 31):
        another(small, n)
    assert {path: questions(small, client, path) for path in few} == few


def test_the_pages_of_a_batch_ask_no_more_of_many_entries_than_of_few(small, client):
    paths = [
        f"/batches/{small.batch.code}",
        place(small, "grow", "change", 3, 2),
        place(small, "washing", "wash", 3),
    ]
    small.walk(until="wash")
    small.record("wash", typed={"volume": "150"}, comment="The bottle ran out")
    small.record("wash", 2)
    small.walk(until="change")  # from here on there is something to print
    few = {path: questions(small, client, path) for path in paths}
    small.walk(passages=2, comment="Nothing to be said")
    for _ in range(12):
        small.correct(
            small.now().at(small.position("receipt")), {"ph": f"7.{len(small.now().everything)}"}
        )
        small.correct(
            small.now().at(small.position("wash")),
            {"pbs": small.scans["DPBS"], "volume": f"{len(small.now().everything)}"},
        )
    assert len(small.now().everything) >= 40
    assert {path: questions(small, client, path) for path in paths} == few
