"""What the pages and the paper of a batch say of its record: a change takes a signature away, what
was late or left out is marked, nobody can overlook it.
"""

import html
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from demonstration import donation
from integrity.trail import Event
from manufacturing.execution.batches import Batch
from tests.machine import program, words_of
from tests.makers.masters import do, import_master, make_master
from tests.makers.people import PASSWORD, make_people, post, sign_in
from tests.makers.steps import SMALL, WHY, find_small
from tests.pages import Page

pytestmark = pytest.mark.state("small")


@pytest.fixture
def small(application, sqlite, clock):
    make_people(sqlite, "reader", at=clock())
    return find_small(sqlite, clock)


@pytest.fixture
def seen_by(application, small):
    """A client of whoever is named, signed in at this moment: the idle lock has no say here."""

    def client(username):
        made = application.test_client()
        assert sign_in(made, username).status_code == 303
        return made

    return client


def text(answer) -> str:
    return html.unescape(answer.get_data(as_text=True))


def entry_on(page: str, entry) -> str:
    """What the page of the batch shows of one entry, from its own element to the next one."""
    return Page(page.split(f'id="entry-{entry.id}"')[1].split("<article")[0]).words


def paper_of(client, small) -> str:
    answer = client.get(f"/batches/{small.batch.code}/record.pdf")
    assert answer.status_code == 200
    return words_of(answer.data)


def events(small) -> int:
    with small.database.reading() as session:
        return session.scalar(select(func.count(Event.seq)))


# A change makes it appear unsigned
# -------------------------------------------------------------------------------------------------


@pytest.mark.req("SIG-05", "EBR-08")
def test_a_corrected_value_stands_unsigned_beside_the_old_one_that_keeps_its_signature(
    small, seen_by
):
    small.walk(until="wash")
    old = small.now().at(small.position("receipt"))
    page = text(seen_by("technician1").get(f"/batches/{small.batch.code}"))
    assert "I verified this as the second person" in entry_on(page, old)
    assert "Waits for a second person" not in page
    small.clock.advance(minutes=1)
    answer = post(
        seen_by("technician1"),
        f"/batches/{small.batch.code}/entries/{old.id}/correct",
        ph="7.30",
        viability="95.0",
        reason=WHY,
    )
    assert answer.status_code == 303
    new = small.now().at(small.position("receipt"))
    with small.database.reading() as session:
        corrected = session.scalars(select(Event).where(Event.action == "step.corrected")).one()
    page = text(seen_by("reader1").get(f"/batches/{small.batch.code}"))
    before, after = entry_on(page, old), entry_on(page, new)
    assert "7.40 pH" in before and "I verified this as the second person" in before
    assert "Corrected" in before and "Waits for a second person" not in before
    assert "7.30 pH" in after and "I verified this" not in after
    assert "Waits for a second person" in after
    assert WHY in after and "technician1" in after
    assert small.clock().strftime("%Y-%m-%d %H:%M") in after
    assert corrected.username == "technician1"
    assert "Signed off" not in page.split('id="washing')[0]


@pytest.mark.req("EBR-08")
def test_what_was_worked_out_anew_is_an_exception_that_the_reviewer_is_shown(small, seen_by):
    small.walk()
    count = small.now().at(small.position("counted"))
    old = small.now().at(small.position("dose"))
    typed = {f"count-{n}-live": "400" for n in (1, 2, 3)}
    small.correct(count, typed)
    qa = seen_by("qa1")
    words = Page(qa.get(f"/batches/{small.batch.code}/review")).words
    assert "Worked out anew after the correction of Passage 1 · Count" in words
    assert "62.5" in words and "31.25" in words and WHY in words
    page = text(qa.get(f"/batches/{small.batch.code}"))
    dose = small.now().at(small.position("dose"))
    assert "I verified this" in entry_on(page, old) and "Corrected" in entry_on(page, old)
    assert "I verified this" not in entry_on(page, dose)
    paper = paper_of(qa, small)
    assert "Worked out anew after the correction" in paper and WHY in paper


def seen_everywhere(seen_by, small):
    """What page, print, JSON, CSV and review say of the record."""
    qa, path = seen_by("qa1"), f"/batches/{small.batch.code}"
    return {
        "page": Page(qa.get(path)).words,
        "review": Page(qa.get(f"{path}/review")).words,
        "print": " ".join(paper_of(qa, small).split()),
        "json": qa.get(f"{path}/record.json").get_data(as_text=True),
        "csv": qa.get(f"{path}/record.csv").get_data(as_text=True),
    }


