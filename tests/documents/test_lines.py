"""On which line of a source a place stands."""

import pytest

from documents import lines

SOURCE = '''[head]
code = "A"

[[stages]]
id = "one"
[[stages.steps]]
id = "a"
text = """
[[stages]]
"""
[[stages]]
id = "two" # [ no list
[[stages.steps]]
id = "b"
fields = [
  { id = "x", max = { value = "[1" } },
  { id = "y" },
]
[windows.processing]
max = { value = "24" }
'''


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("head › code", 2),
        ("stages", 4),
        ("stages[0] ‘one’ › steps[0] ‘a’ › text", 8),
        ("stages[1] ‘two’", 11),
        ("stages[1] ‘two’ › id", 12),
        ("stages[1] ‘two’ › steps[0] ‘b’ › fields[0] ‘x’ › max › value", 16),
        ("stages[1] ‘two’ › steps[0] ‘b’ › fields[1] ‘y’ › id", 17),
        ("stages[1] ‘two’ › steps[0] ‘b’ › missing", 13),
        ("windows.processing › max", 20),
        ("", None),
        ("nowhere", None),
    ],
)
def test_a_place_is_found_at_its_line_or_at_what_is_around_it(place, line):
    assert lines.line_of(place, lines.numbers(SOURCE.encode())) == line
