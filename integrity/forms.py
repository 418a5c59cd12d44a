"""Forms refuse nonsense: every fault at once, in a sentence that says what to do, with everything
typed kept.

The rules judge facts afterwards. `Form` adds the entry id that makes a double tap one entry, and
room for refusals."""

from __future__ import annotations

import enum
import re
import unicodedata
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from wtforms import (
    Form as PlainForm,
    HiddenField,
    PasswordField,
    RadioField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import StopValidation

from integrity import reasons, times, visibility
from integrity.catalogue import Message
from integrity.facts import Fact, MessageError, Reader, message, shown, word
from integrity.findings import Refused

ENTRY_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
INSTANT = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d)(?::(\d\d))? ?(Z|[+-]\d\d:?\d\d|[+-]\d\d)", re.ASCII
)
FIRST_YEAR, LAST_YEAR = (
    1900,
    2199,
)  # no record of ours lies outside, and every calendar here can hold what lies inside


def new_entry_id() -> str:
    return str(uuid.uuid4())


class Form(PlainForm):
    """Base of every form.

    `status` is the HTTP status its page is answered with, `refusals` are the sentences above its
    fields, `refusal` is what the law refused. With a prefix it is a row of a page, whose own form
    has the entry id. `PLACE` begins the ids of its fields where another form of the page has
    fields of the same names; what is posted is named as ever.
    """

    PLACE = ""
    entry_id = HiddenField(default=new_entry_id)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.refusals: list[str] = []
        self.refusal: Refused | None = None
        self.status = 200
        for field in self if self.PLACE else ():
            field.id = f"{self.PLACE}-{field.id}"

    @property
    def posted_entry_id(self) -> str:
        """The entry id as it was posted, "" where it was not; a page that is shown anew has one."""
        return str((self.entry_id.raw_data or [""])[0])

    def validate(self, extra_validators: Any = None) -> bool:
        valid = bool(super().validate(extra_validators))
        if not self._prefix and not ENTRY_ID.fullmatch(self.entry_id.data or ""):
            self.refusals.append("This page is incomplete. Open it anew and enter it again.")
            valid = False
        self.status = 200 if valid else 422
        return valid

    def refuse(self, refused: Refused, reader: Reader) -> None:
        """Put what the law said where it belongs.

        At the fields it names, otherwise into the summary.
        """
        self.refusal, self.status = refused, refused.status
        for finding in refused.findings:
            if finding.field and finding.field in self._fields:
                self._fields[finding.field].errors = [
                    *self._fields[finding.field].errors,
                    finding.sentence(reader),
                ]
            else:
                self.refusals.append(finding.sentence(reader))


class Required:
    """Refuses an empty field with its own sentence.

    Whether a 0 is sensible is for others to say.
    """

    field_flags = {"required": True}

    def __init__(self, sentence: str):
        self.sentence = sentence

    def __call__(self, form: Any, field: Any) -> None:
        if (
            not field.raw_data
            or not isinstance(field.raw_data[0], str)
            or not visibility.is_said(field.raw_data[0])
        ):
            field.errors = []
            raise StopValidation(self.sentence)


class MayBeEmpty:
    """Lets an empty field pass without further checks."""

    field_flags = {"optional": True}

    def __call__(self, form: Any, field: Any) -> None:
        if not field.raw_data or visibility.is_empty(str(field.raw_data[0])):
            field.errors = []
            raise StopValidation()


PASSWORDS = ("current", "wanted", "again")  # fields of passwords that are not called so


def is_secret(name: str) -> bool:
    """Whether a field of this name holds a password: it is neither kept nor shown again."""
    return "password" in name or name in PASSWORDS


def tidy(text: str | None) -> str:
    """Composed (NFC) and without blanks at its ends; what nothing is seen of is empty."""
    composed = unicodedata.normalize("NFC", text or "").strip()
    return "" if visibility.is_empty(composed) else composed


class InputFault(Message):
    """Why a text or a time cannot be taken as it was typed."""

    TOO_LONG = "text-too-long"
    DIRECTION = "text-direction"
    NOT_READ = "text-not-read"
    CONTROL = "text-control"
    INSTANT = "instant-format"
    YEAR = "instant-year"
    NO_SUCH_TIME = "instant-none"


class NotAnInstant(MessageError, ValueError):
    """What was typed is no time with its zone."""


def fault_in_text(text: str, longest: int, lines: bool = False) -> Fact | None:
    """What refuses a text, or None.

    Too long, control characters, hidden direction marks.
    """
    if len(text) > longest:
        return message(InputFault.TOO_LONG, length=len(text), longest=longest)
    for character in text:
        if character in visibility.DIRECTIONS:
            return word(InputFault.DIRECTION)
        if character == "\ufffd":
            return word(InputFault.NOT_READ)
        if unicodedata.category(character) in ("Cc", "Cs", "Cn", "Co") and not (
            lines and character in "\n\r\t"
        ):
            return word(InputFault.CONTROL)
    return None


