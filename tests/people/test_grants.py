"""An administrator proposes a right, quality confirms it, and until then the old one holds."""

from __future__ import annotations

import html

import pytest
from sqlalchemy import select

from integrity import signatures
from integrity.acts import Act
from integrity.findings import Refused
from integrity.trail import Event
from people import accounts, grants, handovers
from people.accounts import AccountState, PersonFacts
from people.grants import Wanted
from tests.makers.people import PASSWORD, give_role, make_people, make_person, post, sign_in
from tests.pages import Page

pytestmark = pytest.mark.state("technician+qa+administrator")
WHY = "Moved to another post."


@pytest.fixture
def people(database, clock):
    made = make_people(database, "technician", "qa", "administrator", at=clock())
    with database.writing() as session:
        made["reader"] = make_person(session, "reader", at=clock())
        made["other qa"] = make_person(session, "qa", username="qa2", name="QA 2", at=clock())
    return made


def role_of(database, who) -> str:
    with database.reading() as session:
        return accounts.grant_of(session, who.id).role


def propose(database, at, by, who, wanted, reason=WHY) -> None:
    with database.writing() as session:
        grants.change(Act(session, by, at), who.id, wanted, reason=reason)


def judge(database, at, by, who, deed=grants.confirm, comment=None) -> None:
    with database.writing() as session:
        found = grants.facts_of(session, who.id)
        seal = signatures.seal(session, found, comment=comment)
        deed(Act(session, by, at), who.id, seal=seal)


@pytest.mark.req("IAM-03", "IAM-11")
@pytest.mark.parametrize(
    "role", ["technician", "verifier", "qc_analyst", "qc_reviewer", "qa", "releaser"]
)
def test_a_right_to_judge_holds_once_quality_has_confirmed_it(role, database, clock, people):
    reader = people["reader"]
    propose(database, clock(), people["administrator"], reader, Wanted(reader.name, role))
    assert role_of(database, reader) == "reader"
    judge(database, clock(), people["qa"], reader)
    assert role_of(database, reader) == role
    with database.reading() as session:
        said = session.scalars(select(Event).where(Event.action == "person.change.confirmed")).one()
        assert said.said["details"]["proposed_by"] == "administrator1"
        kept = signatures.of(session, reader.id)[-1]
        assert (kept.username, kept.meaning) == ("qa1", "approved")


@pytest.mark.req("IAM-03")
def test_a_right_is_taken_away_at_once(database, clock, people):
    technician = people["technician"]
    propose(
        database, clock(), people["administrator"], technician, Wanted(technician.name, "reader")
    )
    assert role_of(database, technician) == "reader"


@pytest.mark.req("IAM-03")
def test_nobody_confirms_their_own_right_nor_one_they_proposed(database, clock, people):
    administrator, qa, other = (people[each] for each in ("administrator", "qa", "other qa"))
    propose(database, clock(), administrator, qa, Wanted(qa.name, "releaser"))
    with pytest.raises(Refused, match="Nobody confirms their own rights"):
        judge(database, clock(), qa, qa)
    judge(database, clock(), other, qa)
    assert role_of(database, qa) == "releaser"
    reader = people["reader"]
    propose(database, clock(), other, reader, Wanted(reader.name, "verifier"))
    with pytest.raises(Refused, match="You proposed this yourself"):
        judge(database, clock(), other, reader)


@pytest.mark.req("IAM-03", "SIG-20")
def test_quality_declines_with_a_reason_and_the_old_right_holds(database, clock, people):
    reader = people["reader"]
    propose(database, clock(), people["administrator"], reader, Wanted(reader.name, "qa"))
    with pytest.raises(Refused, match="Say why"):
        judge(database, clock(), people["qa"], reader, grants.decline, "no")
    judge(database, clock(), people["qa"], reader, grants.decline, "Has had no training yet.")
    assert role_of(database, reader) == "reader"
    with pytest.raises(Refused, match="waits to be confirmed"):
        judge(database, clock(), people["qa"], reader)


@pytest.mark.req("IAM-02", "IAM-03")
def test_the_last_of_quality_is_not_lost_by_a_confirmation_that_waited(database, clock, people):
    administrator, qa, other = (people[each] for each in ("administrator", "qa", "other qa"))
    propose(database, clock(), administrator, qa, Wanted(qa.name, "releaser"))
    with database.writing() as session:
        make_person(session, "qa", username="qa3", name="QA 3", at=clock())
    with database.writing() as session:
        act = Act(session, administrator, clock())
        for each in ("qa2", "qa3"):
            person = accounts.find(session, each)
            if each == "qa3":
                accounts.set_standing(act, person.id, AccountState.DEACTIVATED, reason=WHY)
    propose(database, clock(), administrator, other, Wanted(other.name, "reader"))
    with database.writing() as session:
        third = accounts.find(session, "qa3")
        confirmer = accounts.actor(session, third)
    with pytest.raises(Refused, match="only active person with the role"):
        judge(database, clock(), confirmer, qa)


@pytest.mark.req("SIG-11")
def test_a_name_mail_or_badge_of_somebody_else_is_asked_about_and_confirmed(
    database, clock, people
):
    administrator, reader = people["administrator"], people["reader"]
    propose(database, clock(), administrator, reader, Wanted(reader.name, "reader", "", "0-417"))
    other = people["technician"]
    taken = Wanted(other.name, "technician", "", "0417")
    with pytest.raises(Refused, match="same badge or staff number|same badge"):
        propose(database, clock(), administrator, other, taken)
    said = Wanted(other.name, "technician", "", "0417", another_human=True)
    propose(database, clock(), administrator, other, said)
    with database.reading() as session:
        assert accounts.grant_of(session, other.id).badge is None, "quality has not confirmed yet"
        assert "reader1" in str(grants.facts_of(session, other.id))
    judge(database, clock(), people["qa"], other)
    with database.reading() as session:
        assert accounts.grant_of(session, other.id).badge == "0417"


