"""A visitor who follows every link of the pages as one person, and sees their forms."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from typing import Any

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from tests.makers.people import sign_in

EACH = 2  # addresses visited of one endpoint


@dataclass
class PageForm:
    """One form that posts: where to, and its inputs as (name, type, value)."""

    action: str
    inputs: list[tuple[str, str, str]] = field(default_factory=list)


class _Forms(HTMLParser):
    def __init__(self, address: str):
        super().__init__()
        self.address, self.forms, self.here = address, [], None

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.here = (
                PageForm(unescape(given.get("action") or self.address))
                if given.get("method", "").lower() == "post"
                else None
            )
            if self.here:
                self.forms.append(self.here)
        elif self.here and tag in ("input", "textarea", "select") and given.get("name"):
            self.here.inputs.append((given["name"], given.get("type", tag), given.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.here = None


class Visitor:
    """One person, signed in."""

    def __init__(self, app: Flask, username: str, password: str):
        self.app, self.client, self.username = app, app.test_client(), username
        answer = sign_in(self.client, username, password)
        assert answer.status_code == 303, f"{username} cannot sign in"

    def endpoint_of(self, address: str, method: str = "GET") -> str | None:
        try:
            return self.app.url_map.bind("localhost").match(
                address.split("?")[0].split("#")[0], method=method
            )[0]
        except (HTTPException, RequestRedirect):
            return None

    def crawl(self, first: str = "/") -> dict[str, Any]:
        """{address: answer} of what the links lead to, a few addresses of every endpoint."""
        waiting, seen, times = [first], {}, defaultdict(int)
        while waiting:
            address = waiting.pop(0)
            endpoint = self.endpoint_of(address)
            if (
                address in seen
                or endpoint in (None, "static")
                or times[(endpoint, "?" in address)] >= EACH
            ):
                continue
            times[(endpoint, "?" in address)] += 1
            answer = seen[address] = self.client.get(address)
            answer.get_data()  # a stream that nobody reads keeps its request open
            if answer.status_code in (301, 302, 303):
                waiting.append(answer.headers["Location"])
            elif answer.mimetype == "text/html":
                links = re.findall(r"""href=["']([^"'#]+)""", answer.get_data(as_text=True))
                waiting += [
                    unescape(link)
                    for link in links
                    if link.startswith("/") and not link.startswith("/static")
                ]
        return seen

    def forms(self, pages: dict[str, Any]) -> list[tuple[str, PageForm]]:
        """(address of the page, form) for one form of every endpoint that takes a post."""
        found: dict[tuple[str | None, tuple[str, ...]], tuple[str, PageForm]] = {}
        for address, answer in pages.items():
            if answer.mimetype == "text/html" and answer.status_code == 200:
                parser = _Forms(address)
                parser.feed(answer.get_data(as_text=True))
                for form in parser.forms:
                    kind = (
                        self.endpoint_of(form.action, "POST"),
                        tuple(sorted(name for name, *_ in form.inputs)),
                    )
                    found.setdefault(kind, (address, form))
        return list(found.values())
