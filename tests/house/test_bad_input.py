"""Whatever is typed into whatever form.

An answer in sentences, never a fault of the server, and nothing half-recorded.
"""

import html
import uuid

import pytest
from sqlalchemy import text

from demonstration.staff import STAFF
from integrity.trail import record_tables

WITHOUT_FORMS = (
    "technician2",
    "reader1",
    "verifier1",
)  # the first works like technician1, the others only read and countersign
LEFT = ("csrf_token", "entry_id", "reviewed")
PROBLEMS = [
    (status, "application/problem+json") for status in (400, 401, 403, 404, 405, 409, 413, 422)
]
NEVER = {  # no form can take these: nothing may be recorded
    "empty": "",
    "control characters": "a\x00b\x07c",
    "a million characters": "x" * 400_000,
    "hidden direction": "abc\u202edcba",
}
STRANGE = {  # some field may take these as words; none may fall over
    "markup": "<script>alert(1)</script><b>x</b>",
    "injection": "'; DROP TABLE batches; --",
    "formula": '=HYPERLINK("http://x")',
    "Vietnamese": "Nguyễn Thị Ánh Đào ư ơ ệ",
    "right to left": "שלום עולם مرحبا",
    "not a number": "NaN",
    "infinite": "1e999",
    "comma": "1,5",
    "other unit": "200 mL",
    "future": "2199-01-01 00:00 +07:00",
    "no zone": "2026-11-01 08:00",
    "other code": "B26000154",
    "Arabic digits": "٣٤",
}


def fill(form, hostile, token):
    """Every input of a form with the same words; what cannot be typed stays.

    Of buttons the first is pressed.
    """
    data, pressed = {}, set()
    for name, kind, value in form.inputs:
        if name in LEFT or kind == "hidden":
            data[name] = value
        elif kind in ("radio", "checkbox"):
            if hostile and name not in pressed:
                data[name] = value
            pressed.add(name)
        elif kind != "file":
            data[name] = hostile
    return data | {"entry_id": str(uuid.uuid4()), "csrf_token": token}


def sent(visitor, form, hostile):
    """The same words as a program sends them."""
    fields = fill(form, hostile, visitor.token)
    headers = {"X-CSRF-Token": fields.pop("csrf_token")}
    return visitor.client.post(form.action, json=fields, headers=headers)


def records(database):
    with database.engine.connect() as connection:
        return {
            table.name: connection.execute(text(f"SELECT count(*) FROM {table.name}")).scalar()
            for table in record_tables()
            if table.name not in ("moves",)
        }


@pytest.mark.parametrize("username", [name for name in STAFF if name not in WITHOUT_FORMS])
def test_every_form_answers_every_input(world, username):
    visitor = world.visitor(username)
    forms = [
        (page, form)
        for page, form in visitor.forms(world.crawl(username))
        if not form.action.endswith("/sign-out")
    ]
    assert forms
    for _, form in forms:
        typed = any(
            kind not in ("radio", "hidden", "checkbox", "password", "file")
            for _, kind, _ in form.inputs
        )
        for name, words in NEVER.items() if typed else ():
            before = records(world.database)
            answer = visitor.client.post(form.action, data=fill(form, words, visitor.token))
            assert answer.status_code in (400, 401, 403, 404, 409, 413, 422), (
                f"{name} into {form.action}: {answer.status_code}"
            )
            assert records(world.database) == before, (
                f"{name} into {form.action} recorded something"
            )
            answer = sent(visitor, form, words)
            assert (answer.status_code, answer.mimetype) in PROBLEMS, (
                f"{name} as JSON into {form.action}: {answer.status_code} {answer.mimetype}"
            )
            assert records(world.database) == before, f"{name} as JSON into {form.action}"
        for name, words in STRANGE.items():
            answer = visitor.client.post(form.action, data=fill(form, words, visitor.token))
            assert answer.status_code < 500, f"{name} into {form.action}: {answer.status_code}"
            page_text = answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""
            assert "<script>alert(1)" not in page_text
            if (
                answer.status_code == 422
                and name == "markup"
                and any(kind in ("text", "input", "textarea") for _, kind, _ in form.inputs)
            ):
                assert (
                    html.escape(words, quote=False) in page_text or html.escape(words) in page_text
                ), f"typed is lost at {form.action}"
