"""The whole batch record to take away.

Printed as PDF, and the same as JSON and CSV (REC-01, SIG-03).
"""

from __future__ import annotations

from typing import Any

from flask import Response

from integrity import spreadsheets
from integrity.canonical import canonical
from manufacturing.execution.views.batches import batch_or_404
from people.access import requires
from people.access_log import AccessKind
from people.handing_out import PDF, handed_out
from people.permissions import Permission
from people.transaction import now, session
from qc.release import full_record, full_record_csv, release_inputs
from qc.release.views import blueprint


def _record(code: str) -> dict[str, Any]:
    return full_record.record_of(
        session(), release_inputs.gather(session(), batch_or_404(code), now())
    )


def _name(code: str, ending: str) -> str:
    return f"record-{batch_or_404(code).code}.{ending}"


@blueprint.get("/batches/<code>/record.pdf")
@requires(Permission.SEE_RECORDS)
def record_print(code: str) -> Response:
    from qc.release import full_record_pdf  # drawing is loaded where something is drawn

    return handed_out(
        AccessKind.PRINTED, full_record_pdf.draw(_record(code)), PDF, _name(code, "pdf")
    )


@blueprint.get("/batches/<code>/record.json")
@requires(Permission.SEE_RECORDS)
def record_json(code: str) -> Response:
    content = canonical(_record(code))
    return handed_out(AccessKind.EXPORTED, content, "application/json", _name(code, "json"))


@blueprint.get("/batches/<code>/record.csv")
@requires(Permission.SEE_RECORDS)
def record_csv(code: str) -> Response:
    lines = "".join(map(spreadsheets.line, full_record_csv.lines_of(_record(code))))
    return handed_out(AccessKind.EXPORTED, lines, "text/csv", _name(code, "csv"))
