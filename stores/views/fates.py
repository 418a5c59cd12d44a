"""The pages on which somebody records what becomes of a container, and a second person confirms."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, request, url_for

from integrity import states, times
from integrity.findings import refuse_if_blocked
from integrity.forms import (
    ChoiceField,
    Form,
    InstantField,
    Opens,
    ParagraphField,
    ReasonField,
    TextField,
)
from integrity.signatures import Meaning
from integrity.site import zone
from people.access import requires
from people.answers import form_page
from people.permissions import Permission
from people.signing import signing_page
from people.transaction import about, now, presence, session, submit
from stores import answers, containers, fate_corrections, fate_rules as rules, fates
from stores.containers import Container
from stores.fate_corrections import CorrectionFacts
from stores.fate_rules import Fate, FateState, ReturnedAs
from stores.fates import ContainerFate, FateFacts
from stores.views import blueprint

WHEN = "As the page was opened. Empty: when it is recorded. Without a zone it is the site's"


class FateForm(Form):
    done_at = InstantField("When", opens=Opens.NOW, hint=WHEN)


class IssueForm(FateForm):
    consignee = TextField(
        "Goes to",
        "Write to whom it goes: the site or department by its code.",
        hint="The code of a site or department; never the name of a patient",
    )
    reason = ParagraphField("Why it is told late", hint="Only where it was done a while ago")


class ToldForm(Form):
    done_at = InstantField(
        "When it was given out", "Write when it was given out.", opens=Opens.TODAY
    )
    consignee = TextField(
        "Went to",
        "Write to whom it went: the site or department by its code.",
        hint="The code of a site or department; never the name of a patient",
    )
    reason = ReasonField("Why it is told only now")


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


class FateCorrection(Form):
    done_at = InstantField("When it was done", "Write when it was done.")


class IssueCorrectionForm(FateCorrection):
    consignee = TextField(
        "Went to",
        "Write to whom it went: the site or department by its code.",
        hint="The code of a site or department; never the name of a patient",
    )
    reason = ParagraphField("Why it was told late", hint="Only where it was")
    why = ReasonField("Why it is put right")


class ReturnCorrectionForm(FateCorrection):
    condition = ChoiceField(
        "It came back",
        [(each.value, each.capitalize()) for each in ReturnedAs],
        "Choose in what state it came back.",
    )
    reason = ReasonField("Why it came back")
    why = ReasonField("Why it is put right")


class GivenCorrectionForm(FateCorrection):
    reason = ReasonField("How this is known")
    why = ReasonField("Why it is put right")


class DestructionCorrectionForm(FateCorrection):
    reason = ReasonField("Why it was destroyed")
    why = ReasonField("Why it is put right")


CORRECTIONS: dict[str, type[FateCorrection]] = {
    Fate.ISSUED: IssueCorrectionForm,
    Fate.RETURNED: ReturnCorrectionForm,
    Fate.USED: GivenCorrectionForm,
    Fate.DESTROYED: DestructionCorrectionForm,
}


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


TOLD = Page(
    ToldForm,
    "A container was given out",
    "It may not be given out now. Record what happened, and QA judges it. "
    "It holds once a second person has signed.",
    "Record that it was given out",
    "The issue is recorded. A second person confirms it.",
)


def _container(code: str) -> Container:
    found = containers.by_code(session(), code)
    if found is None:
        abort(404, "There is no container under this code. Scan it again.")
    about(found.scope)
    return found


def _page(code: str, fate: Fate, says: Page) -> Any:
    found = _container(code)
    form: Any = says.form(request.form)
    if request.method == "POST" and form.validate():
        said = _said(found, fate, form)
        if made := submit(form, fates.record, said, scope=found.scope):
            flash(says.done, "accepted")
            return redirect(_next(code, made), 303)
    elif request.method == "GET" and not (says is TOLD and _may_have_been_given(found)):
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
    if states.of(session(), made, fates.AXIS) == FateState.WAITING:
        return url_for("stores.fate_confirm", fate_id=made.id)
    return url_for("stores.container", code=code)


def _may_have_been_given(found: Container) -> bool:
    answer = answers.of(session(), [found.id], now())[found.id]
    return rules.may_have_been_issued(found.kind, answer.words, answer.fate)


def _refuse_what_is_not_open(found: Container, fate: Fate) -> None:
    """Nobody fills a form in that is refused however it is filled in."""
    situation, said = fates.situation(session(), found, FateFacts(found.code, fate), now())
    refuse_if_blocked(each for each in rules.may_become(situation, said) if not each.field)


@blueprint.route("/containers/<code>/issue", methods=["GET", "POST"])
@requires(Permission.ISSUE_CONTAINERS)
def container_issue(code: str) -> Any:
    return _page(code, Fate.ISSUED, PAGES[Fate.ISSUED])


@blueprint.route("/containers/<code>/issued", methods=["GET", "POST"])
@requires(Permission.ISSUE_CONTAINERS)
def container_issue_told(code: str) -> Any:
    """It was given out while it could be, or was not to be, and that is told only now."""
    return _page(code, Fate.ISSUED, TOLD)


@blueprint.route("/containers/<code>/return", methods=["GET", "POST"])
@requires(Permission.ISSUE_CONTAINERS)
def container_return(code: str) -> Any:
    return _page(code, Fate.RETURNED, PAGES[Fate.RETURNED])


@blueprint.route("/containers/<code>/given", methods=["GET", "POST"])
@requires(Permission.ISSUE_CONTAINERS)
def container_given(code: str) -> Any:
    return _page(code, Fate.USED, PAGES[Fate.USED])


@blueprint.route("/containers/<code>/destroy", methods=["GET", "POST"])
@requires(Permission.DESTROY_CONTAINERS)
def container_destroy(code: str) -> Any:
    return _page(code, Fate.DESTROYED, PAGES[Fate.DESTROYED])


# Put right
# -------------------------------------------------------------------------------------------------


@blueprint.route("/containers/fates/<int:fate_id>/correct", methods=["GET", "POST"])
@requires(Permission.ISSUE_CONTAINERS)
def fate_correct(fate_id: int) -> Any:
    """That it was issued, came back or was given, where something else was recorded of it."""
    return _correct(fate_id, is_gone=False)


@blueprint.route("/containers/destructions/<int:fate_id>/correct", methods=["GET", "POST"])
@requires(Permission.DESTROY_CONTAINERS)
def destruction_correct(fate_id: int) -> Any:
    return _correct(fate_id, is_gone=True)


def _correct(fate_id: int, *, is_gone: bool) -> Any:
    made = session().get(ContainerFate, fate_id)
    if made is None or (made.fate == Fate.DESTROYED) != is_gone:
        abort(404, "There is nothing to put right here. Open the container anew.")
    said = {"consignee": made.consignee, "reason": made.reason, "condition": made.condition}
    done_at = times.shown(made.done_at, zone(session()), seconds=made.done_at.second > 0)
    form: Any = CORRECTIONS[made.fate](request.form, data={"done_at": done_at, **said})
    if request.method == "POST" and form.validate():
        instead = {name: form.data.get(name) or "" for name in said}
        facts = CorrectionFacts(form.done_at.value, form.why.data, **instead)
        if told := submit(form, fate_corrections.correct, made.id, facts, scope=made.scope):
            flash("It is recorded. A second person confirms it.", "accepted")
            return redirect(url_for("stores.fate_confirm", fate_id=told.id), 303)
    return form_page(
        "stores/containers/fate.html",
        form,
        code=made.code,
        title="Put right what became of",
        lead=f"Change what is wrong; what was recorded stays to be read. {TWO}",
        verb="Record it as it was",
    )


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


CONFIRM = {
    Fate.ISSUED: "Confirm an issue",
    Fate.RETURNED: "Confirm a return",
    Fate.USED: "Confirm that it was given",
    Fate.DESTROYED: "Witness a destruction",
}


def _title(made: ContainerFate) -> str:
    return "Confirm what is put right" if made.corrects_id else CONFIRM[Fate(made.fate)]


@blueprint.route("/containers/fates/<int:fate_id>/confirm", methods=["GET", "POST"])
@requires(Permission.WITNESS_CONTAINERS)
def fate_confirm(fate_id: int) -> Any:
    """The second person signs on the first one's tablet, or where they are signed in themselves."""
    made = _waiting(fate_id)
    back = url_for("stores.container", code=made.code)
    return signing_page(
        title=_title(made),
        meaning=Meaning.VERIFIED,
        sentence="It holds from this signature on.",
        facts=lambda s: fates.facts_of(s, fate_id, now()),
        act=functools.partial(
            fate_corrections.confirm if made.corrects_id else fates.confirm, fate_id=fate_id
        ),
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
