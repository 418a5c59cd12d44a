"""Who may do what: one page, deny by default.

Separation of duties that depends on facts lives in the law books.
"""

from __future__ import annotations

import enum

from integrity.catalogue import Message
from integrity.vocabulary import ROLES


@ROLES.add
class Role(enum.StrEnum):
    TECHNICIAN = "technician"
    VERIFIER = "verifier"
    QC_ANALYST = "qc_analyst"
    QC_REVIEWER = "qc_reviewer"
    QA = "qa"
    RELEASER = "releaser"
    MASTER_AUTHOR = "master_author"
    MASTER_APPROVER = "master_approver"
    LABEL_PRINTER = "label_printer"
    ADMINISTRATOR = "administrator"
    READER = "reader"


ROLE_TITLES = {
    Role.TECHNICIAN: "Technician",
    Role.VERIFIER: "Verifier",
    Role.QC_ANALYST: "QC analyst",
    Role.QC_REVIEWER: "QC reviewer",
    Role.QA: "Quality assurance",
    Role.RELEASER: "Release / Qualified Person",
    Role.MASTER_AUTHOR: "Master record author",
    Role.MASTER_APPROVER: "Master record approver",
    Role.LABEL_PRINTER: "Label printer",
    Role.ADMINISTRATOR: "Administrator",
    Role.READER: "Read only",
}


class Permission(Message):
    """What a role may do; each is the message that says it."""

    PUBLIC = "permission-public"
    OWN_ACCOUNT = "permission-own-account"
    SEE_RECORDS = "permission-see-records"
    REGISTER_DONORS = "permission-register-donors"
    DETERMINE_ELIGIBILITY = "permission-determine-eligibility"
    RECEIVE_CORDS = "permission-receive-cords"
    START_BATCHES = "permission-start-batches"
    RECORD_STEPS = "permission-record-steps"
    VERIFY_STEPS = "permission-verify-steps"
    RECEIVE_LOTS = "permission-receive-lots"
    RELEASE_LOTS = "permission-release-lots"
    KEEP_EQUIPMENT = "permission-keep-equipment"
    DRAFT_DOCUMENTS = "permission-draft-documents"
    APPROVE_DOCUMENTS = "permission-approve-documents"
    DRAFT_MASTERS = "permission-draft-masters"
    APPROVE_MASTERS = "permission-approve-masters"
    APPROVE_MASTERS_FOR_QUALITY = "permission-approve-masters-for-quality"
    END_MASTERS = "permission-end-masters"
    DRAFT_SPECIFICATIONS = "permission-draft-specifications"
    APPROVE_SPECIFICATIONS = "permission-approve-specifications"
    DRAFT_CRITERIA = "permission-draft-criteria"
    APPROVE_CRITERIA = "permission-approve-criteria"
    DRAFT_MATERIALS = "permission-draft-materials"
    APPROVE_MATERIALS = "permission-approve-materials"
    DRAFT_LABEL_STOCK = "permission-draft-label-stock"
    APPROVE_LABEL_STOCK = "permission-approve-label-stock"
    RECORD_RESULTS = "permission-record-results"
    REVIEW_RESULTS = "permission-review-results"
    INVESTIGATE_RESULTS = "permission-investigate-results"
    RAISE_DEVIATIONS = "permission-raise-deviations"
    JUDGE_DEVIATIONS = "permission-judge-deviations"
    HOLD = "permission-hold"
    LIFT_HOLDS = "permission-lift-holds"
    ISSUE_CONTAINERS = "permission-issue-containers"
    DESTROY_CONTAINERS = "permission-destroy-containers"
    WITNESS_CONTAINERS = "permission-witness-containers"
    REVIEW_BATCHES = "permission-review-batches"
    RELEASE_BATCHES = "permission-release-batches"
    REJECT_BATCHES = "permission-reject-batches"
    PRINT_LABELS = "permission-print-labels"
    MANAGE_PEOPLE = "permission-manage-people"
    CONFIRM_PEOPLE = "permission-confirm-people"
    MANAGE_SITE = "permission-manage-site"
    JUDGE_SITE = "permission-judge-site"
    SEE_ACCESS = "permission-see-access"


_EVERYBODY = frozenset(Role)
_SEES = _EVERYBODY
_WORKS = _EVERYBODY - {Role.READER, Role.ADMINISTRATOR}  # here, and so may always speak

