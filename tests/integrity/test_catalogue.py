"""The catalogue.

Every message once, each with the facts it speaks of, a language being only a folder.
"""

import ast
import importlib
import re
from pathlib import Path

import pytest

from integrity import catalogue, facts
from integrity.catalogue import Catalogue, Message, Unsayable
from integrity.facts import Reader
from integrity.words import StateWord

ROOT = Path(__file__).resolve().parents[2]
ROOMS = (
    "integrity",
    "people",
    "paper",
    "documents",
    "labels",
    "stores",
    "manufacturing",
    "qc",
    "finding",
)
SOURCES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
# Words of the calls that make a finding or a message; everything else is a parameter of the
# sentence.
OWN_WORDS = {"field", "classification", "consequence"}
FINDINGS = {"blocks", "deviates"}
MAKERS = FINDINGS | {"message", "fault"}


def modules() -> list[str]:
    return [
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in SOURCES
    ]


def vocabularies(base: type[Message] = Message) -> list[type[Message]]:
    """Every vocabulary of messages in the house."""
    ours = [each for each in base.__subclasses__() if each.__module__.split(".")[0] in ROOMS]
    return ours + [found for each in ours for found in vocabularies(each)]


def errors(base: type[Exception] = facts.MessageError) -> list[type[Exception]]:
    """Every error that carries a message."""
    return base.__subclasses__() + [
        found for each in base.__subclasses__() for found in errors(each)
    ]


@pytest.fixture(scope="module")
def members() -> dict[str, Message]:
    for module in modules():
        importlib.import_module(module)
    return {member.value: member for vocabulary in vocabularies() for member in vocabulary}


def test_every_state_that_a_thing_may_move_to_has_its_word():
    for module in map(importlib.import_module, modules()):
        for table in vars(module).values():
            if isinstance(table, dict) and None in table and _is_moves(table):
                for state in frozenset().union(*table.values()):
                    assert state.upper() in StateWord.__members__, f"{module.__name__}: {state}"


def _is_moves(table: dict[object, object]) -> bool:
    return all(isinstance(becomes, frozenset) for becomes in table.values())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for language, text in {
        "en": "lot-expired = Lot { $code } expired on { $day }.\nword-held = on hold\n",
        "vi": "lot-expired = Lô { $code } hết hạn ngày { $day }.\n",
    }.items():
        (tmp_path / language).mkdir()
        (tmp_path / language / "stores.ftl").write_text(text, encoding="utf-8")
    return tmp_path


def test_every_message_of_the_code_is_in_the_english_files_and_the_other_way_round(members):
    assert set(members) == set(catalogue.shipped().variables())


def test_no_two_vocabularies_have_a_message_in_common(members):
    assert len(members) == sum(len(vocabulary) for vocabulary in vocabularies())


def test_a_message_is_given_the_facts_that_its_sentence_speaks_of(members):
    """Wherever code names its message: the names of the parameters are those of the sentence."""
    variables = catalogue.shipped().variables()
    makers = MAKERS | {error.__name__ for error in errors()}
    seen = 0
    for path in SOURCES:
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call) or _name(call.func) not in makers:
                continue
            message = _message_of(call, members)
            if message is None or any(word.arg is None for word in call.keywords):
                continue
            given = {str(word.arg) for word in call.keywords} - _own_words(call)
            assert given == variables[message], f"{path.name}:{call.lineno} {message}"
            seen += 1
    assert seen


def test_no_fact_is_a_sentence_that_stands_in_the_code(members):
    """Neither a parameter of a message nor the text of a document is written out in the code."""
    makers = MAKERS | {error.__name__ for error in errors()}
    for path in SOURCES:
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call):
                continue
            where = f"{path.relative_to(ROOT)}:{call.lineno}"
            if _name(call.func) == "text" and call.args:
                assert not isinstance(call.args[0], ast.Dict), where
            if _name(call.func) in makers:
                given = [word.value for word in call.keywords if word.arg not in _own_words(call)]
                assert not any(map(_is_a_sentence, given)), where


