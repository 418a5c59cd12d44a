"""Everybody's page about the codes of their own phone: set up, confirmed, ended (SIG-09)."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from integrity.forms import SecretField
from people import qr, second_factors
from people.access import requires
from people.answers import form_page
from people.permissions import Permission
from people.proof import ProofForm, comes_in_with_code
from people.rules.second_factors import FactorState
from people.second_factors import SecondFactor
from people.transaction import key, presence, session, submit
from people.views import blueprint
from people.views.sessions import admit, mine, restart


class PhoneForm(ProofForm):
    """With the present password, and a code where a phone is set up already."""

    password = SecretField("Present password", "Type your present password.")


class CodeForm(ProofForm):
    password_code = SecretField("Code that the phone shows now", "Type the code of the phone.")


@blueprint.route("/phone", methods=["GET", "POST"])
@requires(Permission.OWN_ACCOUNT)
def phone() -> Any:
    """Begin to set up a phone, or end the one that is set up."""
    form, stands = PhoneForm(request.form), _stands()
    form.ask_code(comes_in_with_code())
    if request.method == "POST" and form.validate() and (answer := _changed(form, stands)):
        return answer
    policy = second_factors.policy(session())
    return form_page("people/phone/phone.html", form, stands=stands, policy=policy)


def _stands() -> str | None:
    return second_factors.state_of(session(), presence().actor.id or 0)


def _changed(form: PhoneForm, stands: str | None) -> ResponseReturnValue | None:
    """Where to go on once who is here has proven who they are, or None where they have not."""
    if sentence := admit(mine(), form.password.data or "", form.typed_code)[1]:
        form.refusals.append(sentence)
        form.status = 401
        return None
    if stands != FactorState.IN_FORCE:
        begun = submit(form, second_factors.begin)
        return redirect(url_for("people.phone_confirm"), 303) if begun else None
    if not submit(form, second_factors.end):
        return None
    restart("ended the codes of their phone")
    flash("No code is asked for any more.", "accepted")
    return redirect(url_for("people.phone"), 303)


@blueprint.route("/phone/confirm", methods=["GET", "POST"])
@requires(Permission.OWN_ACCOUNT)
def phone_confirm() -> Any:
    """The secret as a QR and as text, until one right code has come back."""
    form = CodeForm(request.form)
    if (
        request.method == "POST"
        and form.validate()
        and submit(form, second_factors.confirm, form.typed_code, key=key())
    ):
        restart("set up a phone")
        flash("From now on a code of the phone is asked for.", "accepted")
        return redirect(url_for("people.phone"), 303)
    factor = second_factors.newest(session(), presence().actor.id or 0)
    if factor is None or _stands() != FactorState.BEGUN:
        return redirect(url_for("people.phone"), 303) if form.status < 400 else _nothing(form)
    return _secret_page(form, factor)


def _nothing(form: CodeForm) -> Any:
    return form_page("people/phone/confirm.html", form, secret="", path="", size=0)


def _secret_page(form: CodeForm, factor: SecondFactor) -> Any:
    address = second_factors.address_of(factor, key(), presence().actor.username)
    path, size = qr.drawn(address)
    return form_page(
        "people/phone/confirm.html",
        form,
        secret=second_factors.secret_of(factor, key()),
        path=path,
        size=size,
    )
