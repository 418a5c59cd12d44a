"""Handing out: the one function that gives somebody a file, and writes it into the access log
(AUD-10).

What cannot be logged is not handed out.
"""

from __future__ import annotations

from collections.abc import Iterator

from flask import Response, request

from people.access_log import AccessKind
from people.transaction import log

PDF = "application/pdf"


def handed_out(
    kind: AccessKind, content: bytes | str | Iterator[str], media_type: str, name: str
) -> Response:
    """A file to be saved under a name; `kind` is whether it is a print, an export or a download."""
    log(kind, f"{name}, {request.full_path.rstrip('?')}")
    response = Response(content, mimetype=media_type)
    if media_type.startswith("text/"):
        response.mimetype_params["charset"] = "utf-8"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
