"""What turns bad under a release, each single thing by the act that the pages use."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from demonstration.culture import ENTRIES, asked_for
from documents import approval, register
from documents.kinds import Kind
from integrity.acts import Act
from integrity.database import Session
from integrity.signatures import Seal, reviewed as digest_reviewed
from manufacturing.donation import blood_samples, cord_corrections, donors, eligibility
from manufacturing.donation.blood_samples import CorrectionFacts as MarkerFacts, SampleFacts
from manufacturing.donation.cords import CordFacts
from manufacturing.donation.donations import Cord, Donor
from manufacturing.donation.donors import AnswerFacts, ConsentFacts
from manufacturing.execution import batch_state, corrections
from manufacturing.execution.corrections import CorrectionFacts
from qc.deviations import holding, observing, raising
from qc.deviations.holding import HoldFacts
from qc.deviations.observing import ObservedFacts
from qc.deviations.raising import RaisedFacts
from qc.laboratory import results
from qc.release.rests_on import InputKind
from stores import (
    calibrations,
    containers,
    equipment,
    equipment_corrections,
    holds,
    lot_corrections,
    lots,
)
from stores.equipment import EquipmentUse
from stores.lot_uses import LotUse
from stores.lots import Lot
from tests.makers import documents, donors as donation, qc, release as makers
from tests.makers.people import entry_id

WHY = "The supplier recalled it after a failed test."


def used_lot(session: Session, world: Any) -> Lot:
    """The lot that the batch used first."""
    used = select(LotUse.lot_id).where(LotUse.scope == world.batch.code).order_by(LotUse.id)
    return session.get_one(Lot, session.scalars(used).first())


def donor_of(session: Session, world: Any) -> tuple[Donor, Cord]:
    cord = session.get_one(Cord, world.batch.cord_id)
    return session.get_one(Donor, cord.donor_id), cord


def dispose(session: Session, world: Any, becomes: str) -> None:
    lot, qa = used_lot(session, world), world.people["qa"]
    seal = Seal(digest_reviewed(lots.facts_of(session, lot.id, becomes)), "password", WHY)
    act = Act(session, qa, world.clock(), entry_id=entry_id())
    lots.dispose(act, lot.id, becomes, seal=seal)


def container(session: Session, world: Any, kind: str) -> str:
    return containers.of_scope(session, world.batch.code, kind)[0].code


def hold(session: Session, world: Any, code: str) -> None:
    """Somebody puts on hold whatever has this code."""
    act = Act(session, world.people["technician"], world.clock(), entry_id=entry_id())
    holding.hold(act, HoldFacts(code, WHY))


def lift_every_hold(session: Session, world: Any) -> None:
    """QA lifts every hold by hand that is in force."""
    for each in session.scalars(holds.listed()).all():
        seal = Seal(digest_reviewed(holds.lift_facts(session, each.id)), "password", WHY)
        act = Act(session, world.people["qa"], world.clock(), entry_id=entry_id())
        holding.lift(act, each.id, seal=seal)


def test_again(session: Session, world: Any, result: str) -> None:
    donor, cord = donor_of(session, world)
    act = Act(session, world.people["technician"], world.clock(), entry_id=entry_id())
    facts = SampleFacts(cord.born_at + timedelta(minutes=40), "Laboratory 1", {MARKER: result})
    blood_samples.record_sample(act, donor.id, facts)


test_again.__test__ = False  # type: ignore[attr-defined]  # it tests blood; it is no test


def correct_marker(session: Session, world: Any) -> None:
    donor, cord = donor_of(session, world)
    found = eligibility.current_tests(eligibility.tests_of(session, donor.id))
    test = next(each for each in found if each.test == MARKER)
    act = Act(session, world.people["technician"], world.clock(), entry_id=entry_id())
    facts = MarkerFacts("negative", test.sampled_at, "Laboratory 2", "The wrong laboratory.")
    blood_samples.correct_test(act, donor.id, test.id, facts)


MARKER = donation.CRITERIA.panel[0].id


def change_consent(session: Session, world: Any, state: str) -> None:
    donor, _ = donor_of(session, world)
    day, why = world.clock().date(), "She told the hospital so."
    facts = ConsentFacts("CF-3", day, "clinical", state, why)
    act = Act(session, world.people["technician"], world.clock(), entry_id=entry_id())
    donors.change_consent(act, donor.id, facts)


def correct_answers(session: Session, world: Any) -> None:
    donor, _ = donor_of(session, world)
    said = donation.ANSWERS | {"age": "31"}
    act = Act(session, world.people["technician"], world.clock(), entry_id=entry_id())
    donors.correct_answers(act, donor.id, AnswerFacts(said, reason="Misread on the form."))


def receive_another_cord(session: Session, world: Any) -> None:
    donor, _ = donor_of(session, world)
    donation.make_cord(
        session,
        donor,
        born_at=world.clock() - timedelta(hours=2),
        by=world.people["technician"],
        at=world.clock(),
    )


def find_ineligible(session: Session, world: Any) -> None:
    donor, _ = donor_of(session, world)
    donation.determine(session, donor, "ineligible", by=world.people["qa"], at=world.clock())


def reject_cord(session: Session, world: Any) -> None:
    _, cord = donor_of(session, world)
    qa = world.people["qa"]
    donation.decide(session, cord, "rejected", by=qa, at=world.clock(), comment=WHY)


def viability(session: Session, world: Any) -> tuple[Any, Any]:
    sample = qc.samples_for(session, world.batch, "viability")[0]
    found = results.of_sample(session, sample.id)
    return sample, next(each for each in found if each.test == "viability")


def strike_result(session: Session, world: Any) -> None:
    _, result = viability(session, world)
    qc.invalidate(session, result, by=world.people["qc_reviewer"], at=world.clock())


def strike(session: Session, world: Any, test: str, kind: str = "") -> None:
    """Every result of a test is struck, of one kind of sample or of all."""
    by, at = world.people["qc_reviewer"], world.clock()
    for sample in qc.samples_for(session, world.batch, test):
        for result in results.of_sample(session, sample.id):
            if result.test == test and kind in ("", sample.sample_kind):
                qc.invalidate(session, result, by=by, at=at)


def correct_result(session: Session, world: Any) -> None:
    sample, result = viability(session, world)
    qc.make_result(
        session,
        world.people,
        sample,
        "viability",
        "96",
        at=world.clock(),
        basis=None,
        corrects_id=result.id,
        reason="Misread from the print-out",
    )


def fail_repeat(session: Session, world: Any) -> None:
    sample, _ = viability(session, world)
    at, people = world.clock(), world.people
    why = "A further run was asked for"
    qc.make_result(session, people, sample, "viability", "70", at=at, basis=None, reason=why)


def observe(session: Session, world: Any, code: str) -> None:
    act = Act(session, world.people["technician"], world.clock(), entry_id=entry_id())
    observing.observe(act, ObservedFacts(code, "The bag shows particles."))


def find_out_of_tolerance(session: Session, world: Any) -> None:
    used = select(EquipmentUse.equipment_id).where(EquipmentUse.scope == world.batch.code)
    number = session.scalars(used.order_by(EquipmentUse.id)).first()
    today = world.clock().date()
    facts = equipment.CalibrationFacts(
        today,
        today + timedelta(days=365),
        "Certificate 13",
        "out_of_tolerance",
        own_certificate=True,
    )
    act = Act(session, world.people["qa"], world.clock(), entry_id=entry_id())
    equipment.calibrate(act, number or 0, facts)


def correct_use_by(session: Session, world: Any) -> None:
    """QA finds that the lot had expired on the day before the batch used it."""
    lot = used_lot(session, world)
    facts = replace(papers_of(lot), expires_on=world.batch.started_at.date() - timedelta(days=1))
    act = Act(session, world.people["qa"], world.clock(), entry_id=entry_id())
    lot_corrections.correct(act, lot.id, facts, "The year was misread on the bottle.")


def papers_of(lot: Lot) -> lots.LotFacts:
    """What the papers of a lot say as it stands."""
    return lots.LotFacts(
        lot.material,
        lot.supplier,
        lot.supplier_lot,
        date.fromisoformat(lot.day(lot.expires_at)),
        lot.quantity_text,
        lot.unit,
        lot.name,
        lot.manufacturer,
        lot.certificate,
        bool(lot.donor_pool),
        lot.donor_pool,
    )


def correct_calibration(session: Session, world: Any, **other: Any) -> None:
    """A second person finds that the certificate says something else than what was recorded."""
    used = select(EquipmentUse.equipment_id).where(EquipmentUse.scope == world.batch.code)
    number = session.scalars(used.order_by(EquipmentUse.id)).first() or 0
    made = calibrations.newest(session, [number])[number]
    said = {
        "done_on": date.fromisoformat(made.day(made.done_at)),
        "due_on": date.fromisoformat(made.day(made.due_at)),
        "reference": made.reference,
        "as_found": made.as_found,
    }
    facts = equipment.CalibrationFacts(**said | other)
    act = Act(session, world.people["qc_analyst"], world.clock(), entry_id=entry_id())
    reason = "Misread from the certificate."
    equipment_corrections.correct_calibration(act, made.id, facts, reason)


def correct_due_day(session: Session, world: Any) -> None:
    due_on = world.batch.started_at.date() - timedelta(days=1)
    correct_calibration(session, world, due_on=due_on)


def correct_as_found(session: Session, world: Any) -> None:
    correct_calibration(session, world, as_found="out_of_tolerance")


def correct_cord(session: Session, world: Any, earlier: timedelta, **receipt: str) -> None:
    """The technician finds that the papers of the cord say something else."""
    donor, cord = donor_of(session, world)
    born, collected = (at - earlier for at in (cord.born_at, cord.collected_at))
    facts = CordFacts(donor.code, born, collected, cord.receipt | receipt)
    act = Act(session, world.people["technician"], world.clock(), entry_id=entry_id())
    cord_corrections.correct(act, cord.id, facts, "Misread from the papers of the hospital.")


def open_critical(session: Session, world: Any) -> None:
    makers.make_deviation(
        session,
        world.batch,
        world.batch.code,
        by=world.people["technician"],
        at=world.clock(),
        classification="critical",
    )


def assess_donor(session: Session, world: Any) -> None:
    """Somebody raises a deviation of the donor as major, and QA calls it critical."""
    donor, _ = donor_of(session, world)
    act = Act(session, world.people["technician"], world.clock(), entry_id=entry_id())
    said = RaisedFacts(donor.code, "The hospital reports a fever at birth.", "Ward", "major")
    made = raising.raise_deviation(act, said)
    qa = world.people["qa"]
    makers.assess(session, made, by=qa, at=world.clock(), classification="critical")


def judge_reject(session: Session, world: Any) -> None:
    technician, qa, at = world.people["technician"], world.people["qa"], world.clock()
    made = makers.make_deviation(session, world.batch, world.batch.cord_code, by=technician, at=at)
    makers.settle(session, made, by=qa, at=at, decision="reject")


def retire(session: Session, world: Any, kind: Kind) -> None:
    """QA takes the version of a document that the batch rests on out of force."""
    [held] = register.all_effective(session, kind, world.clock())
    qa = world.people["qa"]
    documents.sign(session, approval.retire, held.id, by=qa, at=world.clock())


@dataclass(frozen=True)
class Broken:
    """One thing that turns bad: the kind of input, the deed, and what names it."""

    kind: InputKind
    deed: Callable[[Session, Any], None]
    says: str


BROKEN = {
    "a lot is rejected": Broken(
        InputKind.LOT, lambda s, w: dispose(s, w, "rejected"), "is rejected"
    ),
    "a lot is put on hold": Broken(
        InputKind.LOT, lambda s, w: hold(s, w, used_lot(s, w).code), "is on hold"
    ),
    "a final container is put on hold": Broken(
        InputKind.CONTAINER, lambda s, w: hold(s, w, container(s, w, "final")), "is on hold"
    ),
    "a flask is put on hold": Broken(
        InputKind.CONTAINER, lambda s, w: hold(s, w, container(s, w, "flask")), "is on hold"
    ),
    "a sample is put on hold": Broken(
        InputKind.CONTAINER, lambda s, w: hold(s, w, container(s, w, "sample")), "is on hold"
    ),
    "the cord is put on hold": Broken(
        InputKind.CORD, lambda s, w: hold(s, w, w.batch.cord_code), "is on hold"
    ),
    "the donor is put on hold": Broken(
        InputKind.DONOR, lambda s, w: hold(s, w, donor_of(s, w)[0].code), "is on hold"
    ),
    "a marker is reactive": Broken(
        InputKind.DONOR, lambda s, w: test_again(s, w, "reactive"), "eligibility"
    ),
    "a further sample of hers is negative": Broken(
        InputKind.DONOR, lambda s, w: test_again(s, w, "negative"), "eligibility"
    ),
    "a marker is corrected": Broken(InputKind.DONOR, correct_marker, "eligibility"),
    "the consent is withdrawn": Broken(
        InputKind.DONOR, lambda s, w: change_consent(s, w, "withdrawn"), "eligibility"
    ),
    "a further consent is recorded": Broken(
        InputKind.DONOR, lambda s, w: change_consent(s, w, "given"), "eligibility"
    ),
    "the donor's answers are corrected": Broken(InputKind.DONOR, correct_answers, "eligibility"),
    "a further cord of hers is received": Broken(
        InputKind.DONOR, receive_another_cord, "eligibility"
    ),
    "the donor is found ineligible": Broken(InputKind.DONOR, find_ineligible, "eligibility"),
    "the cord is rejected": Broken(InputKind.CORD, reject_cord, "Cord not accepted"),
    "a result is struck": Broken(InputKind.RESULT, strike_result, "Viability"),
    "the reading of the last passage is struck": Broken(
        InputKind.SAMPLE,
        lambda s, w: strike(s, w, "sterility", "spent medium with cells"),
        "Sterility of the last passage",
    ),
    "a result that is only reported is struck": Broken(
        InputKind.SAMPLE, lambda s, w: strike(s, w, "immunoregulation"), "not tested"
    ),
    "a result is corrected": Broken(InputKind.RESULT, correct_result, "Viability"),
    "a repeat fails": Broken(InputKind.RESULT, fail_repeat, "Viability"),
    "particles are seen in the batch": Broken(
        InputKind.OBSERVATION, lambda s, w: observe(s, w, w.batch.code), "The bag shows particles"
    ),
    "something is seen of the donor": Broken(
        InputKind.OBSERVATION,
        lambda s, w: observe(s, w, donor_of(s, w)[0].code),
        "The bag shows particles",
    ),
    "equipment is found out of tolerance": Broken(
        InputKind.DEVIATION, find_out_of_tolerance, "was found out of tolerance"
    ),
    "a lot's use-by day is corrected": Broken(
        InputKind.DEVIATION, correct_use_by, "as its record says now, and the batch used it"
    ),
    "the due day of a calibration is corrected": Broken(
        InputKind.DEVIATION, correct_due_day, "was not in calibration when the batch used it"
    ),
    "how a calibration found the equipment is corrected": Broken(
        InputKind.DEVIATION, correct_as_found, "was found out of tolerance"
    ),
    "the time of birth is corrected": Broken(
        InputKind.CORD, lambda s, w: correct_cord(s, w, timedelta(minutes=1)), "Cord not accepted"
    ),
    "a check of the receipt is corrected": Broken(
        InputKind.CORD,
        lambda s, w: correct_cord(s, w, timedelta(0), seal="broken"),
        "Cord not accepted",
    ),
    "a deviation of the donor is assessed as critical": Broken(
        InputKind.DONOR, assess_donor, "is on hold"
    ),
    "a critical deviation is opened": Broken(InputKind.DEVIATION, open_critical, "Deviation"),
    "a deviation is judged reject": Broken(InputKind.DEVIATION, judge_reject, "Deviation"),
    **{
        f"the {kind.replace('_', ' ')} is retired": Broken(
            InputKind.DEVIATION, functools.partial(retire, kind=kind), "was retired"
        )
        for kind in Kind
    },
}


def correct_the_open_time(session: Session, world: Any, minutes: str = "26", **other: str) -> None:
    """The technician corrects how long the tissue lay open: inside its limits before and after;
    `other` fields of that step with it."""
    state = batch_state.gather(session, world.batch.id)
    entry = next(each for each in state.current if each.step == "mince")
    typed = dict(ENTRIES["mince"]) | {"open_time": minutes} | other
    facts = CorrectionFacts(entry.id, typed, "Misread, looked up on the print-out")
    act = Act(session, world.people["technician"], world.clock(), entry_id=entry_id())
    corrections.correct(act, facts)


def correct_entry_of_suspension(session: Session, world: Any, **changed: Any) -> None:
    """The entry of the final suspension with other values, as the technician corrects it."""
    state = batch_state.read(session, world.batch.id)
    entry = next(each for each in state.current if each.step == "suspend")
    finished = datetime.fromisoformat(entry.values["finished"]["at"])
    typed = dict(ENTRIES["suspend"]) | {
        "finished": finished.isoformat(sep=" ", timespec="minutes"),
        **{name: each["code"] for name, each in entry.values.items() if "code" in each},
    }
    typed = asked_for(state.master.step("suspend"), typed | changed)
    facts = CorrectionFacts(entry.id, typed, "Read wrongly from the clock.")
    act = Act(session, world.people["technician"], world.clock(), entry_id())
    corrections.correct(act, facts)
