"""Printing what an entry made and has no label yet by one tap, and putting its card away (LAB-04).

A label that was printed is printed again on the page of its container, with a reason."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, url_for

from labels import print_register
from labels.views.printing import label_page
from manufacturing.execution.entries import Entry
from manufacturing.execution.rules.sequence import place
from manufacturing.execution.views import blueprint
from manufacturing.execution.views.batches import batch_or_404, state_of
from manufacturing.execution.views.label_cards import by_stock
from people.access import requires
from people.permissions import Permission
from people.transaction import database, now, session
from stores import unlabelled
from stores.container_labels import STOCK, of as labels_of

ALL_PRINTED = (
    "Every label of this entry was printed. The page of a container prints a further copy, with a "
    "reason."
)


def _entry_or_404(code: str, key: int) -> Entry:
    batch, entry = batch_or_404(code), session().get(Entry, key) if key < 2**31 else None
    if entry is None or entry.batch_id != batch.id:
        abort(404, "This batch has no such entry.")
    return entry


@blueprint.route("/batches/<code>/entries/<int:key>/labels/<stock>", methods=["GET", "POST"])
@requires(Permission.PRINT_LABELS)
def entry_labels(code: str, key: int, stock: str) -> Any:
    """The labels of an entry on one stock that were not printed yet, on one print."""
    entry = _entry_or_404(code, key)
    if stock not in {each for each, _ in STOCK.values()}:
        abort(404, "There is no label stock of this name.")
    back = url_for("execution.batch", code=code)
    made = unlabelled.of_scope(session(), entry.batch_id).get(key, ())
    found = by_stock(made).get(stock, [])[: print_register.MOST]
    if not found:
        flash(ALL_PRINTED, "note")
        return redirect(back, 303)
    return label_page(
        labels_of(session(), found, now()),
        title=f"Labels: {place(state_of(batch_or_404(code)).master, entry.position)}",
        cancel=back,
        scope=code,
    )


@blueprint.post("/batches/<code>/entries/<int:key>/labels/put-away")
@requires(Permission.PRINT_LABELS)
def labels_put_away(code: str, key: int) -> Any:
    """The card of this entry leaves the bench; the batch's page keeps it."""
    entry = _entry_or_404(code, key)
    with database().writing() as writing:
        unlabelled.put_away(writing, entry.id, now())
    return redirect(url_for("execution.step_next", code=code), 303)
