"""The grammar of the command line: a fault in it is one sentence."""

from __future__ import annotations

import argparse
from typing import NoReturn

from integrity.installation import Sentence


class Parser(argparse.ArgumentParser):
    """argparse, whose faults are sentences for the person at the terminal."""

    def error(self, message: str) -> NoReturn:
        usage = " ".join(self.format_usage().removeprefix("usage: ").split())
        raise Sentence(
            f"{message[:1].upper()}{message[1:]}: the command is {usage} and nothing else."
        )


def parser(command: str, does: str | None) -> Parser:
    """The parser of one command, which says what it does."""
    return Parser(prog=f"./run {command}", description=does, allow_abbrev=False)
