"""The law of deviations.

Who may assess, judge and close one, in which order, and what may be decided. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from integrity.findings import Finding, blocks

CLASSES = ("minor", "major", "critical")
DECISIONS = {"continue": "Work may go on", "reject": "Reject"}
SHORTEST = 10  # letters and digits of a reason (AUD-03)
# state: (word, tone, what comes next)
STATE_WORDS = {
    "open": ("Open", "rejected", "QA writes down its cause and what it means for the product."),
    "assessed": ("Assessed", "held", "QA judges it: work may go on, or reject."),
    "judged": (
        "Judged",
        "held",
        "Work may go on as judged. QA closes it once what follows is done.",
    ),
    "closed": ("Closed", "accepted", "Nothing more is to be done."),
}
CLASS_TONES = {"minor": "note", "major": "held", "critical": "rejected"}


@dataclass(frozen=True)
class Situation:
    """What is known of a deviation when somebody wants to do something about it."""

    state: str
    classification: str
    consequence: str
    maker: str


def may_assess(now: Situation, classification: str, reason: str) -> Iterator[Finding]:
    """Cause and impact are written before the judgement.

    The class may be raised, and lowered only with a reason.
    """
    if now.state not in ("open", "assessed"):
        yield blocks(
            "DEV-STATE", f"This deviation is {now.state}: its assessment stands as it was judged."
        )
    if classification not in CLASSES:
        yield blocks("DEV-CLASS", "Choose minor, major or critical.", "classification")
    elif (
        CLASSES.index(classification) < CLASSES.index(now.classification)
        and _letters(reason) < SHORTEST
    ):
        yield blocks(
            "DEV-CLASS",
            f"The class is lowered from {now.classification} to {classification}. Say why, in at "
            "least ten "
            "characters.",
            "reason",
        )


def may_judge(now: Situation, decision: str, reason: str | None, judge: str) -> Iterator[Finding]:
    """Judged once, after its assessment, by somebody who did not make the entry, with a reason.

    What can only be rejected is.
    """
    if now.state != "assessed":
        yield blocks(
            "DEV-STATE",
            _NOT_YET.get(now.state, f"This deviation is {now.state} already. Open its page anew."),
        )
    if decision not in DECISIONS:
        yield blocks("DEV-DECISION", "Decide whether work may go on, or reject.")
    elif now.consequence == "reject" and decision != "reject":
        yield blocks(
            "DEV-DECISION", "The master record allows no other decision here than to reject."
        )
    if judge == now.maker:
        yield blocks(
            "IAM-03",
            "You made the entry that this deviation is about. Another person of quality "
            "assurance judges it.",
        )
    if _letters(reason) < SHORTEST:
        yield blocks("AUD-03", "Say why, in at least ten characters.", "comment")


def may_close(now: Situation, closer: str) -> Iterator[Finding]:
    """Closed once, after its judgement, by somebody who did not make the entry."""
    if now.state != "judged":
        yield blocks(
            "DEV-STATE",
            _NOT_YET.get(now.state, "This deviation is closed already. Open its page anew.")
            if now.state != "assessed"
            else "This deviation is not judged yet. Judge it first.",
        )
    if closer == now.maker:
        yield blocks(
            "IAM-03",
            "You made the entry that this deviation is about. Another person of quality "
            "assurance closes it.",
        )


_NOT_YET = {"open": "This deviation is not assessed yet. Write its cause and impact first."}


def _letters(reason: str | None) -> int:
    return sum(character.isalnum() for character in reason or "")
