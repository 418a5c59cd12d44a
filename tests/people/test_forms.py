"""Every form of people against bad input.

A sentence, what was typed kept, nothing recorded, never a fault.
"""

from __future__ import annotations

import html
import re

import pytest
from sqlalchemy import func, select

from app import create_app
from integrity.database import Base, Database
from integrity.trail import record_tables
from people.sessions import SignedIn
from tests.makers.people import PASSWORD, entry_id, post, sign_in, token
from tests.pages import Page
from tests.templates import MORNING

REASON = "Identity checked in person."
HUGE, NONSENSE = "x" * 1_000_000, ["NaN", "1,5", "-1", "0x10", "null", "[]"]
BAD_TEXT = {
    "empty": "",
    "blanks": "   ",
    "huge": HUGE,
    "control": "bell\x07",
    "null": "zero\x00",
    "right to left": "\u202egnitirw",
    "zero width mark": "mark\u200e",
    "unreadable": "N\ufffdn",
}
STRANGE_TEXT = {
    "HTML": "<script>alert('1')</script>",
    "SQL": "'); DROP TABLE people; --",
    "formula": '=HYPERLINK("http://x")',
    "Vietnamese": "Nguyễn Thị Minh Khai",
    "braces": "{{ 7 * 7 }} {% raw %} and more",
}
PERSON = {"username": "tech3", "name": "Technician 3", "role": "technician"}
FORMS = {  # path: (good fields, the fields that are text)
    "/people/new": (PERSON, ["username", "name"]),
    "/people/1": ({"name": "Another name", "role": "reader", "reason": REASON}, ["name", "reason"]),
    "/people/1/standing": ({"deed": "deactivate", "reason": REASON}, ["reason"]),
    "/site": ({"name": "zone", "value": "Asia/Ho_Chi_Minh", "reason": REASON}, ["value", "reason"]),
    "/site/clock/acknowledge": ({"reason": REASON}, ["reason"]),
}
CASES = [
    (path, field, name)
    for path, (_, fields) in FORMS.items()
    for field in fields
    for name in BAD_TEXT
]


@pytest.fixture(scope="module")
def sqlite(templates, tmp_path_factory):
    """One database for the whole file: nothing here may record anything."""
    path = tmp_path_factory.mktemp("forms") / "cordbook.db"
    templates.copy("technician+administrator", path)
    database = Database(f"sqlite:///{path}")
    yield database
    database.close()


@pytest.fixture(scope="module")
def application(sqlite):
    return create_app(sqlite, "not a secret: a test", clock=lambda: MORNING)


@pytest.fixture(scope="module")
def administrator(application):
    client = application.test_client()
    assert sign_in(client, "administrator1").status_code == 303
    return client


def records(database) -> int:
    with database.reading() as session:
        return sum(
            session.scalar(select(func.count()).select_from(table)) for table in record_tables()
        )


def shown(answer) -> str:
    return html.unescape(answer.get_data(as_text=True))


@pytest.mark.parametrize(("path", "field", "bad"), CASES)
def test_bad_text_is_refused_in_a_sentence_and_kept(path, field, bad, administrator, sqlite):
    before, typed = records(sqlite), FORMS[path][0] | {field: BAD_TEXT[bad]}
    answer = administrator.post(
        path, data={"csrf_token": token(administrator, path), "entry_id": entry_id()} | typed
    )
    assert answer.status_code == 422
    page = shown(answer)
    [errors] = Page(answer).of_class("error-list")
    assert re.search(r"\w{3,}.*\.", errors.words), "no sentence"
    assert "Nothing was recorded" in page
    if bad in ("control", "right to left", "zero width mark", "huge"):
        assert BAD_TEXT[bad] in page
    for name, value in typed.items():
        if (
            name != field
            and name not in ("role", "deed")
            and not (path == "/site" and name == "name")
        ):
            assert value in page
    assert records(sqlite) == before


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/people/new", "role"),
        ("/people/1", "role"),
        ("/people/1/standing", "deed"),
        ("/site", "name"),
    ],
)
@pytest.mark.parametrize("value", ["", "president", HUGE, "technician\x00", "<b>"])
def test_a_choice_that_is_none_is_refused(path, field, value, administrator, sqlite):
    before = records(sqlite)
    answer = post(administrator, path, **(FORMS[path][0] | {field: value}))
    assert answer.status_code == 422
    assert "Choose one" in shown(answer)
    assert records(sqlite) == before


