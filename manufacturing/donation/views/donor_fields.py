"""The forms of a donor; one field for each criterion and each test that the criteria name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wtforms import BooleanField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import StopValidation

from integrity.forms import (
    ChoiceField,
    Form,
    InstantField,
    MayBeEmpty,
    Opens,
    ParagraphField,
    ReadField,
    ReasonField,
    TextField,
)
from integrity.numbers import plain, read_typed
from manufacturing.donation import criteria_register as criteria
from manufacturing.donation.criteria import RESULTS, Question
from manufacturing.donation.donors import ConsentFacts
from manufacturing.donation.rules.donors import ConsentState
from people.transaction import now, session
from stores.views.fields import DayField

RESULT_CHOICES = list(RESULTS.items())
LABORATORY_HINT = "The laboratory and its accreditation, for example LAB-07, ISO 15189"


class OptionalChoice(RadioField):  # type: ignore[misc]
    """One of a few buttons, or none."""

    def __init__(self, label: str, choices: Iterable[tuple[str, str]], **kw: Any):
        super().__init__(
            label,
            [MayBeEmpty()],
            choices=[SelectChoice(*choice) for choice in choices],
            validate_choice=False,
            **kw,
        )
        self.type = "RadioField"  # `type` is what the templates draw by

    def pre_validate(self, form: Any) -> None:
        if self.data and self.data not in {choice.value for choice in self.choices or []}:
            raise StopValidation("Choose one of the buttons.")


def question_field(question: Question) -> Any:
    """The form field of one criterion."""
    if question.options:
        return ChoiceField(
            question.label, [(option.value, option.label) for option in question.options]
        )
    needed = f"Give a number for “{question.label}”." if question.required else None
    hint = f"Accepted {question.range_shown}" if question.range_shown else ""

    def figure(typed: str) -> str:
        read_typed(typed, question.may_be)
        return plain(typed)

    return ReadField(question.label, figure, needed, 30, hint)


def answers_from(form: Form, questions: Iterable[Question]) -> dict[str, str]:
    """What was answered, numbers in their one spelling."""
    return {
        question.id: (form[question.id].data if question.options else form[question.id].value) or ""
        for question in questions
    }


def form_with(name: str, base: type[Form], questions: Iterable[Question]) -> type[Form]:
    """A form class with one field for each criterion of the data."""
    return type(name, (base,), {question.id: question_field(question) for question in questions})


class ConsentFields(Form):
    form_version = TextField(
        "Version of the consent form", "Write the version printed on the consent form.", longest=40
    )
    day = DayField("Day of the consent", "Write the day of the consent.")
    covers = ChoiceField("The consent covers", [])

    def __init__(self, *args: Any, **kw: Any):
        super().__init__(*args, **kw)
        self.covers.choices = [
            SelectChoice(scope.value, scope.label)
            for scope in criteria.current(session(), now()).scopes
        ]

    def consent(self, state: str = ConsentState.GIVEN, reason: str = "") -> ConsentFacts:
        return ConsentFacts(
            self.form_version.data or "", self.day.value, self.covers.data, state, reason
        )


class DonorBase(ConsentFields):
    code = TextField(
        "The hospital's code for the donor",
        "Write the hospital's code for the donor.",
        longest=60,
        hint="Capital letters, digits and hyphens, for example DN-2026-0142. Never a name.",
    )
    another_donor = BooleanField("It is another donor than the one whose code reads the same")
    remark = ParagraphField(
        "Remark", longest=1000, hint="No names: the identity stays with the hospital."
    )


class CorrectionBase(Form):
    remark = ParagraphField(
        "Remark", longest=1000, hint="No names: the identity stays with the hospital."
    )
    reason = ReasonField("Reason for the correction")


class ConsentForm(ConsentFields):
    state = ChoiceField(
        "What is recorded",
        [
            (ConsentState.WITHDRAWN, "Consent is withdrawn"),
            (ConsentState.GIVEN, "A further consent is given"),
        ],
    )
    reason = ReasonField()


class ConsentStrikeForm(Form):
    reason = ReasonField("How it was entered by mistake")


class SampleBase(Form):
    sampled_at = InstantField(
        "Time of the blood sample", "Write when the blood was drawn.", opens=Opens.TODAY
    )
    laboratory = TextField(
        "Laboratory", "Write which laboratory tested, with its accreditation.", hint=LABORATORY_HINT
    )


class TestCorrectionForm(SampleBase):
    result = ChoiceField("Result", RESULT_CHOICES)
    reason = ReasonField("Reason for the correction")


def donor_form() -> Any:
    return form_with("DonorForm", DonorBase, criteria.current(session(), now()).donor)


def correction_form() -> type[Form]:
    return form_with("CorrectionForm", CorrectionBase, criteria.current(session(), now()).donor)


def sample_form() -> type[Form]:
    fields = {
        marker.id: OptionalChoice(f"{marker.label} · {marker.method}", RESULT_CHOICES)
        for marker in criteria.current(session(), now()).panel
    }
    return type("SampleForm", (SampleBase,), fields)
