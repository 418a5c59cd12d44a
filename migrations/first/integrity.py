"""The tables of the chapter integrity, as the first schema has them."""

import sqlalchemy as sa
from alembic import op

from migrations import checks

# record table: the groups of columns of which no value may come twice
RECORDS = {
    "events": [["seq"], ["entry_id"]],
    "search_terms": [["id"]],
    "attachments": [["id"]],
    "files": [["id"]],
    "observations": [["id"]],
    "settings": [["id"]],
    "sites": [["id"]],
    "observation_verdicts": [["id"], ["observation_id"]],
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
        sa.CheckConstraint(
            checks.any_of(
                "action",
                "action.done,action.effective,action.not_effective,action.planned,"
                "batch.exceptional_supply,batch.on_hold,batch.quarantine,batch.recalled,"
                "batch.rejected,batch.released,batch.released_stage_1,batch.reviewed,"
                "batch.specification_changed,batch.started,batch.terminated,"
                "batch.under_review,calibration.corrected,certificate.current,"
                "certificate.drawn,certificate.issued,certificate.superseded,"
                "certificate.under_review,certificate.withdrawn,clock.acknowledged,"
                "clock.judged,clock.jumped,clock.went_back,container.corrected,"
                "container.correction_recorded,container.destroyed,"
                "container.destruction_recorded,container.exceptional_supply,"
                "container.issue_recorded,container.issued,container.on_hold,"
                "container.quarantine,container.recalled,container.record_withdrawn,"
                "container.rejected,container.released,container.released_stage_1,"
                "container.return_recorded,container.returned,container.under_review,"
                "container.use_recorded,container.used,container.void,containers.created,"
                "cord.accepted,cord.corrected,cord.processing_corrected,"
                "cord.processing_started,cord.received,cord.rejected,deviation.assessed,"
                "deviation.closed,deviation.judged,deviation.opened,deviation.raised,"
                "document.approved,document.authored,document.effective,document.imported,"
                "document.qa_approved,document.rejected,document.retired,document.superseded,"
                "donor.consent_changed,donor.consent_struck,donor.corrected,donor.determined,"
                "donor.registered,donor.test_corrected,donor.tested,equipment.calibrated,"
                "equipment.corrected,equipment.registered,equipment.used,exception.judged,"
                "file.attached,hold.lifted,hold.put,label.printed,lot.corrected,lot.received,"
                "lot.rejected,lot.released,lot.used,observation.classified,"
                "observation.recorded,oos.phase_one_ended,oos.phase_one_recorded,"
                "oos.phase_two_ended,oos.phase_two_recorded,person.account.active,"
                "person.account.deactivated,person.badge.issued,person.badge.withdrawn,"
                "person.change.confirmed,person.change.declined,person.change.proposed,"
                "person.changed,person.closed,person.created,person.declared,"
                "person.handover.asked,person.handover.confirmed,person.handover.declined,"
                "person.opened,person.password_changed,person.password_handed_over,"
                "person.password_reset,person.recovered,person.recovery.judged,"
                "person.reminders.unwanted,person.reminders.wanted,"
                "person.second_factor.begun,person.second_factor.confirmed,"
                "person.second_factor.ended,person.spare_code.used,person.spare_codes.drawn,"
                "person.spare_codes.few,refused,release.final,release.hold,release.initial,"
                "release.reissued,release.reject,release.resume,release.withdraw,"
                "result.invalidated,result.recorded,result.reviewed,sample.explained,"
                "sample.receipt_corrected,sample.received,setting.approved,setting.drafted,"
                "setting.proposed,setting.refused,setting.withdrawn,signature.failed,"
                "site.anchored,site.changed,site.head_missing,site.rebuilt,"
                "site.restore_judged,site.restore_lost,site.restored,stage.signed,"
                "step.corrected,step.recorded,step.verified,test.beginning_corrected,"
                "test.begun",
            ),
            name=op.f("ck_events_action"),
        ),
        sa.CheckConstraint(
            checks.any_of(
                "subject_kind",
                "act,attachments,badges,batches,beginning_corrections,calibrations,"
                "certificate_files,certificates,closings,container_expiries,container_fates,"
                "container_parents,containers,cord_corrections,cords,corrective_actions,"
                "credentials,declarations,determinations,deviation_assessments,"
                "deviation_judgements,deviations,document_dates,documents,donor_answers,"
                "donor_consents,donor_tests,donors,entries,equipment,equipment_corrections,"
                "equipment_uses,events,exception_verdicts,files,grant_proposals,grants,"
                "handovers,holds,identity_checks,issued_codes,label_prints,lot_corrections,"
                "lot_uses,lots,moves,observation_verdicts,observations,people,"
                "phase_one_checks,phase_ones,phase_twos,processing_starts,"
                "receipt_corrections,results,reviews,sample_explanations,sample_receipts,"
                "sample_tests,search_terms,second_factors,setting_changes,settings,"
                "sign_off_entries,sign_offs,signatures,site,sites,spare_code_uses,"
                "spare_codes,specification_changes,subjects,test_beginnings",
            ),
            name=op.f("ck_events_subject_kind"),
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_events")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_events_entry_id")),
        info={"kind": "record"},
    )
    op.create_index("events_by_action", "events", ["action", "seq"], unique=False)
    op.create_index("events_by_person", "events", ["username", "seq"], unique=False)
    op.create_index("events_by_scope", "events", ["scope", "seq"], unique=False)
    op.create_index(
        "events_by_subject", "events", ["subject_kind", "subject_key", "seq"], unique=False
    )
    op.create_index("events_by_time", "events", ["at", "seq"], unique=False)


def outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("made_at", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.Text(), nullable=True),
        sa.Column("of_quality", sa.Integer(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        info={"kind": "working"},
    )


def search_terms() -> None:
    op.create_table(
        "search_terms",
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("term", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["subjects.id"], name=op.f("fk_search_terms_subject_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_terms")),
        info={"kind": "record"},
    )
    op.create_index(
        op.f("ix_search_terms_subject_id"), "search_terms", ["subject_id"], unique=False
    )
    op.create_index("search_terms_by_term", "search_terms", ["term", "subject_id"], unique=False)


def attachments() -> None:
    op.create_table(
        "attachments",
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("device", sa.Text(), nullable=True),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("username", sa.Text(), nullable=False),
        sa.CheckConstraint(
            checks.any_of("media_type", "image/png,image/jpeg,application/pdf,text/csv,text/plain"),
            name=op.f("ck_attachments_media_type"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id", "username"],
            ["people.id", "people.username"],
            name=op.f("fk_attachments_person_id_username"),
        ),
        sa.ForeignKeyConstraint(
            ["scope_id", "scope"],
            ["subjects.id", "subjects.code"],
            name=op.f("fk_attachments_scope_id_scope"),
        ),
        sa.ForeignKeyConstraint(
            ["subject_id", "subject_kind"],
            ["subjects.id", "subjects.kind"],
            name=op.f("fk_attachments_subject_id_subject_kind"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
        info={"kind": "record"},
    )
    op.create_index("attachments_by_subject", "attachments", ["subject_id"], unique=False)
    op.create_index(op.f("ix_attachments_scope"), "attachments", ["scope"], unique=False)
    op.create_index(op.f("ix_attachments_scope_id"), "attachments", ["scope_id"], unique=False)
    op.create_index(op.f("ix_attachments_sha256"), "attachments", ["sha256"], unique=False)


def files() -> None:
    op.create_table(
        "files",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("username", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id", "username"],
            ["people.id", "people.username"],
            name=op.f("fk_files_person_id_username"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_files")),
        info={"kind": "record"},
    )
    op.create_index(op.f("ix_files_sha256"), "files", ["sha256"], unique=False)


def observations() -> None:
    op.create_table(
        "observations",
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("username", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["subjects.id"], name=op.f("fk_observations_id")),
        sa.ForeignKeyConstraint(
            ["person_id", "username"],
            ["people.id", "people.username"],
            name=op.f("fk_observations_person_id_username"),
        ),
        sa.ForeignKeyConstraint(
            ["scope_id", "scope"],
            ["subjects.id", "subjects.code"],
            name=op.f("fk_observations_scope_id_scope"),
        ),
        sa.ForeignKeyConstraint(
            ["subject_id", "about"],
            ["subjects.id", "subjects.code"],
            name=op.f("fk_observations_subject_id_about"),
        ),
        sa.ForeignKeyConstraint(
            ["subject_id", "subject_kind"],
            ["subjects.id", "subjects.kind"],
            name=op.f("fk_observations_subject_id_subject_kind"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observations")),
        info={"kind": "record"},
    )
    op.create_index(op.f("ix_observations_about"), "observations", ["about"], unique=False)
    op.create_index(op.f("ix_observations_at"), "observations", ["at"], unique=False)
    op.create_index(op.f("ix_observations_scope"), "observations", ["scope"], unique=False)
    op.create_index(op.f("ix_observations_scope_id"), "observations", ["scope_id"], unique=False)
    op.create_index("observations_by_subject", "observations", ["subject_id"], unique=False)


def settings() -> None:
    op.create_table(
        "settings",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("signed_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("username", sa.Text(), nullable=False),
        sa.CheckConstraint(
            checks.any_of(
                "name",
                "name,zone,shift_hours,demonstration,idle_minutes,late_minutes,"
                "file_megabytes,all_files_megabytes,investigation_days,silent_days,"
                "two_persons,second_factor,reminder_hour,address,authorisation",
            ),
            name=op.f("ck_settings_name"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id", "username"],
            ["people.id", "people.username"],
            name=op.f("fk_settings_person_id_username"),
        ),
        sa.ForeignKeyConstraint(["signed_id"], ["subjects.id"], name=op.f("fk_settings_signed_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settings")),
        info={"kind": "record"},
    )
    op.create_index(op.f("ix_settings_name"), "settings", ["name"], unique=False)
    op.create_index(op.f("ix_settings_signed_id"), "settings", ["signed_id"], unique=False)


def sites() -> None:
    op.create_table(
        "sites",
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("username", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["subjects.id"], name=op.f("fk_sites_id")),
        sa.ForeignKeyConstraint(
            ["person_id", "username"],
            ["people.id", "people.username"],
            name=op.f("fk_sites_person_id_username"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sites")),
        info={"kind": "record"},
    )


def observation_verdicts() -> None:
    op.create_table(
        "observation_verdicts",
        sa.Column("observation_id", sa.Integer(), nullable=False),
        sa.Column("deviation_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("username", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["deviation_id"], ["deviations.id"], name=op.f("fk_observation_verdicts_deviation_id")
        ),
        sa.ForeignKeyConstraint(
            ["observation_id"],
            ["observations.id"],
            name=op.f("fk_observation_verdicts_observation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id", "username"],
            ["people.id", "people.username"],
            name=op.f("fk_observation_verdicts_person_id_username"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observation_verdicts")),
        sa.UniqueConstraint("observation_id", name=op.f("uq_observation_verdicts_observation_id")),
        info={"kind": "record"},
    )
    op.create_index(
        op.f("ix_observation_verdicts_deviation_id"),
        "observation_verdicts",
        ["deviation_id"],
        unique=False,
    )
