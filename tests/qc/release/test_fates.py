"""What becomes of a released container: issued by two, returned, given, destroyed by two."""

from __future__ import annotations

from datetime import timedelta

import pytest

from integrity import signatures, states, verification
from integrity.findings import Refused
from qc.laboratory import samples
from qc.laboratory.samples import ReceiptFacts
from qc.release import certified_statement, full_record, release_inputs
from stores import answers, containers, fates, voiding
from stores.fate_rules import FateState
from tests.makers import fates as makers
from tests.makers.broken import hold, lift_every_hold
from tests.makers.fates import SITE, WHY
from tests.makers.people import PASSWORD, entry_id, post, sign_in
from tests.pages import Page

both = pytest.mark.state("finished")


@pytest.fixture
def released(reviewed):
    """A batch that is released at stage 1, on both kinds of database."""
    reviewed.decide("release_stage_1")
    reviewed.clock.advance(minutes=5)
    return reviewed


@pytest.fixture
def given_out(finished):
    """The same for the pages."""
    finished.review()
    finished.decide("release_stage_1")
    finished.clock.advance(minutes=5)
    return finished


def product(made):
    with made.database.reading() as session:
        [final] = containers.of_scope(session, made.batch.code, "final")
    return final


def words(made, container=None):
    with made.database.reading() as session:
        number = (container or product(made)).id
        return [str(each) for each in answers.of(session, [number], made.clock())[number].words]


def become(made, fate, container=None, **changes):
    made.clock.advance(minutes=1)
    with made.database.writing() as session:
        return makers.become(session, made, (container or product(made)).code, fate, **changes)


def record(made, fate, by="technician", **changes):
    with made.database.writing() as session:
        by, at = made.people[by], made.clock()
        return makers.record(session, product(made).code, fate, by=by, at=at, **changes)


def confirm(made, told, by):
    with made.database.writing() as session:
        return makers.confirm(session, told, by=by, at=made.clock())


def is_verified(made):
    with made.database.reading() as session:
        assert verification.verify(session).faults == []


@both
@pytest.mark.req("TRC-03", "SIG-10")
def test_a_container_is_issued_by_two_people_and_only_then(released):
    told = record(released, "issued")
    assert words(released) == ["released_stage_1"]
    with pytest.raises(Refused, match="recorded this yourself"):
        confirm(released, told, released.people["technician"])
    confirm(released, told, released.second)
    assert words(released) == ["issued", "released_stage_1"]
    with released.database.reading() as session:
        [signed] = signatures.of(session, told.id)
        assert (signed.username, signed.meaning) == ("verifier2", "verified")
        [said] = fates.of(session, product(released).id)
        assert (said.record.consignee, said.state) == (SITE, FateState.CONFIRMED)
    is_verified(released)


@both
@pytest.mark.req("REL-12")
def test_what_came_back_is_never_usable_again_and_can_only_be_destroyed(released):
    become(released, "issued")
    become(released, "returned")
    assert words(released) == ["returned", "released_stage_1"]
    for fate in ("issued", "used", "returned"):
        with pytest.raises(Refused):
            become(released, fate)
    become(released, "destroyed")
    assert words(released)[0] == "destroyed"
    is_verified(released)


@both
def test_what_was_given_ends_there(released):
    become(released, "issued")
    become(released, "used")
    assert words(released) == ["used", "released_stage_1"]
    for fate in ("issued", "returned", "destroyed"):
        with pytest.raises(Refused):
            become(released, fate)


@both
@pytest.mark.req("REL-11")
def test_a_destruction_has_a_witness_and_is_final(released):
    told = record(released, "destroyed", by="qa")
    assert words(released) == ["released_stage_1"]
    confirm(released, told, released.second)
    assert words(released) == ["destroyed", "released_stage_1"]
    with pytest.raises(Refused, match="cannot become destroyed"):
        become(released, "destroyed")
    with pytest.raises(Refused, match="was destroyed"):
        become(released, "issued")
    is_verified(released)


@both
def test_what_waits_is_withdrawn_and_the_container_is_what_it_was(released):
    told = record(released, "destroyed")
    with pytest.raises(Refused, match="waits for a second person"):
        record(released, "issued")
    with released.database.writing() as session:
        act = makers.Act(session, released.second, released.clock(), entry_id=entry_id())
        fates.withdraw(act, told.id, reason="It was another bag that is damaged.")
    assert words(released) == ["released_stage_1"]
    with pytest.raises(Refused, match="waits for nobody"):
        confirm(released, told, released.second)
    become(released, "issued")
    assert words(released)[0] == "issued"


