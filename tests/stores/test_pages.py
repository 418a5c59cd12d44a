"""The pages of the stores.

What people see, bad input, the signature of QA, a constant number of queries.
"""

from datetime import date

import pytest
from sqlalchemy import event, func, select

from documents.kinds import Kind
from integrity.acts import Act
from integrity.quantities import Quantity
from integrity.trail import SYSTEM, Event
from stores import calibrations, containers, equipment, lot_uses, lots
from tests.makers import documents
from tests.makers.people import PASSWORD, post, sign_in, token
from tests.makers.stores import make_container, make_equipment, make_lot, make_store_people, release
from tests.makers.subjects import scope_named
from tests.pages import Page

pytestmark = pytest.mark.state("people")

LOT = {
    "material": "DPBS",
    "supplier": "Supplier 1",
    "supplier_lot": "2026-118",
    "certificate": "CoA 118",
    "expires_on": "2027-03-31",
    "quantity": "500",
    "unit": "mL",
    "human": "no",
}
EQUIPMENT = {"kind": "incubator", "name": "Incubator 1", "room": "Room 2", "serial": "SN-1"}
CALIBRATION = {
    "done_on": "2026-10-01",
    "due_on": "2027-09-30",
    "reference": "Certificate 12",
    "as_found": "in_tolerance",
}
BAD = [
    "NaN",
    "1" * 5000,
    "\x07bell",
    "\u202etxet",
    "<script>alert(1)</script>",
    "Không biết",
    "'; DROP TABLE lots; --",
    "=1+1",
]


@pytest.fixture
def people(application, sqlite, clock):
    return make_store_people(sqlite, "technician", "qc_analyst", "qa", "reader", at=clock())


def as_person(application, username):
    client = application.test_client()
    assert sign_in(client, username).status_code == 303
    return client


def text(answer):
    return Page(answer).words


def counted(sqlite, model):
    with sqlite.reading() as session:
        return session.scalar(select(func.count()).select_from(model))


@pytest.mark.req("MAT-02")
def test_a_technician_receives_a_lot_and_qa_releases_it_by_signature(application, sqlite, people):
    technician = as_person(application, "technician1")
    answer = post(technician, "/lots/new", **LOT)
    assert answer.status_code == 303
    path = answer.headers["Location"]
    assert "is in quarantine. Take a released lot, or ask QA." in text(technician.get(path))
    assert technician.get(path + "/release").status_code == 403
    qa = as_person(application, "qa1")
    assert "Release this lot" in text(qa.get(path))
    reviewed = Page(qa.get(path + "/release")).value("reviewed")
    signed = post(qa, path + "/release", username="qa1", password=PASSWORD, reviewed=reviewed)
    assert (signed.status_code, signed.headers["Location"]) == (303, path)
    page = text(qa.get(path + "?scanned=1"))
    assert "RELEASED" in page and "I approve this" in page and "Quality assurance" in page
    stale = post(
        qa,
        path + "/reject",
        password=PASSWORD,
        reviewed=reviewed,
        comment="Too late to reject it so.",
    )
    assert stale.status_code == 409
    refused = post(qa, path + "/reject", password=PASSWORD, reviewed=reviewed, comment="no")
    assert refused.status_code == 422


@pytest.mark.parametrize(
    ("path", "ordinary", "cases"),
    [
        (
            "/lots/new",
            LOT,
            [
                *(
                    (field, bad)
                    for field in ("material", "expires_on", "quantity", "unit", "human")
                    for bad in BAD
                ),
                *(
                    (field, bad)
                    for field in ("supplier", "supplier_lot", "name", "donor_pool")
                    for bad in BAD[1:4]
                ),
                *((field, "") for field in LOT),
                ("quantity", "0"),
                ("quantity", "-1"),
                ("quantity", "1,000"),
                ("quantity", "5.000"),
                ("quantity", "-0"),
                ("material", "other"),
                ("unit", "kg"),
            ],
        ),
        (
            "/equipment/new",
            EQUIPMENT,
            [
                *((field, bad) for field in ("name", "serial", "room") for bad in BAD[1:4]),
                *((field, "") for field in ("kind", "name", "room")),
                ("kind", "teapot"),
            ],
        ),
        (
            "/equipment/Q260000148/calibration",
            CALIBRATION,
            [
                *((field, bad) for field in ("done_on", "due_on") for bad in BAD),
                *((field, "") for field in CALIBRATION),
                ("reference", "x" * 200),
            ],
        ),
    ],
)
def test_bad_input_is_one_sentence_nothing_recorded_and_everything_typed_kept(
    application, sqlite, people, clock, path, ordinary, cases
):
    with sqlite.writing() as session:
        make_equipment(session, by=SYSTEM, at=clock(), done=None)
    client = as_person(application, "qcanalyst1")
    given, before = token(client, path), recorded(sqlite)
    for number, (field, bad) in enumerate(cases):
        answer = client.post(
            path,
            data={"csrf_token": given, "entry_id": f"bad-input-{number}"} | ordinary | {field: bad},
        )
        page = answer.get_data(as_text=True)
        assert answer.status_code == 422, (field, bad[:40])
        assert "field-error" in page and "<script>alert" not in page, (field, bad[:40])
        assert all(f'value="{ordinary[name]}"' in page for name in ordinary if name != field), (
            field,
            bad[:40],
        )
    assert recorded(sqlite) == before


