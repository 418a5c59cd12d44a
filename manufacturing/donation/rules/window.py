"""The window from birth to the start of processing (EBR-07; 21 CFR 211.111): exactly the limit is
inside.

Judged on the server's time of recording. Where only the claimed time lies inside, it is a late
entry that QA judges."""

from __future__ import annotations

from datetime import datetime, timedelta

from integrity import facts
from integrity.findings import Consequence, Finding, deviates
from manufacturing.donation.criteria import Limits
from manufacturing.donation.rule_ids import DonationRule

SECOND = timedelta(seconds=1)


# Under which a start of processing after the window is found and asked for again.
WINDOW_RULES = frozenset(
    {DonationRule.WINDOW_LATE_ENTRY, DonationRule.WINDOW_REJECT, DonationRule.WINDOW_OVER}
)


def state_at(born_at: datetime, at: datetime, limits: Limits) -> str:
    """open, closing (less than `closing` left, the last moment included), over or rejectable."""
    elapsed = at - born_at
    if limits.reject is not None and elapsed > limits.reject:
        return "rejectable"
    if elapsed > limits.max:
        return "over"
    return "closing" if limits.max - elapsed < limits.closing else "open"


def inside_the_window(
    born_at: datetime, performed_at: datetime, recorded_at: datetime, limits: Limits
) -> Finding | None:
    """What is to be said about a start of processing, None when it was recorded inside the window.

    `performed_at` is the time claimed, `recorded_at` the server's. All three carry a zone.
    """
    state = state_at(born_at, recorded_at, limits)
    if state in ("open", "closing"):
        return None
    elapsed = exact(recorded_at - born_at)
    if performed_at - born_at <= limits.max:
        return deviates(
            DonationRule.WINDOW_LATE_ENTRY,
            limits.classification,
            window=facts.span(limits.max),
            elapsed=elapsed,
        )
    if state == "rejectable" and limits.reject is not None:
        return deviates(
            DonationRule.WINDOW_REJECT,
            limits.classification,
            consequence=Consequence.REJECT,
            elapsed=elapsed,
            limit=facts.span(limits.reject),
        )
    return deviates(
        DonationRule.WINDOW_OVER,
        limits.classification,
        elapsed=elapsed,
        window=facts.span(limits.max),
    )


def exact(length: timedelta) -> str:
    """A length of time to the second, 24 h 00 min 01 s, rounded up so that a part of a second over
    is seen.
    """
    total = -(-length // SECOND)
    return f"{total // 3600} h {total // 60 % 60:02d} min {total % 60:02d} s"
