"""The site: its settings, the clock under suspicion, and what a restore left to be judged."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for

from integrity import backups, clock, site
from integrity.forms import ChoiceField, Form, ReasonField, TextField
from people.access import requires
from people.answers import form_page
from people.permissions import Permission
from people.transaction import session, settings, submit
from people.views import blueprint

SETTINGS = [
    ("name", "Name of the site"),
    ("zone", "Time zone"),
    ("idle_minutes", "Idle limit in minutes"),
    ("late_minutes", "Late entry after minutes"),
    ("file_megabytes", "Megabytes of one file"),
    ("all_files_megabytes", "Megabytes of all files"),
    ("investigation_days", "Days until a deviation is closed"),
    ("silent_days", "Days without an entry after which the clock is judged"),
    ("two_persons", "Two people for"),
]


class SettingForm(Form):
    name = ChoiceField("Setting", SETTINGS)
    value = TextField("New value", "Type the new value.", longest=80)
    reason = ReasonField()


class JudgeForm(Form):
    reason = ReasonField("What happened, and what follows")


@blueprint.route("/site", methods=["GET", "POST"])
@requires(Permission.MANAGE_SITE)
def site_settings() -> Any:
    form = SettingForm(request.form)
    if (
        request.method == "POST"
        and form.validate()
        and submit(form, site.change, form.name.data, form.value.data, reason=form.reason.data)
    ):
        flash("The setting is recorded.", "accepted")
        return redirect(url_for("people.site_settings"), 303)
    held = settings()
    shown = [(words, held[name]) for name, words in SETTINGS]
    shown.append(("Demonstration", held["demonstration"]))
    return form_page("people/site/site_settings.html", form, shown=shown)


def _judgement(what: str, act: Any, template: str, **words: Any) -> Any:
    form = JudgeForm(request.form)
    if request.method == "POST" and form.validate():
        submit(form, act, reason=form.reason.data)
        if form.status == 200:
            flash(f"{what} is recorded.", "accepted")
            return redirect(url_for("home"), 303)
    return form_page(template, form, **words)


@blueprint.route("/site/clock/acknowledge", methods=["GET", "POST"])
@requires(Permission.MANAGE_SITE)
def clock_acknowledge() -> Any:
    return _judgement(
        "The acknowledgement",
        clock.acknowledge,
        "people/site/judge.html",
        title="The server's clock went back, or jumped",
        state=clock.state(session()),
        deed="Acknowledge",
    )


@blueprint.route("/site/clock/judge", methods=["GET", "POST"])
@requires(Permission.JUDGE_SITE)
def clock_judge() -> Any:
    return _judgement(
        "The judgement",
        clock.judge,
        "people/site/judge.html",
        title="The server's clock went back, or jumped",
        state=clock.state(session()),
        deed="Judge",
    )


@blueprint.route("/site/restore/judge", methods=["GET", "POST"])
@requires(Permission.JUDGE_SITE)
def restore_judge() -> Any:
    return _judgement(
        "The judgement",
        backups.judge_restore,
        "people/site/judge.html",
        title="This installation was restored",
        state=backups.restored(session()),
        deed="I have seen it",
    )
