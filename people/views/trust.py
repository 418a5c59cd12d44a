"""For whoever holds a new tablet: how it comes to trust the site's certificate.

Anybody may read it, and by plain HTTP: a tablet that does not trust it yet reads nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Response, abort, current_app, render_template

from integrity import authority
from people import qr
from people.access import requires
from people.permissions import Permission
from people.views import blueprint

DER = "application/x-x509-ca-cert"


def _kept() -> Path | None:
    """The certificate of the site's own authority, where it has one."""
    path: Path | None = current_app.config["AUTHORITY"]
    return path if path and path.exists() else None


@blueprint.get("/trust")
@requires(Permission.PUBLIC)
def trust() -> Any:
    kept, address = _kept(), current_app.config["ADDRESS"]
    path, size = qr.drawn(address)
    return render_template(
        "people/trust.html",
        found=authority.read(kept) if kept else None,
        address=address,
        path=path,
        size=size,
    )


@blueprint.get("/trust/authority.crt")
@requires(Permission.PUBLIC)
def trust_authority() -> Response:
    """The certificate of the authority, for a device to trust."""
    kept = _kept() or abort(404, "This site has no certificate authority of its own.")
    answer = Response(authority.der(kept), mimetype=DER)
    answer.headers["Content-Disposition"] = 'attachment; filename="cordbook-authority.crt"'
    return answer
