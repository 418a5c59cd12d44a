"""What holds by signature alone, as a table, without a database."""

from __future__ import annotations

import pytest

from integrity.canonical import digest
from integrity.signatures import Meaning
from integrity.signed import Given, Moved, On, Signatures, Signed, against, altered

APPROVED, AUTHORED, VERIFIED = (Meaning.APPROVED,), (Meaning.AUTHORED,), (Meaning.VERIFIED,)
RULES = (
    Signed("documents", "document", "authored", AUTHORED),
    Signed(
        *("documents", "document", "approved", APPROVED), after=("authored",), apart=("authored",)
    ),
    Signed("batches", "disposition", "released", (Meaning.RELEASED,)),
    Signed("batches", "disposition", "released", APPROVED, was="on_hold"),
    Signed("containers", "fate", "issued", VERIFIED, on=On.THE_DEED),
)
LAW = {(each.kind, each.axis, each.state, each.was): each for each in RULES}
ONE, TWO, THREE = "2026-11-02T08:00", "2026-11-02T09:00", "2026-11-02T10:00"


def moved(kind, axis, becomes, at, person=1, *, was=None, subject=7):
    return Moved(subject, kind, axis, was, becomes, at, person, f"person{person}")


def given(*signed) -> Signatures:
    """Signatures of (subject, meaning, when, person)."""
    found = Signatures()
    for subject, meaning, at, person in signed:
        found.add(Given(1, subject, meaning, at, person, "{}", ""))
    return found


AUTHOR = moved("documents", "document", "authored", ONE)
BOTH = ((7, "authored", ONE, 1), (7, "approved", TWO, 2))


@pytest.mark.req("AUD-11", "SIG-04")
@pytest.mark.parametrize(
    ("moves", "signatures", "found"),
    [
        ([AUTHOR], [(7, "authored", ONE, 1)], []),
        ([AUTHOR], [], ["without a signature (authored)"]),
        ([AUTHOR], [(8, "authored", ONE, 1)], ["without a signature"]),
        ([AUTHOR], [(7, "approved", ONE, 1)], ["without a signature"]),
        ([AUTHOR], [(7, "authored", TWO, 1)], ["without a signature"]),
        ([AUTHOR], [(7, "authored", ONE, 2)], ["without a signature"]),
        ([moved("documents", "document", "authored", ONE, None)], [(7, "authored", ONE, None)],
         ["without a signature"]),
        ([AUTHOR, moved("documents", "document", "approved", TWO, 2)], BOTH, []),
        ([moved("documents", "document", "approved", TWO, 2)], BOTH,
         ["without having been authored"]),
        ([AUTHOR, moved("documents", "document", "approved", TWO, 1)],
         [BOTH[0], (7, "approved", TWO, 1)], ["who made it authored as well"]),
        ([moved("documents", "document", "draft", ONE)], [], []),
        ([moved("batches", "disposition", "released", ONE)], [(7, "released", ONE, 1)], []),
        ([moved("batches", "disposition", "released", ONE)], [(7, "approved", ONE, 1)],
         ["without a signature (released)"]),
        ([moved("batches", "disposition", "released", ONE, was="on_hold")],
         [(7, "approved", ONE, 1)], []),
        ([moved("batches", "disposition", "released", ONE, was="on_hold")],
         [(7, "released", ONE, 1)], ["without a signature (approved)"]),
        ([moved("lots", "disposition", "released", ONE)], [], []),
        ([moved("containers", "fate", "issued", ONE)], [(9, "verified", ONE, 1)], []),
        ([moved("containers", "fate", "issued", ONE)], [(9, "verified", ONE, 2)],
         ["without a signature (verified)"]),
    ],
)  # fmt: skip
def test_a_state_holds_by_the_signature_of_whoever_moved_it_there(moves, signatures, found):
    told = list(against(moves, given(*signatures), LAW))
    assert len(told) == len(found)
    assert all(wanted in sentence for wanted, sentence in zip(found, told, strict=True))


@pytest.mark.parametrize(("since", "found"), [(None, 1), (ONE, 1), (TWO, 0)])
def test_what_was_moved_before_what_is_looked_at_is_not_told_again(since, found):
    assert len(list(against([AUTHOR], given(), LAW, since))) == found


@pytest.mark.req("SIG-04")
@pytest.mark.parametrize(
    ("facts", "is_altered"), [('{"a":"1"}', False), ('{"a":"2"}', True), (None, True), (b"x", True)]
)
def test_a_signature_keeps_the_facts_that_were_signed(facts, is_altered):
    kept = Given(1, 7, "approved", ONE, 1, facts, digest('{"a":"1"}'))
    assert (altered(kept) is not None) is is_altered
