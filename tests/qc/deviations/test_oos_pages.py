"""An investigation through its pages: phase I and its plan, the retest, phase II, overdue."""

from __future__ import annotations

import pytest

from integrity.deviations import Deviation
from qc.laboratory.results import Result
from tests.makers import qc
from tests.makers.people import PASSWORD, entry_id, make_person, post, sign_in
from tests.pages import Page

pytestmark = [pytest.mark.state("qc"), pytest.mark.req("QC-06")]
CHECKS = {f"check_{check.value}": "in order" for check in qc.Check}
NOTHING = {"cause": "none", "said": qc.NOTHING, "retests": "1", "reported": "each"}


@pytest.fixture
def people(sqlite, clock):
    return qc.make_laboratory(sqlite, at=clock())


@pytest.fixture
def failing(sqlite, people, clock):
    """(sample, the path of the deviation of a viability of 80 %)."""
    with sqlite.writing() as session:
        qc.make_specification(session, people, at=clock())
        batch = qc.make_bare_batch(session, people, at=clock())
        sample = qc.make_sample(session, people, batch, at=clock())
        qc.make_result(session, people, sample, value="80", at=clock())
        [deviation] = session.query(Deviation).all()
        return sample, f"/deviations/{deviation.code}"


@pytest.fixture
def as_person(application, failing):
    def hand(username):
        client = application.test_client()
        sign_in(client, username)
        return client

    return hand


def page(client, path):
    answer = client.get(path)
    assert answer.status_code == 200, answer.get_data(as_text=True)[:400]
    return answer.get_data(as_text=True)


def sign(client, path, username):
    reviewed = Page(page(client, path)).value("reviewed")
    return post(client, path, reviewed=reviewed, username=username, password=PASSWORD)


def test_a_cause_is_found_confirmed_and_retested_by_another_analyst_through_pages(
    sqlite, failing, as_person, clock
):
    sample, path = failing
    with sqlite.writing() as session:
        make_person(session, "qc_analyst", username="qcanalyst2", at=clock())
    analyst, reviewer = as_person("qcanalyst1"), as_person("qcreviewer1")
    said = CHECKS | {"check_method": "not in order", "cause": "laboratory", "said": qc.BUBBLE}
    plan = {"evidence": qc.BOOK, "retests": "1", "reported": "each", "sample": sample.code}
    assert "Write phase I" in page(analyst, path)
    assert post(analyst, f"{path}/phase-one", **said | plan).status_code == 303
    assert "air bubble" in page(analyst, f"{path}/phase-one")
    assert sign(reviewer, f"{path}/phase-one/end", "qcreviewer1").status_code == 303
    text = page(reviewer, path)
    assert "Cause confirmed" in text and "An error of the laboratory" in text
    struck = page(reviewer, result_path(sqlite))
    assert "counts no more and stays legible" in struck
    assert "its cause stands on" in struck and f'<a href="{path}">' in struck
    again = {
        "value": "91",
        "unit": "%",
        "tested_at": "2026-11-02 08:00 +00:00",
        "method_version": "1",
        "reference": "Run 13",
    }
    retest = f"/samples/{sample.code}/tests/viability/result"
    assert post(analyst, retest, **again).status_code == 409
    assert post(as_person("qcanalyst2"), retest, **again).status_code == 303
    assert "by the plan of deviation" in page(reviewer, result_path(sqlite, 2))


def result_path(sqlite, number=1):
    with sqlite.reading() as session:
        return f"/results/{session.query(Result).order_by(Result.id).all()[number - 1].id}"


def test_without_a_cause_qa_ends_phase_two_through_pages(sqlite, failing, as_person, clock):
    _, path = failing
    with sqlite.writing() as session:
        make_person(session, "qa", username="qa2", at=clock())
    analyst, reviewer, qa = (as_person(each) for each in ("qcanalyst1", "qcreviewer1", "qa1"))
    sample = failing[0].code
    assert post(analyst, f"{path}/phase-one", **CHECKS | NOTHING, sample=sample).status_code == 303
    assert sign(reviewer, f"{path}/phase-one/end", "qcreviewer1").status_code == 303
    assert "Write phase II" in page(qa, path)
    assert post(as_person("qa2"), f"{path}/phase-two", **qc.EXTENDED).status_code == 303
    assert sign(qa, f"{path}/phase-two/end", "qa1").status_code == 303
    assert "The result stands" in page(qa, path)


def test_what_is_missing_in_phase_one_is_said_at_its_field_with_everything_kept(failing, as_person):
    sample, path = failing
    analyst = as_person("qcanalyst1")
    unanswered = {**CHECKS, **NOTHING, "sample": sample.code, "check_sample": ""}
    answer = post(analyst, f"{path}/phase-one", **unanswered)
    assert answer.status_code == 422 and qc.NOTHING in answer.get_data(as_text=True)
    claimed = {**CHECKS, **NOTHING, "sample": sample.code, "cause": "laboratory"}
    answer = post(analyst, f"{path}/phase-one", **claimed, evidence=qc.BOOK)
    assert answer.status_code == 409 and "Every check was in order" in answer.get_data(as_text=True)
    for retests in ("none", "0", "1e2", "١"):
        wrong = {**CHECKS, **NOTHING, "sample": sample.code, "retests": retests}
        assert post(analyst, f"{path}/phase-one", **wrong).status_code == 422


def test_an_overdue_investigation_says_so_on_its_page_and_in_the_list(
    application, sqlite, failing, clock
):
    _, path = failing
    client = application.test_client()
    sign_in(client, "qa1")
    assert "Due 2026-12-02" in page(client, path) and "Overdue" not in page(client, path)
    clock.advance(days=31)
    sign_in(client, "qa1")
    assert "Overdue" in page(client, path) and "Overdue" in page(client, "/deviations")


@pytest.mark.parametrize("part", ["phase-one", "phase-one/end", "phase-two", "phase-two/end"])
def test_a_deviation_about_no_result_has_no_phases(sqlite, failing, as_person, clock, part):
    from tests.makers.release import make_deviation

    with sqlite.writing() as session:
        [known] = session.query(Deviation).all()
        by = session.query(Result).one()
        made = make_deviation(session, by, known.scope, by=qc_actor(session), at=clock())
    role = "qcreviewer1" if part.startswith("phase-one") else "qa1"
    assert as_person(role).get(f"/deviations/{made.code}/{part}").status_code == 404


def qc_actor(session):
    from people import accounts
    from people.accounts import Person

    person = session.query(Person).filter(Person.username == "technician1").one()
    return accounts.actor(session, person, None)


def test_only_those_who_may_write_and_end_the_phases(failing, as_person):
    _, path = failing
    for username, part in (
        ("technician1", "phase-one"),
        ("qcanalyst1", "phase-one/end"),
        ("qcreviewer1", "phase-two"),
        ("qcreviewer1", "phase-two/end"),
    ):
        assert as_person(username).get(f"{path}/{part}").status_code == 403
        answer = post(as_person(username), f"{path}/{part}", page="/bench", entry_id=entry_id())
        assert answer.status_code == 403
