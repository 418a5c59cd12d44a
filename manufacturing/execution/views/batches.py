"""The pages of a batch: the bench, starting one, the record as it stands, breaking it off."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from wtforms import BooleanField
from wtforms.fields.choices import SelectChoice

from documents.register import AXIS
from documents.texts import text
from documents.words import Term
from integrity import doubts, facts, filters, observations, signatures as sealed, states
from integrity.forms import ChoiceField, Form, TextField
from integrity.signatures import Meaning, Signature
from labels import codes
from manufacturing.donation import cords, window
from manufacturing.donation.window import Window
from manufacturing.execution import (
    batch_state,
    batches,
    curves,
    entries,
    for_show,
    formula_values,
    worklist,
)
from manufacturing.execution.batch_state import BatchState
from manufacturing.execution.batches import Batch, StartFacts
from manufacturing.execution.entries import Entry
from manufacturing.execution.rules.batches import EXECUTION, ExecutionState
from manufacturing.execution.rules.sequence import Round, round_title, step_title
from manufacturing.execution.views import blueprint, label_cards
from manufacturing.masters import register
from people.access import requires
from people.answers import form_page
from people.lists import address, listing
from people.permissions import Permission
from people.signing import manifestation, signing_page
from people.transaction import now, reader, refused_by, session, submit, zone
from stores import answers, containers, fates, papers, products, standing
from stores.products import Made
from stores.rules import DISPOSITION
from stores.standing import Word

FILTERS = (
    filters.code(Batch.code),
    filters.code(Batch.cord_code, "Cord, its code begins with", "cord"),
    *filters.days(Batch.started_at, "Started"),
)
COLUMNS = ("batch", "cord", "master record", "started", "user name", "execution", "disposition")
SHOWN_STATES = ("", *ExecutionState)
CORDS = 20  # that wait, on one page of the bench


class StartForm(Form):
    cord = TextField("Cord", "Scan the cord or its jar, or type its code.", longest=40)
    master = ChoiceField("Master record", [])
    is_known = BooleanField("I know: what I make is for show, never for human use")


def batch_or_404(code: str) -> Batch:
    """The batch with this code, or 404."""
    return batches.by_code(session(), code) or abort(404, "No batch has this code.")


def state_of(batch: Batch) -> BatchState:
    """The state of a batch for the bench, gathered once a request.

    After a refusal it is the one that the act was judged by.
    """
    if "batch_state" not in g:
        g.batch_state = _judged_by(batch) or batch_state.gather(session(), batch.id)
    state: BatchState = g.batch_state
    return state


def recorded_state_of(batch: Batch) -> BatchState:
    """The same as the tables hold it, for pages that show the record or have it signed."""
    if "batch_state" not in g:
        g.batch_state = _judged_by(batch) or batch_state.read(session(), batch.id)
    state: BatchState = g.batch_state
    return state


def _judged_by(batch: Batch) -> BatchState | None:
    judged_by = refused_by()
    if isinstance(judged_by, BatchState) and judged_by.batch.id == batch.id:
        return judged_by
    return None


@blueprint.get("/bench", endpoint="bench")
@requires(Permission.SEE_RECORDS)
def bench_page() -> Any:
    asked = listing(worklist.open_batches(), *FILTERS)
    if asked.wants_file:
        return asked.file("batches-at-work", COLUMNS, _lines)
    page = asked.page()
    waiting = session().scalars(worklist.waiting_cords().limit(CORDS)).all()
    windows = window.windows_of(session(), waiting, now())
    shown = render_template(
        "manufacturing/execution/bench.html",
        asked=asked,
        page=page,
        lines=worklist.lines(session(), page.items, now()),
        cords=waiting,
        windows=windows,
    )
    return shown, asked.status


@blueprint.get("/batches")
@requires(Permission.SEE_RECORDS)
def batch_list() -> Any:
    state = request.args.get("state", "")
    state = state if state in SHOWN_STATES else ""
    asked = listing(batches.listed(state), *FILTERS)
    if asked.wants_file:
        return asked.file("batches", COLUMNS, _lines)
    page = asked.page()
    where, stands = _standing(page.items)
    tabs = [
        (word.replace("_", " ").capitalize() or "All", address(state=word or None), word == state)
        for word in SHOWN_STATES
    ]
    shown = render_template(
        "manufacturing/execution/batch_list.html",
        page=page,
        where=where,
        stands=stands,
        asked=asked,
        tabs_shown=[(*tab, None) for tab in tabs],
    )
    return shown, asked.status


def _standing(found: Sequence[Batch]) -> tuple[dict[tuple[int, str], str], dict[int, Word]]:
    """({(batch, axis): state}, {batch: its strongest word}) in a fixed number of queries."""
    ids = [batch.id for batch in found]
    where, made = states.on_all_axes(session(), ids), products.of_batches(session(), ids)
    stands = {each: _stands(each, where[(each, DISPOSITION)], made.get(each))[0] for each in ids}
    return where, stands


def _lines(found: Sequence[Batch]) -> Iterator[tuple[Any, ...]]:
    where, stands = _standing(found)
    for batch in found:
        yield (
            codes.hyphenated(batch.code),
            codes.hyphenated(batch.cord_code),
            batch.master_title,
            batch.started_at,
            batch.username,
            where[(batch.id, EXECUTION)],
            stands[batch.id],
        )


def _stands(batch_id: int, disposition: str, made: Made | None) -> list[Word]:
    """The words of a batch and of what it made, the strongest first."""
    has_expired = made is not None and standing.has_expired(made.expires_at, now())
    became = made.became if made else None
    return standing.words(
        disposition,
        has_expired,
        doubts.stand(session()),
        fate=became,
        doubted=batch_id in papers.under_review(session()),
    )


@blueprint.route("/batches/new", methods=["GET", "POST"])
@requires(Permission.START_BATCHES)
def batch_new() -> Any:
    form = StartForm(request.form, cord=request.args.get("cord", ""))
    masters = register.all_effective(session(), now())
    form.master.choices = [
        SelectChoice(str(each.id), f"{each.code} v{each.version} · {each.title}")
        for each in masters
    ]
    if len(masters) == 1 and not form.master.data:
        form.master.data = str(masters[0].id)
    if request.method == "POST" and form.validate():
        cord = cords.scanned(session(), form.cord.data or "")
        if cord is None:
            form.cord.errors, form.status = (
                ["This is no cord and no jar of ours. Scan the label on the jar."],
                422,
            )
        elif batch := submit(form, batches.start, _said(cord.code, form), scope=cord.code):
            flash("The batch is started.", "accepted")
            return redirect(url_for("execution.batch", code=batch.code), 303)
    shows = [each for each in masters if batches.is_for_show(session(), each, now())]
    return form_page("manufacturing/execution/batch_new.html", form, masters=masters, shows=shows)


def _said(cord_code: str, form: StartForm) -> StartFacts:
    return StartFacts(cord_code, int(form.master.data), is_known=bool(form.is_known.data))


@blueprint.get("/batches/<code>")
@requires(Permission.SEE_RECORDS)
def batch(code: str) -> Any:
    state = recorded_state_of(batch_or_404(code))
    vessels = containers.of_scope(session(), state.batch.code, with_void=True)
    answered = answers.of(session(), [each.id for each in vessels], now())
    until = {number: each.expires_at for number, each in answered.items() if each.expires_at}
    made = products.of_batches(session(), [state.batch.id]).get(state.batch.id)
    stands = _stands(state.batch.id, state.disposition, made)
    return render_template(
        "manufacturing/execution/batch.html",
        state=state,
        rounds=rounds(state),
        drawn=curves.of_batch(state, zone()),
        vessels=vessels,
        **frame(state) | {"to_print": label_cards.of_batch(state)},
        where={number: each.words for number, each in answered.items()},
        fates=fates.in_scope(session(), state.batch.id),
        until=until,
        stands=stands,
        tone=standing.tone(stands[0]),
        scanned="scanned" in request.args,
        receipt=_receipt(state),
        seen=observations.in_scopes(session(), [state.batch.id, state.batch.cord_id]),
    )


def _receipt(state: BatchState) -> list[tuple[str, str]]:
    """What was found when the cord was received: entered on its page, read here."""
    cord = cords.by_code(session(), state.batch.cord_code)
    return [
        (question.label, f"{found}, not met" if outside else found)
        for question, found, outside in (cords.receipt_shown(session(), cord) if cord else ())
    ]


def frame(state: BatchState) -> dict[str, Any]:
    """What every page of a batch shows around its own part.

    Stages, window, what runs, where its master record stands.
    """
    pinned = states.of(session(), state.batch.master_id, AXIS)
    return {
        "rail": rail(state),
        "hours": hours(state),
        "running": running(state),
        "master_state": pinned,
        "demonstration": for_show.is_for_show(session(), state.batch),
        "to_print": label_cards.at_hand(state),
    }


def around(batch: Batch) -> dict[str, Any]:
    """What a signing page of a batch shows around what is signed."""
    state = state_of(batch)
    return {
        "window_left": left(batch),
        "to_print": label_cards.at_hand(state),
    }


def running(state: BatchState) -> list[dict[str, Any]]:
    """The timers that run and the interval that is due, for the right column."""
    shown = worklist.timers(state)
    title, begin, until = worklist.due(state)
    if title and not any(each["title"] == title for each in shown):
        shown.append({"title": title, "begin": begin, "until": until})
    return shown


def hours(state: BatchState) -> Window | None:
    """The window of the batch's cord, by the limits of its own master record."""
    cord = cords.by_code(session(), state.batch.cord_code)
    limit = next(iter(state.master.windows.values()), None)
    return (
        window.window_of(session(), cord, now(), window.limits_of(limit) if limit else None)
        if cord
        else None
    )


