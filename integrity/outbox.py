"""The outbox: mails are written in the transaction of what they report and delivered after it, so
that none is lost and none reports what was rolled back. A working table; what happened is told by
the trail (SIG-15, 21 CFR 11.300(d))."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Mapped, mapped_column

from integrity.database import Database, Session, Working
from integrity.post import Post, reached

if TYPE_CHECKING:
    from email.message import EmailMessage

KEPT = timedelta(days=7)  # an alert that nobody could be told for a week is no longer sent
EVERY = 60  # seconds between two rounds of the postman
DUTY = 7_302_002  # the post of all processes is one's at a time
_turn = threading.Lock()  # one round at a time, so that no mail goes out twice


class Mail(Working):
    """One mail to those who are alerted, or to one `recipient`; `sent_at` is empty while it waits.

    `of_quality` is whether quality is told as well."""

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str]
    body: Mapped[str]
    made_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    of_quality: Mapped[bool]
    recipient: Mapped[str | None]


def told(post: Post, mail: Mail) -> tuple[str, ...]:
    """Whom a mail is for, each once."""
    return tuple(dict.fromkeys(post.recipients + (post.quality if mail.of_quality else ())))


def put(
    session: Session,
    subject: str,
    body: str,
    *,
    at: datetime,
    of_quality: bool = False,
    recipient: str | None = None,
) -> Mail:
    """Write a mail into the outbox, in the transaction of what it reports."""
    session.execute(delete(Mail).where(Mail.made_at < at - KEPT))
    mail = Mail(
        subject=subject,
        body=body,
        made_at=at,
        sent_at=None,
        of_quality=of_quality,
        recipient=recipient,
    )
    session.add(mail)
    return mail


def deliver(database: Database, post: Post, clock: Callable[[], datetime]) -> int:
    """Send what waits; gives how many were sent.

    A mail server that does not answer, or not under its own certificate, leaves them waiting.
    """
    import smtplib  # here, because only an installation with a mail server needs it

    with _turn, database.alone(DUTY) as is_mine:
        if not is_mine:
            return 0  # another process sends what waits
        with database.reading() as reading:
            waiting = reading.scalars(
                select(Mail).where(Mail.sent_at.is_(None)).order_by(Mail.id)
            ).all()
        if not waiting:
            return 0
        try:
            with reached(post) as server:
                return sum(_is_sent(server, mail, post, database, clock) for mail in waiting)
        except (OSError, smtplib.SMTPException) as fault:
            logging.getLogger("cordbook").warning(
                "An alert could not be sent to %s:%s (%s); it is tried again.",
                post.host,
                post.port,
                fault,
            )
            return 0


def _is_sent(
    server: Any, mail: Mail, post: Post, database: Database, clock: Callable[[], datetime]
) -> bool:
    """Send one mail. One that the server refuses keeps no other waiting; it is tried again."""
    import smtplib

    try:
        server.send_message(_message(mail, post))
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException) as refusal:
        logging.getLogger("cordbook").warning("The mail %r was refused: %s.", mail.subject, refusal)
        server.rset()
        return False
    _mark_sent(database, mail.id, clock())
    return True


def deliver_meanwhile(database: Database, post: Post, clock: Callable[[], datetime]) -> None:
    """The same on a thread of its own: nobody waits for the mail server."""
    words = (database, post, clock)
    threading.Thread(target=_deliver_if_it_can, args=words, daemon=True).start()


def _deliver_if_it_can(database: Database, post: Post, clock: Callable[[], datetime]) -> None:
    """A database that is away for a while ends no thread; the mails wait."""
    try:
        deliver(database, post, clock)
    except Exception:
        logging.getLogger("cordbook").exception("The alerts could not be sent; it is tried again.")


def _message(mail: Mail, post: Post) -> EmailMessage:
    from email.message import EmailMessage

    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = (
        post.recipients[0],
        mail.recipient or ", ".join(told(post, mail)),
        " ".join(mail.subject.split()),
    )
    message.set_content(mail.body)
    return message


def _mark_sent(database: Database, mail_id: int, at: datetime) -> None:
    with database.writing() as session:
        session.get_one(Mail, mail_id).sent_at = at


def start_postman(database: Database, post: Post, clock: Callable[[], datetime]) -> threading.Event:
    """A small thread that delivers once a minute until the event it gives is set."""
    stop = threading.Event()

    def rounds() -> None:
        while not stop.wait(EVERY):
            _deliver_if_it_can(database, post, clock)

    threading.Thread(target=rounds, name="postman", daemon=True).start()
    return stop
