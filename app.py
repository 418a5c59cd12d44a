"""The roof of Cordbook: configuration, blueprints, what every page shares, and the command line."""

from __future__ import annotations

import enum
import functools
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, g, render_template, request, url_for
from werkzeug.exceptions import HTTPException

import documents.views
import finding.views
import guidance.views
import labels.views
import manufacturing.donation.views.queues
import manufacturing.execution.views.queues
import manufacturing.execution.views.week
import manufacturing.masters.views
import people.views.queues
import qc.deviations.views.queues
import qc.deviations.views.week
import qc.laboratory.views.queues
import qc.laboratory.views.week
import qc.release.views.queues
import qc.specifications.views
import readiness.views
import stores.views.queues
import stores.views.week
from documents.rules import DocumentState
from documents.views.queues import of_chapters
from integrity import facts, times
from integrity.backups import RestoreState
from integrity.cabinet import Cabinet
from integrity.canonical import digest_of
from integrity.catalogue import Message
from integrity.clock import ClockState, server_clock
from integrity.database import Database
from integrity.deviations import Decision, DeviationState
from integrity.facts import Fact
from integrity.findings import Consequence, Refused
from integrity.observations import ObservationState
from integrity.words import TONES, tone_of
from labels import codes
from labels.views import stock
from manufacturing.donation.rules.cords import CordState
from manufacturing.donation.rules.donors import ConsentState, Eligibility
from manufacturing.donation.views import criteria_pages
from manufacturing.execution.rules.batches import ExecutionState
from people import access, answers, csrf, lists, queues, transaction
from people.accounts import AccountState
from people.notices import notices
from people.permissions import Permission, allows
from people.programs import Request
from people.rules.guesses import Purpose
from people.rules.handovers import HandoverState
from people.rules.second_factors import FactorState
from people.rules.setting_changes import SettingState
from qc.deviations.rules import ActionState
from qc.laboratory.rules.oos import OosState
from qc.laboratory.rules.results import ResultState, TestingState
from qc.laboratory.rules.samples import Condition
from qc.release.certificates import CertificateState
from readiness import guide
from stores import marks
from stores.fate_rules import Fate, FateState
from stores.hold_rules import HoldState
from stores.rules import AsFound, Disposition
from stores.views import materials

ROOT = Path(__file__).resolve().parent
ANY_CODE = "ANY0CODE"  # stands for a code in an address
BLUEPRINTS = (
    people.views,
    stores.views,
    labels.views,
    manufacturing.donation.views,
    manufacturing.execution.views,
    qc.laboratory.views,
    qc.deviations.views,
    qc.release.views,
    finding.views,
    readiness.views,
    guidance.views,
)
# The vocabularies that templates name: no state is spelt on a page.
STATES: tuple[type[enum.StrEnum], ...] = (
    AccountState, ActionState, AsFound, CertificateState, ClockState, Condition, Consequence,
    ConsentState, CordState, Decision, DeviationState, Disposition, DocumentState, Eligibility,
    ExecutionState, FactorState, Fate, FateState, HandoverState, HoldState, ObservationState,
    OosState, Purpose, RestoreState, ResultState, SettingState, TestingState,
)  # fmt: skip
# Every kind of controlled document with its pages.
CHAPTERS = (
    manufacturing.masters.views.CHAPTER,
    qc.specifications.views.CHAPTER,
    criteria_pages.CHAPTER,
    materials.CHAPTER,
    stock.CHAPTER,
)
# What may wait for somebody, in the order of the first page.
QUEUES = (
    *people.views.queues.QUEUES,
    *manufacturing.execution.views.queues.QUEUES,
    *manufacturing.donation.views.queues.QUEUES,
    *qc.release.views.queues.QUEUES,
    *qc.deviations.views.queues.QUEUES,
    *qc.laboratory.views.queues.QUEUES,
    *stores.views.queues.QUEUES,
    *of_chapters(CHAPTERS),
)
# What may fall due, in the order in which a day lists what is due at one moment.
DUE = (
    *manufacturing.execution.views.week.SOURCES,
    *qc.laboratory.views.week.SOURCES,
    *stores.views.week.SOURCES,
    *qc.deviations.views.week.SOURCES,
)
NAVIGATION = (
    ("To do", "home", Permission.SEE_RECORDS),
    ("Week", "people.week", Permission.SEE_RECORDS),
    ("Bench", "execution.bench", Permission.SEE_RECORDS),
    ("Cords", "donation.cords", Permission.SEE_RECORDS),
    ("Materials", "stores.lots", Permission.SEE_RECORDS),
    ("Equipment", "stores.equipment", Permission.SEE_RECORDS),
    ("Samples", "laboratory.samples", Permission.SEE_RECORDS),
    ("Deviations", "deviations.deviations", Permission.SEE_RECORDS),
    ("Release", "release.desk", Permission.SEE_RECORDS),
    ("Documents", "documents.documents", Permission.SEE_RECORDS),
    ("Trail", "people.trail", Permission.SEE_RECORDS),
    ("People", "people.people_list", Permission.MANAGE_PEOPLE),
    ("Confirm people", "people.waiting", Permission.CONFIRM_PEOPLE),
    ("Site", "people.site_settings", Permission.MANAGE_SITE),
    ("Site", "people.setting_list", Permission.JUDGE_SITE),
)
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' "
    "data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "interest-cohort=()",
}


