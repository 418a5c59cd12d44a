"""The database: column types, the three kinds of tables, and the only two ways to open a
transaction.

Records are only ever inserted, folds are caches of records, working tables hold no record. Every
write runs in `Database.writing()`, alone: one writer at a time keeps the trail gapless and makes
read-then-write safe on both SQLite (BEGIN IMMEDIATE) and PostgreSQL (an advisory lock)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import (
    Dialect,
    Engine,
    Executable,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    Row,
    Text,
    create_engine,
    event,
    orm,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from integrity.canonical import canonical, instant_text, read
from integrity.ledger import Kept, Ledger
from integrity.outages import WriterBusy
from integrity.shelf import Handed, Shelf

PATIENCE = 15  # seconds that the writer's turn is waited for
REACHED = 5  # seconds within which a database server on the network answers
NOTHING: Mapping[str, Any] = {}
WRITER_LOCK = (
    0x436F7264  # "Cord": the advisory lock that makes PostgreSQL's writers wait for one another
)


class Instant(TypeDecorator[datetime]):
    """A point in time.

    Aware in Python, RFC 3339 UTC text with milliseconds in the table, so that text order is time
    order.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect | None) -> str | None:
        return None if value is None else instant_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect | None) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value)


class Number(TypeDecorator[Decimal]):
    """A Decimal kept as text, with the digits as they were typed (10.0 is not 10.00)."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect | None) -> str | None:
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect | None) -> Decimal | None:
        return None if value is None else Decimal(value)


class Document(TypeDecorator[Any]):
    """A JSON document stored as its canonical text.

    Numbers come back as int or as the text they were.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect | None) -> str | None:
        return None if value is None else canonical(value)

    def process_result_value(self, value: str | None, dialect: Dialect | None) -> Any:
        return None if value is None else read(value)


