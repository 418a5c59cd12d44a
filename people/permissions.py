"""Who may do what: one page, deny by default.

Separation of duties that depends on facts lives in the law books.
"""

from __future__ import annotations

import enum

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


class Permission(enum.Enum):
    PUBLIC = "anybody, without signing in"
    OWN_ACCOUNT = "sign in and out, change one's own password"
    SEE_RECORDS = "read donors, cords, batches, results, lots, equipment and their trail"
    REGISTER_DONORS = "register donors, donations and their test results"
    DETERMINE_ELIGIBILITY = "sign the eligibility determination of a donor"
    RECEIVE_CORDS = "receive a cord"
    START_BATCHES = "start a batch"
    RECORD_STEPS = "record, correct and close steps of a batch"
    VERIFY_STEPS = "verify a step as the second person"
    RECEIVE_LOTS = "receive material lots"
    RELEASE_LOTS = "release, reject or hold material lots"
    KEEP_EQUIPMENT = "register equipment and its calibration"
    DRAFT_MASTERS = "import and author master batch records"
    APPROVE_MASTERS = "approve master batch records and make them effective"
    APPROVE_MASTERS_FOR_QUALITY = "give QA's approval to master batch records"
    END_MASTERS = "reject or retire master batch records"
    DRAFT_SPECIFICATIONS = "import and author specifications"
    APPROVE_SPECIFICATIONS = "approve, reject or retire specifications"
    DRAFT_CRITERIA = "import and author donor criteria"
    APPROVE_CRITERIA = "approve, reject or retire donor criteria"
    DRAFT_MATERIALS = "import and author the list of materials"
    APPROVE_MATERIALS = "approve, reject or retire the list of materials"
    DRAFT_LABEL_STOCK = "import and author the label stock"
    APPROVE_LABEL_STOCK = "approve, reject or retire the label stock"
    RECORD_RESULTS = "record results of samples"
    REVIEW_RESULTS = "review results of samples"
    JUDGE_DEVIATIONS = "assess, judge and close deviations"
    REVIEW_BATCHES = "review a batch record and its trail"
    RELEASE_BATCHES = "release a batch or withdraw its certificate"
    REJECT_BATCHES = "reject a batch"
    PRINT_LABELS = "print labels"
    MANAGE_PEOPLE = "make, change and deactivate people"
    MANAGE_SITE = "change settings of the site, acknowledge a clock or restore finding"
    JUDGE_SITE = "judge a clock or restore finding"


_EVERYBODY = frozenset(Role)
_SEES = _EVERYBODY

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
    Permission.JUDGE_DEVIATIONS: frozenset({Role.QA}),
    Permission.REVIEW_BATCHES: frozenset({Role.QA}),
    Permission.RELEASE_BATCHES: frozenset({Role.RELEASER}),
    Permission.REJECT_BATCHES: frozenset({Role.QA, Role.RELEASER}),
    Permission.PRINT_LABELS: frozenset({Role.LABEL_PRINTER, Role.TECHNICIAN}),
    Permission.MANAGE_PEOPLE: frozenset({Role.ADMINISTRATOR}),
    Permission.MANAGE_SITE: frozenset({Role.ADMINISTRATOR}),
    Permission.JUDGE_SITE: frozenset({Role.QA}),
}


def allows(role: str, permission: Permission) -> bool:
    """Whether the role may; what is not on this page is denied."""
    return role in ALLOWED.get(permission, frozenset())
