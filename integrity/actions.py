"""What the events of this chapter say was done."""

from __future__ import annotations

import enum

from integrity.vocabulary import ACTIONS


@ACTIONS.add
class IntegrityAction(enum.StrEnum):
    REFUSED = "refused"
    CLOCK_JUMPED = "clock.jumped"
    CLOCK_WENT_BACK = "clock.went_back"
    CLOCK_ACKNOWLEDGED = "clock.acknowledged"
    CLOCK_JUDGED = "clock.judged"
    SITE_CHANGED = "site.changed"
    SITE_RESTORED = "site.restored"
    SITE_RESTORE_LOST = "site.restore_lost"
    SITE_RESTORE_JUDGED = "site.restore_judged"
    SITE_REBUILT = "site.rebuilt"
    SITE_ANCHORED = "site.anchored"
    SITE_HEAD_MISSING = "site.head_missing"
    DEVIATION_OPENED = "deviation.opened"
    FILE_ATTACHED = "file.attached"
