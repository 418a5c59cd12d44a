"""What the law of a site's readiness looks at, gathered from the installation as it is now."""

from __future__ import annotations

import shutil
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import func, select

from documents import contents
from integrity import authority, doubts, schema, site, trail
from integrity.authority import Certificate
from integrity.database import Session
from integrity.installation import Place
from integrity.post import Post, reached
from integrity.reach import is_loopback
from labels.print_register import LabelPrint
from readiness import beginning
from readiness.rules import Facts

NEWEST = "newest-backup"  # in the data directory: when ./run backup was last done, and where
# What a certificate says of its maker: its setting, and what it is.
MAKER = (
    (site.SettingName.SITE, "the name of the site"),
    (site.SettingName.ADDRESS, "its postal address"),
    (site.SettingName.AUTHORISATION, "its manufacturing authorisation"),
)
# What a dump and a backup are called by those who make them; a folder may hold other things.
ENDINGS = (".db", ".dump", ".sql", ".backup", ".gz", ".zst")


def gather(session: Session, here: Place, post: Post | None, backups: str, at: datetime) -> Facts:
    """Everything, in a few questions; the mail server is asked whether it answers."""
    settings = site.settings(session)
    made_at, folder = newest_backup(here.data, backups)
    held = beginning.in_force(session, at)
    documents = [
        (each.named, bool(contents.of(session, each).demonstration))
        for found in held.values()
        for each in found
    ]
    return Facts(
        at=at,
        address=here.reach.address,
        is_loopback=is_loopback(urlsplit(here.reach.address).hostname or ""),
        has_proxies=bool(here.reach.proxies),
        certificate=_certificate(here),
        is_clock_doubted=doubts.of_clock(session),
        newest_event=trail.head(session).at,
        backup_at=made_at,
        backups_in=folder,
        mail=f"{post.host}:{post.port}" if post else "",
        mail_fault=_mail_fault(post) if post else "",
        printed_at=session.scalar(select(func.max(LabelPrint.at))),
        free=shutil.disk_usage(here.data).free,
        is_schema_current=schema.is_current(session.connection()),
        is_demonstration=settings[site.SettingName.DEMONSTRATION] == site.YES,
        unstated=[said for name, said in MAKER if settings[name] == site.DEFAULTS[name]],
        documents=documents,
        beginning=beginning.gather(session, held, at),
    )


def _certificate(here: Place) -> Certificate | None:
    return authority.read(here.reach.pair.certificate) if here.reach.pair else None


def newest_backup(data: Path, folder: str) -> tuple[datetime | None, str]:
    """When the newest backup was made, and where: of the folder that the site names, or else of
    the last one that was made here."""
    if folder:
        files = [each for each in Path(folder).glob("*") if each.name.endswith(ENDINGS)]
        newest = max((each.stat().st_mtime for each in files), default=None)
        return (datetime.fromtimestamp(newest, UTC) if newest is not None else None), folder
    try:
        said, _, where = (data / NEWEST).read_text(encoding="utf-8").partition("\n")
        return datetime.fromisoformat(said), str(Path(where.strip()).parent)
    except (OSError, ValueError):
        return None, ""


def note_backup(data: Path, target: Path, at: datetime) -> None:
    """Remember that a backup was made; no record, only for whoever asks what a site lacks: where it
    cannot be kept the backup is none the worse.
    """
    with suppress(OSError):
        (data / NEWEST).write_text(f"{at.isoformat()}\n{target}\n", encoding="utf-8")


def _mail_fault(post: Post) -> str:
    try:
        with reached(post):
            return ""
    except OSError as fault:
        return f"{fault}"[:200]
