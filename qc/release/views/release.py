"""The release desk.

The batches that wait with what blocks them, and the pages of the signed decisions.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from flask import abort, current_app, render_template, request, url_for

from integrity import filters, states
from integrity.signatures import Meaning
from labels import codes
from manufacturing.execution.batches import Batch
from manufacturing.execution.views.batches import batch_or_404
from people.access import requires
from people.lists import address, listing
from people.permissions import Permission
from people.signing import signing_page
from people.transaction import now, session
from qc.deviations.views.corrective_actions import overdue
from qc.release import certificates, decisions, release_inputs, rests_on
from qc.release.certified_statement import DECLARATIONS
from qc.release.situation import FINAL, INITIAL
from qc.release.views import blueprint
from qc.release.views.certificates import drawn
from stores.rules import DISPOSITION

FILTERS = (
    filters.code(Batch.code),
    filters.code(Batch.cord_code, "Cord, its code begins with", "cord"),
    *filters.days(Batch.started_at, "Started"),
)
COLUMNS = ("batch", "cord", "master record", "started", "disposition", "certificate")
SIZE = 20  # batches on one page of the desk: each is judged whole


@blueprint.get("/release", endpoint="desk")
@requires(Permission.SEE_RECORDS)
def desk() -> Any:
    which = (
        request.args.get("show", "waiting")
        if request.args.get("show") in decisions.DESKS
        else "waiting"
    )
    asked = listing(decisions.listed(which), *FILTERS)
    if asked.wants_file:
        return asked.file(f"release-{which}", COLUMNS, _lines)
    page = asked.page(SIZE)
    gathered = release_inputs.gather_many(session(), page.items, now()) if page.items else {}
    lines = [
        (made := gathered[batch.id], rests_on.blocking(made.facts, made.facts.gate))
        for batch in page.items
    ]
    issued = certificates.of_batches(session(), gathered)
    counted = decisions.counts(session())
    tabs = [
        (label, address(show=name), name == which, counted[name])
        for name, label in decisions.DESKS.items()
    ]
    shown = render_template(
        "qc/release/desk.html",
        asked=asked,
        page=page,
        lines=lines,
        which=which,
        tabs_shown=tabs,
        issued=issued,
        states=certificates.states_of(session(), issued.values()),
        **overdue(),
    )
    return shown, asked.status


def _lines(found: Sequence[Batch]) -> Iterator[tuple[Any, ...]]:
    where = states.on_all_axes(session(), [batch.id for batch in found])
    issued = certificates.of_batches(session(), [batch.id for batch in found])
    for batch in found:
        certificate = issued.get(batch.id)
        yield (
            codes.hyphenated(batch.code),
            codes.hyphenated(batch.cord_code),
            batch.master_title,
            batch.started_at,
            where[(batch.id, DISPOSITION)],
            certificate.named if certificate else "",
        )


def _decide(
    code: str,
    title: str,
    meaning: Meaning,
    deed: Callable[..., Any],
    facts: Callable[..., Any],
    permission: Permission,
    sentence: str,
    *,
    comment: str = "required",
    **words: Any,
) -> Any:
    made = batch_or_404(code)
    back = url_for("release.review", code=code)
    return signing_page(
        title=f"{title} {codes.read(code).shown}",
        meaning=meaning,
        sentence=sentence,
        comment=comment,
        permission=permission,
        facts=lambda s: facts(s, made.id, at=now()),
        act=functools.partial(deed, batch_id=made.id, **words),
        then=lambda result: _after(result, back),
        cancel=back,
        scope=made.code,
    )


def _after(result: Any, back: str) -> str:
    """Where to go on; the paper of a release is drawn now that it is committed."""
    if not isinstance(result, certificates.Certificate):
        return back
    drawn(result.id)
    return url_for("release.certificate", code=result.code)


@blueprint.route("/batches/<code>/release/<stage>", methods=["GET", "POST"])
@requires(Permission.RELEASE_BATCHES)
def release_sign(code: str, stage: str) -> Any:
    if stage not in (INITIAL, FINAL):
        abort(
            404,
            "A batch is released at stage 1 (initial) or finally (final). Open its review page.",
        )
    deeds = {
        INITIAL: (
            decisions.release_stage_1,
            Meaning.CERTIFIED,
            "Release at stage 1: batch",
        ),
        FINAL: (
            decisions.release_final,
            Meaning.RELEASED,
            "Final release: batch",
        ),
    }
    deed, meaning, title = deeds[stage]
    return _decide(
        code,
        title,
        meaning,
        deed,
        functools.partial(decisions.release_facts, stage=stage),
        Permission.RELEASE_BATCHES,
        DECLARATIONS[stage],
        comment="optional",
        address=current_app.config["PUBLIC_ADDRESS"],
    )


@blueprint.route("/batches/<code>/reject", methods=["GET", "POST"])
@requires(Permission.REJECT_BATCHES)
def batch_reject(code: str) -> Any:
    return _decide(
        code,
        "Reject batch",
        Meaning.REJECTED,
        decisions.reject,
        decisions.reject_facts,
        Permission.REJECT_BATCHES,
        "The batch and its containers are rejected for good. Its record stays.",
    )


@blueprint.route("/batches/<code>/withdraw", methods=["GET", "POST"])
@requires(Permission.RELEASE_BATCHES)
def batch_withdraw(code: str) -> Any:
    return _decide(
        code,
        "Withdraw the release of batch",
        Meaning.REJECTED,
        decisions.withdraw,
        decisions.withdraw_facts,
        Permission.RELEASE_BATCHES,
        "The certificate is withdrawn; the batch and its containers are recalled.",
    )


@blueprint.route("/batches/<code>/hold", methods=["GET", "POST"])
@requires(Permission.HOLD)
def batch_hold(code: str) -> Any:
    return _decide(
        code,
        "Put on hold: batch",
        Meaning.REVIEWED,
        decisions.hold,
        decisions.hold_facts,
        Permission.HOLD,
        "The batch and its containers are held where they are; a certificate is under review until "
        "the hold is lifted or the release is withdrawn.",
    )


@blueprint.route("/batches/<code>/resume", methods=["GET", "POST"])
@requires(Permission.LIFT_HOLDS)
def batch_resume(code: str) -> Any:
    return _decide(
        code,
        "Lift the hold of batch",
        Meaning.APPROVED,
        decisions.resume,
        decisions.resume_facts,
        Permission.LIFT_HOLDS,
        "The batch returns to where it stood before it was held.",
    )


@blueprint.route("/batches/<code>/reissue", methods=["GET", "POST"])
@requires(Permission.RELEASE_BATCHES)
def certificate_reissue(code: str) -> Any:
    made = certificates.of_batch(session(), batch_or_404(code).id)
    if not made:
        abort(404, "No certificate was issued for this batch yet.")
    meaning = decisions.MEANINGS[made[-1].stage]
    return _decide(
        code,
        "Issue the certificate anew: batch",
        meaning,
        decisions.reissue,
        decisions.reissue_facts,
        Permission.RELEASE_BATCHES,
        "The certificate is issued as its next version, from the facts as they are now.",
        address=current_app.config["PUBLIC_ADDRESS"],
    )
