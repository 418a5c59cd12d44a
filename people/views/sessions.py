"""Signing in and out, the lock, one's own password."""

from __future__ import annotations

from typing import Any

from flask import (
    Response,
    current_app,
    flash,
    make_response,
    redirect,
    request,
    session as cookie,
    url_for,
)
from wtforms import HiddenField

from integrity.canonical import digest
from integrity.facts import shown
from integrity.forms import SecretField, TextField
from people import accounts, attempts, badges, csrf, second_factors, sessions, stations
from people.access import TOKEN, requires, safe_path
from people.admission import Claim
from people.answers import form_page
from people.permissions import Permission
from people.proof import ProofForm, admitted, comes_in_with_code
from people.rules.guesses import Purpose
from people.signing import has_declared
from people.stations import Station
from people.transaction import database, now, presence, reader, session, submit
from people.views import blueprint


class SignInForm(ProofForm):
    username = TextField("User name", "Type your user name.")
    password = SecretField()
    next = HiddenField()


class UnlockForm(ProofForm):
    password = SecretField()
    next = HiddenField()


class PasswordForm(ProofForm):
    current = SecretField("Present password", "Type your present password.")
    wanted = SecretField(
        "New password", "Type the password you want.", description="At least ten characters"
    )
    again = SecretField("New password again", "Type the new password once more.")


DEVICE = "cordbook_device"  # the cookie by which a device is known again


def admit(claim: Claim, password: str, code: str) -> tuple[accounts.Person | None, str]:
    """The person, or the sentence that every failure is answered with."""
    found = admitted(claim, password, code)
    return found.person, "" if found.person else shown(found.refusal, reader())


def mine() -> Claim:
    """Who is here says so once more."""
    here = presence()
    return Claim(here.actor.username, Purpose.SIGN_IN, here.station, here.actor.id)


def station_here() -> Station:
    """Where this request comes from; a known device only where it carries the device's token."""
    token = request.cookies.get(DEVICE, "")[:100]
    return stations.at(session(), token, request.remote_addr or "")


@blueprint.route("/sign-in", methods=["GET", "POST"])
@requires(Permission.PUBLIC)
def sign_in() -> Any:
    form = SignInForm(request.form, next=request.args.get("next", ""))
    form.ask_code(second_factors.is_in_use(session()))
    if request.method == "POST" and form.validate():
        station = station_here()
        claim = Claim(form.username.data or "", Purpose.SIGN_IN, station, is_whole=True)
        person, sentence = admit(claim, form.password.data or "", form.typed_code)
        if person:
            return _start(person, station, safe_path(form.next.data))
        form.refusals.append(sentence)
        form.status = 401
    return form_page("people/sign_in.html", form, scans_badges=badges.is_in_use(session()))


def _start(person: accounts.Person, station: Station, then: str) -> Response:
    """Open the session, on a device that is known from now on."""
    token = request.cookies.get(DEVICE, "") if station.device else stations.new_token()
    station = Station(stations.name_of(token), station.address)
    with database().writing() as writing:
        if TOKEN in cookie:
            badges.leave(writing, digest(cookie[TOKEN]), person, at=now())
        attempts.clear(writing, badges.ANY_BADGE, station, Purpose.SIGN_IN, is_whole=True)
        sessions.end_on(writing, person.id, station.place, at=now(), why="signed in anew")
        stations.know(writing, stations.name_of(token), person.id, at=now())
        opened = sessions.start(writing, person, station=station, at=now())
    cookie.clear()
    cookie[TOKEN] = opened
    answer: Response = make_response(redirect(then, 303))
    answer.set_cookie(
        DEVICE,
        token,
        max_age=stations.KEPT,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
    return answer


@blueprint.post("/sign-out")
@requires(Permission.OWN_ACCOUNT, while_locked=True)
def sign_out() -> Any:
    with database().writing() as writing:
        badges.leave(writing, presence().token_digest, None, at=now())
    cookie.clear()
    return redirect(url_for("people.sign_in"), 303)


@blueprint.post("/unlock")
@requires(Permission.OWN_ACCOUNT, while_locked=True)
def unlock() -> Any:
    form = UnlockForm(request.form)
    form.ask_code(comes_in_with_code())
    if form.validate():
        person, sentence = admit(mine(), form.password.data or "", form.typed_code)
        if person:
            with database().writing() as writing:
                sessions.unlock(writing, presence().token_digest, at=now())
            return redirect(safe_path(form.next.data), 303)
        form.refusals.append(sentence)
        form.status = 401
    return form_page(
        "people/locked.html",
        form,
        next=form.next.data,
        kept=False,
        scans_badges=badges.is_in_use(session()),
    )


@blueprint.route("/password", methods=["GET", "POST"])
@requires(Permission.OWN_ACCOUNT, while_locked=True)
def password() -> Any:
    form = PasswordForm(request.form)
    form.ask_code(comes_in_with_code())
    if request.method == "POST" and form.validate():
        if form.wanted.data != form.again.data:
            form.again.errors = ["The two new passwords are not the same. Type both again."]
            form.status = 422
        elif presence().locked:
            form.refusals.append("The screen is locked. Sign in again first.")
            form.status = 401
        elif sentence := admit(mine(), form.current.data or "", form.typed_code)[1]:
            form.current.errors = [sentence]
            form.status = 401
        elif submit(form, accounts.change_password, _wanted(form)):
            restart("chose another password")
            flash("Your password is changed.", "accepted")
            # Who cannot sign would learn it at the bench, on a tablet that is not theirs.
            return redirect(url_for("home" if has_declared() else "people.declaration"), 303)
    return form_page(
        "people/password.html",
        form,
    )


def _wanted(form: PasswordForm) -> accounts.WantedPassword:
    person = session().get_one(accounts.Person, presence().actor.id)
    return accounts.wanted_password(
        session(), person, current=form.current.data or "", wanted=form.wanted.data or ""
    )


def restart(why: str) -> None:
    """End every session of who is here, and open a new one on this device (SIG-08)."""
    with database().writing() as writing:
        person = writing.get_one(accounts.Person, presence().actor.id)
        sessions.end_all_of(writing, person.id, at=now(), why=why)
        cookie[TOKEN] = sessions.start(writing, person, station=presence().station, at=now())
    csrf.renew()
