"""Signing in and out, the lock, one's own password."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, session as cookie, url_for
from wtforms import HiddenField

from integrity.canonical import digest
from integrity.forms import Form, SecretField, TextField
from people import accounts, csrf, sessions
from people.access import TOKEN, requires, safe_path
from people.answers import form_page
from people.permissions import Permission
from people.transaction import (
    database,
    now,
    presence,
    send_alerts,
    session,
    submit,
    transaction,
)
from people.views import blueprint


class SignInForm(Form):
    username = TextField("User name", "Type your user name.")
    password = SecretField()
    next = HiddenField()


class UnlockForm(Form):
    password = SecretField()
    next = HiddenField()


class PasswordForm(Form):
    current = SecretField("Present password", "Type your present password.")
    wanted = SecretField(
        "New password", "Type the password you want.", description="At least ten characters"
    )
    again = SecretField("New password again", "Type the new password once more.")


def _admit(username: str, password: str) -> tuple[accounts.Person | None, str]:
    with database().reading() as reading:
        ok = sessions.knows(reading, username, password)
    with transaction() as act:
        try:
            return sessions.admit(
                act.session, username, ok, "sign in", device=_device(), at=act.at
            ), ""
        except sessions.NotAdmitted as fault:
            sentence = str(fault)
    send_alerts()
    return None, sentence


def _device() -> str | None:
    return request.remote_addr


@blueprint.route("/sign-in", methods=["GET", "POST"])
@requires(Permission.PUBLIC)
def sign_in() -> Any:
    form = SignInForm(request.form, next=request.args.get("next", ""))
    if request.method == "POST" and form.validate():
        person, sentence = _admit(form.username.data or "", form.password.data or "")
        if person:
            token = _start(person)
            cookie.clear()
            cookie[TOKEN] = token
            return redirect(safe_path(form.next.data), 303)
        form.refusals.append(sentence)
        form.status = 401
    return form_page(
        "people/sign_in.html",
        form,
    )


def _start(person: accounts.Person) -> str:
    with database().writing() as writing:
        if TOKEN in cookie:
            sessions.end(writing, digest(cookie[TOKEN]))
        return sessions.start(writing, person, device=_device(), at=now())


@blueprint.post("/sign-out")
@requires(Permission.OWN_ACCOUNT, while_locked=True)
def sign_out() -> Any:
    with database().writing() as writing:
        sessions.end(writing, presence().token_digest)
    cookie.clear()
    return redirect(url_for("people.sign_in"), 303)


@blueprint.post("/unlock")
@requires(Permission.OWN_ACCOUNT, while_locked=True)
def unlock() -> Any:
    form = UnlockForm(request.form)
    if form.validate():
        person, sentence = _admit(presence().actor.username, form.password.data or "")
        if person:
            with database().writing() as writing:
                sessions.touch(writing, presence().token_digest, at=now(), signed=False)
            return redirect(safe_path(form.next.data), 303)
        form.refusals.append(sentence)
        form.status = 401
    return form_page("people/locked.html", form, next=form.next.data, kept=False)


@blueprint.route("/password", methods=["GET", "POST"])
@requires(Permission.OWN_ACCOUNT, while_locked=True)
def password() -> Any:
    form = PasswordForm(request.form)
    if request.method == "POST" and form.validate():
        if form.wanted.data != form.again.data:
            form.again.errors = ["The two new passwords are not the same. Type both again."]
            form.status = 422
        elif presence().locked:
            form.refusals.append("The screen is locked. Sign in again first.")
            form.status = 401
        elif sentence := _admit(presence().actor.username, form.current.data or "")[1]:
            form.current.errors = [
                "This is not your present password. Type it again."
                if sentence == sessions.WRONG
                else sentence
            ]
            form.status = 401
        elif submit(form, accounts.change_password, _wanted(form)):
            _restart()
            flash("Your password is changed.", "accepted")
            return redirect(url_for("home"), 303)
    return form_page(
        "people/password.html",
        form,
    )


def _wanted(form: PasswordForm) -> accounts.WantedPassword:
    person = session().get_one(accounts.Person, presence().actor.id)
    return accounts.wanted_password(
        session(), person, current=form.current.data or "", wanted=form.wanted.data or ""
    )


def _restart() -> None:
    """A password change ends every session of the person and opens a new one here (SIG-08)."""
    with database().writing() as writing:
        person = writing.get_one(accounts.Person, presence().actor.id)
        sessions.end_all_of(writing, person.id)
        cookie[TOKEN] = sessions.start(writing, person, device=_device(), at=now())
    csrf.renew()
