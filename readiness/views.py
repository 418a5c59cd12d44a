"""The administrator's page of what the site still lacks; ./run doctor says the same."""

from __future__ import annotations

import os
from typing import Any

from flask import Blueprint, current_app, render_template

from people.access import requires
from people.permissions import Permission
from people.transaction import now, session
from readiness import gathering, rules

blueprint = Blueprint("readiness", __name__)


@blueprint.get("/site/readiness")
@requires(Permission.MANAGE_SITE)
def readiness() -> Any:
    here = current_app.config["PLACE"]
    lines = None
    if here:
        post, folder = current_app.config.get("POST"), os.environ.get("CORDBOOK_BACKUPS", "")
        lines = rules.lines(gathering.gather(session(), here, post, folder, now()))
    return render_template("readiness/readiness.html", lines=lines)
