"""Two people hand a password over, and nobody signs before it was so.

An administrator asks and has half of it, somebody of QA sees who it is for, signs, and has the
other half; the person chooses a password of their own and declares what their signature means."""

from __future__ import annotations

import html
from datetime import timedelta

import pytest
from sqlalchemy import select

from integrity import signatures, states
from integrity.actions import IntegrityAction
from integrity.acts import Act
from integrity.facts import ENGLISH, drawn
from integrity.findings import Refused
from integrity.signatures import Meaning, Signature
from integrity.signers import Caution
from integrity.trail import SYSTEM, Event
from people import accounts, admission, declarations, handovers, machine, recoveries
from people.accounts import ACCOUNT, AccountState, PersonFacts
from people.admission import Claim
from people.handovers import IdentityCheck
from people.rules.guesses import Purpose
from people.stations import Station
from stores import lots
from tests.makers.people import (
    PASSWORD,
    ask_password,
    confirm_password,
    entry_id,
    make_people,
    make_person,
    new_password_for,
    post,
    sign_in,
    token,
)
from tests.makers.stores import make_lot
from tests.makers.subjects import make_subject
from tests.pages import Page

pytestmark = pytest.mark.state("technician+qa+administrator")
CHOSEN = "a phrase of my own"
WHY = "The password was forgotten."


@pytest.fixture
def people(database, clock):
    made = make_people(database, "technician", "qa", "administrator", at=clock())
    with database.writing() as session:
        made["other qa"] = make_person(session, "qa", username="qa2", name="QA 2", at=clock())
    return made


def signed_in(application, username, password=PASSWORD):
    client = application.test_client()
    assert sign_in(client, username, password).status_code == 303
    return client


def words(answer) -> str:
    return html.unescape(answer.get_data(as_text=True))


def half_on(answer) -> str:
    return Page(answer).of_class("number-value")[0].words


def sign(client, path, **typed):
    shown = Page(client.get(path)).value("reviewed")
    return post(client, path, **({"reviewed": shown} | typed))


def give_signature(database, at, who) -> Signature:
    """A signature of somebody on something, by an act that no page has gone before."""
    with database.writing() as session:
        act = Act(session, who, at)
        subject, seal = make_subject(session), signatures.seal(session, [])
        given = signatures.sign(act, seal, Meaning.VERIFIED, subject, [])
        act.say(IntegrityAction.SITE_REBUILT, subject)
    return given


def own_password(database, at, username) -> None:
    """The person changes the one-time password that they have to one of their own."""
    with database.writing() as session:
        person = accounts.find(session, username)
        kept = accounts.credential_of(session, person.id)
        wanted = accounts.WantedPassword(kept.id, accounts.hashed(CHOSEN), ())
        accounts.change_password(Act(session, accounts.actor(session, person), at), wanted)


def declare(database, at, who) -> None:
    with database.writing() as session:
        seal = signatures.seal(session, declarations.facts_of(session, who.id))
        declarations.declare(Act(session, who, at), seal=seal)


# The two halves
# -------------------------------------------------------------------------------------------------


@pytest.mark.req("SIG-14", "SIG-12")
def test_an_administrator_and_quality_hand_a_password_over_and_neither_knows_it(
    application, sqlite, clock
):
    with sqlite.writing() as session:
        make_person(session, "qa", username="qa2", at=clock())
    administrator, qa = signed_in(application, "administrator1"), signed_in(application, "qa2")
    first = half_on(post(administrator, "/people/2/standing", deed="reset", reason=WHY))
    page = words(qa.get("/people/2/password"))
    assert "administrator1" in page and "Quality assurance 1" in page
    signed = sign(qa, "/people/2/password/passport", username="qa2", password=PASSWORD)
    assert signed.location == "/people/2/password/half"
    assert signed_in(application, "qa1"), "the present password holds until the halves are given"
    second = half_on(post(qa, "/people/2/password/half"))
    assert first != second
    with sqlite.reading() as session:
        kept = accounts.credential_of(session, 2)
        for guess in (PASSWORD, first, second, f"{second}-{first}", f"{first}{second}", ""):
            assert not accounts.matches(kept, guess), guess
    locked_out_no_more = signed_in(application, "qa1", f"{first}-{second}")
    assert locked_out_no_more.get("/").location == "/password"
    with sqlite.reading() as session:
        [check] = session.scalars(select(IdentityCheck).where(IdentityCheck.username == "qa2"))
        assert (check.document, check.at) == ("passport", clock())


