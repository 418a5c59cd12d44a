"""The law of what is entered twice: the same number of the same maker may be a further delivery or
another thing, so it is asked about and never forbidden. Pure: facts in, findings out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from integrity import facts, looks
from integrity.facts import Fact
from integrity.findings import Finding, blocks
from stores.rule_ids import StoreRule


@dataclass(frozen=True)
class Delivery:
    """By what a lot is known to others: who supplied it, who made it, and the number they gave
    it."""

    supplier: str
    manufacturer: str
    number: str

    @property
    def makers(self) -> frozenset[str]:
        return looks.number(self.supplier) | looks.number(self.manufacturer or self.supplier)


def is_one_lot(one: Delivery, other: Delivery) -> bool:
    """Whether both may be deliveries of one lot: one number, of one supplier or manufacturer."""
    return looks.is_one(one.number, other.number) and not one.makers.isdisjoint(other.makers)


def deliveries(wanted: Delivery, known: Iterable[tuple[str, Delivery]]) -> list[str]:
    """Of what is on record, as (code, what is known of it), the codes of the same lot."""
    return [code for code, each in known if is_one_lot(wanted, each)]


def lot(known: Sequence[str], *, is_another: bool) -> Iterator[Finding]:
    """Whoever receives what is on record already (`known` are bare codes) says that it is another
    delivery, or looks again (MAT-01)."""
    if known and not is_another:
        yield blocks(StoreRule.LOT_KNOWN, "another_delivery", known=_told(known))


def equipment(known: Sequence[str], *, is_another: bool) -> Iterator[Finding]:
    """Whoever registers a serial number that is on record says that it is another piece, or looks
    again (MAT-03)."""
    if known and not is_another:
        yield blocks(StoreRule.EQUIPMENT_KNOWN, "another_piece", known=_told(known))


def certificate(known: Sequence[str], *, is_its_own: bool) -> Iterator[Finding]:
    """Whoever enters a calibration whose certificate is on record (`known` are the bare codes of
    what was calibrated by it) says that it is this one's as well, or looks again (MAT-03)."""
    if known and not is_its_own:
        yield blocks(StoreRule.CERTIFICATE_KNOWN, "own_certificate", known=_told(known))


def _told(known: Sequence[str]) -> Fact:
    return facts.listed([facts.code(code) for code in known])
