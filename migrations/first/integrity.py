"""The tables of the chapter integrity, as the first schema has them."""

import sqlalchemy as sa
from alembic import op

# record table: the groups of columns of which no value may come twice
RECORDS = {
    "events": [["seq"], ["entry_id"]],
    "files": [["id"]],
    "settings": [["id"]],
    "subjects": [["id"], ["id", "code"], ["id", "kind"]],
    "deviations": [["id"], ["code"]],
    "moves": [["id"]],
    "sites": [["id"]],
    "signatures": [["id"]],
}


def events() -> None:
    op.create_table(
        "events",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_key", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=True),
        sa.Column("entry_id", sa.Text(), nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_events")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_events_entry_id")),
        info={"kind": "record"},
    )
    op.create_index("events_by_action", "events", ["action", "seq"], unique=False)
    op.create_index("events_by_scope", "events", ["scope", "seq"], unique=False)
    op.create_index(
        "events_by_subject", "events", ["subject_kind", "subject_key", "seq"], unique=False
    )


def files() -> None:
    op.create_table(
        "files",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_files")),
        info={"kind": "record"},
    )
    op.create_index(op.f("ix_files_sha256"), "files", ["sha256"], unique=False)


def outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("made_at", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        info={"kind": "working"},
    )


def settings() -> None:
    op.create_table(
        "settings",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settings")),
        info={"kind": "record"},
    )
    op.create_index(op.f("ix_settings_name"), "settings", ["name"], unique=False)


