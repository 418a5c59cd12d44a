"""Roles as words of a sentence."""

from __future__ import annotations

from collections.abc import Iterable

from integrity import facts
from integrity.catalogue import Message
from integrity.facts import Fact


class RoleWord(Message):
    TECHNICIAN = "role-technician"
    VERIFIER = "role-verifier"
    QC_ANALYST = "role-qc-analyst"
    QC_REVIEWER = "role-qc-reviewer"
    QA = "role-qa"
    RELEASER = "role-releaser"
    MASTER_AUTHOR = "role-master-author"
    MASTER_APPROVER = "role-master-approver"
    LABEL_PRINTER = "role-label-printer"
    ADMINISTRATOR = "role-administrator"
    READER = "role-reader"


def role_names(roles: Iterable[str]) -> Fact:
    """Roles one after another."""
    return facts.listed(facts.word(RoleWord[role.upper()]) for role in roles)