@pytest.mark.req("EBR-08", "AUD-13")
def test_a_time_and_a_comment_put_right_on_the_page_stay_legible_wherever_the_record_is_read(
    small, seen_by
):
    small.walk(until="receipt")
    entry = small.record("receipt", comment="The ligt was bad")
    small.clock.advance(minutes=10)
    right = entry.performed_at - timedelta(minutes=7)
    path = f"/batches/{small.batch.code}/entries/{entry.id}/correct"
    client = seen_by("technician1")
    assert 'name="performed_at"' in text(client.get(path))
    typed = {"ph": "7.40", "viability": "95.0", "comment": "The light was bad", "reason": WHY}
    wrong = post(client, path, performed_at="2031-01-01 08:00 +00:00", **typed)
    assert wrong.status_code == 409 and "in the future" in text(wrong)
    typed["performed_at"] = right.strftime("%Y-%m-%d %H:%M +00:00")
    assert post(client, path, **typed).status_code == 303
    assert small.now().at(entry.position).performed_at == right.replace(second=0)
    was, becomes = (f"{at:%Y-%m-%d %H:%M}" for at in (entry.performed_at, right))
    for where, words in seen_everywhere(seen_by, small).items():
        for said in (was, becomes, "The ligt was bad", "The light was bad"):
            assert said in words, (where, said)
        assert WHY in words or where == "csv", where


@pytest.mark.req("EBR-10", "AUD-13")
def test_left_out_and_recorded_take_each_others_place_on_the_page_and_both_stay_legible(
    small, seen_by
):
    small.walk(until="sampled")
    entry = small.record("sampled")
    [sample] = small.containers("sample")
    shown, why = f"{sample.code[:-2]}-{sample.code[-2:]}", "No medium was left to sample"
    path = f"/batches/{small.batch.code}/entries"
    client = seen_by("technician1")
    unsaid = post(client, f"{path}/{entry.id}/correct", not_applicable=why, why="")
    assert unsaid.status_code == 422 and why in text(unsaid)
    answer = post(client, f"{path}/{entry.id}/correct", not_applicable=why, why=WHY)
    assert answer.status_code == 303
    for where, words in seen_everywhere(seen_by, small).items():
        assert shown in words and why in words, where
    assert "VOID" in Page(seen_by("qa1").get(f"/containers/{sample.code}?scanned=1")).words
    left_out = small.now().at(entry.position)
    page = text(client.get(f"{path}/{left_out.id}/correct"))
    assert why in page and "The step was done" in page
    answer = post(client, f"{path}/{left_out.id}/correct", reason=WHY)
    assert answer.status_code == 303
    again = small.now().at(entry.position).values["sterility"]["codes"][0]
    for where, words in seen_everywhere(seen_by, small).items():
        assert why in words and f"{again[:-2]}-{again[-2:]}" in words, where


# What is marked
# -------------------------------------------------------------------------------------------------


@pytest.mark.req("EBR-09")
def test_a_late_entry_is_marked_on_the_page_and_on_paper_with_its_reason(small, seen_by):
    small.walk(until="wash")
    small.clock.advance(hours=1)
    done, reason = small.clock() - timedelta(minutes=16), "The tablet was charging"
    entry = small.record("wash", performed_at=done, wait=timedelta(0), comment=reason)
    reader = seen_by("reader1")
    shown = entry_on(text(reader.get(f"/batches/{small.batch.code}")), entry)
    assert "Late entry" in shown and reason in shown and "Waits for a second person" in shown
    paper = paper_of(reader, small)
    assert "LATE ENTRY" in paper and reason in paper
    small.verify(entry)
    small.record("wash", 2)
    assert paper_of(seen_by("reader1"), small).count("LATE ENTRY") == 1


@pytest.mark.req("EBR-10")
def test_what_is_mandatory_is_not_left_out_and_what_was_left_out_says_so_on_page_and_paper(
    small, seen_by
):
    prepare = f"/batches/{small.batch.code}/steps/prepare/1"
    for step in ("clear", "receipt"):
        path, why = f"{prepare}/{step}/1", "It was clear already, I think"
        assert post(seen_by("technician1"), path, not_applicable=why).status_code == 409
        small.walk(until="receipt")
    assert small.now().at(small.position("receipt")) is None
    small.walk(until="sampled")
    entry = small.record("sampled", not_applicable="Sampled in the next passage")
    reader = seen_by("reader1")
    shown = entry_on(text(reader.get(f"/batches/{small.batch.code}")), entry)
    assert "Not applicable" in shown and "Sampled in the next passage" in shown
    assert "Sampled in the next passage" in paper_of(reader, small)