def subjects() -> None:
    op.create_table(
        "subjects",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subjects")),
        sa.UniqueConstraint("id", "code", name=op.f("uq_subjects_id_code")),
        sa.UniqueConstraint("id", "kind", name=op.f("uq_subjects_id_kind")),
        info={"kind": "record"},
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
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "classification = 'minor' OR classification = 'major' OR classification = 'critical'",
            name=op.f("ck_deviations_classification"),
        ),
        sa.CheckConstraint(
            "consequence = 'deviation' OR consequence = 'reject'",
            name=op.f("ck_deviations_consequence"),
        ),
        sa.CheckConstraint(
            "rule = 'aud-03-correction-reason' OR rule = 'aud-03-donor-reason' OR "
            "rule = 'aud-03-judgement-reason' OR rule = 'aud-03-lot-reason' OR rule ="
            " 'aud-06-review-out-of-date' OR rule = 'aud-11-trail-broken' OR rule = "
            "'aud-11-trail-does-not-hold' OR rule = 'dev-class-lowered' OR rule = "
            "'dev-class-unread' OR rule = 'dev-decision-not-made' OR rule = 'dev-"
            "decision-only-reject' OR rule = 'dev-state-assessment-stands' OR rule = "
            "'dev-state-closed-already' OR rule = 'dev-state-not-assessed' OR rule = "
            "'dev-state-not-judged' OR rule = 'dev-state-past-judgement' OR rule = "
            "'ebr-01-cord-not-accepted' OR rule = 'ebr-01-record-not-at-its-end' OR "
            "rule = 'ebr-01-second-person-waits' OR rule = 'ebr-01-sign-off-waits' OR"
            " rule = 'ebr-01-step-waits' OR rule = 'ebr-02-batch-disposed' OR rule = "
            "'ebr-02-batch-ended' OR rule = 'ebr-02-not-due' OR rule = "
            "'ebr-02-record-complete' OR rule = 'ebr-02-recorded-already' OR rule = "
            "'ebr-02-second-person-first' OR rule = 'ebr-02-sign-off-first' OR rule ="
            " 'ebr-02-stage-not-ready' OR rule = 'ebr-05-choice-deviates' OR rule = "
            "'ebr-05-comment-wanted' OR rule = 'ebr-05-counts-differ' OR rule = "
            "'ebr-05-outside-limits' OR rule = 'ebr-05-readings-outside' OR rule = "
            "'ebr-05-unreadable' OR rule = 'ebr-05-viability-outside' OR rule = "
            "'ebr-07-interval-long' OR rule = 'ebr-07-interval-short' OR rule = "
            "'ebr-07-start-not-recorded' OR rule = 'ebr-07-started-late' OR rule = "
            "'ebr-07-timer-long' OR rule = 'ebr-07-timer-short' OR rule = "
            "'ebr-07-window-over' OR rule = 'ebr-07-window-reject' OR rule = "
            "'ebr-07-work-can-only-be-rejected' OR rule = 'ebr-07-work-rejected' OR "
            "rule = 'ebr-07-work-waits' OR rule = 'ebr-08-correction-reason' OR rule "
            "= 'ebr-08-nothing-differs' OR rule = 'ebr-08-record-closed' OR rule = "
            "'ebr-09-before-the-batch' OR rule = 'ebr-09-in-the-future' OR rule = "
            "'ebr-09-recorded-late' OR rule = 'ebr-09-window-late-entry' OR rule = "
            "'ebr-10-left-out-reason' OR rule = 'ebr-10-not-optional' OR rule = "
            "'ebr-11-deviation-not-closed' OR rule = 'ebr-11-judged-reject' OR rule ="
            " 'ebr-12-broken-off' OR rule = 'ebr-12-termination-reason' OR rule = "
            "'ebr-16-not-defined' OR rule = 'ebr-18-not-reviewed' OR rule = "
            "'ebr-19-nothing-to-correct' OR rule = 'ebr-19-verified-meanwhile' OR "
            "rule = 'ebr-23-cord-has-batch' OR rule = 'entry-id-used-before' OR rule "
            "= 'iam-02-role-may-not' OR rule = 'iam-02-role-may-not-sign' OR rule = "
            "'iam-02-sign-off-role' OR rule = 'iam-02-step-role' OR rule = "
            "'iam-03-closer-made-the-entry' OR rule = 'iam-03-judge-made-the-entry' "
            "OR rule = 'iam-03-own-account' OR rule = 'iam-03-own-role' OR rule = "
            "'iam-03-releaser-had-a-hand' OR rule = 'iam-03-reviewer-had-a-hand' OR "
            "rule = 'iam-06-password-length' OR rule = 'iam-06-password-not-new' OR "
            "rule = 'iam-16-has-blank' OR rule = 'iam-16-has-small-letters' OR rule ="
            " 'iam-16-no-digit' OR rule = 'iam-16-no-donor-code' OR rule = "
            "'iam-16-own-code' OR rule = 'lab-01-no-label' OR rule = 'lab-01-no-"
            "paper' OR rule = 'lab-01-too-many' OR rule = 'lab-03-label-refused' OR "
            "rule = 'lab-04-chosen-twice' OR rule = 'lab-04-printed-before' OR rule ="
            " 'mat-02-donor-pool' OR rule = 'mat-02-expired-at-receipt' OR rule = "
            "'mat-02-expired-at-release' OR rule = 'mat-02-human-origin' OR rule = "
            "'mat-02-lot-expired' OR rule = 'mat-02-lot-on-hold' OR rule = "
            "'mat-02-lot-quarantine' OR rule = 'mat-02-lot-rejected' OR rule = "
            "'mat-02-lot-unknown' OR rule = 'mat-02-lot-unreadable' OR rule = "
            "'mat-02-other-material' OR rule = 'mat-03-calibration-overdue' OR rule ="
            " 'mat-03-done-in-the-future' OR rule = 'mat-03-due-before-done' OR rule "
            "= 'mat-03-equipment-kind' OR rule = 'mat-03-equipment-unknown' OR rule ="
            " 'mat-03-equipment-unreadable' OR rule = 'mat-03-not-calibrated' OR rule"
            " = 'mat-03-other-kind' OR rule = 'mbr-01-approver-is-author' OR rule = "
            "'mbr-01-document-fault' OR rule = 'mbr-01-quality-had-a-hand' OR rule = "
            "'mbr-02-cord-rejected' OR rule = 'mbr-02-cord-unknown' OR rule = "
            "'mbr-02-master-not-effective' OR rule = 'mbr-02-newer-effective' OR rule"
            " = 'mbr-02-no-donor-criteria' OR rule = 'mbr-02-no-label-stock' OR rule "
            "= 'mbr-02-no-master-record' OR rule = 'mbr-02-no-materials' OR rule = "
            "'mbr-02-no-specification' OR rule = 'mbr-02-not-before' OR rule = "
            "'mbr-02-other-code' OR rule = 'mbr-02-reason' OR rule = 'mbr-02-same-"
            "file' OR rule = 'mbr-02-superseded' OR rule = 'mbr-02-time-has-passed' "
            "OR rule = 'mbr-03-kept-file-differs' OR rule = 'qc-01-no-line' OR rule ="
            " 'qc-01-no-specification' OR rule = 'qc-01-none-effective' OR rule = "
            "'qc-02-method-version' OR rule = 'qc-02-reviewer-is-analyst' OR rule = "
            "'qc-02-test-not-asked' OR rule = 'qc-03-condition-unread' OR rule = "
            "'qc-03-no-such-sample' OR rule = 'qc-03-not-received' OR rule = "
            "'qc-03-received-already' OR rule = 'qc-03-sample-condition' OR rule = "
            "'qc-03-sample-unfit' OR rule = 'qc-04-correction-elsewhere' OR rule = "
            "'qc-04-line-not-reviewed' OR rule = 'qc-04-unreadable' OR rule = "
            "'qc-05-deviation-on-result-open' OR rule = 'qc-05-deviation-open' OR "
            "rule = 'qc-05-line-fails' OR rule = 'qc-05-out-of-specification' OR rule"
            " = 'qc-06-invalidator-is-analyst' OR rule = 'qc-06-no-cause' OR rule = "
            "'qc-08-before-the-start' OR rule = 'qc-08-no-interim' OR rule = "
            "'qc-08-no-waiting-time' OR rule = 'qc-08-not-final-yet' OR rule = "
            "'qc-08-start-missing' OR rule = 'qc-08-started-already' OR rule = "
            "'qc-15-acceptance-unread' OR rule = 'qc-15-answer-unknown' OR rule = "
            "'qc-15-consent-in-the-future' OR rule = 'qc-15-consent-limited' OR rule "
            "= 'qc-15-consent-scope' OR rule = 'qc-15-consent-version' OR rule = "
            "'qc-15-consent-withdrawn' OR rule = 'qc-15-criterion-answer' OR rule = "
            "'qc-15-criterion-figure' OR rule = 'qc-15-determination-unread' OR rule "
            "= 'qc-15-determined-already' OR rule = 'qc-15-deviation-not-judged' OR "
            "rule = 'qc-15-deviation-rejects' OR rule = 'qc-15-donor-ineligible' OR "
            "rule = 'qc-15-donor-known' OR rule = 'qc-15-donor-not-determined' OR "
            "rule = 'qc-15-donor-not-eligible' OR rule = 'qc-15-donor-unknown' OR "
            "rule = 'qc-15-eligibility-open' OR rule = 'qc-15-figure-not-plausible' "
            "OR rule = 'qc-15-logger-turned-round' OR rule = 'qc-15-marker-excludes' "
            "OR rule = 'qc-15-marker-indeterminate' OR rule = 'qc-15-marker-reactive'"
            " OR rule = 'qc-15-marker-unknown' OR rule = 'qc-15-no-answer' OR rule = "
            "'qc-15-no-consent' OR rule = 'qc-15-no-cord' OR rule = 'qc-15-no-"
            "laboratory' OR rule = 'qc-15-no-result' OR rule = 'qc-15-nothing-"
            "different' OR rule = 'qc-15-result-corrected-already' OR rule = "
            "'qc-15-sample-window' OR rule = 'qc-15-tests-missing' OR rule = "
            "'rec-05-restore-not-judged' OR rule = 'rel-02-cannot-be-rejected' OR "
            "rule = 'rel-02-cannot-be-released' OR rule = 'rel-02-cord-cannot-become'"
            " OR rule = 'rel-02-move-not-allowed' OR rule = 'rel-02-not-on-hold' OR "
            "rule = 'rel-02-nothing-to-review' OR rule = 'rel-02-nothing-to-withdraw'"
            " OR rule = 'rel-03-line-inconclusive' OR rule = 'rel-03-line-missing' OR"
            " rule = 'rel-03-line-pending' OR rule = 'rel-04-nothing-pending' OR rule"
            " = 'rel-08-not-released' OR rule = 'sig-04-signature-invalid' OR rule = "
            "'sig-06-only-a-person' OR rule = 'sig-10-second-person-is-first' OR rule"
            " = 'sig-10-second-person-role' OR rule = 'sig-10-second-person-same' OR "
            "rule = 'sig-10-signed-in-as-another' OR rule = 'sig-11-username-taken' "
            "OR rule = 'sig-14-not-present-password' OR rule = 'sig-16-facts-changed'"
            " OR rule = 'sig-17-releaser-reviewed' OR rule = 'sig-20-reason' OR rule "
            "= 'tim-02-before-the-sample' OR rule = 'tim-02-in-the-future' OR rule = "
            "'tim-03-clock-not-judged' OR rule = 'tim-03-clock-suspect' OR rule = "
            "'tim-05-minutes-out-of-range' OR rule = 'tim-05-no-such-setting' OR rule"
            " = 'tim-05-site-name-length' OR rule = 'tim-05-zone-unknown' OR rule = "
            "'tim-06-birth-in-the-future' OR rule = 'tim-06-birth-long-ago' OR rule ="
            " 'tim-06-collection-before-birth' OR rule = 'tim-06-collection-in-the-"
            "future' OR rule = 'tim-06-sample-in-the-future' OR rule = 'tim-06-start-"
            "late' OR rule = 'trc-01-parent-unknown' OR rule = 'trc-08-no-such-kind'",
            name=op.f("ck_deviations_rule"),
        ),
        sa.ForeignKeyConstraint(["id"], ["subjects.id"], name=op.f("fk_deviations_id")),
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
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.CheckConstraint(
            "axis = 'account' AND (becomes = 'active' OR becomes = 'deactivated' OR "
            "becomes = 'locked') OR axis = 'certificate' AND (becomes = 'current' OR "
            "becomes = 'superseded' OR becomes = 'withdrawn') OR axis = 'clock' AND "
            "(becomes = 'acknowledged' OR becomes = 'judged' OR becomes = 'suspect') "
            "OR axis = 'cord' AND (becomes = 'accepted' OR becomes = 'quarantine' OR "
            "becomes = 'received' OR becomes = 'rejected') OR axis = 'decision' AND "
            "(becomes = 'continue' OR becomes = 'reject') OR axis = 'deviation' AND "
            "(becomes = 'assessed' OR becomes = 'closed' OR becomes = 'judged' OR "
            "becomes = 'open') OR axis = 'disposition' AND (becomes = "
            "'exceptional_supply' OR becomes = 'on_hold' OR becomes = 'quarantine' OR"
            " becomes = 'recalled' OR becomes = 'rejected' OR becomes = 'released' OR"
            " becomes = 'released_stage_1' OR becomes = 'under_review') OR axis = "
            "'document' AND (becomes = 'approved' OR becomes = 'authored' OR becomes "
            "= 'draft' OR becomes = 'effective' OR becomes = 'qa_approved' OR becomes"
            " = 'rejected' OR becomes = 'retired' OR becomes = 'superseded') OR axis "
            "= 'execution' AND (becomes = 'complete' OR becomes = 'in_process' OR "
            "becomes = 'planned' OR becomes = 'terminated') OR axis = 'restore' AND "
            "(becomes = 'judged' OR becomes = 'restored') OR axis = 'result' AND "
            "(becomes = 'corrected' OR becomes = 'entered' OR becomes = 'invalidated'"
            " OR becomes = 'reviewed') OR axis = 'signing' AND (becomes = 'locked' OR"
            " becomes = 'open') OR axis = 'testing' AND (becomes = 'complete' OR "
            "becomes = 'received' OR becomes = 'unfit')",
            name=op.f("ck_moves_becomes"),
        ),
        sa.CheckConstraint(
            "axis = 'account' AND (was = 'active' OR was = 'deactivated' OR was = "
            "'locked') OR axis = 'certificate' AND (was = 'current' OR was = "
            "'superseded' OR was = 'withdrawn') OR axis = 'clock' AND (was = "
            "'acknowledged' OR was = 'judged' OR was = 'suspect') OR axis = 'cord' "
            "AND (was = 'accepted' OR was = 'quarantine' OR was = 'received' OR was ="
            " 'rejected') OR axis = 'decision' AND (was = 'continue' OR was = "
            "'reject') OR axis = 'deviation' AND (was = 'assessed' OR was = 'closed' "
            "OR was = 'judged' OR was = 'open') OR axis = 'disposition' AND (was = "
            "'exceptional_supply' OR was = 'on_hold' OR was = 'quarantine' OR was = "
            "'recalled' OR was = 'rejected' OR was = 'released' OR was = "
            "'released_stage_1' OR was = 'under_review') OR axis = 'document' AND "
            "(was = 'approved' OR was = 'authored' OR was = 'draft' OR was = "
            "'effective' OR was = 'qa_approved' OR was = 'rejected' OR was = "
            "'retired' OR was = 'superseded') OR axis = 'execution' AND (was = "
            "'complete' OR was = 'in_process' OR was = 'planned' OR was = "
            "'terminated') OR axis = 'restore' AND (was = 'judged' OR was = "
            "'restored') OR axis = 'result' AND (was = 'corrected' OR was = 'entered'"
            " OR was = 'invalidated' OR was = 'reviewed') OR axis = 'signing' AND "
            "(was = 'locked' OR was = 'open') OR axis = 'testing' AND (was = "
            "'complete' OR was = 'received' OR was = 'unfit')",
            name=op.f("ck_moves_was"),
        ),
        sa.ForeignKeyConstraint(["subject_id"], ["subjects.id"], name=op.f("fk_moves_subject_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moves")),
        info={"kind": "record"},
    )
    op.create_index("moves_by_subject", "moves", ["subject_id", "axis"], unique=False)


