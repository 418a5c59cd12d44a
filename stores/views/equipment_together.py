"""Several pieces of equipment registered on one page, each with its calibration."""

from __future__ import annotations

import functools
from typing import Any

from flask import flash, redirect, request, url_for

from integrity.forms import ChoiceField, Form, TextField
from people.access import requires
from people.answers import form_page
from people.permissions import Permission
from people.rows import Row, are_valid, posted, submit_each
from people.transaction import now, session
from stores import catalogue_register as catalogue, equipment
from stores.views import blueprint
from stores.views.equipment import AS_FOUND, CalibrationForm, EquipmentForm
from stores.views.fields import DayField, named_by

FURTHER = 4  # rows beside one for each kind of the list
NO_PIECE = "Enter at least one piece of equipment."
COMMON = {each: each for each in ("room", "as_found", "done_on", "due_on")}


class PiecesForm(Form):
    """What holds for every piece whose row says nothing else."""

    room = TextField("Room", None, longest=60)
    as_found = ChoiceField(
        "As found, before any adjustment",
        AS_FOUND,
        "Say how they were found before anything was adjusted.",
        "A piece that was out of tolerance says so in its own row",
    )
    done_on = DayField("Calibrated on", "Write the day on which they were calibrated.")
    due_on = DayField(
        "Due again on",
        "Write the day on which the next calibrations are due.",
        "The last day on which they may still be used",
    )


class PieceRow(EquipmentForm, CalibrationForm):
    """A piece among others, with its calibration."""


@blueprint.route("/equipment/new/several", methods=["GET", "POST"])
@requires(Permission.KEEP_EQUIPMENT)
def pieces_new() -> Any:
    form, known = PiecesForm(request.form), catalogue.current(session(), now()).equipment
    kinds = [*known, *[""] * FURTHER]
    rows = [_row(number, kind) for number, kind in enumerate(kinds, 1)]
    if request.method == "POST" and are_valid(form, rows, NO_PIECE):
        wanted = {
            row.name: functools.partial(
                equipment.register_calibrated,
                facts=row.form.identity(row.form.kind.data),
                calibration=row.form.facts(),
            )
            for row in rows
            if row.is_said
        }
        made = submit_each(form, equipment.register_calibrated, rows, wanted)
        if made is not None:
            count = "1 piece is" if len(made) == 1 else f"{len(made)} pieces are"
            flash(f"{count} registered and calibrated. Print their labels.", "accepted")
            return redirect(url_for("stores.equipment"), 303)
    forms = [row.form for row in rows]
    asked = {
        row.name: {
            field: named_by(row.form, field) for field in ("another_piece", "own_certificate")
        }
        for row in rows
    }
    return form_page("stores/equipment/pieces_new.html", form, *forms, rows=rows, known=asked)


def _row(number: int, kind: str) -> Row[PieceRow]:
    """A row of a kind of the list, or one in which it is chosen."""
    title = kind.capitalize() or f"Piece {number}"
    said_by = ("name", "serial", "reference")
    offered = {"kind": kind}
    return posted(f"e{number}", PieceRow, title, said_by, common=COMMON, offered=offered)
