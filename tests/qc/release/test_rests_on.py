"""What a release rests on, each single thing broken alone on a real batch: what blocks before and
after the review, what is held after either release, and what everybody is told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from documents.kinds import Kind
from integrity import deviations, facts, states, verification
from integrity.acts import Act
from integrity.database import Session
from integrity.findings import Refused
from integrity.signatures import Seal, reviewed as digest_reviewed
from integrity.trail import Event
from manufacturing.execution import uses
from manufacturing.execution.entries import Entry
from manufacturing.execution.rules.batches import DISPOSITION_MOVES
from qc.laboratory import results
from qc.release import certificates, release_inputs, rests_on
from qc.release.rests_on import InputKind
from stores import containers, equipment, lot_uses, lots
from stores.equipment import EquipmentUse
from stores.lot_uses import LotUse
from stores.lots import Lot
from stores.origins import Origin
from stores.rules import DISPOSITION
from tests.makers import masters, qc, release as makers
from tests.makers.broken import BROKEN, WHY, lift_every_hold, used_lot, viability
from tests.makers.people import entry_id, sign_in
from tests.makers.stores import make_container, make_lot
from tests.pages import Page
from tests.qc.conftest import Finished

RECEIVED = ("final", "vial")
STAGES = {"stage 1": "released_stage_1", "the final release": "released"}


def break_it(world: Finished, thing: str) -> None:
    world.clock.advance(minutes=5)
    with world.database.writing() as session:
        BROKEN[thing].deed(session, world)


def against(world: Finished, gate: str = "initial") -> list[tuple[InputKind, str]]:
    """What speaks against the batch, by the one list."""
    with world.database.reading() as session:
        found = release_inputs.gather(session, world.batch, world.clock())
        return [
            (each.kind, f"{item.headline()}. {item.story()}")
            for each in rests_on.inputs(found.facts, gate)
            for item in each.against
        ]


def names(found: list[tuple[InputKind, str]], thing: str) -> bool:
    broken = BROKEN[thing]
    return any(kind == broken.kind and broken.says in headline for kind, headline in found)


@pytest.mark.req("REL-03")
@pytest.mark.parametrize("thing", BROKEN)
def test_before_the_review_it_blocks_the_review_by_its_name(finished, thing):
    assert against(finished) == []
    break_it(finished, thing)
    assert names(against(finished), thing)
    with pytest.raises(Refused, match=BROKEN[thing].says):
        finished.review()


@pytest.mark.req("REL-03", "AUD-06")
@pytest.mark.parametrize("thing", BROKEN)
def test_after_the_review_it_blocks_the_release_by_its_name_and_outdates_the_review(
    finished, thing
):
    finished.review()
    break_it(finished, thing)
    with pytest.raises(Refused, match=BROKEN[thing].says) as refused:
        finished.decide("release_stage_1")
    assert "The review is out of date" in str(refused.value)


def release(world: Finished, stage: str) -> Any:
    """The batch released as far as that; gives its certificate."""
    world.review()
    made = world.decide("release_stage_1")
    if stage == "stage 1":
        return made
    world.sterility()
    world.review()
    return world.decide("release_final")


def where(world: Finished) -> tuple[str, set[str], str]:
    """Disposition of the batch, of its product, and the state of its newest certificate."""
    with world.database.reading() as session:
        batch = states.of(session, world.batch, DISPOSITION)
        made = containers.of_scope(session, world.batch.code)
        product = [each for each in made if each.kind in RECEIVED]
        newest = certificates.of_batch(session, world.batch.id)[-1]
        state = certificates.states_of(session, [newest])[newest.id]
        return batch, set(containers.dispositions(session, product).values()), state


@pytest.mark.req("REL-03", "REL-09")
@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("thing", BROKEN)
def test_after_a_release_it_holds_batch_product_and_certificate_and_everybody_is_told(
    finished, site, thing, stage
):
    made = release(finished, stage)
    assert where(finished) == (STAGES[stage], {STAGES[stage]}, "current")
    break_it(finished, thing)
    assert where(finished) == ("on_hold", {"on_hold"}, "under_review")
    anybody = site.test_client()
    assert "UNDER REVIEW" in Page(anybody.get(f"/c/{made.token}")).words
    client = site.test_client()
    sign_in(client, "qa1")
    with finished.database.reading() as session:
        [final] = containers.of_scope(session, finished.batch.code, "final")
    scanned = Page(client.get(f"/containers/{final.code}?scanned=1")).words
    assert "ON HOLD" in scanned.upper() and "may be issued" not in scanned
    desk = Page(client.get("/release")).words
    assert BROKEN[thing].says in desk and "Decide: lift the hold" in desk
    with finished.database.reading() as session:
        assert verification.verify(session).faults == []


@pytest.mark.req("REL-03")
@pytest.mark.parametrize(
    "thing", [each for each in BROKEN if not {"deviation", "retired"} & set(each.split())]
)
def test_a_hold_is_not_lifted_while_its_cause_stands(finished, thing):
    release(finished, "stage 1")
    break_it(finished, thing)
    with pytest.raises(Refused, match=BROKEN[thing].says):
        finished.decide("resume", by="qa")


def test_every_kind_of_input_stands_on_the_one_list(finished):
    with finished.database.reading() as session:
        found = release_inputs.gather(session, finished.batch, finished.clock())
        kinds = {each.kind for each in rests_on.inputs(found.facts, "initial")}
    assert set(InputKind) - kinds == {  # there is none
        InputKind.DEVIATION,
        InputKind.OBSERVATION,
        InputKind.SIGNATURE,
    }


# A1, A2 and B1 of the faults that were found, on both kinds of database
# -------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.state("finished")
@pytest.mark.parametrize(
    "thing",
    [
        "a lot is rejected",
        "a marker is reactive",
        "a result is struck",
        "a lot's use-by day is corrected",
        "the due day of a calibration is corrected",
    ],
)
def test_a_release_is_held_on_both_kinds_of_database(reviewed, thing):
    reviewed.decide("release_stage_1")
    break_it(reviewed, thing)
    assert where(reviewed) == ("on_hold", {"on_hold"}, "under_review")
    with reviewed.database.reading() as session:
        assert verification.verify(session).faults == []


def test_the_trail_says_what_came_first_and_what_it_brought_about(finished):
    release(finished, "stage 1")
    break_it(finished, "a lot is rejected")
    with finished.database.reading() as session:
        actions = session.scalars(select(Event.action).order_by(Event.seq)).all()
        [held] = session.scalars(select(Event).where(Event.action == "certificate.under_review"))
    deeds = [each for each in actions if each.startswith(("lot.rej", "batch.on", "certificate.u"))]
    assert deeds == ["lot.rejected", "batch.on_hold", "certificate.under_review"]
    assert held.said["details"]["rule"] == "mat-02-lot-in-the-batch"
    assert "is rejected" in facts.shown(held.said["reason"])


def test_a_hold_whose_cause_is_gone_is_lifted_and_the_certificate_is_in_force_again(finished):
    release(finished, "stage 1")
    break_it(finished, "a lot is put on hold")
    with finished.database.writing() as session:
        lift_every_hold(session, finished)
    finished.decide("resume", by="qa")
    assert where(finished) == ("released_stage_1", {"released_stage_1"}, "current")


def test_a_certificate_that_says_what_is_no_longer_so_stays_under_review_until_it_is_anew(
    finished, site
):
    release(finished, "stage 1")
    break_it(finished, "a result is corrected")
    with finished.database.writing() as session:
        sample, _ = viability(session, finished)
        newest = results.of_sample(session, sample.id)[-1]
        qc.review(session, newest, by=finished.people["qc_reviewer"], at=finished.clock())
    client = site.test_client()
    sign_in(client, "qa1")
    address = f"/batches/{finished.batch.code}/review"
    with finished.database.writing() as session:
        words = {"by": finished.people["qa"], "at": finished.clock()}
        makers.judge_exceptions(session, finished.batch, **words)
    assert address + "/sign" in Page(client.get(address)).links
    with pytest.raises(Refused, match="The review is out of date"):
        finished.decide("resume", by="qa")
    finished.review()
    finished.decide("resume", by="qa")
    assert where(finished) == ("released_stage_1", {"released_stage_1"}, "under_review")
    assert "issue it anew" in Page(client.get("/release")).words
    sign_in(releaser := site.test_client(), "releaser1")
    assert f"/batches/{finished.batch.code}/reissue" in Page(releaser.get(address)).links
    again = finished.decide("reissue", why="Viability was corrected from 97 % to 96 %.")
    assert where(finished)[2] == "current" and again.version == 2
    assert "96 %" in str(again.said["statement"]["results"])


def test_a_withdrawn_release_withdraws_the_certificate_that_was_under_review(finished):
    release(finished, "the final release")
    break_it(finished, "a marker is reactive")
    finished.decide("withdraw")
    assert where(finished) == ("recalled", {"recalled"}, "withdrawn")


def test_a_batch_that_used_another_lot_is_left_alone(finished):
    release(finished, "stage 1")
    with finished.database.writing() as session:
        other = make_lot(
            session, by=finished.people["technician"], at=finished.clock(),
            qa=finished.people["qa"], supplier_lot="2026-119",
        )  # fmt: skip
        seal = Seal(digest_reviewed(lots.facts_of(session, other.id, "rejected")), "password", WHY)
        act = Act(session, finished.people["qa"], finished.clock(), entry_id=entry_id())
        lots.dispose(act, other.id, "rejected", seal=seal)
    assert where(finished)[0] == "released_stage_1"


def test_equipment_found_out_of_tolerance_leaves_a_batch_made_before_its_last_calibration_alone(
    finished,
):
    release(finished, "stage 1")
    finished.clock.advance(days=3)
    today = finished.clock().date()
    with finished.database.writing() as session:
        used = select(EquipmentUse.equipment_id).where(EquipmentUse.scope == finished.batch.code)
        number = session.scalars(used).first() or 0
        for days, found in ((-1, "in_tolerance"), (0, "out_of_tolerance")):
            done = today + timedelta(days=days)
            facts = equipment.CalibrationFacts(
                done, done + timedelta(days=365), f"C {14 + days}", found
            )
            act = Act(session, finished.people["qa"], finished.clock(), entry_id=entry_id())
            equipment.calibrate(act, number, facts)
    assert where(finished)[0] == "released_stage_1"


def test_a_master_record_that_is_retired_holds_what_was_released_on_it(finished):
    release(finished, "stage 1")
    with finished.database.writing() as session:
        number, qa = finished.batch.master_id, finished.people["qa"]
        masters.do(session, "retire", number, by=qa, at=finished.clock())
    assert where(finished) == ("on_hold", {"on_hold"}, "under_review")
    finished.decide("resume", by="qa")
    assert where(finished) == ("released_stage_1", {"released_stage_1"}, "current")


# B3 and E2: the specification a batch is judged by
# -------------------------------------------------------------------------------------------------


STRICTER = qc.SHIPPED_BYTES.replace(b'limit = "80"', b'limit = "98"', 1).replace(
    b'alert_low = "85"', b'alert_low = "99"', 1
)


def make_newer(world: Finished, **other: Any) -> Any:
    """Version 2 of the specification, which the batch's viability of 97 % would fail."""
    world.clock.advance(minutes=5)
    with world.database.writing() as session:
        return qc.make_specification(
            session, world.people, data=STRICTER, at=world.clock(), **other
        )


