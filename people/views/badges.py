"""Badges: scanned at the lock, drawn by their holder, withdrawn by the holder or an administrator
(IAM-10)."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, session as cookie, url_for
from wtforms import HiddenField

from integrity.canonical import digest
from integrity.facts import message, shown, word
from integrity.forms import Form, ReasonField, SecretField
from people import badges, qr, second_factors
from people.access import TOKEN, requires, safe_path
from people.admission import RefusalWord
from people.answers import form_page
from people.permissions import Permission
from people.programs import is_program
from people.proof import comes_in_with_code
from people.rules.badges import BadgeState
from people.transaction import database, now, presence, reader, session, submit, transaction
from people.views import blueprint
from people.views.phone import PhoneForm
from people.views.sessions import SignInForm, UnlockForm, admit, mine, station_here


class BadgeForm(Form):
    badge_password = SecretField("Badge", "Scan your badge.")
    next = HiddenField()


class WithdrawBadgeForm(Form):
    PLACE = "badge"
    reason = ReasonField("Why it is withdrawn")


@blueprint.post("/badge")
@requires(Permission.PUBLIC)
def badge() -> Any:
    """Bring somebody back to this tablet, or say that nothing was opened."""
    form = BadgeForm(request.form)
    if not form.validate():
        return _still_closed(form, "Scan your badge.")
    here, current = station_here(), digest(cookie[TOKEN]) if TOKEN in cookie else ""
    with database().reading() as reading:
        seconds = badges.wait(reading, here, now())
    if seconds:
        return _still_closed(form, shown(message(RefusalWord.WAIT, seconds=str(seconds)), reader()))
    with transaction() as act:
        token = badges.bring_back(act, form.badge_password.data or "", here, current)
    if token is None:
        return _still_closed(form, shown(word(RefusalWord.BADGE), reader()))
    is_mine = TOKEN not in cookie or _was_mine(token)
    then = safe_path(form.next.data) if is_mine else url_for("home")
    cookie.clear()
    cookie[TOKEN] = token
    return redirect(then, 303)


def _was_mine(token: str) -> bool:
    """Whether the badge opened the lock of who was here, and handed the tablet to nobody else."""
    with database().reading() as reading:
        opened = badges.holder_in(reading, digest(token))
    return bool(presence()) and opened == presence().actor.id


def _still_closed(form: BadgeForm, sentence: str) -> Any:
    """The lock, or the page to sign in, with the one answer that every wrong badge gets."""
    is_locked = presence() is not None and presence().locked
    shows: Any = UnlockForm() if is_locked else SignInForm(next=form.next.data)
    shows.ask_code(comes_in_with_code() if is_locked else second_factors.is_in_use(session()))
    shows.refusals, shows.status = [sentence], 401
    template = "people/locked.html" if is_locked else "people/sign_in.html"
    return form_page(template, shows, next=form.next.data, kept=False, scans_badges=True)


@blueprint.route("/badge/own", methods=["GET", "POST"])
@requires(Permission.OWN_ACCOUNT)
def own_badge() -> Any:
    """Draw a badge, shown once to who has proven who they are; the one before opens no more."""
    form = PhoneForm(request.form)
    form.ask_code(comes_in_with_code())
    if request.method == "POST" and form.validate():
        if sentence := admit(mine(), form.password.data or "", form.typed_code)[1]:
            form.refusals.append(sentence)
            form.status = 401
        else:
            code = badges.new_code()
            if submit(form, badges.issue, digest=badges.kept(code)):
                return _shown_once(code)
    stands = badges.state_of(session(), presence().actor.id or 0)
    return form_page(
        "people/badges/own.html",
        form,
        withdraw=WithdrawBadgeForm(),
        has_one=stands == BadgeState.IN_FORCE,
        hours=int(badges.shift(session()).total_seconds()) // 3600,
    )


def _shown_once(code: str) -> Any:
    if is_program():
        return {"location": url_for("people.own_badge"), "badge": code}, 201
    path, size = qr.drawn(code)
    return render_template(
        "people/badges/once.html", path=path, size=size, holder=presence().actor.name
    )


@blueprint.post("/badge/own/withdraw")
@requires(Permission.OWN_ACCOUNT)
def own_badge_withdraw() -> Any:
    return _withdrawn(presence().actor.id or 0, url_for("people.own_badge"))


@blueprint.post("/people/<int:person_id>/badge/withdraw")
@requires(Permission.MANAGE_PEOPLE, sensitive=True)
def person_badge_withdraw(person_id: int) -> Any:
    """An administrator withdraws a badge that was lost."""
    return _withdrawn(person_id, url_for("people.person_change", person_id=person_id))


def _withdrawn(person_id: int, then: str) -> Any:
    form = WithdrawBadgeForm(request.form)
    if form.validate() and submit(form, badges.withdraw, person_id, reason=form.reason.data):
        flash("The badge opens nothing any more.", "accepted")
        return redirect(then, 303)
    return form_page("people/badges/withdraw.html", form, then=then)
