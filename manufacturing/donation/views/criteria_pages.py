"""The pages of donor criteria."""

from __future__ import annotations

from documents.views.chapter import Chapter
from manufacturing.donation.criteria_register import HANDLING
from people.permissions import Permission

CHAPTER = Chapter(
    handling=HANDLING,
    path="documents/donor-criteria",
    title="Donor criteria",
    over="Donation",
    lead="A donor's answers, a cord's receipt and a determination rest on the version in force "
    "when they are recorded, and keep it.",
    empty="No donor criteria yet. QA imports them as a draft and signs; another person of QA "
    "approves them before a donor can be registered.",
    template="manufacturing/donation/criteria.html",
    drafts=Permission.DRAFT_CRITERIA,
    approves=Permission.APPROVE_CRITERIA,
    ends=Permission.APPROVE_CRITERIA,
    effective="Donors and cords are judged by this version now.",
    superseded="A newer version holds. What was judged by this one keeps it.",
)
