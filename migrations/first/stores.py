"""The tables of the chapter stores, as the first schema has them."""

import sqlalchemy as sa
from alembic import op

from migrations import checks

# record table: the groups of columns of which no value may come twice
RECORDS = {
    "equipment": [["id"], ["code"]],
    "holds": [["id"]],
    "calibrations": [["id"]],
    "equipment_corrections": [["id"]],
    "lots": [["id"], ["code"]],
    "lot_corrections": [["id"]],
    "containers": [["id"], ["code"]],
    "equipment_uses": [["id"]],
    "lot_uses": [["id"]],
    "container_expiries": [["id"]],
    "container_fates": [["id"]],
    "container_parents": [["id"], ["child_id", "parent_id"]],
    "sample_tests": [["id"], ["container_id", "test"]],
}


def equipment() -> None:
    op.create_table(
        "equipment",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("serial", sa.Text(), nullable=False),
        sa.Column("room", sa.Text(), nullable=False),
        sa.Column("registered_at", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("username", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["subjects.id"], name=op.f("fk_equipment_id")),
        sa.ForeignKeyConstraint(
            ["person_id", "username"],
            ["people.id", "people.username"],
            name=op.f("fk_equipment_person_id_username"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_equipment")),
        sa.UniqueConstraint("code", name=op.f("uq_equipment_code")),
        info={"kind": "record"},
    )
    op.create_index(op.f("ix_equipment_kind"), "equipment", ["kind"], unique=False)


def holds() -> None:
    op.create_table(
        "holds",
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("deviation_id", sa.Integer(), nullable=True),
        sa.Column("deviation", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("username", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["deviation_id", "deviation"],
            ["subjects.id", "subjects.code"],
            name=op.f("fk_holds_deviation_id_deviation"),
        ),
        sa.ForeignKeyConstraint(["id"], ["subjects.id"], name=op.f("fk_holds_id")),
        sa.ForeignKeyConstraint(
            ["person_id", "username"],
            ["people.id", "people.username"],
            name=op.f("fk_holds_person_id_username"),
        ),
        sa.ForeignKeyConstraint(
            ["scope_id", "scope"],
            ["subjects.id", "subjects.code"],
            name=op.f("fk_holds_scope_id_scope"),
        ),
        sa.ForeignKeyConstraint(
            ["subject_id", "code"],
            ["subjects.id", "subjects.code"],
            name=op.f("fk_holds_subject_id_code"),
        ),
        sa.ForeignKeyConstraint(
            ["subject_id", "subject_kind"],
            ["subjects.id", "subjects.kind"],
            name=op.f("fk_holds_subject_id_subject_kind"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holds")),
        info={"kind": "record"},
    )
    op.create_index("holds_by_subject", "holds", ["subject_id"], unique=False)
    op.create_index(op.f("ix_holds_deviation_id"), "holds", ["deviation_id"], unique=False)
    op.create_index(op.f("ix_holds_scope"), "holds", ["scope"], unique=False)
    op.create_index(op.f("ix_holds_scope_id"), "holds", ["scope_id"], unique=False)


def calibrations() -> None:
    op.create_table(
        "calibrations",
        sa.Column("equipment_id", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.Text(), nullable=False),
        sa.Column("due_at", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("as_found", sa.Text(), nullable=False),
        sa.Column("corrects_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("username", sa.Text(), nullable=False),
        sa.CheckConstraint(
            checks.any_of("as_found", "in_tolerance,out_of_tolerance"),
            name=op.f("ck_calibrations_as_found"),
        ),
        sa.ForeignKeyConstraint(
            ["corrects_id"], ["calibrations.id"], name=op.f("fk_calibrations_corrects_id")
        ),
        sa.ForeignKeyConstraint(
            ["equipment_id"], ["equipment.id"], name=op.f("fk_calibrations_equipment_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id", "username"],
            ["people.id", "people.username"],
            name=op.f("fk_calibrations_person_id_username"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibrations")),
        info={"kind": "record"},
    )
    op.create_index(
        op.f("ix_calibrations_corrects_id"), "calibrations", ["corrects_id"], unique=False
    )
    op.create_index(
        op.f("ix_calibrations_equipment_id"), "calibrations", ["equipment_id"], unique=False
    )


def equipment_corrections() -> None:
    op.create_table(
        "equipment_corrections",
        sa.Column("equipment_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("serial", sa.Text(), nullable=False),
        sa.Column("room", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("username", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["equipment_id"], ["equipment.id"], name=op.f("fk_equipment_corrections_equipment_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id", "username"],
            ["people.id", "people.username"],
            name=op.f("fk_equipment_corrections_person_id_username"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_equipment_corrections")),
        info={"kind": "record"},
    )
    op.create_index(
        op.f("ix_equipment_corrections_equipment_id"),
        "equipment_corrections",
        ["equipment_id"],
        unique=False,
    )


def lots() -> None:
    op.create_table(
        "lots",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("material", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("supplier", sa.Text(), nullable=False),
        sa.Column("supplier_lot", sa.Text(), nullable=False),
        sa.Column("manufacturer", sa.Text(), nullable=False),
        sa.Column("certificate", sa.Text(), nullable=False),
        sa.Column("donor_pool", sa.Text(), nullable=False),
        sa.Column("quantity_text", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.Text(), nullable=False),
        sa.Column("materials_id", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
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
            name=op.f("ck_lots_unit"),
        ),
        sa.ForeignKeyConstraint(["id"], ["subjects.id"], name=op.f("fk_lots_id")),
        sa.ForeignKeyConstraint(
            ["materials_id"], ["documents.id"], name=op.f("fk_lots_materials_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id", "username"],
            ["people.id", "people.username"],
            name=op.f("fk_lots_person_id_username"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lots")),
        sa.UniqueConstraint("code", name=op.f("uq_lots_code")),
        info={"kind": "record"},
    )
    op.create_index(op.f("ix_lots_material"), "lots", ["material"], unique=False)
    op.create_index(op.f("ix_lots_received_at"), "lots", ["received_at"], unique=False)
    op.create_index(op.f("ix_lots_supplier_lot"), "lots", ["supplier_lot"], unique=False)
    op.create_index("lots_by_expiry", "lots", ["expires_at"], unique=False)


def lot_corrections() -> None:
    op.create_table(
        "lot_corrections",
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("supplier", sa.Text(), nullable=False),
        sa.Column("supplier_lot", sa.Text(), nullable=False),
        sa.Column("manufacturer", sa.Text(), nullable=False),
        sa.Column("certificate", sa.Text(), nullable=False),
        sa.Column("donor_pool", sa.Text(), nullable=False),
        sa.Column("quantity_text", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
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
            name=op.f("ck_lot_corrections_unit"),
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name=op.f("fk_lot_corrections_lot_id")),
        sa.ForeignKeyConstraint(
            ["person_id", "username"],
            ["people.id", "people.username"],
            name=op.f("fk_lot_corrections_person_id_username"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot_corrections")),
        info={"kind": "record"},
    )
    op.create_index(op.f("ix_lot_corrections_lot_id"), "lot_corrections", ["lot_id"], unique=False)
    op.create_index("lot_corrections_by_expiry", "lot_corrections", ["expires_at"], unique=False)


def containers() -> None:
    op.create_table(
        "containers",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("made_at", sa.Text(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.Column("field", sa.Text(), nullable=True),
        sa.Column("area_text", sa.Text(), nullable=True),
        sa.Column("area_unit", sa.Text(), nullable=True),
        sa.Column("sample_kind", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(area_text IS NULL) = (area_unit IS NULL)", name=op.f("ck_containers_area")
        ),
        sa.CheckConstraint(
            "(entry_id IS NULL) = (field IS NULL)", name=op.f("ck_containers_made_by")
        ),
        sa.CheckConstraint(
            checks.any_of(
                "area_unit",
                "1,%,mL,L,uL,kg,g,mg,ug,ng,cm,m,mm,um,cm2,m2,mm2,m3,h,min,s,d,wk,degC,"
                "degC/min,pH,mOsm/kg,mmol/L,Pa,xg,rpm,1/mL,1/L,1/h,1/d,1/kg,1/cm2,mg/mL,g/L,"
                "ug/mL,mL/cm2,mL/min,cells,cells/mL,cells/L,cells/uL,cells/cm2,cells/kg,"
                "cells/g,vials,cells/vial,mL/vial,vessels,cells/vessel,cm2/vessel,mL/vessel,"
                "EU,EU/mL,EU/L,EU/kg,EU/kg/h,IU,IU/mL,CFU,CFU/mL,CFU/L,CFU/m3,U,U/mL,U/mg,"
                "CDU,CDU/mL,CDU/g,CDU/mg,WU,WU/mL,WU/g,WU/mg,PZU,PZU/mL,PZU/g,PZU/mg,mL/g,"
                "copies,copies/mL,particles/m3",
            ),
            name=op.f("ck_containers_area_unit"),
        ),
        sa.CheckConstraint(
            checks.any_of("kind", "jar,tissue,flask,vial,final,sample"),
            name=op.f("ck_containers_kind"),
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_containers_entry_id")),
        sa.ForeignKeyConstraint(["id"], ["subjects.id"], name=op.f("fk_containers_id")),
        sa.ForeignKeyConstraint(
            ["scope_id", "scope"],
            ["subjects.id", "subjects.code"],
            name=op.f("fk_containers_scope_id_scope"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_containers")),
        sa.UniqueConstraint("code", name=op.f("uq_containers_code")),
        info={"kind": "record"},
    )
    op.create_index("containers_by_entry", "containers", ["entry_id", "field"], unique=False)
    op.create_index(op.f("ix_containers_made_at"), "containers", ["made_at"], unique=False)
    op.create_index(op.f("ix_containers_scope"), "containers", ["scope"], unique=False)
    op.create_index(op.f("ix_containers_scope_id"), "containers", ["scope_id"], unique=False)


def equipment_uses() -> None:
    op.create_table(
        "equipment_uses",
        sa.Column("equipment_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.Column("field", sa.Text(), nullable=True),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("username", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(entry_id IS NULL) = (field IS NULL)", name=op.f("ck_equipment_uses_named_by")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entries.id"], name=op.f("fk_equipment_uses_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["equipment_id"], ["equipment.id"], name=op.f("fk_equipment_uses_equipment_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id", "username"],
            ["people.id", "people.username"],
            name=op.f("fk_equipment_uses_person_id_username"),
        ),
        sa.ForeignKeyConstraint(
            ["scope_id", "scope"],
            ["subjects.id", "subjects.code"],
            name=op.f("fk_equipment_uses_scope_id_scope"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_equipment_uses")),
        info={"kind": "record"},
    )
    op.create_index(
        op.f("ix_equipment_uses_entry_id"), "equipment_uses", ["entry_id"], unique=False
    )
    op.create_index(
        op.f("ix_equipment_uses_equipment_id"), "equipment_uses", ["equipment_id"], unique=False
    )
    op.create_index(op.f("ix_equipment_uses_scope"), "equipment_uses", ["scope"], unique=False)
    op.create_index(
        op.f("ix_equipment_uses_scope_id"), "equipment_uses", ["scope_id"], unique=False
    )


def labels_put_away() -> None:
    op.create_table(
        "labels_put_away",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entries.id"], name=op.f("fk_labels_put_away_entry_id")
        ),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_labels_put_away")),
        info={"kind": "working"},
    )


def lot_uses() -> None:
    op.create_table(
        "lot_uses",
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.Column("field", sa.Text(), nullable=True),
        sa.Column("quantity_text", sa.Text(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("username", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(entry_id IS NULL) = (field IS NULL)", name=op.f("ck_lot_uses_named_by")
        ),
        sa.CheckConstraint(
            "(quantity_text IS NULL) = (unit IS NULL)", name=op.f("ck_lot_uses_amount")
        ),
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
            name=op.f("ck_lot_uses_unit"),
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_lot_uses_entry_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name=op.f("fk_lot_uses_lot_id")),
        sa.ForeignKeyConstraint(
            ["person_id", "username"],
            ["people.id", "people.username"],
            name=op.f("fk_lot_uses_person_id_username"),
        ),
        sa.ForeignKeyConstraint(
            ["scope_id", "scope"],
            ["subjects.id", "subjects.code"],
            name=op.f("fk_lot_uses_scope_id_scope"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot_uses")),
        info={"kind": "record"},
    )
    op.create_index(op.f("ix_lot_uses_entry_id"), "lot_uses", ["entry_id"], unique=False)
    op.create_index(op.f("ix_lot_uses_lot_id"), "lot_uses", ["lot_id"], unique=False)
    op.create_index(op.f("ix_lot_uses_scope"), "lot_uses", ["scope"], unique=False)
    op.create_index(op.f("ix_lot_uses_scope_id"), "lot_uses", ["scope_id"], unique=False)


def container_expiries() -> None:
    op.create_table(
        "container_expiries",
        sa.Column("container_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["container_id"], ["containers.id"], name=op.f("fk_container_expiries_container_id")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entries.id"], name=op.f("fk_container_expiries_entry_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_container_expiries")),
        info={"kind": "record"},
    )
    op.create_index(
        "container_expiries_by_container",
        "container_expiries",
        ["container_id", "id"],
        unique=False,
    )
    op.create_index(
        "container_expiries_by_moment", "container_expiries", ["expires_at"], unique=False
    )
    op.create_index(
        op.f("ix_container_expiries_entry_id"), "container_expiries", ["entry_id"], unique=False
    )


def container_fates() -> None:
    op.create_table(
        "container_fates",
        sa.Column("container_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("fate", sa.Text(), nullable=False),
        sa.Column("done_at", sa.Text(), nullable=False),
        sa.Column("consignee", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("condition", sa.Text(), nullable=True),
        sa.Column("corrects_id", sa.Integer(), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("username", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "fate != 'issued' OR consignee IS NOT NULL", name=op.f("ck_container_fates_consignee")
        ),
        sa.CheckConstraint(
            "fate != 'returned' OR condition IS NOT NULL", name=op.f("ck_container_fates_came_back")
        ),
        sa.CheckConstraint(
            "fate = 'issued' OR reason IS NOT NULL", name=op.f("ck_container_fates_why")
        ),
        sa.CheckConstraint(
            "corrects_id IS NULL OR why IS NOT NULL", name=op.f("ck_container_fates_put_right")
        ),
        sa.CheckConstraint(
            checks.any_of("condition", "unopened,opened,damaged"),
            name=op.f("ck_container_fates_condition"),
        ),
        sa.CheckConstraint(
            checks.any_of("fate", "issued,returned,used,destroyed"),
            name=op.f("ck_container_fates_fate"),
        ),
        sa.ForeignKeyConstraint(
            ["container_id", "code"],
            ["subjects.id", "subjects.code"],
            name=op.f("fk_container_fates_container_id_code"),
        ),
        sa.ForeignKeyConstraint(
            ["container_id"], ["containers.id"], name=op.f("fk_container_fates_container_id")
        ),
        sa.ForeignKeyConstraint(
            ["corrects_id"], ["container_fates.id"], name=op.f("fk_container_fates_corrects_id")
        ),
        sa.ForeignKeyConstraint(["id"], ["subjects.id"], name=op.f("fk_container_fates_id")),
        sa.ForeignKeyConstraint(
            ["person_id", "username"],
            ["people.id", "people.username"],
            name=op.f("fk_container_fates_person_id_username"),
        ),
        sa.ForeignKeyConstraint(
            ["scope_id", "scope"],
            ["subjects.id", "subjects.code"],
            name=op.f("fk_container_fates_scope_id_scope"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_container_fates")),
        info={"kind": "record"},
    )
    op.create_index(
        "container_fates_by_container", "container_fates", ["container_id"], unique=False
    )
    op.create_index(
        op.f("ix_container_fates_corrects_id"), "container_fates", ["corrects_id"], unique=False
    )
    op.create_index(op.f("ix_container_fates_scope"), "container_fates", ["scope"], unique=False)
    op.create_index(
        op.f("ix_container_fates_scope_id"), "container_fates", ["scope_id"], unique=False
    )


def container_parents() -> None:
    op.create_table(
        "container_parents",
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.Column("quantity_text", sa.Text(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.CheckConstraint(
            "(quantity_text IS NULL) = (unit IS NULL)", name=op.f("ck_container_parents_taken")
        ),
        sa.CheckConstraint("parent_id < child_id", name=op.f("ck_container_parents_come_first")),
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
            name=op.f("ck_container_parents_unit"),
        ),
        sa.ForeignKeyConstraint(
            ["child_id"], ["containers.id"], name=op.f("fk_container_parents_child_id")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entries.id"], name=op.f("fk_container_parents_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["containers.id"], name=op.f("fk_container_parents_parent_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_container_parents")),
        sa.UniqueConstraint(
            "child_id", "parent_id", name=op.f("uq_container_parents_child_id_parent_id")
        ),
        info={"kind": "record"},
    )
    op.create_index(
        op.f("ix_container_parents_entry_id"), "container_parents", ["entry_id"], unique=False
    )
    op.create_index(
        op.f("ix_container_parents_parent_id"), "container_parents", ["parent_id"], unique=False
    )


def sample_tests() -> None:
    op.create_table(
        "sample_tests",
        sa.Column("container_id", sa.Integer(), nullable=False),
        sa.Column("test", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["container_id"], ["containers.id"], name=op.f("fk_sample_tests_container_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_tests")),
        sa.UniqueConstraint("container_id", "test", name=op.f("uq_sample_tests_container_id_test")),
        info={"kind": "record"},
    )
