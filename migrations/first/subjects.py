"""The tables of the chapter subjects, as the first schema has them."""

import sqlalchemy as sa
from alembic import op

from migrations import checks

# axis: the states on it
AXES = {
    "account": "active,deactivated,proposed",
    "badge": "in_force,withdrawn",
    "certificate": "current,superseded,under_review,withdrawn",
    "clock": "acknowledged,judged,suspect",
    "cord": "accepted,quarantine,received,rejected",
    "corrective action": "done,effective,not_effective,open",
    "decision": "continue,reject",
    "deviation": "assessed,closed,judged,open",
    "disposition": "exceptional_supply,on_hold,quarantine,recalled,rejected,released,"
    "released_stage_1,under_review,void",
    "document": "approved,authored,draft,effective,qa_approved,rejected,retired,superseded",
    "execution": "complete,in_process,planned,terminated",
    "fate": "destroyed,issued,returned,used",
    "fate record": "confirmed,waiting,withdrawn",
    "handover": "asked,confirmed,declined,handed_over",
    "hold": "in_force,lifted",
    "observation": "deviation,nothing,unclassified",
    "oos": "cause_confirmed,extended,plan_open,stands",
    "recovery": "judged,open",
    "restore": "judged,restored",
    "result": "corrected,entered,invalidated,reviewed",
    "rights": "confirmed,declined,proposed",
    "second_factor": "begun,ended,in_force",
    "setting": "approved,draft,proposed,rejected,withdrawn",
    "testing": "complete,received,unfit",
}

# record table: the groups of columns of which no value may come twice
RECORDS = {
    "subjects": [["id"], ["id", "code"], ["id", "kind"]],
    "deviations": [["id"], ["code"]],
    "moves": [["id"]],
    "signatures": [["id"]],
}