def create_app(
    database: Database,
    secret: str,
    *,
    clock: Callable[[], datetime] = server_clock,
    address: str = "http://127.0.0.1:8000",
    cabinet: Cabinet | None = None,
    **config: Any,
) -> Flask:
    """The application over an open database; `address` is what goes into QR codes, `cabinet` is
    where attached files lie: beside a database file unless it is said.
    """
    app = Flask(__name__, root_path=str(ROOT), template_folder="templates", static_folder="static")
    app.request_class = Request
    app.session_interface = access.Cookies()
    app.config.update(_settings(secret, address), DUE=DUE, QUEUES=QUEUES, **config)
    app.extensions["cordbook"] = surroundings(database, clock, cabinet)
    app.url_map.converters["int"] = access.Number
    app.url_map.merge_slashes = False  # its redirect would take its host from the request
    for package in BLUEPRINTS:
        app.register_blueprint(package.blueprint)
    app.register_blueprint(documents.views.blueprint(CHAPTERS))
    setattr(app.view_functions["static"], "permission", Permission.PUBLIC)  # noqa: B010
    app.before_request(access.guard)
    app.after_request(_add_headers)
    app.after_request(access.let_go)
    app.after_request(answers.answer_program)
    app.after_request(finding.views.note_answer)
    app.teardown_appcontext(transaction.close_reading)
    app.context_processor(_shared)
    _prepare_templates(app)
    app.register_error_handler(HTTPException, answers.answer_error)
    app.register_error_handler(Refused, answers.answer_refusal)
    app.register_error_handler(Exception, answers.answer_fault)
    app.add_url_rule("/", view_func=home)
    app.add_url_rule("/health", view_func=health)
    return app


def surroundings(
    database: Database, clock: Callable[[], datetime], cabinet: Cabinet | None = None
) -> dict[str, Any]:
    """What every request finds: the database, the clock, and where attached files lie."""
    if cabinet is None and database.url.startswith("sqlite"):
        cabinet = Cabinet.beside(Path(database.url.removeprefix("sqlite:///")))
    return {"database": database, "clock": clock, "cabinet": cabinet}


def _settings(secret: str, address: str) -> dict[str, Any]:
    return {
        "SECRET_KEY": secret,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_NAME": "cordbook",
        "SESSION_COOKIE_SECURE": address.startswith("https://"),
        "MAX_CONTENT_LENGTH": 11 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        "MAX_FORM_PARTS": 2000,
        "ADDRESS": address.rstrip("/"),
        "PUBLIC_ADDRESS": address.rstrip("/"),  # of the page behind a certificate's QR
        "PLACE": None,  # the installation that this process serves
        "AUTHORITY": None,  # the file of the site's own authority, where it has one
        "SEND_FILE_MAX_AGE_DEFAULT": 31_536_000,  # a file that changes gets another address
    }


