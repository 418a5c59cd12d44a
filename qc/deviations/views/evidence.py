"""Bringing a photo or file with what was said, and handing it out again, never to be shown."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, request, url_for

from integrity.attachments import Attachment
from integrity.deviations import Deviation
from integrity.forms import Form
from integrity.observations import Observation
from people.access import requires
from people.access_log import AccessKind
from people.answers import form_page
from people.handing_out import handed_out
from people.permissions import Permission
from people.transaction import session
from people.uploads import cabinet, submit_with_file
from qc.deviations import evidence
from qc.deviations.evidence import Thing
from qc.deviations.views import blueprint


class FileForm(Form):
    pass


def page_of(found: Thing) -> str:
    """The page of what a file was brought with."""
    if isinstance(found, Deviation):
        return url_for("deviations.deviation", code=found.code)
    if isinstance(found, Observation):
        return url_for("deviations.observation", number=found.id)
    return url_for("deviations.hold", hold_id=found.id)


@blueprint.route("/files/of/<kind>/<int:number>", methods=["GET", "POST"])
@requires(Permission.RAISE_DEVIATIONS)
def file_new(kind: str, number: int) -> Any:
    found = evidence.thing(session(), kind, number) or abort(404, "There is no such page.")
    form, back = FileForm(request.form), page_of(found)
    if (
        request.method == "POST"
        and form.validate()
        and submit_with_file(form, evidence.bring, kind, number, scope=found.scope)
    ):
        flash("The file is kept.", "accepted")
        return redirect(back, 303)
    return form_page("qc/deviations/file_new.html", form, back=back)


@blueprint.get("/files/<int:number>")
@requires(Permission.SEE_RECORDS)
def file(number: int) -> Any:
    """The file byte for byte, to be saved; one that is not what was kept is not handed out."""
    kept = session().get(Attachment, number) or abort(404, "There is no such file.")
    if fault := cabinet().fault(kept.sha256):
        abort(404, f"This file is {fault}: it is not what was kept. Tell your administrator.")
    content = cabinet().path(kept.sha256).read_bytes()
    return handed_out(AccessKind.DOWNLOADED, content, kept.media_type, kept.name)