@pytest.mark.req("SIG-14")
def test_the_second_half_is_shown_once_and_to_nobody_else(application, sqlite, clock):
    with sqlite.writing() as session:
        for username in ("qa2", "qa3"):
            make_person(session, "qa", username=username, name=username, at=clock())
    administrator, qa, other = (
        signed_in(application, each) for each in ("administrator1", "qa2", "qa3")
    )
    post(administrator, "/people/2/standing", deed="reset", reason=WHY)
    path = "/people/2/password/half"
    assert post(qa, path).status_code == 409, "before anybody confirmed"
    sign(qa, "/people/2/password/identity_card", username="qa2", password=PASSWORD)
    answer = post(other, path)
    assert (answer.status_code, "shown to them alone" in words(answer)) == (409, True)
    form = {"csrf_token": token(qa, path), "entry_id": entry_id()}
    assert qa.post(path, data=form).status_code == 200
    assert qa.post(path, data=form).status_code == 303, "the same tap again shows no half"
    assert post(qa, path).status_code == 409


@pytest.mark.req("SIG-14", "IAM-03")
def test_nobody_confirms_their_own_password_nor_one_they_asked_for(database, clock, people):
    ask_password(database, clock(), "qa1", administrator=people["administrator"])
    with pytest.raises(Refused, match="Nobody confirms their own password"):
        confirm_password(database, clock(), "qa1", qa=people["qa"])
    ask_password(database, clock(), "technician1", administrator=people["qa"])
    with pytest.raises(Refused, match="You asked for this password yourself"):
        confirm_password(database, clock(), "technician1", qa=people["qa"])
    assert confirm_password(database, clock(), "technician1", qa=people["other qa"])


@pytest.mark.req("SIG-14", "SIG-20")
def test_quality_declines_with_a_signed_reason_and_the_present_password_holds(
    application, sqlite, clock
):
    administrator, qa = signed_in(application, "administrator1"), signed_in(application, "qa1")
    post(administrator, "/people/1/standing", deed="reset", reason=WHY)
    path, proof = "/people/1/password/decline", {"username": "qa1", "password": PASSWORD}
    assert sign(qa, path, **proof, comment="no").status_code == 422
    answer = sign(qa, path, **proof, comment="Nobody came to see me.")
    assert answer.location == "/people/waiting"
    assert "No password waits" in words(qa.get("/people/waiting"))
    assert sign(qa, "/people/1/password/passport", **proof).status_code == 409
    assert signed_in(application, "technician1")


@pytest.mark.req("SIG-12", "IAM-11")
def test_a_new_person_is_nobody_until_quality_has_seen_who_they_are(database, clock, people):
    who = PersonFacts("newcomer", "New Comer", "qa")
    half = accounts.new_half()
    with database.writing() as session:
        act = Act(session, people["administrator"], clock())
        made = handovers.propose(act, who, first_hash=accounts.hashed(half))
        number = made.id
    with database.reading() as session:
        assert states.of(session, number, ACCOUNT) == "proposed"
        assert accounts.credential_of(session, number) is None
        assert number not in accounts.active_others(session, people["qa"].id, "qa")
    second = confirm_password(database, clock(), "newcomer", qa=people["qa"])
    with database.reading() as session:
        assert states.of(session, number, ACCOUNT) == "active"
        kept = accounts.credential_of(session, number)
        assert accounts.matches(kept, f"{half}-{second}")


