"""Words of this chapter: what kinds of things are found."""

from __future__ import annotations

from integrity.catalogue import Message


class FoundGroup(Message):
    BATCHES = "found-batches"
    CORDS = "found-cords"
    DONORS = "found-donors"
    CONTAINERS = "found-containers"
    SAMPLES = "found-samples"
    LOTS = "found-lots"
    EQUIPMENT = "found-equipment"
    DEVIATIONS = "found-deviations"
    CERTIFICATES = "found-certificates"
    DOCUMENTS = "found-documents"
    PEOPLE = "found-people"
