"""Whether what is made here is for show: the site is a demonstration, or something that the batch
rests on says of itself that it is one.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from documents import contents, rules
from integrity import site
from integrity.database import Session
from manufacturing.execution.batches import Batch
from stores import marks


def is_for_show(session: Session, batch: Batch) -> bool:
    """By the site's setting, the batch's master record and the specification it began with."""
    resting = (
        (batch.master_id, batch.sha256),
        (batch.specification_id, batch.specification_sha256),
    )
    site_says = site.settings(session)[site.SettingName.DEMONSTRATION] == site.YES
    return rules.is_for_show(
        site_says, (contents.is_demonstration(session, *each) for each in resting)
    )


def scopes(session: Session, codes: Iterable[str]) -> set[str]:
    """Those of these codes that are batches made for show, in one query."""
    found = session.scalars(select(Batch).where(Batch.code.in_(sorted(set(codes)))))
    return {batch.code for batch in found if is_for_show(session, batch)}


marks.declare(scopes)
