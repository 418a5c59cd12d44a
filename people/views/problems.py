"""The pages behind the types of problem documents.

What each kind means and what to do (RFC 9457).
"""

from __future__ import annotations

from typing import Any

from flask import abort, render_template

from people.access import requires
from people.answers import PROBLEMS
from people.permissions import Permission
from people.views import blueprint


@blueprint.get("/problems/<kind>")
@requires(Permission.OWN_ACCOUNT)
def problem_kind(kind: str) -> Any:
    if kind not in PROBLEMS:
        abort(404, "There is no such kind of problem.")
    status, title, advice = PROBLEMS[kind]
    return render_template("people/problem.html", status=status, title=title, advice=advice)
