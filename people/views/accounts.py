"""The administrator's pages: people, their role, their locks, their half of a password.

And who may do what.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from wtforms import BooleanField

from integrity import filters, states
from integrity.forms import ChoiceField, Form, ReasonField, TextField
from people import accounts, badges, closings, grants, handovers, second_factors, sessions
from people.access import requires
from people.accounts import ACCOUNT, AccountState, Grant, Person, PersonFacts
from people.answers import form_page
from people.grants import Wanted
from people.lists import listing
from people.permissions import ALLOWED, ROLE_TITLES, Permission, Role
from people.rules.badges import BadgeState
from people.rules.grants import RightsState
from people.rules.guesses import Purpose
from people.transaction import database, now, session, submit
from people.views import blueprint
from people.views.badges import WithdrawBadgeForm
from people.views.halves import show_once

NO_USERNAME = "Use 2 to 40 letters, digits, dots or hyphens without accents."
ROLES = [(role.value, title) for role, title in ROLE_TITLES.items()]


class PersonForm(Form):
    username = TextField(
        "User name",
        "Type a user name.",
        longest=40,
        hint="Letters, digits, dot or hyphen; never used again",
    )
    name = TextField(
        "Printed name", "Type the name as it is printed beside signatures.", longest=80
    )
    role = ChoiceField("Role", ROLES)
    mail = TextField("Mail", None, longest=120, hint="Tells one human from another")
    badge = TextField("Badge or staff number", None, longest=40, hint="The same")
    another_human = BooleanField(
        "Whoever looks the same is another human", description="Quality assurance confirms that"
    )

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        if self.username.data and not accounts.is_username(self.username.data):
            self.username.errors = [*self.username.errors, NO_USERNAME]
            self.status, valid = 422, False
        return valid

    def facts(self) -> PersonFacts:
        return PersonFacts(
            accounts.normal(self.username.data or ""),
            self.name.data or "",
            self.role.data,
            self.mail.data or "",
            self.badge.data or "",
            another_human=bool(self.another_human.data),
        )


class ChangeForm(Form):
    name = TextField(
        "Printed name", "Type the name as it is printed beside signatures.", longest=80
    )
    role = ChoiceField("Role", ROLES)
    mail = TextField("Mail", None, longest=120, hint="Tells one human from another")
    badge = TextField("Badge or staff number", None, longest=40, hint="The same")
    another_human = BooleanField(
        "Whoever looks the same is another human", description="Quality assurance confirms that"
    )
    reason = ReasonField()


class StandingForm(Form):
    PLACE = "standing"
    deed = ChoiceField(
        "What to do",
        [
            ("deactivate", "Deactivate"),
            ("activate", "Activate, or open what is closed"),
            ("open_signing", "Open signing"),
            ("reset", "New password"),
        ],
    )
    reason = ReasonField()


def _deed(deed: str, person_id: int) -> tuple[Any, Any]:
    """(act, what it is to do) of a deed; an account that is active is opened where it is closed."""
    if deed == "open_signing":
        return accounts.open_again, Purpose.SIGN
    if deed == "deactivate":
        return accounts.set_standing, AccountState.DEACTIVATED
    if states.of_many(session(), [person_id], ACCOUNT).get(person_id) == AccountState.ACTIVE:
        return accounts.open_again, Purpose.SIGN_IN
    return accounts.set_standing, AccountState.ACTIVE


FILTERS = (
    filters.choice(Grant.role, "Role", "role", ROLES),
    filters.same(Grant.name, "Printed name", "name"),
    *filters.days(Grant.at, "Granted"),
)
COLUMNS = ("printed name", "user name", "role", "account", "granted")


@blueprint.get("/people")
@requires(Permission.MANAGE_PEOPLE, sensitive=True)
def people_list() -> Any:
    asked = listing(accounts.listed(), *FILTERS)
    if asked.wants_file:
        return asked.file("people", COLUMNS, _lines)
    page = asked.page()
    ids = [grant.holder_id for grant in page.items]
    usernames = _usernames(ids)
    where, closed = states.on_all_axes(session(), ids), closings.of_many(session(), ids)
    shown = render_template(
        "people/accounts/people_list.html",
        page=page,
        asked=asked,
        usernames=usernames,
        where=where,
        closed=closed,
        titles=ROLE_TITLES,
    )
    return shown, asked.status


def _usernames(ids: Sequence[int]) -> dict[int, str]:
    found = session().scalars(select(Person).where(Person.id.in_(ids)))
    return {person.id: person.username for person in found}


def _lines(found: Sequence[Grant]) -> Iterator[tuple[Any, ...]]:
    ids = [grant.holder_id for grant in found]
    usernames, where = _usernames(ids), states.on_all_axes(session(), ids)
    for grant in found:
        account = where.get((grant.holder_id, ACCOUNT), "")
        yield (
            grant.name,
            usernames[grant.holder_id],
            ROLE_TITLES[Role(grant.role)],
            account,
            grant.at,
        )


@blueprint.route("/people/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_PEOPLE)
def person_new() -> Any:
    form = PersonForm(request.form)
    if request.method == "POST" and form.validate():
        half = accounts.new_half()
        if person := submit(
            form, handovers.propose, form.facts(), first_hash=accounts.hashed(half)
        ):
            more = url_for("people.person_new")
            return _show_once(person, half, form.name.data or "", more=more)
    return form_page("people/accounts/person_new.html", form)


def _show_once(person: Person, half: str, name: str, *, more: str = "") -> Any:
    """The administrator's half."""
    return show_once(
        person,
        name,
        half,
        "first",
        kept=handovers.newest(session(), person.id).first_hash,
        location=url_for("people.person_change", person_id=person.id),
        then=url_for("people.people_list"),
        more=more,
    )


