"""Pages of equipment: the list, registering, one piece with its calibrations and its logbook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from wtforms import BooleanField

from integrity import corrections, filters, pagination, site
from integrity.facts import compared, sentence
from integrity.forms import ChoiceField, Form, ReasonField, TextField
from labels import codes
from people.access import requires
from people.accounts import normal
from people.answers import form_page
from people.lists import address, listing
from people.permissions import Permission
from people.transaction import now, reader, session, submit
from stores import (
    calibrations,
    catalogue_register as catalogue,
    equipment,
    equipment_corrections,
    holds,
    origins,
    rules,
)
from stores.rules import AsFound
from stores.standing import Word
from stores.views import blueprint, logbook
from stores.views.fields import DayField, ListField, corrections_shown, named_by

TONES = {
    "in calibration": "accepted",
    Word.ON_HOLD: "held",
    "overdue": "rejected",
    "not calibrated": "rejected",
}


AS_FOUND = [
    (AsFound.IN_TOLERANCE.value, "In tolerance, or its first calibration"),
    (AsFound.OUT_OF_TOLERANCE.value, "Out of tolerance"),
]


class IdentityForm(Form):
    name = TextField(
        "Name",
        "Write the name that stands on it, for example Incubator 2.",
        longest=60,
        hint="As it is called in the room",
    )
    serial = TextField("Serial number", hint="From its plate", longest=60)
    room = TextField("Room", "Write the room in which it stands.", longest=60)
    another_piece = BooleanField(
        "It is another piece, or the same one that stands under a wrong kind"
    )

    def identity(self, kind: str) -> equipment.EquipmentFacts:
        return equipment.EquipmentFacts(
            kind,
            self.name.data or "",
            self.room.data or "",
            self.serial.data or "",
            bool(self.another_piece.data),
        )


class IdentityCorrectionForm(IdentityForm):
    reason = ReasonField("Why it is put right")


class EquipmentForm(IdentityForm):
    kind = ListField(
        "Kind",
        [],
        "Choose the kind from the list.",
    )

    def __init__(self, *arguments: Any, **words: Any):
        super().__init__(*arguments, **words)
        known = catalogue.current(session(), now()).equipment
        self.kind.offer((kind, kind.capitalize()) for kind in known)


class CalibrationForm(Form):
    done_on = DayField("Done on", "Write the day on which it was calibrated.")
    due_on = DayField(
        "Due again on",
        "Write the day on which the next calibration is due.",
        "The last day on which it may still be used",
    )
    reference = TextField(
        "Certificate or report", "Write the number of the calibration certificate.", longest=80
    )

    as_found = ChoiceField(
        "As found, before any adjustment",
        AS_FOUND,
        "Say how it was found before anything was adjusted.",
        "Out of tolerance opens a deviation for every batch it was used for since the calibration "
        "before, and holds those that are released",
    )
    own_certificate = BooleanField(
        "It is another calibration, or one certificate of several pieces of equipment"
    )

    def facts(self) -> equipment.CalibrationFacts:
        return equipment.CalibrationFacts(
            self.done_on.value,
            self.due_on.value,
            self.reference.data or "",
            self.as_found.data or "",
            bool(self.own_certificate.data),
        )


class CalibrationCorrectionForm(CalibrationForm):
    reason = ReasonField("Why it is put right")


FILTERS = (
    filters.code(equipment.Equipment.code),
    filters.same(equipment.Equipment.room, "Room", "room"),
    *filters.days(equipment.Equipment.registered_at, "Registered"),
)
COLUMNS = ("equipment", "name", "kind", "serial", "room", "registered", "calibration due", "state")
USES = (
    filters.code(equipment.EquipmentUse.scope, "Batch, its code begins with", "batch"),
    filters.same(equipment.EquipmentUse.username, "User name", "username", normal),
    *filters.days(equipment.EquipmentUse.at, "Used"),
)


@blueprint.get("/equipment", endpoint="equipment")
@requires(Permission.SEE_RECORDS)
def equipment_list() -> Any:
    kind = request.args.get("kind", "")
    known = catalogue.kinds_of_equipment(session(), now())
    kind = kind if kind in known else ""
    asked = listing(equipment.listed(kind), *FILTERS)
    if asked.wants_file:
        return asked.file("equipment", COLUMNS, _lines)
    page = asked.page()
    newest, words = _standing(page.items)
    links = [
        ("All", address(kind=None), not kind, None),
        *((word.capitalize(), address(kind=word), word == kind, None) for word in known),
    ]
    shown = render_template(
        "stores/equipment/equipment.html",
        asked=asked,
        page=page,
        newest=newest,
        words=words,
        tones=TONES,
        links=links,
    )
    return shown, asked.status


def _standing(
    found: Sequence[equipment.Equipment],
) -> tuple[dict[int, calibrations.Calibration], dict[int, list[str]]]:
    """({piece: the calibration that counts}, {piece: its words}) in a fixed number of queries."""
    newest = calibrations.newest(session(), [item.id for item in found])
    due = {item.id: newest[item.id].due_at if item.id in newest else None for item in found}
    held = holds.held(session(), due)
    words = {
        number: rules.words_of_equipment(until, now(), held=number in held)
        for number, until in due.items()
    }
    return newest, words


def _lines(found: Sequence[equipment.Equipment]) -> Iterator[tuple[Any, ...]]:
    newest, words = _standing(found)
    for item in found:
        made = newest.get(item.id)
        yield (
            codes.hyphenated(item.code),
            item.name,
            item.kind,
            item.serial,
            item.room,
            item.registered_at,
            made.day(made.due_at) if made else "",
            ", ".join(words[item.id]),
        )


@blueprint.route("/equipment/new", methods=["GET", "POST"])
@requires(Permission.KEEP_EQUIPMENT)
def equipment_new() -> Any:
    form = EquipmentForm(request.form)
    if request.method == "POST" and form.validate():
        facts = form.identity(form.kind.data)
        if item := submit(form, equipment.register, facts):
            flash(
                f"{item.name} is registered as {codes.read(item.code).shown}. Record its "
                "calibration before it is used.",
                "accepted",
            )
            return redirect(url_for("stores.calibration_new", code=item.code), 303)
    return form_page(
        "stores/equipment/equipment_new.html",
        form,
        known=named_by(form, "another_piece"),
    )


def _found(code: str) -> equipment.Equipment:
    item = equipment.by_code(session(), code)
    if item is None:
        abort(
            404,
            "There is no equipment under this code. Scan it again, or look for it in the list of "
            "equipment.",
        )
    return item


@blueprint.get("/equipment/<code>")
@requires(Permission.SEE_RECORDS)
def equipment_item(code: str) -> Any:
    item = _found(code)
    asked = listing(equipment.uses(item.id), *USES)
    if asked.wants_file:
        return asked.file(f"logbook-{item.code}", logbook.COLUMNS, logbook.lines)
    newest = calibrations.newest(session(), [item.id]).get(item.id)
    due = newest.due_at if newest else None
    zone = newest.place if newest else site.zone(session())
    held = bool(holds.held(session(), [item.id]))
    words = rules.words_of_equipment(due, now(), held=held)
    says = rules.equipment_message(item.shown, due, now(), zone, held=held)
    made = pagination.page(session(), calibrations.listed(item.id), {}, 10)
    page = asked.page()
    shown_page = render_template(
        "stores/equipment/equipment_item.html",
        item=item,
        asked=asked,
        words=words,
        tones=TONES,
        holds=holds.of(session(), item.id),
        page=page,
        entries=origins.named(session(), [use.entry_id for use in page.items]),
        sentence=sentence(*says, reader()),
        calibrations=made,
        corrected=calibrations.corrections_of(session(), made.items),
        corrections=corrections_shown(
            (each, compared(equipment_corrections.changes(each), reader()))
            for each in equipment_corrections.of(session(), item)
        ),
        newest=newest,
    )
    return shown_page, asked.status


@blueprint.route("/equipment/<code>/calibration", methods=["GET", "POST"])
@requires(Permission.KEEP_EQUIPMENT)
def calibration_new(code: str) -> Any:
    item, form = _found(code), CalibrationForm(request.form)
    if (
        request.method == "POST"
        and form.validate()
        and submit(form, equipment.calibrate, item.id, form.facts(), scope=code)
    ):
        flash("The calibration is recorded.", "accepted")
        return redirect(url_for("stores.equipment_item", code=code), 303)
    return form_page(
        "stores/equipment/calibration_new.html", form, item=item, known=_certified(form)
    )


@blueprint.route("/equipment/<code>/correct", methods=["GET", "POST"])
@requires(Permission.KEEP_EQUIPMENT)
def equipment_correct(code: str) -> Any:
    item = _found(code)
    form = IdentityCorrectionForm(request.form, data=corrections.standing(item, equipment.SAID))
    if request.method == "POST" and form.validate():
        facts = form.identity(item.kind)
        act, reason = equipment_corrections.correct, form.reason.data
        if submit(form, act, item.id, facts, reason, scope=code):
            return _corrected(code)
    known = named_by(form, "another_piece")
    return form_page("stores/equipment/equipment_correct.html", form, item=item, known=known)


@blueprint.route("/equipment/<code>/calibration/<int:number>", methods=["GET", "POST"])
@requires(Permission.KEEP_EQUIPMENT)
def calibration_correct(code: str, number: int) -> Any:
    item, made = _found(code), session().get(calibrations.Calibration, number)
    if made is None or made.equipment_id != item.id:
        abort(404, "There is no such calibration of this equipment. Open its page and choose one.")
    said = {
        "done_on": made.day(made.done_at),
        "due_on": made.day(made.due_at),
        "reference": made.reference,
        "as_found": made.as_found,
    }
    form = CalibrationCorrectionForm(request.form, data=said)
    act = equipment_corrections.correct_calibration
    if (
        request.method == "POST"
        and form.validate()
        and submit(form, act, number, form.facts(), form.reason.data, scope=code)
    ):
        return _corrected(code)
    return form_page(
        "stores/equipment/calibration_correct.html",
        form,
        item=item,
        made=made,
        known=_certified(form),
    )


def _certified(form: CalibrationForm) -> list[str]:
    return named_by(form, "own_certificate")


def _corrected(code: str) -> Any:
    flash("The correction is recorded; what it replaces stays legible.", "accepted")
    return redirect(url_for("stores.equipment_item", code=code), 303)