@pytest.mark.req("SIG-14", "IAM-03")
def test_an_administrator_lets_nobody_in_whom_quality_has_not_confirmed(database, clock, people):
    """Nor would such an account let the last of quality be taken away."""
    with database.writing() as session:
        act = Act(session, people["administrator"], clock())
        who = PersonFacts("ghost", "No Body", "qa")
        number = handovers.propose(act, who, first_hash=accounts.hashed("x" * 12)).id

    def stand(person, becomes, why="It is needed at once."):
        with database.writing() as session:
            act = Act(session, people["administrator"], clock())
            accounts.set_standing(act, person, becomes, reason=why)

    with pytest.raises(Refused, match="has not confirmed who this is"):
        stand(number, AccountState.ACTIVE)
    stand(number, AccountState.DEACTIVATED)
    with pytest.raises(Refused, match="has not confirmed who this is"):
        stand(number, AccountState.ACTIVE)
    stand(people["other qa"].id, AccountState.DEACTIVATED)
    with pytest.raises(Refused, match="the only active person"):
        stand(people["qa"].id, AccountState.DEACTIVATED)


@pytest.mark.req("SIG-14")
def test_a_password_that_is_another_one_by_now_opens_nothing(database, clock, people):
    """It was judged before the writer was asked for; meanwhile another one was handed over."""
    claim = Claim("technician1", Purpose.SIGN_IN, Station(None, "127.0.0.1"))
    with database.reading() as session:
        credential = accounts.proven(session, "technician1", PASSWORD)
    with database.writing() as session:
        assert admission.admit(Act(session, SYSTEM, clock()), claim, credential).person
    quality = {"administrator": people["administrator"], "qa": people["qa"]}
    new_password_for(database, clock(), "technician1", **quality)
    with database.writing() as session:
        assert admission.admit(Act(session, SYSTEM, clock()), claim, credential).person is None


def test_who_looks_after_people_reads_what_was_signed_about_one_and_nobody_else(
    application, sqlite, clock
):
    with sqlite.writing() as session:
        by = {each: accounts.find(session, f"{each}1") for each in ("administrator", "qa")}
        administrator, qa = (accounts.actor(session, by[each], None) for each in by)
        make_person(session, "reader", at=clock())
        who = PersonFacts("newcomer", "New Comer", "technician", "new@example.org", "B-77")
        first = accounts.hashed("x" * 12)
        handovers.propose(Act(session, administrator, clock()), who, first_hash=first)
    confirm_password(sqlite, clock(), "newcomer", qa=qa)
    with sqlite.reading() as session:
        number = accounts.find(session, "newcomer").id
        [given] = signatures.of(session, number)
    for username, reads in (("qa1", True), ("administrator1", True), ("reader1", False)):
        said = words(signed_in(application, username).get(f"/signatures/{given.id}"))
        assert ("new@example.org" in said, "B-77" in said) == (reads, reads)
        assert given.facts_digest in said


@pytest.mark.req("SIG-11")
def test_a_second_account_of_one_human_is_asked_about_and_quality_reads_whom_it_looks_like(
    application, sqlite, clock
):
    administrator, qa = signed_in(application, "administrator1"), signed_in(application, "qa1")
    typed = {"username": "tech7", "name": "TECHNICIAN  1", "role": "verifier"}
    answer = post(administrator, "/people/new", **typed)
    assert (answer.status_code, "technician1 (same name)" in words(answer)) == (409, True)
    assert post(administrator, "/people/new", **typed, another_human="y").status_code == 200
    number = 5 if "tech7" in words(administrator.get("/people/5")) else 4
    page = words(qa.get(f"/people/{number}/password"))
    assert "Is another human than" in page and "technician1 (same name)" in page


# Before the first signature
# -------------------------------------------------------------------------------------------------


