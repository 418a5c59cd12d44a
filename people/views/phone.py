"""Everybody's page about the codes of their own phone: set up, confirmed, ended, and the spare ones
(SIG-09)."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from integrity.forms import SecretField
from people import qr, second_factors, spare_codes
from people.access import requires
from people.answers import form_page
from people.permissions import Permission
from people.programs import is_program
from people.proof import ProofForm, comes_in_with_code
from people.rules.second_factors import FEW, FactorState
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
    left = second_factors.spares_left(session(), presence().actor.id or 0)
    page = {"stands": stands, "policy": policy, "left": left, "few": FEW}
    return form_page("people/phone/phone.html", form, **page)


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
    if request.method == "POST" and form.validate():
        codes = spare_codes.new()
        spare = spare_codes.drawn(codes, key())
        if submit(form, second_factors.confirm, form.typed_code, key=key(), spare=spare):
            restart("set up a phone")
            flash("From now on a code of the phone is asked for.", "accepted")
            return _shown_once(codes)
    factor = second_factors.newest(session(), presence().actor.id or 0)
    if factor is None or _stands() != FactorState.BEGUN:
        return redirect(url_for("people.phone"), 303) if form.status < 400 else _nothing(form)
    return _secret_page(form, factor)


def _shown_once(codes: list[str]) -> Any:
    if is_program():
        return {"location": url_for("people.phone"), "spare_codes": codes}, 201
    return render_template("people/phone/spare_codes.html", codes=codes)


@blueprint.route("/phone/spare-codes", methods=["GET", "POST"])
@requires(Permission.OWN_ACCOUNT)
def phone_spare_codes() -> Any:
    """Ten other spare codes, shown once to who has proven who they are."""
    form = PhoneForm(request.form)
    form.ask_code(comes_in_with_code())
    if request.method == "POST" and form.validate():
        if sentence := admit(mine(), form.password.data or "", form.typed_code)[1]:
            form.refusals.append(sentence)
            form.status = 401
        else:
            codes = spare_codes.new()
            if submit(form, second_factors.draw_spares, spare_codes.drawn(codes, key())):
                return _shown_once(codes)
    left = second_factors.spares_left(session(), presence().actor.id or 0)
    return form_page("people/phone/spare_codes_new.html", form, left=left)


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