def rail(state: BatchState) -> list[dict[str, Any]]:
    """The stages with where we are."""
    open_now = state.open
    open_stages = {position.stage for position in open_now.steps} | {
        each.stage for each in (open_now.verify, open_now.sign) if each
    }
    last = max(
        (formula_values.place_key(state.master, entry.position)[0] for entry in state.current),
        default=-1,
    )
    items, code = [], state.batch.code
    for number, stage in enumerate(state.master.stages):
        cycle = max((entry.cycle for entry in state.current if entry.stage == stage.id), default=0)
        anchor = f"stage-{stage.id}-{cycle}"
        progress = "current" if stage.id in open_stages else "done" if number <= last else "todo"
        items.append(
            {
                "name": text(stage.title),
                "state": progress,
                "href": url_for("execution.batch", code=code, _anchor=anchor) if cycle else None,
                "note": f"round {cycle}" if stage.repeat and cycle else "",
            }
        )
    return items


def rounds(state: BatchState) -> list[dict[str, Any]]:
    """Every round of every stage with its entries, the replaced ones before those that took their
    place.
    """
    signed_wrong = sealed.invalid(session(), state.signed)
    rows_of: dict[Round, list[dict[str, Any]]] = {}
    for entry in sorted(
        state.everything,
        key=lambda each: (*formula_values.place_key(state.master, each.position), each.id),
    ):
        rows_of.setdefault(entry.round, []).append(_row(state, entry, signed_wrong))
    return [
        {
            "round": wanted,
            "title": round_title(state.master, wanted),
            "entries": rows,
            "anchor": f"stage-{wanted.stage}-{wanted.cycle}",
            "signature": signature_shown(state.sign_off(wanted), signed_wrong),
            "waits": any(row["waits"] for row in rows),
            "deviations": sum(len(row["deviations"]) for row in rows),
            "corrected": sum(row["superseded"] for row in rows),
        }
        for wanted, rows in rows_of.items()
    ]