def page_of_review(site: Any, world: Finished) -> str:
    client = site.test_client()
    sign_in(client, "qa1")
    return Page(client.get(f"/batches/{world.batch.code}/review")).words


@pytest.mark.req("QC-01", "REL-07")
def test_rows_and_heading_name_the_version_that_judged_and_a_newer_one_is_an_exception(
    finished, site
):
    assert "in force" not in page_of_review(site, finished)
    make_newer(finished)
    assert "SP-UCMSC version 2 is in force; the batch is judged by SP-UCMSC version 1" in (
        page_of_review(site, finished)
    )
    finished.review()
    said = finished.decide("release_stage_1").said["statement"]
    assert said["specification"] == "SP-UCMSC version 1"
    assert {each["specification"] for each in said["results"] if each["specification"]} == {
        "SP-UCMSC version 1"
    }
    viability = next(each for each in said["results"] if each["test"] == "Viability")
    assert (viability["limit"], viability["verdict"]) == ("> 80 %", "conforms")


@pytest.mark.req("QC-01", "AUD-06")
@pytest.mark.parametrize("later", [False, True])
def test_a_version_that_takes_effect_between_review_and_release_outdates_the_review(
    finished, later
):
    if later:
        begins = finished.clock() + timedelta(hours=1)
        make_newer(finished, effective_from=begins)
    finished.review()
    if later:
        finished.clock.advance(hours=1)
    else:
        make_newer(finished)
    with pytest.raises(Refused, match="SP-UCMSC version 2 came into force"):
        finished.decide("release_stage_1")
    finished.review()
    assert finished.decide("release_stage_1").version == 1


