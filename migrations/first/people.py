"""The tables of the chapter people, as the first schema has them."""

import sqlalchemy as sa
from alembic import op

from migrations import checks

# record table: the groups of columns of which no value may come twice
RECORDS = {
    "people": [["id"], ["id", "username"], ["username"]],
    "accesses": [["id"]],
    "badges": [["id"], ["digest"]],
    "closings": [["id"]],
    "declarations": [["id"]],
    "grant_proposals": [["id"]],
    "grants": [["id"]],
    "handovers": [["id"]],
    "second_factors": [["id"]],
    "setting_changes": [["id"]],
    "credentials": [["id"]],
    "identity_checks": [["id"]],
    "spare_codes": [["id"]],
    "spare_code_uses": [["id"], ["codes_id", "place"]],
}


def attempts() -> None:
    op.create_table(
        "attempts",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", "place", "purpose", name=op.f("pk_attempts")),
        info={"kind": "working"},
    )
    op.create_index(op.f("ix_attempts_last_at"), "attempts", ["last_at"], unique=False)


def people() -> None:
    op.create_table(
        "people",
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("made_at", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["id"], ["subjects.id"], name=op.f("fk_people_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("id", "username", name=op.f("uq_people_id_username")),
        sa.UniqueConstraint("username", name=op.f("uq_people_username")),
        info={"kind": "record"},
    )


def accesses() -> None:
    op.create_table(
        "accesses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("station", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.CheckConstraint(
            checks.any_of(
                "kind",
                "signed in,sign-in refused,signed out,timed out,locked,unlocked,badge "
                "refused,signing refused,closed,denied,printed,exported,downloaded,read,"
                "backed up",
            ),
            name=op.f("ck_accesses_kind"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_accesses_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accesses")),
        info={"kind": "log"},
    )
    op.create_index("accesses_by_kind", "accesses", ["kind", "at", "id"], unique=False)
    op.create_index("accesses_by_person", "accesses", ["username", "at", "id"], unique=False)
    op.create_index("accesses_by_time", "accesses", ["at", "id"], unique=False)


def badges() -> None:
    op.create_table(
        "badges",
        sa.Column("holder_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("username", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["holder_id"], ["people.id"], name=op.f("fk_badges_holder_id")),
        sa.ForeignKeyConstraint(
            ["person_id", "username"],
            ["people.id", "people.username"],
            name=op.f("fk_badges_person_id_username"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_badges")),
        sa.UniqueConstraint("digest", name=op.f("uq_badges_digest")),
        info={"kind": "record"},
    )
    op.create_index(op.f("ix_badges_holder_id"), "badges", ["holder_id"], unique=False)


def closings() -> None:
    op.create_table(
        "closings",
        sa.Column("holder_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("place_kind", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("is_closed", sa.Integer(), nullable=False),
        sa.Column("is_own", sa.Integer(), nullable=False),
        sa.Column("tablet_of", sa.Integer(), nullable=True),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("username", sa.Text(), nullable=False),
        sa.CheckConstraint(
            checks.any_of("place_kind", "device,address,everywhere"),
            name=op.f("ck_closings_place_kind"),
        ),
        sa.CheckConstraint(
            checks.any_of("purpose", "sign in,sign"), name=op.f("ck_closings_purpose")
        ),
        sa.ForeignKeyConstraint(["holder_id"], ["people.id"], name=op.f("fk_closings_holder_id")),
        sa.ForeignKeyConstraint(
            ["person_id", "username"],
            ["people.id", "people.username"],
            name=op.f("fk_closings_person_id_username"),
        ),
        sa.ForeignKeyConstraint(["tablet_of"], ["people.id"], name=op.f("fk_closings_tablet_of")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closings")),
        info={"kind": "record"},
    )
    op.create_index(
        "closings_by_holder", "closings", ["holder_id", "purpose", "place"], unique=False
    )


def declarations() -> None:
    op.create_table(
        "declarations",
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("username", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id", "username"],
            ["people.id", "people.username"],
            name=op.f("fk_declarations_person_id_username"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declarations")),
        info={"kind": "record"},
    )


def drafts() -> None:
    op.create_table(
        "drafts",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("typed", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_drafts_person_id")),
        sa.PrimaryKeyConstraint("person_id", "path", name=op.f("pk_drafts")),
        info={"kind": "working"},
    )


def grant_proposals() -> None:
    op.create_table(
        "grant_proposals",
        sa.Column("holder_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("mail", sa.Text(), nullable=True),
        sa.Column("badge", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("username", sa.Text(), nullable=False),
        sa.CheckConstraint(
            checks.any_of(
                "role",
                "technician,verifier,qc_analyst,qc_reviewer,qa,releaser,master_author,"
                "master_approver,label_printer,administrator,reader",
            ),
            name=op.f("ck_grant_proposals_role"),
        ),
        sa.ForeignKeyConstraint(
            ["holder_id"], ["people.id"], name=op.f("fk_grant_proposals_holder_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id", "username"],
            ["people.id", "people.username"],
            name=op.f("fk_grant_proposals_person_id_username"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grant_proposals")),
        info={"kind": "record"},
    )
    op.create_index(
        op.f("ix_grant_proposals_holder_id"), "grant_proposals", ["holder_id"], unique=False
    )


def grants() -> None:
    op.create_table(
        "grants",
        sa.Column("holder_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("mail", sa.Text(), nullable=True),
        sa.Column("badge", sa.Text(), nullable=True),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("username", sa.Text(), nullable=False),
        sa.CheckConstraint(
            checks.any_of(
                "role",
                "technician,verifier,qc_analyst,qc_reviewer,qa,releaser,master_author,"
                "master_approver,label_printer,administrator,reader",
            ),
            name=op.f("ck_grants_role"),
        ),
        sa.ForeignKeyConstraint(["holder_id"], ["people.id"], name=op.f("fk_grants_holder_id")),
        sa.ForeignKeyConstraint(
            ["person_id", "username"],
            ["people.id", "people.username"],
            name=op.f("fk_grants_person_id_username"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grants")),
        info={"kind": "record"},
    )
    op.create_index(op.f("ix_grants_holder_id"), "grants", ["holder_id"], unique=False)


def handovers() -> None:
    op.create_table(
        "handovers",
        sa.Column("holder_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("first_hash", sa.Text(), nullable=True),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("username", sa.Text(), nullable=False),
        sa.CheckConstraint(
            checks.any_of("kind", "first,reset,installation,machine,recovery"),
            name=op.f("ck_handovers_kind"),
        ),
        sa.ForeignKeyConstraint(["holder_id"], ["people.id"], name=op.f("fk_handovers_holder_id")),
        sa.ForeignKeyConstraint(
            ["person_id", "username"],
            ["people.id", "people.username"],
            name=op.f("fk_handovers_person_id_username"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handovers")),
        info={"kind": "record"},
    )
    op.create_index(op.f("ix_handovers_holder_id"), "handovers", ["holder_id"], unique=False)


def known_devices() -> None:
    op.create_table(
        "known_devices",
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_known_devices_person_id")
        ),
        sa.PrimaryKeyConstraint("device", "person_id", name=op.f("pk_known_devices")),
        info={"kind": "working"},
    )
    op.create_index(op.f("ix_known_devices_seen_at"), "known_devices", ["seen_at"], unique=False)


def reminders() -> None:
    op.create_table(
        "reminders",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_reminders_person_id")),
        sa.PrimaryKeyConstraint("person_id", "day", name=op.f("pk_reminders")),
        info={"kind": "working"},
    )


def second_factors() -> None:
    op.create_table(
        "second_factors",
        sa.Column("holder_id", sa.Integer(), nullable=False),
        sa.Column("nonce", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("username", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["holder_id"], ["people.id"], name=op.f("fk_second_factors_holder_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id", "username"],
            ["people.id", "people.username"],
            name=op.f("fk_second_factors_person_id_username"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_factors")),
        info={"kind": "record"},
    )
    op.create_index(
        op.f("ix_second_factors_holder_id"), "second_factors", ["holder_id"], unique=False
    )


def sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("token_digest", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.Text(), nullable=False),
        sa.Column("locked", sa.Integer(), nullable=False),
        sa.Column("has_signed", sa.Integer(), nullable=False),
        sa.Column("device", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_sessions_person_id")),
        sa.PrimaryKeyConstraint("token_digest", name=op.f("pk_sessions")),
        info={"kind": "working"},
    )


def setting_changes() -> None:
    op.create_table(
        "setting_changes",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("was", sa.Text(), nullable=False),
        sa.Column("becomes", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
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
            name=op.f("ck_setting_changes_name"),
        ),
        sa.ForeignKeyConstraint(["id"], ["subjects.id"], name=op.f("fk_setting_changes_id")),
        sa.ForeignKeyConstraint(
            ["person_id", "username"],
            ["people.id", "people.username"],
            name=op.f("fk_setting_changes_person_id_username"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setting_changes")),
        info={"kind": "record"},
    )
    op.create_index(op.f("ix_setting_changes_name"), "setting_changes", ["name"], unique=False)


def unreminded() -> None:
    op.create_table(
        "unreminded",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_unreminded_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_unreminded")),
        info={"kind": "working"},
    )


def used_codes() -> None:
    op.create_table(
        "used_codes",
        sa.Column("holder_id", sa.Integer(), nullable=False),
        sa.Column("interval", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["holder_id"], ["people.id"], name=op.f("fk_used_codes_holder_id")),
        sa.PrimaryKeyConstraint("holder_id", name=op.f("pk_used_codes")),
        info={"kind": "working"},
    )


def credentials() -> None:
    op.create_table(
        "credentials",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("handover_id", sa.Integer(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("second_hash", sa.Text(), nullable=True),
        sa.Column("temporary", sa.Integer(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["handover_id"], ["handovers.id"], name=op.f("fk_credentials_handover_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_credentials_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credentials")),
        info={"kind": "record"},
    )
    op.create_index(
        op.f("ix_credentials_handover_id"), "credentials", ["handover_id"], unique=False
    )
    op.create_index(op.f("ix_credentials_person_id"), "credentials", ["person_id"], unique=False)


def identity_checks() -> None:
    op.create_table(
        "identity_checks",
        sa.Column("handover_id", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("username", sa.Text(), nullable=False),
        sa.CheckConstraint(
            checks.any_of("document", "passport,identity_card,driving_licence,staff_badge,present"),
            name=op.f("ck_identity_checks_document"),
        ),
        sa.ForeignKeyConstraint(
            ["handover_id"], ["handovers.id"], name=op.f("fk_identity_checks_handover_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id", "username"],
            ["people.id", "people.username"],
            name=op.f("fk_identity_checks_person_id_username"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_checks")),
        info={"kind": "record"},
    )
    op.create_index(
        op.f("ix_identity_checks_handover_id"), "identity_checks", ["handover_id"], unique=False
    )


def spare_codes() -> None:
    op.create_table(
        "spare_codes",
        sa.Column("factor_id", sa.Integer(), nullable=False),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.Column("digests", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("username", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["factor_id"], ["second_factors.id"], name=op.f("fk_spare_codes_factor_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id", "username"],
            ["people.id", "people.username"],
            name=op.f("fk_spare_codes_person_id_username"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spare_codes")),
        info={"kind": "record"},
    )
    op.create_index(op.f("ix_spare_codes_factor_id"), "spare_codes", ["factor_id"], unique=False)


def spare_code_uses() -> None:
    op.create_table(
        "spare_code_uses",
        sa.Column("codes_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("username", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["codes_id"], ["spare_codes.id"], name=op.f("fk_spare_code_uses_codes_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id", "username"],
            ["people.id", "people.username"],
            name=op.f("fk_spare_code_uses_person_id_username"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spare_code_uses")),
        sa.UniqueConstraint("codes_id", "place", name=op.f("uq_spare_code_uses_codes_id_place")),
        info={"kind": "record"},
    )
