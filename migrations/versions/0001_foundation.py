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
    subjects,
)

revision = "0001"
down_revision = None

TABLES = (
    people.attempts,
    integrity.events,
    labels.issued_codes,
    integrity.outbox,
    subjects.subjects,
    people.people,
    subjects.states,
    people.accesses,
    integrity.attachments,
    people.closings,
    people.declarations,
    subjects.deviations,
    donation.donors,
    people.drafts,
    stores.equipment,
    integrity.files,
    people.grant_proposals,
    people.grants,
    people.handovers,
    stores.holds,
    people.known_devices,
    subjects.moves,
    integrity.observations,
    people.second_factors,
    people.sessions,
    people.setting_changes,
    integrity.settings,
    integrity.sites,
    people.used_codes,
    stores.calibrations,
    deviations.corrective_actions,
    people.credentials,
    deviations.deviation_assessments,
    deviations.deviation_judgements,
    documents.documents,
    stores.equipment_corrections,
    people.identity_checks,
    integrity.observation_verdicts,
    laboratory.phase_twos,
    subjects.signatures,
    people.spare_codes,
    donation.cords,
    donation.determinations,
    documents.document_dates,
    donation.donor_answers,
    donation.donor_consents,
    donation.donor_tests,
    labels.label_prints,
    stores.lots,
    people.spare_code_uses,
    execution.batches,
    donation.cord_corrections,
    stores.lot_corrections,
    donation.processing_starts,
    release.certificates,
    execution.entries,
    release.reviews,
    execution.sign_offs,
    laboratory.specification_changes,
    release.certificate_files,
    stores.containers,
    stores.equipment_uses,
    stores.lot_uses,
    execution.sign_off_entries,
    stores.container_expiries,
    stores.container_fates,
    stores.container_parents,
    laboratory.phase_ones,
    laboratory.sample_explanations,
    laboratory.sample_receipts,
    stores.sample_tests,
    laboratory.phase_one_checks,
    laboratory.receipt_corrections,
    laboratory.results,
    laboratory.test_beginnings,
    laboratory.beginning_corrections,
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
            **subjects.RECORDS,
        }
    )
