"""What the site judges by is signed by two: proposed by an administrator, and held once quality has
signed it too."""

from __future__ import annotations

import html

import pytest
from sqlalchemy import select

from integrity import clock as clocks, signatures, site
from integrity.acts import Act
from integrity.clock import ClockState
from integrity.findings import Refused, Stale, Unavailable
from integrity.signatures import Signature
from integrity.site import ONE_DECIDES, SettingName
from integrity.trail import Event
from integrity.verification import verify
from people import setting_changes
from people.rules.setting_changes import SettingState
from people.setting_changes import SettingChange
from tests.makers.people import PASSWORD, entry_id, make_people, make_person, post, sign_in
from tests.makers.settings import change_setting, propose_setting, seal_of
from tests.pages import Page

pytestmark = pytest.mark.state("technician+qa+administrator")
WHY = "The procedure on late entries, version 3."
OTHER = {
    SettingName.SITE: "Another laboratory",
    SettingName.ZONE: "Europe/Berlin",
    SettingName.DEMONSTRATION: "yes",
    SettingName.IDLE_MINUTES: "5",
    SettingName.LATE_MINUTES: "30",
    SettingName.INVESTIGATION_DAYS: "20",
    SettingName.SILENT_DAYS: "7",
    SettingName.TWO_PERSONS: "review",
    SettingName.SECOND_FACTOR: "first_signature",
    SettingName.ADDRESS: "12 Nguyen Trai, Thanh Xuan, Hanoi",
    SettingName.AUTHORISATION: "MIA 4711/2026",
    SettingName.SHIFT_HOURS: "8",
}


@pytest.fixture
def people(database, clock):
    return make_people(database, "technician", "qa", "administrator", at=clock())


def held(database, name) -> str:
    with database.reading() as session:
        return site.settings(session)[name]


def stands(database, change) -> str | None:
    with database.reading() as session:
        return setting_changes.state_of(session, change)


def act(database, by, at, deed, change, comment=None) -> None:
    with database.writing() as session:
        deed(Act(session, by, at), change.id, seal=seal_of(session, change.id, comment))


@pytest.mark.req("IAM-03")
def test_every_setting_that_changes_a_judgement_is_tried_here():
    assert set(OTHER) == set(SettingName) - set(ONE_DECIDES)


@pytest.mark.req("IAM-03")
@pytest.mark.parametrize("name", list(OTHER))
def test_a_setting_holds_once_a_second_person_of_quality_has_signed_it(
    name, database, clock, people
):
    before = held(database, name)
    with (
        pytest.raises(Refused, match="nobody sets it alone"),
        database.writing() as session,
    ):
        site.change(Act(session, people["administrator"], clock()), name, OTHER[name], reason=WHY)
    change = propose_setting(database, clock(), name, OTHER[name], reason=WHY)
    assert held(database, name) == before
    with database.reading() as session:
        assert setting_changes.waits_for(session, change) == ["qa1"]
    act(database, people["qa"], clock(), setting_changes.approve, change)
    assert held(database, name) == OTHER[name]
    with database.reading() as session:
        given = signatures.of(session, change)
        assert [(each.username, each.meaning) for each in given] == [
            ("administrator1", "authored"),
            ("qa1", "approved"),
        ]
        assert given[0].facts == given[1].facts | {"zone": given[0].zone}
        assert not signatures.invalid(session, given)
        newest = site.versions(session, name)[-1]
        assert (newest.signed_id, newest.username) == (change.id, "qa1")
        said = session.scalars(select(Event).where(Event.action == "setting.approved")).one()
        assert said.said["details"] == {"setting": name, "was": before, "becomes": OTHER[name]}
        assert verify(session).whole


@pytest.mark.req("IAM-03")
def test_nobody_signs_for_both_nor_what_somebody_else_wrote(database, clock, people):
    with database.writing() as session:
        drafted = Act(session, people["administrator"], clock())
        change = setting_changes.draft(drafted, "late_minutes", "30", reason=WHY)
        other = make_person(session, "administrator", username="admin2", name="Other", at=clock())
    with pytest.raises(Refused, match="Whoever wrote this proposal signs it"):
        act(database, other, clock(), setting_changes.propose, change)
    with pytest.raises(Refused, match="does not wait for quality"):
        act(database, people["qa"], clock(), setting_changes.approve, change)
    act(database, people["administrator"], clock(), setting_changes.propose, change)
    for deed in (setting_changes.approve, setting_changes.refuse):
        with pytest.raises(Refused, match="what they proposed themselves"):
            act(database, people["administrator"], clock(), deed, change, WHY)
    assert held(database, "late_minutes") == "15"


@pytest.mark.req("IAM-03", "SIG-20")
def test_quality_refuses_with_a_signed_reason_and_what_held_holds(database, clock, people):
    change = propose_setting(database, clock(), "late_minutes", "60")
    for why in (None, "no"):
        with pytest.raises(Refused, match="Say why"):
            act(database, people["qa"], clock(), setting_changes.refuse, change, why)
    act(database, people["qa"], clock(), setting_changes.refuse, change, WHY)
    assert (held(database, "late_minutes"), stands(database, change)) == ("15", "rejected")
    with pytest.raises(Refused, match="does not wait"):
        act(database, people["qa"], clock(), setting_changes.approve, change)
    with database.reading() as session:
        assert signatures.of(session, change)[-1].comment == WHY


