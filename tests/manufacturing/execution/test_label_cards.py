"""What a step made and has no label yet follows it onto the next page: codes, how the labels read,
and one button that prints all of it; the register of prints says what has none."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from labels import codes
from labels.print_register import LabelPrint
from stores import unlabelled
from stores.containers import Container
from tests.makers.people import post, sign_in
from tests.makers.steps import find_small
from tests.pages import Page

pytestmark = pytest.mark.state("small")


@pytest.fixture
def small(application, sqlite, clock):
    made = find_small(sqlite, clock)
    made.walk(until="change")
    return made


@pytest.fixture
def technician(application, small):
    client = application.test_client()
    sign_in(client, "technician1")
    return client


def made_by(small, step):
    """(entry, its containers) of the newest entry of a step."""
    entry = [each for each in small.now().current if each.step == step][-1]
    with small.database.reading() as session:
        wanted = select(Container).where(Container.entry_id == entry.id).order_by(Container.id)
        return entry, session.scalars(wanted).all()


def address(small, entry, end="flask"):
    return f"/batches/{small.batch.code}/entries/{entry.id}/labels/{end}"


def here(small):
    return f"/batches/{small.batch.code}"


def pages(small):
    """The pages on which a technician goes on, and the batch's own."""
    return (here(small), f"{here(small)}/steps/grow/1/change/1")


def card(client, path):
    """What the card on a page says, or nothing."""
    page = client.get(path, follow_redirects=True).get_data(as_text=True)
    if 'class="to-print"' not in page:
        return ""
    return Page("<body><aside" + page.split("<aside", 1)[1].split("</aside")[0]).words


def printed(small):
    with small.database.reading() as session:
        return session.scalars(select(LabelPrint).order_by(LabelPrint.id)).all()


@pytest.mark.req("LAB-04")
def test_what_a_step_made_follows_it_with_its_codes_its_labels_and_one_button(small, technician):
    _, flasks = made_by(small, "seed")
    for path in pages(small):
        said = card(technician, path)
        assert "Print 2 labels" in said and "Passage 1" in said
        for each in flasks:
            assert codes.read(each.code).shown in said
        assert said.count("Flasks") >= 2 and "Made" in said


@pytest.mark.req("LAB-04")
def test_one_tap_prints_all_of_it_and_the_card_is_gone(small, technician):
    entry, flasks = made_by(small, "seed")
    answer = post(technician, address(small, entry), page=here(small), paper="a4")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    prints = printed(small)
    assert [each.code for each in prints] == [each.code for each in flasks]
    assert {(each.copy, each.reason, each.file_id) for each in prints} == {
        (1, None, prints[0].file_id)
    }
    assert [card(technician, path) for path in pages(small)] == ["", ""]


def test_only_what_was_not_printed_yet_is_printed(small, technician):
    entry, (first, second) = made_by(small, "seed")
    assert post(technician, f"/containers/{first.code}/label", paper="roll").status_code == 200
    assert "Print 1 label" in card(technician, here(small))
    post(technician, address(small, entry), page=here(small), paper="roll")
    assert [(each.code, each.copy) for each in printed(small)] == [
        (first.code, 1),
        (second.code, 1),
    ]


def test_what_is_printed_already_is_not_printed_again_from_there(small, technician):
    entry, _ = made_by(small, "seed")
    post(technician, address(small, entry), page=here(small), paper="a4")
    for answer in (
        technician.get(address(small, entry)),
        post(technician, address(small, entry), page=here(small), paper="a4"),
    ):
        assert answer.status_code == 303
    assert len(printed(small)) == 2
    said = technician.get(here(small)).get_data(as_text=True)
    assert "Every label of this entry was printed." in said
    again = f"/containers/{made_by(small, 'seed')[1][0].code}/label"
    assert "Why again" in technician.get(again).get_data(as_text=True)


def test_put_away_it_leaves_the_bench_and_stays_on_the_page_of_the_batch(small, technician):
    entry, _ = made_by(small, "seed")
    for _ in range(2):  # a nervous second tap changes nothing
        answer = post(technician, address(small, entry, "put-away"), page=here(small))
        assert answer.status_code == 303
    batch, bench = (card(technician, path) for path in pages(small))
    assert "Print 2 labels" in batch and bench == ""
    assert printed(small) == []


def test_what_an_entry_does_not_have_any_more_wants_no_label(small, technician):
    entry, (first, second) = made_by(small, "seed")
    small.correct(entry, {"flasks": "1"})
    with small.database.reading() as session:
        [left] = unlabelled.of_scope(session, small.batch.id).values()
    assert [each.code for each in left] == [first.code]
    assert "Print 1 label" in card(technician, here(small))


def test_the_paper_is_the_one_that_was_printed_on_last(small, technician):
    entry, (first, _) = made_by(small, "seed")
    assert "A4 sheet" in card(technician, here(small))
    post(technician, f"/containers/{first.code}/label", paper="roll")
    assert "Label printer" in card(technician, here(small))


@pytest.mark.parametrize("username", ["qa1", "verifier1"])
def test_who_may_not_print_is_offered_nothing_and_refused(application, small, username):
    client = application.test_client()
    sign_in(client, username)
    entry, _ = made_by(small, "seed")
    assert card(client, here(small)) == ""
    assert client.get(address(small, entry)).status_code == 403
    assert post(client, address(small, entry, "put-away"), page="/bench").status_code == 403


@pytest.mark.parametrize(
    ("key", "end"), [("same", "nothing"), (99999999, "flask"), (10**30, "flask")]
)
def test_an_invented_entry_or_stock_is_not_found(small, technician, key, end):
    entry, _ = made_by(small, "seed")
    number = entry.id if key == "same" else key
    path = f"{here(small)}/entries/{number}/labels/{end}"
    assert technician.get(path).status_code == 404


def test_the_second_person_and_the_sign_off_have_the_card_as_well(small, technician):
    while not small.now().open.sign:
        at = small.now().open.steps[-1]
        small.record(at.step, at.turn, at.cycle)
    sign_in(technician, "technician1")  # days later
    assert "Print 2 labels" in card(technician, f"{here(small)}/stages/grow/1/sign")
