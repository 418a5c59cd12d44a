"""Proof: a claim is judged in one request, whatever it is for.

Its password before the writer is asked for, its consequences in one writing transaction, its alerts
after it.
"""

from __future__ import annotations

from integrity.forms import Form, SecretField
from people import accounts, admission, second_factors
from people.admission import Admission, Claim
from people.rules.guesses import Purpose
from people.rules.second_factors import Occasion
from people.transaction import database, key, now, presence, send_alerts, session, transaction


class ProofForm(Form):
    """A form with which somebody proves who they are; a code is asked for where one is wanted."""

    password_code = SecretField(
        "Code from your phone",
        required=None,
        description="Or one of your spare codes. Each opens once",
    )

    def ask_code(self, is_wanted: bool) -> None:
        """To be called once, before the form is read or shown."""
        if not is_wanted:
            del self.password_code

    @property
    def typed_code(self) -> str:
        return (self.password_code.data or "") if "password_code" in self else ""


def comes_in_with_code() -> bool:
    """Whether who is here gives a code beside their password."""
    return second_factors.wants_code(session(), presence().actor.id or 0, Occasion.COMING_IN)


def admitted(claim: Claim, password: str, code: str) -> Admission:
    """The person whose name, password and code these are, or the answer that every failure gets."""
    with database().reading() as reading:
        if seconds := admission.wait(reading, claim, now()):
            return Admission(claim, seconds=seconds)
        credential = accounts.proven(reading, claim.username, password)
        typed = second_factors.typed_by(reading, claim.username, key(), code, now())
    with transaction() as act:
        found = admission.admit(act, claim, credential, typed)
    if not found.person:
        send_alerts(meanwhile=claim.purpose is Purpose.SIGN_IN)
    return found
