"""The law of the stores: which moves are allowed, what may be received, what may be used. Pure:
facts in, findings out.

States are those of docs/process.md. A lot is usable while it is released and in date (MAT-02),
equipment while its newest calibration is not overdue (MAT-03); expiry and due days count to their
last second in the site's zone."""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from integrity import facts, vocabulary
from integrity.catalogue import Message
from integrity.facts import Fact
from integrity.findings import Finding, blocks
from integrity.states import Moves
from integrity.words import state_word
from labels import codes
from stores import standing
from stores.rule_ids import StoreRule
from stores.standing import Word
from stores.words import StoreWord


class Disposition(enum.StrEnum):
    """What is decided about a lot, a container or a batch."""

    QUARANTINE = "quarantine"
    UNDER_REVIEW = "under_review"
    ON_HOLD = "on_hold"
    RELEASED_STAGE_1 = "released_stage_1"
    RELEASED = "released"
    EXCEPTIONAL_SUPPLY = "exceptional_supply"
    REJECTED = "rejected"
    RECALLED = "recalled"
    VOID = "void"


class AsFound(enum.StrEnum):
    """How a calibration found a piece of equipment, before any adjustment."""

    IN_TOLERANCE = "in_tolerance"
    OUT_OF_TOLERANCE = "out_of_tolerance"


class ContainerKind(enum.StrEnum):
    """What a container is."""

    JAR = "jar"
    TISSUE = "tissue"
    FLASK = "flask"
    VIAL = "vial"
    FINAL = "final"
    SAMPLE = "sample"


DISPOSITION = vocabulary.axis("disposition", Disposition)

LOT_MOVES: Moves = {
    None: frozenset({Disposition.QUARANTINE}),
    Disposition.QUARANTINE: frozenset({Disposition.RELEASED, Disposition.REJECTED}),
    Disposition.RELEASED: frozenset({Disposition.REJECTED}),
}
# A container follows its batch; whether the batch may move is the law of release, so every step of
# a release is open here.
CONTAINER_MOVES: Moves = {
    None: frozenset({Disposition.QUARANTINE}),
    Disposition.QUARANTINE: frozenset(
        {
            Disposition.UNDER_REVIEW,
            Disposition.ON_HOLD,
            Disposition.RELEASED_STAGE_1,
            Disposition.RELEASED,
            Disposition.EXCEPTIONAL_SUPPLY,
            Disposition.REJECTED,
            Disposition.VOID,
        }
    ),
    Disposition.UNDER_REVIEW: frozenset(
        {
            Disposition.QUARANTINE,
            Disposition.ON_HOLD,
            Disposition.RELEASED_STAGE_1,
            Disposition.RELEASED,
            Disposition.EXCEPTIONAL_SUPPLY,
            Disposition.REJECTED,
            Disposition.VOID,
        }
    ),
    Disposition.RELEASED_STAGE_1: frozenset(
        {Disposition.ON_HOLD, Disposition.RELEASED, Disposition.REJECTED, Disposition.RECALLED}
    ),
    Disposition.RELEASED: frozenset({Disposition.ON_HOLD, Disposition.RECALLED}),
    Disposition.EXCEPTIONAL_SUPPLY: frozenset({Disposition.ON_HOLD, Disposition.RECALLED}),
}
# What every container of a batch shares with it; a release is for the product alone.
SHARED = frozenset(
    {Disposition.QUARANTINE, Disposition.ON_HOLD, Disposition.REJECTED, Disposition.RECALLED}
)


def product_of(kinds: Collection[str]) -> ContainerKind:
    """What of a batch that made these kinds of containers is its product: its final containers.

    Vials are where it made none. Beside final containers they are a bank, which is released on its
    own and not with this product.
    """
    return ContainerKind.FINAL if ContainerKind.FINAL in kinds else ContainerKind.VIAL


def follows(kind: str, state: str, product: str) -> bool:
    """Whether a container of this kind goes with its batch, whose product is of another kind or of
    the same, to a disposition.

    Nobody is given a used flask, or a vial of a bank, because its batch is released.
    """
    return kind == product or state in SHARED


def after_hold(kind: str, before: str | None, becomes: str, product: str) -> str:
    """Where a container goes when its batch comes off its hold and becomes what it was: the product
    goes with it, also what a correction added meanwhile, which was in quarantine before; anything
    else returns to where it was."""
    return becomes if kind == product else before or Disposition.QUARANTINE


