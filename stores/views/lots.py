"""Pages of material lots: the list, receiving, one lot with its uses, and QA's signature."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from wtforms import BooleanField
from wtforms.fields.choices import SelectChoice

from integrity import filters, signatures, states
from integrity.facts import compared, drawn, sentence
from integrity.forms import ChoiceField, Form, ReadField, ReasonField, TextField
from labels import codes
from people.access import requires
from people.accounts import normal
from people.answers import form_page
from people.lists import address, listing
from people.permissions import Permission
from people.signing import shown, signing_page
from people.transaction import now, reader, session, submit
from stores import (
    catalogue_register as catalogue,
    holds,
    lot_balances,
    lot_corrections,
    lot_lists,
    lot_uses,
    lots,
    origins,
    rules,
)
from stores.rules import Disposition
from stores.views import blueprint, logbook
from stores.views.fields import DayField, ListField, corrections_shown, named_by, read_amount

OTHER = "other"
STATES = (
    Disposition.QUARANTINE,
    Disposition.RELEASED,
    Disposition.ON_HOLD,
    Disposition.REJECTED,
    "expired",
)
# deed in the address: (state it leads to, title, what follows)
DEEDS = {
    "release": (
        Disposition.RELEASED,
        "Release",
        "The lot becomes RELEASED and may be used until the end of its expiry day.",
    ),
    "reject": (
        Disposition.REJECTED,
        "Reject",
        "The lot becomes REJECTED for good: no batch can take it any more.",
    ),
}


class DescriptionForm(Form):
    """What the supplier's papers say of a lot."""

    name = TextField("Product name and number", hint="As on the bottle", longest=120)
    supplier = TextField("Supplier", "Write who supplied the lot.", longest=80)
    manufacturer = TextField("Manufacturer", hint="Only if it is not the supplier", longest=80)
    supplier_lot = TextField(
        "Supplier's lot number",
        "Write the lot number that is printed on the container.",
        longest=60,
    )
    certificate = TextField(
        "Certificate of analysis", "Write the number or the date of the certificate.", longest=80
    )
    expires_on = DayField(
        "Use by",
        "Write the expiry day.",
        "Year-month-day, for example 2027-03-31; if only a month is printed, its last day",
    )
    quantity = ReadField("Quantity received", read_amount, "Write how much was received.", 30)
    unit = ChoiceField("Unit", [], "Choose the unit.")
    human = ChoiceField(
        "Where it comes from",
        [("no", "Not from human donors"), ("yes", "From human donors")],
        "Choose whether it contains anything from human donors.",
    )
    donor_pool = TextField(
        "Donor pool",
        hint="The supplier's reference, for albumin, platelet lysate, serum and the like",
        longest=80,
    )

    def __init__(self, *arguments: Any, **words: Any):
        super().__init__(*arguments, **words)
        known = catalogue.current(session(), now())
        self.unit.choices = [SelectChoice(*unit) for unit in known.unit_words]

    another_delivery = BooleanField("It is another delivery of the same lot")

    def described(self, material: str) -> lots.LotFacts:
        return lots.LotFacts(
            material,
            self.supplier.data or "",
            self.supplier_lot.data or "",
            self.expires_on.value,
            self.quantity.data or "",
            self.unit.data,
            self.name.data or "",
            self.manufacturer.data or "",
            self.certificate.data or "",
            self.human.data == "yes",
            self.donor_pool.data or "",
            bool(self.another_delivery.data),
        )


class LotCorrectionForm(DescriptionForm):
    reason = ReasonField("Why it is put right")


class LotForm(DescriptionForm):
    material = ListField(
        "Material",
        [],
        "Choose the material from the list.",
    )
    other = TextField("Another material", hint="Only if the list does not have it", longest=80)

    def __init__(self, *arguments: Any, **words: Any):
        super().__init__(*arguments, **words)
        known = catalogue.current(session(), now())
        names = [(each.name, each.name) for each in known.materials]
        self.material.offer([*names, (OTHER, "Another material")])

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        if self.material.data == OTHER and not self.other.data:
            self.other.errors = ["Write the name of the material."]
            valid = False
        self.status = 200 if valid else 422
        return valid

    def facts(self) -> lots.LotFacts:
        material = self.other.data if self.material.data == OTHER else self.material.data
        return self.described(material or "")


FILTERS = (
    filters.code(lots.Lot.code),
    filters.number(lots.Lot.id, "Name, supplier's lot"),
    filters.same(lots.Lot.material, "Material", "material"),
    *filters.days(lots.Lot.received_at, "Received"),
)
COLUMNS = (
    "lot",
    "material",
    "name",
    "supplier",
    "supplier's lot",
    "use by",
    "received quantity",
    "unit",
    "received",
    "state",
)
USES = (
    filters.code(lot_uses.LotUse.scope, "Batch, its code begins with", "batch"),
    filters.same(lot_uses.LotUse.username, "User name", "username", normal),
    *filters.days(lot_uses.LotUse.at, "Used"),
)


@blueprint.get("/lots", endpoint="lots")
@requires(Permission.SEE_RECORDS)
def lot_list() -> Any:
    state = request.args.get("state", "")
    state = state if state in STATES else ""
    asked = listing(lot_lists.listed(state, now()), *FILTERS)
    if asked.wants_file:
        return asked.file("lots", COLUMNS, _lines)
    page = asked.page()
    links = [
        ("All", address(state=None), not state, None),
        *(
            (
                word.replace("_", " ").capitalize(),
                address(state=word),
                word == state,
                None,
            )
            for word in STATES
        ),
    ]
    shown = render_template(
        "stores/lots/lots.html",
        asked=asked,
        page=page,
        states=lot_lists.states_of(session(), page.items, now()),
        links=links,
        amount=lots.amount,
    )
    return shown, asked.status


