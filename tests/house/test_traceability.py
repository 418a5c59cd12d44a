"""Every requirement is accounted for: with its tests, or as not yet.

And nothing called done is not yet.
"""

import importlib.util
from pathlib import Path

spec = importlib.util.spec_from_file_location(
    "traceability", Path(__file__).with_name("traceability.py")
)
traceability = importlib.util.module_from_spec(spec)
spec.loader.exec_module(traceability)

# What is called done; an id goes in here only when the software does everything its sentence says
# and marked tests show it, through the real acts and pages.
DONE = (Path(__file__).with_name("done.txt")).read_text(encoding="utf-8").split()


def test_the_generated_page_is_up_to_date():
    assert traceability.TARGET.read_text(encoding="utf-8") == traceability.written()


def test_every_mark_names_a_requirement_that_exists():
    known = {id_ for id_, _ in traceability.requirements()}
    assert set(traceability.marked()) <= known


def test_nothing_that_is_called_done_is_without_a_test():
    assert set(DONE) <= set(traceability.marked())
