"""What became of a container and is told late is recorded as it happened, by two people, and QA
judges what speaks against it; what was recorded is put right by two."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from integrity import deviations, states, verification
from integrity.acts import Act
from integrity.findings import Refused
from integrity.signatures import Seal, reviewed as digest_of
from integrity.trail import Event
from qc.release import certificates, full_record, release_inputs, rules
from qc.release.rule_ids import ReleaseRule as Rule
from stores import answers, containers, expiries, fate_corrections, fates
from stores.actions import FateAction
from stores.fate_corrections import CorrectionFacts
from stores.fate_rules import FateState
from stores.rules import DISPOSITION
from stores.standing import Word
from tests.makers import broken, fates as makers
from tests.makers.fates import SITE, WHY
from tests.makers.people import entry_id, post
from tests.pages import Page
from tests.qc.release.test_fates import client_of, sign

MINUTE = timedelta(minutes=1)
both = pytest.mark.state("finished")


@pytest.fixture
def released(reviewed):
    reviewed.decide("release_stage_1")
    reviewed.clock.advance(minutes=30)
    return reviewed


def product(made):
    with made.database.reading() as session:
        [final] = containers.of_scope(session, made.batch.code, "final")
    return final


def until(made):
    final = product(made)
    with made.database.reading() as session:
        return expiries.of(session, [final.id])[final.id]


def words(made):
    with made.database.reading() as session:
        number = product(made).id
        return [str(each) for each in answers.of(session, [number], made.clock())[number].words]


def become(made, fate, **changes):
    with made.database.writing() as session:
        return makers.become(session, made, product(made).code, fate, **changes)


def record(made, fate, **changes):
    with made.database.writing() as session:
        by, at = made.people["technician"], made.clock()
        return makers.record(session, product(made).code, fate, by=by, at=at, **changes)


def confirm(made, told):
    with made.database.writing() as session:
        by, at = made.people["verifier"], made.clock()
        return makers.confirm(session, told, by=by, at=at)


def opened(made):
    """{rule: (class, comment)} of the deviations that say what became of a container."""
    with made.database.reading() as session:
        found = deviations.in_scopes(session, [made.batch.id])
        return {
            each.rule: (each.classification, each.comment)
            for each in found
            if each.subject_kind == "container_fates"
        }


def disposition(made):
    with made.database.reading() as session:
        return states.of(session, made.batch, DISPOSITION)


def is_verified(made):
    with made.database.reading() as session:
        assert verification.verify(session).faults == []


@both
@pytest.mark.req("TRC-03", "EBR-09")
def test_an_issue_before_the_expiry_that_is_told_after_it_is_a_plain_late_entry(released):
    done_at = until(released) - 10 * MINUTE
    released.clock.at = until(released) + 20 * MINUTE
    become(released, "issued", done_at=done_at, reason=WHY)
    assert words(released)[0] == "issued"
    assert opened(released) == {"rel-03-fate-told-late": ("minor", WHY)}
    assert disposition(released) == "released_stage_1"
    is_verified(released)


@both
@pytest.mark.req("TRC-03", "REL-03")
def test_an_issue_after_the_expiry_is_recorded_as_critical_and_holds_what_is_released(released):
    released.clock.at = until(released) + 10 * MINUTE
    told = record(released, "issued", done_at=released.clock() - 5 * MINUTE, reason=WHY)
    assert disposition(released) == "released_stage_1" and opened(released) == {}
    confirm(released, told)
    assert words(released)[0] == "issued"
    assert opened(released) == {"rel-03-given-late": ("critical", WHY)}
    assert disposition(released) == "on_hold"
    with released.database.reading() as session:
        [certificate] = certificates.of_batch(session, released.batch.id)
        state = states.of(session, certificate, certificates.AXIS)
    assert state == "under_review"
    is_verified(released)


@both
@pytest.mark.req("TRC-03", "REL-02")
@pytest.mark.parametrize(
    ("deed", "by", "left", "kept"),
    [
        ("hold", "qa", "on_hold", {"rel-03-given-before": ("major", WHY)}),
        ("withdraw", "releaser", "recalled", {}),
    ],
)
def test_an_issue_before_a_hold_or_a_recall_is_told_after_it(released, deed, by, left, kept):
    done_at = released.clock() - 5 * MINUTE
    released.decide(deed, by=by, why=WHY)
    become(released, "issued", done_at=done_at, reason=WHY)
    assert {"issued", left} == set(words(released)[:2])
    assert opened(released) == kept
    is_verified(released)


@both
@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({}, "cannot be issued: it is expired"),
        ({"reason": WHY}, "cannot be issued: it is expired"),  # now: nothing of the past
        ({"ago": 5 * MINUTE}, "cannot be issued: it is expired"),  # without a word
        ({"ago": timedelta(days=400), "reason": WHY}, "cannot have been done before"),
    ],
)
def test_what_is_no_story_of_the_past_is_refused_as_before(released, changes, says):
    released.clock.at = until(released) + 10 * MINUTE
    said = {name: value for name, value in changes.items() if name != "ago"}
    if "ago" in changes:
        said["done_at"] = released.clock() - changes["ago"]
    with pytest.raises(Refused, match=says):
        record(released, "issued", **said)


@both
@pytest.mark.req("REL-12", "EBR-09")
@pytest.mark.parametrize("fate", ["returned", "used"])
def test_what_is_told_late_waits_for_a_second_person(released, fate):
    become(released, "issued")
    released.clock.advance(minutes=1)
    done_at = released.clock()
    released.clock.advance(minutes=16)
    told = record(released, fate, done_at=done_at)
    assert words(released)[0] == "issued"
    confirm(released, told)
    assert words(released)[0] == fate
    assert opened(released) == {"rel-03-fate-told-late": ("minor", WHY)}
    is_verified(released)


@both
@pytest.mark.req("REL-03")
@pytest.mark.parametrize(
    ("after", "kept"),
    [
        (MINUTE, {"rel-03-given-late": ("critical", WHY)}),
        (timedelta(0), {}),
    ],
)
def test_what_was_given_after_its_expiry_is_critical(released, after, kept):
    become(released, "issued")
    released.clock.at = until(released) + after
    told = record(released, "used")
    if kept:
        assert words(released)[0] == "issued"
        confirm(released, told)
    assert words(released)[0] == "used" and opened(released) == kept
    assert disposition(released) == ("on_hold" if kept else "released_stage_1")


def put_on_hold(made):
    made.decide("hold", by="qa")


def recall(made):
    made.decide("withdraw")


def hold_by_hand(made):
    with made.database.writing() as session:
        broken.hold(session, made, product(made).code)


def reject(made):
    made.decide("reject")


@both
@pytest.mark.req("REL-03", "REL-11")
@pytest.mark.parametrize(
    ("deed", "then", "stands"),
    [
        (recall, "state-recalled", "recalled"),
        (reject, "state-rejected", "rejected"),
        (put_on_hold, "state-on-hold", "on_hold"),
        (hold_by_hand, "state-on-hold", "on_hold"),
    ],
)
def test_what_was_given_while_nobody_was_to_be_given_it_is_taken_and_is_critical(
    released, deed, then, stands
):
    become(released, "issued")
    released.clock.advance(minutes=2)
    before = released.clock()
    released.clock.advance(minutes=2)
    deed(released)
    released.clock.advance(minutes=2)
    record(released, "used")
    assert opened(released) == {"rel-03-given-forbidden": ("critical", WHY)}
    assert "used" in words(released) and disposition(released) == stands
    with released.database.reading() as session:
        [made] = deviations.in_scopes(session, [released.batch.id])
        assert made.parameters["then"] == {"word": then}
        final = product(released)
        assert fates.forbidden_at(session, final, before) is None
        assert deviations.states_of(session, [made]) == {made.id: "open"}
    is_verified(released)


# To whom it went
# -------------------------------------------------------------------------------------------------

OTHER = "SITE-07"


def put_right(made, told, *, why=WHY, by="technician", **instead):
    """What somebody says instead of what was recorded; the rest of it stays."""
    said = {name: getattr(told, name) or "" for name in ("consignee", "reason", "condition")}
    facts = CorrectionFacts(instead.pop("done_at", None), why, **(said | instead))
    with made.database.writing() as session:
        act = Act(session, made.people[by], made.clock(), entry_id())
        return fate_corrections.correct(act, told.id, facts)


def readdress(made, issue, consignee=OTHER, why=WHY):
    return put_right(made, issue, consignee=consignee, why=why)


def settle(made, told, by="verifier"):
    with made.database.writing() as session:
        facts = fates.facts_of(session, told.id, made.clock())
        seal = Seal(digest_of(facts), "user name and password")
        act = Act(session, made.people[by], made.clock(), entry_id())
        return fate_corrections.confirm(act, told.id, seal=seal)


def goes_to(made):
    with made.database.reading() as session:
        told = fates.of(session, product(made).id)
    return [each.record.consignee for each in told if each.stands and each.record.consignee]


@both
@pytest.mark.req("EBR-08", "TRC-03", "SIG-10")
def test_a_wrong_consignee_is_put_right_by_two_and_the_old_one_stays_to_read(released):
    issue = become(released, "issued")
    told = readdress(released, issue)
    assert goes_to(released) == [SITE]
    with pytest.raises(Refused, match="recorded this yourself"):
        settle(released, told, by="technician")
    settle(released, told)
    assert goes_to(released) == [OTHER] and words(released)[0] == "issued"
    with released.database.reading() as session:
        found = release_inputs.gather(session, released.batch, released.clock())
        record = full_record.record_of(session, found)["containers"]
    [listed] = [each["became"] for each in record if each["kind"] == "final"]
    became = [each["said"] for each in listed]
    assert became[0].startswith(f"issued: to {SITE}")
    assert became[0].endswith(f"put right since: to {OTHER}")
    assert became[1].startswith(f"issued, put right: to {OTHER}")
    assert f"put right because: {WHY}" in became[1]
    again = readdress(released, told, "SITE-09")
    settle(released, again)
    assert goes_to(released) == ["SITE-09"]
    is_verified(released)


@both
def test_only_what_stands_is_put_right_to_something_else_and_with_a_reason(released):
    issue = become(released, "issued")
    for words_of in ({"consignee": SITE}, {"consignee": "\u200b"}, {"why": "no"}):
        with pytest.raises(Refused):
            readdress(released, issue, **words_of)
    told = readdress(released, issue)
    with pytest.raises(Refused, match="waits for a second person"):
        readdress(released, issue, "SITE-09")
    settle(released, told)
    with pytest.raises(Refused, match="as long as it stands"):
        readdress(released, issue, "SITE-09")


@both
def test_a_correction_that_waits_is_withdrawn_and_the_issue_stands(released):
    told = readdress(released, become(released, "issued"))
    with released.database.writing() as session:
        act = Act(session, released.people["verifier"], released.clock(), entry_id())
        fates.withdraw(act, told.id, reason="It did go where it was recorded.")
    assert goes_to(released) == [SITE]
    with released.database.reading() as session:
        assert states.of(session, told, fates.AXIS) == FateState.WITHDRAWN


# When it was, in what state it came back, and why
# -------------------------------------------------------------------------------------------------


def stands(made, fate):
    """What stands of one fate of the product."""
    with made.database.reading() as session:
        told = fates.of(session, product(made).id)
    [found] = [each.record for each in told if each.stands and each.record.fate == fate]
    return found


def corrected(made, told, **instead):
    made.clock.advance(minutes=1)
    return settle(made, put_right(made, told, **instead))


ELSE = "It was found in the box of another one."


@both
@pytest.mark.req("EBR-08", "TRC-03")
@pytest.mark.parametrize(
    ("fate", "instead"),
    [
        ("issued", {"reason": ELSE}),
        ("returned", {"condition": "opened"}),
        ("returned", {"reason": ELSE}),
        ("used", {"reason": ELSE}),
        ("destroyed", {"reason": ELSE}),
    ],
)
def test_whatever_was_said_of_it_is_put_right_by_two_and_the_old_stays_to_read(
    released, fate, instead
):
    if fate in ("returned", "used"):
        become(released, "issued")
    first = become(released, fate)
    corrected(released, first, **instead)
    now = stands(released, fate)
    [(name, value)] = instead.items()
    assert getattr(now, name) == value and getattr(first, name) != value
    assert now.done_at == first.done_at and now.why == WHY and now.corrects_id == first.id
    assert words(released)[0] == fate
    with released.database.reading() as session:
        shown = [str(value) for _, value in fates.facts_of(session, now.id, released.clock())]
        old = getattr(first, name)
        assert not old or any(old in each for each in shown)
        told = select(Event.action).where(Event.action.like("container.correct%"))
        said = list(session.scalars(told.order_by(Event.seq)))
    assert said == [FateAction.CONTAINER_CORRECTION_RECORDED, FateAction.CONTAINER_CORRECTED]
    assert opened(released) == {}
    is_verified(released)


@both
@pytest.mark.req("EBR-08", "TIM-06")
def test_a_time_lies_between_what_came_before_and_what_came_after(released):
    issue = become(released, "issued")
    released.clock.advance(minutes=20)
    back = become(released, "returned")
    for told, done_at in (
        (issue, back.done_at + MINUTE),
        (back, issue.done_at - MINUTE),
        (back, back.at + MINUTE),
        (issue, product(released).made_at - MINUTE),
    ):
        with pytest.raises(Refused, match="cannot have been done"):
            put_right(released, told, done_at=done_at)
    corrected(released, issue, done_at=issue.done_at - MINUTE)
    corrected(released, back, done_at=back.done_at - MINUTE)
    assert stands(released, "issued").done_at == issue.done_at - MINUTE
    assert opened(released) == {}


@both
def test_a_time_that_reads_as_it_did_is_no_correction(released):
    issue = become(released, "issued")
    with pytest.raises(Refused, match="Nothing differs"):
        put_right(released, issue, done_at=issue.done_at.replace(microsecond=0))


@both
@pytest.mark.req("EBR-08", "EBR-09", "REL-03")
def test_another_time_is_judged_anew_once_it_is_confirmed(released):
    """It was issued before the batch was released: that is critical and holds what is released."""
    issue = become(released, "issued")
    before = issue.done_at - timedelta(hours=1)
    with pytest.raises(Refused, match="Say why"):
        put_right(released, issue, done_at=before)
    told = put_right(released, issue, done_at=before, reason=ELSE)
    assert opened(released) == {}
    settle(released, told)
    assert opened(released) == {
        "rel-03-given-forbidden": ("critical", WHY),
        Rule.FATE_TOLD_LATE: ("minor", WHY),
    }
    assert disposition(released) == "on_hold"
    is_verified(released)


@both
@pytest.mark.req("EBR-08", "REL-03")
def test_a_use_that_was_after_the_expiry_is_judged_when_its_time_is_put_right(released):
    become(released, "issued")
    released.clock.at = until(released) + 10 * MINUTE
    with released.database.writing() as session:
        code, at = product(released).code, until(released) - MINUTE
        words_of = {"by": released.people["technician"], "at": released.clock(), "done_at": at}
        used = makers.record(session, code, "used", **words_of)
    assert opened(released) == {}
    corrected(released, used, done_at=until(released) + MINUTE)
    assert opened(released) == {"rel-03-given-late": ("critical", WHY)}
    assert disposition(released) == "on_hold"


# Pages
# -------------------------------------------------------------------------------------------------


@pytest.fixture
def given_out(finished):
    finished.review()
    finished.decide("release_stage_1")
    finished.clock.advance(minutes=30)
    return finished


@pytest.mark.req("TRC-03", "EBR-09")
def test_a_page_takes_an_issue_of_what_has_expired_since(given_out, site):
    given_out.clock.at = until(given_out) + 10 * MINUTE
    client, path = client_of(site, "technician1"), f"/containers/{product(given_out).code}"
    assert f"{path}/issued" in Page(client.get(path)).links
    done_at = (until(given_out) - MINUTE).isoformat(sep=" ", timespec="minutes")
    assert post(client, f"{path}/issued", consignee=SITE, done_at=done_at).status_code == 422
    typed = {"consignee": SITE, "done_at": done_at, "reason": WHY}
    confirmation = post(client, f"{path}/issued", **typed).headers["Location"]
    assert sign(client, confirmation, "verifier2").status_code == 303
    assert words(given_out)[0] == "issued"
    assert f"{path}/issued" not in Page(client.get(path)).links
    assert client.get(f"{path}/issued").status_code == 409


@pytest.mark.req("EBR-08", "TRC-03")
def test_a_page_takes_what_it_was_instead_and_shows_both(given_out, site):
    issue = become(given_out, "issued")
    client, path = client_of(site, "technician1"), f"/containers/{product(given_out).code}"
    correction = f"/containers/fates/{issue.id}/correct"
    assert correction in Page(client.get(path)).links
    page = client.get(correction).get_data(as_text=True)
    assert f'value="{SITE}"' in page and "Why it is put right" in page
    earlier = (issue.done_at - MINUTE).isoformat(sep=" ", timespec="minutes")
    typed = {"consignee": OTHER, "done_at": earlier, "why": WHY}
    assert post(client, correction, **(typed | {"why": ""})).status_code == 422
    confirmation = post(client, correction, **typed).headers["Location"]
    shown = Page(client.get(confirmation)).words
    assert OTHER in shown and SITE in shown and "Confirm what is put right" in shown
    assert sign(client, confirmation, "verifier2").status_code == 303
    page = Page(client.get(path))
    assert SITE in page.words and OTHER in page.words and correction not in page.links
    assert f"issued to {OTHER}" in Page(client.get(f"/batches/{given_out.batch.code}")).words


@pytest.mark.req("EBR-08")
@pytest.mark.parametrize("fate", ["returned", "destroyed"])
def test_each_kind_has_a_page_of_its_own_with_what_was_said(given_out, site, fate):
    become(given_out, "issued")
    made = become(given_out, fate)
    client = client_of(site, "technician1")
    kinds = {"returned": "fates", "destroyed": "destructions"}
    path = f"/containers/{kinds.pop(fate)}/{made.id}/correct"
    assert path in Page(client.get(f"/containers/{product(given_out).code}")).links
    shown = client.get(path).get_data(as_text=True)
    assert WHY in shown and ("It came back" in shown) == (fate == "returned")
    [other] = kinds.values()
    assert client.get(f"/containers/{other}/{made.id}/correct").status_code == 404


# The law
# -------------------------------------------------------------------------------------------------


DONE = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
LATE = 15 * MINUTE


@pytest.mark.req("REL-03", "EBR-09")
@pytest.mark.parametrize(
    ("fate", "expired_ago", "told_after", "stands", "said"),
    [
        ("issued", None, LATE, (), []),
        ("issued", timedelta(0), LATE, (), []),  # the last moment is inside
        ("issued", MINUTE, LATE, (Word.EXPIRED,), [(Rule.GIVEN_LATE, "critical")]),
        ("used", MINUTE, LATE, (), [(Rule.GIVEN_LATE, "critical")]),
        ("returned", MINUTE, LATE, (), []),
        ("destroyed", MINUTE, LATE, (), []),
        ("issued", None, LATE, (Word.ON_HOLD,), [(Rule.GIVEN_BEFORE, "major")]),
        ("issued", None, LATE, (Word.RECALLED, Word.ISSUED), [(Rule.GIVEN_BEFORE, "major")]),
        ("used", None, LATE, (Word.ON_HOLD,), []),
        ("issued", None, LATE + MINUTE, (), [(Rule.FATE_TOLD_LATE, "minor")]),
        (
            "used",
            MINUTE,
            LATE + MINUTE,
            (),
            [(Rule.GIVEN_LATE, "critical"), (Rule.FATE_TOLD_LATE, "minor")],
        ),
    ],
)
def test_what_became_of_a_container_is_judged_by_its_time_and_by_what_forbids_now(
    fate, expired_ago, told_after, stands, said
):
    until = None if expired_ago is None else DONE - expired_ago
    told = rules.Handed("P260000122", fate, DONE, DONE + told_after, until, LATE, stands)
    assert [(each.rule, each.classification) for each in rules.handed(told)] == said


@pytest.mark.req("REL-03")
@pytest.mark.parametrize("forbidden", [None, Word.RECALLED, Word.REJECTED, Word.ON_HOLD])
@pytest.mark.parametrize("fate", ["issued", "used", "returned", "destroyed"])
def test_what_is_given_while_it_is_taken_back_is_critical(fate, forbidden):
    told = rules.Handed("P260000122", fate, DONE, DONE, None, LATE, (), forbidden)
    found = [(each.rule, each.classification) for each in rules.handed(told)]
    is_given = fate in ("issued", "used") and forbidden
    assert found == ([(Rule.GIVEN_FORBIDDEN, "critical")] if is_given else [])