def subjects() -> None:
    op.create_table(
        "subjects",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.CheckConstraint(
            checks.any_of(
                "kind",
                "batches,certificates,container_fates,containers,cords,corrective_actions,"
                "determinations,deviations,documents,donors,entries,equipment,holds,lots,"
                "observations,people,results,sample_receipts,setting_changes,sign_offs,sites,"
                "test_beginnings",
            ),
            name=op.f("ck_subjects_kind"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subjects")),
        sa.UniqueConstraint("id", "code", name=op.f("uq_subjects_id_code")),
        sa.UniqueConstraint("id", "kind", name=op.f("uq_subjects_id_kind")),
        info={"kind": "record"},
    )


def states() -> None:
    op.create_table(
        "states",
        sa.Column("subject_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("axis", sa.Text(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("since", sa.Text(), nullable=False),
        sa.CheckConstraint(checks.on_an_axis("state", AXES), name=op.f("ck_states_state")),
        sa.ForeignKeyConstraint(
            ["subject_id", "subject_kind"],
            ["subjects.id", "subjects.kind"],
            name=op.f("fk_states_subject_id_subject_kind"),
        ),
        sa.PrimaryKeyConstraint("subject_id", "axis", name=op.f("pk_states")),
        info={"kind": "fold"},
    )
    op.create_index(
        "states_by_state", "states", ["subject_kind", "axis", "state", "subject_id"], unique=False
    )


def deviations() -> None:
    op.create_table(
        "deviations",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("parameters", sa.Text(), nullable=False),
        sa.Column("classification", sa.Text(), nullable=False),
        sa.Column("consequence", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("opened_at", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("username", sa.Text(), nullable=False),
        sa.CheckConstraint(
            checks.any_of("classification", "minor,major,critical"),
            name=op.f("ck_deviations_classification"),
        ),
        sa.CheckConstraint(
            checks.any_of("consequence", "deviation,reject"), name=op.f("ck_deviations_consequence")
        ),
        sa.CheckConstraint(
            checks.any_of(
                "rule",
                "aud-03-correction-reason,aud-03-donor-reason,aud-03-fate-reason,"
                "aud-03-hold-reason,aud-03-judgement-reason,aud-03-lot-reason,aud-03-reason,"
                "aud-03-why-corrected,aud-06-review-out-of-date,aud-06-reviewed-already,"
                "aud-11-trail-broken,aud-11-trail-does-not-hold,capa-check-before-due,"
                "capa-checker-did-it,capa-due-past,capa-far-ahead,capa-nobody,capa-not-next,"
                "capa-reason,capa-unsaid,dev-beside,dev-class-lowered,dev-class-unread,"
                "dev-days-out-of-range,dev-decision-not-made,dev-decision-only-reject,"
                "dev-hold-nothing-under-code,dev-observation-classified-already,"
                "dev-observation-unsaid,dev-observation-verdict-reason,"
                "dev-observation-verdict-unread,dev-observed-in-the-future,"
                "dev-observed-long-ago,dev-raised-by-hand,dev-raised-nothing-under-code,"
                "dev-raised-unsaid,dev-state-assessment-stands,dev-state-closed-already,"
                "dev-state-not-assessed,dev-state-not-judged,dev-state-past-judgement,"
                "ebr-01-cord-not-accepted,ebr-01-record-not-at-its-end,"
                "ebr-01-second-person-waits,ebr-01-sign-off-waits,ebr-01-step-waits,"
                "ebr-02-batch-disposed,ebr-02-batch-ended,ebr-02-not-due,"
                "ebr-02-record-complete,ebr-02-recorded-already,ebr-02-second-person-first,"
                "ebr-02-sign-off-first,ebr-02-stage-not-ready,ebr-05-answers-disagree,"
                "ebr-05-beyond-alert,ebr-05-choice-deviates,ebr-05-comment-wanted,"
                "ebr-05-counts-differ,ebr-05-few-cells,ebr-05-outside-limits,"
                "ebr-05-readings-outside,ebr-05-unreadable,ebr-05-viability-outside,"
                "ebr-07-interval-long,ebr-07-interval-short,ebr-07-start-not-recorded,"
                "ebr-07-started-late,ebr-07-timer-long,ebr-07-timer-short,ebr-07-window-over,"
                "ebr-07-window-reject,ebr-07-work-can-only-be-rejected,ebr-07-work-rejected,"
                "ebr-07-work-waits,ebr-08-corrected-alone,ebr-08-correction-reason,"
                "ebr-08-expiry-gone,ebr-08-expiry-revived,ebr-08-nothing-corrected,"
                "ebr-08-nothing-differs,ebr-08-record-closed,ebr-08-void-decided,"
                "ebr-08-void-received,ebr-08-void-used,ebr-09-before-the-batch,"
                "ebr-09-in-the-future,ebr-09-moment-after-claim,ebr-09-moment-ahead,"
                "ebr-09-moment-before,ebr-09-moment-before-birth,ebr-09-moment-far-ahead,"
                "ebr-09-moment-out-of-order,ebr-09-not-entitled-then,ebr-09-out-of-order,"
                "ebr-09-recorded-late,ebr-09-unfit-since,ebr-09-unfit-then,"
                "ebr-09-window-late-entry,ebr-10-left-out-reason,ebr-10-not-optional,"
                "ebr-11-deviation-not-closed,ebr-11-judged-reject,ebr-12-broken-off,"
                "ebr-12-termination-reason,ebr-16-not-defined,ebr-17-effect-wanted,"
                "ebr-17-exception-changed,ebr-17-exceptions-open,ebr-17-no-such-deviation,"
                "ebr-17-nothing-held,ebr-18-not-reviewed,ebr-19-nothing-to-correct,"
                "ebr-19-verified-meanwhile,ebr-23-cord-has-batch,entry-id-used-before,"
                "iam-02-last-holder,iam-02-role-may-not,iam-02-role-may-not-sign,"
                "iam-02-sign-off-role,iam-02-step-role,iam-03-acceptor-determined,"
                "iam-03-changed-by-analyst,iam-03-closer-judged,iam-03-closer-made-the-entry,"
                "iam-03-corrector-recorded,iam-03-determiner-recorded,iam-03-duties-unread,"
                "iam-03-hold-judged-alone,iam-03-judge-made-the-entry,"
                "iam-03-lifter-had-a-hand,iam-03-lifter-judged,iam-03-own-account,"
                "iam-03-own-rights,iam-03-own-role,iam-03-own-setting,"
                "iam-03-releaser-had-a-hand,iam-03-releaser-judged,iam-03-reversed-alone,"
                "iam-03-reviewer-had-a-hand,iam-03-reviewer-judged,iam-03-rights-need-two,"
                "iam-03-setting-anothers,iam-03-setting-moved,iam-03-setting-needs-two,"
                "iam-03-setting-no-draft,iam-03-setting-not-proposed,iam-03-setting-settled,"
                "iam-03-setting-waits-already,iam-06-password-length,iam-06-password-not-new,"
                "iam-06-password-repeats-name,iam-07-nothing-closed,iam-10-badge-reason,"
                "iam-10-hours-out-of-range,iam-10-no-badge,iam-11-nothing-proposed,"
                "iam-16-has-blank,iam-16-has-small-letters,iam-16-no-digit,"
                "iam-16-no-donor-code,iam-16-own-code,lab-01-given-mislabelled,"
                "lab-01-issue-label-untrue,lab-01-label-untrue,lab-01-no-label,"
                "lab-01-no-paper,lab-01-printed-since,lab-01-too-many,lab-02-no-label,"
                "lab-03-label-refused,lab-04-chosen-twice,lab-04-printed-before,"
                "lab-04-printed-meanwhile,mat-01-lot-amount,mat-01-lot-known,"
                "mat-01-lot-overdrawn,mat-02-another-delivery,mat-02-donor-pool,"
                "mat-02-expired-at-receipt,mat-02-expired-at-release,mat-02-expiry-far-ahead,"
                "mat-02-human-origin,mat-02-lot-expired,mat-02-lot-in-the-batch,"
                "mat-02-lot-on-hold,mat-02-lot-quarantine,mat-02-lot-rejected,"
                "mat-02-lot-unknown,mat-02-lot-unreadable,mat-02-other-material,"
                "mat-02-used-expired,mat-02-written-out,mat-03-calibration-corrected-already,"
                "mat-03-calibration-overdue,mat-03-certificate-known,"
                "mat-03-done-in-the-future,mat-03-done-long-ago,mat-03-doubted-written-out,"
                "mat-03-due-before-done,mat-03-due-far-ahead,mat-03-equipment-kind,"
                "mat-03-equipment-known,mat-03-equipment-on-hold,mat-03-equipment-unknown,"
                "mat-03-equipment-unreadable,mat-03-found-out-of-tolerance,"
                "mat-03-not-calibrated,mat-03-other-kind,mat-03-used-uncalibrated,"
                "mbr-01-approver-is-author,mbr-01-document-fault,mbr-01-quality-had-a-hand,"
                "mbr-02-cord-on-hold,mbr-02-cord-rejected,mbr-02-cord-unknown,"
                "mbr-02-document-retired,mbr-02-master-not-effective,mbr-02-newer-effective,"
                "mbr-02-no-donor-criteria,mbr-02-no-label-stock,mbr-02-no-master-record,"
                "mbr-02-no-materials,mbr-02-no-specification,mbr-02-not-before,"
                "mbr-02-other-code,mbr-02-reason,mbr-02-same-file,mbr-02-started-for-show,"
                "mbr-02-superseded,mbr-02-time-far-ahead,mbr-02-time-has-passed,"
                "mbr-03-kept-file-differs,qc-01-change-reason,qc-01-changed-too-late,"
                "qc-01-no-line,qc-01-no-specification-of-sample,qc-01-other-specification,"
                "qc-01-specification-not-effective,qc-01-version-cannot-read,"
                "qc-01-version-judges,qc-01-version-not-approved,qc-02-method-version,"
                "qc-02-reviewer-is-analyst,qc-02-test-not-asked,qc-03-condition-unread,"
                "qc-03-no-such-sample,qc-03-not-pulled-for,qc-03-not-received,"
                "qc-03-receipt-not-there,qc-03-received-already,qc-03-sample-condition,"
                "qc-03-sample-gone,qc-03-sample-held,qc-03-sample-unfit,"
                "qc-03-sample-untested,qc-03-tested-already,qc-03-tested-before-receipt,"
                "qc-03-untested-reason,qc-03-untested-unread,qc-04-correction-elsewhere,"
                "qc-04-line-not-reviewed,qc-04-unreadable,qc-05-deviation-open,"
                "qc-05-line-fails,qc-05-no-oos,qc-05-out-of-specification,qc-06-cause-unread,"
                "qc-06-cause-unsaid,qc-06-cause-was-found,qc-06-cause-without-check,"
                "qc-06-changed-before-retest,qc-06-changed-under-investigation,"
                "qc-06-check-unanswered,qc-06-evidence-unsaid,qc-06-failing-is-investigated,"
                "qc-06-failure-hidden,qc-06-failure-stands,qc-06-invalidator-is-analyst,"
                "qc-06-no-cause,qc-06-not-mistyped,qc-06-own-failing-result,"
                "qc-06-phase-one-by-analyst,qc-06-phase-one-by-writer,qc-06-phase-one-ended,"
                "qc-06-phase-one-unwritten,qc-06-phase-one-waits,"
                "qc-06-phase-two-by-laboratory,qc-06-phase-two-by-writer,"
                "qc-06-phase-two-ended,qc-06-phase-two-unsaid,qc-06-phase-two-unwritten,"
                "qc-06-phase-two-waits,qc-06-plan-cause,qc-06-plan-fulfilled,"
                "qc-06-repeat-reason,qc-06-reported-otherwise,qc-06-retest-by-another,"
                "qc-06-retest-elsewhere,qc-06-retest-left-out,qc-06-retest-sample,"
                "qc-06-retest-waits,qc-06-retests-left,qc-06-retests-too-few,"
                "qc-06-retests-unsaid,qc-07-microbial-cause,qc-08-before-the-start,"
                "qc-08-final-too-early,qc-08-no-interim,qc-08-no-waiting-time,"
                "qc-08-not-begun,qc-08-not-final-yet,qc-08-read-before-the-start,"
                "qc-08-start-missing,qc-08-started-already,qc-15-acceptance-unread,"
                "qc-15-answer-unknown,qc-15-consent-in-the-future,qc-15-consent-limited,"
                "qc-15-consent-long-ago,qc-15-consent-scope,qc-15-consent-version,"
                "qc-15-consent-withdrawn,qc-15-cord-known,qc-15-criterion-answer,"
                "qc-15-criterion-figure,qc-15-determination-unread,qc-15-determined-already,"
                "qc-15-deviation-not-judged,qc-15-deviation-rejects,qc-15-donor-alike,"
                "qc-15-donor-ineligible,qc-15-donor-known,qc-15-donor-not-determined,"
                "qc-15-donor-not-eligible,qc-15-donor-unknown,qc-15-eligibility-open,"
                "qc-15-figure-not-plausible,qc-15-last-consent,qc-15-logger-turned-round,"
                "qc-15-marker-excludes,qc-15-marker-indeterminate,qc-15-marker-reactive,"
                "qc-15-marker-unknown,qc-15-no-answer,qc-15-no-consent,qc-15-no-cord,"
                "qc-15-no-laboratory,qc-15-no-result,qc-15-nothing-different,"
                "qc-15-result-corrected-already,qc-15-sample-window,qc-15-struck-already,"
                "qc-15-tests-missing,qc-15-withdrawn-before-given,rec-05-restore-not-judged,"
                "rec-08-file-gone,rec-10-file-empty,rec-10-file-kind,rec-10-file-name,"
                "rec-10-file-not-written,rec-10-file-too-large,rec-10-files-full,"
                "rec-10-megabytes-out-of-range,rel-02-cannot-be-held,"
                "rel-02-cannot-be-rejected,rel-02-cannot-be-released,"
                "rel-02-cord-cannot-become,rel-02-held-by-hand,rel-02-hold-not-in-force,"
                "rel-02-hold-waits-for-judgement,rel-02-move-not-allowed,rel-02-not-on-hold,"
                "rel-02-nothing-to-review,rel-02-nothing-to-withdraw,rel-03-expiry-unknown,"
                "rel-03-fate-told-late,rel-03-given-before,rel-03-given-forbidden,"
                "rel-03-given-late,rel-03-line-incomplete,rel-03-line-inconclusive,"
                "rel-03-line-missing,rel-03-line-pending,rel-03-no-product,"
                "rel-03-nothing-left,rel-03-observation-waits,rel-03-on-hold-by-hand,"
                "rel-03-product-expired,rel-04-in-process-absent,rel-04-in-process-unread,"
                "rel-04-nothing-pending,rel-08-maker-length,rel-08-not-released,"
                "rel-09-file-is-gone,rel-11-fate-not-waiting,rel-12-return-condition,"
                "sig-04-signature-invalid,sig-06-only-a-person,sig-09-code-not-of-now,"
                "sig-09-factor-in-force,sig-09-no-factor-begun,sig-09-no-factor-in-force,"
                "sig-09-no-second-factor,sig-09-policy-unread,sig-10-fate-same-person,"
                "sig-10-second-person-is-first,sig-10-second-person-role,"
                "sig-10-second-person-same,sig-10-signed-in-as-another,sig-11-another-human,"
                "sig-11-name-unseen,sig-11-read-backwards,sig-11-username-taken,"
                "sig-12-not-identified,sig-13-not-declared,sig-14-another-confirmed,"
                "sig-14-needs-two,sig-14-not-confirmed-yet,sig-14-not-present-password,"
                "sig-14-nothing-asked,sig-14-nothing-confirmed,sig-14-nothing-recovered,"
                "sig-14-one-time-password,sig-14-only-quality-recovers,"
                "sig-14-only-the-machine,sig-14-others-confirm,sig-14-own-password,"
                "sig-14-own-recovery,sig-14-sign-in-alone,sig-16-facts-changed,"
                "sig-17-releaser-reviewed,sig-20-reason,site-hour-unread,"
                "tim-02-before-the-sample,tim-02-begun-after-record,tim-02-in-the-future,"
                "tim-03-clock-not-judged,tim-03-clock-suspect,tim-05-demonstration-stays,"
                "tim-05-minutes-out-of-range,tim-05-neither-yes-nor-no,"
                "tim-05-no-such-setting,tim-05-setting-is-that,tim-05-site-name-length,"
                "tim-05-zone-unknown,tim-06-birth-in-the-future,tim-06-birth-long-ago,"
                "tim-06-collection-before-birth,tim-06-collection-in-the-future,"
                "tim-06-fate-after,tim-06-fate-ahead,tim-06-fate-before,tim-06-result-late,"
                "tim-06-sample-in-the-future,tim-06-sample-long-ago,tim-06-start-late,"
                "trc-01-container-gone,trc-01-container-on-hold,trc-01-container-unknown,"
                "trc-01-parent-unknown,trc-03-correction-waits,trc-03-fate-not-open,"
                "trc-03-fate-waits,trc-03-issue-consignee,trc-03-issue-not-final,"
                "trc-03-not-issuable,trc-03-not-issuable-then,trc-03-not-put-right,"
                "trc-08-no-such-kind",
            ),
            name=op.f("ck_deviations_rule"),
        ),
        sa.ForeignKeyConstraint(["id"], ["subjects.id"], name=op.f("fk_deviations_id")),
        sa.ForeignKeyConstraint(
            ["person_id", "username"],
            ["people.id", "people.username"],
            name=op.f("fk_deviations_person_id_username"),
        ),
        sa.ForeignKeyConstraint(
            ["scope_id", "scope"],
            ["subjects.id", "subjects.code"],
            name=op.f("fk_deviations_scope_id_scope"),
        ),
        sa.ForeignKeyConstraint(
            ["subject_id", "subject_kind"],
            ["subjects.id", "subjects.kind"],
            name=op.f("fk_deviations_subject_id_subject_kind"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deviations")),
        sa.UniqueConstraint("code", name=op.f("uq_deviations_code")),
        info={"kind": "record"},
    )
    op.create_index("deviations_by_subject", "deviations", ["subject_id"], unique=False)
    op.create_index(
        op.f("ix_deviations_classification"), "deviations", ["classification"], unique=False
    )
    op.create_index(op.f("ix_deviations_opened_at"), "deviations", ["opened_at"], unique=False)
    op.create_index(op.f("ix_deviations_scope"), "deviations", ["scope"], unique=False)
    op.create_index(op.f("ix_deviations_scope_id"), "deviations", ["scope_id"], unique=False)


def moves() -> None:
    op.create_table(
        "moves",
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("axis", sa.Text(), nullable=False),
        sa.Column("was", sa.Text(), nullable=True),
        sa.Column("becomes", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("username", sa.Text(), nullable=False),
        sa.CheckConstraint(checks.on_an_axis("becomes", AXES), name=op.f("ck_moves_becomes")),
        sa.CheckConstraint(checks.on_an_axis("was", AXES), name=op.f("ck_moves_was")),
        sa.ForeignKeyConstraint(
            ["person_id", "username"],
            ["people.id", "people.username"],
            name=op.f("fk_moves_person_id_username"),
        ),
        sa.ForeignKeyConstraint(["subject_id"], ["subjects.id"], name=op.f("fk_moves_subject_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moves")),
        info={"kind": "record"},
    )
    op.create_index("moves_by_subject", "moves", ["subject_id", "axis"], unique=False)


def signatures() -> None:
    op.create_table(
        "signatures",
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=True),
        sa.Column("scope", sa.Text(), nullable=True),
        sa.Column("meaning", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("role_title", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("catalogue_id", sa.Integer(), nullable=False),
        sa.Column("components", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("caution", sa.Text(), nullable=True),
        sa.Column("caution_since", sa.Text(), nullable=True),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("facts_digest", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("username", sa.Text(), nullable=False),
        sa.CheckConstraint(
            checks.any_of("caution", "reset,recovery"), name=op.f("ck_signatures_caution")
        ),
        sa.CheckConstraint(
            checks.any_of(
                "components",
                "password,user name and password,password and code,user name and password and code",
            ),
            name=op.f("ck_signatures_components"),
        ),
        sa.CheckConstraint(
            checks.any_of(
                "meaning",
                "authored,performed,verified,reviewed,approved,certified,released,rejected,declared",
            ),
            name=op.f("ck_signatures_meaning"),
        ),
        sa.CheckConstraint(
            checks.any_of(
                "role",
                "administrator,label_printer,master_approver,master_author,qa,qc_analyst,"
                "qc_reviewer,reader,releaser,technician,verifier",
            ),
            name=op.f("ck_signatures_role"),
        ),
        sa.ForeignKeyConstraint(
            ["catalogue_id"], ["files.id"], name=op.f("fk_signatures_catalogue_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id", "username"],
            ["people.id", "people.username"],
            name=op.f("fk_signatures_person_id_username"),
        ),
        sa.ForeignKeyConstraint(
            ["scope_id", "scope"],
            ["subjects.id", "subjects.code"],
            name=op.f("fk_signatures_scope_id_scope"),
        ),
        sa.ForeignKeyConstraint(
            ["seq"],
            ["events.seq"],
            name=op.f("fk_signatures_seq"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["subject_id", "subject_kind"],
            ["subjects.id", "subjects.kind"],
            name=op.f("fk_signatures_subject_id_subject_kind"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signatures")),
        info={"kind": "record"},
    )
    op.create_index(op.f("ix_signatures_scope"), "signatures", ["scope"], unique=False)
    op.create_index(op.f("ix_signatures_scope_id"), "signatures", ["scope_id"], unique=False)
    op.create_index("signatures_by_subject", "signatures", ["subject_id"], unique=False)
