"""The tables of the chapter stores, as the first schema has them."""

import sqlalchemy as sa
from alembic import op

# record table: the groups of columns of which no value may come twice
RECORDS = {
    "containers": [["id"], ["code"]],
    "equipment": [["id"], ["code"]],
    "calibrations": [["id"]],
    "equipment_uses": [["id"]],
    "lots": [["id"], ["code"]],
    "lot_uses": [["id"]],
}


def containers() -> None:
    op.create_table(
        "containers",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("made_at", sa.Text(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["subjects.id"], name=op.f("fk_containers_id")),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["containers.id"], name=op.f("fk_containers_parent_id")
        ),
        sa.ForeignKeyConstraint(
            ["scope_id", "scope"],
            ["subjects.id", "subjects.code"],
            name=op.f("fk_containers_scope_id_scope"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_containers")),
        sa.UniqueConstraint("code", name=op.f("uq_containers_code")),
        info={"kind": "record"},
    )
    op.create_index(op.f("ix_containers_parent_id"), "containers", ["parent_id"], unique=False)
    op.create_index(op.f("ix_containers_scope"), "containers", ["scope"], unique=False)


def equipment() -> None:
    op.create_table(
        "equipment",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("serial", sa.Text(), nullable=False),
        sa.Column("room", sa.Text(), nullable=False),
        sa.Column("registered_at", sa.Text(), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["id"], ["subjects.id"], name=op.f("fk_equipment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_equipment")),
        sa.UniqueConstraint("code", name=op.f("uq_equipment_code")),
        info={"kind": "record"},
    )
    op.create_index(op.f("ix_equipment_kind"), "equipment", ["kind"], unique=False)


def calibrations() -> None:
    op.create_table(
        "calibrations",
        sa.Column("equipment_id", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.Text(), nullable=False),
        sa.Column("due_at", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["equipment_id"], ["equipment.id"], name=op.f("fk_calibrations_equipment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibrations")),
        info={"kind": "record"},
    )
    op.create_index(
        op.f("ix_calibrations_equipment_id"), "calibrations", ["equipment_id"], unique=False
    )


def equipment_uses() -> None:
    op.create_table(
        "equipment_uses",
        sa.Column("equipment_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["equipment_id"], ["equipment.id"], name=op.f("fk_equipment_uses_equipment_id")
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
        op.f("ix_equipment_uses_equipment_id"), "equipment_uses", ["equipment_id"], unique=False
    )
    op.create_index(op.f("ix_equipment_uses_scope"), "equipment_uses", ["scope"], unique=False)


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
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["id"], ["subjects.id"], name=op.f("fk_lots_id")),
        sa.ForeignKeyConstraint(
            ["materials_id"], ["documents.id"], name=op.f("fk_lots_materials_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lots")),
        sa.UniqueConstraint("code", name=op.f("uq_lots_code")),
        info={"kind": "record"},
    )
    op.create_index(op.f("ix_lots_material"), "lots", ["material"], unique=False)
    op.create_index(op.f("ix_lots_supplier_lot"), "lots", ["supplier_lot"], unique=False)


def lot_uses() -> None:
    op.create_table(
        "lot_uses",
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name=op.f("fk_lot_uses_lot_id")),
        sa.ForeignKeyConstraint(
            ["scope_id", "scope"],
            ["subjects.id", "subjects.code"],
            name=op.f("fk_lot_uses_scope_id_scope"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot_uses")),
        info={"kind": "record"},
    )
    op.create_index(op.f("ix_lot_uses_lot_id"), "lot_uses", ["lot_id"], unique=False)
    op.create_index(op.f("ix_lot_uses_scope"), "lot_uses", ["scope"], unique=False)
