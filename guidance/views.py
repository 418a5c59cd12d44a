"""The pages of help: the contents with a search, and one page."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, render_template, request, url_for
from markupsafe import Markup

from guidance import library
from people.access import requires
from people.permissions import Permission, Role
from people.transaction import presence

LONGEST = 80  # characters of what is looked for
blueprint = Blueprint("help", __name__)
# The guide of each role, which stands first for whoever has it.
OF_ROLE = {
    Role.TECHNICIAN: "technician",
    Role.VERIFIER: "second-person",
    Role.QC_ANALYST: "qc-analyst",
    Role.QC_REVIEWER: "qc-reviewer",
    Role.QA: "qa",
    Role.RELEASER: "qa",
    Role.MASTER_AUTHOR: "documents",
    Role.MASTER_APPROVER: "documents",
    Role.LABEL_PRINTER: "scanners-and-printers",
    Role.ADMINISTRATOR: "administrator",
    Role.READER: "everybody",
}


@blueprint.get("/help")
@requires(Permission.SEE_RECORDS)
def contents() -> Any:
    """Every page, that of one's own role first, and where a word stands in them."""
    asked = " ".join(request.args.get("find", "").split())[:LONGEST]
    mine = library.articles()[OF_ROLE[Role(presence().actor.role)]]
    return render_template(
        "guidance/contents.html",
        mine=mine,
        parts=library.by_part(),
        asked=asked,
        places=library.search(asked),
    )


@blueprint.get("/help/<name>")
@requires(Permission.SEE_RECORDS)
def page(name: str) -> Any:
    """One page as this version of Cordbook has it."""
    found = library.articles().get(name) or abort(
        404, "There is no such page of help. Open Help and choose one."
    )
    drawn = found.drawn(lambda other: url_for("help.page", name=other))
    return render_template("guidance/page.html", article=found, said=Markup(drawn))