class TextField(StringField):
    """One line of text; `longest` characters at most, no control characters."""

    def __init__(
        self, label: str, required: str | None = None, longest: int = 120, hint: str = "", **kw: Any
    ):
        super().__init__(label, _presence(required), description=hint, **kw)
        self.longest, self.type = longest, "StringField"  # `type` is what the templates draw by

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data: str = tidy(valuelist[0]) if valuelist else self.data or ""

    def pre_validate(self, form: Any) -> None:
        if fault := fault_in_text(self.data or "", self.longest, self.type == "TextAreaField"):
            raise StopValidation(shown(fault))


class ParagraphField(TextField):
    """Several lines of text."""

    widget = TextAreaField.widget

    def __init__(
        self,
        label: str,
        required: str | None = None,
        longest: int = 2000,
        hint: str = "",
        **kw: Any,
    ):
        super().__init__(label, required, longest, hint, **kw)
        self.type = "TextAreaField"


class ReasonField(ParagraphField):
    """A reason in the person's own words: ten characters at least (AUD-03, SIG-20)."""

    def __init__(self, label: str = "Reason", **kw: Any):
        super().__init__(label, "Say why, in at least ten characters.", **kw)

    def pre_validate(self, form: Any) -> None:
        super().pre_validate(form)
        if self.data and not reasons.is_given(self.data):
            raise StopValidation("Say why, in at least ten characters.")


class SecretField(PasswordField):
    """A password: never shown again, never tidied."""

    def __init__(
        self, label: str = "Password", required: str | None = "Type your password.", **kw: Any
    ):
        super().__init__(label, _presence(required), **kw)
        self.type = "PasswordField"


class ChoiceField(RadioField):
    """One of a few words, drawn as large buttons."""

    def __init__(
        self,
        label: str,
        choices: Sequence[tuple[str, str]],
        required: str | None = None,
        hint: str = "",
        **kw: Any,
    ):
        super().__init__(
            label,
            _presence(required or f"Choose one for “{label}”."),
            choices=[SelectChoice(*choice) for choice in choices],
            validate_choice=False,
            description=hint,
            **kw,
        )
        self.type = "RadioField"

    def pre_validate(self, form: Any) -> None:
        if self.data and self.data not in {choice.value for choice in self.choices or []}:
            raise StopValidation("Choose one of the buttons.")


class ReadField(TextField):
    """A field whose text is read by a function into a value (`.value`).

    The function's ValueError is the sentence shown.
    """

    def __init__(
        self,
        label: str,
        read: Callable[[str], Any],
        required: str | None = None,
        longest: int = 60,
        hint: str = "",
        **kw: Any,
    ):
        super().__init__(label, required, longest, hint, **kw)
        self.read = read
        self.value: Any = None

    def pre_validate(self, form: Any) -> None:
        super().pre_validate(form)
        if not self.data:
            return
        try:
            self.value = self.read(self.data)
        except ValueError as fault:
            raise StopValidation(str(fault)) from None


def read_instant(text: str) -> datetime:
    """A time with its zone, "2026-11-22 08:14 +07:00".

    Raises NotAnInstant, which says what to write.
    """
    match = INSTANT.fullmatch(text.strip())
    if not match:
        raise NotAnInstant(InputFault.INSTANT)
    year, month, day, hour, minute, second, offset = match.groups()
    if not FIRST_YEAR <= int(year) <= LAST_YEAR:
        raise NotAnInstant(InputFault.YEAR, first=FIRST_YEAR, last=LAST_YEAR)
    offset = "+00:00" if offset == "Z" else offset if len(offset) > 3 else offset + ":00"
    try:
        return datetime.fromisoformat(
            f"{year}-{month}-{day}T{hour}:{minute}:{second or '00'}{offset}"
        )
    except ValueError:
        raise NotAnInstant(InputFault.NO_SUCH_TIME) from None


class Opens(enum.StrEnum):
    """What a time opens with where nothing is known of it: the minute where that is the likely
    answer; the day where the time is not now, which alone is no answer.
    """

    EMPTY = ""
    NOW = "now"
    TODAY = "today"


_zones: list[Callable[[], ZoneInfo]] = []


def declare_zone(zone: Callable[[], ZoneInfo]) -> None:
    """Say in which zone times are typed that name none; the newest declaration holds."""
    _zones.append(zone)


class InstantField(ReadField):
    """A time; without a zone it is one of the site's."""

    def __init__(
        self,
        label: str,
        required: str | None = None,
        hint: str = "Date and time, for example 2026-11-22 08:14 +07:00; without a zone it is the "
        "site's",
        opens: Opens = Opens.EMPTY,
        **kw: Any,
    ):
        super().__init__(label, _read_here, required, 40, hint, **kw)
        self.opens = opens

    def open(self, at: datetime, zone: ZoneInfo) -> None:
        """Put in what it opens with, where nothing stands in it."""
        if self.opens and not self.data:
            minute = times.local_minute(at, zone)
            self.data = minute if self.opens == Opens.NOW else minute[: len("2026-11-22 ")]


def _read_here(text: str) -> datetime:
    return read_instant(times.zoned(text, _zones[-1]()) if _zones else text)


def _presence(required: str | None) -> list[Any]:
    return [Required(required)] if required else [MayBeEmpty()]
