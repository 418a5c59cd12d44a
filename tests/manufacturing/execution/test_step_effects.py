"""What a step brings about: containers with their parents and quantities, samples with their tests,
each under the entry that made it.
"""

import pytest

from integrity.acts import Act
from integrity.facts import shown
from integrity.findings import Refused
from integrity.trail import Event
from manufacturing.donation.donations import Cord, Donor
from stores import containers, family, holds, lot_uses, lots
from stores.actions import ContainerAction
from tests.makers import fates
from tests.makers.people import entry_id, sign_in
from tests.makers.steps import SMALL, find_small, make_small, refused, rows, whole

SAMPLE = 'tests = ["sterility"], parents = ["seed.flasks"]'
SEED = 'kind = "flask", parents = ["jar"]'
HARVEST = '  { id = "since", type = "calculation"'
POOLED = SMALL.replace(
    HARVEST,
    '  { id = "given", type = "measurement", unit = "mL", label = { en = "Drawn from each" } },\n'
    '  { id = "pool", type = "vessels", kind = "vial", parents = ["seed.flasks"], taken = "given",'
    ' label = { en = "Pool" } },\n' + HARVEST,
).replace(SEED, 'kind = "flask", parents = ["seed.flasks", "jar"]')
WHY = "Its medium has turned cloudy overnight."
DRAWN = {"harvested": {"given": "7.50", "pool": "1"}}


@pytest.fixture
def pooled(database, clock):
    """A batch on a record that pools the flasks of the last passage."""
    return make_small(database, clock, record=POOLED)


@pytest.fixture
def small(database, clock):
    return find_small(database, clock)


def parents_of(small, found):
    with small.database.reading() as session:
        return family.parents(session, [each.id for each in found])


@pytest.mark.state("small")
def test_vessels_and_samples_get_their_codes_and_their_parents(small):
    small.walk(until="counted")
    flasks, [sample] = small.containers("flask"), small.containers("sample")
    assert small.now().at(small.position("seed")).values["flasks"]["codes"] == [
        flask.code for flask in flasks
    ]
    assert len(flasks) == 2
    assert [str(flask.area) for flask in flasks] == ["175 cm²"] * 2
    seed, sampled = (small.now().at(small.position(name)) for name in ("seed", "sampled"))
    assert {(flask.entry_id, flask.field) for flask in flasks} == {(seed.id, "flasks")}
    assert (sample.entry_id, sample.field) == (sampled.id, "sterility")
    with small.database.reading() as session:
        assert containers.tests_of(session, [sample.id]) == {sample.id: ["sterility"]}
        links = family.parents(session, [flasks[0].id, sample.id])
        [jar] = containers.of_scope(session, small.batch.cord_code, "jar")
    assert [each.parent_id for each in links[flasks[0].id]] == [jar.id]
    assert [each.parent_id for each in links[sample.id]] == [flask.id for flask in flasks]
    assert {each.entry_id for each in links[sample.id]} == {sampled.id}


def test_what_is_pooled_names_every_flask_and_how_much_each_gave(pooled):
    pooled.walk(until="dose", typed={**DRAWN, "seed": {"flasks": "3"}})
    flasks, [pool] = pooled.containers("flask"), pooled.containers("vial")
    links = parents_of(pooled, [pool])[pool.id]
    assert [each.parent_id for each in links] == [flask.id for flask in flasks]
    assert [str(each.quantity) for each in links] == ["7.50 mL"] * 3
    harvested = pooled.now().at(pooled.position("harvested"))
    assert {each.entry_id for each in links} == {harvested.id}
    with pooled.database.reading() as session:
        said = (
            session.query(Event).filter_by(action=ContainerAction.CONTAINERS_CREATED).all()[-1].said
        )
        assert said["details"]["codes"] == [pool.code]
        assert said["details"]["parents"] == [flask.code for flask in flasks]
        assert codes_of(family.line_to(session, pool.code))[1:-1] == codes_of(flasks)
    assert whole(pooled)


def codes_of(found):
    return [each.code for each in found]


def test_a_passage_is_taken_from_all_flasks_of_the_one_before(pooled):
    pooled.walk(until="dose", typed={**DRAWN, "seed": {"flasks": "3"}}, passages=2)
    flasks, [pool] = pooled.containers("flask"), pooled.containers("vial")
    first, second = flasks[:3], flasks[3:]
    links = parents_of(pooled, [*second, pool])
    for flask in second:
        assert [each.parent_id for each in links[flask.id]] == [each.id for each in first]
    assert [each.parent_id for each in links[pool.id]] == [each.id for each in second]


