"""Lots of one delivery dealt with on one page: several released by one signing."""

from __future__ import annotations

from typing import Any

from flask import abort, request, url_for

from integrity.database import Session
from integrity.signatures import Meaning
from labels import codes
from people.access import requires
from people.permissions import Permission
from people.signing_several import MOST, Part, several_page
from people.transaction import now, session
from stores import lot_lists, lots
from stores.lots import Lot
from stores.rules import Disposition
from stores.views import blueprint


@blueprint.route("/lots/release", methods=["GET", "POST"])
@requires(Permission.RELEASE_LOTS)
def lots_release() -> Any:
    if request.method == "GET" and not _waiting(session()):
        abort(404, "No lot waits for its release. Open the list of lots.")
    back = url_for("stores.lots")
    return several_page(
        title=lambda count: "Release 1 lot" if count == 1 else f"Release {count} lots",
        meaning=Meaning.APPROVED,
        sentence="Each lot that is ticked becomes RELEASED and may be used until the end of its "
        "expiry day. Each of them is signed.",
        parts=_waiting,
        act=lots.release_lot,
        permission=Permission.RELEASE_LOTS,
        comment=True,
        then=lambda _: back,
        cancel=back,
    )


def _waiting(reading: Session) -> list[Part]:
    """The lots in quarantine that have not expired, the longest waiting first."""
    wanted = lot_lists.listed(Disposition.QUARANTINE, now()).order_by(None).order_by(Lot.id)
    return [
        Part(
            each.id,
            f"{codes.read(each.code).shown} · {each.material}",
            lots.facts_of(reading, each.id),
        )
        for each in reading.scalars(wanted.limit(MOST))
    ]
