"""Everything that a person can enter can be put right, or has a reason here why it stays.

A new table of records, or a new form, without either fails.
"""

from __future__ import annotations

import importlib
import sys
from typing import Any

import pytest

import app  # noqa: F401 - every table
from integrity.trail import record_tables
from tests.house.test_moments import ROOMS, every, taken

# {what puts it right: (the act, the page that calls it)}
ROUTES = {
    "step": ("manufacturing.execution.corrections.correct", "execution.step_correct"),
    "receipt": ("qc.laboratory.corrections.correct_receipt", "laboratory.receipt_correct"),
    "beginning": ("qc.laboratory.corrections.correct_beginning", "laboratory.beginning_correct"),
    "result": ("qc.laboratory.testing.record", "laboratory.result_correct"),
    "lot": ("stores.lot_corrections.correct", "stores.lot_correct"),
    "equipment": ("stores.equipment_corrections.correct", "stores.equipment_correct"),
    "calibration": (
        "stores.equipment_corrections.correct_calibration",
        "stores.calibration_correct",
    ),
    "cord": ("manufacturing.donation.cord_corrections.correct", "donation.cord_correct"),
    "answers": ("manufacturing.donation.donors.correct_answers", "donation.donor_correct"),
    "consent": ("manufacturing.donation.donors.change_consent", "donation.donor_consent"),
    "struck consent": (
        "manufacturing.donation.donors.strike_consent",
        "donation.donor_consent_strike",
    ),
    "blood": ("manufacturing.donation.blood_samples.correct_test", "donation.donor_test_new"),
    "person": ("people.grants.change", "people.person_change"),
    "setting": ("integrity.site.change", "people.site_settings"),
    "fate": ("stores.fate_corrections.correct", "stores.fate_correct"),
    "hold": ("qc.deviations.holding.lift", "deviations.hold_lift"),
    "exception": ("qc.release.exceptions.judge", "release.exceptions_judge"),
    "observation": ("qc.deviations.observing.classify", "deviations.observation_classify"),
}
CORRECTED = {
    "entries": "step",
    "processing_starts": "step",
    "lot_uses": "step",
    "equipment_uses": "step",
    "containers": "step",
    "container_parents": "step",
    "container_expiries": "step",
    "sample_tests": "step",
    "results": "result",
    "sample_receipts": "receipt",
    "receipt_corrections": "receipt",
    "test_beginnings": "beginning",
    "beginning_corrections": "beginning",
    "lots": "lot",
    "lot_corrections": "lot",
    "equipment": "equipment",
    "equipment_corrections": "equipment",
    "calibrations": "calibration",
    "cords": "cord",
    "cord_corrections": "cord",
    "donor_answers": "answers",
    "donor_consents": "consent",
    "donor_tests": "blood",
    "people": "person",
    "settings": "setting",
    "container_fates": "fate",
    "holds": "hold",
    "exception_verdicts": "exception",
    "observations": "observation",
}
PROGRAM = "made by the program; nobody types it"
SIGNED = "a signature says what was judged then; another judgement is signed after it"
STORY = "what was said stays said; whoever knows better says it after it, in the same story"
DECIDED = "a proposal or decision of its own, withdrawn or followed by another one"
DOCUMENT = "a controlled document is immutable; a further version takes its place"
DEED = "a deed that was done cannot be undone; what follows it is a deed of its own"
OTHER_THING = "whose it is makes it what it is: what is another's is registered anew"
STAYS = {
    **dict.fromkeys(
        ("issued_codes", "subjects", "moves", "files", "certificate_files", "sites"), PROGRAM
    ),
    **dict.fromkeys(
        ("label_prints", "search_terms", "credentials", "second_factors", "sign_off_entries"),
        PROGRAM,
    ),
    **dict.fromkeys(("spare_codes", "spare_code_uses", "badges"), PROGRAM),
    **dict.fromkeys(("signatures", "sign_offs", "reviews", "determinations"), SIGNED),
    **dict.fromkeys(("certificates", "deviation_judgements", "declarations"), SIGNED),
    **dict.fromkeys(("deviations", "attachments", "deviation_assessments"), STORY),
    **dict.fromkeys(("observation_verdicts", "sample_explanations"), STORY),
    **dict.fromkeys(("phase_ones", "phase_one_checks", "phase_twos"), STORY),
    **dict.fromkeys(("grants", "grant_proposals", "setting_changes", "closings"), DECIDED),
    **dict.fromkeys(("corrective_actions", "specification_changes"), DECIDED),
    **dict.fromkeys(("documents", "document_dates"), DOCUMENT),
    **dict.fromkeys(("handovers", "identity_checks"), DEED),
    **dict.fromkeys(("donors", "batches"), OTHER_THING),
}
# {form: what puts right what was typed into it, or why it stays}
PROOF = "proves who somebody is; nothing of it is kept"
WHY = "says why something is done; the deed it belongs to is corrected or followed by another one"
FORMS = {
    **dict.fromkeys(("StepForm", "LeaveOutForm", "LeftOutAfterAllForm"), "step"),
    **dict.fromkeys(("TestedForm", "NumericForm"), "result"),
    **dict.fromkeys(("DescriptionForm", "LotForm", "LotCorrectionForm"), "lot"),
    **dict.fromkeys(("DeliveryForm", "LotRow"), "lot"),
    **dict.fromkeys(("PiecesForm", "PieceRow"), "equipment"),
    **dict.fromkeys(("IdentityForm", "EquipmentForm", "IdentityCorrectionForm"), "equipment"),
    **dict.fromkeys(("CalibrationForm", "CalibrationCorrectionForm"), "calibration"),
    **dict.fromkeys(("CordTimes", "CordBase", "CordCorrectionBase"), "cord"),
    **dict.fromkeys(("DonorBase", "CorrectionBase"), "answers"),
    **dict.fromkeys(("ConsentFields", "ConsentForm", "ConsentStrikeForm"), "consent"),
    **dict.fromkeys(("SampleBase", "TestCorrectionForm"), "blood"),
    **dict.fromkeys(("PersonForm", "ChangeForm", "StandingForm"), "person"),
    "SettingForm": "setting",
    "ReminderForm": DECIDED,
    **dict.fromkeys(("IssueForm", "ToldForm", "FateForm", "ReturnForm"), "fate"),
    **dict.fromkeys(("GivenForm", "DestroyForm", "IssueCorrectionForm"), "fate"),
    **dict.fromkeys(("ReturnCorrectionForm", "GivenCorrectionForm"), "fate"),
    **dict.fromkeys(("DestructionCorrectionForm", "FateCorrection"), "fate"),
    "HoldForm": "hold",
    "ExceptionsForm": "exception",
    "ObservationForm": "observation",
    **dict.fromkeys(("SignInForm", "UnlockForm", "PasswordForm", "SignForm"), PROOF),
    "SeveralForm": PROOF,
    **dict.fromkeys(("ProofForm", "CodeForm", "PhoneForm", "BadgeForm"), PROOF),
    "WithdrawBadgeForm": WHY,
    **dict.fromkeys(("ReasonedSignForm", "ReasonForm", "JudgeForm", "WithdrawForm"), WHY),
    **dict.fromkeys(("ImportForm", "ShippedForm", "DatedImportForm", "DateForm"), DOCUMENT),
    **dict.fromkeys(("PrintForm", "ReprintForm"), DEED),
    **dict.fromkeys(("AssessmentForm", "FileForm", "RaiseForm"), STORY),
    **dict.fromkeys(("PhaseOneForm", "PhaseTwoForm"), STORY),
    "ActionForm": DECIDED,
    "StartForm": OTHER_THING,
    **dict.fromkeys(("ReceiptForm", "ReceiptCorrectionForm"), "receipt"),
    **dict.fromkeys(("ReceiptsForm", "ReceiptRow"), "receipt"),
    "ResultsForm": "result",
    "BegunRow": "beginning",
    **dict.fromkeys(("BeginningForm", "BeginningCorrectionForm"), "beginning"),
}
REASONS = {PROGRAM, SIGNED, STORY, DECIDED, DOCUMENT, DEED, OTHER_THING, PROOF, WHY}