@pytest.mark.req("EBR-08", "TRC-01")
@pytest.mark.parametrize("cycle", [1, 2])
def test_a_flask_that_a_correction_adds_was_taken_from_what_its_siblings_were_taken_from(
    pooled, cycle
):
    pooled.walk(until="dose", typed={**DRAWN, "seed": {"flasks": "3"}}, passages=2)
    pooled.correct(pooled.now().at(pooled.position("seed", cycle=cycle)), {"flasks": "4"})
    *flasks, added = pooled.containers("flask")
    sibling = flasks[3 * (cycle - 1)]
    links = parents_of(pooled, [sibling, added])
    assert [each.parent_id for each in links[added.id]] == [
        each.parent_id for each in links[sibling.id]
    ]
    assert whole(pooled)


@pytest.mark.state("small")
@pytest.mark.req("EBR-08", "TRC-01")
def test_a_sample_that_was_pulled_after_all_came_from_the_passage_it_stands_in(small):
    small.walk(until="counted", left_out=("sampled",))
    first, left_out = small.containers("flask"), small.now().at(small.position("sampled"))
    small.walk(until="dose", passages=2)
    small.correct(left_out, {}, comment="It was done after all.")
    sample = small.containers("sample")[-1]
    links = parents_of(small, [sample])[sample.id]
    assert [each.parent_id for each in links] == [each.id for each in first]


@pytest.mark.parametrize(("flasks", "quantities"), [("1", ["0.20 mL"]), ("2", ["None", "None"])])
def test_what_is_drawn_of_a_sample_is_no_quantity_of_each_of_several_parents(
    database, clock, flasks, quantities
):
    drawn = SAMPLE.replace("tests", 'volume = { value = "0.20", unit = "mL" }, tests')
    small = make_small(database, clock, record=SMALL.replace(SAMPLE, drawn))
    small.walk(until="counted", typed={"seed": {"flasks": flasks}})
    [sample] = small.containers("sample")
    links = parents_of(small, [sample])[sample.id]
    assert [str(each.quantity) for each in links] == quantities
    assert small.now().at(small.position("sampled")).values["sterility"]["volume"] == "0.20"


@pytest.mark.state("small")
@pytest.mark.req("REL-02")
@pytest.mark.parametrize("which", ["cord", "donor"])
def test_nothing_is_taken_from_the_jar_while_its_cord_or_the_donor_is_on_hold(small, which):
    small.walk(until="seed")
    with small.database.writing() as session:
        cord = session.get_one(Cord, small.batch.cord_id)
        held = cord if which == "cord" else session.get_one(Donor, cord.donor_id)
        act = Act(session, small.people["technician"], small.clock(), entry_id())
        holds.put(act, held, held.itself, WHY, said=WHY)
    refused(small, "seed", says="cord or its donor is on hold")
    assert small.containers("flask") == []


@pytest.mark.req("REL-02")
def test_no_passage_is_taken_from_a_flask_that_somebody_put_on_hold(pooled):
    pooled.walk(until="harvested", typed=DRAWN)
    flask = pooled.containers("flask")[0]
    with pooled.database.writing() as session:
        act = Act(session, pooled.people["technician"], pooled.clock(), entry_id())
        holds.put(act, session.get_one(containers.Container, flask.id), flask.within, WHY, said=WHY)
    with pytest.raises(Refused, match="Nothing is taken from it"):
        pooled.walk(until="dose", typed=DRAWN)
    assert pooled.containers("vial") == []


@pytest.mark.req("REL-11", "TRC-01")
def test_a_culture_goes_on_without_a_flask_that_was_destroyed_and_not_without_any(pooled):
    pooled.walk(until="harvested", typed=DRAWN)
    bad, good = pooled.containers("flask")
    destroy(pooled, bad)
    pooled.walk(until="dose", typed=DRAWN)
    [pool] = pooled.containers("vial")
    assert [each.parent_id for each in parents_of(pooled, [pool])[pool.id]] == [good.id]
    assert whole(pooled)


@pytest.mark.req("REL-11")
def test_nothing_is_taken_from_flasks_that_are_all_destroyed(pooled):
    pooled.walk(until="harvested", typed=DRAWN)
    for flask in pooled.containers("flask"):
        destroy(pooled, flask)
    with pytest.raises(Refused, match="is destroyed. Nothing is taken from it any more"):
        pooled.walk(until="dose", typed=DRAWN)


def destroy(world, container):
    with world.database.writing() as session:
        fates.become(session, world, container.code, "destroyed")