@pytest.mark.parametrize(
    "username", ["x", "tech 3", "tệch3", "tech3!", "-tech", "a" * 41, "te\tch", "root'--", "tech_3"]
)
def test_a_user_name_that_not_every_keyboard_types_is_refused(username, administrator, sqlite):
    before = records(sqlite)
    assert (
        post(administrator, "/people/new", **(PERSON | {"username": username})).status_code == 422
    )
    assert records(sqlite) == before


@pytest.mark.req("TIM-05")
@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("zone", "Mars/Olympus"),
        ("zone", "../etc/passwd"),
        ("zone", "+07:00"),
        *(("idle_minutes", value) for value in ("0", "121", "٣", "1.5", *NONSENSE)),
        ("late_minutes", "1e1"),
        ("name", "x" * 81),
    ],
)
def test_a_setting_out_of_its_range_is_refused(setting, value, administrator, sqlite):
    with sqlite.reading() as session:
        before = session.scalar(select(func.count()).select_from(Base.metadata.tables["settings"]))
    answer = post(administrator, "/site", name=setting, value=value, reason=REASON)
    assert answer.status_code in (409, 422)
    assert value in shown(answer)
    with sqlite.reading() as session:
        assert (
            session.scalar(select(func.count()).select_from(Base.metadata.tables["settings"]))
            == before
        )


@pytest.mark.req("AUD-03")
@pytest.mark.parametrize("reason", ["", ".", "..........", "too short", "a b c d e"])
def test_a_reason_that_is_none_is_refused(reason, administrator, sqlite):
    before = records(sqlite)
    assert (
        post(
            administrator, "/people/1", name="Another name", role="reader", reason=reason
        ).status_code
        == 422
    )
    assert records(sqlite) == before


@pytest.mark.parametrize("bad", ["", "short", "!" * 65, "<script>", "1234567\n"])
@pytest.mark.parametrize("path", FORMS)
def test_a_form_without_its_entry_id_records_nothing(path, bad, administrator, sqlite):
    before = records(sqlite)
    answer = post(administrator, path, **(FORMS[path][0] | {"entry_id": bad}))
    assert answer.status_code == 422
    assert "Open it anew" in shown(answer)
    assert records(sqlite) == before


@pytest.mark.parametrize("path", [*FORMS, "/password", "/sign-out", "/unlock", "/sign-in"])
@pytest.mark.parametrize("given", [None, "", "wrong", "ü", HUGE[:100_000]])
def test_a_post_without_its_token_is_refused(path, given, administrator, sqlite):
    before = records(sqlite)
    data = (
        dict(FORMS.get(path, ({},))[0])
        | {"entry_id": entry_id()}
        | ({} if given is None else {"csrf_token": given})
    )
    answer = administrator.post(path, data=data)
    assert answer.status_code == 400
    assert "Open it anew" in shown(answer)
    assert records(sqlite) == before


@pytest.mark.parametrize(
    "where",
    [
        "https://example.org",
        "//example.org",
        "/\\example.org",
        "/\t/example.org",
        "javascript:alert(1)",
        "example.org",
        "\\\\example.org",
        "/\n/x",
        "",
    ],
)
def test_nobody_is_led_elsewhere_after_signing_in(where, application, administrator):
    client = application.test_client()
    answer = client.post(
        "/sign-in",
        data={
            "csrf_token": token(client),
            "entry_id": entry_id(),
            "username": "technician1",
            "password": PASSWORD,
            "next": where,
        },
    )
    assert (answer.status_code, answer.location) == (303, "/")


