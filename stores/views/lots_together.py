"""Lots dealt with on one page: those of a delivery are received, and several released by one
signing."""

from __future__ import annotations

import functools
from typing import Any

from flask import flash, redirect, request, url_for

from integrity.database import Session
from integrity.forms import ChoiceField, Form, TextField
from integrity.signatures import Meaning
from labels import codes
from people.access import requires
from people.answers import form_page
from people.permissions import Permission
from people.rows import Row, are_valid, posted, submit_each
from people.signing_several import MOST, Part, several_page
from people.transaction import now, session
from stores import catalogue_register as catalogue, lot_lists, lots
from stores.catalogue import Material
from stores.lots import Lot
from stores.rules import Disposition
from stores.views import blueprint
from stores.views.fields import ListField, named_by
from stores.views.lots import LotForm

FURTHER = 4  # rows beside one for each material of the list
NO_LOT = "Enter at least one lot."


class DeliveryForm(Form):
    """What holds for every lot whose row says nothing else."""

    supplier = TextField("Supplier", None, longest=80)
    human = ChoiceField(
        "Where they come from",
        [("no", "Not from human donors"), ("yes", "From human donors")],
        "Choose whether they contain anything from human donors.",
    )


class LotRow(LotForm):
    """A lot among others."""

    unit = ListField("Unit", [], "Choose the unit.")

    def __init__(self, *arguments: Any, **words: Any):
        super().__init__(*arguments, **words)
        self.unit.offer(catalogue.current(session(), now()).unit_words)


@blueprint.route("/lots/new/several", methods=["GET", "POST"])
@requires(Permission.RECEIVE_LOTS)
def lots_new() -> Any:
    form, known = DeliveryForm(request.form), catalogue.current(session(), now())
    materials = [*known.materials, *[Material("")] * FURTHER]
    rows = [_row(number, each) for number, each in enumerate(materials, 1)]
    if request.method == "POST" and are_valid(form, rows, NO_LOT):
        wanted = {
            row.name: functools.partial(lots.receive, facts=row.form.facts())
            for row in rows
            if row.is_said
        }
        made = submit_each(form, lots.receive, rows, wanted)
        if made is not None:
            count = "1 lot is" if len(made) == 1 else f"{len(made)} lots are"
            flash(f"{count} received into quarantine. Print their labels.", "accepted")
            return redirect(url_for("stores.lots", state=Disposition.QUARANTINE), 303)
    forms = [row.form for row in rows]
    asked = {row.name: named_by(row.form, "another_delivery") for row in rows}
    return form_page("stores/lots/lots_new.html", form, *forms, rows=rows, known=asked)


def _row(number: int, material: Material) -> Row[LotRow]:
    """A row of a material of the list, or one in which it is chosen."""
    return posted(
        f"l{number}",
        LotRow,
        material.name or f"Lot {number}",
        ("supplier_lot", "quantity", "certificate", "expires_on"),
        common={"supplier": "supplier", "human": "human"},
        offered={
            "material": material.name,
            "unit": material.unit,
            "human": "yes" if material.human else "",
        },
    )


@blueprint.route("/lots/release", methods=["GET", "POST"])
@requires(Permission.RELEASE_LOTS)
def lots_release() -> Any:
    back = url_for("stores.lots")
    return several_page(
        title=lambda count: "Release 1 lot" if count == 1 else f"Release {count} lots",
        meaning=Meaning.APPROVED,
        sentence="Each lot that is ticked becomes RELEASED and may be used until the end of its "
        "expiry day. Each of them is signed.",
        nothing="No lot waits for its release. Open the list of lots.",
        parts=_waiting,
        act=lots.release_lot,
        permission=Permission.RELEASE_LOTS,
        comment=True,
        then=lambda _: back,
        cancel=back,
    )


def _waiting(reading: Session) -> list[Part]:
    """The lots in quarantine that have not expired, the longest waiting first."""
    wanted = lot_lists.listed(Disposition.QUARANTINE, now()).order_by(None).order_by(Lot.id)
    return [
        Part(
            each.id,
            f"{codes.read(each.code).shown} · {each.material}",
            lots.facts_of(reading, each.id),
        )
        for each in reading.scalars(wanted.limit(MOST))
    ]
