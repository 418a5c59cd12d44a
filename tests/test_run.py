"""`run`: the environment made once, whatever happens meanwhile, and the hand-over.

A small copy of the project stands in: one wheel made here, its hash in the lock, and an app.py that
says what it was given."""

import ast
import base64
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

import pytest

RUN = Path(__file__).resolve().parents[1] / "run"
PYTHON = getattr(sys, "_base_executable", sys.executable)
APP = """
import json, os, signal, sys
import probe
if sys.argv[1] == "rebuild":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(43))
    print("ready", flush=True)
    signal.pause()
data = os.environ.get("CORDBOOK_DATA")
print(json.dumps({"argv": sys.argv, "cwd": os.getcwd(), "pid": os.getpid(), "data": data}))
sys.exit(7 if sys.argv[1] == "verify" else 0)
"""

pytestmark = pytest.mark.skipif(os.name == "nt", reason="these tests drive POSIX signals and PATH")


def url_digest(text):
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


def wheel(folder, name):
    """A wheel of one empty module; the SHA-256 of the file."""
    info = f"{name}-1.0.dist-info"
    files = {
        f"{name}.py": "",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: "
        "py3-none-any\n",
    }
    rows = [f"{path},sha256={url_digest(text)},{len(text)}\n" for path, text in files.items()]
    files[f"{info}/RECORD"] = "".join(rows) + f"{info}/RECORD,,\n"
    path = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for member, text in files.items():
            archive.writestr(zipfile.ZipInfo(member), text)
    return hashlib.sha256(path.read_bytes()).hexdigest()


def new_project(folder):
    (folder / "wheelhouse").mkdir(parents=True)
    for lock, name in (("requirements.txt", "probe"), ("requirements-dev.txt", "pytest")):
        (folder / lock).write_text(
            f"{name}==1.0 --hash=sha256:{wheel(folder / 'wheelhouse', name)}\n", "utf-8"
        )
    (folder / "app.py").write_text(APP, "utf-8")
    shutil.copy(RUN, folder / "run")
    return folder


def environment(**more):
    """This machine's environment without what would lead pip or Cordbook elsewhere."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PIP_", "CORDBOOK_", "PYTHON"))
    }
    return kept | {"PIP_CONFIG_FILE": os.devnull} | more


def start(folder, *arguments, python=PYTHON, cwd=None, **more):
    return subprocess.Popen(
        [python, folder / "run", *arguments],
        cwd=cwd or folder,
        env=environment(**more),
        text=True,
        encoding="utf-8",
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def finish(process):
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def run(folder, *arguments, **more):
    return finish(start(folder, *arguments, **more))


def said(out):
    return json.loads(out.splitlines()[-1])


def is_one_sentence(err, *words):
    assert "Traceback" not in err
    assert all(word in err for word in words), err
    return len([line for line in err.splitlines() if not line.startswith("Preparing")]) == 1


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A project in a folder with spaces and Vietnamese letters, its environment made, and what that
    start printed.
    """
    folder = new_project(tmp_path_factory.mktemp("run") / "Ngân hàng máu cuống rốn")
    return folder, run(folder)


@pytest.fixture
def copy(made, tmp_path):
    """The same, in a folder of its own: an environment that has been moved."""
    return Path(shutil.copytree(made[0], tmp_path / "đã chuyển nhà", symlinks=True))


@pytest.fixture
def fresh(tmp_path):
    return new_project(tmp_path / "mới tinh")


@pytest.fixture(scope="module")
def module():
    loader = SourceFileLoader("cordbook_run", str(RUN))
    loaded = module_from_spec(spec_from_loader(loader.name, loader))
    sys.dont_write_bytecode, before = True, sys.dont_write_bytecode
    loader.exec_module(loaded)
    sys.dont_write_bytecode = before
    return loaded


# The menu and the hand-over


def test_a_first_start_in_a_folder_with_spaces_and_vietnamese_letters_serves(made):
    folder, (code, out, err) = made
    assert (code, said(out)["argv"]) == (0, ["app.py", "serve"]), err
    assert said(out)["cwd"] == str(folder.resolve())


