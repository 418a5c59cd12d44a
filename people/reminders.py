"""One mail a day to whoever has an address and something waits for: what waits and what is overdue,
counted, with the links; no code and no name of anything.

Of one day of the site each person has one row, written before their mail goes out: whoever ends in
between sends nothing twice. A working table; nothing of it is recorded."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ForeignKey, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from integrity import clock, facts, post, site, states
from integrity.acts import Act
from integrity.database import Database, Session, Working
from integrity.facts import Reader
from integrity.post import Post
from integrity.site import SettingName
from people import accounts, queues, week
from people.accounts import AccountState, Grant
from people.actions import PeopleAction
from people.queues import Asker, Queue
from people.rules import reminders as rules
from people.week import Source
from people.words import ReminderPhrase

EVERY = 60  # seconds between two looks at the clock
DUTY = 7_302_004  # of several processes one does it at a time
KEPT = timedelta(days=7)


class Reminder(Working):
    """That somebody's mail of one day of the site was begun."""

    __tablename__ = "reminders"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    day: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class Unreminded(Working):
    """Who wants no reminders."""

    __tablename__ = "unreminded"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    at: Mapped[datetime]


@dataclass(frozen=True)
class Kinds:
    """What may wait and what may fall due, as the first page and the week have it, and the address
    of the site."""

    queues: Sequence[Queue]
    sources: Sequence[Source]
    address: str


# What a person wants
# -------------------------------------------------------------------------------------------------


def is_wanted(session: Session, person_id: int) -> bool:
    return session.get(Unreminded, person_id) is None


def choose(act: Act, wanted: bool) -> bool:
    """Whoever acts wants reminders from now on, or none."""
    said = PeopleAction.REMINDERS_WANTED if wanted else PeopleAction.REMINDERS_UNWANTED
    if act.once(said, [wanted]):
        return wanted
    number = act.by.id or 0
    act.session.execute(delete(Unreminded).where(Unreminded.person_id == number))
    if not wanted:
        act.session.add(Unreminded(person_id=number, at=act.at))
    act.say(said, ("people", str(number)), facts=[wanted])
    return wanted


# Sending
# -------------------------------------------------------------------------------------------------


def remind(
    database: Database, letters: Post, kinds: Kinds, read_clock: Callable[[], datetime]
) -> int:
    """Send what is due now and was not begun today; gives how many mails went out.

    A server that cannot be reached leaves them to the next look, one that refuses a mail leaves
    that person to the next day. While the clock is doubted nobody is reminded.
    """
    import smtplib  # here, because only an installation with a mail server needs it

    with database.alone(DUTY) as is_mine:
        if not is_mine:
            return 0
        with database.reading() as reading:
            people = list(_unbegun(reading, read_clock()))
        if not people:
            return 0
        try:
            with post.reached(letters) as server:
                return sum(
                    _is_sent(server, database, letters, kinds, person, read_clock)
                    for person in people
                )
        except (OSError, smtplib.SMTPException) as fault:
            logging.getLogger("cordbook").warning(
                "Reminders could not be sent to %s:%s (%s); it is tried again.",
                letters.host,
                letters.port,
                fault,
            )
            return 0


def _unbegun(session: Session, at: datetime) -> Iterator[Grant]:
    """Who is to be reminded at this moment."""
    local = at.astimezone(site.zone(session))
    hour = site.settings(session)[SettingName.REMINDER_HOUR]
    if not rules.is_due(local, hour) or clock.state(session) in clock.UNTRUSTED:
        return
    begun = select(Reminder.person_id).where(Reminder.day == str(local.date()))
    wanted = accounts.newest_grants().where(
        Grant.mail.is_not(None),
        Grant.holder_id.not_in(begun),
        Grant.holder_id.not_in(select(Unreminded.person_id)),
    )
    granted = session.scalars(wanted.order_by(Grant.holder_id)).all()
    stands = states.of_many(session, [each.holder_id for each in granted], accounts.ACCOUNT)
    for each in granted:
        if stands.get(each.holder_id) == AccountState.ACTIVE:
            yield each


