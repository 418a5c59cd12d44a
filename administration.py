"""The commands about the machine a site runs on: its certificate, and what the site still lacks."""

from __future__ import annotations

import os
from typing import Any

from command_line import parser
from integrity import authority
from integrity.clock import server_clock
from integrity.installation import Sentence, data_directory, opened, place
from readiness import gathering, rules
from serving import read_letters, say


def certificate(rest: list[str], _create_app: Any) -> int:
    """A certificate for the names and addresses that tablets type, of the site's own authority."""
    asked = parser("certificate", certificate.__doc__)
    asked.add_argument("names", metavar="NAME", nargs="*", help="none: those it has now")
    asked.add_argument("--new-authority", action="store_true", help="every tablet trusts it anew")
    given = asked.parse_args(rest)
    data = data_directory()
    try:
        made, above = authority.certify(
            data, given.names, at=server_clock(), anew=given.new_authority
        )
    except ValueError as fault:
        raise Sentence(str(fault)) from None
    say(
        f"The certificate of {', '.join(made.names)} is valid until {made.ends:%Y-%m-%d}; a server "
        "that speaks HTTPS already takes it up by itself, another one is started again.\n\n"
        "Each tablet trusts the site's authority once, on its page /trust. Compare there:\n\n"
        f"    {above.fingerprint}\n\n"
        f"The authority is valid until {above.ends:%Y-%m-%d}; whoever has {data / 'tls'} can stand "
        "in for this site."
    )
    return 0


def doctor(rest: list[str], _create_app: Any) -> int:
    """What the site still lacks, each line with what to do; 1 when something is lacking."""
    parser("doctor", doctor.__doc__).parse_args(rest)
    here, post = place(), read_letters()
    folder = os.environ.get("CORDBOOK_BACKUPS", "")
    with opened(here) as database, database.reading() as reading:
        found = rules.lines(gathering.gather(reading, here, post, folder, server_clock()))
    for line in found:
        say(f"{'OK' if line.is_fine else 'LACKING':<8} {line.what:<24} {line.said}")
        if not line.is_fine:
            say(f"{'':<33} To do: {line.to_do}")
    lacking = sum(not line.is_fine for line in found)
    say(f"{lacking} of {len(found)} lack something." if lacking else "Nothing is lacking.")
    return 1 if lacking else 0