def _person(person_id: int) -> tuple[Person, Grant]:
    person = session().get(Person, person_id)
    if person is None:
        abort(404)
    return person, accounts.grant_of(session(), person_id)


@blueprint.route("/people/<int:person_id>", methods=["GET", "POST"])
@requires(Permission.MANAGE_PEOPLE, sensitive=True)
def person_change(person_id: int) -> Any:
    person, grant = _person(person_id)
    known = {"mail": grant.mail or "", "badge": grant.badge or ""}
    form = ChangeForm(request.form, name=grant.name, role=grant.role, **known)
    if (
        request.method == "POST"
        and form.validate()
        and submit(form, grants.change, person_id, _wanted(form), reason=form.reason.data)
    ):
        if grants.state_of(session(), person_id) == RightsState.PROPOSED:
            flash("It is proposed. The old rights hold until quality assurance confirms.", "held")
        else:
            flash("The change is recorded.", "accepted")
        return redirect(url_for("people.person_change", person_id=person_id), 303)
    where = states.on_all_axes(session(), [person_id])
    return form_page(
        "people/accounts/person_change.html",
        form,
        standing_form=StandingForm(),
        badge_form=WithdrawBadgeForm(),
        has_badge=badges.state_of(session(), person_id) == BadgeState.IN_FORCE,
        person=person,
        grant=grant,
        where=where,
        closed=closings.standing(session(), person_id),
        proposed=grants.proposed(session(), person_id),
        spares_left=second_factors.spares_left(session(), person_id),
        titles=ROLE_TITLES,
    )


def _wanted(form: ChangeForm) -> Wanted:
    return Wanted(
        form.name.data or "",
        form.role.data,
        form.mail.data or "",
        form.badge.data or "",
        another_human=bool(form.another_human.data),
    )


@blueprint.route("/people/<int:person_id>/standing", methods=["GET", "POST"])
@requires(Permission.MANAGE_PEOPLE, sensitive=True)
def person_standing(person_id: int) -> Any:
    person, grant = _person(person_id)
    form = StandingForm(request.form)
    if request.method == "POST" and form.validate():
        if form.deed.data == "reset":
            half = accounts.new_half()
            first_hash, reason = accounts.hashed(half), form.reason.data
            if submit(form, handovers.ask, person_id, first_hash=first_hash, reason=reason):
                return _show_once(person, half, grant.name)
        elif _judged(form, person_id):
            flash("The change is recorded.", "accepted")
            return redirect(url_for("people.person_change", person_id=person_id), 303)
    return form_page("people/accounts/person_standing.html", form, person=person, grant=grant)


def _judged(form: StandingForm, person_id: int) -> bool:
    act, what = _deed(form.deed.data, person_id)
    if not submit(form, act, person_id, what, reason=form.reason.data):
        return False
    if form.deed.data == "deactivate":
        _end_sessions(person_id, "deactivated")
    return True


def _end_sessions(person_id: int, why: str) -> None:
    with database().writing() as writing:
        sessions.end_all_of(writing, person_id, at=now(), why=why)


@blueprint.get("/permissions")
@requires(Permission.SEE_RECORDS)
def permissions() -> Any:
    return render_template(
        "people/accounts/permissions.html", allowed=ALLOWED, roles=ROLE_TITLES, every=list(Role)
    )
