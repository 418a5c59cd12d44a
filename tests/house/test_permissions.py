"""Every route with every role.

What the page of permissions says, and nothing else, opens or closes it.
"""

from __future__ import annotations

import pytest
from werkzeug.routing import IntegerConverter

from app import create_app
from integrity.database import Database
from people import sessions
from people.accounts import Person
from people.permissions import ALLOWED, Permission, Role, allows
from people.stations import Station
from tests.makers.people import entry_id
from tests.templates import MORNING

# What strangers reach: the sign-in, a badge that opens nothing for them, the life sign, files of
# the look, the page behind a certificate's QR, and how a tablet comes to trust the site.
PUBLIC = {
    "static",
    "health",
    "people.sign_in",
    "people.badge",
    "people.trust",
    "people.trust_authority",
    "release.certificate_check",
}


@pytest.fixture(scope="module")
def database(templates, tmp_path_factory):
    path = tmp_path_factory.mktemp("permissions") / "cordbook.db"
    templates.copy("people", path)
    opened = Database(f"sqlite:///{path}")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def application(database):
    return create_app(database, "not a secret: a test", clock=lambda: MORNING)


def address(application, rule) -> str:
    """An address of the rule.

    The first of a choice, number 1, otherwise a text that is nothing of ours.
    """
    values = {}
    for name, converter in rule._converters.items():
        choices = sorted(getattr(converter, "items", ()))
        values[name] = (
            choices[0] if choices else 1 if isinstance(converter, IntegerConverter) else "x"
        )
    with application.test_request_context():
        return application.url_map.bind("localhost").build(
            rule.endpoint, values, append_unknown=False
        )


def routes(application):
    """(endpoint, method, address, permission) of every route but those of the look's files."""
    for rule in application.url_map.iter_rules():
        if rule.endpoint != "static":
            for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
                yield (
                    rule.endpoint,
                    method,
                    address(application, rule),
                    application.view_functions[rule.endpoint].permission,
                )


def client_of(application, database, role: Role | None):
    client = application.test_client()
    with client.session_transaction() as cookie:
        cookie["csrf"] = "a token of the tests"
        if role:
            with database.writing() as session:
                person = (
                    session.query(Person)
                    .filter_by(username=f"{role.value.replace('_', '')}1")
                    .one()
                )
                cookie["token"] = sessions.start(session, person, station=Station(), at=MORNING)
    return client


def ask(client, method: str, path: str, program: bool = False) -> int:
    """The status of an answer; a program's refusal is a problem document of that status."""
    if program:
        answer = client.open(
            path,
            method=method,
            json={"entry_id": entry_id()} if method != "GET" else None,
            headers={"X-CSRF-Token": "a token of the tests", "Accept": "application/json"},
        )
        if answer.status_code >= 400 and method != "GET":
            assert answer.mimetype == "application/problem+json", (path, answer.mimetype)
            assert answer.get_json()["status"] == answer.status_code
        return answer.status_code
    if method == "GET":
        return client.get(path).status_code
    return client.open(
        path, method=method, data={"csrf_token": "a token of the tests", "entry_id": entry_id()}
    ).status_code


@pytest.mark.req("IAM-01")
def test_every_route_declares_a_permission_and_few_are_public(application):
    silent = {
        rule.endpoint
        for rule in application.url_map.iter_rules()
        if not isinstance(
            getattr(application.view_functions[rule.endpoint], "permission", None), Permission
        )
    }
    assert silent == set()
    public = {
        rule.endpoint
        for rule in application.url_map.iter_rules()
        if application.view_functions[rule.endpoint].permission is Permission.PUBLIC
    }
    assert public <= PUBLIC


@pytest.mark.req("IAM-01")
@pytest.mark.parametrize("program", [False, True], ids=["browser", "program"])
def test_strangers_are_led_to_the_sign_in_and_refused_everywhere(application, database, program):
    for endpoint, method, path, permission in routes(application):
        status = ask(client_of(application, database, None), method, path, program)
        if permission is Permission.PUBLIC:
            assert status not in (302, 403) and status < 500, (endpoint, method, status)
        else:
            led = method == "GET" and not program
            assert status == (302 if led else 401), (endpoint, method, status)


@pytest.mark.req("IAM-02")
@pytest.mark.parametrize("program", [False, True], ids=["browser", "program"])
@pytest.mark.parametrize("role", list(Role))
def test_each_role_reaches_what_the_page_of_permissions_says(role, program, application, database):
    client = client_of(application, database, role)
    for endpoint, method, path, permission in routes(application):
        status = ask(client, method, path, program)
        may = permission is Permission.PUBLIC or allows(role, permission)
        assert (status != 403) == may, (endpoint, method, status)
        assert status < 500, (endpoint, method, status)
        if endpoint == "people.sign_out":
            client = client_of(application, database, role)


@pytest.mark.req("IAM-04")
def test_the_read_only_role_writes_nothing_but_its_own_account():
    assert {permission for permission, roles in ALLOWED.items() if Role.READER in roles} == {
        Permission.OWN_ACCOUNT,
        Permission.SEE_RECORDS,
    }


def test_every_permission_is_somebodys():
    assert {permission for permission in Permission if permission is not Permission.PUBLIC} == set(
        ALLOWED
    )
    assert all(ALLOWED.values())