@both
def test_a_tap_that_is_sent_again_records_nothing_twice(released):
    key, by = entry_id(), released.people["technician"]
    for _ in range(2):
        with released.database.writing() as session:
            act = makers.Act(session, by, released.clock(), entry_id=key)
            made = fates.record(act, makers.facts(product(released).code, "issued"))
    with released.database.reading() as session:
        assert [each.record.id for each in fates.of(session, product(released).id)] == [made.id]


@both
@pytest.mark.parametrize(
    ("bad", "says"),
    [
        (lambda made: made.decide("hold", by="qa", why=WHY), "On hold|on hold"),
        (lambda made: made.decide("withdraw"), "recalled"),
        (lambda made: made.clock.advance(hours=5), "expired"),
    ],
    ids=["hold", "recall", "expiry"],
)
def test_what_turned_bad_between_the_two_people_is_not_issued(released, bad, says):
    told = record(released, "issued")
    bad(released)
    with pytest.raises(Refused, match=says):
        confirm(released, told, released.second)
    assert "issued" not in words(released)


@both
def test_an_issue_is_judged_at_the_time_it_was_done(released):
    with released.database.writing() as session:
        hold(session, released, product(released).code)
    released.clock.advance(minutes=10)
    then = released.clock()
    released.clock.advance(minutes=1)
    with released.database.writing() as session:
        lift_every_hold(session, released)
    released.decide("resume", by="qa")
    released.clock.advance(minutes=10)
    with pytest.raises(Refused, match="not released at that time"):
        record(released, "issued", done_at=then)
    for other in (released.clock() + timedelta(minutes=2), then - timedelta(days=90)):
        with pytest.raises(Refused):
            record(released, "issued", done_at=other)
    become(released, "issued", done_at=released.clock() - timedelta(minutes=5))


@both
@pytest.mark.parametrize(
    ("deed", "shown"),
    [("withdraw", ["recalled", "issued"]), ("hold", ["issued", "on_hold"])],
)
def test_what_was_issued_goes_on_following_its_batch(released, deed, shown):
    become(released, "issued")
    released.decide(deed, by="qa" if deed == "hold" else "releaser", why=WHY)
    assert words(released) == shown


@both
@pytest.mark.req("TRC-03")
def test_the_full_record_says_to_whom_and_the_certificate_leaves_out_what_is_destroyed(released):
    become(released, "issued")
    with released.database.reading() as session:
        found = release_inputs.gather(session, released.batch, released.clock())
        told = full_record.record_of(session, found)["containers"]
        [became] = [each["became"] for each in told if each["kind"] == "final"]
        assert len(became) == 1 and became[0]["said"].startswith(f"issued: to {SITE}, ")
        assert len(certified_statement.released_containers(session, found)) == 1
    become(released, "destroyed")
    with released.database.reading() as session:
        found = release_inputs.gather(session, released.batch, released.clock())
        assert certified_statement.released_containers(session, found) == []


@both
def test_a_destroyed_sample_is_not_received_and_a_destroyed_container_not_voided(released):
    with released.database.reading() as session:
        pulled = containers.of_scope(session, released.batch.code, "sample")
        open_one = next(each for each in pulled if samples.receipt_of(session, each.id) is None)
    become(released, "destroyed", open_one)
    with released.database.writing() as session:
        [finding] = voiding.against(session, [open_one.code])
        assert "is destroyed" in finding.sentence()
        by = released.people["qc_analyst"]
        act = makers.Act(session, by, released.clock(), entry_id=entry_id())
        with pytest.raises(Refused, match="is destroyed"):
            samples.receive(act, ReceiptFacts(open_one.code, "intact", "Refrigerator 2"))


# Pages
# -------------------------------------------------------------------------------------------------


def client_of(site, username):
    client = site.test_client()
    assert sign_in(client, username).status_code == 303
    return client


def address(made):
    return f"/containers/{product(made).code}"


def sign(client, path, username):
    reviewed = Page(client.get(path)).value("reviewed")
    return post(client, path, username=username, password=PASSWORD, reviewed=reviewed)


@pytest.mark.req("TRC-03", "SIG-10")
def test_a_technician_issues_and_a_verifier_signs_on_the_same_tablet(given_out, site):
    client, path = client_of(site, "technician1"), address(given_out)
    assert f"{path}/issue" in Page(client.get(path)).links
    answer = post(client, f"{path}/issue", consignee=SITE)
    assert answer.status_code == 303
    confirmation = answer.headers["Location"]
    assert "Waits for a second person" in Page(client.get(path)).words
    own = sign(client, confirmation, "technician1")
    assert own.status_code == 409 and "issued" not in words(given_out)
    assert sign(client, confirmation, "verifier2").status_code == 303
    scanned = client.get(path + "?scanned=1").get_data(as_text=True)
    assert "band-rejected" in scanned and "ISSUED" in scanned and "may be issued" not in scanned
    page = Page(client.get(path))
    assert f"to {SITE}" in page.words and f"{path}/issue" not in page.links
    assert {f"{path}/return", f"{path}/given", f"{path}/destroy"} <= set(page.links)
    assert client.get(confirmation).status_code == 404
    batch = Page(client.get(f"/batches/{given_out.batch.code}")).words
    assert f"issued to {SITE}" in batch and "Issued" in batch


