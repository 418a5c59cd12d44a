"""Writes migrations, for whoever changes the models:

    python -m migrations.draft                  the first schema anew, while no other one follows it
    python -m migrations.draft next "what for"  the next migration: what the models say and the
                                                newest migration does not

A tool for the drafting table only; the migrations themselves import nothing from the application.
"""

from __future__ import annotations

import importlib
import re
import sys
from pathlib import Path

from sqlalchemy import MetaData

from migrations.drafting.first import first as drawn
from migrations.drafting.following import NotForward, following as drafted

ROOT = Path(__file__).resolve().parent.parent
MIGRATIONS = ROOT / "migrations"
OF_SUBJECTS = ("subjects", "states", "signatures", "deviations")


def models() -> MetaData:
    """Every table of the application."""
    sys.path.insert(0, str(ROOT))
    importlib.import_module("app")
    from integrity.database import Base

    return Base.metadata


def first() -> dict[Path, str]:
    """{file: text} of the first schema as the models say it."""
    metadata = models()
    from integrity.database import Base

    chapters = {
        mapper.class_.__tablename__: _chapter_of(mapper.class_.__module__)
        for mapper in Base.registry.mappers
    }
    return {MIGRATIONS / name: text for name, text in drawn(metadata, chapters).items()}


def _chapter_of(module: str) -> str:
    """The folder a noun is in; what is said of subjects is apart from the rest of integrity."""
    *_, chapter, noun = module.split(".")
    return "subjects" if noun in OF_SUBJECTS else chapter


def following(what: str, folder: Path = MIGRATIONS) -> dict[Path, str]:
    """{file: text} of the next migration; nothing where the models say what is already there."""
    before = (folder / "HEAD").read_text().strip()
    revision = f"{int(before) + 1:04}"
    text = drafted(models(), folder, revision=revision, before=before, what=what)
    name = re.sub(r"[^a-z0-9]+", "_", what.lower()).strip("_")
    if text is None:
        return {}
    return {folder / "versions" / f"{revision}_{name}.py": text, folder / "HEAD": f"{revision}\n"}


def main(words: list[str]) -> str | None:
    """Draft what is asked for; gives a sentence where it cannot be."""
    if words and (words[0] != "next" or len(words) != 2):
        return __doc__
    if words:
        try:
            files = following(words[1])
        except NotForward as fault:
            return str(fault)
    elif (MIGRATIONS / "HEAD").read_text().strip() == "0001":
        files = first()
        for old in set((MIGRATIONS / "first").glob("[a-z]*.py")) - set(files):
            old.unlink()
    else:
        return "The first schema is not drawn anew once another migration follows it: draft next."
    for path, text in files.items():
        path.write_text(text, encoding="utf-8")
        sys.stdout.write(f"{path.relative_to(ROOT)}\n")
    return None if files else "The newest migration already makes what the models say."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
