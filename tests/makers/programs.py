"""What a program sends: JSON to the address of a form, with the token in a header."""

from __future__ import annotations

import json
from typing import Any

from flask.testing import FlaskClient

from tests.makers.people import entry_id, token


def send(
    client: FlaskClient,
    path: str,
    fields: Any,
    *,
    page: str | None = None,
    forged: bool = False,
    headers: dict[str, str] | None = None,
) -> Any:
    """Post fields as JSON under a fresh entry id, unless they or a header name one."""
    named = headers and "Idempotency-Key" in headers
    if isinstance(fields, dict) and not named:
        fields = {"entry_id": entry_id()} | fields
    given = {} if forged else {"X-CSRF-Token": token(client, page or path)}
    return client.post(
        path,
        data=fields if isinstance(fields, bytes) else json.dumps(fields),
        content_type="application/json",
        headers=given | (headers or {}),
    )


def problem(answer: Any, status: int, kind: str) -> Any:
    """The problem document of an answer, which is of this status and kind."""
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    content = answer.get_json()
    assert content["status"] == status and content["type"] == f"/problems/{kind}"
    assert content["title"] and content["detail"]
    return content