def test_a_line_that_a_newer_version_leaves_out_is_asked_for_all_the_same(finished):
    with finished.database.writing() as session:
        sample = qc.samples_for(session, finished.batch, "cd105")[0]
        result = next(
            each for each in results.of_sample(session, sample.id) if each.test == "cd105"
        )
        qc.invalidate(session, result, by=finished.people["qc_reviewer"], at=finished.clock())
        text = qc.SHIPPED_BYTES.decode()
        lines = text.split("[[lines]]")
        kept = [each for each in lines if 'id = "cd105"' not in each]
        assert len(kept) == len(lines) - 1
        data = "[[lines]]".join(kept).encode()
        qc.make_specification(session, finished.people, data=data, at=finished.clock())
    assert any("CD105 positive result missing" in said for _, said in against(finished))


@pytest.mark.req("REL-03")
@pytest.mark.parametrize("kind", Kind)
def test_of_a_document_that_is_retired_quality_judges_each_batch_before_it_is_released(
    finished, kind
):
    finished.review()
    break_it(finished, f"the {kind.replace('_', ' ')} is retired")
    with finished.database.writing() as session:
        [opened] = deviations.in_scopes(session, [finished.batch.id])[-1:]
        assert (opened.rule, opened.subject_kind) == ("mbr-02-document-retired", "documents")
        people, at = finished.people, finished.clock()
        makers.settle(session, opened, by=people["qa"], at=at)
    finished.review()
    assert finished.decide("release_stage_1").version == 1


