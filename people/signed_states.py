"""What of people and settings holds by signature alone (IAM-03, IAM-11, TIM-05)."""

from __future__ import annotations

from collections.abc import Iterator

from integrity.signatures import Meaning
from integrity.signed import Asked, Rows, Signed, check, declare, signed_rows
from integrity.site import TWO_SIGN
from people.accounts import Person
from people.grants import RIGHTS
from people.handovers import HANDOVER
from people.recoveries import RECOVERY
from people.rules.grants import Granted, RightsState, unconfirmed
from people.rules.handovers import HandoverState
from people.rules.recoveries import RecoveryState
from people.rules.setting_changes import SettingState
from people.setting_changes import SETTING, SettingChange

PEOPLE, CHANGES = Person.__tablename__, SettingChange.__tablename__
APPROVED, REJECTED = (Meaning.APPROVED,), (Meaning.REJECTED,)
PROPOSED = (SettingState.PROPOSED.value,)
_TWO = ", ".join(f"'{name.value}'" for name in TWO_SIGN)

_CONFIRMED = (
    "SELECT subject_id, at, person_id FROM signatures "
    f"WHERE subject_kind = '{PEOPLE}' AND meaning = 'approved' AND person_id IS NOT NULL"
)
_GRANTS = "SELECT id, holder_id, at, person_id, role, name, mail, badge FROM grants ORDER BY id"

declare(
    Signed(CHANGES, SETTING, SettingState.PROPOSED, (Meaning.AUTHORED,)),
    Signed(CHANGES, SETTING, SettingState.APPROVED, APPROVED, after=PROPOSED, apart=PROPOSED),
    Signed(CHANGES, SETTING, SettingState.REJECTED, REJECTED, apart=PROPOSED),
    Signed(PEOPLE, RIGHTS, RightsState.CONFIRMED, APPROVED, apart=(RightsState.PROPOSED,)),
    Signed(PEOPLE, RIGHTS, RightsState.DECLINED, REJECTED, apart=(RightsState.PROPOSED,)),
    Signed(PEOPLE, HANDOVER, HandoverState.CONFIRMED, APPROVED, apart=(HandoverState.ASKED,)),
    Signed(PEOPLE, RECOVERY, RecoveryState.JUDGED, (Meaning.REVIEWED,)),
    signed_rows("declarations", "person_id", Meaning.DECLARED),
    Asked(
        "{what} was set by nobody who signed it: it holds by the signatures of two.",
        "SELECT 'settings', s.id, s.name FROM settings s WHERE s.signed_id IS NULL "
        f"AND s.name IN ({_TWO}) AND (s.person_id IS NOT NULL "
        "OR EXISTS (SELECT 1 FROM signatures g WHERE g.at < s.at))",
    ),
    Asked(
        "{what} is not what two people signed: find out who set it.",
        "SELECT 'settings', s.id, s.name FROM settings s WHERE s.signed_id IS NOT NULL "
        "AND NOT EXISTS (SELECT 1 FROM setting_changes c JOIN signatures a ON a.subject_id = c.id "
        "JOIN signatures b ON b.subject_id = c.id WHERE c.id = s.signed_id AND c.name = s.name "
        "AND c.becomes = s.value AND a.meaning = 'authored' AND b.meaning = 'approved' "
        "AND a.person_id <> b.person_id AND b.at = s.at)",
    ),
    Asked(
        "{what} is here and nobody of quality has signed who it is.",
        "SELECT 'people', m.subject_id, m.username FROM moves m WHERE m.axis = 'account' "
        "AND m.becomes = 'active' AND (m.was = 'proposed' OR m.was IS NULL) "
        "AND m.person_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM signatures s "
        "WHERE s.subject_id = m.subject_id AND s.meaning = 'approved' AND s.at <= m.at)",
    ),
)


@check
def unconfirmed_rights(rows: Rows) -> Iterator[str]:
    """Rights and names that quality confirms and has not."""
    signed = {tuple(row) for row in rows(_CONFIRMED)}
    before: dict[object, Granted] = {}
    for number, holder, at, by, role, *human in rows(_GRANTS):
        name, mail, badge = (part or "" for part in human)
        now = Granted(role, (name, mail, badge), (holder, at, by) in signed)
        if unconfirmed(before.get(holder), now):
            yield (
                f"Row {number} of grants: {name} ({role}) holds by quality's confirmation and has "
                "none."
            )
        before[holder] = now
