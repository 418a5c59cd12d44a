"""The pages of what the site judges by: what holds and who signed it, what waits for whom, and the
two signatures (IAM-03, TIM-05)."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for

from integrity import filters, signatures
from integrity.facts import drawn, shown, word
from integrity.forms import Form, ReasonField
from integrity.signatures import Meaning
from integrity.site import Setting, SettingName
from people import setting_changes, signing
from people.access import requires
from people.answers import form_page
from people.lists import listing
from people.permissions import Permission
from people.setting_changes import SettingChange
from people.signing import signing_page
from people.transaction import presence, reader, session, submit
from people.views import blueprint


class WithdrawForm(Form):
    reason = ReasonField()


def setting_words(name: str) -> str:
    """What a setting is called, as a page shows it."""
    said = shown(word(setting_changes.word_of(name)))
    return said[:1].upper() + said[1:]


def _change(change_id: int) -> SettingChange:
    return session().get(SettingChange, change_id) or abort(
        404, "There is no change of a setting under this number. Open it from the page Site."
    )


FILTERS = (
    filters.choice(
        Setting.name, "Setting", "name", [(each, setting_words(each)) for each in SettingName]
    ),
    *filters.days(Setting.at, "Holds from,"),
)
COLUMNS = ("setting", "value", "reason", "holds from", "signed by", "and by")


@blueprint.get("/site/settings")
@requires(Permission.SEE_RECORDS)
def setting_list() -> Any:
    asked = listing(setting_changes.every_version(), *FILTERS)
    if asked.wants_file:
        return asked.file("settings", COLUMNS, _lines)
    page = asked.page()
    shown_page = render_template(
        "people/settings/setting_list.html",
        page=page,
        asked=asked,
        waiting=setting_changes.waiting(session()),
        states=setting_changes.states_of_waiting(session()),
        signed=setting_changes.signed(session(), page.items),
        words=setting_words,
    )
    return shown_page, asked.status


def _lines(found: Sequence[Setting]) -> Iterator[tuple[Any, ...]]:
    signed = setting_changes.signed(session(), found)
    for each in found:
        change = signed.get(each.signed_id or 0)
        proposed = change.username if change else each.username
        second = each.username if change else ""
        yield setting_words(each.name), each.value, each.reason, each.at, proposed, second


@blueprint.get("/site/settings/<int:change_id>")
@requires(Permission.SEE_RECORDS)
def setting_change(change_id: int) -> Any:
    change = _change(change_id)
    given = signatures.of(session(), change)
    return render_template(
        "people/settings/setting_change.html",
        change=change,
        title=setting_words(change.name),
        written=drawn(setting_changes.written(change), reader()),
        stands=setting_changes.state_of(session(), change),
        waits_for=setting_changes.waits_for(session(), change),
        signed=signing.shown(given),
        is_mine=change.person_id == presence().actor.id,
        withdrawn=setting_changes.withdrawal(session(), change),
    )


def _signing_page(
    change_id: int,
    act: Callable[..., Any],
    meaning: Meaning,
    title: str,
    sentence: str,
    *,
    permission: Permission = Permission.JUDGE_SITE,
    comment: str = "",
) -> Any:
    change = _change(change_id)
    back = url_for("people.setting_change", change_id=change_id)
    return signing_page(
        title=f"{title}: {setting_words(change.name)}",
        meaning=meaning,
        sentence=sentence,
        facts=functools.partial(setting_changes.facts_of, change_id=change_id),
        act=functools.partial(act, change_id=change_id),
        permission=permission,
        comment=comment,
        then=lambda _: back,
        cancel=back,
    )


@blueprint.route("/site/settings/<int:change_id>/propose", methods=["GET", "POST"])
@requires(Permission.MANAGE_SITE)
def setting_propose(change_id: int) -> Any:
    return _signing_page(
        change_id,
        setting_changes.propose,
        Meaning.AUTHORED,
        "Propose a setting",
        "It waits for quality assurance; until they have signed it too, what holds now holds.",
        permission=Permission.MANAGE_SITE,
    )


@blueprint.route("/site/settings/<int:change_id>/approve", methods=["GET", "POST"])
@requires(Permission.JUDGE_SITE)
def setting_approve(change_id: int) -> Any:
    return _signing_page(
        change_id,
        setting_changes.approve,
        Meaning.APPROVED,
        "Approve a setting",
        "It holds from now on, for everything that is judged or recorded from now on.",
    )


@blueprint.route("/site/settings/<int:change_id>/refuse", methods=["GET", "POST"])
@requires(Permission.JUDGE_SITE)
def setting_refuse(change_id: int) -> Any:
    return _signing_page(
        change_id,
        setting_changes.refuse,
        Meaning.REJECTED,
        "Refuse a setting",
        "What holds now holds.",
        comment="required",
    )


@blueprint.route("/site/settings/<int:change_id>/withdraw", methods=["GET", "POST"])
@requires(Permission.MANAGE_SITE)
def setting_withdraw(change_id: int) -> Any:
    change, form = _change(change_id), WithdrawForm(request.form)
    back = url_for("people.setting_change", change_id=change_id)
    if (
        request.method == "POST"
        and form.validate()
        and submit(form, setting_changes.withdraw, change_id, reason=form.reason.data)
    ):
        flash("The proposal is withdrawn.", "accepted")
        return redirect(back, 303)
    title = setting_words(change.name)
    return form_page("people/settings/setting_withdraw.html", form, title=title, back=back)
