"""The site: its settings, the clock under suspicion, and what a restore left to be judged."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for

from integrity import backups, clock, facts, lost_events, site
from integrity.forms import ChoiceField, Form, ReasonField, TextField
from integrity.site import ONE_DECIDES, TWO_SIGN
from people import setting_changes
from people.access import requires
from people.answers import form_page
from people.permissions import Permission
from people.transaction import reader, session, settings, submit
from people.views import blueprint
from people.views.setting_changes import setting_words

SETTINGS = [(each.value, setting_words(each)) for each in (*TWO_SIGN, *ONE_DECIDES)]


class SettingForm(Form):
    name = ChoiceField("Setting", SETTINGS)
    value = TextField("New value", "Type the new value.", longest=site.LONGEST)
    reason = ReasonField()


class JudgeForm(Form):
    reason = ReasonField("What happened, and what follows")


@blueprint.route("/site", methods=["GET", "POST"])
@requires(Permission.MANAGE_SITE)
def site_settings() -> Any:
    form = SettingForm(request.form)
    if request.method == "POST" and form.validate() and (onward := _written(form)):
        return redirect(onward, 303)
    held = settings()
    shown = [(words, held[name]) for name, words in SETTINGS]
    return form_page("people/site/site_settings.html", form, shown=shown)


def _written(form: SettingForm) -> str | None:
    """Where to go on: what changes a judgement is signed next, the rest holds at once."""
    words = (form.name.data, form.value.data)
    if form.name.data in ONE_DECIDES:
        if submit(form, site.change, *words, reason=form.reason.data):
            flash("The setting is recorded.", "accepted")
            return url_for("people.site_settings")
        return None
    change = submit(form, setting_changes.draft, *words, reason=form.reason.data)
    return change and url_for("people.setting_propose", change_id=change.id)


def _judgement(what: str, act: Any, template: str, **words: Any) -> Any:
    form = JudgeForm(request.form)
    if request.method == "POST" and form.validate():
        submit(form, act, reason=form.reason.data)
        if form.status == 200:
            flash(f"{what} is recorded.", "accepted")
            return redirect(url_for("home"), 303)
    return form_page(template, form, **words)


def _clock_told() -> dict[str, Any]:
    told = [facts.shown(each, reader()) for each in clock.suspicions(session())]
    return {"standing": clock.state(session()), "told": told, "is_read": True}


@blueprint.route("/site/clock/acknowledge", methods=["GET", "POST"])
@requires(Permission.MANAGE_SITE)
def clock_acknowledge() -> Any:
    return _judgement(
        "The acknowledgement",
        clock.acknowledge,
        "people/site/judge.html",
        title="The server's clock went back, or jumped",
        **_clock_told(),
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
        **_clock_told(),
        deed="Judge",
    )


@blueprint.route("/site/restore/judge", methods=["GET", "POST"])
@requires(Permission.JUDGE_SITE)
def restore_judge() -> Any:
    lost, is_read = lost_events.told(session())
    return _judgement(
        "The judgement",
        backups.judge_restore,
        "people/site/judge.html",
        title="This installation was restored",
        standing=backups.restored(session()),
        lost=lost,
        is_read=is_read,
        deed="I have seen it",
    )
