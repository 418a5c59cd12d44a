"""Labels of containers: of one, or of all of one kind that a batch made.

What a label says comes from the container alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import abort, url_for

from integrity.findings import refuse_if_blocked
from labels import codes
from labels.print_register import MOST
from labels.views.printing import label_page
from people.access import requires
from people.permissions import Permission
from people.transaction import now, session
from stores import answers, containers, fate_rules, fates
from stores.container_labels import STOCK, of as labels_of
from stores.containers import Container
from stores.views import blueprint


def _page(found: Sequence[Container], title: str, cancel: str, scope: str) -> Any:
    drawn = labels_of(session(), found, now())
    return label_page(drawn, title=title, cancel=cancel, scope=scope)


@blueprint.route("/containers/<code>/label", methods=["GET", "POST"])
@requires(Permission.PRINT_LABELS)
def container_label(code: str) -> Any:
    found = containers.by_code(session(), code)
    if found is None:
        abort(404, "There is no container under this code. Scan it again.")
    answer = answers.of(session(), [found.id], now())[found.id]
    refuse_if_blocked(fate_rules.may_be_labelled(found.code, answer.words))
    return _page(
        [found],
        f"Label of {codes.read(code).shown}",
        url_for("stores.container", code=code),
        found.scope,
    )


@blueprint.route("/containers/of/<scope>/<kind>/labels", methods=["GET", "POST"])
@requires(Permission.PRINT_LABELS)
def container_labels(scope: str, kind: str) -> Any:
    """The labels of every container of one kind of one batch, on one print."""
    try:
        named = codes.read(scope)
    except codes.UnreadableCode:
        abort(404, "There is no batch under this code. Scan it again.")
    if kind not in STOCK:
        abort(404, f"There are no labels of this kind. The kinds are {', '.join(STOCK)}.")
    every = containers.of_scope(session(), named.bare, kind)
    became = fates.what_became(session(), [each.id for each in every])
    found = [each for each in every if became.get(each.id) not in fate_rules.GONE][:MOST]
    return _page(
        found,
        f"Labels of the {STOCK[kind][1]} of {named.shown}",
        url_for("finding.opened", code=named.bare),
        named.bare,
    )
