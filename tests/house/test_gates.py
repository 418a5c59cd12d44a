"""The gates that every change passes: one form, no lint, every type proven, tidy templates."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GATES = {
    "the form is the formatter's": ["ruff", "format", "--check", "."],
    "nothing is found by the linter": ["ruff", "check", "."],
    "every type is proven": ["mypy", "."],
    "templates are as the linter wants them": ["djlint", "templates", "--lint", "--quiet"],
}


@pytest.mark.slow
@pytest.mark.parametrize("gate", GATES)
def test_the_gate_is_open(gate):
    done = subprocess.run(
        [sys.executable, "-m", *GATES[gate]], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
