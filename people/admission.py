"""Admission: whether somebody is who they say, to sign in or to sign, and what a failure leads to.

Every failure gets one answer: an unknown name, a wrong password, a closed or deactivated account.
The password is judged before the writing transaction, because that is slow on purpose, and whoever
has to wait is told so before it is judged at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from integrity import facts, outbox, states
from integrity.acts import Act
from integrity.canonical import instant_text
from integrity.catalogue import Message
from integrity.database import Session
from integrity.facts import Fact, message, word
from integrity.trail import Actor
from people import (
    access_log,
    accounts,
    attempts,
    closings,
    second_factors,
    sessions,
    stations,
)
from people.access_log import AccessKind
from people.accounts import ACCOUNT, AccountState, Person
from people.actions import PeopleAction
from people.permissions import Role
from people.rules import guesses
from people.rules.guesses import Guess, Purpose
from people.rules.second_factors import Occasion
from people.second_factors import Typed
from people.stations import Station

JUDGES_QUALITY = (Role.QA, Role.RELEASER)  # of whose failures quality is told as well


class RefusalWord(Message):
    """What somebody who was not admitted is told."""

    SIGN_IN = "sign-in-refused"
    SIGN = "signing-refused"
    WAIT = "too-many-attempts"
    BADGE = "badge-refused"


REFUSED_KIND = {
    Purpose.SIGN_IN: AccessKind.SIGN_IN_REFUSED,
    Purpose.SIGN: AccessKind.SIGNING_REFUSED,
}


@dataclass(frozen=True)
class Claim:
    """Who somebody says they are, what for, and at which station.

    `tablet_of` is whose session this is in, None where nobody is signed in; `is_whole` is whether
    it is a sign-in with everything that one takes; `occasion` says whether a code is asked for.
    """

    username: str
    purpose: Purpose
    station: Station
    tablet_of: int | None = None
    is_whole: bool = False
    occasion: Occasion = Occasion.COMING_IN


@dataclass(frozen=True)
class Admission:
    """The person where they are admitted, otherwise the seconds for which nothing is judged."""

    claim: Claim
    person: Person | None = None
    seconds: int = 0

    @property
    def refusal(self) -> Fact:
        """What they are told; nothing of it depends on the password."""
        if self.seconds:
            return message(RefusalWord.WAIT, seconds=str(self.seconds))
        return word(RefusalWord[self.claim.purpose.name])


def wait(session: Session, claim: Claim, at: datetime) -> int:
    """For how many seconds nothing is judged of this claim."""
    return guesses.wait(_guess(session, claim, accounts.find(session, claim.username)), at)


def _guess(session: Session, claim: Claim, person: Person | None) -> Guess:
    name = accounts.normal(claim.username)
    here, of_name, of_address = attempts.failed(session, name, claim.station, claim.purpose)
    holder = person.id if person else 0
    return Guess(
        claim.purpose,
        stations.is_own(session, claim.station, holder),
        here,
        of_name,
        of_address,
        closings.is_closed(session, holder, claim.purpose, claim.station),
    )


def admit(act: Act, claim: Claim, credential: int | None, typed: Typed | None = None) -> Admission:
    """Admit the person, or count the failure and close what it closes.

    `credential` is the one that the password has proven, judged before the writer was asked for:
    it admits nobody whose password is another one by now. `typed` is what is known of a code. The
    caller commits whatever the answer is.
    """
    person = accounts.find(act.session, claim.username)
    guess = _guess(act.session, claim, person)
    if seconds := guesses.wait(guess, act.at):
        return Admission(claim, seconds=seconds)
    holder = person.id if person else 0
    standing = states.of_many(act.session, [holder], ACCOUNT).get(holder)
    is_refused = standing != AccountState.ACTIVE or guesses.is_refused(guess, act.at)
    if (
        person
        and not is_refused
        and _is_theirs(act.session, person, credential)
        and second_factors.admits(act, person, typed, claim.occasion, claim.station.named)
    ):
        _succeed(act, person, claim)
        return Admission(claim, person)
    attempts.count(
        act.session,
        accounts.normal(claim.username),
        claim.station,
        claim.purpose,
        for_name=guesses.counts_for_name(guess, act.at),
        at=act.at,
    )
    _fail(act, person, claim, guess)
    return Admission(claim)


def _is_theirs(session: Session, person: Person, credential: int | None) -> bool:
    present = accounts.credential_of(session, person.id)
    return present is not None and present.id == credential


def _succeed(act: Act, person: Person, claim: Claim) -> None:
    attempts.clear(
        act.session, person.username, claim.station, claim.purpose, is_whole=claim.is_whole
    )
    if claim.is_whole:
        closings.open_signing_here(act, person, claim.station)


def _fail(act: Act, person: Person | None, claim: Claim, guess: Guess) -> None:
    """Log it, and for a name that somebody has say what follows."""
    name = person.username if person else ""
    by = Actor(person.id if person else None, name, name, "", "", claim.station.named)
    log = "" if person else "a name that nobody has"
    access_log.write(act.session, REFUSED_KIND[claim.purpose], by, at=act.at, what=log)
    if guesses.tells(guess, act.at):
        _tell_of_address(act, claim.station)
    if person is None:
        return
    if claim.purpose is Purpose.SIGN:
        details = {"device": claim.station.named or ""}
        by = Actor(None, name, name, "system", "System", claim.station.named)
        Act(act.session, by, act.at).say(PeopleAction.SIGNATURE_FAILED, person, details=details)
    if guesses.closes(guess, act.at):
        _close(act, person, claim, guess)


def _tell_of_address(act: Act, station: Station) -> None:
    """One address tries name after name: no account may be closed by that, so it is told."""
    where = stations.network(station.address)
    outbox.put(
        act.session,
        f"Cordbook: many sign-ins and signings failed from the address {where}",
        f"{guesses.FREE_OF_ADDRESS} attempts failed from the address {where} within a day, the "
        f"last at {instant_text(act.at)}. From now on each makes the next one wait longer. The "
        "access log says which names were tried.\n",
        at=act.at,
    )


def _close(act: Act, person: Person, claim: Claim, guess: Guess) -> None:
    made = closings.close(
        act.by_system(),
        person,
        claim.purpose,
        claim.station,
        is_own=guess.is_own,
        tablet_of=claim.tablet_of,
    )
    who = accounts.actor(act.session, person, claim.station.named)
    where = facts.shown(facts.listed(each.where for each in made))
    what = "Signing in" if claim.purpose is Purpose.SIGN_IN else "Signing"
    what_closed = f"{what} is closed {where}"
    access_log.write(act.session, AccessKind.CLOSED, who, at=act.at, what=what_closed)
    if claim.purpose is Purpose.SIGN_IN and claim.station.device:
        sessions.end_on(act.session, person.id, claim.station.device, at=act.at, why=what_closed)
    outbox.put(
        act.session,
        f"Cordbook: {what.lower()} is closed for {person.username} {where}",
        f"{what} is closed for {person.username} ({who.role_title}) {where}, after "
        f"{guesses.FAILURES[claim.purpose]} failures.\n"
        f"Last attempt: {instant_text(act.at)}, from {claim.station.named or 'an unknown device'}."
        "\nFind out who tried before an administrator opens it again.\n",
        at=act.at,
        of_quality=who.role in JUDGES_QUALITY,
    )
