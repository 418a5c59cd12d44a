"""From scan to page in this process, with few and with many containers.

Verification against its ceiling.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import text

from benchmarks.stopwatch import best, line, percentiles, seconds
from demonstration.laboratory import Laboratory
from integrity import trail
from integrity.verification import verify
from labels import codes

FEW, MANY, SCANS = 1_000, 100_000, 300


def scans(laboratory: Laboratory, create_app: Callable[..., Any]) -> Iterator[str]:
    """GET /scan and the page it leads to, signed in, for containers spread over all of them."""
    client = _signed_in(laboratory, create_app)
    few = _after_growing(laboratory, client, FEW)
    many = _after_growing(laboratory, client, MANY)
    growth = many[0] / few[0]
    for count, (middle, slow) in ((FEW, few), (MANY, many)):
        yield line(
            f"scan to page, {count:,} labelled containers",
            f"p50 {middle:.1f} ms, p95 {slow:.1f} ms",
            "goal p50 <= 6 ms",
            middle <= 6,
        )
    yield line("   growth of p50", f"{growth:.2f}x", "goal <= 1.2x", growth <= 1.2)


def _signed_in(laboratory: Laboratory, create_app: Callable[..., Any]) -> Any:
    client = create_app(laboratory.database, "only for the length of a benchmark").test_client()
    _, username, password = laboratory.staff.sign_ins[0]
    page = client.get("/sign-in").get_data(as_text=True)
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    client.post(
        "/sign-in",
        data={
            "csrf_token": found.group(1) if found else "",
            "entry_id": "benchmark-1",
            "username": username,
            "password": password,
        },
    )
    return client


def _after_growing(laboratory: Laboratory, client: Any, count: int) -> tuple[float, float]:
    known = _grow(laboratory, count)
    wanted = [known[number * len(known) // SCANS] for number in range(SCANS)]
    for code in wanted[:20]:
        client.get(f"/scan?code={code}", follow_redirects=True)
    samples = []
    for code in wanted:
        samples.append(
            seconds(lambda code=code: client.get(f"/scan?code={code}", follow_redirects=True))
            * 1000
        )  # type: ignore[misc]
    return percentiles(samples)


def _grow(laboratory: Laboratory, count: int) -> list[str]:
    """Containers as rows, straight into the tables.

    Only the page is measured here, on a database that is thrown away.
    """
    with laboratory.database.engine.begin() as connection:
        have = (
            connection.execute(text("SELECT count(*) FROM containers WHERE kind = 'vial'")).scalar()
            or 0
        )
        top = connection.execute(text("SELECT max(id) FROM containers")).scalar() or 0
        seq = connection.execute(text("SELECT max(seq) FROM events")).scalar() or 0
        at = "2026-01-01T00:00:00.000Z"
        made = [
            (top + n, codes.make("V", 25, have + n).bare, seq + n)
            for n in range(1, count - have + 1)
        ]
        _insert(
            connection,
            "INSERT INTO containers (id, code, kind, scope, parent_id, title, made_at, details) "
            "VALUES "
            "(:id, :code, 'vial', 'B25000118', NULL, 'Vial', :at, '{}')",
            [{"id": i, "code": c, "at": at} for i, c, _ in made],
        )
        _insert(
            connection,
            "INSERT INTO states (subject_kind, subject_key, axis, state, since) VALUES "
            "('containers', :key, 'disposition', 'quarantine', :at)",
            [{"key": str(i), "at": at} for i, _, _ in made],
        )
        _insert(
            connection,
            "INSERT INTO events (seq, at, action, username, subject_kind, subject_key, scope, "
            "entry_id, content, digest, "
            "previous, hash) VALUES (:seq, :at, 'container.created', 'x', 'containers', :key, "
            "'B25000118', NULL, "
            ":content, 'x', 'x', 'x')",
            [{"seq": s, "at": at, "key": str(i), "content": CONTENT} for i, _, s in made],
        )
        return [
            row[0]
            for row in connection.execute(
                text("SELECT code FROM containers WHERE kind = 'vial' ORDER BY id")
            )
        ]


CONTENT = json.dumps(
    {
        "actor": {"name": "x", "username": "x", "role": "x"},
        "details": {},
        "reason": None,
        "clock": "server",
        "subject": ["", ""],
        "zone": "UTC",
        "scope": None,
    }
)


def _insert(connection: Any, statement: str, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(text(statement), rows)


def verification(laboratory: Laboratory) -> Iterator[str]:
    """Trail and rows, against reading, writing canonically and hashing the same rows and nothing
    more.
    """
    with laboratory.database.reading() as session:
        report = verify(session)
        spent = best(lambda: verify(session))
        texts = _same_rows(session)
    ceiling = best(lambda: _ceiling(texts))
    share = ceiling / spent
    yield line(
        f"verification of {report.events:,} events and {report.rows:,} rows",
        f"{spent * 1000:,.0f} ms; ceiling {ceiling * 1000:,.0f} ms: {share:.0%}",
        "goal >= 50 %",
        share >= 0.5 and report.whole,
    )


def _same_rows(session: Any) -> list[str]:
    texts = []
    for table in [*trail.record_tables(), trail.Event.__table__]:
        for row in session.execute(text(f"SELECT * FROM {table.name}")):
            plain = {
                name: value.hex() if isinstance(value, bytes) else value
                for name, value in row._mapping.items()
            }
            texts.append(json.dumps(plain, ensure_ascii=False))
    return texts


def _ceiling(texts: list[str]) -> None:
    for each in texts:
        hashlib.sha256(
            json.dumps(
                json.loads(each), sort_keys=True, separators=(",", ":"), ensure_ascii=False
            ).encode()
        ).hexdigest()
