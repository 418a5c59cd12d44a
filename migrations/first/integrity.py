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
    op.create_index("signatures_by_subject", "signatures", ["subject_id"], unique=False)
