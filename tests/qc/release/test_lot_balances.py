"""No more of a lot is used than was received: the master record names what says how much a step
uses, all uses of all batches are summed, and whoever overdraws the lot has a deviation."""

from dataclasses import replace

import pytest

from documents.faults import InvalidDocument
from integrity import deviations
from integrity.acts import Act
from integrity.findings import Refused
from integrity.verification import verify
from manufacturing.execution import batch_state, corrections
from manufacturing.execution.corrections import CorrectionFacts
from manufacturing.masters.description import entered
from manufacturing.masters.document import SHIPPED, read
from stores import lot_balances, lot_corrections, lots
from stores.rule_ids import StoreRule
from tests.makers.batches import (
    find_batch,
    find_laboratory,
    make_batch,
    make_cord,
    walk_batch,
)
from tests.makers.broken import papers_of
from tests.makers.people import entry_id, post, sign_in
from tests.makers.stores import make_lot

TEXT = SHIPPED.read_text("utf-8")
WHY = "Counted again on the shelf."
COMMENT = {"comment": "The rest of an open bottle was used up."}


class Bench:
    """The laboratory with one batch and a lot of its own of one material."""

    def __init__(self, database, clock):
        self.database, self.clock = database, clock
        self.laboratory, self.batch = find_laboratory(database, clock), find_batch(database)

    def receive(self, material, quantity, unit="mL"):
        people = self.laboratory.people
        with self.database.writing() as session:
            lot = make_lot(
                session,
                by=people["technician"],
                qa=people["qa"],
                at=self.clock(),
                material=material,
                quantity=quantity,
                unit=unit,
            )
            self.laboratory.scans[material] = lot.code
            return lot.id

    def walk(self, until, batch=None, **changes):
        walk_batch(self.laboratory, batch or self.batch, until, changes=changes)

    def opened(self, batch=None):
        with self.database.reading() as session:
            found = deviations.in_scopes(session, [(batch or self.batch).id])
            return [each for each in found if each.rule == StoreRule.LOT_OVERDRAWN]

    def entries(self, step, batch=None):
        with self.database.reading() as session:
            current = batch_state.read(session, (batch or self.batch).id).current
            return [each for each in current if each.step == step]

    def correct(self, entry, **typed):
        said = {"pbs": entry.values["pbs"]["code"], "volume": "200.0", "clarity": "clear"}
        facts = CorrectionFacts(entry.id, said | typed, WHY)
        with self.database.writing() as session:
            act = Act(session, self.laboratory.people["technician"], self.clock(), entry_id())
            corrections.correct(act, facts)

    def balance(self, number):
        with self.database.reading() as session:
            assert verify(session).faults == []
            return lot_balances.of(session, session.get_one(lots.Lot, number))


@pytest.fixture
def bench(database, clock):
    return Bench(database, clock)


# The document
# -------------------------------------------------------------------------------------------------


@pytest.mark.req("MBR-05")
@pytest.mark.parametrize("named", ["clarity", "nothing", "pbs"])
def test_what_says_how_much_is_used_is_an_amount_of_the_same_step(named):
    with pytest.raises(InvalidDocument) as refused:
        read(TEXT.replace('used = "volume"', f'used = "{named}"', 1).encode())
    [said] = refused.value.faults
    assert said.place.endswith("› used") and f"no amount “{named}”" in said.sentence()


def test_the_shipped_record_says_it_of_what_it_measures_and_asks_for_nothing_more():
    shipped = read(TEXT.encode())
    said = {
        f"{step.id}.{field.id}": field.used
        for step in shipped.steps
        for field in step.fields
        if field.used
    }
    assert said == {
        "wash.pbs": ("volume",),
        "enzyme.lot": ("units", "drawn"),
        "p0_seed.plastic": ("flasks",),
        "seed.plastic": ("flasks",),
        "label_container.empty": ("container",),
    }
    step = shipped.step("enzyme")
    assert "as much as “units” or “drawn” says" in entered(step, step.field("lot"))


# The acts
# -------------------------------------------------------------------------------------------------


