"""Containers.

Codes of their series, parents that lead to the jar, dispositions that follow the batch.
"""

import pytest

from integrity import states
from integrity.acts import Act
from integrity.findings import Refused
from integrity.trail import SYSTEM
from stores import containers
from tests.makers.stores import make_container
from tests.makers.subjects import scope_named


@pytest.fixture
def line(database, clock):
    """jar → tissue → two flasks → a final container, and a sample of it."""
    with database.writing() as session:
        words = {"by": SYSTEM, "at": clock()}
        jar = make_container(session, "jar", scope="C260000117", **words)
        tissue = make_container(session, "tissue", jar, **words)
        flasks = [
            make_container(session, "flask", tissue, **words, area="175", passage="0")
            for _ in range(2)
        ]
        final = make_container(session, "final", flasks[0], **words)
        sample = make_container(session, "sample", final, **words, tests=["viability"])
    return [jar, tissue, *flasks, final, sample]


def codes_of(found):
    return [each.code for each in found]


def test_each_kind_has_its_series_and_begins_in_quarantine(database, line):
    assert [each.code[0] for each in line] == ["J", "F", "F", "F", "P", "S"]
    with database.reading() as session:
        assert set(containers.dispositions(session, line).values()) == {"quarantine"}
        assert containers.by_code(session, line[2].code).details == {"area": "175", "passage": "0"}
        assert codes_of(containers.of_scope(session, "B26000154", "flask")) == codes_of(line[2:4])
        assert len(containers.of_scope(session, "B26000154")) == 5


def test_from_any_container_the_way_back_and_the_way_forward_are_complete(database, line):
    jar, tissue, one, other, final, sample = line
    with database.reading() as session:
        assert codes_of(containers.ancestors(session, sample)) == codes_of(
            [jar, tissue, one, final]
        )
        assert codes_of(containers.descendants(session, jar)) == codes_of(line[1:])
        assert containers.ancestors(session, jar) == containers.descendants(session, other) == []
        for each in line:
            for child in containers.descendants(session, each):
                assert each.code in codes_of(containers.ancestors(session, child))


def test_an_unknown_kind_and_an_unknown_parent_are_refused(database, clock):
    with database.writing() as session:
        with pytest.raises(Refused, match="no kind of container"):
            make_container(session, "bucket", by=SYSTEM, at=clock())
        with pytest.raises(Refused, match="not on record"):
            containers.create(
                Act(session, SYSTEM, clock()),
                kind="flask",
                scope=scope_named(session, "B26000154"),
                parent_id=99,
                title="",
                details={},
            )


@pytest.mark.parametrize(
    ("before", "allowed"),
    [("quarantine", True), ("under_review", False), ("rejected", True), ("released", False)],
)
def test_from_hold_a_container_returns_to_what_it_was_or_is_rejected(
    database, clock, line, before, allowed
):
    why = "Incubator alarm in the night."
    with database.writing() as session:
        containers.set_disposition(Act(session, SYSTEM, clock()), line[2].id, "on_hold", reason=why)
        if not allowed:
            with pytest.raises(Refused, match="cannot become"):
                containers.set_disposition(
                    Act(session, SYSTEM, clock()), line[2].id, before, reason=why
                )
            return
        containers.set_disposition(Act(session, SYSTEM, clock()), line[2].id, before, reason=why)
        assert states.of(session, line[2], "disposition") == before


def test_containers_follow_their_batch_and_one_on_hold_only_to_what_is_stricter(
    database, clock, line
):
    why = "As the batch."
    with database.writing() as session:
        containers.set_disposition(Act(session, SYSTEM, clock()), line[2].id, "on_hold", reason=why)
        containers.set_disposition(
            Act(session, SYSTEM, clock()), line[3].id, "rejected", reason=why
        )
        moved = containers.follow(
            Act(session, SYSTEM, clock()), "B26000154", "under_review", reason=why
        )
        assert {each.kind for each in moved} == {
            "final"
        }  # a used flask or a sample is not released with its batch
        assert (
            containers.follow(
                Act(session, SYSTEM, clock()), "B26000154", "under_review", reason=why
            )
            == []
        )
        containers.follow(Act(session, SYSTEM, clock()), "B26000154", "released", reason=why)
        assert containers.dispositions(session, line)[line[2].id] == "on_hold"
        containers.follow(Act(session, SYSTEM, clock()), "B26000154", "recalled", reason=why)
        where = containers.dispositions(session, line)
    assert [(each.kind, where[each.id]) for each in line] == [
        ("jar", "quarantine"),
        ("tissue", "quarantine"),
        ("flask", "recalled"),
        ("flask", "rejected"),
        ("final", "recalled"),
        ("sample", "quarantine"),
    ]
