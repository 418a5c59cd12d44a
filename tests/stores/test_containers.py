"""Containers.

Codes of their series, parents that lead to the jar, dispositions that follow the batch.
"""

import pytest
from sqlalchemy.exc import IntegrityError

from integrity import states
from integrity.acts import Act
from integrity.findings import Refused
from integrity.quantities import Quantity
from integrity.trail import SYSTEM
from stores import containers, family
from stores.containers import Container, ContainerParent
from tests.makers.stores import make_container
from tests.templates import MORNING


@pytest.fixture
def line(database, clock):
    """jar → tissue → two flasks → a final container, and a sample of it."""
    with database.writing() as session:
        words = {"by": SYSTEM, "at": clock()}
        jar = make_container(session, "jar", scope="C260000117", **words)
        tissue = make_container(session, "tissue", jar, **words)
        flasks = [
            make_container(session, "flask", tissue, **words, area=Quantity("175.0", "cm2"))
            for _ in range(2)
        ]
        final = make_container(session, "final", flasks[0], **words)
        sample = make_container(
            session, "sample", final, **words, sample_kind="cells", tests=["viability"]
        )
    return [jar, tissue, *flasks, final, sample]


def codes_of(found):
    return [each.code for each in found]


def made_of(session, container_id):
    return session.rows(family.CHILDREN, {"of": container_id})


def made_from(session, container):
    """The codes of everything that was made from a container, page by page downwards."""
    found = made_of(session, container.id)
    return {each.code for each in found}.union(*(made_from(session, each) for each in found))


def test_each_kind_has_its_series_and_begins_in_quarantine(database, line):
    assert [each.code[0] for each in line] == ["J", "F", "F", "F", "P", "S"]
    with database.reading() as session:
        assert set(containers.dispositions(session, line).values()) == {"quarantine"}
        assert str(containers.by_code(session, line[2].code).area) == "175.0 cm²"
        assert containers.tests_of(session, [line[5].id, line[2].id]) == {
            line[5].id: ["viability"],
            line[2].id: [],
        }
        assert codes_of(containers.of_scope(session, "B26000154", "flask")) == codes_of(line[2:4])
        assert len(containers.of_scope(session, "B26000154")) == 5


def test_from_any_container_the_way_back_and_the_way_forward_are_complete(database, line):
    jar, tissue, one, other, final, sample = line
    with database.reading() as session:
        way = [jar, tissue, one, final, sample]
        assert codes_of(family.line_to(session, sample.code)) == codes_of(way)
        assert made_from(session, jar) == set(codes_of(line[1:]))
        assert codes_of(family.line_to(session, jar.code)) == [jar.code]
        assert made_from(session, other) == set()
        assert family.line_to(session, "F26999901") == []
        for each in line:
            for child in made_from(session, each):
                assert each.code in codes_of(family.line_to(session, child))


def test_an_unknown_kind_and_an_unknown_parent_are_refused(database, clock):
    with database.writing() as session:
        with pytest.raises(Refused, match="no kind of container"):
            make_container(session, "bucket", by=SYSTEM, at=clock())
        with pytest.raises(Refused, match="not on record"):
            make_container(session, "flask", Container(id=99), by=SYSTEM, at=clock())


def test_what_is_pooled_has_all_its_parents_and_each_knows_how_much_it_gave(database, clock, line):
    _, _, one, other, _, _ = line
    with database.writing() as session:
        pool = make_container(
            session, "final", one, other, by=SYSTEM, at=clock(), taken=Quantity("5.0", "mL")
        )
        assert [each.parent_id for each in family.parents(session, [pool.id])[pool.id]] == [
            one.id,
            other.id,
        ]
        for parent in (one, other):
            assert pool.code in codes_of(made_of(session, parent.id))
    with database.reading() as session:
        links = family.parents(session, [pool.id, line[0].id])
        assert [str(each.quantity) for each in links[pool.id]] == ["5.0 mL", "5.0 mL"]
        assert links[line[0].id] == []
        assert codes_of(family.line_to(session, pool.code)) == codes_of([*line[:4], pool])


@pytest.mark.parametrize(
    "row",
    [
        {"child_id": "last", "parent_id": 9_999},
        {"child_id": 9_999, "parent_id": "first"},
        {"child_id": "first", "parent_id": "last"},
        {"child_id": "last", "parent_id": "last"},
        {"child_id": "last", "parent_id": "first", "entry_id": 9_999},
        {"child_id": "last", "parent_id": "first", "quantity_text": "5"},
    ],
    ids=["no parent", "no child", "younger", "itself", "no entry", "no unit"],
)
def test_the_database_refuses_a_link_that_leads_nowhere_or_in_a_circle(database, line, row):
    known = {"first": line[0].id, "last": line[-1].id}
    values = {name: known.get(value, value) for name, value in row.items()}
    with pytest.raises(IntegrityError), database.writing() as session:
        session.ledger.add_row(ContainerParent, values)
        Act(session, SYSTEM, MORNING).say("containers.created", line[-1])


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


def follow(act: Act, state: str) -> list[Container]:
    """The containers of the batch go with it."""
    going = containers.following(act.session, ["B26000154"], state)["B26000154"]
    return containers.follow(act, going, reason="As the batch.")


def test_containers_follow_their_batch_and_one_on_hold_only_to_what_is_stricter(
    database, clock, line
):
    why = "As the batch."
    with database.writing() as session:
        containers.set_disposition(Act(session, SYSTEM, clock()), line[2].id, "on_hold", reason=why)
        containers.set_disposition(
            Act(session, SYSTEM, clock()), line[3].id, "rejected", reason=why
        )
        moved = follow(Act(session, SYSTEM, clock()), "under_review")
        assert {each.kind for each in moved} == {
            "final"
        }  # a used flask or a sample is not released with its batch
        assert follow(Act(session, SYSTEM, clock()), "under_review") == []
        follow(Act(session, SYSTEM, clock()), "released")
        assert containers.dispositions(session, line)[line[2].id] == "on_hold"
        follow(Act(session, SYSTEM, clock()), "recalled")
        where = containers.dispositions(session, line)
    assert [(each.kind, where[each.id]) for each in line] == [
        ("jar", "quarantine"),
        ("tissue", "quarantine"),
        ("flask", "recalled"),
        ("flask", "rejected"),
        ("final", "recalled"),
        ("sample", "quarantine"),
    ]
