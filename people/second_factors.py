"""Codes from a phone, beside the password (RFC 6238, SIG-09): enrolled by their holder, asked for
where the holder comes in and signs, ended by their holder or with a new password.

A secret is kept nowhere. It is worked out of the secret of the installation and a number drawn for
it, which is all that the database holds."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime

import pyotp
from sqlalchemy import ForeignKey, exists, select
from sqlalchemy.orm import Mapped, mapped_column

from integrity import site, states, vocabulary
from integrity.acts import Act
from integrity.database import By, Record, Session, Working
from integrity.findings import refuse_if_blocked
from integrity.site import SettingName
from integrity.states import State
from people import accounts, spare_codes
from people.accounts import Person
from people.actions import PeopleAction
from people.rules import second_factors as rules
from people.rules.second_factors import MOVES, Code, FactorState, Occasion, Spare
from people.spare_codes import Drawn, SpareCodes, SpareCodeUse

SECOND_FACTOR = vocabulary.axis("second_factor", FactorState)
ISSUER = "Cordbook"
SECRET_BYTES = 20  # as RFC 4226 recommends, and what every phone reads
TOLERATED = 1  # intervals of thirty seconds by which a phone may be wrong, each way


class SecondFactor(Record, By):
    """A secret that somebody's phone has: the number it was worked out of."""

    __tablename__ = "second_factors"

    holder_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    nonce: Mapped[str]
    at: Mapped[datetime]


class UsedCode(Working):
    """The newest interval of which somebody used a code: it and what was before opens nothing."""

    __tablename__ = "used_codes"

    holder_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    interval: Mapped[int]


# What is asked
# -------------------------------------------------------------------------------------------------


def state_of(session: Session, person_id: int) -> str | None:
    """How far the phone of a person is."""
    return states.of(session, person_id, SECOND_FACTOR)


def is_in_use(session: Session) -> bool:
    """Whether anybody here has one, so that strangers are asked for a code as well."""
    mine = exists().where(
        State.subject_kind == Person.__tablename__,
        State.axis == SECOND_FACTOR,
        State.state == FactorState.IN_FORCE,
    )
    return bool(session.scalar(select(mine)))


def policy(session: Session) -> str:
    """What the site wants of whoever signs."""
    return site.settings(session)[SettingName.SECOND_FACTOR]


def wants_code(session: Session, person_id: int, occasion: Occasion) -> bool:
    """Whether a code is asked for beside the password of this person."""
    return rules.wants_code(policy(session), state_of(session, person_id), occasion)


def newest(session: Session, person_id: int) -> SecondFactor | None:
    mine = select(SecondFactor).where(SecondFactor.holder_id == person_id)
    return session.scalar(mine.order_by(SecondFactor.id.desc()).limit(1))


def secret_of(factor: SecondFactor, key: str) -> str:
    """The secret in base 32, as a phone takes it; `key` is the secret of the installation."""
    drawn = f"second factor {factor.holder_id} {factor.nonce}"
    worked_out = hmac.new(key.encode(), drawn.encode(), hashlib.sha256).digest()
    return base64.b32encode(worked_out[:SECRET_BYTES]).decode()


def address_of(factor: SecondFactor, key: str, username: str) -> str:
    """What the QR says to a phone."""
    one = pyotp.TOTP(secret_of(factor, key), name=username, issuer=ISSUER)
    return one.provisioning_uri()


def interval_of(factor: SecondFactor, key: str, typed: str, at: datetime) -> int | None:
    """Of which interval a code is, or None where it is of none around now."""
    digits = "".join(typed.split())
    if not (digits.isascii() and digits.isdigit()):
        return None
    one = pyotp.TOTP(secret_of(factor, key))
    try:
        return one.verify_and_get_timecode(digits, for_time=at, valid_window=TOLERATED)
    except pyotp.OTPVerificationError:
        return None


@dataclass(frozen=True)
class Typed:
    """Of which secret a code is that somebody typed, and of which interval or which spare one."""

    factor_id: int
    interval: int | None
    spare: Spare | None = None


def typed_by(session: Session, username: str, key: str, typed: str, at: datetime) -> Typed | None:
    """What is known of a code that somebody of this name typed, or None where it is none of now."""
    person = accounts.find(session, username)
    factor = newest(session, person.id) if person else None
    interval = interval_of(factor, key, typed, at) if factor else None
    spare = spare_codes.typed_by(session, factor.id if factor else None, typed, key)
    is_known = factor and (spare or interval is not None)
    return Typed(factor.id, interval, spare) if factor and is_known else None


def spares_left(session: Session, person_id: int) -> int | None:
    """How many spare codes of a person were not used; None where they have no phone."""
    if state_of(session, person_id) != FactorState.IN_FORCE:
        return None
    factor = newest(session, person_id)
    return spare_codes.left(session, factor.id) if factor else None


# What is done
# -------------------------------------------------------------------------------------------------


