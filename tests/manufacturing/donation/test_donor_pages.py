"""The pages of donors: what a person can do there, what is refused, what stays legible."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from integrity import deviations, site
from integrity.acts import Act
from integrity.trail import SYSTEM
from manufacturing.donation import blood_samples, donors, eligibility
from manufacturing.donation.blood_samples import CorrectionFacts
from manufacturing.donation.donations import Donor
from people import accounts
from tests.makers.donors import (
    ANSWERS,
    LABORATORY,
    make_cord,
    make_donation_people,
    make_donor,
    make_results,
)
from tests.makers.people import entry_id, make_person, post, sign_in
from tests.pages import Page
from tests.templates import MORNING

pytestmark = pytest.mark.state("people")

BORN = MORNING - timedelta(hours=2)
ROLES = ("technician", "qa")
FORM = ANSWERS | {
    "code": "DN-2026-0142",
    "form_version": "CF-3",
    "day": "2026-10-20",
    "covers": "clinical",
}
HOSTILE = [
    "",
    "x" * 5000,
    "NaN",
    "Infinity",
    "1e999",
    "39,5,1",
    "1,000",
    "a\x00b",
    "\u202eabc",
    "<script>alert(1)</script>",
    "Nguyễn Thị Lan",
    "'; DROP TABLE donors; --",
    "=HYPERLINK(1)",
    "-5",
]


@pytest.fixture
def technician(application, sqlite, clock):
    make_donation_people(sqlite, *ROLES, "reader", at=clock.at)
    client = application.test_client()
    sign_in(client, "technician1")
    return client


def _donors(sqlite):
    with sqlite.reading() as session:
        return session.scalar(select(func.count()).select_from(Donor))


def test_a_technician_registers_a_donor_and_finds_the_page(technician, sqlite):
    assert post(technician, "/donors/new", **FORM).status_code == 303
    page = technician.get("/donors/DN-2026-0142").get_data(as_text=True)
    assert "Vaginal" in page and "Nobody has determined" in page and _donors(sqlite) == 1
    assert "DN-2026-0142" in technician.get("/donors").get_data(as_text=True)


@pytest.mark.parametrize("name", ["code", "age", "gestation", "day", "covers", "delivery"])
def test_nonsense_in_a_registration_is_refused_with_a_sentence_and_kept(technician, sqlite, name):
    for typed in HOSTILE:
        answer = post(technician, "/donors/new", **(FORM | {name: typed}))
        page = answer.get_data(as_text=True)
        assert answer.status_code in (409, 422) and "Nothing was recorded" in page, typed
        assert 'value="CF-3"' in page and "<script>alert" not in page
    assert _donors(sqlite) == 0


def test_markup_in_a_free_text_stays_text(technician):
    typed = FORM | {"form_version": "<script>alert(1)</script>", "remark": "=1+1 <b>Nguyễn"}
    assert post(technician, "/donors/new", **typed).status_code == 303
    page = technician.get("/donors/DN-2026-0142").get_data(as_text=True)
    assert "<script>alert" not in page and "&lt;b&gt;Nguyễn" in page


def test_a_decimal_comma_is_understood(technician, sqlite):
    assert post(technician, "/donors/new", **(FORM | {"gestation": "39,5"})).status_code == 303
    assert "39.5 weeks" in technician.get("/donors/DN-2026-0142").get_data(as_text=True)


@pytest.mark.parametrize(("sampled_at", "words"), [
    ("2026-11-02", "time and zone"), ("2026-11-02 09:00 +00:00", "future"),
    ("2026-02-30 07:00 +00:00", "no such time"),
    ("yesterday", "time and zone"), ("", "when the blood"),
])  # fmt: skip
def test_a_sample_time_without_hour_of_the_future_or_of_no_day_is_refused(
    technician, sampled_at, words
):
    post(technician, "/donors/new", **FORM)
    answer = post(
        technician,
        "/donors/DN-2026-0142/tests/new",
        sampled_at=sampled_at,
        laboratory=LABORATORY,
        hbsag="negative",
    )
    assert answer.status_code in (409, 422) and words in answer.get_data(as_text=True)


def test_results_are_recorded_corrected_struck_and_consent_is_withdrawn_on_the_pages(
    application, technician, sqlite
):
    post(technician, "/donors/new", **FORM)
    path = "/donors/DN-2026-0142"
    assert (
        post(
            technician,
            f"{path}/tests/new",
            sampled_at="2026-11-02 07:00 +00:00",
            laboratory=LABORATORY,
            hbsag="reactive",
            cmv="reactive",
        ).status_code
        == 303
    )
    with sqlite.reading() as session:
        donor = donors.by_code(session, "DN-2026-0142")
        which = eligibility.tests_of(session, donor.id)[0].id
    correction = f"{path}/tests/new?corrects={which}"
    data = {"sampled_at": "2026-11-02 07:00 +00:00", "laboratory": LABORATORY, "result": "negative"}
    assert post(technician, correction, **data, reason="short").status_code == 422
    data["reason"] = "Read from the wrong line"
    assert post(technician, correction, **data).status_code == 409
    with sqlite.writing() as session:
        make_person(session, "technician", username="technician2", at=MORNING)
    colleague = application.test_client()
    sign_in(colleague, "technician2")
    assert post(colleague, correction, **data).status_code == 303
    assert (
        post(
            technician,
            f"{path}/consent",
            state="withdrawn",
            form_version="CF-3",
            day="2026-11-01",
            covers="clinical",
            reason="The donor asked the hospital to",
        ).status_code
        == 303
    )
    assert (
        post(
            technician,
            f"{path}/correct",
            **(ANSWERS | {"age": "31", "reason": "Age taken from the wrong line"}),
        ).status_code
        == 303
    )
    page = technician.get(path).get_data(as_text=True)
    assert (
        "<s>Reactive</s>" in page
        and "Read from the wrong line" in page
        and "Withdrawn" in page
        and "<s>29 years</s>" in page
    )
    assert technician.get(f"{path}/tests/new?corrects=999").status_code == 404


def test_qa_signs_the_determination_and_others_may_not(application, technician, sqlite, clock):
    with sqlite.writing() as session:
        by = accounts.actor(session, accounts.find(session, "technician1"))
        donor = make_donor(session, by=by, at=clock.at)
        make_cord(session, donor, born_at=BORN, by=by, at=clock.at)
        make_results(session, donor, sampled_at=BORN, by=by, at=clock.at)
    path = "/donors/DN-2026-0142"
    assert technician.get(f"{path}/determine").status_code == 403
    qa = application.test_client()
    sign_in(qa, "qa1")
    page = qa.get(f"{path}/determine?verdict=eligible").get_data(as_text=True)
    assert "HIV-1 NAT" in page and "Delivery" in page and "I approve this" in page
    reviewed = page.split('name="reviewed"')[1].split('value="')[1].split('"')[0]
    answer = post(
        qa,
        f"{path}/determine?verdict=eligible",
        reviewed=reviewed,
        username="qa1",
        password="a long pass phrase",
    )
    assert answer.status_code == 303
    assert "Eligible" in qa.get(path).get_data(as_text=True)
    assert qa.get(f"{path}/determine?verdict=perhaps").status_code == 404


def test_the_comment_of_a_determination_is_printed_once(application, technician, sqlite, clock):
    with sqlite.writing() as session:
        by = accounts.actor(session, accounts.find(session, "technician1"))
        make_results(
            session, make_donor(session, by=by, at=clock.at), sampled_at=BORN, by=by, at=clock.at
        )
    qa, path = application.test_client(), "/donors/DN-2026-0142"
    sign_in(qa, "qa1")
    page = Page(qa.get(f"{path}/determine?verdict=ineligible"))
    signed = post(
        qa,
        f"{path}/determine?verdict=ineligible",
        reviewed=page.value("reviewed"),
        username="qa1",
        password="a long pass phrase",
        comment="Her travel history was not complete.",
    )
    assert signed.status_code == 303
    assert Page(qa.get(path)).words.count("Her travel history was not complete.") == 1


@pytest.mark.parametrize(
    "path", ["/donors/NOBODY-1", "/donors/NOBODY-1/tests/new", "/donors/NOBODY-1/correct"]
)
def test_an_unknown_donor_is_not_found(technician, path):
    assert technician.get(path).status_code == 404


def test_a_reader_sees_but_does_not_register(application, technician):
    post(technician, "/donors/new", **FORM)
    reader = application.test_client()
    sign_in(reader, "reader1")
    assert reader.get("/donors/DN-2026-0142").status_code == 200
    assert reader.get("/donors/new").status_code == 403 and "Register a donor" not in reader.get(
        "/donors"
    ).get_data(as_text=True)


@pytest.mark.req("TIM-05")
def test_the_day_of_a_blood_sample_stays_that_of_the_place_where_it_was_written(
    application, technician, sqlite, clock
):
    """Eight in the evening of the seventh day is the eighth day further east."""
    drawn = (BORN + timedelta(days=7)).replace(hour=20, minute=0)
    with sqlite.writing() as session:
        by = accounts.actor(session, accounts.find(session, "technician1"))
        donor = make_donor(session, by=by, at=MORNING)
        cord = make_cord(session, donor, born_at=BORN, by=by, at=MORNING)
        clock.at = drawn + timedelta(hours=1)
        make_results(session, donor, sampled_at=drawn, by=by, at=clock())
    path = f"/donors/{donor.code}"
    sign_in(technician, "technician1")
    assert "day +7" in Page(technician.get(path)).words
    with sqlite.writing() as session:
        act = Act(session, SYSTEM, clock(), entry_id=entry_id())
        site.change(act, "zone", "Asia/Ho_Chi_Minh", reason="The zone is put right.")
    page = Page(technician.get(path)).words
    assert "day +7" in page and "day +8" not in page
    with sqlite.writing() as session:
        [*_, last] = eligibility.current_tests(eligibility.tests_of(session, donor.id))
        said = CorrectionFacts("negative", drawn, "Another laboratory", "It was sent elsewhere.")
        act = Act(session, by, clock(), entry_id=entry_id())
        blood_samples.correct_test(act, donor.id, last.id, said)
        assert eligibility.current_tests(eligibility.tests_of(session, donor.id))[-1].zone == "UTC"
        assert not deviations.in_scopes(session, [donor.id, cord.id])
        signed = eligibility.facts_of(session, donor.id, "eligible", clock())
    assert "day +8" not in str(signed)
    assert "day +8" not in Page(technician.get(path)).words