class YesNo(TypeDecorator[bool]):
    """True or False as 1 or 0 on both databases, so that a row has one canonical form."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: bool | None, dialect: Dialect | None) -> int | None:
        return None if value is None else int(value)

    def process_result_value(self, value: int | None, dialect: Dialect | None) -> bool | None:
        return None if value is None else bool(value)


# What a later migration takes away or widens has to have a name.
NAMES = {
    "pk": "pk_%(table_name)s",
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}


class Base(DeclarativeBase):
    """Every table of Cordbook."""

    metadata = MetaData(naming_convention=NAMES)
    table_kind: ClassVar[str] = ""  # not `kind`: records may have a column of that name
    type_annotation_map = {str: Text, int: Integer, datetime: Instant, Decimal: Number, bool: YesNo}

    def __init_subclass__(cls, **words: Any) -> None:
        super().__init_subclass__(**words)
        if (table := cls.__dict__.get("__table__")) is not None:
            table.info["kind"] = cls.table_kind
            if issubclass(cls, By):
                table.append_constraint(_by())


class Record(Base):
    """Only ever inserted; what becomes of a record is a further record."""

    __abstract__ = True
    table_kind = "record"
    supertype: ClassVar[type[Any] | None] = None  # whose numbers these records share
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)

    @property
    def key(self) -> str:
        return str(self.id)


class By:
    """Columns of a record that somebody made: who, and the user name they are known by.

    Nobody (None) is the program itself, which also acts for whoever sits at the terminal. `Act.add`
    fills them in; the database proves that the two belong together.
    """

    person_id: Mapped[int | None]
    username: Mapped[str]


def _by() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["person_id", "username"], ["people.id", "people.username"])


class RecordTables:
    """The names of the tables of records (of those that share one supertype's count)."""

    def __init__(self, supertype: type[Record] | None = None, *others: str):
        self.supertype, self.others = supertype, others

    def __iter__(self) -> Iterator[str]:
        kinds = [mapper.class_ for mapper in Base.registry.mappers]
        named = {
            kind.__tablename__
            for kind in kinds
            if kind.table_kind == "record"
            and self.supertype in (None, getattr(kind, "supertype", None))
        }
        return iter(sorted(named.union(self.others)))


class Fold(Base):
    """A cache of records: only acts write it, `rebuild` makes it anew, verification compares."""

    __abstract__ = True
    table_kind = "fold"


class Log(Base):
    """Only ever inserted, like a record, but no part of the trail: what was read and by whom."""

    __abstract__ = True
    table_kind = "log"


class Working(Base):
    """Sessions, drafts, outbox: holds no record."""

    __abstract__ = True
    table_kind = "working"


class Session(orm.Session):
    """SQLAlchemy's session, with its ledger and what is kept on the shelf of its database."""

    def __init__(
        self, *arguments: Any, kept: Kept | None = None, shelf: Shelf | None = None, **words: Any
    ) -> None:
        super().__init__(*arguments, **words)
        self.ledger = Ledger(self, kept)
        self.shelf = Handed(shelf or Shelf())

    def rows(self, asked: Executable, values: Mapping[str, Any] = NOTHING) -> Sequence[Row[Any]]:
        """The rows of a question about columns.

        No object is made of them, so the object layer is not asked, which takes half the time.
        """
        self.ledger.write()
        return self.connection().execute(asked, values).all()


class ReadSession(Session):
    """For questions only: a flush that would write is refused."""


class WriteSession(Session):
    """For one act; `integrity.trail` guards what it may commit."""

    def flush(self, objects: Sequence[Any] | None = None) -> None:
        """Write what waits in the ledger, then the changed rows of working tables."""
        self.ledger.write()
        super().flush(objects)


@event.listens_for(WriteSession, "do_orm_execute")
def _write_before_asking(state: orm.ORMExecuteState) -> None:
    assert isinstance(state.session, WriteSession)
    state.session.ledger.write()


@event.listens_for(ReadSession, "before_flush")
def _refuse_writing(session: Session, *_: Any) -> None:
    if session.new or session.dirty or session.deleted:
        raise RuntimeError(
            "A reading session tried to write; only acts write, inside Database.writing()."
        )


class Database:
    """One database behind one URL: `sqlite:///path` or `postgresql+psycopg://…`."""

    def __init__(self, url: str, *, patience: int = PATIENCE) -> None:
        """`patience` is for how many seconds the writer's turn is waited for."""
        self.url = url
        self.patience = patience
        self.engine = open_engine(url, patience=patience)
        self._writer = self.engine.execution_options(writing=True)
        self._turn = threading.Lock()
        self._kept: Kept | None = None
        self._seen: Kept | None = None
        self._shelf = Shelf()
        # (what the clock said, the steady seconds beside it) at the act before, for integrity.clock
        self.beat: tuple[datetime, float] | None = None

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for questions; nothing of it is written.

        What was learnt before is believed only while the newest event is the one of that time.
        """
        session = ReadSession(self.engine, autoflush=False, kept=self._seen, shelf=self._shelf)
        try:
            yield session
        finally:
            session.close()
        self._learn(session.ledger.keep())
        session.shelf.hand_over()

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """The one transaction of one act.

        Commits when the block ends, leaves nothing when it raises. What was learnt is kept for the
        next one, which believes it only while no event was written in between. Raises WriterBusy,
        or what the database says, where others write for too long.
        """
        with self._own_turn():
            session = WriteSession(
                self._writer, expire_on_commit=False, kept=self._kept, shelf=self._shelf
            )
            self._kept = None
            try:
                yield session
                session.commit()
                self._kept = session.ledger.keep()
                self._learn(self._kept)
            except BaseException:
                session.rollback()
                raise
            finally:
                session.close()
            session.shelf.hand_over()

    @contextmanager
    def alone(self, duty: int) -> Iterator[bool]:
        """Whether this process may do what only one of several does at a time; the others are told
        so and do not wait. A SQLite has one process.
        """
        if self.engine.dialect.name == "sqlite":
            yield True
            return
        with self.engine.connect() as opened:
            connection = opened.execution_options(isolation_level="AUTOCOMMIT")
            asked = f"SELECT pg_try_advisory_lock({duty})"
            is_mine = bool(connection.exec_driver_sql(asked).scalar())
            try:
                yield is_mine
            finally:
                if is_mine:
                    connection.exec_driver_sql(f"SELECT pg_advisory_unlock({duty})")

    @contextmanager
    def _own_turn(self) -> Iterator[None]:
        if not self._turn.acquire(timeout=self.patience):
            raise WriterBusy
        try:
            yield
        finally:
            self._turn.release()

    def _learn(self, kept: Kept | None) -> None:
        """Pages begin with what was learnt at the newest event of which this process knows."""
        if kept and (self._seen is None or kept.head.seq >= self._seen.head.seq):
            self._seen = kept

    def close(self) -> None:
        self.engine.dispose()


def open_engine(url: str, *, patience: int = PATIENCE, **words: Any) -> Engine:
    """The engine behind a URL, with the house's pragmas and its ways to begin a transaction."""
    if url.startswith("sqlite"):
        engine = create_engine(
            url, connect_args={"check_same_thread": False, "timeout": patience}, **words
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        reached = {"connect_timeout": REACHED, "tcp_user_timeout": REACHED * 1000}
        engine = create_engine(
            url, pool_pre_ping=True, connect_args=reached, pool_timeout=patience, **words
        )
        event.listen(engine, "begin", _begin_postgresql(patience))
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = (
        None  # we say BEGIN ourselves: the driver's own BEGIN loses updates silently
    )
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "recursive_triggers=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Any) -> None:
    writing = connection.get_execution_options().get("writing")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _begin_postgresql(patience: int) -> Callable[[Any], None]:
    turn = f"SET LOCAL lock_timeout = '{patience}s'; SELECT pg_advisory_xact_lock({WRITER_LOCK})"

    def begin(connection: Any) -> None:
        if connection.get_execution_options().get("writing"):
            connection.exec_driver_sql(turn)

    return begin


__all__ = [
    "Base",
    "By",
    "Database",
    "Document",
    "Fold",
    "Instant",
    "Log",
    "Number",
    "Record",
    "Working",
    "YesNo",
]