def test_a_second_start_makes_nothing_anew_and_is_quick(made):
    began = time.monotonic()
    code, _out, err = run(made[0])
    assert (code, err) == (0, "")
    assert time.monotonic() - began < 5  # about 0.1 s; the bound only tells it from an installation


def test_a_file_is_seen_from_the_folder_of_the_caller(made, tmp_path):
    for command in ("backup", "restore"):
        _code, out, _err = run(made[0], command, "bản sao.cordbook", cwd=tmp_path)
        assert said(out)["argv"] == ["app.py", command, str(tmp_path / "bản sao.cordbook")]


def test_a_relative_data_folder_is_seen_from_the_folder_of_the_caller(made, tmp_path):
    _code, out, _err = run(made[0], cwd=tmp_path, CORDBOOK_DATA="data")
    assert said(out)["data"] == str(tmp_path / "data")


def test_the_words_after_a_command_arrive_as_they_were_typed(made):
    _code, out, _err = run(made[0], "people", "reset", "Kỹ thuật viên 1")
    assert said(out)["argv"] == ["app.py", "people", "reset", "Kỹ thuật viên 1"]


def test_the_exit_code_is_that_of_the_command(made):
    assert run(made[0], "verify")[0] == 7


def test_a_signal_reaches_the_command_because_it_is_the_same_process(made):
    process = start(made[0], "rebuild")
    assert process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGTERM)
    assert finish(process)[0] == 43


def test_help_needs_no_environment_and_names_every_command(fresh, module):
    code, out, _err = run(fresh, "help")
    assert code == 0
    assert not (fresh / ".venv").exists()
    assert [
        name
        for name in module.COMMANDS
        if name not in ("serve", "demo") and f"./run {name}" not in out
    ] == []


def test_an_unknown_command_is_refused_in_one_sentence(fresh):
    code, _out, err = run(fresh, "sevre")
    assert code == 2
    assert is_one_sentence(err, "sevre", "./run help")


@pytest.mark.parametrize(
    ("typed", "given", "is_all"),
    [
        (["-n0"], ["-n0"], None),
        (["-q", "--all", "-k", "hold time"], ["-q", "-k", "hold time"], "1"),
        (["run.py::test_x"], ["/caller/run.py::test_x"], None),
    ],
)
def test_the_tests_get_the_words_that_are_not_ours(module, monkeypatch, typed, given, is_all):
    monkeypatch.setattr(os.path, "exists", lambda path: path == "run.py")
    monkeypatch.setattr(os.path, "abspath", lambda path: f"/caller/{path}")
    monkeypatch.setenv("CORDBOOK_TEST_ALL", "")
    monkeypatch.delenv("CORDBOOK_TEST_ALL")
    assert module.pytest_arguments(typed) == ["-m", "pytest", *given]
    assert os.environ.get("CORDBOOK_TEST_ALL") == is_all


@pytest.mark.parametrize(
    ("typed", "is_shared_out"),
    [
        ([], True),
        (["--all"], True),
        (["-q", "-x", "-m", "not browser"], True),
        (["tests/qc", "tests/house"], True),
        (["tests/qc/test_pages.py", "tests/house"], False),
        (["tests/test_run.py::test_x"], False),
        (["-n", "1"], False),
        (["-n4"], False),
        (["--numprocesses=4"], False),
        (["--dist=loadfile", "--numprocesses", "2"], False),
        (["--pdb"], False),
        (["-k", "hold"], False),
        (["-khold"], False),
        (["-s"], False),
        (["--collect-only"], False),
    ],
)
def test_the_tests_are_shared_out_over_the_cores_unless_few_are_asked_for(
    module, monkeypatch, typed, is_shared_out
):
    monkeypatch.delenv("CORDBOOK_TEST_ALL", raising=False)
    given = module.pytest_arguments(typed)
    assert (given[2:4] == ["-n", "auto"]) == is_shared_out
    assert ("loadgroup" in given) == is_shared_out
    assert given.count("--dist") <= 1


# Which Python


def test_an_old_python_can_still_read_the_file():
    ast.parse(RUN.read_text("utf-8"), feature_version=(3, 6))


