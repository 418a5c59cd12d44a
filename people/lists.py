"""Lists: every page that shows one narrows it by the filters in its address, and hands out the same
as CSV, which is a line of the access log like any file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, request, stream_with_context, url_for
from sqlalchemy import Select

from integrity import filters, pagination, spreadsheets
from integrity.filters import Filter
from integrity.pagination import AFTER, BEFORE, Page
from people.access_log import AccessKind
from people.handing_out import handed_out
from people.transaction import session, settings

FILE, CSV = "file", "csv"  # `file=csv` in the address of a list is its file
CHUNK = 500  # rows that are asked for at once while a file is written

Lines = Callable[[Sequence[Any]], Iterable[Sequence[Any]]]


@dataclass(frozen=True, eq=False)
class Listing:
    """A list as its address asks for it."""

    wanted: Select[Any]
    filters: tuple[Filter, ...]
    given: dict[str, str]
    faults: tuple[str, ...]
    values: Mapping[str, Any]  # of the select's own parameters

    @property
    def status(self) -> int:
        """422 where a filter is not understood."""
        return 422 if self.faults else 200

    @property
    def wants_file(self) -> bool:
        """Whether the file is asked for; what is not understood is shown on the page instead."""
        return request.args.get(FILE) == CSV and not self.faults

    @property
    def is_narrowed(self) -> bool:
        return any(self.given.values())

    @property
    def others(self) -> dict[str, str]:
        """What else the address says of the list: which of its parts is shown."""
        return {name: value for name, value in _kept().items() if name not in self.given}

    @property
    def everything(self) -> str:
        """The address of the list without its filters."""
        return address(**dict.fromkeys(self.given))

    def page(self, size: int = pagination.SIZE) -> Page:
        return pagination.page(session(), self.wanted, request.args, size, self.values)

    def file(self, name: str, columns: Sequence[str], lines: Lines) -> Response:
        """The whole list as CSV; `lines` makes the cells of each of some of its rows."""
        text = stream_with_context(self._written(columns, lines))
        return handed_out(AccessKind.EXPORTED, text, "text/csv", f"{name}.csv")

    def _written(self, columns: Sequence[str], lines: Lines) -> Iterator[str]:
        zone = _zone()
        asked: dict[str, str] = {}
        yield spreadsheets.line(columns)
        while True:
            page = pagination.page(session(), self.wanted, asked, CHUNK, self.values)
            yield "".join(spreadsheets.line(cells, zone) for cells in lines(page.items))
            if page.after is None:
                return
            asked = {AFTER: page.after}


def listing(
    wanted: Select[Any], *those: Filter, values: Mapping[str, Any] = pagination.NOTHING
) -> Listing:
    """A list as this request asks for it."""
    made = filters.narrowed(wanted, those, request.args.to_dict(), _zone())
    return Listing(made.wanted, those, made.given, made.faults, values)


def address(**changed: str | None) -> str:
    """The address of this list at its first page, with its filters; `changed` says otherwise of
    some of them, None of what is left out, and `after=` or `before=` names another page."""
    values: dict[str, Any] = {**(request.view_args or {}), **_kept(), **changed}
    return url_for(request.endpoint or "home", **values)


def _kept() -> dict[str, str]:
    left = (AFTER, BEFORE, FILE)
    return {name: value for name, value in request.args.items() if name not in left}


def _zone() -> ZoneInfo:
    return ZoneInfo(settings()["zone"])
