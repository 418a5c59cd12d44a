"""No template spells a state: it names a member of the vocabulary, or asks what it is shown.

A word that is misspelt in a comparison is no error, only a button that is never there.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from app import STATES

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
WORDS = {member.value for vocabulary in STATES for member in vocabulary}
VOCABULARIES = {vocabulary.__name__: vocabulary for vocabulary in STATES}
# Words that are spelt like a state and are none.
OTHERS = {
    "parts/status.html": {"accepted", "rejected"},  # the tone a status is drawn in
    "parts/stages.html": {"current", "done"},  # how far a batch has come
    "manufacturing/donation/cord.html": {"used"},  # how much of the window is over
    "qc/release/desk.html": {"waiting"},  # which list is shown
    "qc/deviations/deviations.html": {"open"},  # which list is shown
    "qc/laboratory/samples.html": {"done", "open"},  # which list is shown
    "stores/lots/lot.html": {"reject"},  # a deed, as its address says it
}


@pytest.fixture(params=TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def template(request):
    name = str(request.param.relative_to(ROOT / "templates"))
    return name, Environment().parse(request.param.read_text(encoding="utf-8"))


def said(node: nodes.Node) -> Iterator[object]:
    """Every text that stands in an expression, in the lists of it as well."""
    found = [node] if isinstance(node, nodes.Const) else node.find_all(nodes.Const)
    return (each.value for each in found)


def compared(tree: nodes.Template) -> Iterator[object]:
    """The texts that something is compared with, chosen by or asked for."""
    for comparison in tree.find_all(nodes.Compare):
        for side in (comparison.expr, *(operand.expr for operand in comparison.ops)):
            if isinstance(side, nodes.Const | nodes.List | nodes.Tuple):
                yield from said(side)
    for keyword in tree.find_all(nodes.Keyword):
        if isinstance(keyword.value, nodes.Const):
            yield keyword.value.value
    for asked in tree.find_all((nodes.Test, nodes.Filter)):
        names_an_attribute = asked.name in ("selectattr", "rejectattr")
        for argument in asked.args[names_an_attribute:]:
            if isinstance(argument, nodes.Const):
                yield argument.value
    for table in tree.find_all(nodes.Pair):
        yield from said(table.key)


def test_no_template_spells_a_state(template):
    name, tree = template
    assert WORDS & set(compared(tree)) <= OTHERS.get(name, set())


def test_what_a_template_names_is_in_the_vocabulary(template):
    _, tree = template
    for named in tree.find_all(nodes.Getattr):
        if isinstance(named.node, nodes.Name) and named.node.name in VOCABULARIES:
            assert named.attr in VOCABULARIES[named.node.name].__members__, named.attr
