"""The pages on which quality assurance approves that one batch is judged by another version."""

from __future__ import annotations

import functools
from typing import Any

from flask import abort, render_template, url_for

from documents.register import ControlledDocument
from integrity.signatures import Meaning
from labels import codes
from manufacturing.execution.views.batches import batch_or_404
from people.access import requires
from people.permissions import Permission
from people.signing import signing_page
from people.transaction import now, session
from qc.laboratory import judging_versions, specification_changes
from qc.laboratory.views import blueprint


@blueprint.get("/batches/<code>/specification")
@requires(Permission.SEE_RECORDS)
def batch_specification(code: str) -> Any:
    batch = batch_or_404(code)
    judging = judging_versions.judged_by(session(), [batch])[batch.id]
    return render_template(
        "qc/laboratory/batch_specification.html",
        batch=batch,
        judging=session().get(ControlledDocument, judging),
        change=judging_versions.newest_of(session(), [batch.id]).get(batch.id),
        others=judging_versions.versions_for(session(), batch, now()),
    )


@blueprint.route("/batches/<code>/specification/<int:document_id>", methods=["GET", "POST"])
@requires(Permission.APPROVE_SPECIFICATIONS)
def specification_change(code: str, document_id: int) -> Any:
    batch = batch_or_404(code)
    known = {each.id for each in judging_versions.versions_for(session(), batch, now())}
    if document_id not in known:
        abort(404, "Open the specification of the batch and choose an approved version of it.")
    back = url_for("laboratory.batch_specification", code=code)
    chosen: dict[str, Any] = {"batch_id": batch.id, "specification_id": document_id}
    return signing_page(
        title=f"Change the specification of batch {codes.read(code).shown}",
        meaning=Meaning.APPROVED,
        sentence="This batch, and no other, is judged by this version from now on. Say why; it "
        "stands on the review and on the certificate.",
        comment="required",
        permission=Permission.APPROVE_SPECIFICATIONS,
        facts=lambda s: specification_changes.change_facts(s, **chosen),
        act=functools.partial(specification_changes.change, **chosen),
        then=lambda _: back,
        cancel=back,
        scope=batch.code,
    )