# However many rest on one thing
# -------------------------------------------------------------------------------------------------


def make_released(session: Session, people: Any, lot: Lot, at: Any) -> Any:
    """A released batch that was made with a lot, without any bench work; with its product."""
    batch = qc.make_bare_batch(session, people, at=at)
    act = Act(session, people["qa"], at)
    for becomes in ("quarantine", "under_review", "released"):
        states.move(act, batch, DISPOSITION, becomes, allowed=DISPOSITION_MOVES)
        act.say(f"batch.{becomes}", batch, scope=batch.code)
    lot_uses.use_lot(act, lot.itself, batch.itself, None)
    made = make_container(session, "final", by=people["qa"], at=at, scope=batch.code)
    containers.set_disposition(act, made.id, "released", reason=None)
    return batch


@pytest.mark.slow
@pytest.mark.req("REL-03")
@pytest.mark.state("qc")
def test_a_lot_of_many_batches_is_held_in_as_many_questions_as_one_of_few(database, clock):
    people = qc.make_laboratory(database, at=clock())
    asked = {}
    for many in (3, 12):
        with database.writing() as session:
            by = {"by": people["technician"], "at": clock()}
            lot = make_lot(session, qa=people["qa"], supplier_lot=f"2026-{many}", **by)
            made = [make_released(session, people, lot, clock()) for _ in range(many)]
        said: list[str] = []
        note = lambda *words: said.append(words[2])  # noqa: E731,B023
        with database.writing() as session:
            seal = Seal(
                digest_reviewed(lots.facts_of(session, lot.id, "rejected")), "password", WHY
            )
            act = Act(session, people["qa"], clock(), entry_id=entry_id())
            event.listen(database.engine, "before_cursor_execute", note)
            lots.dispose(act, lot.id, "rejected", seal=seal)
        event.remove(database.engine, "before_cursor_execute", note)
        with database.reading() as session:
            stand = states.of_many(session, [each.id for each in made], DISPOSITION)
            assert set(stand.values()) == {"on_hold"} and len(stand) == many
        asked[many] = len(said)
    assert asked[12] == asked[3]


@pytest.mark.req("REL-03", "TRC-02")
@pytest.mark.parametrize("way", ["another lot", "left out"])
def test_a_lot_that_a_correction_took_back_is_no_input_any_more(finished, way):
    with finished.database.writing() as session:
        made = used_lot(session, finished)
        mine = (LotUse.lot_id == made.id, LotUse.scope == finished.batch.code)
        taken = session.scalars(select(LotUse).where(*mine)).all()
        other = session.scalars(select(Lot).where(Lot.id != made.id)).first()
        act = Act(session, finished.people["technician"], finished.clock())
        assert [use.lot_id for use, _ in uses.lots_of(session, [finished.batch.id])].count(made.id)
        for use in taken:
            old = session.get_one(Entry, use.entry_id)
            columns = {name: getattr(old, name) for name in KEPT}
            why = "It was not needed." if way == "left out" else None
            entry = Entry(**columns, corrects_id=old.id, reason=WHY, not_applicable=why)
            act.add(entry)
            act.say("step.corrected", entry, scope=finished.batch.code)
            if way == "another lot" and other:
                origin = Origin(entry.id, use.field or "", "")
                lot_uses.use_lot(act, other.itself, finished.batch.itself, origin)
        left = [use.lot_id for use, _ in uses.lots_of(session, [finished.batch.id])]
        resting = session.scalars(uses.batches_with_lot(made.id)).all()
    assert made.id not in left and resting == []


KEPT = (
    *("batch_id", "stage", "cycle", "step", "turn", "values", "performed_at", "recorded_at"),
    *("zone", "late", "needs_second", "comment", "name"),
)