def admits(
    act: Act, person: Person, typed: Typed | None, occasion: Occasion, device: str | None = None
) -> bool:
    """Whether a person is admitted by the code they gave, which opens nothing from now on.

    To be asked once the password is right, in the transaction that admits. A code of a secret that
    is another one by now is none.
    """
    if not wants_code(act.session, person.id, occasion):
        return True
    factor = newest(act.session, person.id)
    if typed is None or factor is None or typed.factor_id != factor.id:
        return False
    if typed.spare:
        return _use_spare(act, person, factor, typed.spare, device)
    return _use(act.session, person.id, typed.interval)


def _use(session: Session, person_id: int, interval: int | None) -> bool:
    used = session.get(UsedCode, person_id)
    if interval is None or not rules.opens(Code(interval, used.interval if used else None)):
        return False
    if used:
        used.interval = interval
    else:
        session.add(UsedCode(holder_id=person_id, interval=interval))
    return True


def _use_spare(
    act: Act, person: Person, factor: SecondFactor, spare: Spare, device: str | None
) -> bool:
    """Use a spare code up, say so, and say where few are left."""
    held = spare_codes.newest(act.session, factor.id)
    used = spare_codes.used(act.session, held.id) if held else frozenset[int]()
    if held is None or not rules.opens_spare(spare, held.id, used):
        return False
    mine = Act(act.session, accounts.actor(act.session, person, device), act.at)
    mine.add(SpareCodeUse(codes_id=held.id, place=spare.place, at=act.at))
    left = len(held.digests) - len(used) - 1
    mine.say(PeopleAction.SPARE_CODE_USED, person, details={"left": str(left)})
    if rules.are_few(left):
        mine.say(PeopleAction.SPARE_CODES_FEW, person, details={"left": str(left)})
    return True


def begin(act: Act) -> Person:
    """Draw a secret for the phone of whoever acts; it is asked for once they have confirmed it."""
    if earlier := act.once(PeopleAction.SECOND_FACTOR_BEGUN, act.by.id):
        return act.session.get_one(Person, earlier)
    person = act.session.get_one(Person, act.by.id)
    refuse_if_blocked(rules.against_beginning(state_of(act.session, person.id)))
    act.add(SecondFactor(holder_id=person.id, nonce=secrets.token_hex(16), at=act.at))
    states.move(act, person, SECOND_FACTOR, FactorState.BEGUN, allowed=MOVES)
    act.say(PeopleAction.SECOND_FACTOR_BEGUN, person, facts=person.id)
    return person


def confirm(act: Act, typed: str, *, key: str, spare: Drawn) -> Person:
    """Whoever acts has typed a code of their phone; from now on one is asked for.

    `spare` are the spare codes that were drawn for it.
    """
    said = [act.by.id, spare.salt]
    if earlier := act.once(PeopleAction.SECOND_FACTOR_CONFIRMED, said):
        return act.session.get_one(Person, earlier)
    person = act.session.get_one(Person, act.by.id)
    factor, used = newest(act.session, person.id), act.session.get(UsedCode, person.id)
    interval = interval_of(factor, key, typed, act.at) if factor else None
    code = Code(interval, used.interval if used else None)
    refuse_if_blocked(rules.against_confirming(state_of(act.session, person.id), code))
    _use(act.session, person.id, interval)
    if factor:
        _keep(act, factor, spare)
    states.move(act, person, SECOND_FACTOR, FactorState.IN_FORCE, allowed=MOVES)
    act.say(PeopleAction.SECOND_FACTOR_CONFIRMED, person, facts=said)
    return person


def _keep(act: Act, factor: SecondFactor, spare: Drawn) -> None:
    kept = {"salt": spare.salt, "digests": list(spare.digests)}
    act.add(SpareCodes(factor_id=factor.id, at=act.at, **kept))


def draw_spares(act: Act, spare: Drawn) -> Person:
    """Ten other spare codes for whoever acts; those before open nothing any more."""
    said = [act.by.id, spare.salt]
    if earlier := act.once(PeopleAction.SPARE_CODES_DRAWN, said):
        return act.session.get_one(Person, earlier)
    person = act.session.get_one(Person, act.by.id)
    factor = newest(act.session, person.id)
    refuse_if_blocked(rules.against_drawing(state_of(act.session, person.id)))
    if factor:
        _keep(act, factor, spare)
    act.say(PeopleAction.SPARE_CODES_DRAWN, person, facts=said)
    return person


def end(act: Act) -> Person:
    """Whoever acts has no phone for it any more."""
    if earlier := act.once(PeopleAction.SECOND_FACTOR_ENDED, act.by.id):
        return act.session.get_one(Person, earlier)
    person = act.session.get_one(Person, act.by.id)
    refuse_if_blocked(rules.against_ending(state_of(act.session, person.id)))
    states.move(act, person, SECOND_FACTOR, FactorState.ENDED, allowed=MOVES)
    act.say(PeopleAction.SECOND_FACTOR_ENDED, person, facts=person.id)
    return person


def end_with_password(act: Act, person: Person) -> None:
    """A new password is handed over, and with it the phone is let go; the calling act says it."""
    if state_of(act.session, person.id) in (FactorState.BEGUN, FactorState.IN_FORCE):
        states.move(act, person, SECOND_FACTOR, FactorState.ENDED, allowed=MOVES)
