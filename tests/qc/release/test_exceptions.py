"""What QA holds of each exception of a batch: the law as a table, the act on a real batch, and the
review page, its signature and the record that carry it."""

from __future__ import annotations

import csv
import io

import pytest

from integrity.acts import Act
from integrity.facts import drawn
from integrity.findings import Refused
from qc.release import exception_rules, exceptions, full_record, release_inputs, review
from qc.release.exception_rules import Asked, Effect, Held
from qc.release.words import ReleaseTerm
from tests.makers import release
from tests.makers.people import entry_id, sign_in
from tests.pages import Page
from tests.qc.conftest import find_finished
from tests.qc.release.test_step_alerts import SAID, correct

KEY, CODE = "0" * 16, "N260000001"
WHY = "Both values are inside every limit."
OPEN, JUDGED = {KEY: Asked(False)}, {KEY: Asked(True)}


@pytest.mark.parametrize(
    ("held", "asked", "wrong"),
    [
        ([], OPEN, {"ebr-17-nothing-held"}),
        ([Held(KEY, Effect.NONE)], OPEN, set()),
        ([Held(KEY, Effect.ACCEPTED)], OPEN, {"sig-20-reason"}),
        ([Held(KEY, Effect.ACCEPTED, why="too short")], OPEN, {"sig-20-reason"}),
        ([Held(KEY, Effect.ACCEPTED, why=WHY)], OPEN, set()),
        ([Held(KEY, Effect.DEVIATION, CODE)], OPEN, set()),
        ([Held(KEY, Effect.DEVIATION, "N260000002")], OPEN, {"ebr-17-no-such-deviation"}),
        ([Held(KEY, "harmless")], OPEN, {"ebr-17-effect-wanted"}),
        ([Held("f" * 16, Effect.NONE)], OPEN, {"ebr-17-exception-changed"}),
        ([Held(KEY, Effect.NONE)], JUDGED, {"sig-20-reason"}),
        ([Held(KEY, Effect.NONE, why=WHY)], JUDGED, set()),
        (
            [Held(KEY, Effect.ACCEPTED), Held("f" * 16, Effect.NONE)],
            OPEN,
            {"sig-20-reason", "ebr-17-exception-changed"},
        ),
    ],
)
def test_what_may_be_held_of_an_exception(held, asked, wrong):
    found = list(exception_rules.may_judge(held, asked, {CODE}))
    assert {each.rule for each in found} == wrong
    assert all(each.field in ("", None) or each.field.endswith(KEY) for each in found)


@pytest.mark.parametrize("is_judged", [[], [True], [True, True], [False], [True, False]])
def test_a_review_waits_for_every_exception(is_judged):
    found = list(exception_rules.all_judged([Asked(each) for each in is_judged]))
    assert bool(found) == (not all(is_judged))


def of(made):
    """{word: the exceptions of the batch that are called so}."""
    with made.database.reading() as session:
        found = release_inputs.gather(session, made.batch, made.clock())
        words = {}
        for each in exceptions.of(session, found):
            words.setdefault(each.alert.word, []).append(each)
        return words


def judge(made, *held, by="qa", entry=None):
    with made.database.writing() as session:
        act = Act(session, made.people[by], made.clock(), entry_id=entry or entry_id())
        return exceptions.judge(act, made.batch.id, list(held))


def put_right(made, confluence):
    """A value is corrected, and the stage signed off again."""
    correct(made, confluence)
    release.sign_again(made)


def sign(made):
    """QA signs the review, and says nothing of any exception."""
    with made.database.writing() as session:
        facts = review.review_facts(session, made.batch.id, made.clock())
        act = Act(session, made.people["qa"], made.clock(), entry_id=entry_id())
        return review.sign_review(act, made.batch.id, seal=release.seal(facts))


def refused(call, *arguments, **words):
    with pytest.raises(Refused) as fault:
        call(*arguments, **words)
    return {each.rule for each in fault.value.findings}


