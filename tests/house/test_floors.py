"""The house polices its own shape.

Imports go down, files stay small, numbers are never binary fractions.
"""

import ast
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# From the roof down; rooms on one floor do not know one another.
FLOORS = [
    {"app"},
    {"commands"},
    {"administration", "processes"},
    {"serving"},
    {"connections"},
    {"gateway", "command_line"},
    {"benchmarks"},
    {"demonstration"},
    {"finding"},
    {"readiness", "guidance"},
    {"qc"},
    {"manufacturing"},
    {"stores"},
    {"labels", "monitoring"},
    {"paper", "documents"},
    {"people"},
    {"integrity"},
]
LEVEL = {room: level for level, rooms in enumerate(FLOORS) for room in rooms}
LAZY: set[tuple[str, str]] = set()
FILES = sorted(
    path for room in LEVEL for path in [*ROOT.glob(f"{room}.py"), *ROOT.glob(f"{room}/**/*.py")]
)
LONGEST_FILE, LONGEST_FUNCTION = 400, 45


def room_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imported(tree: ast.AST) -> set[str]:
    names = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    return {name.split(".")[0] for name in names}


@pytest.fixture(params=FILES, ids=lambda path: str(path.relative_to(ROOT)))
def module(request):
    return request.param, ast.parse(request.param.read_text(encoding="utf-8"))


def test_imports_only_go_down(module):
    path, tree = module
    here = room_of(path)
    for name in imported(tree) & LEVEL.keys() - {here}:
        assert LEVEL[name] > LEVEL[here] or (here, name) in LAZY, (
            f"{path.name} of {here} imports {name} from above or beside"
        )


def test_a_file_stays_readable(module):
    path, tree = module
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE + 10
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno <= LONGEST_FUNCTION, node.name


def test_no_number_is_a_binary_fraction(module):
    path, tree = module
    if room_of(path) in ("paper", "labels", "benchmarks"):
        return  # points on paper and seconds of a stop-watch are no measured values
    for node in ast.walk(tree):
        assert not (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "float"), (
            f"float() at line {node.lineno}"
        )
        assert not (isinstance(node, ast.Constant) and isinstance(node.value, float)), (
            f"{node.value} at line {node.lineno}"
        )


def test_no_drawer_and_nothing_left_open(module):
    path, _ = module
    assert path.stem not in ("utils", "helpers", "common", "manager", "models", "services", "misc")
    text = path.read_text(encoding="utf-8")
    for word in ("TODO", "FIXME", "NotImplementedError", "breakpoint("):
        assert word not in text


def test_integrity_knows_nothing_of_cells():
    for path in sorted((ROOT / "integrity").glob("*.py")):
        text = path.read_text(encoding="utf-8").lower()
        for word in ("donor", "passage", "flask", "incubator"):
            assert word not in text.replace("docs/", ""), f"{path.name} speaks of {word}"


def test_the_top_level_holds_what_was_asked_for():
    listed = set(
        subprocess.run(
            ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout.split("\n")
    )
    top = {name.split("/")[0] for name in listed}
    for wanted in (
        "app.py",
        "manufacturing",
        "qc",
        "labels",
        "templates",
        "static",
        "tests",
        "requirements.txt",
        "README.md",
        "run",
        "LICENSE",
    ):
        assert wanted in top or (ROOT / wanted).exists(), wanted