@pytest.mark.state("small")
def test_containers_of_a_step_are_made_together_and_told_once(small):
    small.walk(until="sampled", typed={"seed": {"flasks": "10"}})
    with small.database.reading() as session:
        told = session.query(Event).filter_by(action=ContainerAction.CONTAINERS_CREATED).all()
        seed = small.now().at(small.position("seed"))
        [event] = [each for each in told if each.said["subject"] == ["entries", str(seed.id)]]
    assert event.said["details"]["codes"] == codes_of(small.containers("flask"))


def test_what_a_step_left_out_would_have_been_taken_from_is_the_parent(database, clock):
    """Samples of a passage whose pool was left out come from what the pool would have come from."""
    record = SMALL.replace(
        '[[stages.steps]]\nid = "sampled"',
        '[[stages.steps]]\nid = "pooled"\ntitle = { en = "Pool" }\ntext = { en = "Pool them." }\n'
        'optional = true\nfields = [\n  { id = "pool", type = "vessels", kind = "vial",'
        ' parents = ["seed.flasks"], label = { en = "Pool" } },\n]\n'
        '[[stages.steps]]\nid = "sampled"',
    ).replace(SAMPLE, 'tests = ["sterility"], parents = ["pooled.pool"]')
    small = make_small(database, clock, record=record)
    small.walk(until="counted", left_out=("pooled",))
    [sample] = small.containers("sample")
    links = parents_of(small, [sample])[sample.id]
    assert [each.parent_id for each in links] == [each.id for each in small.containers("flask")]


@pytest.mark.state("small")
def test_from_a_lot_the_way_leads_to_the_entry_that_used_it(small):
    small.walk(until="enzyme")
    entry = small.now().at(small.position("wash"))
    with small.database.reading() as session:
        lot = lots.by_code(session, small.scans["DPBS"])
        [use] = session.scalars(lot_uses.uses(lot.id))
        assert (use.entry_id, use.field, use.scope_id) == (entry.id, "pbs", small.batch.id)
        [said] = session.query(Event).filter_by(action="lot.used").all()
        assert shown(said.said["details"]["place"]) == "Washing · Wash 1"


@pytest.mark.state("small")
def test_the_page_of_a_lot_leads_to_the_entry_and_that_of_a_sample_names_every_flask(
    application, sqlite, clock
):
    small = find_small(sqlite, clock)
    small.walk(until="counted")
    flasks, [sample] = small.containers("flask"), small.containers("sample")
    entry = small.now().at(small.position("wash"))
    client = application.test_client()
    assert sign_in(client, "technician1").status_code == 303
    lot = client.get(f"/lots/{small.scans['DPBS']}").get_data(as_text=True)
    assert f"/batches/{small.batch.code}#entry-{entry.id}" in lot and "Washing · Wash 1" in lot
    family_page = client.get(f"/containers/{sample.code}").get_data(as_text=True)
    assert len(flasks) == 2
    assert all(f"/containers/{flask.code}" in family_page for flask in flasks)


@pytest.mark.req("TRC-08")
@pytest.mark.parametrize("flasks", ["1", "2"])
def test_vessels_that_something_was_taken_from_are_not_all_voided_and_say_by_what(
    database, clock, flasks
):
    record = SMALL.replace('id = "seed"', 'id = "seed"\noptional = true')
    small = make_small(database, clock, record=record)
    small.walk(until="counted", typed={"seed": {"flasks": flasks}})
    [sample] = small.containers("sample")
    entry = small.now().at(small.position("seed"))
    before = rows(small.database)
    shown = f"{sample.code[:-2]}-{sample.code[-2:]}"
    with pytest.raises(Refused, match=f"was used: {shown} was taken from it"):
        small.correct(entry, {}, not_applicable="None was seeded in this passage.")
    assert rows(small.database) == before


@pytest.mark.state("small")
@pytest.mark.req("TRC-08")
def test_of_vessels_that_were_pooled_one_that_never_was_is_voided(small):
    """What was drawn from all of them shows only that one of them is there."""
    small.walk(until="counted")
    (one, other), [sample] = small.containers("flask"), small.containers("sample")
    small.correct(small.now().at(small.position("seed")), {"flasks": "1"})
    with small.database.reading() as session:
        where = containers.dispositions(session, [one, other, sample])
        line = {each.code: each.state for each in family.line_to(session, sample.code)}
    assert [where[each.id] for each in (one, other, sample)] == ["quarantine", "void", "quarantine"]
    assert (line[one.code], line[other.code]) == ("quarantine", "void")
    assert whole(small)