@pytest.mark.req("SIG-11", "IAM-11")
@pytest.mark.parametrize(
    "known", [{"name": "Anna Other"}, {"mail": "other@site.example"}, {"badge": "B-9"}]
)
def test_an_administrator_alone_gives_nobody_who_signs_another_name_mail_or_badge(
    known, database, clock, people
):
    for each in ("technician", "qa", "administrator"):
        who = people[each]
        wanted = Wanted(**({"name": who.name, "role": who.role} | known), another_human=True)
        propose(database, clock(), people["administrator"], who, wanted)
        with database.reading() as session:
            held = accounts.grant_of(session, who.id)
            assert (held.name, held.mail, held.badge) == (who.name, None, None)
        judge(database, clock(), people["other qa"], who)
        with database.reading() as session:
            held = accounts.grant_of(session, who.id)
            assert (
                known.items() <= {"name": held.name, "mail": held.mail, "badge": held.badge}.items()
            )


@pytest.mark.req("SIG-11")
@pytest.mark.parametrize(
    "name",
    [
        "Quality assurance 1",
        "Quality assurance l",
        "Qualityassurance 1",
        "Qu\u0430lity assurance 1",
    ],
)
def test_nobody_is_given_a_name_that_somebody_else_ever_had(name, database, clock, people):
    """The first who bore it was renamed before; their signatures still bear it."""
    administrator, bearer, taker = (people[each] for each in ("administrator", "qa", "technician"))
    propose(database, clock(), administrator, bearer, Wanted("Anna Other", "qa"))
    judge(database, clock(), people["other qa"], bearer)
    with pytest.raises(Refused, match="Somebody is or was here who looks the same: qa1"):
        propose(database, clock(), administrator, taker, Wanted(name, "technician"))
    said = Wanted(name, "technician", another_human=True)
    propose(database, clock(), administrator, taker, said)
    with database.reading() as session:
        assert accounts.grant_of(session, taker.id).name == taker.name
        assert "qa1" in str(grants.facts_of(session, taker.id)), "quality reads whose name it was"


@pytest.mark.req("SIG-11")
def test_who_takes_their_own_former_name_again_is_asked_about_nobody(database, clock, people):
    administrator, qa = people["administrator"], people["qa"]
    for name in ("Anna Other", qa.name):
        propose(database, clock(), administrator, qa, Wanted(name, "qa"))
        judge(database, clock(), people["other qa"], qa)
    with database.reading() as session:
        assert accounts.grant_of(session, qa.id).name == qa.name


@pytest.mark.req("SIG-11", "IAM-11")
def test_whoever_is_renamed_while_they_only_read_does_not_sign_so_unconfirmed(
    database, clock, people
):
    administrator, technician = people["administrator"], people["technician"]
    propose(database, clock(), administrator, technician, Wanted("Anna Other", "reader"))
    propose(database, clock(), administrator, technician, Wanted("Anna Other", "label_printer"))
    assert role_of(database, technician) == "reader"


@pytest.mark.req("SIG-11")
@pytest.mark.parametrize(
    ("name", "sentence"),
    [("\u200b", "Nothing is seen"), ("\u202e1 ecnarussa ytilauQ", "reading direction")],
)
def test_the_act_itself_refuses_a_name_that_is_not_seen_or_read_backwards(
    name, sentence, database, clock, people
):
    with pytest.raises(Refused, match=sentence):
        propose(database, clock(), people["administrator"], people["qa"], Wanted(name, "qa"))
    with pytest.raises(Refused, match=sentence), database.writing() as session:
        act = Act(session, people["administrator"], clock())
        handovers.propose(act, PersonFacts("newcomer", name, "reader"), first_hash="x")


@pytest.mark.req("IAM-11")
def test_two_roles_one_after_another_need_quality_each_time(database, clock, people):
    reader = people["reader"]
    by = {"administrator": people["administrator"], "qa": people["qa"]}
    for role in ("verifier", "releaser"):
        with database.writing() as session:
            give_role(session, reader, role, **by, at=clock())
        assert role_of(database, reader) == role


def words(answer) -> str:
    return html.unescape(answer.get_data(as_text=True))


@pytest.mark.req("IAM-03", "IAM-11")
def test_an_administrator_proposes_and_quality_confirms_on_the_pages(application, sqlite):
    administrator, qa = application.test_client(), application.test_client()
    sign_in(administrator, "administrator1")
    sign_in(qa, "qa1")
    answer = post(administrator, "/people/1", name="Technician 1", role="releaser", reason=WHY)
    assert answer.status_code == 303
    page = words(administrator.get("/people/1"))
    assert "It is proposed" in page and "A change waits for quality assurance" in page
    assert "Release / Qualified Person" in words(qa.get("/people/waiting"))
    path = "/people/1/rights"
    shown = Page(qa.get(path)).value("reviewed")
    proof = {"username": "qa1", "password": PASSWORD}
    assert post(qa, path, reviewed=shown, **proof).location == "/people/waiting"
    assert "No change waits" in words(qa.get("/people/waiting"))
    assert "A change waits" not in words(administrator.get("/people/1"))
    with sqlite.reading() as session:
        assert accounts.grant_of(session, 1).role == "releaser"