def recorded(sqlite):
    return [
        counted(sqlite, model)
        for model in (lots.Lot, equipment.Equipment, calibrations.Calibration, Event)
    ]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"expires_on": "2026-11-01"}, "expired on 2026-11-01"),
        ({"human": "yes"}, "donor pool"),
        ({"material": "Human albumin"}, "comes from human donors"),
    ],
)
def test_what_the_law_refuses_is_said_at_its_field_and_recorded_only_as_a_refusal(
    application, sqlite, people, change, says
):
    client = as_person(application, "technician1")
    answer = post(client, "/lots/new", **(LOT | change))
    assert answer.status_code == 409
    assert says in text(answer) and 'value="2026-118"' in answer.get_data(as_text=True)
    assert counted(sqlite, lots.Lot) == 0
    with sqlite.reading() as session:
        assert (
            session.scalars(select(Event.action).order_by(Event.seq.desc()).limit(1)).one()
            == "refused"
        )


def test_a_material_that_the_list_lacks_is_typed_and_one_that_it_has_is_spelt_as_there(
    application, sqlite, people
):
    client = as_person(application, "technician1")
    for typed in ("Màng lọc 0,2 µm", "collagenase"):
        assert (
            post(client, "/lots/new", **(LOT | {"material": "other", "other": typed})).status_code
            == 303
        )
    with sqlite.reading() as session:
        assert session.scalars(select(lots.Lot.material).order_by(lots.Lot.id)).all() == [
            "Màng lọc 0,2 µm",
            "Collagenase",
        ]


@pytest.mark.req("MAT-03")
def test_equipment_is_registered_and_calibrated_on_pages(application, sqlite, people):
    client = as_person(application, "qcanalyst1")
    form = post(client, "/equipment/new", **EQUIPMENT).headers["Location"]
    assert form.endswith("/calibration")
    path = form.removesuffix("/calibration")
    assert "has no calibration on record" in text(client.get(path))
    assert post(client, form, **CALIBRATION).status_code == 303
    page = text(client.get(path + "?scanned=1"))
    assert "IN CALIBRATION" in page and "is calibrated until 2027-09-30. It may be used." in page
    assert (
        post(client, path + "/calibration", **(CALIBRATION | {"done_on": "2026-11-03"})).status_code
        == 409
    )


def test_who_may_not_is_refused_and_who_reads_sees_no_buttons(application, sqlite, people, clock):
    with sqlite.writing() as session:
        lot, item = (
            make_lot(session, by=SYSTEM, at=clock()),
            make_equipment(session, by=SYSTEM, at=clock()),
        )
    client = as_person(application, "reader1")
    for path in (
        "/lots/new",
        "/equipment/new",
        f"/lots/{lot.code}/reject",
        f"/equipment/{item.code}/calibration",
    ):
        assert client.get(path).status_code == 403, path
        assert (
            client.post(path, data={"csrf_token": token(client, "/password")}).status_code == 403
        ), path
    for path in ("/lots", "/equipment", f"/lots/{lot.code}", f"/equipment/{item.code}"):
        page = text(client.get(path))
        assert (
            "Receive a lot" not in page
            and "Register equipment" not in page
            and "Release this lot" not in page
        ), path


def test_an_unknown_code_is_not_found_and_a_strange_page_number_or_filter_shows_the_list(
    application, people
):
    client = as_person(application, "reader1")
    for path in (
        "/lots/M260000187",
        "/equipment/Q260000148",
        "/containers/F260000134",
        "/lots/x%00",
        "/lots/M260000187/release",
    ):
        assert client.get(path).status_code in (400, 403, 404), path
    for query in (
        "after=-1",
        "after=999999999999",
        "before=NaN",
        "state=teapot",
        "kind=teapot",
        "state=expired",
    ):
        assert (
            client.get(f"/lots?{query}").status_code
            == client.get(f"/equipment?{query}").status_code
            == 200
        )