@pytest.mark.req("IAM-03")
def test_a_proposal_is_withdrawn_with_a_reason_before_quality_has_signed(database, clock, people):
    change = propose_setting(database, clock(), "late_minutes", "60")
    administrator = people["administrator"]
    with database.writing() as session:
        setting_changes.withdraw(Act(session, administrator, clock()), change.id, reason=WHY)
    assert (held(database, "late_minutes"), stands(database, change)) == ("15", "withdrawn")
    with pytest.raises(Refused, match="does not wait"):
        act(database, people["qa"], clock(), setting_changes.approve, change)
    approved = change_setting(database, clock(), "late_minutes", "20")
    with pytest.raises(Refused, match="not withdrawn any more"), database.writing() as session:
        setting_changes.withdraw(Act(session, administrator, clock()), approved.id, reason=WHY)


@pytest.mark.req("IAM-03")
def test_two_changes_of_one_setting_do_not_wait_at_once_and_an_older_one_is_written_anew(
    database, clock, people
):
    administrator = people["administrator"]
    with database.writing() as session:
        drafted = Act(session, administrator, clock())
        older = setting_changes.draft(drafted, "late_minutes", "30", reason=WHY)
    newer = propose_setting(database, clock(), "late_minutes", "45")
    propose_setting(database, clock(), "silent_days", "7")
    with pytest.raises(Refused, match="Another change of this setting waits"):
        act(database, administrator, clock(), setting_changes.propose, older)
    act(database, people["qa"], clock(), setting_changes.approve, newer)
    with pytest.raises(Refused, match="the setting has become 45"):
        act(database, administrator, clock(), setting_changes.propose, older)


@pytest.mark.req("IAM-03")
@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("late_minutes", "0", "whole number of minutes"),
        ("late_minutes", "15", "what holds already"),
        ("zone", "Mars/Olympus", "IANA"),
        *(("zone", own, "IANA") for own in ("localtime", "Factory", "posixrules", "EST")),
        ("name", "", "1 to 80"),
        *(
            ("name", unseen, "1 to 80")
            for unseen in ("   ", "\u200b", "\u3164", "\u2800", "\u0301")
        ),
        *(("name", strange, "1 to 80") for strange in ("A\nB", "x\x00y", "\u202elive", "\u200fA")),
        ("demonstration", "perhaps", "yes or no"),
        ("president", "yes", "no setting called"),
    ],
)
def test_what_no_setting_can_be_is_not_proposed(name, value, says, database, clock, people):
    with pytest.raises(Refused, match=says), database.writing() as session:
        drafted = Act(session, people["administrator"], clock())
        setting_changes.draft(drafted, name, value, reason=WHY)


@pytest.mark.req("IAM-03")
def test_a_demonstration_is_not_ended_by_two_either(database, clock, people):
    change_setting(database, clock(), "demonstration", "yes")
    with pytest.raises(Refused, match="A demonstration stays one"):
        propose_setting(database, clock(), "demonstration", "no")


@pytest.mark.req("IAM-03", "SIG-16")
def test_what_was_read_is_what_is_signed(database, clock, people):
    change = propose_setting(database, clock(), "zone", "Europe/Berlin")
    forged = signatures.Seal("0" * 64, signatures.Components.BOTH)
    with pytest.raises(Stale), database.writing() as session:
        setting_changes.approve(Act(session, people["qa"], clock()), change.id, seal=forged)
    assert held(database, "zone") == "UTC"


@pytest.mark.req("IAM-03", "TIM-03")
def test_nothing_is_signed_here_either_while_the_clock_is_under_suspicion(database, clock, people):
    change = propose_setting(database, clock(), "late_minutes", "60")
    earlier = clock.at.replace(year=2020)
    with clocks.transaction(database, lambda: earlier) as moment:
        other = setting_changes.draft(
            Act(moment.session, people["administrator"], earlier), "silent_days", "7", reason=WHY
        )
    with database.reading() as session:
        assert clocks.state(session) == ClockState.SUSPECT
    with pytest.raises(Unavailable):
        act(database, people["qa"], earlier, setting_changes.approve, change)
    with pytest.raises(Unavailable):
        act(database, people["administrator"], earlier, setting_changes.propose, other)
    assert held(database, "late_minutes") == "15"


@pytest.mark.req("IAM-03")
def test_the_same_form_twice_is_one_change(database, clock, people):
    change = propose_setting(database, clock(), "late_minutes", "60")
    with database.reading() as session:
        seal = seal_of(session, change.id)
    entry = entry_id()
    for _ in range(2):
        with database.writing() as session:
            again = Act(session, people["qa"], clock(), entry_id=entry)
            assert setting_changes.approve(again, change.id, seal=seal).id == change.id
    with database.reading() as session:
        assert len(site.versions(session, "late_minutes")) == 1


