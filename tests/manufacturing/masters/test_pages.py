"""The pages of master records.

Importing with every fault at its place, reading, signing, and the bytes given back.
"""

from io import BytesIO

import pytest
from sqlalchemy import event, func, select

from documents import contents, register, toml
from documents.kinds import Kind
from documents.register import ControlledDocument
from documents.views import importing
from manufacturing.masters.document import read
from tests.makers.addresses import newest_id
from tests.makers.masters import (
    SHIPPED_BYTES,
    changed,
    make_effective_master,
    make_its_specification,
)
from tests.makers.people import (
    PASSWORD,
    entry_id,
    give_role,
    make_people,
    make_person,
    post,
    sign_in,
    token,
)
from tests.pages import Page
from tests.templates import MORNING

pytestmark = pytest.mark.state("people")

IMPORT = "/masters/import"
HOURS = b'max = { value = "24", unit = "h" }'


@pytest.fixture
def people(application, sqlite, clock):
    """The people of a master record; the specification it names is in force as document 1."""
    people = make_people(sqlite, "master_author", "master_approver", "qa", "reader", at=clock())
    with sqlite.writing() as session:
        make_its_specification(session, people, at=clock())
    return people


def as_person(application, username):
    client = application.test_client()
    assert sign_in(client, username).status_code == 303
    return client


def words(answer):
    return Page(answer).words


def upload(client, data, name="master.toml", **other):
    return client.post(
        IMPORT,
        data={
            "csrf_token": token(client, IMPORT),
            "entry_id": entry_id(),
            "document": "",
            "file": (BytesIO(data), name),
        }
        | other,
    )


def sign(client, path, username, **other):
    reviewed = Page(client.get(path)).value("reviewed")
    return post(client, path, username=username, password=PASSWORD, reviewed=reviewed, **other)


def address(sqlite):
    """The page of the newest master record."""
    return f"/masters/{newest_id(sqlite, ControlledDocument)}"


def counted(sqlite):
    with sqlite.reading() as session:
        return session.scalar(
            select(func.count())
            .select_from(ControlledDocument)
            .where(ControlledDocument.kind == Kind.MASTER_RECORD)
        )


@pytest.mark.req("MBR-01")
def test_a_document_goes_from_import_to_effective_through_three_people(application, sqlite, people):
    author, approver, qa = (
        as_person(application, name) for name in ("masterauthor1", "masterapprover1", "qa1")
    )
    answer = upload(author, SHIPPED_BYTES)
    here = address(sqlite)
    assert (answer.status_code, answer.headers["Location"]) == (303, here)
    assert sign(author, here + "/author", "masterauthor1").status_code == 303
    assert sign(approver, here + "/approve", "masterapprover1").status_code == 303
    assert sign(approver, here + "/effective", "masterapprover1").status_code == 409
    dated = post(qa, here + "/date", effective_from="")
    assert dated.status_code == 303
    assert sign(qa, dated.headers["Location"], "qa1").status_code == 303
    assert "Approved by QA" in words(author.get("/masters"))
    assert sign(approver, here + "/effective", "masterapprover1").status_code == 303
    page = words(as_person(application, "reader1").get(here))
    assert "Effective" in page and "I wrote this" in page and page.count("I approve this") == 3
    assert "Sign as author" not in page and "Retire" not in page
    with sqlite.reading() as session:
        assert register.effective(session, Kind.MASTER_RECORD, "UC-MSC-15ML", MORNING).version == 1


