"""Whoever reviews a batch is told, and signs, which of its signatures were given soon after a new
password, and which after the machine let the last of quality back in."""

from __future__ import annotations

import pytest

from integrity import signatures
from integrity.acts import Act
from integrity.facts import ENGLISH
from integrity.signatures import Signature
from integrity.trail import SYSTEM
from people import accounts, machine, recoveries
from people.accounts import AccountState
from people.signing import caution
from qc.release import alerts, full_record, release_inputs, review
from qc.release.words import ReleaseTerm
from tests.makers.people import make_person, new_password_for

pytestmark = pytest.mark.state("finished")
CHOSEN = "a phrase of my own"


def own_password(made, username) -> None:
    with made.database.writing() as session:
        person = accounts.find(session, username)
        kept = accounts.credential_of(session, person.id)
        wanted = accounts.WantedPassword(kept.id, accounts.hashed(CHOSEN), ())
        by = accounts.actor(session, person)
        accounts.change_password(Act(session, by, made.clock()), wanted)


def told(made) -> list[str]:
    """What the review says of signatures, in English, shown and signed."""
    with made.database.reading() as session:
        found = release_inputs.gather(session, made.batch, made.clock())
        shown = [
            alerts.shown(each, ENGLISH).story
            for each in alerts.of(session, found)
            if each.word is ReleaseTerm.CAUTION
        ]
        signed = [
            fact
            for term, fact in review.review_facts(session, made.batch.id, made.clock())
            if term == {"word": ReleaseTerm.CAUTION.value}
        ]
        assert len(signed) == len(shown), "what is told is part of what is signed"
        return shown


@pytest.mark.req("SIG-14", "EBR-17")
def test_a_signature_soon_after_a_reset_is_an_exception_of_the_review_and_stands_on_the_record(
    finished,
):
    with finished.database.writing() as session:
        administrator = make_person(session, "administrator", at=finished.clock())
        another = make_person(session, "qa", username="qa2", name="QA 2", at=finished.clock())
    assert told(finished) == []
    new_password_for(
        finished.database, finished.clock(), "qa1", administrator=administrator, qa=another
    )
    own_password(finished, "qa1")
    finished.review()
    [story] = told(finished)
    assert "Within 24 hours of a new password" in story
    with finished.database.reading() as session:
        given = signatures.of(session, finished.batch)[-1]
        assert "within 24 hours of a new password" in caution(given)
        found = release_inputs.gather(session, finished.batch, finished.clock())
        assert caution(given) in str(full_record.record_of(session, found))


@pytest.mark.req("SIG-14", "EBR-17")
def test_what_the_last_of_quality_signed_is_an_exception_that_says_whether_it_was_judged(finished):
    at = finished.clock()
    with finished.database.writing() as session:
        another = make_person(session, "qa", username="qa2", name="QA 2", at=at)
        system = Act(session, SYSTEM, at)
        number = accounts.find(session, "qa1").id
        for other in accounts.active_others(session, number, "qa"):
            accounts.set_standing(
                system, other, AccountState.DEACTIVATED, reason="Is away for weeks."
            )
        one_time = accounts.hashed("x" * 12)
        machine.recover(system, number, password_hash=one_time, reason="Locked out on a Sunday.")
    own_password(finished, "qa1")
    finished.review()
    [story] = told(finished)
    assert "no other person of quality has judged yet" in story
    with finished.database.writing() as session:
        system = Act(session, SYSTEM, at)
        accounts.set_standing(system, another.id, AccountState.ACTIVE, reason="Is here again now.")
        found = recoveries.facts_of(session, number)
        seal = signatures.seal(session, found, comment="I read what was signed.")
        recoveries.judge(Act(session, another, at), number, seal=seal)
    [story] = told(finished)
    assert "another person of quality has judged" in story


def test_a_signature_without_a_mark_says_nothing():
    assert caution(Signature(caution=None)) is None
