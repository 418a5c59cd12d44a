"""What the pages about the house name exists: files, commands, things in the code, links."""

import importlib
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "findings" / "README.md",
    *(
        ROOT / "docs" / name
        for name in (
            "architecture.md",
            "administration.md",
            "glossary.md",
            "pages.md",
            "mutants.md",
        )
    ),
    *sorted((ROOT / "docs" / "decisions").glob("*.md")),
    *sorted((ROOT / "docs" / "guides").glob("*.md")),
]
ENDINGS = (".py", ".toml", ".md", ".html", ".ftl", ".css", ".js", ".txt", ".in", ".sh", ".ttf")
PACKAGES = {
    path.name for path in ROOT.iterdir() if path.is_dir() and (path / "__init__.py").exists()
}
MADE_WHEN_NEEDED = ("var/", ".venv", "wheelhouse/")  # by a start, not by a clone
LISTED = subprocess.run(
    ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
).stdout.split("\n")
NAMES = {name.rsplit("/", 1)[-1] for name in LISTED}
MENU = (ROOT / "run").read_text(encoding="utf-8")


@pytest.fixture(params=PAGES, ids=lambda path: path.name)
def page(request):
    return request.param.parent, request.param.read_text(encoding="utf-8")


def named(text):
    return re.findall(r"`([^`\n]+)`", text)


def is_path(name):
    if any(sign in name for sign in " <>…{}(=:,") or name.startswith(("/", "--")):
        return False
    return name.endswith(ENDINGS) or ("/" in name and name.split("/")[0] in PACKAGES)


def exists(name):
    """A path from the top or from templates/; a bare name stands for the files called so."""
    if "*" in name:
        return any(ROOT.glob(name))
    if "/" not in name:
        return name in NAMES
    return (ROOT / name).exists() or (ROOT / "templates" / name).exists()


def test_every_file_that_a_page_names_is_there(page):
    _, text = page
    missing = [
        name
        for name in named(text)
        if is_path(name) and not name.startswith(MADE_WHEN_NEEDED) and not exists(name)
    ]
    assert missing == []


def test_every_thing_of_the_code_that_a_page_names_is_there(page):
    _, text = page
    for name in named(text):
        if re.fullmatch(r"[a-z_]+(\.[A-Za-z_]+)+", name) and name.split(".")[0] in PACKAGES:
            assert resolved(name), name


def resolved(name):
    """Whether a dotted name leads to a module, or to something in one."""
    parts = name.split(".")
    for split in range(len(parts), 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:split]))
        except ModuleNotFoundError:
            continue
        for part in parts[split:]:
            found = getattr(found, part, None)
        return found is not None
    return False


def test_every_command_that_a_page_names_is_in_the_menu(page):
    _, text = page
    for command in re.findall(r"\./run ([a-z]+)", text):
        assert f"./run {command}" in MENU, command


def test_every_link_leads_somewhere(page):
    folder, text = page
    for target in re.findall(r"\]\(([^)#\s]+)", text):
        if "://" not in target:
            assert (folder / target).exists(), target


TOLD = (".py", ".toml", ".md", ".html", ".ftl")
CALLED = "mesenchymal stromal cells"
SAY_SO = (
    "README.md",
    "docs/architecture.md",
    "docs/process.md",
    "docs/glossary.md",
    "pyproject.toml",
    "manufacturing/masters/uc-msc-15ml.toml",
)


@pytest.mark.parametrize("name", SAY_SO)
def test_the_product_is_called_what_it_is(name):
    said = " ".join((ROOT / name).read_text(encoding="utf-8").split())
    assert CALLED in said.lower()


def test_nowhere_is_it_called_a_stem_cell():
    wrong = "stem" + " cell"
    texts = [name for name in LISTED if name.endswith(TOLD) and (ROOT / name).is_file()]
    named = [name for name in texts if wrong in (ROOT / name).read_text(encoding="utf-8").lower()]
    assert named == []