def _is_sent(
    server: Any,
    database: Database,
    letters: Post,
    kinds: Kinds,
    person: Grant,
    read_clock: Callable[[], datetime],
) -> bool:
    """Write the row of the day, then send; not the other way round."""
    import smtplib

    body = _begun(database, kinds, person, read_clock)
    if body is None:
        return False
    try:
        server.send_message(_letter(letters, person.mail or "", body))
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException) as refusal:
        logging.getLogger("cordbook").warning("A reminder was refused: %s.", refusal)
        server.rset()
        return False
    return True


def _begun(
    database: Database, kinds: Kinds, person: Grant, read_clock: Callable[[], datetime]
) -> Sequence[str] | None:
    """Begin somebody's mail of today: its subject and lines, or None where nothing waits for them
    or the clock is found to be doubtful by now."""
    with clock.transaction(database, read_clock) as act:
        session, at = act.session, act.at
        if clock.state(session) in clock.UNTRUSTED:
            return None
        day = at.astimezone(site.zone(session)).date()
        session.execute(delete(Reminder).where(Reminder.at < at - KEPT))
        session.add(Reminder(person_id=person.holder_id, day=str(day), at=at))
    with database.reading() as reading:
        who = reading.get_one(accounts.Person, person.holder_id)
        asker = Asker(who.username, person.role, at)
        return _lines(reading, kinds, asker, day)


def _lines(session: Session, kinds: Kinds, asker: Asker, day: date) -> Sequence[str] | None:
    """The subject and the lines of a mail."""
    zone = site.zone(session)
    waiting = queues.of(session, asker, kinds.queues)
    begin = datetime.combine(day, time(), zone)
    shown = week.of(session, asker, begin, zone, kinds.sources)
    overdue = _counted(entry.source for entry in shown.overdue)
    today = _counted(entry.source for entry in shown.days[0].entries)
    if not waiting and not overdue and not today:
        return None
    reader = Reader(zone=zone.key)
    made = [_said(reader, ReminderPhrase.SUBJECT, site=site.settings(session)[SettingName.SITE])]
    for title, counts in (
        (ReminderPhrase.OVERDUE, overdue),
        (ReminderPhrase.TODAY, today),
        (ReminderPhrase.WAITING, {each.queue.title: each.found.count for each in waiting}),
    ):
        if counts:
            made += ["", _said(reader, title)]
            made += [f"  {number}  {_said(reader, each)}" for each, number in counts.items()]
    links = {ReminderPhrase.TO_DO: "/", ReminderPhrase.WEEK: "/week"}
    made += ["", *(f"{_said(reader, each)}: {kinds.address}{to}" for each, to in links.items())]
    return [*made, "", _said(reader, ReminderPhrase.STOP) + f": {kinds.address}/reminders"]


def _counted(sources: Iterator[Source]) -> dict[Any, int]:
    found: dict[Any, int] = {}
    for each in sources:
        found[each.title] = found.get(each.title, 0) + 1
    return found


def _said(reader: Reader, what: Any, **parameters: facts.Fact) -> str:
    told = facts.message(what, **parameters) if parameters else facts.word(what)
    return facts.shown(told, reader)


def _letter(letters: Post, address: str, lines: Sequence[str]) -> Any:
    from email.message import EmailMessage

    message = EmailMessage()
    message["From"], message["To"] = letters.recipients[0], address
    message["Subject"] = " ".join(lines[0].split())
    message.set_content("\n".join(lines[2:]) + "\n")
    return message


def start(
    database: Database, letters: Post, kinds: Kinds, read_clock: Callable[[], datetime]
) -> threading.Event:
    """A small thread that looks once a minute, until the event it gives is set."""
    stop = threading.Event()

    def rounds() -> None:
        while not stop.wait(EVERY):
            try:
                remind(database, letters, kinds, read_clock)
            except Exception:
                logging.getLogger("cordbook").exception("Reminders could not be sent.")

    threading.Thread(target=rounds, name="reminders", daemon=True).start()
    return stop