def _row(state: BatchState, entry: Entry, wrong: set[int]) -> dict[str, Any]:
    stands = state.stands(entry)
    return {
        "entry": entry,
        "title": step_title(state.master.step(entry.step), entry.turn),
        "facts": _compact(state, entry),
        "superseded": not stands,
        "waits": stands and state.waits(entry),
        "signature": signature_shown(state.verification(entry), wrong),
        "deviations": state.opened_by(entry),
        "alerts": entries.alerts_of(state.master, entry),
    }


def signature_shown(signature: Signature | None, wrong: set[int]) -> dict[str, Any] | None:
    return manifestation(signature, signature.id in wrong) if signature else None


def _compact(state: BatchState, entry: Entry) -> list[tuple[str, str]]:
    """The facts of an entry for a page that shows many.

    One time where it was recorded when it was done.
    """
    pairs = entries.recorded_facts(state.master, entry)
    if not entry.late:
        recorded = facts.word(Term.RECORDED)
        pairs = [pair for pair in pairs if pair[0] != recorded]
    return facts.drawn(pairs, reader())


def left(batch: Batch) -> Window | None:
    """What is left of the window, for every page of a batch until its processing starts."""
    running = hours(state_of(batch))
    return running if running and running.state != "started" else None


@blueprint.route("/batches/<code>/terminate", methods=["GET", "POST"])
@requires(Permission.REJECT_BATCHES)
def batch_terminate(code: str) -> Any:
    batch = batch_or_404(code)
    back = url_for("execution.batch", code=code)
    if (
        states.of(session(), batch, EXECUTION)
        not in (ExecutionState.PLANNED, ExecutionState.IN_PROCESS)
        and request.method == "GET"
    ):
        abort(404, "Only a batch that is planned or in process can be broken off.")
    return signing_page(
        title="Break the batch off",
        meaning=Meaning.REJECTED,
        facts=lambda s: batches.termination_facts(s, batch.id),
        act=partial(batches.terminate, batch_id=batch.id),
        permission=Permission.REJECT_BATCHES,
        then=lambda _: back,
        cancel=back,
        comment="required",
        scope=batch.code,
        sentence="The batch ends state and is rejected. Its record stays.",
        around=lambda: around(batch),
    )