def _is_a_sentence(node: ast.expr) -> bool:
    """Whether a text of several words stands in an expression."""
    texts = [each.value for each in ast.walk(node) if isinstance(each, ast.Constant)]
    return any(isinstance(text, str) and re.search(r"[^\W\d] [^\W\d]", text) for text in texts)


def test_every_vocabulary_of_messages_has_a_name_of_its_own(members):
    names = [vocabulary.__name__ for vocabulary in vocabularies()]
    assert sorted(names) == sorted(set(names))


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _own_words(call: ast.Call) -> set[str]:
    return OWN_WORDS if _name(call.func) in FINDINGS else set()


def _message_of(call: ast.Call, members: dict[str, Message]) -> str | None:
    """The id that a call names as Vocabulary.MEMBER, or None where it is handed a variable."""
    owners = {type(member).__name__: type(member) for member in members.values()}
    for named in call.args[:2]:  # a fault says where before it says what
        if isinstance(named, ast.Attribute) and (owner := owners.get(_name(named.value))):
            return owner[named.attr].value
    return None


def test_another_language_is_a_folder_and_what_it_lacks_is_said_in_english(folder):
    speaks = Catalogue.in_folder(folder, strict=True)
    said = {"code": "M260412-64", "day": "2026-10-31"}

    assert speaks.languages() == ["en", "vi"]
    assert speaks.sentence("lot-expired", said) == "Lot M260412-64 expired on 2026-10-31."
    assert speaks.sentence("lot-expired", said, "vi") == "Lô M260412-64 hết hạn ngày 2026-10-31."
    assert speaks.sentence("word-held", {}, "vi") == "on hold"
    assert speaks.sentence("word-held", {}, "de") == "on hold"


def test_the_house_speaks_another_language_without_a_change_of_code(folder, monkeypatch, members):
    """A finding is drawn again for each reader; the facts in it are the same."""
    message = next(iter(members.values()))
    names = catalogue.shipped().variables()[message.value]
    words = (
        f"{message.value} = Một câu khác: {' '.join(f'{{ ${name} }}' for name in sorted(names))}"
    )
    (folder / "vi" / "house.ftl").write_text(words + "\n", encoding="utf-8")
    (folder / "en" / "house.ftl").write_text(f"{message.value} = Another.\n", encoding="utf-8")
    spoken = Catalogue.in_folder(folder, strict=True)
    monkeypatch.setattr(catalogue, "shipped", lambda: spoken)

    said = facts.sentence(message, dict.fromkeys(names, "x"), Reader("vi", "UTC"))
    assert said.startswith("Một câu khác:")


@pytest.mark.parametrize(
    ("message", "parameters"), [("lot-lost", {}), ("lot-expired", {"code": "M260412-64"})]
)
def test_what_cannot_be_said_is_an_error_in_a_test_and_its_id_to_a_reader(
    folder, message, parameters
):
    assert Catalogue.in_folder(folder).sentence(message, parameters) == message
    with pytest.raises(Unsayable, match=message):
        Catalogue.in_folder(folder, strict=True).sentence(message, parameters)


def test_a_message_that_is_said_twice_or_wrongly_is_a_fault_of_the_file(folder):
    extra = folder / "en" / "twice.ftl"
    extra.write_text("word-held = held\n", encoding="utf-8")
    with pytest.raises(Unsayable, match="once more"):
        Catalogue.in_folder(folder).variables()
    extra.write_text("word-held held\n", encoding="utf-8")
    with pytest.raises(Unsayable, match="twice.ftl"):
        Catalogue.in_folder(folder).variables()


def test_the_version_of_a_language_changes_with_its_files_alone(folder):
    before = {language: Catalogue.in_folder(folder).version(language) for language in ("en", "vi")}
    (folder / "vi" / "stores.ftl").write_text("word-held = tạm giữ\n", encoding="utf-8")

    assert Catalogue.in_folder(folder).version("en") == before["en"]
    assert Catalogue.in_folder(folder).version("vi") != before["vi"]
    assert len(before["en"]) == 64
