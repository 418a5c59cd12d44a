"""What of lots, containers and holds is so by signature alone (MAT-02, TRC-03)."""

from __future__ import annotations

from integrity.signatures import Meaning
from integrity.signed import Asked, On, Signed, declare
from stores.answers import FATE
from stores.containers import Container
from stores.fate_rules import Fate
from stores.hold_rules import HoldState
from stores.holds import AXIS as HOLD, Hold
from stores.lots import MEANINGS, Lot
from stores.rules import DISPOSITION

VERIFIED = (Meaning.VERIFIED,)

declare(
    *(
        Signed(Lot.__tablename__, DISPOSITION, state, (meaning,))
        for state, meaning in MEANINGS.items()
    ),
    Signed(Hold.__tablename__, HOLD, HoldState.LIFTED, (Meaning.APPROVED,)),
    Signed(Container.__tablename__, FATE, Fate.ISSUED, VERIFIED, on=On.THE_DEED),
    Signed(Container.__tablename__, FATE, Fate.DESTROYED, VERIFIED, on=On.THE_DEED),
    Asked(
        "{what} was recorded and confirmed by one person: it holds by two.",
        "SELECT 'container_fates', f.id, f.code FROM container_fates f JOIN moves m "
        "ON m.subject_id = f.id AND m.axis = 'fate record' AND m.becomes = 'confirmed' "
        "WHERE f.fate IN ('issued', 'destroyed') AND NOT EXISTS (SELECT 1 FROM signatures s "
        "WHERE s.subject_id = f.id AND s.meaning = 'verified' AND s.at = m.at "
        "AND s.person_id <> f.person_id)",
    ),
)
