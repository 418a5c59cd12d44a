"""Who may do what, said a second time and by itself: the page of permissions has to say the same.

Somebody who changes the page changes this table too, knowingly.
"""

import pytest

from people.permissions import ALLOWED, Permission, Role

EVERYBODY = {"own_account", "see_records"}
MAY = {
    "technician": {
        "issue_containers",
        "destroy_containers",
        "witness_containers",
        "raise_deviations",
        "hold",
        "register_donors",
        "receive_cords",
        "start_batches",
        "record_steps",
        "verify_steps",
        "receive_lots",
        "print_labels",
    },
    "verifier": {"witness_containers", "raise_deviations", "hold", "verify_steps"},
    "qc_analyst": {
        "destroy_containers",
        "witness_containers",
        "investigate_results",
        "raise_deviations",
        "hold",
        "receive_lots",
        "keep_equipment",
        "record_results",
    },
    "qc_reviewer": {
        "investigate_results",
        "raise_deviations",
        "hold",
        "draft_documents",
        "draft_specifications",
        "draft_materials",
        "review_results",
    },
    "qa": {
        "destroy_containers",
        "witness_containers",
        "raise_deviations",
        "hold",
        "register_donors",
        "determine_eligibility",
        "release_lots",
        "keep_equipment",
        "draft_documents",
        "approve_documents",
        "approve_masters_for_quality",
        "end_masters",
        "approve_specifications",
        "draft_criteria",
        "approve_criteria",
        "draft_materials",
        "approve_materials",
        "draft_label_stock",
        "approve_label_stock",
        "judge_deviations",
        "review_batches",
        "reject_batches",
        "judge_site",
        "confirm_people",
        "lift_holds",
        "see_access",
    },
    "releaser": {
        "issue_containers",
        "witness_containers",
        "raise_deviations",
        "hold",
        "release_batches",
        "reject_batches",
    },
    "master_author": {"raise_deviations", "hold", "draft_documents", "draft_masters"},
    "master_approver": {
        "raise_deviations",
        "hold",
        "approve_documents",
        "approve_masters",
        "end_masters",
    },
    "label_printer": {
        "raise_deviations",
        "hold",
        "draft_documents",
        "draft_label_stock",
        "print_labels",
    },
    "administrator": {"manage_people", "manage_site", "see_access"},
    "reader": set(),
}


@pytest.mark.req("IAM-02")
@pytest.mark.parametrize("role", list(Role))
def test_a_role_may_do_what_is_listed_here_and_nothing_else(role):
    held = {permission.name.lower() for permission, roles in ALLOWED.items() if role in roles}
    assert held == EVERYBODY | MAY[role]


@pytest.mark.req("IAM-03")
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("RECORD_STEPS", "RELEASE_BATCHES"),
        ("RECORD_STEPS", "REVIEW_BATCHES"),
        ("RECORD_STEPS", "JUDGE_DEVIATIONS"),
        ("RECORD_RESULTS", "REVIEW_RESULTS"),
        ("RECORD_RESULTS", "RELEASE_BATCHES"),
        ("REVIEW_BATCHES", "RELEASE_BATCHES"),
        ("RECEIVE_LOTS", "RELEASE_LOTS"),
        ("DRAFT_MASTERS", "APPROVE_MASTERS"),
        ("DRAFT_MASTERS", "APPROVE_MASTERS_FOR_QUALITY"),
        ("APPROVE_MASTERS", "APPROVE_MASTERS_FOR_QUALITY"),
        ("DRAFT_SPECIFICATIONS", "APPROVE_SPECIFICATIONS"),
        ("MANAGE_PEOPLE", "RECORD_STEPS"),
        ("MANAGE_PEOPLE", "RELEASE_BATCHES"),
        ("MANAGE_SITE", "JUDGE_SITE"),
    ],
)
def test_no_role_holds_both(one, other):
    assert not ALLOWED[Permission[one]] & ALLOWED[Permission[other]]
