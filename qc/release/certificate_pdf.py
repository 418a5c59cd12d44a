"""The certificate on paper, drawn from its document alone.

The same document gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reportlab.platypus import Flowable

from labels import symbols
from paper import blocks, frame
from paper.tables import Column, Verdict, table
from qc.release.situation import FINAL

RESULT_COLUMNS = (
    Column("Test", 22),
    Column("Method", 22),
    Column("Limit", 20, mono=True, right=True),
    Column("As measured", 22, mono=True, right=True),
    Column("As judged", 22, mono=True, right=True),
    Column("Verdict", 14),
)


def draw(said: dict[str, Any]) -> bytes:
    """The PDF of one version of a certificate."""
    statement = said["statement"]
    number = f"{said['number']} v{said['version']}"
    return frame.document(
        statement["product"],
        statement["kind"],
        number,
        _story(said),
        demonstration=statement["demonstration"] == "yes",
        footer=_footer(said),
        symbol=symbols.symbol(said["address"]),
    )


def _story(said: dict[str, Any]) -> list[Flowable]:
    statement = said["statement"]
    return [
        blocks.facts_grid([(label, value) for label, value in statement["identity"]]),
        _band(statement),
        *([blocks.paragraph(_supersedes(said))] if said["supersedes"] else []),
        *blocks.section(f"Results against specification {statement['specification']}"),
        table(RESULT_COLUMNS, _results(statement["results"])),
        *_pending(statement["pending"]),
        *_untested(statement["untested"]),
        *blocks.section("Deviations"),
        table(
            [
                Column("Number", 13, mono=True),
                Column("Class", 9),
                Column("What happened and how it was judged", 66),
            ],
            [
                (each["code"], each["class"], f"{each['text']} {each['state'].capitalize()}.")
                for each in statement["deviations"]
            ],
            empty="No deviation was opened.",
        ),
        *blocks.section("Corrections"),
        table(
            [
                Column("Mark", 6),
                Column("Where", 26),
                Column("What", 36),
                Column("Why, who, when", 34),
            ],
            [_correction(each) for each in statement["corrections"]],
            empty="No entry was corrected.",
        ),
        blocks.together(  # a signature does not stand on a page of its own
            blocks.heading("Donor, storage, containers"),
            _conditions(statement),
            blocks.heading("Statement and signatures"),
            blocks.paragraph(statement["declaration"]),
            blocks.gap(4),
            blocks.signatures(said["signatures"]),
        ),
    ]


def _band(statement: dict[str, Any]) -> Flowable:
    if statement["stage"] == FINAL:
        return blocks.band("Released", "every required result conforms", "accepted")
    late = len(statement["pending"])
    return blocks.band(
        "Released at stage 1", f"{late} late test{'s' if late != 1 else ''} pending", "accepted"
    )


def _supersedes(said: dict[str, Any]) -> str:
    return (
        "This version supersedes version "
        f"{said['supersedes']}.{' Reason: ' + said['reason'] if said['reason'] else ''}"
    )


def _results(results: Sequence[dict[str, str]]) -> list[tuple[str, str, str, str, str, Verdict]]:
    return [
        (
            each["test"],
            each["method"],
            each["limit"],
            each["measured"],
            each["result"],
            Verdict(each["verdict"], each["tone"]),
        )
        for each in results
    ]


def _pending(pending: Sequence[dict[str, str]]) -> list[Flowable]:
    if not pending:
        return []
    return [
        *blocks.section("Pending"),
        table(
            [Column("Late test", 40), Column("Final not before", 60, mono=True)],
            [(each["test"], each["due"]) for each in pending],
        ),
    ]


def _untested(untested: Sequence[dict[str, str]]) -> list[Flowable]:
    if not untested:
        return []
    return [
        *blocks.section("Samples not tested"),
        table(
            [
                Column("Test", 26),
                Column("Sample", 20, mono=True),
                Column("Why, and who signed", 54),
            ],
            [
                (each["test"], each["sample"], f"{each['why']}. {each['reason']}. {each['name']}")
                for each in untested
            ],
        ),
    ]


def _correction(said: dict[str, str]) -> tuple[str, str, str, str]:
    return (
        said["mark"],
        said["place"],
        f"{said['label']}: {said['was']} → {said['becomes']}",
        f"{said['reason'].rstrip('.')}. {said['by']}, {said['at']}",
    )


def _conditions(statement: dict[str, Any]) -> Flowable:
    rows = [
        ("Donor eligibility", statement["eligibility"]),
        ("Storage", statement["storage"]),
        ("Expiry", statement["expiry"]),
    ]
    rows += [("Container", f"{each['code']} · {each['what']}") for each in statement["containers"]]
    return table([Column("Subject", 20), Column("Statement", 80)], rows)


def _footer(said: dict[str, Any]) -> list[str]:
    statement = said["statement"]
    return [
        f"Audit chain at the release: event {said['head']['seq']}, {said['head']['hash']}",
        f"Facts SHA-256 {said['facts_sha256']}",
        f"Master record {statement['master']}, SHA-256 {statement['master_sha256']}",
        f"Specification {statement['specification']}, SHA-256 {statement['specification_sha256']}",
        f"Issued {said['issued']} · {said['program']} · drawn from the signed facts only",
        f"Compare number, version and the short digest {said['facts_sha256'][:12]} with the page "
        "behind the QR; it also checks this file.",
    ]
