"""What a batch made for patients, and until when any of it may be given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from integrity.database import Session
from integrity.facts import Fact, instant
from integrity.words import state_word
from qc.release.rule_ids import ReleaseRule
from stores import products, standing
from stores.fate_rules import GONE


@dataclass(frozen=True)
class Product:
    """Whether there is any, the last moment at which any of it may be given (None: not known), the
    moment of asking, what became of all of it (None: something is left), and whether it expires:
    final containers do, vials do not.
    """

    exists: bool
    expires_at: datetime | None
    at: datetime | None
    became: str | None = None
    expires: bool = True

    @property
    def has_expired(self) -> bool:
        """Whether nobody may be given any of it any more."""
        return self.at is not None and standing.has_expired(self.expires_at, self.at)

    def against(self, *, is_released: bool) -> Iterator[tuple[ReleaseRule, dict[str, Fact]]]:
        """What speaks against releasing it: the rule and its facts.

        What was released was given in its time, and may be used up by now; that it was not in its
        time has a deviation (`qc/release/given_late.py`).
        """
        if not self.exists:
            yield ReleaseRule.NO_PRODUCT, {}
        elif self.became in GONE and not is_released:
            yield ReleaseRule.NOTHING_LEFT, {"state": state_word(self.became)}
        elif self.expires and self.expires_at is None:
            yield ReleaseRule.EXPIRY_UNKNOWN, {}
        elif self.expires_at and self.has_expired and not is_released:
            yield ReleaseRule.PRODUCT_EXPIRED, {"at": instant(self.expires_at)}


NO_PRODUCT = Product(exists=False, expires_at=None, at=None)


def of_batches(session: Session, ids: Iterable[int], at: datetime) -> dict[int, Product]:
    """{batch id: what it made}, in one query; a batch without product is left out."""
    return {
        batch_id: Product(True, made.expires_at, at, made.became, made.is_final)
        for batch_id, made in products.of_batches(session, ids).items()
    }
