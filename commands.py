"""The command line: serve, init, verify, backup, restore, people reset, rebuild
and those of administration.py.

A fault is one sentence, never a traceback.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

import administration
import serving
from command_line import Parser, parser
from integrity import anchors, backups, clock, heads, site, states, trail, verification
from integrity.actions import IntegrityAction
from integrity.acts import Act
from integrity.clock import server_clock
from integrity.database import Database
from integrity.facts import word
from integrity.findings import Refused
from integrity.forms import fault_in_text, tidy
from integrity.installation import (
    Place,
    Sentence,
    explained,
    held,
    is_new,
    make,
    opened,
    place,
    secret,
)
from integrity.site import SettingName
from labels import numbering
from people import access_log, accounts, founders, machine, sessions
from people.accounts import PersonFacts
from people.founders import Founder
from people.words import PlacePhrase
from qc.release import certificate_files, lost_time
from readiness import gathering
from serving import say

AT_THE_TERMINAL = trail.Actor(None, "system", "Cordbook", "system", "System", "command line")


# The commands
# -------------------------------------------------------------------------------------------------


def serve(rest: list[str], create_app: Callable[..., Any]) -> int:
    """Serve what is there; where nothing is, the demonstration laboratory is made first."""
    _parser("serve").parse_args(rest)
    if asked := os.environ.get("CORDBOOK_PROCESSES"):
        import processes  # here: only an installation on PostgreSQL has gunicorn

        processes.serve(create_app, processes.wanted(asked))
    else:
        serving.serve(create_app)
    return 0


def init(rest: list[str], _create_app: Any) -> int:
    """A clean, empty installation with its first administrator and its first person of quality."""
    parser = _parser("init")
    for option, wanted in founders.ASKED.items():
        parser.add_argument(f"--{option}", help=wanted)
    given = vars(parser.parse_args(rest))
    here = place()
    with held(here, "stop it first; its database is not touched."):
        if not is_new(here):
            raise Sentence(
                f"An installation is there already ({here.file or 'on PostgreSQL'}): name "
                "another data directory in "
                "CORDBOOK_DATA, or another database."
            )
        answers = {
            option: tidy(given[option.replace("-", "_")] or founders.ask(wanted))
            for option, wanted in founders.ASKED.items()
        }
        both = founders.named(answers)
        said = _made(here, answers, both)
        secret(here)
    say(f"Installed in {here.data}. Start it with ./run and sign in.{said}")
    return 0


def _made(here: Place, answers: dict[str, str], both: tuple[PersonFacts, PersonFacts]) -> str:
    """Make the installation; gives what is to be said of the passwords.

    At a terminal each of the two types their own; otherwise both are one-time ones.
    """
    is_present = sys.stdin.isatty()
    if is_present:
        say("Both are present now. Each types a password that the other does not see.")
    first, second = (founders.typed(each) if is_present else Founder(each) for each in both)
    passwords = [each.password or accounts.new_password() for each in (first, second)]
    hashes = (accounts.hashed(passwords[0]), accounts.hashed(passwords[1]))
    make(here, lambda database: _install(database, answers, first, second, hashes))
    if is_present:
        return ""
    names = [accounts.normal(each.username) for each in both]
    lines = "\n".join(
        f"    {one_time}  {name}" for name, one_time in zip(names, passwords, strict=True)
    )
    return (
        f" The one-time passwords are\n\n{lines}\n\nEach opens nothing but the page where they "
        f"choose their own. Nobody typed them in the presence of another: what {names[1]} signs is "
        "marked until another person of quality assurance has judged it."
    )


def _install(
    database: Database,
    answers: dict[str, str],
    first: Founder,
    second: Founder,
    hashes: tuple[str, str],
) -> None:
    with clock.transaction(database, server_clock, AT_THE_TERMINAL) as act:
        answered = {SettingName.SITE: answers["site"], SettingName.ZONE: answers["zone"]}
        for name, value in (site.DEFAULTS | answered).items():
            site.change(act, name, value, reason=founders.first_settings(first, second))
        founders.install(act, first, second, hashes)


def verify(rest: list[str], _create_app: Any) -> int:
    """Check every event, row, guard and standing; 1 when something is not whole."""
    parser = _parser("verify")
    parser.add_argument(
        "--head", metavar="SEQ:HASH", help="the head of the trail as a certificate prints it"
    )
    parser.add_argument(
        "--since",
        metavar="SEQ:HASH",
        help="only what was recorded after this head, which stands in the trail",
    )
    parser.add_argument(
        "--heads", metavar="FILE", help="a file with heads, as mails or papers have them"
    )
    given = parser.parse_args(rest)
    anchor, since = heads.read(given.head), heads.read(given.since)
    kept = heads.read_all(given.heads) if given.heads else {}
    here = place()
    with opened(here) as database, database.reading() as reading:
        report = verification.verify(
            reading, since or anchor, since=since is not None, cabinet=here.cabinet
        )
        report.faults += anchors.faults(reading, serving.places())
        report.faults += anchors.not_in_trail(reading, kept, given.heads)
        report.faults += sessions.faults(reading)
        say(
            f"{report.events} events, {report.rows} rows, head "
            f"{trail.head(reading)[0]}:{report.head}"
        )
        undrawn = certificate_files.undrawn(reading) if report.whole else []
    for certificate in undrawn:
        say(
            f"Certificate {certificate.named} is issued and not drawn yet, which is no fault: its "
            "file is made when it is first asked for."
        )
    for sentence in [*report.unseen, *report.faults]:
        say(sentence)
    say(
        "whole" if report.whole else f"NOT WHOLE: {len(report.faults)} faults, the first one first."
    )
    return 0 if report.whole else 1


def backup(rest: list[str], _create_app: Any) -> int:
    """A whole copy in one new file, verified; the server may go on."""
    target = _file("backup", rest)
    here = place()
    _refuse_postgresql(
        here, f"pg_dump --format=custom --file=FILE, and a copy of {here.cabinet.folder}"
    )
    if not target.parent.is_dir() or not os.access(target.parent, os.W_OK):
        raise Sentence(
            f"{target.parent} cannot be written: name a file in a folder that is there and is "
            "yours."
        )
    with opened(here) as database:
        backups.backup(database, target, here.cabinet)
        with database.writing() as writing:
            access_log.backed_up(writing, str(target.absolute()), at=server_clock())
    report = backups.check(target)
    gathering.note_backup(here.data, target, server_clock())
    say(
        f"{target}: {report.events} events, {report.rows} rows, head "
        f"{report.events}:{report.head}, whole."
    )
    return 0


def restore(rest: list[str], _create_app: Any) -> int:
    """Put a verified backup in place.

    The restore is an event, and a banner stands until QA has seen it.
    """
    source = _file("restore", rest)
    here = place()
    _refuse_postgresql(
        here,
        f"pg_restore --clean --dbname=NAME FILE, its files into {here.cabinet.folder}, then "
        "./run verify --head with the last printed "
        "head",
    )
    assert here.file is not None
    with held(here, "stop it first, a restore takes its place."):
        report, lost = backups.restore(
            source,
            here.file,
            at=server_clock(),
            cabinet=here.cabinet,
            carry=numbering.issued_since,
            lose=lost_time.answer,
        )
    for sentence in report.unseen:
        say(sentence)
    say(
        f"Restored {report.events} events, {report.rows} rows, head "
        f"{report.events}:{report.head}, whole. "
        f"{lost} newer events were replaced; the old database is kept beside it. QA has to see "
        "the restore on the first page."
    )
    return 0


def _refuse_postgresql(here: Place, instead: str) -> None:
    if here.file is None:
        raise Sentence(
            f"This installation is on PostgreSQL, which has its own tool for this: {instead}."
        )


def _file(command: str, rest: list[str]) -> Path:
    parser = _parser(command)
    parser.add_argument("file", metavar="FILE")
    return Path(parser.parse_args(rest).file).expanduser().absolute()


def people(rest: list[str], _create_app: Any) -> int:
    """people reset NAME: sign-in alone for somebody locked out; people recover NAME: the last of
    quality assurance let back in, signing included and marked.
    """
    parser = _parser("people")
    parser.add_argument("deed", choices=list(WAYS_BACK))
    parser.add_argument("name", metavar="NAME")
    given = parser.parse_args(rest)
    one_time = accounts.new_password()
    password_hash = accounts.hashed(one_time)
    act_of, what_follows = WAYS_BACK[given.deed]
    with (
        opened(place()) as database,
        clock.transaction(database, server_clock, AT_THE_TERMINAL) as act,
    ):
        _let_in(act, act_of, given.name, password_hash)
    say(
        f"The one-time password of {accounts.normal(given.name)} is\n\n    {one_time}\n\nIt opens "
        f"nothing but the page where they choose their own. {what_follows}"
    )
    return 0


# deed: (its act, what follows from it)
WAYS_BACK: dict[str, tuple[Callable[..., Any], str]] = {
    "reset": (
        machine.reset,
        "After that they sign in and sign nothing, until an administrator asks for a new password "
        "and quality assurance confirms it.",
    ),
    "recover": (
        machine.recover,
        "What they sign is marked until another person of quality assurance has judged it.",
    ),
}


def _let_in(act: Act, deed: Callable[..., Any], name: str, password_hash: str) -> None:
    person = None if fault_in_text(name, 80) else accounts.find(act.session, name)
    if person is None:
        raise Sentence(f"Nobody has the user name {name!r}: check its spelling on the page People.")
    state = states.of(act.session, person, accounts.ACCOUNT)
    if state == accounts.AccountState.PROPOSED:
        raise Sentence(
            f"{person.username} is proposed: quality assurance confirms who they are on the page "
            "Confirm people."
        )
    if state == accounts.AccountState.DEACTIVATED:
        raise Sentence(
            f"{person.username} is {state}: another administrator activates the account on the "
            "page People."
        )
    reason = word(PlacePhrase.AT_COMMAND_LINE)
    deed(act, person.id, password_hash=password_hash, reason=reason)


def rebuild(rest: list[str], _create_app: Any) -> int:
    """Make every derived table anew from the records, and say so in the trail."""
    _parser("rebuild").parse_args(rest)
    with (
        opened(place()) as database,
        clock.transaction(database, server_clock, AT_THE_TERMINAL) as act,
    ):
        count = states.rebuild(act.session)
        act.say(IntegrityAction.SITE_REBUILT, ("site", "states"), details={"states": count})
    say(f"{count} states were made anew from their moves.")
    return 0


def bench(rest: list[str], _create_app: Any) -> int:
    """Print speeds: of this build, or of another one and this one in turns, goals beside them."""
    parser = _parser("bench")
    parser.add_argument("--against", metavar="REV", help="a revision that is measured too")
    parser.add_argument("--large", action="store_true", help="10⁶ events, and every page and act")
    parser.add_argument("--rounds", type=int, default=3, help="how often each work is done (3)")
    parser.add_argument("--only", nargs="+", default=[], metavar="WORK", help="some works only")
    words = parser.parse_args(rest)
    from benchmarks import report
    from benchmarks.builds import Failed

    try:
        return report.run(words.against, large=words.large, rounds=words.rounds, only=words.only)
    except Failed as fault:
        raise Sentence(str(fault)) from None


COMMANDS: dict[str, Callable[[list[str], Any], int]] = {
    "serve": serve,
    "init": init,
    "verify": verify,
    "backup": backup,
    "restore": restore,
    "people": people,
    "certificate": administration.certificate,
    "doctor": administration.doctor,
    "rebuild": rebuild,
    "bench": bench,
}


def _parser(command: str) -> Parser:
    return parser(command, COMMANDS[command].__doc__)


def main(arguments: list[str], create_app: Callable[..., Any]) -> int:
    """Run one command; gives its exit code.

    0, 1 when verification found something, 2 with a sentence.
    """
    name, rest = (arguments[0], arguments[1:]) if arguments else ("serve", [])
    try:
        if name not in COMMANDS:
            raise Sentence(f"There is no command {name!r}: ./run help shows the menu.")
        return COMMANDS[name](rest, create_app)
    except (Sentence, backups.BadBackup, Refused) as sentence:
        print(sentence, file=sys.stderr, flush=True)
    except SQLAlchemyError as fault:
        print(explained(fault), file=sys.stderr, flush=True)
    except ModuleNotFoundError as fault:
        if fault.name is None or not fault.name.startswith(("psycopg", "gunicorn")):
            raise
        print(explained(fault), file=sys.stderr, flush=True)
    except OSError as fault:
        print(
            f"{fault.filename or 'A file'} cannot be used: {fault.strerror}.",
            file=sys.stderr,
            flush=True,
        )
    except KeyboardInterrupt:
        return 130
    return 2
