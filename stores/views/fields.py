"""Fields that only the stores' forms have: one of a long list, a day, an amount."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from wtforms import SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import StopValidation

from integrity.corrections import Change
from integrity.forms import Form, ReadField, Required
from integrity.numbers import read_typed
from stores import rules


class ListField(SelectField):
    """One of more words than fit on buttons: a list that drops down."""

    def __init__(
        self,
        label: str,
        choices: Sequence[tuple[str, str]],
        required: str,
        hint: str = "",
        **kw: Any,
    ):
        every = [SelectChoice("", "Choose …"), *(SelectChoice(*choice) for choice in choices)]
        super().__init__(
            label,
            [Required(required)],
            choices=every,
            validate_choice=False,
            description=hint,
            **kw,
        )
        self.required, self.type = required, "SelectField"

    def offer(self, choices: Iterable[tuple[str, str]]) -> None:
        """What can be chosen, where only the request knows it."""
        self.choices = [
            SelectChoice("", "Choose …"),
            *(SelectChoice(*choice) for choice in choices),
        ]

    def pre_validate(self, form: Any) -> None:
        if self.data and self.data not in {choice.value for choice in self.choices or []}:
            raise StopValidation(self.required)


class DayField(ReadField):
    """A day; `.value` is the date."""

    def __init__(
        self,
        label: str,
        required: str,
        hint: str = "Year-month-day, for example 2027-03-31",
        **kw: Any,
    ):
        super().__init__(label, rules.read_day, required, 20, hint, **kw)


def read_amount(text: str) -> Decimal:
    """A number above 0; ValueError is the sentence."""
    number = read_typed(text)
    if number <= 0:
        raise ValueError("Write how much was received: a number above 0.")
    return number


def named_by(form: Form, field: str) -> list[str]:
    """The codes of what a refusal at this field says is on record already."""
    findings = form.refusal.findings if form.refusal else ()
    asked: list[Any] = [each.parameters["known"] for each in findings if each.field == field]
    return [
        each if isinstance(each, str) else each["code"]
        for known in asked
        for each in known["list"][1]
    ]


def corrections_shown(
    found: Iterable[tuple[Change, Sequence[tuple[str, str, str]]]],
) -> list[dict[str, Any]]:
    """What `parts/corrections.html` draws, the newest first."""
    drawn = [{"made": each.made, "changes": changes} for each, changes in found]
    return drawn[::-1]
