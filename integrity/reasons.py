"""What counts as a reason: ten letters and digits at least, in any script; blanks, dots, dashes
and letters that are drawn as nothing say nothing (AUD-03, SIG-20).

One definition for every form and act that asks why.
"""

from __future__ import annotations

from collections.abc import Iterator

from integrity import visibility
from integrity.facts import Fact
from integrity.findings import Finding, Rule, blocks

SHORTEST = 10  # letters and digits


def is_given(reason: Fact | None) -> bool:
    """Whether something is said; a message of the program's own says something."""
    if isinstance(reason, dict):
        return True
    said = filter(visibility.is_visible, str(reason or ""))
    return sum(map(str.isalnum, said)) >= SHORTEST


def wanted(rule: Rule, reason: Fact | None, field: str = "reason") -> Iterator[Finding]:
    """The rule that asks why, where nothing is said; `field` is where it is typed."""
    if not is_given(reason):
        yield blocks(rule, field)