@pytest.mark.state("finished")
@pytest.mark.req("EBR-17")
def test_the_review_waits_until_each_exception_is_judged_and_a_new_one_is_open_again(
    database, clock
):
    made = find_finished(database, clock)
    put_right(made, "87")
    waiting = [each for found in of(made).values() for each in found if each.is_open]
    assert {each.alert.word for each in waiting} >= {
        ReleaseTerm.ALERT,
        ReleaseTerm.CORRECTION_ALERT,
    }
    assert "ebr-17-exceptions-open" in refused(sign, made)
    *others, last = [Held(each.key, Effect.ACCEPTED, why=WHY) for each in waiting]
    once = entry_id()
    for _ in range(2):  # the same post again is the same entry
        judge(made, *others, entry=once)
    assert "ebr-17-exceptions-open" in refused(sign, made)
    assert "iam-03-reviewer-had-a-hand" in refused(judge, made, last, by="technician")
    judge(made, last)
    with database.reading() as session:
        assert len(exceptions.verdicts_of(session, made.batch.id)) == len(waiting)
        signed = review.review_facts(session, made.batch.id, clock())
    told = [value for _, value in drawn(signed)]
    assert sum(f"Accepted: “{WHY}”" in str(each) for each in told) == len(waiting)
    sign(made)
    put_right(made, "86")
    assert [each.is_open for each in of(made)[ReleaseTerm.ALERT]] == [True]
    assert "ebr-17-exceptions-open" in refused(sign, made)


@pytest.mark.state("finished")
def test_what_is_held_of_it_after_the_review_makes_the_review_out_of_date(database, clock):
    made = find_finished(database, clock)
    put_right(made, "87")
    made.review()
    [crossed] = of(made)[ReleaseTerm.ALERT]
    assert refused(judge, made, Held(crossed.key, Effect.ACCEPTED)) == {"sig-20-reason"}
    judge(made, Held(crossed.key, Effect.ACCEPTED, why=WHY))
    with database.reading() as session:
        assert review.situation(session, made.batch, clock()).review.since
    [crossed] = of(made)[ReleaseTerm.ALERT]
    assert [each.effect for each in crossed.verdicts] == [Effect.NONE, Effect.ACCEPTED]


@pytest.mark.state("finished")
def test_what_quality_judged_where_it_arose_is_not_asked_twice(database, clock):
    made = find_finished(database, clock)
    for each in of(made).get(ReleaseTerm.DEVIATION_ALERT, []):
        assert each.alert.judged_by and not each.is_asked and not each.is_open
    with database.writing() as session:
        deviation = release.make_deviation(
            session, made.batch, made.batch.code, by=made.people["technician"], at=clock()
        )
        release.settle(session, deviation, by=made.people["qa"], at=clock())
    judged = of(made)[ReleaseTerm.DEVIATION_ALERT]
    assert judged and not any(each.is_asked or each.is_open for each in judged)


@pytest.mark.state("finished")
def test_the_page_takes_what_is_held_of_each_and_every_form_of_the_record_says_it(finished, site):
    put_right(finished, "87")
    qa, code = site.test_client(), finished.batch.code
    sign_in(qa, "qa1")
    address = f"/batches/{code}/review"
    page = Page(qa.get(address))
    waiting = {
        name for form in page.forms for name, _, _ in form.inputs if name.startswith("effect_")
    }
    assert len(waiting) > 1 and f"{len(waiting)} exceptions are open" in page.words
    [crossed] = of(finished)[ReleaseTerm.ALERT]
    one = f"effect_{crossed.key}"
    posted = {"csrf_token": page.value("csrf_token"), "entry_id": page.value("entry_id")}
    answer = qa.post(f"{address}/exceptions", data={**posted, one: "accepted"})
    assert answer.status_code == 409 and "ten characters" in Page(answer).words
    why = {one.replace("effect", "why"): WHY}
    answer = qa.post(f"{address}/exceptions", data={**posted, one: "accepted", **why})
    assert answer.status_code == 303
    said = f"Accepted: “{WHY}” · Quality assurance 1"
    after = Page(qa.get(address)).words
    assert said in after and "Sign review" in after
    assert "open. Say" in after, "the others wait"
    with finished.database.reading() as session:
        found = release_inputs.gather(session, finished.batch, finished.clock())
        record = full_record.record_of(session, found)
    [told] = [each for each in record["exceptions"] if each["judged"]]
    assert SAID in told["told"] and [each["held"] for each in told["judged"]] == [said]
    assert any(each["stands"] == "Open" for each in record["exceptions"])
    lines = csv.reader(io.StringIO(qa.get(f"/batches/{code}/record.csv").get_data(as_text=True)))
    assert any(said in line for line in lines)
    correct(finished, "85")
    with finished.database.reading() as session:
        found = release_inputs.gather(session, finished.batch, finished.clock())
        record = full_record.record_of(session, found)
    [gone] = [each for each in record["exceptions"] if each["word"] == "Judged before"]
    assert SAID in gone["told"] and gone["judged"][0]["held"] == said