def old_python(folder):
    """A `python3` that takes itself for 3.8, as found first on PATH.

    What it starts is not affected.
    """
    site = folder / "site"
    site.mkdir(parents=True)
    (site / "sitecustomize.py").write_text(
        "import os, sys\nos.environ.pop('PYTHONPATH')\nsys.version_info = (3, 8, 18, 'final', 0)\n",
        "utf-8",
    )
    fake = folder / "bin" / "python3"
    fake.parent.mkdir()
    fake.write_text(
        f'#!/bin/sh\nif [ "$1" = -c ]; then exit 1; fi\nPYTHONPATH="{site}" exec "{PYTHON}" "$@"\n',
        "utf-8",
    )
    fake.chmod(0o755)
    return fake


def test_an_older_python_first_on_path_hands_over_to_a_newer_one(made, tmp_path):
    old = old_python(tmp_path / "old")
    newer = tmp_path / "newer"
    newer.mkdir()
    (newer / "python3.11").symlink_to("/bin/false")  # a version manager's empty shim
    (newer / "python3").symlink_to(PYTHON)
    code, out, err = run(made[0], "init", python=old, PATH=f"{old.parent}:{newer}:/usr/bin:/bin")
    assert (code, said(out)["argv"]) == (0, ["app.py", "init"]), err


def test_an_older_python_alone_says_what_is_needed(fresh, tmp_path):
    old = old_python(tmp_path / "old")
    code, _out, err = run(fresh, python=old, PATH=str(old.parent))
    assert code == 2
    assert is_one_sentence(err, "3.11 or newer", "this one is 3.8")


def test_a_python_without_pip_and_ensurepip_says_what_to_install(fresh, tmp_path):
    (tmp_path / "sitecustomize.py").write_text(
        "import sys\nfrom importlib.machinery import PathFinder\n"
        "find = PathFinder.find_spec\n"
        "PathFinder.find_spec = lambda name, *a: None if name in ('pip', 'ensurepip') else "
        "find(name, *a)\n",
        "utf-8",
    )
    code, _out, err = run(fresh, PYTHONPATH=str(tmp_path))
    assert code == 2
    assert is_one_sentence(err, "neither pip nor ensurepip", "python3-venv")


@pytest.mark.slow
def test_a_python_without_pip_uses_the_one_that_comes_with_it(fresh, tmp_path):
    (tmp_path / "sitecustomize.py").write_text(
        "import sys\nfrom importlib.machinery import PathFinder\n"
        "find = PathFinder.find_spec\n"
        "PathFinder.find_spec = lambda name, *a: None if name == 'pip' else find(name, *a)\n",
        "utf-8",
    )
    code, out, err = run(fresh, PYTHONPATH=str(tmp_path))
    assert (code, said(out)["argv"]) == (0, ["app.py", "serve"]), err


# Where the environment is


def test_an_environment_that_has_been_moved_still_serves(copy):
    code, out, err = run(copy)
    assert (code, err) == (0, "")
    assert said(out)["cwd"] == str(copy.resolve())


def test_an_environment_whose_python_is_gone_is_made_anew(copy):
    python = copy / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("/nowhere/python3.11")
    code, _out, err = run(copy)
    assert (code, "Preparing" in err) == (0, True)