def _lines(found: Sequence[lots.Lot]) -> Iterator[tuple[Any, ...]]:
    where = lot_lists.states_of(session(), found, now())
    for each in found:
        yield (
            codes.hyphenated(each.code),
            each.material,
            each.name,
            each.supplier,
            each.supplier_lot,
            each.day(each.expires_at),
            each.quantity.text,
            each.quantity.unit,
            each.received_at,
            where[each.id],
        )


@blueprint.route("/lots/new", methods=["GET", "POST"])
@requires(Permission.RECEIVE_LOTS)
def lot_new() -> Any:
    form = LotForm(request.form, data=_of_the_delivery(request.args.get("like", "")))
    if (
        request.method == "POST"
        and form.validate()
        and (lot := submit(form, lots.receive, form.facts()))
    ):
        flash(
            f"Lot {codes.read(lot.code).shown} is received into quarantine. Put a label on it "
            "and have QA release it.",
            "accepted",
        )
        return redirect(url_for("stores.lot", code=lot.code), 303)
    return form_page(
        "stores/lots/lot_new.html",
        form,
        known=named_by(form, "another_delivery"),
    )


def _of_the_delivery(code: str) -> dict[str, str]:
    """What another lot of the same delivery has in common with the one of this code."""
    lot = lots.by_code(session(), code) if code else None
    if lot is None:
        return {}
    maker = "" if lot.manufacturer == lot.supplier else lot.manufacturer
    return {"supplier": lot.supplier, "manufacturer": maker}


def _found(code: str) -> lots.Lot:
    lot = lots.by_code(session(), code)
    if lot is None:
        abort(
            404,
            "There is no lot under this code. Scan it again, or look for it in the list of lots.",
        )
    return lot


@blueprint.get("/lots/<code>")
@requires(Permission.SEE_RECORDS)
def lot(code: str) -> Any:
    found = _found(code)
    asked = listing(lot_uses.uses(found.id), *USES)
    if asked.wants_file:
        return asked.file(f"uses-{found.code}", logbook.COLUMNS, logbook.lines)
    disposition = states.of(session(), found, lots.AXIS) or Disposition.QUARANTINE
    held = bool(holds.held(session(), [found.id]))
    words = rules.words_of_lot(disposition, found.expires_at, now(), held=held)
    state = words[0]
    says = rules.lot_message(found.code, state, found.day(found.expires_at))
    page = asked.page()
    shown_page = render_template(
        "stores/lots/lot.html",
        asked=asked,
        lot=found,
        state=state,
        words=words,
        holds=holds.of(session(), found.id),
        sentence=sentence(*says, reader()),
        page=page,
        balance=lot_balances.of(session(), found),
        entries=origins.named(session(), [use.entry_id for use in page.items]),
        deeds=_deeds(disposition, state),
        facts=drawn(lots.described(session(), found.id)[1:-1], reader()),
        signed=shown(signatures.of(session(), found)),
        corrections=corrections_shown(
            (each, compared(lot_corrections.changes(found, each), reader()))
            for each in lot_corrections.of(session(), found)
        ),
    )
    return shown_page, asked.status


def _deeds(disposition: str, state: str) -> list[tuple[str, str]]:
    """(deed, label) of what QA may sign now."""
    allowed = rules.LOT_MOVES.get(disposition, frozenset())
    return [
        (deed, title)
        for deed, (becomes, title, _) in DEEDS.items()
        if becomes in allowed and not (deed == "release" and state == "expired")
    ]


@blueprint.route("/lots/<code>/<any(release, reject):deed>", methods=["GET", "POST"])
@requires(Permission.RELEASE_LOTS)
def lot_sign(code: str, deed: str) -> Any:
    found, (becomes, title, sentence) = _found(code), DEEDS[deed]
    back = url_for("stores.lot", code=code)
    act = {
        Disposition.RELEASED: lots.release_lot,
        Disposition.REJECTED: lots.reject_lot,
    }[becomes]
    return signing_page(
        title=f"{title} lot {codes.read(code).shown}",
        meaning=lots.MEANINGS[becomes],
        sentence=sentence,
        facts=functools.partial(lots.facts_of, lot_id=found.id, becomes=becomes),
        act=functools.partial(act, lot_id=found.id),
        permission=Permission.RELEASE_LOTS,
        comment="optional" if deed == "release" else "required",
        scope=code,
        then=lambda _: back,
        cancel=back,
    )


@blueprint.route("/lots/<code>/correct", methods=["GET", "POST"])
@requires(Permission.RELEASE_LOTS)
def lot_correct(code: str) -> Any:
    found = _found(code)
    form = LotCorrectionForm(request.form, data=_said(found))
    if (
        request.method == "POST"
        and form.validate()
        and submit(
            form,
            lot_corrections.correct,
            found.id,
            form.described(found.material),
            form.reason.data,
            scope=code,
        )
    ):
        flash("The correction is recorded; what it replaces stays legible.", "accepted")
        return redirect(url_for("stores.lot", code=code), 303)
    known = named_by(form, "another_delivery")
    return form_page("stores/lots/lot_correct.html", form, lot=found, known=known)


def _said(lot: lots.Lot) -> dict[str, str]:
    """What the form is filled with: what the papers of a lot say as it stands."""
    return {
        **{name: getattr(lot, name) for name in lots.SAID},
        "expires_on": lot.day(lot.expires_at),
        "quantity": lot.quantity_text,
        "human": "yes" if lot.donor_pool else "no",
    }