def test_one_is_led_on_to_the_page_that_was_asked_for(application, administrator):
    client = application.test_client()
    asked = client.get("/trail?scope=B1&after=2")
    assert asked.location == "/sign-in?next=/trail?scope%3DB1%26after%3D2"
    kept = Page(client.get(asked.location)).value("next")
    answer = client.post(
        "/sign-in",
        data={
            "csrf_token": token(client),
            "entry_id": entry_id(),
            "username": "technician1",
            "password": PASSWORD,
            "next": kept,
        },
    )
    assert answer.location == "/trail?scope=B1&after=2"


@pytest.mark.parametrize(
    "username",
    list(BAD_TEXT.values()) + list(STRANGE_TEXT.values()),
    ids=[*BAD_TEXT, *STRANGE_TEXT],
)
def test_signing_in_with_nonsense_is_refused_and_kept(username, application, administrator, sqlite):
    client, before = application.test_client(), records(sqlite)
    answer = client.post(
        "/sign-in",
        data={
            "csrf_token": token(client),
            "entry_id": entry_id(),
            "password": "x" * 100_000,
            "username": username,
        },
    )
    assert answer.status_code in (401, 422)
    assert "You are not signed in." in shown(answer)
    assert records(sqlite) == before


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"current": "wrong"}, "User name, password or code is wrong"),
        ({"wanted": "short", "again": "short"}, "Choose a password of 10 to 200"),
        ({"wanted": "x" * 201, "again": "x" * 201}, "Choose a password of 10 to 200"),
        ({"again": "another"}, "are not the same"),
        ({"wanted": PASSWORD, "again": PASSWORD}, "that is not the present one"),
        (
            {"wanted": "administrator1", "again": "administrator1"},
            "not your user name, not even written several times",
        ),
        ({"current": ""}, "Type your present"),
    ],
)
def test_a_password_change_says_what_is_wrong(typed, sentence, administrator, sqlite):
    good = {"current": PASSWORD, "wanted": "quite another phrase", "again": "quite another phrase"}
    answer = post(administrator, "/password", **(good | typed))
    assert answer.status_code in (401, 409, 422)
    assert sentence in shown(answer)
    assert PASSWORD not in shown(answer) and "quite another phrase" not in shown(answer)
    with sqlite.reading() as session:
        assert (
            session.scalar(select(func.count()).select_from(Base.metadata.tables["credentials"]))
            == 2
        )


@pytest.mark.parametrize(
    "path",
    [
        "/people/99999999999999999999",
        "/people/0",
        "/people/-1",
        "/people/x",
        "/people/2147483648",
        "/no-such-page",
    ],
)
def test_an_address_that_does_not_exist_says_so(path, administrator):
    answer = administrator.get(path)
    assert answer.status_code == 404
    assert "Nothing is here" in shown(answer)


@pytest.mark.parametrize(
    "query",
    [
        "scope=%00",
        "scope=abc",
        "scope=B26000154",
        "action=%25",
        "username='--",
        "from=yesterday",
        "to=9999-99-99",
        "after=-1",
        "after=99999999999999999999",
        "before=x",
        "scope=" + "x" * 20_000,
        "from=%E2%80%AE",
        "scope=%FF",
    ],
)
@pytest.mark.parametrize("path", ["/trail", "/trail.csv", "/trail.jsonl"])
def test_filters_of_the_trail_take_any_text(path, query, administrator):
    is_no_day = path == "/trail" and query.startswith(("from=", "to="))
    expected = (422,) if is_no_day else (200, 400)
    assert administrator.get(f"{path}?{query}").status_code in expected


def test_sessions_hold_no_token_that_could_be_used(administrator, sqlite):
    cookie = administrator.get_cookie("cordbook").value
    with sqlite.reading() as session:
        rows = session.scalars(select(SignedIn)).all()
        assert rows and all(row.token_digest not in cookie for row in rows)