@pytest.mark.req("IAM-03")
def test_an_author_who_has_become_an_approver_may_not_approve_their_own(
    application, sqlite, people, clock
):
    author = as_person(application, "masterauthor1")
    upload(author, SHIPPED_BYTES)
    here = address(sqlite)
    sign(author, here + "/author", "masterauthor1")
    assert author.get(here + "/approve").status_code == 403
    with sqlite.writing() as session:
        by = {
            "administrator": make_person(session, "administrator", at=clock()),
            "qa": make_person(session, "qa", at=clock()),
        }
        give_role(session, people["master_author"], "master_approver", **by, at=clock())
    author = as_person(application, "masterauthor1")
    answer = sign(author, here + "/approve", "masterauthor1")
    assert answer.status_code == 409 and "Somebody else must approve it" in words(answer)
    with sqlite.reading() as session:
        assert (
            register.state(
                session,
                session.get_one(ControlledDocument, newest_id(sqlite, ControlledDocument)),
                MORNING,
            )
            == "authored"
        )


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        (b'type = "confirm"', b'type = "tick"', "type"),
        (HOURS, HOURS.replace(b'"h"', b'"mL"'), "windows.processing"),
        (b'low = "70", high = "90"', b'low = "90", high = "70"', "stages["),
        (b"p0_seed.volume * ", b"nowhere.volume * ", "formula"),
    ],
)
def test_a_faulty_document_is_answered_with_every_fault_and_its_place(
    application, sqlite, people, old, new, place
):
    author = as_person(application, "masterauthor1")
    assert old in SHIPPED_BYTES
    answer = upload(
        author, SHIPPED_BYTES.replace(old, new).replace(b'specification = "SP-UCMSC"\n', b"")
    )
    page = words(answer)
    assert answer.status_code == 422 and counted(sqlite) == 0
    assert "specification" in page and place in page and "Nothing was imported" in page


def test_a_pasted_document_is_imported_and_a_faulty_one_is_still_there(application, sqlite, people):
    author = as_person(application, "masterauthor1")
    faulty = post(author, IMPORT, document="[master]\ncode = 'A <b>'\n")
    assert faulty.status_code == 422 and "A &lt;b&gt;" in faulty.get_data(as_text=True)
    pasted = SHIPPED_BYTES.decode().replace("\n", "\r\n")
    assert post(author, IMPORT, document=pasted).status_code == 303
    with sqlite.reading() as session:
        assert (
            contents.source_of(
                session, session.get_one(ControlledDocument, newest_id(sqlite, ControlledDocument))
            )
            == SHIPPED_BYTES
        )


@pytest.mark.parametrize(
    "data",
    [
        b"\x00\xff\xfe",
        b"",
        b"NaN",
        "Không = 'biết'".encode(),
        b"<script>alert(1)</script>",
        b"x = 1,5",
        b"[" * 50_000,
        "a = '\u202e'".encode(),
        b"master = 3",
    ],
)
def test_a_file_that_is_no_master_record_is_refused_in_sentences(application, sqlite, people, data):
    answer = upload(as_person(application, "masterauthor1"), data)
    assert answer.status_code == 422 and counted(sqlite) == 0
    assert "<script>alert" not in answer.get_data(as_text=True)


def test_a_file_of_the_largest_size_is_read_and_one_byte_more_is_refused(
    application, sqlite, people, monkeypatch
):
    for module in (importing, toml):
        monkeypatch.setattr(module, "LARGEST", len(SHIPPED_BYTES))
    author = as_person(application, "masterauthor1")
    assert (
        "larger than 1 MB" in words(upload(author, SHIPPED_BYTES + b"\n")) and counted(sqlite) == 0
    )
    assert upload(author, SHIPPED_BYTES).status_code == 303


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "What was sent is empty"),
        ("\x07", "control character"),
        ("a" * 400_001, "Shorten it"),
        ("NaN", "Nothing was imported"),
    ],
)
def test_bad_text_is_refused_and_kept(application, sqlite, people, typed, sentence):
    answer = post(as_person(application, "masterauthor1"), IMPORT, document=typed)
    assert answer.status_code == 422 and sentence in words(answer) and counted(sqlite) == 0


