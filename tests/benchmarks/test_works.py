"""Every line of work is done once with little, so that the benchmark cannot rot."""

import importlib
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from benchmarks import builds, goals, shapes, survey, works
from benchmarks.report import Run, measure
from integrity.database import Database
from integrity.verification import verify

TINY = works.TINY


class Here(builds.Build):
    """This build, its works done in this process: a test need not start Python for each."""

    def work(self, name, folder, **words):
        room, deed = name.split(".")
        do = getattr(importlib.import_module(f"benchmarks.{room}"), deed)
        return dict(do(shapes.of(builds.ROOT), folder, **words))


@pytest.fixture(scope="module")
def build(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bench")
    build = Here("this build", builds.ROOT, Path(sys.executable), folder)
    works.prepare(build, TINY, {size for work in works.works(TINY) for size in work.needs})
    return build


@pytest.mark.slow
def test_every_line_of_work_is_measured_and_every_figure_has_its_line(build, monkeypatch):
    monkeypatch.setattr("benchmarks.report.prepare", lambda *_: None)  # prepared already
    told, run = [], Run(build)
    assert measure([run], TINY, 1, (), told.append) == 0, "\n".join(told)
    assert run.medians.keys() == {figure.key for figure in goals.figures(TINY)}


@pytest.mark.slow
def test_every_page_that_links_lead_to_is_measured(build):
    data, roles = build.data(survey.FEW), ("qa1", "admin1")  # two see them all but the bench's
    spent = survey.measured(build, "pages", data, times=1, roles=roles)
    assert {"execution.batch", "release.desk", "people.trail", "stores.lot"} <= spent.keys()


@pytest.mark.slow
def test_every_act_of_a_batch_is_measured(build):
    spent = survey.measured(build, "acts", build.data(survey.FEW))
    assert {"step.recorded", "certificate.issued", "lot.released"} <= spent.keys()


def test_what_grows_with_the_batches_stands_first_and_is_marked():
    lines = list(survey.table("pages", {"a": 5, "b": 5, "c": 1}, {"a": 5, "b": 10}, 1_000))
    assert [line.split()[0] for line in lines[1:]] == ["b", "a", "Measured"]
    assert lines[1].endswith("GROWS") and not lines[2].endswith("GROWS")


@pytest.mark.slow
def test_what_was_made_in_bulk_is_whole_and_no_batch_waits_for_what_its_pattern_has(build):
    copied = Database(f"sqlite:///{build.data(TINY.many) / 'cordbook.db'}")
    with copied.reading() as reading:
        report = verify(reading)
    copied.close()
    assert report.whole, report.faults[:3]
    with closing(sqlite3.connect(build.data(works.RUNNING) / "cordbook.db")) as connection:
        assert connection.execute("SELECT count(*) FROM batches").fetchone()[0] > 3


def test_a_goal_against_another_build_is_open_while_there_is_none():
    goal = goals.faster("step", 4)
    assert goal.reached({"step": 2}, None) is None
    assert goal.reached({"step": 2}, {"step": 8}) is True
    assert goal.reached({"step": 3}, {"step": 8}) is False
    rate = goals.faster("scans", 2, rate=True)
    assert rate.reached({"scans": 20}, {"scans": 10}) is True


def test_a_page_that_grows_with_the_batches_misses_its_goal():
    goal = goals.within("many", 1.2, "few", "of 10")
    assert goal.reached({"few": 10, "many": 12}, None)
    assert not goal.reached({"few": 10, "many": 13}, None)


def test_a_work_that_fails_in_its_own_process_says_which_and_why(tmp_path):
    build = builds.present(tmp_path)
    with pytest.raises(builds.Failed, match="entries.nothing on this build"):
        build.work("entries.nothing", build.folder)
