"""How a request is answered: a page to a browser, JSON to a program.

A refusal is a page that says what happened and keeps what was typed, or a problem document (RFC
9457) with the same sentences.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, cast

from flask import Response, current_app, flash, g, get_flashed_messages, render_template, request
from werkzeug.exceptions import HTTPException

from integrity.findings import Finding, Refused, Stale
from integrity.forms import Form, InstantField, is_secret
from integrity.outages import Outage, outage_of
from people import csrf, drafts
from people.programs import JSON, PROBLEM, is_program
from people.transaction import now, reader, session, zone

AGAIN = {Outage.AWAY: 60, Outage.BUSY: 5, Outage.FULL: 600}  # seconds
# kind of problem: (status, title, what to do); the kind is the last part of the problem's type
PROBLEMS = {
    "unreadable": (
        400,
        "This could not be read",
        "The page was incomplete or came from another window. Open it anew and enter it again.",
    ),
    "not-signed-in": (401, "You are not signed in", "Sign in, then send it again."),
    "locked": (401, "The screen is locked", "Unlock it with your password, then send it again."),
    "unproven": (401, "You did not prove who you are", "Check user name and password."),
    "not-allowed": (403, "You may not do this", "Ask somebody whose role allows it."),
    "password-to-change": (
        403,
        "Your password is a one-time password",
        "Choose your own password first, then send it again.",
    ),
    "nothing-here": (
        404,
        "Nothing is here",
        "Check the address or the code, or scan it again.",
    ),
    "not-this-way": (405, "Not this way", "Open the page from the menu and use its buttons."),
    "refused": (409, "This was refused", "Nothing was recorded."),
    "stale": (
        409,
        "Something changed meanwhile",
        "Nothing was recorded. Read what stands there now, then decide again.",
    ),
    "too-large": (
        413,
        "This is too large",
        "Send a file of at most 10 MB, or a shorter text.",
    ),
    "invalid": (
        422,
        "Some of this cannot be taken",
        "Nothing was recorded. Change what is named, then send it again.",
    ),
    "fault": (
        500,
        "Something failed here",
        "Nothing was recorded. Try once more; if it happens again, note the time and tell your "
        "administrator.",
    ),
    "unavailable": (503, "This cannot be done now", "Nothing was recorded."),
    "away": (
        503,
        "The database cannot be reached",
        "Nothing was recorded. Try again in a minute: as soon as the database answers, everything "
        "goes on by itself. If it stays away, tell your administrator.",
    ),
    "busy": (
        503,
        "Somebody else is writing",
        "Nothing was recorded: others wrote for so long that your turn did not come. Try again.",
    ),
    "full": (
        503,
        "The disk of the server is full",
        "Nothing was recorded. Tell your administrator to make room, then try again.",
    ),
}
BY_STATUS = {status: kind for kind, (status, *_) in reversed(PROBLEMS.items())} | {
    401: "unproven",
    503: "unavailable",
}  # what a page without words of its own is answered with


def problem(kind: str, detail: str = "", status: int = 0, **more: Any) -> Response:
    """A problem document of one kind; `detail` is what happened, in sentences."""
    usual, title, advice = PROBLEMS[kind]
    content = {
        "type": f"/problems/{kind}",
        "title": title,
        "status": status or usual,
        "detail": detail or advice,
    }
    response: Response = current_app.make_response(current_app.json.response(content | more))
    response.status_code, response.mimetype = status or usual, PROBLEM
    return response


def form_page(template: str, *forms: Form, **words: Any) -> Any:
    """The page of one or more forms, with the status of the one that fared worst.

    The first is the template's `form`. To a program, what was refused is a problem document.
    """
    _open_times(*forms)
    give_back(*forms)
    status = max(form.status for form in forms)
    if status >= 400 and is_program():
        return _problem_of(forms, status)
    return render_template(template, form=forms[0], **words), status


def _open_times(*forms: Form) -> None:
    """Times open with now, or today, where that is the likely answer."""
    if request.method == "GET":
        for field in (each for form in forms for each in form if isinstance(each, InstantField)):
            field.open(now(), zone())


def give_back(*forms: Form) -> None:
    """Fill the forms of a page that is opened with what its person had typed there when the tablet
    had locked itself, and say so (IAM-08).
    """
    here = getattr(g, "presence", None)
    if request.method != "GET" or here is None or not here.keeps_drafts or "given_back" in g:
        return
    typed = drafts.of(session(), here.actor.id or 0, request.path, now())
    if any([drafts.fill(form, typed) for form in forms]):
        g.given_back = True
        flash("What you had typed is here again. Nothing of it is recorded yet.", "held")


def _problem_of(forms: tuple[Form, ...], status: int) -> Response:
    refused = next((form.refusal for form in forms if form.refusal), None)
    findings = refused.findings if refused else ()
    errors = {
        field.name: list(map(str, field.errors))
        for form in forms
        if form.status >= 400
        for field in form
        if field.errors
    }
    sentences = [each.sentence(reader()) for each in findings] or [
        sentence for form in forms for sentence in form.refusals
    ]
    more: dict[str, Any] = {"findings": list(map(_drawn, findings))} if findings else {}
    if status == 422:
        more["errors"] = errors
    return problem(
        "stale" if isinstance(refused, Stale) else BY_STATUS[status],
        " ".join(sentences or [each for every in errors.values() for each in every]),
        status,
        **more,
    )


def _drawn(finding: Finding) -> Mapping[str, str | None]:
    return {"rule": finding.rule, "field": finding.field, "sentence": finding.sentence(reader())}


# What no view answered itself
# -------------------------------------------------------------------------------------------------


def answer_error(error: HTTPException) -> Any:
    """The answer to an address, a body or a deed that leads nowhere."""
    status = error.code or 500
    kind = BY_STATUS.get(status)
    _, title, advice = PROBLEMS[kind] if kind else (0, "This did not work", "Try once more.")
    own = (
        error.description
        if status in (400, 403, 404) and error.description != type(error).description
        else None
    )
    if is_program():
        response = problem(kind or "unreadable", own or advice, status)
        if methods := getattr(error, "valid_methods", None):
            response.headers["Allow"] = ", ".join(methods)
        return response
    return _error_page(title, status, own or advice, advice if own else "")


def answer_refusal(refusal: Refused) -> Any:
    """The answer to a deed that was refused where no form can say so."""
    kind = "stale" if isinstance(refusal, Stale) else BY_STATUS[refusal.status]
    if is_program():
        findings = list(map(_drawn, refusal.findings))
        return problem(kind, refusal.sentence(reader()), refusal.status, findings=findings)
    return _error_page(
        PROBLEMS["refused"][1], refusal.status, refusal.sentence(reader()), "Nothing was recorded."
    )


def answer_fault(error: Exception) -> Any:
    """The answer to an outage, and to what nobody foresaw; the log has the rest."""
    if outage := outage_of(error):
        current_app.logger.warning("%s: the database is %s", request.path, outage.value)
        return answer_outage(outage)
    current_app.logger.exception("unforeseen fault at %s", request.path)
    status, title, advice = PROBLEMS["fault"]
    if is_program():
        return problem("fault")
    return _error_page(title, status, advice, "")


def answer_outage(outage: Outage) -> Response:
    """The answer while nothing can be recorded: it asks the database nothing.

    What was typed stands on it and is sent again from there under the same entry, so that it is
    recorded once however often.
    """
    status, title, advice = PROBLEMS[outage.value]
    if is_program():
        response = problem(outage.value)
    else:
        page = current_app.jinja_env.get_template("outage.html")
        words: dict[str, Any] = {
            "title": title,
            "sentence": advice,
            "kept": _typed(),
            "again": _again(),
        }
        words["csrf_token"] = csrf.token
        response = current_app.make_response((page.render(**words), status))
    response.headers["Retry-After"] = str(AGAIN[outage])
    return response


def _again() -> str:
    """The address of this very request, as a path of ours."""
    return "/" + request.full_path.lstrip("/\\").rstrip("?")


class Typed(NamedTuple):
    """One field that was posted; a secret is typed anew, what the page put in is not shown."""

    name: str
    text: str
    is_secret: bool
    is_shown: bool


def _typed() -> list[Typed]:
    if request.method != "POST":
        return []
    found = []
    for name, text in request.form.items(multi=True):
        hidden = is_secret(name)
        is_shown = bool(text) and not hidden and name not in drafts.OF_THE_PAGE
        found.append(Typed(name, "" if hidden else text, hidden, is_shown))
    return [each for each in found if each.name != csrf.FIELD]


def _error_page(title: str, status: int, sentence: str, what_to_do: str) -> Any:
    words = {"title": title, "status": status, "sentence": sentence, "what_to_do": what_to_do}
    try:
        return render_template("error.html", **words), status
    except Exception as error:
        if outage := outage_of(error):
            return answer_outage(outage)
        raise


def answer_program(response: Response) -> Response:
    """After a program's post: where a browser would be sent on, the address of what follows and
    what was said; where it would be shown a page that refuses, a problem document."""
    if request.method in ("GET", "HEAD", "OPTIONS") or not is_program():
        return response
    if response.status_code == 303:
        flashed = cast(list[tuple[str, str]], get_flashed_messages(with_categories=True))
        said = [{"tone": tone, "sentence": sentence} for tone, sentence in flashed]
        content = {"location": response.location, "said": said}
        response.status_code = 201 if g.get("performed") else 200
        response.data, response.mimetype = current_app.json.dumps(content), JSON
    elif response.status_code >= 400 and response.mimetype == "text/html":
        response = problem(BY_STATUS.get(response.status_code, "refused"))
    response.headers["X-CSRF-Token"] = csrf.token()
    return response