def sites() -> None:
    op.create_table(
        "sites",
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["id"], ["subjects.id"], name=op.f("fk_sites_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sites")),
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
        sa.CheckConstraint(
            "axis = 'account' AND (state = 'active' OR state = 'deactivated' OR state"
            " = 'locked') OR axis = 'certificate' AND (state = 'current' OR state = "
            "'superseded' OR state = 'withdrawn') OR axis = 'clock' AND (state = "
            "'acknowledged' OR state = 'judged' OR state = 'suspect') OR axis = "
            "'cord' AND (state = 'accepted' OR state = 'quarantine' OR state = "
            "'received' OR state = 'rejected') OR axis = 'decision' AND (state = "
            "'continue' OR state = 'reject') OR axis = 'deviation' AND (state = "
            "'assessed' OR state = 'closed' OR state = 'judged' OR state = 'open') OR"
            " axis = 'disposition' AND (state = 'exceptional_supply' OR state = "
            "'on_hold' OR state = 'quarantine' OR state = 'recalled' OR state = "
            "'rejected' OR state = 'released' OR state = 'released_stage_1' OR state "
            "= 'under_review') OR axis = 'document' AND (state = 'approved' OR state "
            "= 'authored' OR state = 'draft' OR state = 'effective' OR state = "
            "'qa_approved' OR state = 'rejected' OR state = 'retired' OR state = "
            "'superseded') OR axis = 'execution' AND (state = 'complete' OR state = "
            "'in_process' OR state = 'planned' OR state = 'terminated') OR axis = "
            "'restore' AND (state = 'judged' OR state = 'restored') OR axis = "
            "'result' AND (state = 'corrected' OR state = 'entered' OR state = "
            "'invalidated' OR state = 'reviewed') OR axis = 'signing' AND (state = "
            "'locked' OR state = 'open') OR axis = 'testing' AND (state = 'complete' "
            "OR state = 'received' OR state = 'unfit')",
            name=op.f("ck_states_state"),
        ),
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


def signatures() -> None:
    op.create_table(
        "signatures",
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=True),
        sa.Column("scope", sa.Text(), nullable=True),
        sa.Column("meaning", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("role_title", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("components", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("facts_digest", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_signatures_person_id")),
        sa.ForeignKeyConstraint(
            ["scope_id", "scope"],
            ["subjects.id", "subjects.code"],
            name=op.f("fk_signatures_scope_id_scope"),
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