def _prepare_templates(app: Flask) -> None:
    app.jinja_env.filters.update(
        instant=_instant, code=codes.hyphenated, span=times.span, worded=_worded
    )
    app.jinja_env.globals.update(
        static=_static_addresses(),
        url_for=_address,
        page_url=lists.address,
        reader=transaction.reader,
        tone_of=tone_of,
        tones=TONES,
        **{each.__name__: each for each in STATES},
        has_endpoint=lambda name: name in app.view_functions,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def _static_addresses() -> Callable[[str], str]:
    """The addresses of what lies in static/, with a mark that changes whenever a file there does.

    Browsers keep what they have.
    """
    files = sorted(path for path in (ROOT / "static").rglob("*") if path.is_file())
    drawn = digest_of(
        [[path.name, path.stat().st_size, str(path.stat().st_mtime_ns)] for path in files]
    )[:10]
    return functools.cache(lambda name: url_for("static", filename=name, v=drawn))


@access.requires(Permission.SEE_RECORDS)
def home() -> Any:
    """Everybody's first page: what waits for them, the longest waiting first;
    before the first batch, what is still missing for it."""
    actor = transaction.presence().actor
    asker = queues.Asker(actor.username, actor.role, transaction.now())
    waiting = queues.of(transaction.session(), asker, QUEUES)
    lines = guide.of(transaction.session(), asker, CHAPTERS)
    return render_template(
        "home.html", waiting=waiting, guide=lines, parts=guide.PARTS, guide_staff=guide.STAFF
    )


@access.requires(Permission.PUBLIC)
def health() -> Any:
    """For a supervisor of the process: the database answers."""
    transaction.settings()
    return {"status": "ok"}


def _instant(at: datetime | str | None, seconds: bool = False) -> str:
    if at is None:
        return ""
    moment = datetime.fromisoformat(at) if isinstance(at, str) else at
    return times.shown(moment, transaction.zone(), seconds=seconds)


def _worded(said: Message | Fact) -> str:
    """A message, or a fact, in the words of whoever looks at the page."""
    fact = facts.word(said) if isinstance(said, Message) else said
    return facts.shown(fact, transaction.reader())


def _shared() -> dict[str, Any]:
    """What every page is given."""
    presence = g.get("presence")
    actor = presence.actor if presence else None
    settings = transaction.settings()
    return {
        "actor": actor,
        "demonstration": settings["demonstration"] == "yes" or _is_about_show(),
        "site_name": settings["name"],
        "may": lambda name: actor is not None and allows(actor.role, Permission[name]),
        "csrf_token": csrf.token,
        "notices": notices(transaction.session(), actor.role) if actor else [],
        "now": transaction.now(),
        "now_shown": times.shown(transaction.now(), transaction.zone()),
        "navigation": _navigation(actor.role, request.endpoint or "") if actor else (),
    }


def _is_about_show() -> bool:
    """Whether the page is about something that is made for show."""
    scope = g.get("about")
    return bool(scope and marks.for_show(transaction.session(), [scope]))


@functools.cache
def _usual(endpoint: str, **values: Any) -> str:
    """The address of a page; one process is reached under one root."""
    return url_for(endpoint, **values)


def _address(endpoint: str, **values: Any) -> str:
    """`url_for` as templates have it: tables hold many addresses that differ by a code alone."""
    code = str(values.get("code", ""))
    if len(values) == 1 and code.isascii() and code.isalnum():
        return _usual(endpoint, code=ANY_CODE).replace(ANY_CODE, code)
    return url_for(endpoint, **values) if values else _usual(endpoint)


@functools.cache
def _navigation(role: str, here: str) -> tuple[tuple[str, str, bool], ...]:
    return tuple(
        (label, _usual(endpoint), here == endpoint)
        for label, endpoint, permission in NAVIGATION
        if allows(role, permission) and endpoint in current_app.view_functions
    )


def _add_headers(response: Response) -> Response:
    response.headers.extend(HEADERS)
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    return response


if __name__ == "__main__":
    import commands

    sys.exit(commands.main(sys.argv[1:], create_app))
