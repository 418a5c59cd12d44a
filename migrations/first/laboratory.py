"""The tables of the chapter laboratory, as the first schema has them."""

import sqlalchemy as sa
from alembic import op

from migrations import checks

# record table: the groups of columns of which no value may come twice
RECORDS = {
    "results": [["id"]],
    "sample_receipts": [["id"], ["container_id"]],
    "test_beginnings": [["id"], ["container_id", "test"]],
}


def results() -> None:
    op.create_table(
        "results",
        sa.Column("container_id", sa.Integer(), nullable=False),
        sa.Column("sample", sa.Text(), nullable=False),
        sa.Column("test", sa.Text(), nullable=False),
        sa.Column("specification_id", sa.Integer(), nullable=False),
        sa.Column("reading", sa.Integer(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("choice", sa.Text(), nullable=True),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("alert", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("tested_at", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("method_version", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.Column("recorded_at", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("corrects_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("username", sa.Text(), nullable=False),
        sa.CheckConstraint(
            checks.any_of(
                "unit",
                "1,%,mL,L,uL,kg,g,mg,ug,ng,cm,m,mm,um,cm2,m2,mm2,m3,h,min,s,d,wk,degC,"
                "degC/min,pH,mOsm/kg,mmol/L,Pa,xg,rpm,1/mL,1/L,1/h,1/d,1/kg,1/cm2,mg/mL,g/L,"
                "ug/mL,mL/cm2,mL/min,cells,cells/mL,cells/L,cells/uL,cells/cm2,cells/kg,"
                "vials,cells/vial,mL/vial,vessels,cells/vessel,cm2/vessel,mL/vessel,EU,EU/mL,"
                "EU/L,EU/kg,EU/kg/h,IU,IU/mL,CFU,CFU/mL,CFU/L,CFU/m3,U,U/mL,U/mg,copies,"
                "copies/mL,particles/m3",
            ),
            name=op.f("ck_results_unit"),
        ),
        sa.CheckConstraint(
            checks.any_of("verdict", "conforms,fails,inconclusive,reported,interim"),
            name=op.f("ck_results_verdict"),
        ),
        sa.ForeignKeyConstraint(
            ["container_id", "sample"],
            ["subjects.id", "subjects.code"],
            name=op.f("fk_results_container_id_sample"),
        ),
        sa.ForeignKeyConstraint(
            ["container_id"], ["containers.id"], name=op.f("fk_results_container_id")
        ),
        sa.ForeignKeyConstraint(
            ["corrects_id"], ["results.id"], name=op.f("fk_results_corrects_id")
        ),
        sa.ForeignKeyConstraint(["id"], ["subjects.id"], name=op.f("fk_results_id")),
        sa.ForeignKeyConstraint(
            ["person_id", "username"],
            ["people.id", "people.username"],
            name=op.f("fk_results_person_id_username"),
        ),
        sa.ForeignKeyConstraint(
            ["scope_id", "scope"],
            ["subjects.id", "subjects.code"],
            name=op.f("fk_results_scope_id_scope"),
        ),
        sa.ForeignKeyConstraint(
            ["specification_id"], ["documents.id"], name=op.f("fk_results_specification_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_results")),
        info={"kind": "record"},
    )
    op.create_index(op.f("ix_results_corrects_id"), "results", ["corrects_id"], unique=False)
    op.create_index(op.f("ix_results_scope"), "results", ["scope"], unique=False)
    op.create_index(op.f("ix_results_scope_id"), "results", ["scope_id"], unique=False)
    op.create_index("results_by_container", "results", ["container_id"], unique=False)
    op.create_index("results_by_scope", "results", ["scope", "test"], unique=False)


def sample_receipts() -> None:
    op.create_table(
        "sample_receipts",
        sa.Column("container_id", sa.Integer(), nullable=False),
        sa.Column("condition", sa.Text(), nullable=False),
        sa.Column("storage", sa.Text(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.Column("received_at", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("username", sa.Text(), nullable=False),
        sa.CheckConstraint(
            checks.any_of("condition", "intact,damaged,unfit"),
            name=op.f("ck_sample_receipts_condition"),
        ),
        sa.ForeignKeyConstraint(
            ["container_id"], ["containers.id"], name=op.f("fk_sample_receipts_container_id")
        ),
        sa.ForeignKeyConstraint(["id"], ["subjects.id"], name=op.f("fk_sample_receipts_id")),
        sa.ForeignKeyConstraint(
            ["person_id", "username"],
            ["people.id", "people.username"],
            name=op.f("fk_sample_receipts_person_id_username"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_receipts")),
        sa.UniqueConstraint("container_id", name=op.f("uq_sample_receipts_container_id")),
        info={"kind": "record"},
    )


def test_beginnings() -> None:
    op.create_table(
        "test_beginnings",
        sa.Column("container_id", sa.Integer(), nullable=False),
        sa.Column("test", sa.Text(), nullable=False),
        sa.Column("began_at", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("username", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["container_id"], ["containers.id"], name=op.f("fk_test_beginnings_container_id")
        ),
        sa.ForeignKeyConstraint(["id"], ["subjects.id"], name=op.f("fk_test_beginnings_id")),
        sa.ForeignKeyConstraint(
            ["person_id", "username"],
            ["people.id", "people.username"],
            name=op.f("fk_test_beginnings_person_id_username"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_test_beginnings")),
        sa.UniqueConstraint(
            "container_id", "test", name=op.f("uq_test_beginnings_container_id_test")
        ),
        info={"kind": "record"},
    )
