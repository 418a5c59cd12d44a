"""Everybody's page about the mail of the day: whether they want it."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, redirect, request, url_for
from wtforms import HiddenField

from integrity.forms import Form
from integrity.site import SettingName
from people import accounts, reminders
from people.access import requires
from people.answers import form_page
from people.permissions import Permission
from people.transaction import presence, session, settings, submit
from people.views import blueprint


class ReminderForm(Form):
    wanted = HiddenField()


@blueprint.route("/reminders", methods=["GET", "POST"], endpoint="reminders")
@requires(Permission.OWN_ACCOUNT)
def reminder_choice() -> Any:
    """Stop the mails, or have them again."""
    form, number = ReminderForm(request.form), presence().actor.id or 0
    if request.method == "POST" and form.validate():
        is_wanted = form.wanted.data == "yes"
        submit(form, reminders.choose, is_wanted)
        if form.status == 200:
            said = "You are reminded by mail." if is_wanted else "No reminder is sent to you."
            flash(said, "accepted")
            return redirect(url_for("people.reminders"), 303)
    return form_page(
        "people/reminders.html",
        form,
        wanted=reminders.is_wanted(session(), number),
        mail=accounts.grant_of(session(), number).mail,
        hour=settings()[SettingName.REMINDER_HOUR],
        has_server=bool(current_app.config.get("POST")),
    )