@pytest.mark.state("planned")
@pytest.mark.req("MAT-01", "EBR-05")
@pytest.mark.parametrize(("received", "is_over"), [("600", False), ("599.9", True)])
def test_three_washes_use_up_a_bottle_and_a_digit_less_is_overdrawn_by_the_third(
    bench, received, is_over
):
    number = bench.receive("DPBS", received)
    if is_over:
        with pytest.raises(Refused):  # without a comment
            bench.walk("mince")
        assert len(bench.entries("wash")) == 2
    bench.walk("mince", wash=COMMENT)
    found = bench.opened()
    assert [each.subject_id for each in found] == [bench.entries("wash")[-1].id] * is_over
    assert str(bench.balance(number).left) == ("-0.1 mL" if is_over else "0 mL")


@pytest.mark.state("planned")
@pytest.mark.req("MAT-01")
@pytest.mark.parametrize(
    ("quantity", "unit", "is_over"),
    [
        ("45000", "CDU", False),  # 90.0 mL of 500 CDU/mL
        ("44999", "CDU", True),
        ("1.8", "mL", False),  # of 25 000 CDU/mL
        ("1.79", "mL", True),
        ("1", "1", False),  # a bottle: nobody knows how much is in it
    ],
)
def test_the_enzyme_is_counted_in_units_or_in_the_volume_of_its_lot(bench, quantity, unit, is_over):
    number = bench.receive("Collagenase", quantity, unit)
    bench.walk("neutralise", enzyme=COMMENT)
    assert [each.classification for each in bench.opened()] == ["major"] * is_over
    assert (bench.balance(number) is None) == (unit == "1")


@pytest.mark.state("planned")
@pytest.mark.req("MAT-01")
@pytest.mark.parametrize(("quantity", "is_over"), [("4", False), ("3", True)])
def test_flasks_are_counted_in_pieces(bench, quantity, is_over):
    bench.receive("Culture flask 175 cm²", quantity, "1")
    bench.walk("p0_medium_change", p0_seed=COMMENT)
    assert len(bench.opened()) == is_over


@pytest.mark.state("planned")
@pytest.mark.req("MAT-01", "TRC-02")
@pytest.mark.parametrize(("received", "is_over"), [("1200", False), ("1199.9", True)])
def test_what_every_batch_uses_of_a_lot_is_one_sum(bench, received, is_over):
    bench.receive("DPBS", received)
    other = make_batch(bench.laboratory, make_cord(bench.laboratory, donor="H1-0002"))
    bench.walk("mince")
    bench.walk("mince", other, wash=COMMENT)
    assert bench.opened() == []
    assert [each.subject_id for each in bench.opened(other)] == [
        bench.entries("wash", other)[-1].id
    ] * is_over


@pytest.mark.state("planned")
@pytest.mark.req("MAT-01", "EBR-08")
@pytest.mark.parametrize(("volume", "is_over"), [("200.0", False), ("200.1", True)])
def test_a_corrected_amount_is_counted_once_and_judged(bench, volume, is_over):
    number = bench.receive("DPBS", "600")
    bench.walk("mince")
    first = bench.entries("wash")[0]
    bench.correct(first, volume="199.0")
    assert str(bench.balance(number).left) == "1 mL" and bench.opened() == []
    again = next(each for each in bench.entries("wash") if each.turn == 1)
    bench.correct(again, volume=volume)
    assert str(bench.balance(number).left) == ("-0.1 mL" if is_over else "0 mL")
    now = next(each for each in bench.entries("wash") if each.turn == 1)
    assert [each.subject_id for each in bench.opened()] == [now.id] * is_over


@pytest.mark.state("planned")
@pytest.mark.req("MAT-01", "EBR-08")
@pytest.mark.parametrize(("received", "is_over"), [("200", False), ("199.9", True)])
def test_a_corrected_scan_moves_the_amount_to_the_lot_that_was_really_used(
    bench, received, is_over
):
    other = bench.receive("DPBS", received)
    really = bench.laboratory.scans["DPBS"]
    number = bench.receive("DPBS", "600")
    bench.walk("mince")
    bench.correct(bench.entries("wash")[0], pbs=really)
    assert str(bench.balance(number).left) == "200 mL"
    assert str(bench.balance(other).used) == "200 mL"
    assert len(bench.opened()) == is_over


