"""The pages on which somebody records what becomes of a container, and a second person confirms."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, request, url_for

from integrity import states
from integrity.findings import refuse_if_blocked
from integrity.forms import ChoiceField, Form, InstantField, ReasonField, TextField
from integrity.signatures import Meaning
from people.access import requires
from people.answers import form_page
from people.permissions import Permission
from people.signing import signing_page
from people.transaction import now, presence, session, submit
from stores import containers, fate_rules as rules, fates
from stores.containers import Container
from stores.fate_rules import Fate, FateState, ReturnedAs
from stores.fates import ContainerFate, FateFacts
from stores.views import blueprint


class FateForm(Form):
    done_at = InstantField("When", hint="May be left empty: now")


class IssueForm(FateForm):
    consignee = TextField(
        "Goes to",
        "Write to whom it goes: the site or department by its code.",
        hint="The code of a site or department; never the name of a patient",
    )


class ReturnForm(FateForm):
    condition = ChoiceField(
        "It came back",
        [(each.value, each.capitalize()) for each in ReturnedAs],
        "Choose in what state it came back.",
    )
    reason = ReasonField("Why it came back")


class GivenForm(FateForm):
    reason = ReasonField("How this is known")


class DestroyForm(FateForm):
    reason = ReasonField("Why it is destroyed")


class WithdrawForm(Form):
    reason = ReasonField("Why it is withdrawn")


@dataclass(frozen=True)
class Page:
    """What the page of one deed says."""

    form: type[Form]
    title: str
    lead: str
    verb: str
    done: str


TWO = "It holds once a second person has signed."
PAGES = {
    Fate.ISSUED: Page(
        IssueForm,
        "Issue a container",
        f"It is given out of the house. {TWO}",
        "Record the issue",
        "The issue is recorded. A second person confirms it.",
    ),
    Fate.RETURNED: Page(
        ReturnForm,
        "A container came back",
        "What came back is never given out again.",
        "Record the return",
        "The return is recorded. Set the container apart.",
    ),
    Fate.USED: Page(
        GivenForm,
        "A container was given",
        "Whoever received it has confirmed that it was given. It ends with that.",
        "Record that it was given",
        "It is recorded that it was given.",
    ),
    Fate.DESTROYED: Page(
        DestroyForm,
        "Destroy a container",
        f"What is destroyed stays so. {TWO}",
        "Record the destruction",
        "The destruction is recorded. The witness confirms it.",
    ),
}


def _container(code: str) -> Container:
    return containers.by_code(session(), code) or abort(
        404, "There is no container under this code. Scan it again."
    )


def _page(code: str, fate: Fate) -> Any:
    found, says = _container(code), PAGES[fate]
    form: Any = says.form(request.form)
    if request.method == "POST" and form.validate():
        said = _said(found, fate, form)
        if made := submit(form, fates.record, said, scope=found.scope):
            flash(says.done, "accepted")
            return redirect(_next(code, made), 303)
    elif request.method == "GET":
        _refuse_what_is_not_open(found, fate)
    return form_page(
        "stores/containers/fate.html",
        form,
        code=code,
        title=says.title,
        lead=says.lead,
        verb=says.verb,
    )


def _said(found: Container, fate: Fate, form: Any) -> FateFacts:
    data = form.data
    return FateFacts(
        found.code,
        fate.value,
        form.done_at.value,
        data.get("consignee") or "",
        data.get("reason") or "",
        data.get("condition") or "",
    )


def _next(code: str, made: ContainerFate) -> str:
    """On to the second person where one is needed, who signs on the first one's tablet."""
    if made.fate in rules.BY_TWO:
        return url_for("stores.fate_confirm", fate_id=made.id)
    return url_for("stores.container", code=code)


def _refuse_what_is_not_open(found: Container, fate: Fate) -> None:
    """Nobody fills a form in that is refused however it is filled in."""
    situation, said = fates.situation(session(), found, FateFacts(found.code, fate), now())
    refuse_if_blocked(each for each in rules.may_become(situation, said) if not each.field)


@blueprint.route("/containers/<code>/issue", methods=["GET", "POST"])
@requires(Permission.ISSUE_CONTAINERS)
def container_issue(code: str) -> Any:
    return _page(code, Fate.ISSUED)


@blueprint.route("/containers/<code>/return", methods=["GET", "POST"])
@requires(Permission.ISSUE_CONTAINERS)
def container_return(code: str) -> Any:
    return _page(code, Fate.RETURNED)


@blueprint.route("/containers/<code>/given", methods=["GET", "POST"])
@requires(Permission.ISSUE_CONTAINERS)
def container_given(code: str) -> Any:
    return _page(code, Fate.USED)


@blueprint.route("/containers/<code>/destroy", methods=["GET", "POST"])
@requires(Permission.DESTROY_CONTAINERS)
def container_destroy(code: str) -> Any:
    return _page(code, Fate.DESTROYED)


# The second person
# -------------------------------------------------------------------------------------------------


def _waiting(fate_id: int) -> ContainerFate:
    """What waits for its second person; a page that is sent again is answered by its act."""
    made = session().get(ContainerFate, fate_id)
    if made is None:
        abort(404, "There is nothing to confirm here. Open the container anew.")
    if request.method == "GET" and states.of(session(), made, fates.AXIS) != FateState.WAITING:
        abort(404, "This waits for nobody any more. Open the container anew.")
    return made


@blueprint.route("/containers/fates/<int:fate_id>/confirm", methods=["GET", "POST"])
@requires(Permission.WITNESS_CONTAINERS)
def fate_confirm(fate_id: int) -> Any:
    """The second person signs on the first one's tablet, or where they are signed in themselves."""
    made = _waiting(fate_id)
    back = url_for("stores.container", code=made.code)
    return signing_page(
        title="Confirm an issue" if made.fate == Fate.ISSUED else "Witness a destruction",
        meaning=Meaning.VERIFIED,
        sentence="It holds from this signature on.",
        facts=lambda s: fates.facts_of(s, fate_id, now()),
        act=functools.partial(fates.confirm, fate_id=fate_id),
        permission=Permission.WITNESS_CONTAINERS,
        then=lambda _: back,
        cancel=back,
        second_person=presence().actor.username == made.username,
        scope=made.scope,
    )


@blueprint.route("/containers/fates/<int:fate_id>/withdraw", methods=["GET", "POST"])
@requires(Permission.WITNESS_CONTAINERS)
def fate_withdraw(fate_id: int) -> Any:
    made, form = _waiting(fate_id), WithdrawForm(request.form)
    if (
        request.method == "POST"
        and form.validate()
        and submit(form, fates.withdraw, fate_id, reason=form.reason.data, scope=made.scope)
    ):
        flash("It is withdrawn. The container is what it was.", "accepted")
        return redirect(url_for("stores.container", code=made.code), 303)
    return form_page(
        "stores/containers/fate.html",
        form,
        code=made.code,
        title="Withdraw what was recorded",
        lead="The container stays what it is.",
        verb="Withdraw it",
    )
