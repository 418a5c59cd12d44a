"""The review page of a batch: what the machine checked, what blocks, every exception.

And QA's signature on it.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, request, url_for

from integrity.deviations import Decision
from integrity.facts import shown as worded, word
from integrity.findings import Finding
from integrity.forms import Form
from integrity.signatures import Meaning
from integrity.site import YES
from labels import codes
from manufacturing.execution import curves
from manufacturing.execution.views.batches import batch_or_404
from people.access import requires
from people.answers import form_page
from people.permissions import Permission, allows
from people.signing import shown, signing_page
from people.transaction import now, presence, reader, session, submit, zone
from qc.laboratory.rules.line_status import LineStatus
from qc.release import (
    certificates,
    certified_statement,
    documents_used,
    drawn_times,
    exceptions,
    release_inputs,
    rests_on,
    review,
    review_by_exception,
    rules,
)
from qc.release.certificates import Certificate, CertificateState
from qc.release.exceptions import Judged
from qc.release.release_inputs import ReleaseInputs
from qc.release.rests_on import Item
from qc.release.rule_ids import ReleaseRule
from qc.release.situation import FINAL, INITIAL, ReleaseFacts
from qc.release.views import blueprint, exception_forms
from stores.rules import Disposition

BARS = {INITIAL: "Sign release at stage 1", FINAL: "Sign final release"}


@blueprint.get("/batches/<code>/review", endpoint="review")
@requires(Permission.SEE_RECORDS)
def review_page(code: str) -> Any:
    found = release_inputs.gather(session(), batch_or_404(code), now())
    made = exceptions.of(session(), found)
    return _page(found, made, exception_forms.form_of(found, _asked(found, made)))


@blueprint.route("/batches/<code>/review/exceptions", methods=["GET", "POST"])
@requires(Permission.REVIEW_BATCHES)
def exceptions_judge(code: str) -> Any:
    """The same page, on which what is held of its exceptions is recorded."""
    found = release_inputs.gather(session(), batch_or_404(code), now())
    made = exceptions.of(session(), found)
    form = exception_forms.form_of(found, _asked(found, made))
    if request.method == "POST" and form.validate():
        said = list(exception_forms.said(form, request.form))
        if submit(form, exceptions.judge, found.batch.id, said, scope=found.batch.code):
            flash("What you hold of them is recorded and is part of what you sign.", "accepted")
            return redirect(url_for("release.review", code=code, _anchor="exceptions"), 303)
    return _page(found, made, form)


def _asked(found: ReleaseInputs, made: Sequence[Judged]) -> list[Judged]:
    return exception_forms.asked_of(made, presence().actor, found)


def _page(made: ReleaseInputs, judged: Sequence[Judged], form: Form) -> Any:
    facts, gate, counted = made.facts, made.facts.gate, review_by_exception.checked(session(), made)
    blocking = [
        *(
            Item(
                ReleaseRule.TRAIL_DOES_NOT_HOLD,
                {"fault": fault},
                "Trail",
                ("trail", ""),
                "Trail",
            )
            for fault in counted.broken
        ),
        *rests_on.blocking(facts, gate),
    ]
    issued = certificates.of_batch(session(), made.batch.id)
    return form_page(
        "qc/release/review.html",
        form,
        found=made,
        facts=facts,
        checked=counted,
        blocking=blocking,
        exceptions=list(exception_forms.rows(made, judged, form)),
        gate=gate,
        demonstration=documents_used.mark(session(), made) == YES,
        results=[_row(line) for line in made.lines if certified_statement.is_printed(line)],
        drawn=curves.of_batch(made.here, zone()),
        hold_times=(took := drawn_times.hold_times_of(made, zone())),
        bars=drawn_times.bars(took),
        warm=[
            (drawn_times.title(each), each, drawn_times.readings(each))
            for each in drawn_times.temperatures_of(session(), made, zone())
        ],
        bar=_bar(made, blocking, judged, under_review=_is_under_review(issued[-1:])),
        url_of=functools.partial(cure_url, made),
        signed=shown(_on_batch(made), made.invalid),
        certificate=issued[-1] if issued else None,
    )


def _row(line: LineStatus) -> dict[str, Any]:
    """A line as the certificate says it; what is counted or chosen has one word for both."""
    row = certified_statement.result_row(line, zone())
    return {**row, "is_measured": line.line.kind == "numeric"}


def _is_under_review(issued: list[Certificate]) -> bool:
    where = certificates.states_of(session(), issued)
    return CertificateState.UNDER_REVIEW in where.values()


def _on_batch(made: ReleaseInputs) -> list[Any]:
    return [each for each in made.signed if each.subject_id == made.batch.id]


UNDECIDED = (Disposition.QUARANTINE, Disposition.UNDER_REVIEW, Disposition.RELEASED_STAGE_1)


def _anew(made: ReleaseInputs, judged: Sequence[Judged], actor: Any) -> dict[str, Any]:
    """The certificate under review is issued anew, once the batch is reviewed again."""
    facts, code = made.facts, made.batch.code
    if _wants_review(facts):
        return _open(
            actor,
            Permission.REVIEW_BATCHES,
            "Sign review",
            url_for("release.review_sign", code=code),
            "The certificate is under review: what it says has changed. QA reviews the batch as it "
            "is now, then the certificate is issued anew.",
            _against(facts, facts.review_gate, judged, actor),
        )
    return _open(
        actor,
        Permission.RELEASE_BATCHES,
        "Issue the certificate anew",
        url_for("release.certificate_reissue", code=code),
        "The certificate is under review: what it says has changed. The releaser issues it anew.",
        list(rules.may_reissue(facts, facts.passed, actor.username)),
    )


def _bar(
    made: ReleaseInputs, blocking: list[Item], judged: Sequence[Judged], *, under_review: bool
) -> dict[str, Any]:
    """What may be signed next by whoever looks, or why signing is closed: sentence, label, href."""
    facts, actor, code = made.facts, presence().actor, made.batch.code
    if facts.disposition == Disposition.ON_HOLD:
        return _held(made, blocking, judged, actor)
    if facts.is_released and under_review:
        return _anew(made, judged, actor)
    if facts.disposition not in UNDECIDED:
        return {
            "sentence": f"This batch is {rules.shown(facts.disposition)}. Nothing waits to be "
            "signed here.",
            "label": "Closed",
            "href": None,
        }
    if waits := [item for item in blocking if item.cure[0] != "review"]:
        return _closed(facts, waits)
    if _wants_review(facts):
        return _open(
            actor,
            Permission.REVIEW_BATCHES,
            "Sign review",
            url_for("release.review_sign", code=code),
            "QA reviews next. You will sign what is on this page; if anything changes meanwhile, "
            "the signature is refused.",
            _against(facts, facts.gate, judged, actor),
        )
    return _open(
        actor,
        Permission.RELEASE_BATCHES,
        BARS[facts.gate],
        url_for("release.release_sign", code=code, stage=facts.gate),
        "Nothing blocks. The releaser signs what is on this page; if anything changes meanwhile, "
        "the signature is refused.",
        list(rules.may_release(facts, facts.gate, actor.username)),
    )


def _held(
    made: ReleaseInputs, blocking: list[Item], judged: Sequence[Judged], actor: Any
) -> dict[str, Any]:
    """What is held is decided by others; what was released is reviewed again before that."""
    facts, said = made.facts, f"On hold. {worded(made.facts.held_for, reader())}"
    waits = [item for item in blocking if item.cure[0] != "review"]
    if waits or not (facts.is_held_release and _wants_review(facts)):
        return {"sentence": said, "label": "Closed", "href": None}
    return _open(
        actor,
        Permission.REVIEW_BATCHES,
        "Sign review",
        url_for("release.review_sign", code=made.batch.code),
        f"{said} QA reviews what was recorded since, before the hold is lifted.",
        _against(facts, facts.review_gate, judged, actor),
    )


def _against(facts: ReleaseFacts, gate: str, judged: Sequence[Judged], actor: Any) -> list[Finding]:
    """What keeps whoever looks from signing the review; of open exceptions how many they are, which
    the page shows each for itself."""
    against = list(rules.may_review(facts, gate, actor.username))
    return against or exceptions.against_review(judged)


def _closed(facts: ReleaseFacts, waits: list[Item]) -> dict[str, Any]:
    """Why nothing can be signed while something blocks."""
    if rejecting := [each for each in facts.deviations if each.decision == Decision.REJECT]:
        return {
            "sentence": f"Deviation {codes.read(rejecting[0].code).shown} is judged: reject. "
            "Only rejection is "
            "left.",
            "label": BARS[facts.gate],
            "href": None,
        }
    many = f"{len(waits)} things still block" if len(waits) > 1 else "One thing still blocks"
    return {
        "sentence": f"Signing opens when nothing else blocks. {many}; each line above leads "
        "to where it is cured.",
        "label": "Sign review" if _wants_review(facts) else BARS[facts.gate],
        "href": None,
    }


def _wants_review(facts: ReleaseFacts) -> bool:
    return facts.review is None or bool(facts.review.since)


def _phrase(permission: Permission) -> str:
    return worded(word(permission), reader())


def _open(
    actor: Any, permission: Permission, label: str, href: str, sentence: str, against: list[Any]
) -> dict[str, Any]:
    if not allows(actor.role, permission):
        return {
            "sentence": f"{sentence} Your role may not {_phrase(permission)}.",
            "label": label,
            "href": None,
        }
    if against:
        return {
            "sentence": " ".join(finding.sentence(reader()) for finding in against),
            "label": label,
            "href": None,
        }
    return {"sentence": sentence, "label": label, "href": href}


def _document_url(made: ReleaseInputs, document_id: int) -> str:
    """The page of a document that the batch keeps."""
    is_master = document_id == made.batch.master_id
    page = "documents.master_record" if is_master else "documents.specification"
    return url_for(page, document_id=document_id)


def cure_url(made: ReleaseInputs, cure: tuple[str, str]) -> str:
    """The page where an exception is cured or seen."""
    kind, key = cure
    batch = made.batch.code
    pages = {
        "deviation": lambda: url_for("deviations.deviation", code=key),
        "observation": lambda: url_for("deviations.observation", number=int(key)),
        "sample": lambda: url_for("laboratory.sample", code=key),
        "samples": lambda: url_for("laboratory.samples"),
        "result": lambda: url_for("laboratory.result", result_id=int(key)),
        "specifications": lambda: url_for("documents.specification_list"),
        "donor": lambda: url_for("donation.donor", code=made.donor.code),
        "cord": lambda: url_for("donation.cord", code=made.cord.code),
        "review": lambda: url_for("release.review_sign", code=batch),
        "trail": lambda: url_for("people.trail", scope=batch),
        "lot": lambda: url_for("stores.lot", code=key),
        "container": lambda: url_for("stores.container", code=key),
        "site": lambda: url_for("people.site_settings"),
        "entry": lambda: url_for("execution.batch", code=batch, _anchor=f"entry-{key}"),
        "document": lambda: _document_url(made, int(key)),
    }
    return pages.get(kind, lambda: url_for("execution.batch", code=batch))()


@blueprint.route("/batches/<code>/review/sign", methods=["GET", "POST"])
@requires(Permission.REVIEW_BATCHES)
def review_sign(code: str) -> Any:
    made = batch_or_404(code)
    back = url_for("release.review", code=code)
    return signing_page(
        title=f"Review batch {codes.read(code).shown}",
        meaning=Meaning.REVIEWED,
        comment="optional",
        sentence="I reviewed the batch record and its audit trail; what is held of every "
        "exception below is what I hold of it.",
        facts=lambda s: review.review_facts(s, made.id, now()),
        act=functools.partial(review.sign_review, batch_id=made.id),
        permission=Permission.REVIEW_BATCHES,
        then=lambda _: back,
        cancel=back,
        scope=made.code,
    )