# Through the pages
# -------------------------------------------------------------------------------------------------


def words(answer) -> str:
    return html.unescape(answer.get_data(as_text=True))


def sign(client, path, username=None, **typed):
    shown = Page(client.get(path)).value("reviewed")
    proof = {"username": username, "password": PASSWORD} if username else {"password": PASSWORD}
    return post(client, path, reviewed=shown, **proof, **typed)


@pytest.fixture
def clients(application, sqlite, clock):
    make_people(sqlite, "technician", "qa", "administrator", at=clock())
    found = {}
    for username in ("technician1", "qa1", "administrator1"):
        found[username[:-1]] = client = application.test_client()
        assert sign_in(client, username).status_code == 303
    return found


def write(client, name="late_minutes", value="30") -> str:
    """The page of a change that was written."""
    answer = post(client, "/site", name=name, value=value, reason=WHY)
    return answer.location.removesuffix("/propose")


@pytest.mark.req("IAM-03")
def test_an_administrator_proposes_and_quality_signs_on_the_pages(clients, sqlite):
    administrator, qa = clients["administrator"], clients["qa"]
    page = write(administrator)
    asked = words(administrator.get(f"{page}/propose"))
    assert "late entry after minutes" in asked and "15" in asked and "30" in asked and WHY in asked
    assert sign(administrator, f"{page}/propose", "administrator1").location == page
    shown = words(qa.get("/people/waiting"))
    assert "Changes of settings that wait: 1" in shown
    waits = words(qa.get(page))
    assert "one of quality assurance:" in waits and "qa1" in waits and "Administrator 1" in waits
    assert sign(qa, f"{page}/approve", "qa1").location == page
    assert held(sqlite, "late_minutes") == "30"
    for client in clients.values():
        done = Page(client.get(page))
        assert len(done.of_class("signature")) == 2
        listed = words(client.get("/site/settings"))
        assert "administrator1" in listed and "qa1" in listed and WHY in listed
        assert "No change waits" in listed


@pytest.mark.req("IAM-03")
def test_the_pages_offer_each_what_they_may_do(clients):
    page = write(clients["administrator"])
    deeds = [f"{page}/{deed}" for deed in ("propose", "approve", "refuse", "withdraw")]

    def offered(who) -> set[str]:
        return {link.rpartition("/")[2] for link in Page(clients[who].get(page)).links} & {
            deed.rpartition("/")[2] for deed in deeds
        }

    assert offered("administrator") == {"propose", "withdraw"}
    assert offered("qa") == offered("technician") == set()
    sign(clients["administrator"], f"{page}/propose", "administrator1")
    assert offered("administrator") == {"withdraw"}
    assert offered("qa") == {"approve", "refuse"}
    for deed in deeds:
        assert clients["technician"].get(deed).status_code == 403
    assert clients["qa"].get(f"{page}/propose").status_code == 403
    assert clients["administrator"].get(f"{page}/approve").status_code == 403


@pytest.mark.req("IAM-03")
def test_who_refuses_and_who_withdraws_says_why_on_the_page(clients, sqlite):
    administrator, qa = clients["administrator"], clients["qa"]
    page = write(administrator)
    sign(administrator, f"{page}/propose", "administrator1")
    assert sign(qa, f"{page}/refuse", "qa1", comment="").status_code == 422
    assert sign(qa, f"{page}/refuse", "qa1", comment="Thirty minutes are too many.").location
    assert "Thirty minutes are too many." in words(administrator.get(page))
    second = write(administrator, value="20")
    assert post(administrator, f"{second}/withdraw", reason="no").status_code == 422
    assert post(administrator, f"{second}/withdraw", reason=WHY).location == second
    assert "Withdrawn" in words(qa.get(second))
    assert held(sqlite, "late_minutes") == "15"
    with sqlite.reading() as session:
        states = [
            setting_changes.state_of(session, each)
            for each in session.scalars(select(SettingChange).order_by(SettingChange.id))
        ]
        assert states == [SettingState.REJECTED, SettingState.WITHDRAWN]
        kinds = session.scalars(select(Signature.subject_kind).distinct()).all()
        assert "setting_changes" in kinds


@pytest.mark.req("IAM-03")
def test_a_wrong_password_signs_no_setting(clients, sqlite):
    page = write(clients["administrator"])
    proof = {"username": "administrator1", "password": "not this one at all"}
    shown = Page(clients["administrator"].get(f"{page}/propose")).value("reviewed")
    answer = post(clients["administrator"], f"{page}/propose", reviewed=shown, **proof)
    assert answer.status_code == 401
    with sqlite.reading() as session:
        assert not session.scalars(
            select(Signature).where(Signature.subject_kind == "setting_changes")
        ).all()


@pytest.mark.req("IAM-03")
@pytest.mark.parametrize("deed", ["", "/propose", "/approve", "/refuse", "/withdraw"])
def test_a_change_that_is_none_says_so(deed, clients):
    may = clients["qa" if deed in ("/approve", "/refuse") else "administrator"]
    assert may.get(f"/site/settings/99{deed}").status_code == 404
