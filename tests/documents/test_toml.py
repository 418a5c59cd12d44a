"""A file is looked over for deep keys before it is read, in a time that grows with its length."""

from time import process_time

import pytest

from documents import toml
from documents.fault_ids import FileFault, KeyFault
from documents.faults import Fault, InvalidDocument, fault

DEEP = ".".join("k" * toml.DEEPEST_KEY + "k") + " = 1"
LONG = 100_000  # characters


def refused(text):
    with pytest.raises(InvalidDocument) as caught:
        toml.load(text.encode())
    [fault] = caught.value.faults
    return fault.told["message"][0], fault.line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (DEEP, 1),
        (f"# it's \"\na = 1\n{DEEP}", 3),
        (f'a = "x"\n{DEEP}', 2),
        (f'a = "x\\\\"\n{DEEP}', 2),
        (f"a = 'x\\'\n{DEEP}", 2),
        (f'a = """x\n\\""""\n{DEEP}', 3),
        (f"a = '''x\n'''\n{DEEP}", 3),
        (f'a = ["""x"""", {{ {DEEP} }}]', 1),
        (f'a = ["""x""""", {{ {DEEP} }}]', 1),
        (f"a = ['''x'''', {{ {DEEP} }}]", 1),
        (f"a = ['''x''''', {{ {DEEP} }}]", 1),
        (f'a = ["""""", {{ {DEEP} }}]', 1),
        (f'a = ["", {{ {DEEP} }}]', 1),
    ],
)
def test_a_deep_key_is_found_behind_every_kind_of_text(text, line):
    assert refused(text) == (FileFault.DEEP_KEY, line)


@pytest.mark.parametrize(
    "text",
    [
        f"a = '{DEEP}'",
        f'a = "{DEEP}"',
        f'a = "\\"{DEEP}"',
        f'a = """\n"" {DEEP}"""',
        f"a = '''\n'' {DEEP}'''",
        f"a = 1 # {DEEP}",
    ],
)
def test_dots_in_a_text_or_comment_make_no_key(text):
    assert toml.load(text.encode())


@pytest.mark.parametrize("text", ['a = "', "a = '", 'a = """', "a = '''", 'a = "\\', 'a = """\\'])
def test_a_text_that_never_ends_is_no_toml(text):
    message, _ = refused(text)
    assert message == FileFault.NOT_TOML


@pytest.mark.parametrize("piece", ['\\"', "\\", '\\"""', '"" ', "x", "\\\n"])
@pytest.mark.parametrize("begins", ['"', "'", '"""', "'''"])
def test_a_text_that_never_ends_is_passed_over_once(begins, piece):
    text = f"a = {begins}" + piece * (LONG // len(piece))
    began = process_time()
    toml._refuse_deep_keys(text)
    assert process_time() - began < 0.5


@pytest.mark.parametrize("text", ["", " ", "\u200b", "\u3164", "\u0301"])
def test_a_text_of_which_nothing_is_seen_is_an_empty_one(text):
    faults: list[Fault] = []
    assert toml.Table({"title": text}, "document", faults).string("title") is None
    assert [str(each) for each in faults] == [str(fault("document › title", KeyFault.EMPTY_TEXT))]
