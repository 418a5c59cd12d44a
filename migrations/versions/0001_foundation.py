"""The first schema: every table, and the guards that keep records.

Each chapter's tables are in a module of `migrations/first/`; they are made in the order in which
they refer to one another.
"""

from migrations import guards
from migrations.first import (
    deviations,
    documents,
    donation,
    execution,
    integrity,
    labels,
    laboratory,
    people,
    release,
    stores,
)

revision = "0001"
down_revision = None

TABLES = (
    people.attempts,
    integrity.events,
    integrity.files,
    labels.issued_codes,
    integrity.outbox,
    integrity.settings,
    integrity.subjects,
    integrity.deviations,
    documents.documents,
    donation.donors,
    stores.equipment,
    integrity.moves,
    people.people,
    integrity.sites,
    integrity.states,
    stores.calibrations,
    donation.cords,
    people.credentials,
    donation.determinations,
    deviations.deviation_assessments,
    deviations.deviation_judgements,
    documents.document_dates,
    donation.donor_answers,
    donation.donor_consents,
    donation.donor_tests,
    people.drafts,
    people.grants,
    labels.label_prints,
    stores.lots,
    people.sessions,
    integrity.signatures,
    execution.batches,
    donation.processing_starts,
    release.certificates,
    execution.entries,
    release.reviews,
    execution.sign_offs,
    stores.containers,
    stores.equipment_uses,
    stores.lot_uses,
    execution.sign_off_entries,
    stores.container_parents,
    laboratory.results,
    laboratory.sample_receipts,
    stores.sample_tests,
    laboratory.test_beginnings,
)


def upgrade() -> None:
    for make in TABLES:
        make()
    guards.make(
        {
            **deviations.RECORDS,
            **documents.RECORDS,
            **donation.RECORDS,
            **execution.RECORDS,
            **integrity.RECORDS,
            **labels.RECORDS,
            **laboratory.RECORDS,
            **people.RECORDS,
            **release.RECORDS,
            **stores.RECORDS,
        }
    )