def test_a_second_person_may_sign_where_they_are_signed_in_themselves(given_out, site):
    answer = post(client_of(site, "technician1"), f"{address(given_out)}/destroy", reason=WHY)
    signed = sign(client_of(site, "qa1"), answer.headers["Location"], "qa1")
    assert signed.status_code == 303 and words(given_out)[0] == "destroyed"


@pytest.mark.parametrize(
    ("username", "issues", "destroys"),
    [
        ("technician1", True, True),
        ("releaser1", True, False),
        ("qa1", False, True),
        ("qcanalyst1", False, True),
        ("verifier1", False, False),
        ("reader1", False, False),
    ],
)
def test_who_may_is_offered_it_and_nobody_else(given_out, site, username, issues, destroys):
    client, path = client_of(site, username), address(given_out)
    links = Page(client.get(path)).links
    for deed, may in (("issue", issues), ("destroy", destroys)):
        assert (f"{path}/{deed}" in links) == may
        assert client.get(f"{path}/{deed}").status_code == (200 if may else 403)


def test_a_page_that_cannot_be_filled_in_says_why_at_once(given_out, site):
    client, path = client_of(site, "technician1"), address(given_out)
    given_out.decide("hold", by="qa", why=WHY)
    assert f"{path}/issue" not in Page(client.get(path)).links
    for answer in (
        client.get(f"{path}/issue"),
        post(client, f"{path}/issue", page=path, consignee=SITE),
    ):
        assert answer.status_code == 409
        assert "cannot be issued: it is on hold. Do not use it" in Page(answer).words
    assert client.get(f"{path}/return").status_code == 409


@pytest.mark.parametrize(
    ("deed", "typed"),
    [
        ("issue", {"consignee": ""}),
        ("issue", {"consignee": "x" * 500}),
        ("issue", {"consignee": SITE, "done_at": "yesterday"}),
        ("issue", {"consignee": SITE, "done_at": "2031-01-01 08:00 +07:00"}),
        ("destroy", {"reason": "short"}),
        ("destroy", {"reason": WHY, "done_at": "1990-01-01 08:00 +07:00"}),
    ],
)
def test_nonsense_is_refused_and_kept(given_out, site, deed, typed):
    client, path = client_of(site, "technician1"), f"{address(given_out)}/{deed}"
    answer = post(client, path, **typed)
    assert answer.status_code in (409, 422)
    page = Page(answer)
    assert all(page.value(name) == value for name, value in typed.items() if name != "reason")
    assert words(given_out) == ["released_stage_1"]


def test_what_came_back_is_recorded_on_its_page(given_out, site):
    become(given_out, "issued")
    client, path = client_of(site, "releaser1"), address(given_out)
    assert post(client, f"{path}/return", reason=WHY).status_code == 422
    assert post(client, f"{path}/return", reason=WHY, condition="opened").status_code == 303
    page = Page(client.get(path + "?scanned=1")).words
    assert "RETURNED" in page and "may not be given out again" in page and "opened" in page


def test_what_waits_is_withdrawn_on_its_page(given_out, site):
    client, path = client_of(site, "technician1"), address(given_out)
    confirmation = post(client, f"{path}/destroy", reason=WHY).headers["Location"]
    away = confirmation.replace("/confirm", "/withdraw")
    assert post(client, away, reason="no").status_code == 422
    assert post(client, away, reason="It was another bag.").status_code == 303
    assert "Withdrawn" in Page(client.get(path)).words
    assert f"{path}/issue" in Page(client.get(path)).links
    with given_out.database.reading() as session:
        [told] = fates.of(session, product(given_out).id)
        assert states.of(session, told.record, fates.AXIS) == FateState.WITHDRAWN


@pytest.mark.req("LAB-02")
def test_no_label_is_printed_for_what_is_destroyed(given_out, site):
    client, path = client_of(site, "technician1"), address(given_out)
    assert f"{path}/label" in Page(client.get(path)).links
    become(given_out, "destroyed")
    assert f"{path}/label" not in Page(client.get(path)).links
    answer = client.get(f"{path}/label")
    assert answer.status_code == 409 and "no label is printed" in Page(answer).words
    every = client.get(f"/containers/of/{given_out.batch.code}/final/labels")
    assert product(given_out).code[:-2] not in Page(every).words