@pytest.mark.req("SIG-13")
def test_the_declaration_is_signed_before_the_first_signature_and_its_words_are_kept(
    application, sqlite, clock
):
    with sqlite.writing() as session:
        make_person(session, "qa", username="qa7", name="QA 7", at=clock(), declares=False)
        lot = make_lot(session, by=make_person(session, "qa", at=clock()), at=clock())
    client = signed_in(application, "qa7")
    path = f"/lots/{lot.code}/release"
    led = client.get(path)
    assert (led.status_code, led.location) == (302, f"/declaration?next={path}")
    form = {"csrf_token": token(client, "/password"), "entry_id": entry_id()}
    proof = {"username": "qa7", "password": PASSWORD}
    with sqlite.reading() as session:
        seal = signatures.seal(session, lots.facts_of(session, lot.id))
    answer = client.post(path, data=form | proof | {"reviewed": seal.reviewed})
    assert (answer.status_code, "Sign the declaration" in words(answer)) == (409, True)
    assert sign(client, led.location, **proof).location == path
    assert sign(client, path, password=PASSWORD).status_code == 303
    with sqlite.reading() as session:
        mine = select(Signature).where(Signature.username == "qa7").order_by(Signature.id)
        first, second = session.scalars(mine)
        assert (first.meaning, second.meaning) == ("declared", "approved")
        said = dict(signatures.signed_facts(session, first))
        assert "legally binding equivalent" in said["Declaration"]
        assert said["Version of the declaration"] == declarations.VERSION


@pytest.mark.req("SIG-13")
def test_another_version_of_the_declaration_is_signed_anew(database, clock, people, monkeypatch):
    assert give_signature(database, clock(), people["qa"])
    monkeypatch.setattr("people.signing_right.VERSION", "2")
    monkeypatch.setattr("people.declarations.VERSION", "2")
    with pytest.raises(Refused, match="Sign the declaration"):
        give_signature(database, clock(), people["qa"])
    declare(database, clock(), people["qa"])
    assert give_signature(database, clock(), people["qa"])


@pytest.mark.req("SIG-14")
def test_a_signature_soon_after_a_reset_says_so_and_a_later_one_does_not(database, clock, people):
    by = {"administrator": people["administrator"], "qa": people["other qa"]}
    assert give_signature(database, clock(), people["qa"]).caution is None
    new_password_for(database, clock(), "qa1", **by)
    handed_over = clock()
    with pytest.raises(Refused, match="one-time password"):
        give_signature(database, clock(), people["qa"])
    clock.advance(minutes=5)
    own_password(database, clock(), "qa1")
    given = give_signature(database, clock(), people["qa"])
    assert (given.caution, given.caution_since) == (Caution.RESET, handed_over)
    clock.at = handed_over + timedelta(hours=24) - timedelta(milliseconds=1)
    assert give_signature(database, clock(), people["qa"]).caution == Caution.RESET
    clock.at = handed_over + timedelta(hours=24)
    assert give_signature(database, clock(), people["qa"]).caution is None


@pytest.mark.req("SIG-14")
def test_the_mark_of_a_signature_cannot_be_taken_away(database, clock, people):
    by = {"administrator": people["administrator"], "qa": people["other qa"]}
    new_password_for(database, clock(), "qa1", **by)
    own_password(database, clock(), "qa1")
    given = give_signature(database, clock(), people["qa"])
    with database.reading() as session:
        kept = session.get_one(Signature, given.id)
        assert signatures.invalid(session, [kept]) == set()
        session.expunge(kept)
        kept.caution = None
        assert signatures.invalid(session, [kept]) == {given.id}


# From the machine
# -------------------------------------------------------------------------------------------------


@pytest.mark.req("SIG-14")
def test_a_reset_at_the_machine_opens_sign_in_alone_and_quality_brings_signing_back(
    database, clock, people
):
    with database.writing() as session:
        act = Act(session, SYSTEM, clock())
        machine.reset(act, people["qa"].id, password_hash=accounts.hashed("x" * 12), reason=WHY)
    own_password(database, clock(), "qa1")
    with pytest.raises(Refused, match="opens sign-in alone"):
        give_signature(database, clock(), people["qa"])
    by = {"administrator": people["administrator"], "qa": people["other qa"]}
    new_password_for(database, clock(), "qa1", **by)
    own_password(database, clock(), "qa1")
    assert give_signature(database, clock(), people["qa"]).caution == Caution.RESET