@pytest.mark.req("EBR-16")
def test_a_calculation_is_printed_with_its_formula_and_the_values_put_in(small, seen_by):
    small.walk()
    formulas = [
        value["formula"]
        for entry in small.now().current
        for value in entry.values.values()
        if value and value.get("formula")
    ]
    assert len(formulas) >= 3 and any("62.5 kg" in each for each in formulas)
    answer = seen_by("reader1").get(f"/batches/{small.batch.code}/record.pdf")
    drawn = program("pdftotext", "-raw", "-", "-", input=answer.data).stdout.decode()
    paper = "".join(drawn.split())  # cell by cell, as it was drawn
    for formula in formulas:
        assert "".join(formula.split()) in paper


@pytest.mark.req("EBR-23")
def test_the_number_of_a_batch_that_was_broken_off_stays_in_the_list(small, seen_by):
    qa = seen_by("qa1")
    path = f"/batches/{small.batch.code}/terminate"
    signed = {"username": "qa1", "password": PASSWORD, "comment": "The cord was mixed up."}
    reviewed = Page(qa.get(path)).value("reviewed")
    assert post(qa, path, reviewed=reviewed, **signed).status_code == 303
    listed = Page(qa.get("/batches")).words
    assert small.now().batch.code[:7] in listed.replace("-", "") and "Terminated" in listed


# What is signed is what is seen
# -------------------------------------------------------------------------------------------------


@pytest.mark.req("SIG-16")
def test_the_signing_page_shows_the_record_its_values_and_the_meaning(small, seen_by):
    small.walk(until="receipt")
    entry = small.record("receipt")
    path = f"/batches/{small.batch.code}/entries/{entry.id}/verify"
    page = Page(seen_by("technician1").get(path))
    code = f"{small.batch.code[:-2]}-{small.batch.code[-2:]}"
    for said in (code, "Receipt", "7.40 pH", "95.0 %", "I verified this as the second person"):
        assert said in page.words
    assert page.value("reviewed") in page.words


@pytest.mark.req("AUD-05")
def test_what_is_typed_and_not_recorded_leaves_no_line_in_the_trail(small, seen_by):
    path = f"/batches/{small.batch.code}/steps/prepare/1/clear/1"
    seen_by("technician1").get(path)
    before = events(small)
    assert post(seen_by("technician1"), path, cleaned="", remark="Half typed").status_code == 422
    seen_by("technician1").get(path)
    assert events(small) == before
    assert post(seen_by("technician1"), path, cleaned="y", remark="Done").status_code == 303
    with small.database.reading() as session:
        said = session.scalars(select(Event.content).order_by(Event.seq.desc()).limit(1)).one()
    assert events(small) == before + 1 and "step.recorded" in said and "Half typed" not in said


# The master record that a batch is started on
# -------------------------------------------------------------------------------------------------


@pytest.mark.req("MBR-02")
@pytest.mark.parametrize("state", ["draft", "approved for a later date", "superseded"])
def test_no_batch_is_started_on_a_master_record_that_is_not_in_force(small, seen_by, state):
    newer, at = (SMALL + "\n# newer\n").encode(), small.clock()
    with small.database.writing() as session:
        if state == "draft":
            wanted = import_master(session, small.people, data=newer, at=at)
        elif state == "superseded":
            wanted = small.now().batch.master_id
            make_master(session, small.people, data=newer, at=at)
        else:
            wanted = make_master(session, small.people, data=newer, until="approve", at=at)
            later = {"effective_from": at + timedelta(days=1)}
            do(session, "approve_for_quality", wanted.id, by=small.people["qa"], at=at, **later)
        by = small.technician
        donor = donation.register_donor(session, "H1-0002", by=by, at=at)
        cord = donation.receive_cord(session, donor, at - timedelta(hours=2), by=by, at=at)
    number = wanted if isinstance(wanted, int) else wanted.id
    answer = post(
        seen_by("technician1"), "/batches/new", cord=cord.jar_code, master=str(number), is_known="y"
    )
    assert answer.status_code in (409, 422)
    with small.database.reading() as session:
        assert session.scalar(select(func.count(Batch.id))) == 1
    assert "Nothing was" in text(answer) or "not effective" in text(answer)


@pytest.mark.req("MBR-03")
def test_the_pages_of_the_work_show_the_pinned_version_and_that_it_is_superseded(small, seen_by):
    small.walk(until="receipt")
    entry, code = small.record("receipt"), small.batch.code
    data = (SMALL + "\n# newer\n").encode()
    with small.database.writing() as session:
        make_master(session, small.people, data=data, at=small.clock())
    technician = seen_by("technician1")
    for page in ("", "/steps/prepare/1/receipt/1", f"/entries/{entry.id}/correct"):
        words = Page(technician.get(f"/batches/{code}{page}")).words
        assert "SMALL v1" in words and "Master record superseded" in words, page
    assert "SMALL v1" in Page(seen_by("qa1").get(f"/batches/{code}/review")).words
    paper = paper_of(seen_by("reader1"), small)
    assert "SMALL v1" in paper and small.batch.sha256 in paper
