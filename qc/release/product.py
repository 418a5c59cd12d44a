"""What a batch made for patients, and until when any of it may be given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from integrity.database import Session
from integrity.facts import Fact, instant
from qc.release.rule_ids import ReleaseRule
from stores import expiries, fates, standing


@dataclass(frozen=True)
class Product:
    """Whether there is any, the last moment at which any of it may be given (None: not known), the
    moment of asking, and what became of all of it (None: something is left).
    """

    exists: bool
    expires_at: datetime | None
    at: datetime | None
    became: str | None = None

    @property
    def has_expired(self) -> bool:
        """Whether nobody may be given any of it any more."""
        return self.at is not None and standing.has_expired(self.expires_at, self.at)

    def against(self) -> Iterator[tuple[ReleaseRule, dict[str, Fact]]]:
        """What speaks against releasing it: the rule and its facts."""
        if self.exists and self.expires_at is None:
            yield ReleaseRule.EXPIRY_UNKNOWN, {}
        elif self.expires_at and self.has_expired:
            yield ReleaseRule.PRODUCT_EXPIRED, {"at": instant(self.expires_at)}


NO_PRODUCT = Product(exists=False, expires_at=None, at=None)


def of_batches(session: Session, ids: Iterable[int], at: datetime) -> dict[int, Product]:
    """{batch id: what it made}, in two queries; a batch without product is left out."""
    asked = list(ids)
    became = fates.of_products(session, asked)
    return {
        batch_id: Product(True, expires_at, at, became.get(batch_id))
        for batch_id, expires_at in expiries.of_products(session, asked).items()
    }
