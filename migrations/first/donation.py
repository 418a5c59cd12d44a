"""The tables of the chapter donation, as the first schema has them."""

import sqlalchemy as sa
from alembic import op

from migrations import checks

# record table: the groups of columns of which no value may come twice
RECORDS = {
    "donors": [["id"], ["code"]],
    "cords": [["id"], ["code"], ["jar_code"]],
    "determinations": [["id"]],
    "donor_answers": [["id"]],
    "donor_consents": [["id"]],
    "donor_tests": [["id"]],
    "cord_corrections": [["id"]],
    "processing_starts": [["id"]],
}


def donors() -> None:
    op.create_table(
        "donors",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("registered_at", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("username", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["subjects.id"], name=op.f("fk_donors_id")),
        sa.ForeignKeyConstraint(
            ["person_id", "username"],
            ["people.id", "people.username"],
            name=op.f("fk_donors_person_id_username"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_donors")),
        sa.UniqueConstraint("code", name=op.f("uq_donors_code")),
        info={"kind": "record"},
    )
    op.create_index(op.f("ix_donors_registered_at"), "donors", ["registered_at"], unique=False)


def cords() -> None:
    op.create_table(
        "cords",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("jar_code", sa.Text(), nullable=False),
        sa.Column("donor_id", sa.Integer(), nullable=False),
        sa.Column("born_at", sa.Text(), nullable=False),
        sa.Column("collected_at", sa.Text(), nullable=False),
        sa.Column("received_at", sa.Text(), nullable=False),
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.Column("criteria_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("username", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["criteria_id"], ["documents.id"], name=op.f("fk_cords_criteria_id")
        ),
        sa.ForeignKeyConstraint(["donor_id"], ["donors.id"], name=op.f("fk_cords_donor_id")),
        sa.ForeignKeyConstraint(["id"], ["subjects.id"], name=op.f("fk_cords_id")),
        sa.ForeignKeyConstraint(
            ["person_id", "username"],
            ["people.id", "people.username"],
            name=op.f("fk_cords_person_id_username"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cords")),
        sa.UniqueConstraint("code", name=op.f("uq_cords_code")),
        sa.UniqueConstraint("jar_code", name=op.f("uq_cords_jar_code")),
        info={"kind": "record"},
    )
    op.create_index("cords_by_donor", "cords", ["donor_id"], unique=False)
    op.create_index(op.f("ix_cords_received_at"), "cords", ["received_at"], unique=False)


def determinations() -> None:
    op.create_table(
        "determinations",
        sa.Column("donor_id", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("criteria_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("username", sa.Text(), nullable=False),
        sa.CheckConstraint(
            checks.any_of("verdict", "eligible,ineligible"), name=op.f("ck_determinations_verdict")
        ),
        sa.ForeignKeyConstraint(
            ["criteria_id"], ["documents.id"], name=op.f("fk_determinations_criteria_id")
        ),
        sa.ForeignKeyConstraint(
            ["donor_id"], ["donors.id"], name=op.f("fk_determinations_donor_id")
        ),
        sa.ForeignKeyConstraint(["id"], ["subjects.id"], name=op.f("fk_determinations_id")),
        sa.ForeignKeyConstraint(
            ["person_id", "username"],
            ["people.id", "people.username"],
            name=op.f("fk_determinations_person_id_username"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_determinations")),
        info={"kind": "record"},
    )
    op.create_index(
        op.f("ix_determinations_donor_id"), "determinations", ["donor_id"], unique=False
    )


def donor_answers() -> None:
    op.create_table(
        "donor_answers",
        sa.Column("donor_id", sa.Integer(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.Column("criteria_id", sa.Integer(), nullable=False),
        sa.Column("corrects_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("username", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["corrects_id"], ["donor_answers.id"], name=op.f("fk_donor_answers_corrects_id")
        ),
        sa.ForeignKeyConstraint(
            ["criteria_id"], ["documents.id"], name=op.f("fk_donor_answers_criteria_id")
        ),
        sa.ForeignKeyConstraint(
            ["donor_id"], ["donors.id"], name=op.f("fk_donor_answers_donor_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id", "username"],
            ["people.id", "people.username"],
            name=op.f("fk_donor_answers_person_id_username"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_donor_answers")),
        info={"kind": "record"},
    )
    op.create_index(op.f("ix_donor_answers_donor_id"), "donor_answers", ["donor_id"], unique=False)


def donor_consents() -> None:
    op.create_table(
        "donor_consents",
        sa.Column("donor_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("form_version", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("covers", sa.Text(), nullable=False),
        sa.Column("criteria_id", sa.Integer(), nullable=False),
        sa.Column("strikes_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("username", sa.Text(), nullable=False),
        sa.CheckConstraint(
            checks.any_of("state", "given,withdrawn,struck"), name=op.f("ck_donor_consents_state")
        ),
        sa.ForeignKeyConstraint(
            ["criteria_id"], ["documents.id"], name=op.f("fk_donor_consents_criteria_id")
        ),
        sa.ForeignKeyConstraint(
            ["donor_id"], ["donors.id"], name=op.f("fk_donor_consents_donor_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id", "username"],
            ["people.id", "people.username"],
            name=op.f("fk_donor_consents_person_id_username"),
        ),
        sa.ForeignKeyConstraint(
            ["strikes_id"], ["donor_consents.id"], name=op.f("fk_donor_consents_strikes_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_donor_consents")),
        info={"kind": "record"},
    )
    op.create_index(
        op.f("ix_donor_consents_donor_id"), "donor_consents", ["donor_id"], unique=False
    )


def donor_tests() -> None:
    op.create_table(
        "donor_tests",
        sa.Column("donor_id", sa.Integer(), nullable=False),
        sa.Column("test", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("criteria_id", sa.Integer(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("sampled_at", sa.Text(), nullable=False),
        sa.Column("laboratory", sa.Text(), nullable=False),
        sa.Column("corrects_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("username", sa.Text(), nullable=False),
        sa.CheckConstraint(
            checks.any_of("result", "negative,reactive,indeterminate,not_done"),
            name=op.f("ck_donor_tests_result"),
        ),
        sa.ForeignKeyConstraint(
            ["corrects_id"], ["donor_tests.id"], name=op.f("fk_donor_tests_corrects_id")
        ),
        sa.ForeignKeyConstraint(
            ["criteria_id"], ["documents.id"], name=op.f("fk_donor_tests_criteria_id")
        ),
        sa.ForeignKeyConstraint(["donor_id"], ["donors.id"], name=op.f("fk_donor_tests_donor_id")),
        sa.ForeignKeyConstraint(
            ["person_id", "username"],
            ["people.id", "people.username"],
            name=op.f("fk_donor_tests_person_id_username"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_donor_tests")),
        info={"kind": "record"},
    )
    op.create_index(op.f("ix_donor_tests_donor_id"), "donor_tests", ["donor_id"], unique=False)


def cord_corrections() -> None:
    op.create_table(
        "cord_corrections",
        sa.Column("cord_id", sa.Integer(), nullable=False),
        sa.Column("donor_id", sa.Integer(), nullable=False),
        sa.Column("born_at", sa.Text(), nullable=False),
        sa.Column("collected_at", sa.Text(), nullable=False),
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("username", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cord_id"], ["cords.id"], name=op.f("fk_cord_corrections_cord_id")
        ),
        sa.ForeignKeyConstraint(
            ["donor_id"], ["donors.id"], name=op.f("fk_cord_corrections_donor_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id", "username"],
            ["people.id", "people.username"],
            name=op.f("fk_cord_corrections_person_id_username"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cord_corrections")),
        info={"kind": "record"},
    )
    op.create_index(
        op.f("ix_cord_corrections_cord_id"), "cord_corrections", ["cord_id"], unique=False
    )
    op.create_index(
        op.f("ix_cord_corrections_donor_id"), "cord_corrections", ["donor_id"], unique=False
    )


def processing_starts() -> None:
    op.create_table(
        "processing_starts",
        sa.Column("cord_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.Text(), nullable=False),
        sa.Column("longest", sa.Integer(), nullable=False),
        sa.Column("reject_after", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("username", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cord_id"], ["cords.id"], name=op.f("fk_processing_starts_cord_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id", "username"],
            ["people.id", "people.username"],
            name=op.f("fk_processing_starts_person_id_username"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_processing_starts")),
        info={"kind": "record"},
    )
    op.create_index(
        op.f("ix_processing_starts_cord_id"), "processing_starts", ["cord_id"], unique=False
    )
