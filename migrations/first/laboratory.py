"""The tables of the chapter laboratory, as the first schema has them."""

import sqlalchemy as sa
from alembic import op

from migrations import checks

# record table: the groups of columns of which no value may come twice
RECORDS = {
    "phase_twos": [["id"]],
    "specification_changes": [["id"]],
    "phase_ones": [["id"]],
    "sample_explanations": [["id"]],
    "sample_receipts": [["id"], ["container_id"]],
    "phase_one_checks": [["id"]],
    "receipt_corrections": [["id"]],
    "results": [["id"]],
    "test_beginnings": [["id"], ["container_id", "test", "plan_id"]],
    "beginning_corrections": [["id"]],
}


def phase_twos() -> None:
    op.create_table(
        "phase_twos",
        sa.Column("deviation_id", sa.Integer(), nullable=False),
        sa.Column("manufacture", sa.Text(), nullable=False),
        sa.Column("others", sa.Text(), nullable=False),
        sa.Column("conclusion", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("username", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["deviation_id"], ["deviations.id"], name=op.f("fk_phase_twos_deviation_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id", "username"],
            ["people.id", "people.username"],
            name=op.f("fk_phase_twos_person_id_username"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phase_twos")),
        info={"kind": "record"},
    )
    op.create_index(
        op.f("ix_phase_twos_deviation_id"), "phase_twos", ["deviation_id"], unique=False
    )


def specification_changes() -> None:
    op.create_table(
        "specification_changes",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("specification_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("username", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batches.id"], name=op.f("fk_specification_changes_batch_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id", "username"],
            ["people.id", "people.username"],
            name=op.f("fk_specification_changes_person_id_username"),
        ),
        sa.ForeignKeyConstraint(
            ["specification_id"],
            ["documents.id"],
            name=op.f("fk_specification_changes_specification_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_specification_changes")),
        info={"kind": "record"},
    )
    op.create_index(
        op.f("ix_specification_changes_batch_id"),
        "specification_changes",
        ["batch_id"],
        unique=False,
    )


def phase_ones() -> None:
    op.create_table(
        "phase_ones",
        sa.Column("deviation_id", sa.Integer(), nullable=False),
        sa.Column("found", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("retests", sa.Integer(), nullable=True),
        sa.Column("container_id", sa.Integer(), nullable=True),
        sa.Column("reported", sa.Text(), nullable=True),
        sa.Column("excluded", sa.Text(), nullable=False),
        sa.Column("amends_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("username", sa.Text(), nullable=False),
        sa.CheckConstraint(
            checks.any_of("found", "none,laboratory,test system,mistyped"),
            name=op.f("ck_phase_ones_found"),
        ),
        sa.CheckConstraint(
            checks.any_of("reported", "worse,mean,each"), name=op.f("ck_phase_ones_reported")
        ),
        sa.ForeignKeyConstraint(
            ["amends_id"], ["phase_ones.id"], name=op.f("fk_phase_ones_amends_id")
        ),
        sa.ForeignKeyConstraint(
            ["container_id"], ["containers.id"], name=op.f("fk_phase_ones_container_id")
        ),
        sa.ForeignKeyConstraint(
            ["deviation_id"], ["deviations.id"], name=op.f("fk_phase_ones_deviation_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id", "username"],
            ["people.id", "people.username"],
            name=op.f("fk_phase_ones_person_id_username"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phase_ones")),
        info={"kind": "record"},
    )
    op.create_index(
        op.f("ix_phase_ones_container_id"), "phase_ones", ["container_id"], unique=False
    )
    op.create_index(
        op.f("ix_phase_ones_deviation_id"), "phase_ones", ["deviation_id"], unique=False
    )


def sample_explanations() -> None:
    op.create_table(
        "sample_explanations",
        sa.Column("container_id", sa.Integer(), nullable=False),
        sa.Column("test", sa.Text(), nullable=False),
        sa.Column("untested", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("username", sa.Text(), nullable=False),
        sa.CheckConstraint(
            checks.any_of("untested", "lost,not needed,follows"),
            name=op.f("ck_sample_explanations_untested"),
        ),
        sa.ForeignKeyConstraint(
            ["container_id"], ["containers.id"], name=op.f("fk_sample_explanations_container_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id", "username"],
            ["people.id", "people.username"],
            name=op.f("fk_sample_explanations_person_id_username"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_explanations")),
        info={"kind": "record"},
    )
    op.create_index(
        op.f("ix_sample_explanations_container_id"),
        "sample_explanations",
        ["container_id"],
        unique=False,
    )


def sample_receipts() -> None:
    op.create_table(
        "sample_receipts",
        sa.Column("container_id", sa.Integer(), nullable=False),
        sa.Column("condition", sa.Text(), nullable=False),
        sa.Column("storage", sa.Text(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
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


def phase_one_checks() -> None:
    op.create_table(
        "phase_one_checks",
        sa.Column("phase_one_id", sa.Integer(), nullable=False),
        sa.Column("looked_at", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.CheckConstraint(
            checks.any_of("answer", "in order,not in order,not applicable"),
            name=op.f("ck_phase_one_checks_answer"),
        ),
        sa.CheckConstraint(
            checks.any_of(
                "looked_at", "sample,method,instrument,reagents,controls,calculation,analyst"
            ),
            name=op.f("ck_phase_one_checks_looked_at"),
        ),
        sa.ForeignKeyConstraint(
            ["phase_one_id"], ["phase_ones.id"], name=op.f("fk_phase_one_checks_phase_one_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phase_one_checks")),
        info={"kind": "record"},
    )
    op.create_index(
        op.f("ix_phase_one_checks_phase_one_id"), "phase_one_checks", ["phase_one_id"], unique=False
    )


def receipt_corrections() -> None:
    op.create_table(
        "receipt_corrections",
        sa.Column("receipt_id", sa.Integer(), nullable=False),
        sa.Column("condition", sa.Text(), nullable=False),
        sa.Column("storage", sa.Text(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("username", sa.Text(), nullable=False),
        sa.CheckConstraint(
            checks.any_of("condition", "intact,damaged,unfit"),
            name=op.f("ck_receipt_corrections_condition"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id", "username"],
            ["people.id", "people.username"],
            name=op.f("fk_receipt_corrections_person_id_username"),
        ),
        sa.ForeignKeyConstraint(
            ["receipt_id"], ["sample_receipts.id"], name=op.f("fk_receipt_corrections_receipt_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt_corrections")),
        info={"kind": "record"},
    )
    op.create_index(
        op.f("ix_receipt_corrections_receipt_id"),
        "receipt_corrections",
        ["receipt_id"],
        unique=False,
    )


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
        sa.Column("plan_id", sa.Integer(), nullable=True),
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
                "cells/g,vials,cells/vial,mL/vial,vessels,cells/vessel,cm2/vessel,mL/vessel,"
                "EU,EU/mL,EU/L,EU/kg,EU/kg/h,IU,IU/mL,CFU,CFU/mL,CFU/L,CFU/m3,U,U/mL,U/mg,"
                "CDU,CDU/mL,CDU/g,CDU/mg,WU,WU/mL,WU/g,WU/mg,PZU,PZU/mL,PZU/g,PZU/mg,mL/g,"
                "copies,copies/mL,particles/m3",
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
        sa.ForeignKeyConstraint(["plan_id"], ["phase_ones.id"], name=op.f("fk_results_plan_id")),
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
    op.create_index(op.f("ix_results_plan_id"), "results", ["plan_id"], unique=False)
    op.create_index(op.f("ix_results_scope"), "results", ["scope"], unique=False)
    op.create_index(op.f("ix_results_scope_id"), "results", ["scope_id"], unique=False)
    op.create_index("results_by_container", "results", ["container_id"], unique=False)
    op.create_index("results_by_scope", "results", ["scope", "test"], unique=False)


def test_beginnings() -> None:
    op.create_table(
        "test_beginnings",
        sa.Column("container_id", sa.Integer(), nullable=False),
        sa.Column("test", sa.Text(), nullable=False),
        sa.Column("began_at", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=True),
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
        sa.ForeignKeyConstraint(
            ["plan_id"], ["phase_ones.id"], name=op.f("fk_test_beginnings_plan_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_test_beginnings")),
        sa.UniqueConstraint(
            "container_id",
            "test",
            "plan_id",
            name=op.f("uq_test_beginnings_container_id_test_plan_id"),
        ),
        info={"kind": "record"},
    )
    op.create_index(
        op.f("ix_test_beginnings_plan_id"), "test_beginnings", ["plan_id"], unique=False
    )


def beginning_corrections() -> None:
    op.create_table(
        "beginning_corrections",
        sa.Column("beginning_id", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("username", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["beginning_id"],
            ["test_beginnings.id"],
            name=op.f("fk_beginning_corrections_beginning_id"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id", "username"],
            ["people.id", "people.username"],
            name=op.f("fk_beginning_corrections_person_id_username"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_beginning_corrections")),
        info={"kind": "record"},
    )
    op.create_index(
        op.f("ix_beginning_corrections_beginning_id"),
        "beginning_corrections",
        ["beginning_id"],
        unique=False,
    )
