"""Only who may release reaches the page of a release, and their signature says who it was."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from integrity.signatures import Signature
from people.permissions import Role
from qc.release.certificates import Certificate
from tests.makers.people import PASSWORD, post, sign_in
from tests.pages import Page


@pytest.mark.req("REL-01")
@pytest.mark.parametrize("role", list(Role))
def test_of_all_roles_only_the_releaser_certifies(finished, site, role):
    finished.review()
    username = f"{role.value.replace('_', '')}1"
    client = site.test_client()
    assert sign_in(client, username).status_code == 303
    path, may = f"/batches/{finished.batch.code}/release/initial", role is Role.RELEASER
    page = client.get(path)
    assert page.status_code == (200 if may else 403)
    shown = Page(page).value("reviewed") if may else "0" * 64
    given = {"reviewed": shown, "username": username, "password": PASSWORD}
    answer = post(client, path, page="/password", **given)
    assert answer.status_code == (303 if may else 403)
    with finished.database.reading() as session:
        assert session.scalar(select(func.count(Certificate.id))) == int(may)
        certified = select(Signature).where(Signature.meaning == "certified")
        signed = [(each.username, each.role) for each in session.scalars(certified)]
    assert signed == ([("releaser1", "releaser")] if may else [])


@pytest.mark.req("REL-08")
def test_a_result_corrected_after_the_issue_flags_the_certificate_on_its_page(finished, site):
    finished.review()
    made = finished.decide("release_stage_1")
    client = site.test_client()
    sign_in(client, "reader1")
    flag, path = "recorded after this certificate was issued", f"/certificates/{made.code}"
    assert flag not in Page(client.get(path)).words
    finished.sterility("no_growth")
    sign_in(client, "reader1")
    assert flag in Page(client.get(path)).words
    finished.review()
    finished.decide("reissue", why="The sterility result has come.")
    words = Page(client.get(path)).words
    assert "Superseded" in words and "The sterility result has come." in words
