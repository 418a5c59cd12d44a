"""Proof: a claim is judged in one request, whatever it is for.

Its password before the writer is asked for, its consequences in one writing transaction, its alerts
after it.
"""

from __future__ import annotations

from people import accounts, admission
from people.admission import Admission, Claim
from people.rules.guesses import Purpose
from people.transaction import database, now, send_alerts, transaction


def admitted(claim: Claim, password: str) -> Admission:
    """The person whose name and password these are, or the answer that every failure gets."""
    with database().reading() as reading:
        if seconds := admission.wait(reading, claim, now()):
            return Admission(claim, seconds=seconds)
        credential = accounts.proven(reading, claim.username, password)
    with transaction() as act:
        found = admission.admit(act, claim, credential)
    if not found.person:
        send_alerts(meanwhile=claim.purpose is Purpose.SIGN_IN)
    return found