def test_a_file_name_that_cannot_be_kept_or_both_at_once_are_refused(application, sqlite, people):
    author = as_person(application, "masterauthor1")
    assert upload(author, SHIPPED_BYTES, name="x" * 200 + ".toml").status_code == 422
    assert "not both" in words(upload(author, SHIPPED_BYTES, document="more"))
    assert upload(author, SHIPPED_BYTES, name="bản gốc.toml").status_code == 303
    again = upload(author, SHIPPED_BYTES)
    assert again.status_code == 409 and "already UC-MSC-15ML version 1" in words(again)


@pytest.mark.parametrize(
    "typed",
    [
        "NaN",
        "2026-11-22",
        "2026-13-40 08:00 +07:00",
        "2026-11-22 08",
        "1" * 500,
        "<b>",
        "\x07",
        "mai sáng",
        "2026-11-01 08:00 +00:00",
    ],
)
def test_a_bad_date_is_refused_and_kept(application, sqlite, people, clock, typed):
    make_effective_master(sqlite, people, at=clock())
    here = address(sqlite)
    answer = post(as_person(application, "qa1"), here + "/date", effective_from=typed)
    assert answer.status_code == 422 and "Nothing was signed" in words(answer)
    if typed == "<b>":
        assert 'value="&lt;b&gt;"' in answer.get_data(as_text=True)


def test_an_address_that_is_none_has_no_page(application, sqlite, people, clock):
    make_effective_master(sqlite, people, at=clock())
    qa = as_person(application, "qa1")
    signing = address(sqlite) + "/approve-for-quality?from="
    for path in (
        "/masters/99",
        "/masters/99999999999999",
        "/masters/99/source",
        "/masters/99/reject",
        signing + "NaN",
        signing + "2026-11-22",
        signing + "9999-12-31T23:59:59-12:00",
    ):
        assert qa.get(path).status_code == 404, path


def test_the_page_says_the_whole_document(application, sqlite, people, clock):
    make_effective_master(sqlite, people, at=clock())
    here = address(sqlite)
    page = words(as_person(application, "reader1").get(here))
    said = read(SHIPPED_BYTES)
    for stage in said.stages:
        assert stage.title["en"] in page
    for step in said.steps:
        assert step.title["en"] in page and step.id in page
        for field in step.fields:
            assert field.label["en"].replace("'", "&#39;") in page
    for sentence in (
        "24-hour window",
        "at most 24 h",
        "at least 1 h, at most 4 h",
        said.sha256,
        "≤ 10 min",
        "outside ≤ 95 %: major deviation",
        "at least 2 d and at most 4 d after",
    ):
        assert sentence in page, sentence


def test_the_document_is_given_back_byte_for_byte(application, sqlite, people, clock):
    make_effective_master(sqlite, people, at=clock())
    here = address(sqlite)
    answer = as_person(application, "reader1").get(here + "/source")
    assert answer.data == SHIPPED_BYTES
    assert answer.headers["Content-Disposition"] == "attachment; filename=UC-MSC-15ML-v1.toml"


def test_rejecting_and_retiring_are_signed_with_a_reason(application, sqlite, people, clock):
    make_effective_master(sqlite, people, at=clock())
    here = address(sqlite)
    qa = as_person(application, "qa1")
    assert sign(qa, here + "/retire", "qa1", comment="no").status_code == 422
    assert sign(qa, here + "/retire", "qa1", comment="The process is given up.").status_code == 303
    assert "Retired" in words(qa.get(here)) and "The process is given up." in words(qa.get(here))


def test_the_list_asks_as_much_of_many_versions_as_of_one(application, sqlite, people, clock):
    reader, counts = as_person(application, "reader1"), []
    for data in (SHIPPED_BYTES, changed("a"), changed("b"), changed("c")):
        make_effective_master(sqlite, people, data=data, at=clock())
        statements = []
        note = lambda *arguments, kept=statements: kept.append(arguments[2])  # noqa: E731
        event.listen(sqlite.engine, "before_cursor_execute", note)
        assert reader.get("/masters").status_code == 200
        event.remove(sqlite.engine, "before_cursor_execute", note)
        counts.append(len(statements))
    assert len(set(counts)) == 1
