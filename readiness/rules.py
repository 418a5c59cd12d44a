"""The law of what a site lacks: facts in, one line for each thing out, fine or lacking with what to
do. Nothing of it stops anybody; it is read before the first batch and every week after."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from integrity.authority import Certificate, Validity
from readiness.guide_rules import Beginning, Part, needs

BACKUP = timedelta(days=1)  # how old the newest backup may be
ROOM = 2_000_000_000  # bytes that have to be free


@dataclass(frozen=True)
class Line:
    """One thing: fine, or lacking with what to do."""

    what: str
    is_fine: bool
    said: str
    to_do: str = ""


@dataclass(frozen=True)
class Facts:
    """What is looked at; moments are the server's, sizes in bytes.

    `address` is the one in codes, `proxies` whether any is named; `certificate` the server's own.
    `newest_event`, `backup_at` and `printed_at` are None where there is none; `documents` are those
    in force with whether they say that they are demonstrations; `unstated` what a certificate says
    of its maker and the site has not said; `beginning` is what there is for a first cord.
    """

    at: datetime
    address: str = "http://127.0.0.1:8000"
    is_loopback: bool = True
    has_proxies: bool = False
    certificate: Certificate | None = None
    is_clock_doubted: bool = False
    newest_event: datetime | None = None
    backup_at: datetime | None = None
    backups_in: str = ""
    mail: str = ""
    mail_fault: str = ""
    printed_at: datetime | None = None
    free: int = 0
    is_schema_current: bool = False
    is_demonstration: bool = False
    documents: Sequence[tuple[str, bool]] = ()
    unstated: Sequence[str] = ()
    beginning: Beginning = field(default_factory=Beginning)


def lines(facts: Facts) -> list[Line]:
    """Every line, in the order of a site's beginning."""
    return [line for judge in JUDGES for line in judge(facts)]


def address(facts: Facts) -> Iterator[Line]:
    """Tablets and phones reach what is printed in codes."""
    yield Line(
        "Address",
        not facts.is_loopback,
        f"Codes on paper begin with {facts.address}.",
        "Set CORDBOOK_URL, and HOST where tablets reach it without a proxy.",
    )


def certificate(facts: Facts) -> Iterator[Line]:
    """HTTPS is spoken, by the server or by a named proxy, and will be for a while."""
    made = facts.certificate
    if made is None:
        is_fine = facts.has_proxies and facts.address.startswith("https://")
        said = "The proxy speaks HTTPS." if is_fine else "Nobody speaks HTTPS."
        yield Line("Certificate", is_fine, said, "./run certificate NAME, or name the proxy.")
        return
    stands = made.at(facts.at)
    until = f"from {made.begins:%Y-%m-%d} until {made.ends:%Y-%m-%d}"
    yield Line(
        "Certificate",
        stands is Validity.VALID,
        f"The server's certificate is valid {until}.",
        "./run certificate makes the next one of the site's own authority; a given one is replaced "
        "in its place.",
    )


def clock(facts: Facts) -> Iterator[Line]:
    """The clock is trusted, and not before what is recorded."""
    is_behind = facts.newest_event is not None and facts.at < facts.newest_event
    yield Line(
        "Clock",
        not (facts.is_clock_doubted or is_behind),
        f"The server's clock says {facts.at:%Y-%m-%d %H:%M:%S} UTC.",
        "Set it right (NTP); an administrator acknowledges on the page Site, QA judges.",
    )


def backup(facts: Facts) -> Iterator[Line]:
    """There is a backup of the last day."""
    made = facts.backup_at
    is_fine = made is not None and timedelta(0) <= facts.at - made <= BACKUP
    said = f"The newest is of {made:%Y-%m-%d %H:%M} UTC" if made else "There is none"
    yield Line(
        "Backup",
        is_fine,
        f"{said}{f' in {facts.backups_in}' if facts.backups_in else ''}.",
        "Let a timer call ./run backup FILE (PostgreSQL: pg_dump) each day into a folder of "
        "another machine, and name that folder in CORDBOOK_BACKUPS.",
    )