@pytest.mark.parametrize(
    ("state", "word", "says"),
    [
        ("quarantine", "QUARANTINE", "stays with its batch"),
        ("on_hold", "ON HOLD", "ask QA"),
        ("rejected", "REJECTED", "must not be used"),
        ("released", "RELEASED", "may be issued"),
        ("released_stage_1", "RELEASED STAGE 1", "Late tests"),
    ],
)
def test_a_scanned_container_answers_with_its_state_and_its_line(
    application, sqlite, people, clock, state, word, says
):
    with sqlite.writing() as session:
        words = {"by": SYSTEM, "at": clock()}
        tissue = make_container(session, "tissue", **words)
        flask = make_container(
            session,
            "flask",
            tissue,
            **words,
            area=Quantity("175", "cm2"),
            sample_kind="medium",
            tests=["a", "b"],
        )
        final = make_container(session, "final", flask, **words)
        if state != "quarantine":
            containers.set_disposition(
                Act(session, **words), flask.id, state, reason="For the test."
            )
    client = as_person(application, "reader1")
    answer = client.get(f"/scan?code={flask.code.lower()}", follow_redirects=True)
    page = text(answer)
    assert answer.status_code == 200
    assert word in page and says in page and "175 cm²" in page and "a, b" in page
    for each in (tissue, final):
        assert f"/containers/{each.code}" in answer.get_data(as_text=True)


def queries(sqlite, client, path):
    """The questions of a page, the site's settings being known at the newest event."""
    seen = []
    assert client.get("/health").status_code == 200
    event.listen(sqlite.engine, "before_cursor_execute", lambda *said: seen.append(said[2]))
    assert client.get(path).status_code == 200
    return len(seen)


@pytest.fixture
def stores(sqlite, people, clock):
    """A lot, a piece of equipment and a flask, and a function that makes many more of each and of
    what hangs on them.
    """
    by, qa, at = people["technician"], people["qa"], clock()
    with sqlite.writing() as session:
        made = (
            make_lot(session, by=by, at=at),
            make_equipment(session, by=qa, at=at),
            make_container(session, by=by, at=at),
        )

    def grow():
        lot, item, flask = made
        with sqlite.writing() as session:
            release(session, lot, qa, at)
            scope = scope_named(session, "B26000154")
            for number in range(60):
                make_lot(session, by=by, at=at, supplier_lot=f"L {number}")
                make_equipment(
                    session,
                    by=qa,
                    at=at,
                    name=f"Incubator {number}",
                    due=date(2027, 1, 1 + number % 28),
                )
                lot_uses.use_lot(Act(session, by, at), lot.itself, scope, None)
                equipment.use_equipment(Act(session, by, at), item.itself, scope, None)
                make_container(session, "vial", flask, by=by, at=at)

    return [each.code for each in made], grow


def test_every_page_asks_the_same_number_of_questions_as_the_stores_grow(
    application, sqlite, stores
):
    (lot, item, flask), grow = stores
    client = as_person(application, "reader1")
    paths = [
        "/lots",
        "/equipment",
        f"/lots/{lot}",
        f"/equipment/{item}",
        f"/containers/{flask}",
        "/lots?state=quarantine",
    ]
    before = [queries(sqlite, client, path) for path in paths]
    grow()
    after = [queries(sqlite, client, path) for path in paths]
    signed = 1  # a lot that was signed asks the trail once whether its signatures stand
    assert [late - early for early, late in zip(before, after, strict=True)] <= [
        0,
        0,
        signed,
        0,
        0,
        0,
    ]
    assert "50 lots on this page" in text(client.get("/lots"))
    assert "50 uses on this page" in text(client.get(f"/lots/{lot}"))
    assert max(before) <= 20


def test_a_container_page_leads_to_its_label_and_says_how_often_one_was_printed(
    application, sqlite, people, clock
):
    with sqlite.writing() as session:
        flask = make_container(session, by=SYSTEM, at=clock())
        documents.ensure(session, Kind.LABEL_STOCK, by=people["qa"], at=clock())
    client = as_person(application, "technician1")
    assert "No label printed yet." in text(client.get(f"/containers/{flask.code}"))
    assert f'href="/containers/{flask.code}/label"' in client.get(
        f"/containers/{flask.code}"
    ).get_data(as_text=True)
    assert post(client, f"/containers/{flask.code}/label", paper="a4").status_code == 200
    assert "1 label printed" in text(client.get(f"/containers/{flask.code}"))
