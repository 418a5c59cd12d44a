"""A visitor who follows every link of the pages as one person, and sees their forms."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from tests.makers.people import sign_in, token
from tests.pages import Page, PageForm

EACH = 2  # addresses visited of one endpoint


@dataclass(frozen=True)
class Seen:
    """What an address answered."""

    address: str
    status: int
    mimetype: str
    headers: dict[str, str]
    links: tuple[str, ...] = ()
    forms: tuple[PageForm, ...] = ()
    raw: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    contents: tuple[str, ...] = ()
    words: str = ""


# What no page prints: a thing of the program in the place of what it says. "None was brought" is
# a sentence.
RAW = re.compile(
    r"<macro |<function |<[\w.]+ object at |\bNone\b(?!:| [a-z])|\{\{|\}\}|\{%|Undefined"
)


def raw_in(page: Page) -> tuple[str, ...]:
    """Things of the program in the words, the links and the inputs of a page."""
    typed = [value for form in page.forms for _, _, value in form.inputs]
    return tuple(RAW.findall(" ".join([page.words, *page.links, *typed])))


def lost_in(page: Page, address: str) -> tuple[str, ...]:
    """Places of a page that its own links name and that are not there, or are there twice."""
    times = Counter(each.given["id"] for each in page.elements if "id" in each.given)
    parted = [link.partition("#") for link in page.links if "#" in link]
    named = {place for path, _, place in parted if path in ("", address.partition("?")[0])}
    return (*(named - times.keys()), *(place for place, number in times.items() if number > 1))


def seen(address: str, answer: Any) -> Seen:
    text = answer.get_data()  # a stream that nobody reads keeps its request open
    headers = dict(answer.headers)
    if answer.mimetype != "text/html":
        return Seen(address, answer.status_code, answer.mimetype, headers)
    page = Page(text.decode())
    for form in page.forms:
        form.action = form.action or address
    links = tuple(link.split("#")[0] for link in page.links)
    return Seen(
        address,
        answer.status_code,
        answer.mimetype,
        headers,
        links,
        tuple(page.forms),
        raw_in(page),
        lost_in(page, address),
        tuple(" ".join(each.words.split()) for each in page.of_class("contents")),
        page.words,
    )


class Visitor:
    """One person, signed in."""

    def __init__(self, app: Flask, username: str, password: str):
        self.app, self.client, self.username = app, app.test_client(), username
        answer = sign_in(self.client, username, password)
        assert answer.status_code == 303, f"{username} cannot sign in"
        self.token = token(self.client, "/password")

    def endpoint_of(self, address: str, method: str = "GET") -> str | None:
        try:
            return self.app.url_map.bind("localhost").match(
                address.split("?")[0].split("#")[0], method=method
            )[0]
        except (HTTPException, RequestRedirect):
            return None

    def crawl(self, first: str = "/") -> list[Seen]:
        """What the links lead to, a few addresses of every endpoint."""
        waiting, visited, times = [first], {}, defaultdict(int)
        while waiting:
            address = waiting.pop(0)
            endpoint = self.endpoint_of(address)
            if (
                address in visited
                or endpoint in (None, "static")
                or times[(endpoint, "?" in address)] >= EACH
            ):
                continue
            times[(endpoint, "?" in address)] += 1
            page = visited[address] = seen(address, self.client.get(address))
            if page.status in (301, 302, 303):
                waiting.append(page.headers["Location"])
            waiting += [
                link
                for link in page.links
                if link.startswith("/") and not link.startswith("/static")
            ]
        return list(visited.values())

    def addresses(self) -> list[str]:
        """Every page whose address needs to know nothing, linked now or only at times."""
        return [
            rule.rule
            for rule in self.app.url_map.iter_rules()
            if "GET" in (rule.methods or ()) and not rule.arguments and rule.endpoint != "static"
        ]

    def forms(self, pages: Iterable[Seen]) -> list[tuple[str, PageForm]]:
        """(address of the page, form) for one form of every endpoint that takes a post."""
        found: dict[tuple[str | None, tuple[str, ...]], tuple[str, PageForm]] = {}
        for page in pages:
            for form in page.forms if page.status == 200 else ():
                kind = (
                    self.endpoint_of(form.action, "POST"),
                    tuple(sorted(name for name, *_ in form.inputs)),
                )
                found.setdefault(kind, (page.address, form))
        return list(found.values())