def test_source_that_cannot_be_written_gets_its_environment_in_the_cache(
    module, monkeypatch, tmp_path
):
    monkeypatch.delenv("CORDBOOK_VENV", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(module, "ROOT", str(tmp_path / "source"))
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert Path(module.environment_folder()).parent == tmp_path / "cache" / "cordbook"


def test_the_environment_can_be_named(fresh, tmp_path):
    code, _out, err = run(fresh, cwd=tmp_path, CORDBOOK_VENV="elsewhere/env")
    assert code == 0, err
    assert (tmp_path / "elsewhere/env/cordbook.stamp").exists()
    assert not (fresh / ".venv").exists()


def test_a_named_folder_with_other_things_in_it_is_left_alone(fresh, tmp_path):
    (tmp_path / "thesis.txt").write_text("mine", "utf-8")
    code, _out, err = run(fresh, CORDBOOK_VENV=str(tmp_path))
    assert code == 2
    assert is_one_sentence(err, "not a Python environment")
    assert (tmp_path / "thesis.txt").read_text("utf-8") == "mine"


def test_a_place_that_cannot_be_written_is_one_sentence(fresh, tmp_path):
    (tmp_path / "file").write_text("", "utf-8")
    code, _out, err = run(fresh, CORDBOOK_VENV=str(tmp_path / "file" / "env"))
    assert code == 2
    assert is_one_sentence(err, "CORDBOOK_VENV")


# Installing


def test_a_changed_lock_is_installed_once_and_the_rest_is_kept(copy):
    digest = wheel(copy / "wheelhouse", "another")
    with (copy / "requirements.txt").open("a", encoding="utf-8") as lock:
        lock.write(f"another==1.0 --hash=sha256:{digest}\n")
    assert "2 packages" in run(copy)[2]
    assert list((copy / ".venv").rglob("another.py"))
    assert run(copy)[2] == ""


def test_an_environment_made_by_hand_is_completed_not_replaced(copy):
    (copy / ".venv" / "cordbook.stamp").unlink()
    (copy / ".venv" / "by-hand").write_text("", "utf-8")
    assert run(copy)[0] == 0
    assert (copy / ".venv" / "by-hand").exists()


def test_a_package_with_another_hash_is_not_installed(copy):
    (copy / "requirements-dev.txt").write_text(f"pytest==1.0 --hash=sha256:{'0' * 64}\n", "utf-8")
    code, _out, err = run(copy, "test")
    assert code == 2
    assert is_one_sentence(err, "SHA-256", "nothing was installed")
    code, _out, err = run(copy)
    assert (code, err) == (0, "")  # what was there before still serves and is not made again


def test_without_a_network_one_sentence_names_the_wheelhouse(fresh):
    shutil.rmtree(fresh / "wheelhouse")
    code, _out, err = run(fresh, PIP_INDEX_URL="http://127.0.0.1:9/simple", PIP_RETRIES="0")
    assert code == 2
    assert is_one_sentence(err, "wheelhouse/", "pip download")


def test_a_wheelhouse_that_lacks_a_package_says_so(copy):
    (copy / "requirements-dev.txt").write_text(f"absent==1.0 --hash=sha256:{'0' * 64}\n", "utf-8")
    code, _out, err = run(copy, "bench")
    assert code == 2
    assert is_one_sentence(err, "wheelhouse/ lacks", "absent")


SLOW_PIP = """
import pathlib, sys, time
here = pathlib.Path(__file__).resolve().parents[1]
target = pathlib.Path(sys.argv[sys.argv.index("--python") + 1]).parents[1]
(target / "half-installed").touch()
(here / "began").touch()
time.sleep(1)
(here / "ended").touch()
"""


@pytest.mark.slow
def test_a_start_killed_in_the_middle_of_installing_is_made_good_by_the_next(fresh, tmp_path):
    slow = tmp_path / "slow"
    (slow / "pip").mkdir(parents=True)
    (slow / "pip" / "__init__.py").write_text('__version__ = "23.0"', "utf-8")
    (slow / "pip" / "__main__.py").write_text(SLOW_PIP, "utf-8")
    killed = start(fresh, PYTHONPATH=str(slow))
    while not (slow / "began").exists():
        assert killed.poll() is None
        time.sleep(0.01)
    killed.kill()
    code, out, err = run(fresh)
    finish(killed)
    assert (code, said(out)["argv"]) == (0, ["app.py", "serve"]), err
    assert "waiting" in err and (slow / "ended").exists()  # the pip left behind was not disturbed
    assert not (fresh / ".venv" / "half-installed").exists()


@pytest.mark.slow
def test_of_two_starts_at_once_one_installs_and_both_serve(fresh):
    first, second = [finish(process) for process in [start(fresh), start(fresh)]]
    assert (first[0], second[0]) == (0, 0), first[2] + second[2]
    assert (first[2] + second[2]).count("Preparing") == 1
    assert (first[2] + second[2]).count("waiting") <= 1
