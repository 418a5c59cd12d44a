"""Readings: whoever looks at what not everybody should look at has a line in the access log
(AUD-10).

A view says so beside its permission (`requires(..., sensitive=True)`). The page is made, the line
is written, and only then the page is handed out; what nobody got to see has none."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from flask import make_response, request

from people.access_log import AccessKind
from people.transaction import log


def logged(view: Callable[..., Any]) -> Callable[..., Any]:
    """The view with a line for each page that somebody got to see."""

    @functools.wraps(view)
    def seen(*arguments: Any, **words: Any) -> Any:
        answer = make_response(view(*arguments, **words))
        if request.method in ("GET", "HEAD") and answer.status_code == 200:
            log(AccessKind.READ, request.full_path.rstrip("?"))
        return answer

    return seen