def mail(facts: Facts) -> Iterator[Line]:
    """Alerts reach somebody, and the mail server answers."""
    if facts.mail and not facts.mail_fault:
        said = f"{facts.mail} answers."
    else:
        said = f"{facts.mail}: {facts.mail_fault}" if facts.mail else "No mail server is named."
    yield Line(
        "Mail",
        bool(facts.mail) and not facts.mail_fault,
        said,
        "Set CORDBOOK_SMTP and CORDBOOK_ALERTS, and what signing in there wants.",
    )


def printer(facts: Facts) -> Iterator[Line]:
    """A label came out of a printer lately enough to be remembered."""
    printed = facts.printed_at
    yield Line(
        "Printer",
        printed is not None,
        f"The newest label was printed on {printed:%Y-%m-%d}."
        if printed
        else "No label was ever printed.",
        "Print a label on the site's own stock and scan it.",
    )


def disk(facts: Facts) -> Iterator[Line]:
    """There is room for a while."""
    yield Line(
        "Disk",
        facts.free >= ROOM,
        f"{facts.free // 1_000_000} MB are free.",
        f"Make room: {ROOM // 1_000_000} MB and more.",
    )


def schema(facts: Facts) -> Iterator[Line]:
    """The database is the one that this version knows."""
    said = "as this version makes it" if facts.is_schema_current else "of another version"
    yield Line(
        "Schema",
        facts.is_schema_current,
        f"The database is {said}.",
        "Start this version once alone.",
    )


def for_the_work(facts: Facts) -> Iterator[Line]:
    """What the guide of the first page counts is there: people, documents, lots, equipment."""
    for need in needs(facts.beginning):
        lacking = f" Lacking: {', '.join(need.lacking)}." if need.lacking else ""
        what, to_do = NEEDED[need.part]
        named = f"{what}: {need.of.replace('_', ' ')}" if need.of else what
        yield Line(named, need.is_met, f"{need.there} of {need.wanted}.{lacking}", to_do)


# What a need is called here, and what to do for it.
NEEDED = {
    Part.PEOPLE: (
        "People",
        "An administrator proposes people on the page People, QA confirms them.",
    ),
    Part.DOCUMENTS: (
        "In force",
        "Import one on the page Documents; it is signed there until it is in force.",
    ),
    Part.LOTS: ("Lots received", "A technician receives them on the page Materials."),
    Part.RELEASED: ("Lots released", "QA releases them on the page Materials."),
    Part.EQUIPMENT: ("Equipment registered", "QC or QA registers it on the page Equipment."),
    Part.CALIBRATED: ("Equipment calibrated", "QC or QA records it on its page."),
}


def documents(facts: Facts) -> Iterator[Line]:
    """The site works by its own documents."""
    shipped = [name for name, is_demonstration in facts.documents if is_demonstration]
    if facts.is_demonstration:
        said = "The installation itself is a demonstration."
    elif not facts.documents:
        said = "None is in force."
    else:
        said = f"Demonstrations: {', '.join(shipped)}." if shipped else "All are the site's own."
    yield Line(
        "Documents",
        bool(facts.documents) and not shipped and not facts.is_demonstration,
        said,
        "Copy the shipped ones, make them the site's own, import and approve them; a demonstration "
        "becomes no site: ./run init makes one.",
    )


def maker(facts: Facts) -> Iterator[Line]:
    """A certificate says who made the product, where, and by which authorisation."""
    missing = ", ".join(facts.unstated)
    yield Line(
        "Maker on the certificate",
        not facts.unstated,
        f"Not stated: {missing}."
        if missing
        else "Name, postal address and authorisation are stated.",
        "An administrator states it on the page Site, QA signs it.",
    )


JUDGES: tuple[Callable[[Facts], Iterator[Line]], ...] = (
    address, certificate, clock, backup, mail, printer, disk, schema, for_the_work, documents,
    maker,
)  # fmt: skip
