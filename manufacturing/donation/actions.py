"""What the events of this chapter say was done."""

from __future__ import annotations

import enum

from integrity.vocabulary import ACTIONS


@ACTIONS.add
class DonationAction(enum.StrEnum):
    DONOR_REGISTERED = "donor.registered"
    DONOR_CORRECTED = "donor.corrected"
    DONOR_CONSENT_CHANGED = "donor.consent_changed"
    DONOR_CONSENT_STRUCK = "donor.consent_struck"
    DONOR_TESTED = "donor.tested"
    DONOR_TEST_CORRECTED = "donor.test_corrected"
    DONOR_DETERMINED = "donor.determined"
    CORD_RECEIVED = "cord.received"
    CORD_PROCESSING_STARTED = "cord.processing_started"
    CORD_PROCESSING_CORRECTED = "cord.processing_corrected"
    CORD_CORRECTED = "cord.corrected"
    CORD_ACCEPTED = "cord.accepted"
    CORD_REJECTED = "cord.rejected"
