"""What counts as a reason: ten letters and digits at least, in any script; blanks, dots, dashes
and letters that are drawn as nothing say nothing (AUD-03, SIG-20).

One definition for every form and act that asks why.
"""

from __future__ import annotations

from collections.abc import Iterator

from integrity import visibility
from integrity.findings import Finding, Rule, blocks

SHORTEST = 10  # letters and digits


def is_given(reason: str | None) -> bool:
    """Whether something is said."""
    said = filter(visibility.is_visible, reason or "")
    return sum(map(str.isalnum, said)) >= SHORTEST


def wanted(rule: Rule, reason: str | None, field: str = "reason") -> Iterator[Finding]:
    """The rule that asks why, where nothing is said; `field` is where it is typed."""
    if not is_given(reason):
        yield blocks(rule, field)