ALLOWED: dict[Permission, frozenset[Role]] = {
    Permission.OWN_ACCOUNT: _EVERYBODY,
    Permission.SEE_RECORDS: _SEES,
    Permission.REGISTER_DONORS: frozenset({Role.TECHNICIAN, Role.QA}),
    Permission.DETERMINE_ELIGIBILITY: frozenset({Role.QA}),
    Permission.RECEIVE_CORDS: frozenset({Role.TECHNICIAN}),
    Permission.START_BATCHES: frozenset({Role.TECHNICIAN}),
    Permission.RECORD_STEPS: frozenset({Role.TECHNICIAN}),
    Permission.VERIFY_STEPS: frozenset({Role.TECHNICIAN, Role.VERIFIER}),
    Permission.RECEIVE_LOTS: frozenset({Role.TECHNICIAN, Role.QC_ANALYST}),
    Permission.RELEASE_LOTS: frozenset({Role.QA}),
    Permission.KEEP_EQUIPMENT: frozenset({Role.QC_ANALYST, Role.QA}),
    # The pages on which several kinds are done at once; each kind asks for its own as well.
    Permission.DRAFT_DOCUMENTS: frozenset(
        {Role.MASTER_AUTHOR, Role.QC_REVIEWER, Role.QA, Role.LABEL_PRINTER}
    ),
    Permission.APPROVE_DOCUMENTS: frozenset({Role.MASTER_APPROVER, Role.QA}),
    Permission.DRAFT_MASTERS: frozenset({Role.MASTER_AUTHOR}),
    Permission.APPROVE_MASTERS: frozenset({Role.MASTER_APPROVER}),
    Permission.APPROVE_MASTERS_FOR_QUALITY: frozenset({Role.QA}),
    Permission.END_MASTERS: frozenset({Role.MASTER_APPROVER, Role.QA}),
    Permission.DRAFT_SPECIFICATIONS: frozenset({Role.QC_REVIEWER}),
    Permission.APPROVE_SPECIFICATIONS: frozenset({Role.QA}),
    Permission.DRAFT_CRITERIA: frozenset({Role.QA}),
    Permission.APPROVE_CRITERIA: frozenset({Role.QA}),
    Permission.DRAFT_MATERIALS: frozenset({Role.QA, Role.QC_REVIEWER}),
    Permission.APPROVE_MATERIALS: frozenset({Role.QA}),
    Permission.DRAFT_LABEL_STOCK: frozenset({Role.QA, Role.LABEL_PRINTER}),
    Permission.APPROVE_LABEL_STOCK: frozenset({Role.QA}),
    Permission.RECORD_RESULTS: frozenset({Role.QC_ANALYST}),
    Permission.REVIEW_RESULTS: frozenset({Role.QC_REVIEWER}),
    Permission.INVESTIGATE_RESULTS: frozenset({Role.QC_ANALYST, Role.QC_REVIEWER}),
    Permission.RAISE_DEVIATIONS: _WORKS,
    Permission.HOLD: _WORKS,
    Permission.LIFT_HOLDS: frozenset({Role.QA}),
    Permission.ISSUE_CONTAINERS: frozenset({Role.TECHNICIAN, Role.RELEASER}),
    Permission.DESTROY_CONTAINERS: frozenset({Role.TECHNICIAN, Role.QC_ANALYST, Role.QA}),
    Permission.WITNESS_CONTAINERS: frozenset(
        {Role.TECHNICIAN, Role.VERIFIER, Role.QC_ANALYST, Role.QA, Role.RELEASER}
    ),
    Permission.JUDGE_DEVIATIONS: frozenset({Role.QA}),
    Permission.REVIEW_BATCHES: frozenset({Role.QA}),
    Permission.RELEASE_BATCHES: frozenset({Role.RELEASER}),
    Permission.REJECT_BATCHES: frozenset({Role.QA, Role.RELEASER}),
    Permission.PRINT_LABELS: frozenset({Role.LABEL_PRINTER, Role.TECHNICIAN}),
    Permission.MANAGE_PEOPLE: frozenset({Role.ADMINISTRATOR}),
    Permission.CONFIRM_PEOPLE: frozenset({Role.QA}),
    Permission.MANAGE_SITE: frozenset({Role.ADMINISTRATOR}),
    Permission.JUDGE_SITE: frozenset({Role.QA}),
    Permission.SEE_ACCESS: frozenset({Role.ADMINISTRATOR, Role.QA}),
}


def allows(role: str, permission: Permission) -> bool:
    """Whether the role may; what is not on this page is denied."""
    return role in ALLOWED.get(permission, frozenset())
