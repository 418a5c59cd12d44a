"""Samples of a batch that were not tested, with who signed why not, for review and certificate."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from integrity import facts
from integrity.database import Session
from integrity.facts import Fact
from qc.laboratory import pulled_samples
from qc.laboratory.words import UntestedWord, worded
from qc.release.release_inputs import ReleaseInputs
from stores import containers


@dataclass(frozen=True)
class Explained:
    """One test that is not there: its name, why in a word and in words, who signed it."""

    named: Fact
    word: Fact
    reason: str
    name: str


def of_batch(session: Session, found: ReleaseInputs) -> Iterator[tuple[str, Explained]]:
    """(sample's code, what was signed of it) of every test that is explained and not there."""
    waiting = {(each.sample, each.test): each for each in found.facts.pulled if not each.is_tested}
    if not any(each.why for each in waiting.values()):
        return
    pulled = containers.of_scope(session, found.batch.code, "sample")
    codes = {each.id: each.code for each in pulled}
    for (number, test), said in pulled_samples.explanations_of(session, codes).items():
        if each := waiting.get((codes[number], test)):
            word = facts.word(worded(UntestedWord, said.untested))
            yield codes[number], Explained(each.named, word, said.reason, said.name)