@pytest.mark.req("SIG-14")
def test_a_reset_at_the_machine_ends_what_two_were_about_to_hand_over(database, clock, people):
    ask_password(database, clock(), "qa1", administrator=people["administrator"])
    with database.writing() as session:
        act = Act(session, SYSTEM, clock())
        machine.reset(act, people["qa"].id, password_hash=accounts.hashed("x" * 12), reason=WHY)
    with pytest.raises(Refused, match="waits to be confirmed"):
        confirm_password(database, clock(), "qa1", qa=people["other qa"])


@pytest.mark.req("SIG-14")
def test_what_the_machine_does_alone_no_person_does(database, clock, people):
    who = PersonFacts("sneaky", "Sneaky Person", "qa")
    deeds = (
        lambda act: machine.found(act, who, password_hash="x"),
        lambda act: machine.reset(act, people["qa"].id, password_hash="x", reason=WHY),
        lambda act: machine.recover(act, people["qa"].id, password_hash="x", reason=WHY),
    )
    for deed in deeds:
        alone = pytest.raises(Refused, match="Nobody makes or lets in a person alone")
        with alone, database.writing() as session:
            deed(Act(session, people["administrator"], clock()))


@pytest.mark.req("SIG-14")
def test_the_last_of_quality_signs_under_a_mark_until_another_one_has_judged(
    database, clock, people
):
    def recover():
        with database.writing() as session:
            act = Act(session, SYSTEM, clock())
            one_time = accounts.hashed("x" * 12)
            machine.recover(act, people["qa"].id, password_hash=one_time, reason=WHY)

    def judge(who):
        with database.writing() as session:
            found = recoveries.facts_of(session, people["qa"].id)
            seal = signatures.seal(session, found, comment="I read what was signed.")
            recoveries.judge(Act(session, who, clock()), people["qa"].id, seal=seal)

    with pytest.raises(Refused, match="Another person of quality assurance is active"):
        recover()
    with database.writing() as session:
        act = Act(session, people["administrator"], clock())
        other = people["other qa"].id
        accounts.set_standing(act, other, AccountState.DEACTIVATED, reason="Is away for long.")
    recover()
    own_password(database, clock(), "qa1")
    clock.advance(days=30)
    assert give_signature(database, clock(), people["qa"]).caution == Caution.RECOVERY
    with pytest.raises(Refused, match="judged by another person"):
        judge(people["qa"])
    with database.writing() as session:
        act = Act(session, people["administrator"], clock())
        accounts.set_standing(act, other, AccountState.ACTIVE, reason="Is here again now.")
    judge(people["other qa"])
    assert give_signature(database, clock(), people["qa"]).caution is None
    with database.writing() as session:
        act = Act(session, people["administrator"], clock())
        accounts.set_standing(act, other, AccountState.DEACTIVATED, reason="Is away for long.")
    clock.advance(days=1)
    recover()
    with database.reading() as session:
        signed = dict(drawn(recoveries.facts_of(session, people["qa"].id), ENGLISH))
    assert "0" in signed.values()  # what was judged before is not judged again
    with database.reading() as session:
        assert session.scalar(select(Event).where(Event.action == "person.recovery.judged"))


@pytest.mark.req("SIG-14")
def test_quality_finds_on_its_page_who_signs_under_a_mark_and_judges_it(application, sqlite, clock):
    with sqlite.writing() as session:
        act = Act(session, SYSTEM, clock())
        number = accounts.find(session, "qa1").id
        machine.recover(act, number, password_hash=accounts.hashed(PASSWORD), reason=WHY)
        make_person(session, "qa", username="qa2", name="QA 2", at=clock())
    qa = signed_in(application, "qa2")
    assert "To be judged" in words(qa.get("/people/waiting"))
    proof = {"username": "qa2", "password": PASSWORD}
    answer = sign(qa, f"/people/{number}/recovery", **proof, comment="Nothing was signed at all.")
    assert answer.status_code == 303
    assert "Nobody signs under a mark" in words(qa.get("/people/waiting"))