@pytest.mark.state("planned")
@pytest.mark.req("MAT-01", "EBR-08")
@pytest.mark.parametrize(("received", "is_over"), [("600.0", False), ("599.9", True)])
def test_a_delivery_that_was_smaller_after_all_judges_its_uses(bench, received, is_over):
    number = bench.receive("DPBS", "650")
    bench.walk("mince")
    for reason in (WHY, f"{WHY} Twice."):
        with bench.database.writing() as session:
            lot = session.get_one(lots.Lot, number)
            facts = replace(papers_of(lot), quantity=received, certificate=reason)
            act = Act(session, bench.laboratory.people["qa"], bench.clock(), entry_id())
            lot_corrections.correct(act, number, facts, reason)
    assert [each.subject_id for each in bench.opened()] == [bench.entries("wash")[-1].id] * is_over


@pytest.mark.state("planned")
def test_the_page_of_a_lot_says_what_is_left_and_what_was_put_right(application, sqlite, clock):
    bench = Bench(sqlite, clock)
    bench.receive("DPBS", "600")
    bench.walk("mince")
    bench.correct(bench.entries("wash")[0], volume="200.5", clarity="clear")
    client = application.test_client()
    sign_in(client, "technician1")
    page = client.get(f"/lots/{bench.laboratory.scans['DPBS']}").text
    assert "600.5 mL" in page and "-0.5 mL" in page and "More was used than was" in page
    assert "<s>200.0 mL</s>" in page and "200.5 mL" in page


@pytest.mark.state("planned")
@pytest.mark.req("MAT-01", "EBR-16")
@pytest.mark.parametrize(("volume", "is_over"), [("200.0", False), ("200.1", True)])
@pytest.mark.parametrize("same", [True, False])
def test_a_correction_says_before_it_is_recorded_that_a_lot_would_be_overdrawn(
    application, sqlite, clock, volume, is_over, same
):
    bench = Bench(sqlite, clock)
    other = bench.receive("DPBS", "200")
    really = bench.laboratory.scans["DPBS"]
    number = bench.receive("DPBS", "600")
    bench.walk("mince")
    first = bench.entries("wash")[0]
    client = application.test_client()
    sign_in(client, "technician1")
    path = f"/batches/{bench.batch.code}/entries/{first.id}/correct"
    lot = first.values["pbs"]["code"] if same else really
    typed = {"pbs": lot, "volume": volume, "clarity": "clear"}
    answer = post(client, f"{path}/preview", page=path, **typed)
    assert answer.status_code == 200, answer.text[-1500:]
    seen = answer.get_json()["seen"]["pbs"]
    assert ("than the" in seen or "received" in seen) == is_over
    assert bench.opened() == []
    if not same or is_over:  # else nothing differs
        bench.correct(first, **typed)
    assert len(bench.opened()) == is_over
    assert str(bench.balance(number if same else other).left) == ("-0.1 mL" if is_over else "0 mL")


@pytest.mark.state("planned")
@pytest.mark.req("MAT-01", "EBR-16")
def test_a_step_says_before_it_is_recorded_that_a_lot_would_be_overdrawn(
    application, sqlite, clock
):
    bench = Bench(sqlite, clock)
    bench.receive("DPBS", "199.9")
    bench.walk("wash")
    client = application.test_client()
    sign_in(client, "technician1")
    with sqlite.reading() as session:
        stage = batch_state.read(session, bench.batch.id).master.stage_of("wash").id
    path = f"/batches/{bench.batch.code}/steps/{stage}/1/wash/1/preview"
    typed = {"pbs": bench.laboratory.scans["DPBS"], "volume": "200.0"}
    seen = post(client, path, page="/bench", **typed).get_json()["seen"]["pbs"]
    assert "199.9 mL" in seen and "200" in seen
    assert "199.9 mL" not in post(client, path, page="/bench", **(typed | {"volume": "199.9"})).text