SERIES: dict[str, str] = {
    ContainerKind.JAR: codes.Series.JAR,
    ContainerKind.TISSUE: codes.Series.FLASK,
    ContainerKind.FLASK: codes.Series.FLASK,
    ContainerKind.VIAL: codes.Series.VIAL,
    ContainerKind.FINAL: codes.Series.FINAL_CONTAINER,
    ContainerKind.SAMPLE: codes.Series.SAMPLE,
}
TICK = timedelta(milliseconds=1)  # the finest time that is recorded
FIRST_YEAR, LAST_YEAR = 2000, 2100
LONGEST_YEARS = 20  # no lot keeps and no calibration holds longer


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """The last millisecond of a day in the zone, in UTC: with it the day ends."""
    return datetime.combine(day, time(23, 59, 59, 999_000), zone).replace(fold=1).astimezone(UTC)


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a day in the zone, in UTC."""
    return datetime.combine(day, time(0), zone).astimezone(UTC)


def is_past(end: datetime, at: datetime) -> bool:
    """Whether the day that ends at `end` is over; its last second is inside."""
    return at >= end + TICK


def day_of(at: datetime, zone: ZoneInfo) -> str:
    """The day of an instant in the zone, 2027-03-31."""
    return at.astimezone(zone).date().isoformat()


def read_day(text: str) -> date:
    """A day written 2027-03-31; ValueError is one sentence that says what to write."""
    wanted = "Write the day as year-month-day, for example 2027-03-31."
    if len(text) != 10 or text[4] + text[7] != "--":
        raise ValueError(wanted)
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"There is no such day. {wanted}") from None
    if not FIRST_YEAR <= day.year < LAST_YEAR:
        raise ValueError(f"Check the year: write one from {FIRST_YEAR} to {LAST_YEAR - 1}.")
    return day


# Material lots
# -------------------------------------------------------------------------------------------------


def receivable(
    *,
    expires_at: datetime,
    expires_on: date,
    human_material: bool,
    human: bool,
    donor_pool: str,
    at: datetime,
) -> Iterator[Finding]:
    """What speaks against receiving a lot (MAT-01, MAT-02)."""
    if is_past(expires_at, at):
        yield blocks(StoreRule.EXPIRED_AT_RECEIPT, "expires_on", day=expires_on.isoformat())
    if human_material and not human:
        yield blocks(StoreRule.HUMAN_ORIGIN, "human")
    yield from describable(
        expires_on=expires_on, human=human or human_material, donor_pool=donor_pool, at=at
    )


def describable(
    *, expires_on: date, human: bool, donor_pool: str, at: datetime
) -> Iterator[Finding]:
    """What speaks against a description of a lot, whenever it is written: a correction may say that
    the lot has expired long ago (MAT-01)."""
    if expires_on.year > at.year + LONGEST_YEARS:
        yield blocks(StoreRule.EXPIRY_FAR_AHEAD, "expires_on", years=str(LONGEST_YEARS))
    if human and not donor_pool:
        yield blocks(StoreRule.DONOR_POOL, "donor_pool")


def words_of_lot(
    disposition: str, expires_at: datetime, at: datetime, *, held: bool = False
) -> list[Word]:
    """What a scan answers with, the most restrictive word first."""
    return standing.words(disposition, is_past(expires_at, at), held=held)


_LOT_STATES: dict[str, Message] = {
    Disposition.RELEASED: StoreWord.LOT_RELEASED,
    Disposition.QUARANTINE: StoreRule.LOT_QUARANTINE,
    Word.ON_HOLD: StoreRule.LOT_ON_HOLD,
    Disposition.REJECTED: StoreRule.LOT_REJECTED,
    Word.EXPIRED: StoreRule.LOT_EXPIRED,
}
_SAYS_THE_DAY = (Disposition.RELEASED, Word.EXPIRED)


def lot_message(code: str, state: str, expires_on: str) -> tuple[Message, dict[str, Fact]]:
    """What the state of a lot means for whoever holds it, and its facts; `code` is bare."""
    day: dict[str, Fact] = {"day": expires_on} if state in _SAYS_THE_DAY else {}
    return _LOT_STATES[state], {"lot": facts.code(code)} | day


def lot_use(
    code: str,
    material: str,
    wanted: str,
    disposition: str,
    expires_at: datetime,
    at: datetime,
    zone: ZoneInfo,
    *,
    held: bool = False,
) -> Iterator[Finding]:
    """What speaks against using a lot where `wanted` is called for (MAT-02).

    Each reason in its own sentence.
    """
    if not same_words(material, wanted):
        yield blocks(
            StoreRule.OTHER_MATERIAL, lot=facts.code(code), material=material, wanted=wanted
        )
    if disposition != Disposition.RELEASED:
        yield _against(lot_message(code, disposition, ""))
    if held:
        yield _against(lot_message(code, Word.ON_HOLD, ""))
    if is_past(expires_at, at):
        yield _against(lot_message(code, Word.EXPIRED, day_of(expires_at, zone)))


def _against(message: tuple[Message, dict[str, Fact]]) -> Finding:
    rule, parameters = message
    return Finding(rule, parameters=parameters)


def lot_release(code: str, expires_at: datetime, at: datetime, zone: ZoneInfo) -> Iterator[Finding]:
    """What speaks against releasing a lot."""
    if is_past(expires_at, at):
        yield blocks(
            StoreRule.EXPIRED_AT_RELEASE, lot=facts.code(code), day=day_of(expires_at, zone)
        )


def same_words(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


# Equipment
# -------------------------------------------------------------------------------------------------

# What a piece of equipment is answered with, in the order of strength.
EQUIPMENT_WORDS: Final = ("not calibrated", "overdue", str(Word.ON_HOLD), "in calibration")


def state_of_equipment(due_at: datetime | None, at: datetime) -> str:
    """in calibration, overdue, or not calibrated."""
    if due_at is None:
        return "not calibrated"
    return "overdue" if is_past(due_at, at) else "in calibration"


def words_of_equipment(due_at: datetime | None, at: datetime, *, held: bool) -> list[str]:
    """What a scan answers with, the strongest word first: its calibration, and a hold."""
    calibrated = state_of_equipment(due_at, at)
    if not held:
        return [calibrated]
    return sorted([calibrated, Word.ON_HOLD], key=EQUIPMENT_WORDS.index)


def equipment_message(
    shown: str, due_at: datetime | None, at: datetime, zone: ZoneInfo, *, held: bool = False
) -> tuple[Message, dict[str, Fact]]:
    """What its strongest word means for whoever stands before it, and its facts.

    `shown` is the name with its code.
    """
    if words_of_equipment(due_at, at, held=held)[0] == Word.ON_HOLD:
        return StoreRule.EQUIPMENT_ON_HOLD, {"equipment": shown}
    match state_of_equipment(due_at, at), due_at:
        case "in calibration", datetime() as due:
            return StoreWord.CALIBRATED, {"equipment": shown, "day": day_of(due, zone)}
        case "overdue", datetime() as due:
            return StoreRule.CALIBRATION_OVERDUE, {"equipment": shown, "day": day_of(due, zone)}
        case _:
            return StoreRule.NOT_CALIBRATED, {"equipment": shown}


def equipment_use(
    shown: str,
    kind: str,
    wanted: str,
    due_at: datetime | None,
    at: datetime,
    zone: ZoneInfo,
    *,
    held: bool = False,
) -> Iterator[Finding]:
    """What speaks against using a piece of equipment where `wanted` is called for (MAT-03)."""
    if not same_words(kind, wanted):
        yield blocks(StoreRule.OTHER_KIND, equipment=shown, kind=kind, wanted=wanted)
    if state_of_equipment(due_at, at) != "in calibration":
        yield _against(equipment_message(shown, due_at, at, zone))
    if held:
        yield blocks(StoreRule.EQUIPMENT_ON_HOLD, equipment=shown)


def calibration(*, done_on: date, due_on: date, today: date) -> Iterator[Finding]:
    """What speaks against a calibration record (MAT-03).

    It was done, not long ago, and it is due after it was done, not long after.
    """
    years = str(LONGEST_YEARS)
    if done_on > today:
        yield blocks(StoreRule.DONE_IN_THE_FUTURE, "done_on", today=today.isoformat())
    if due_on <= done_on:
        yield blocks(StoreRule.DUE_BEFORE_DONE, "due_on")
    if today.year - done_on.year > LONGEST_YEARS:
        yield blocks(StoreRule.DONE_LONG_AGO, "done_on", years=years)
    if due_on.year - done_on.year > LONGEST_YEARS:
        yield blocks(StoreRule.DUE_FAR_AHEAD, "due_on", years=years)


# What is no container after all
# -------------------------------------------------------------------------------------------------

VOIDABLE = frozenset({Disposition.QUARANTINE, Disposition.UNDER_REVIEW, Disposition.ON_HOLD})


def may_be_voided(
    code: str, state: str, *, made: Sequence[str], is_received: bool
) -> Iterator[Finding]:
    """A container that does not exist is voided: not one that something was taken from (`made` are
    the bare codes), that the laboratory received, or that was decided about."""
    container = facts.code(code)
    if state not in VOIDABLE:
        yield blocks(StoreRule.VOID_DECIDED, container=container, state=state_word(state))
    if made:
        taken = facts.listed([facts.code(each) for each in made])
        yield blocks(StoreRule.VOID_USED, container=container, made=taken)
    if is_received:
        yield blocks(StoreRule.VOID_RECEIVED, container=container)


# What a scan says when nothing is known of the code
# ---------------------------------------------------------------------


def unknown(code: codes.Code, rule: StoreRule) -> Finding:
    return blocks(rule, code=facts.code(code.bare))
