"""What somebody had typed on any form when the tablet locked itself is there again once it is
unlocked, and kept no longer once it is taken (IAM-08)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from demonstration.staff import STAFF
from people.drafts import Draft
from tests.house.test_bad_input import WITHOUT_FORMS, fill
from tests.makers.people import entry_id
from tests.pages import Page

TYPED = ("text", "input", "textarea", "")
WORDS = "kept words of 12"


def unlock(world, visitor, path) -> str:
    """The page that follows."""
    secret = next(secret for _, name, secret in world.report.sign_ins if name == visitor.username)
    said = {"csrf_token": visitor.token, "entry_id": entry_id(), "password": secret, "next": path}
    answer = visitor.client.post("/unlock", data=said)
    assert answer.status_code == 303
    return answer.headers["Location"]


def given_back(answer) -> set[str]:
    """The names of the fields in which the words stand."""
    shown = answer.get_data(as_text=True)
    lines = {
        name for each in Page(answer).forms for name, _, value in each.inputs if value == WORDS
    }
    return lines | set(
        re.findall(rf'<textarea[^>]*name="([\w-]+)"[^>]*>\s*{WORDS}</textarea>', shown)
    )


@pytest.mark.slow
@pytest.mark.req("IAM-08")
@pytest.mark.parametrize("username", [name for name in STAFF if name not in WITHOUT_FORMS])
def test_every_form_is_filled_again_after_the_lock(world, username):
    visitor = world.visitor(username)
    tried, lost = 0, []
    for _, form in visitor.forms(world.crawl(username)):
        typed = {name for name, kind, _ in form.inputs if kind in TYPED}
        if not typed or form.action.endswith(("/sign-out", "/password", "/phone")):
            continue
        world.now += timedelta(minutes=20)
        locked = visitor.client.post(form.action, data=fill(form, WORDS, visitor.token))
        assert locked.status_code == 401, form.action
        path = unlock(world, visitor, Page(locked).value("next"))
        assert path == form.action
        answer = visitor.client.get(path)
        assert answer.status_code == 200, (form.action, path)
        lost += [(form.action, name) for name in typed - given_back(answer)]
        assert "here again. Nothing of it is recorded yet." in Page(answer).words, form.action
        tried += 1
    assert not lost, "\n".join(map(str, lost))
    assert tried > 2


@pytest.mark.req("IAM-08")
def test_what_is_taken_is_kept_no_longer_and_what_is_a_day_old_neither(world):
    visitor = world.visitor("technician1")
    path, typed = "/observations/new", {"about": "", "said": "A bottle stood open.", "place": "R 2"}

    def post():
        said = typed | {"csrf_token": visitor.token, "entry_id": entry_id()}
        return visitor.client.post(path, data=said).status_code

    def kept() -> int:
        with world.database.reading() as session:
            return session.scalar(select(func.count()).select_from(Draft))

    world.now += timedelta(minutes=20)
    assert (post(), kept()) == (401, 1)
    unlock(world, visitor, path)
    assert "A bottle stood open." in visitor.client.get(path).get_data(as_text=True)
    typed["about"] = world.report.running_batch
    assert (post(), kept()) == (303, 0)
    world.now += timedelta(minutes=20)
    assert (post(), kept()) == (401, 1)
    world.now += timedelta(hours=15)
    unlock(world, visitor, path)
    world.now += timedelta(hours=9, minutes=1)
    unlock(world, visitor, path)
    assert "A bottle stood open." not in visitor.client.get(path).get_data(as_text=True)
