"""The pages on which every result that waits is reviewed by one signing: of a sample, of all."""

from __future__ import annotations

import functools
from typing import Any

from flask import abort, request, url_for

from documents.words import Term
from integrity.database import Session
from integrity.facts import Pair, shown, word
from integrity.signatures import Meaning
from labels import codes
from people.access import requires
from people.permissions import Permission
from people.signing import signing_page
from people.signing_several import MOST, Part, several_page
from people.transaction import presence, reader, session
from qc.laboratory import result_facts, result_reviews, results
from qc.laboratory.results import Result
from qc.laboratory.rules.results import ResultState
from qc.laboratory.views import blueprint
from qc.laboratory.views.samples import sample_or_404
from stores.containers import Container


@blueprint.route("/samples/<code>/review", methods=["GET", "POST"])
@requires(Permission.REVIEW_RESULTS)
def sample_review(code: str) -> Any:
    found, reviewer = sample_or_404(code), presence().actor.username
    back = url_for("laboratory.sample", code=found.code)
    waiting = result_reviews.of_sample(session(), found, reviewer)
    if not waiting and request.method == "GET":
        abort(404, "No result of this sample waits for your review. Open the sample to see why.")
    return signing_page(
        title=f"Review {_results(len(waiting))}: sample {codes.read(found.code).shown}",
        meaning=Meaning.REVIEWED,
        sentence="I checked each of these results against its raw data: it is accurate, complete "
        f"and follows the method. Each of them is signed.{_left_out(found, len(waiting))}",
        comment="optional",
        permission=Permission.REVIEW_RESULTS,
        facts=lambda asked: result_reviews.sample_facts(asked, found, reviewer),
        act=functools.partial(result_reviews.review_sample, sample_id=found.id),
        then=lambda _: back,
        cancel=back,
        scope=found.scope,
    )


@blueprint.route("/results/review", methods=["GET", "POST"])
@requires(Permission.REVIEW_RESULTS)
def results_review() -> Any:
    back = url_for("laboratory.samples")
    return several_page(
        title=lambda count: f"Review {_results(count)}",
        meaning=Meaning.REVIEWED,
        sentence="I checked each of the results that are ticked against its raw data: it is "
        "accurate, complete and follows the method. Each of them is signed.",
        nothing="No result waits for your review. Open the list of samples.",
        parts=_waiting,
        act=result_reviews.review,
        permission=Permission.REVIEW_RESULTS,
        comment=True,
        then=lambda _: back,
        cancel=back,
    )


def _waiting(reading: Session) -> list[Part]:
    """Every result that whoever is here may review, those of one sample together."""
    found = result_reviews.waiting(reading, presence().actor.username, MOST)
    return [_part(each, result_facts.facts_of(reading, each.id)) for each in found]


def _part(result: Result, facts: list[Pair]) -> Part:
    """One of them, called by its sample and its test."""
    test = next(said for label, said in facts if label == word(Term.TEST))
    return Part(result.id, f"{codes.read(result.sample).shown} · {shown(test, reader())}", facts)


def _results(count: int) -> str:
    return "1 result" if count == 1 else f"{count} results"


def _left_out(found: Container, taken: int) -> str:
    """What waits and is not among them, because whoever reviews recorded it."""
    made = results.of_sample(session(), found.id)
    where = results.states_of(session(), made)
    entered = sum(where[each.id] == ResultState.ENTERED for each in made)
    if entered == taken:
        return ""
    return f" {entered - taken} more, which you recorded yourself, wait for another person."
