"""Files that come with a form: kept before the act is called, while no writer is held, and let go
of again where the act is refused (REC-08, REC-10)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from flask import abort, current_app, request

from integrity import attachments
from integrity.attachments import Evidence
from integrity.cabinet import Cabinet
from integrity.findings import Refused, blocks, refuse_if_blocked
from integrity.forms import Form
from integrity.rule_ids import IntegrityRule
from people.transaction import reader, session, submit, transaction

FIELD = "file"


def cabinet() -> Cabinet:
    """Where attached files lie."""
    found = current_app.extensions["cordbook"]["cabinet"]
    return cast(Cabinet, found or abort(503, "This installation keeps no files."))


def submit_with_file(form: Form, act: Callable[..., Any], *arguments: Any, **words: Any) -> Any:
    """`submit` for a form that may bring one file: the act is handed it as `evidence` (or None)."""
    try:
        evidence = _brought()
    except Refused as refusal:
        form.refuse(refusal, reader())
        return None
    made = submit(form, act, *arguments, evidence=evidence, **words)
    if made is None and evidence:
        _let_go(evidence)
    return made


def _brought() -> Evidence | None:
    """The file that was posted, in the cabinet already. Raises Refused."""
    upload = request.files.get(FIELD)
    if upload is None or not upload.filename:
        return None
    refuse_if_blocked(attachments.room(session(), 1))
    try:
        with upload.stream as stream:
            most = attachments.most_of_one(session())
            return Evidence(cabinet(), cabinet().keep(stream, upload.filename, most))
    except OSError:
        raise Refused(blocks(IntegrityRule.FILE_NOT_WRITTEN, FIELD)) from None


def _let_go(evidence: Evidence) -> None:
    with transaction() as act:
        evidence.cabinet.let_go(
            evidence.file.sha256, lambda sha256: attachments.is_known(act.session, sha256)
        )