@pytest.mark.req("EBR-08")
def test_every_table_of_records_is_put_right_by_a_route_or_says_why_not():
    tables = {table.name for table in record_tables()}
    assert set(CORRECTED) & set(STAYS) == set()
    assert tables - set(CORRECTED) - set(STAYS) == set(), "a table without a route or a reason"
    assert set(CORRECTED) | set(STAYS) <= tables, "a route or a reason for what is not there"


def is_written(form: Any) -> bool:
    """Whether a form stands in a module of the application: those that a page makes of data are its
    children."""
    module = sys.modules[form.__module__]
    return form.__module__.split(".")[0] in ROOMS and hasattr(module, form.__name__)


@pytest.mark.req("EBR-08")
def test_every_form_is_put_right_by_a_route_or_says_why_not():
    taken()
    forms = {kind.__name__ for kind in every() if is_written(kind)}
    assert forms == set(FORMS)
    assert set(FORMS.values()) <= set(ROUTES) | REASONS


def act_of(route: str) -> Any:
    module, name = ROUTES[route][0].rsplit(".", 1)
    return getattr(importlib.import_module(module), name)


@pytest.mark.req("EBR-08")
@pytest.mark.parametrize("route", ROUTES)
def test_every_route_is_an_act_with_a_page_that_takes_what_is_put_right(route, application):
    assert callable(act_of(route))
    endpoint = ROUTES[route][1]
    methods = [
        rule.methods for rule in application.url_map.iter_rules() if rule.endpoint == endpoint
    ]
    assert any("POST" in each for each in methods), endpoint


def test_every_table_of_corrections_keeps_why():
    wanted = {"entries", "results", "calibrations", "donor_answers", "donor_tests"}
    wanted |= {"receipt_corrections", "beginning_corrections"}
    wanted |= {"lot_corrections", "equipment_corrections", "cord_corrections", "donor_consents"}
    kept = {table.name for table in record_tables() if "reason" in table.columns}
    assert wanted <= kept
