"""The two people who are present when a site is made: its first administrator and its first person
of quality assurance, each with a password that they type themselves.

Where nobody is at a terminal one person does it alone, and each gets a one-time password; what that
first person of quality signs is marked until another one has judged it."""

from __future__ import annotations

import getpass
import sys
from dataclasses import dataclass

from integrity.acts import Act
from integrity.facts import shown
from integrity.forms import fault_in_text
from integrity.installation import Sentence
from integrity.visibility import is_said
from people import accounts, machine
from people.accounts import SHORTEST_PASSWORD, PersonFacts
from people.permissions import Role
from people.rules import likeness
from people.rules.guesses import is_repeated
from people.rules.handovers import HandoverKind

ASKED = {
    "username": "User name of the first administrator (letters, digits, dots, hyphens)",
    "name": "Printed name of the first administrator",
    "quality-username": "User name of the first person of quality assurance, somebody else",
    "quality-name": "Printed name of the first person of quality assurance",
    "site": "Name of the site",
    "zone": "Time zone of the site (IANA name, for example Asia/Ho_Chi_Minh)",
}


def ask(wanted: str) -> str:
    """One line of whoever is at the terminal; a Sentence where nobody is."""
    if not sys.stdin.isatty():
        raise Sentence(
            f"Nobody is here to answer: give {', '.join(f'--{option}' for option in ASKED)} on "
            "the command line."
        )
    try:
        return input(f"{wanted}: ")
    except EOFError:
        raise Sentence("Nothing was installed.") from None


def named(answers: dict[str, str]) -> tuple[PersonFacts, PersonFacts]:
    """The administrator and the person of quality; every fault of what was typed as a Sentence."""
    both = (
        PersonFacts(answers["username"], answers["name"], Role.ADMINISTRATOR.value),
        PersonFacts(answers["quality-username"], answers["quality-name"], Role.QA.value),
    )
    _refuse_nonsense(answers, both)
    return both


def _refuse_nonsense(answers: dict[str, str], both: tuple[PersonFacts, PersonFacts]) -> None:
    found = [
        f"--{option}: {shown(fault)}"
        for option, text in answers.items()
        if (fault := fault_in_text(text, 80))
    ]
    for prefix, founder in zip(("", "quality-"), both, strict=True):
        if not accounts.is_username(founder.username):
            found.append(
                f"--{prefix}username: use 2 to 40 letters, digits, dots or hyphens without accents."
            )
        if not is_said(founder.name):
            found.append(f"--{prefix}name: write the name as it is printed beside signatures.")
    if found := found or faults(*both):
        raise Sentence(" ".join(found))


@dataclass(frozen=True)
class Founder:
    """One of the two, and the password they typed, or "" where nobody was there to type one."""

    facts: PersonFacts
    password: str = ""


def faults(administrator: PersonFacts, quality: PersonFacts) -> list[str]:
    """What speaks against these two being two."""
    found = []
    if accounts.normal(administrator.username) == accounts.normal(quality.username):
        found.append("--quality-username: the two have two user names.")
    if likeness.is_one_name(administrator.name, quality.name):
        found.append("--quality-name: two people are needed, and this is the administrator's name.")
    return found


def _secret(wanted: str) -> str:
    try:
        return getpass.getpass(wanted)
    except EOFError:
        raise Sentence("Nothing was installed.") from None


def typed(facts: PersonFacts) -> Founder:
    """Let one of the two type a password twice; asks again until it can be taken."""
    for _ in range(3):
        password = _secret(f"{facts.name}, alone at the keyboard: choose your password: ")
        if not SHORTEST_PASSWORD <= len(password) <= 200:
            print(f"Choose {SHORTEST_PASSWORD} to 200 characters.")
        elif is_repeated(password, facts.username):
            print("Choose something else than your user name, once or repeated.")
        elif _secret("The same once more: ") != password:
            print("These were not the same.")
        else:
            return Founder(facts, password)
    raise Sentence("No password was chosen: nothing was installed.")


def first_settings(administrator: Founder, quality: Founder) -> str:
    """Why every setting has its first version, and who was there when it was made.

    It carries no signature: nobody has declared yet what theirs means. The two are named.
    """
    both = " and ".join(
        f"{each.facts.name} ({accounts.normal(each.facts.username)})"
        for each in (administrator, quality)
    )
    if administrator.password and quality.password:
        return f"Set at the installation. Present: {both}."
    return f"Set at the installation by one person, for {both}."


def install(act: Act, administrator: Founder, quality: Founder, hashes: tuple[str, str]) -> None:
    """Make the two, with the hashes of their passwords (typed ones, or one-time ones)."""
    alone = not (administrator.password and quality.password)
    for founder, password_hash in zip((administrator, quality), hashes, strict=True):
        is_quality = founder.facts.role == Role.QA
        kind = HandoverKind.RECOVERY if is_quality else HandoverKind.MACHINE
        machine.found(
            act,
            founder.facts,
            password_hash=password_hash,
            temporary=alone,
            kind=kind if alone else HandoverKind.INSTALLATION,
        )
