"""The pages that print labels.

The file leads back to the same thing, a reprint wants a reason, bad input is kept.
"""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import func, select

from documents.kinds import Kind
from integrity import site
from integrity.acts import Act
from integrity.trail import SYSTEM
from labels import codes, print_register
from labels.print_register import LabelPrint
from labels.sheets import roll
from labels.stock_register import HANDLING
from manufacturing.masters.document import SHIPPED, read
from manufacturing.masters.model import numbered
from stores import container_labels, rules
from stores.containers import Container
from tests.machine import program
from tests.makers import documents
from tests.makers.donors import make_cord, make_donor
from tests.makers.people import entry_id, make_people, post, sign_in
from tests.makers.stores import make_container
from tests.pages import Page

pytestmark = pytest.mark.state("people")

BAD = [
    "torn",
    "\x07 bell rings twice",
    "a" * 2001,
    "\u202e backwards text",
    "........................",
]
AGAIN = "The first one tore"
STOCKS = HANDLING.read(HANDLING.shipped.read_bytes())


@pytest.fixture
def people(application, sqlite, clock):
    people = make_people(sqlite, "technician", "label_printer", "reader", "qa", at=clock())
    with sqlite.writing() as session:
        documents.ensure(session, Kind.LABEL_STOCK, by=people["qa"], at=clock())
    return people


@pytest.fixture
def printer(application, people):
    client = application.test_client()
    assert sign_in(client, "labelprinter1").status_code == 303
    return client


def made(sqlite, people, clock, kind="flask", **other):
    with sqlite.writing() as session:
        return make_container(session, kind, by=people["technician"], at=clock(), **other)


def words(answer):
    return Page(answer).words


def counted(sqlite):
    with sqlite.reading() as session:
        return session.scalar(select(func.count()).select_from(LabelPrint))


def seen_by_zbar(pdf, where):
    (where / "label.pdf").write_bytes(pdf)
    program("pdftoppm", "-r", "300", "-png", "-singlefile", "label.pdf", "label", cwd=where)
    seen = program("zbarimg", "--nodbus", "-q", "--raw", "label.png", cwd=where, text=True)
    return seen.stdout.split()


@pytest.mark.req("LAB-08")
@pytest.mark.parametrize("paper", ["a4", "roll"])
@pytest.mark.parametrize("kind", ["tissue", "flask", "vial", "sample", "final"])
def test_a_printed_label_read_by_another_reader_opens_the_same_thing(
    printer, sqlite, people, clock, tmp_path, kind, paper
):
    code = made(sqlite, people, clock, kind).code
    answer = post(printer, f"/containers/{code}/label", paper=paper, reason="")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert seen_by_zbar(answer.data, tmp_path) == [code]
    opened = printer.get("/scan", query_string={"code": code})
    assert opened.status_code == 302 and f"/{code}?scanned=1" in opened.headers["Location"]


def test_the_jar_of_a_cord_has_a_label_that_never_names_the_donor(printer, sqlite, people, clock):
    with sqlite.writing() as session:
        donor = make_donor(session, by=people["technician"], at=clock())
        cord = make_cord(
            session,
            donor,
            born_at=clock() - timedelta(hours=2),
            by=people["technician"],
            at=clock(),
        )
    page = words(printer.get(f"/cords/{cord.code}/label"))
    assert (
        donor.code not in page
        and codes.read(cord.jar_code).shown in page
        and "Born 2026-11-02 06:00 +00:00" in page
    )
    assert (
        post(printer, f"/cords/{cord.code}/label", paper="roll", reason="").mimetype
        == "application/pdf"
    )
    with sqlite.reading() as session:
        assert session.scalars(select(LabelPrint.code)).all() == [cord.jar_code]


def test_a_reprint_wants_a_reason_and_says_that_it_is_a_copy(printer, sqlite, people, clock):
    path = f"/containers/{made(sqlite, people, clock).code}/label"
    assert "Why again" not in words(printer.get(path))
    first = post(printer, path, paper="a4", reason="")
    assert "Why again" in words(printer.get(path))
    refused = post(printer, path, paper="a4", reason="")
    assert refused.status_code == 422 and "Say why" in words(refused) and counted(sqlite) == 1
    second = post(printer, path, paper="a4", reason=AGAIN)
    assert second.status_code == 200 and second.data != first.data and counted(sqlite) == 2
    page = words(printer.get(path))
    assert AGAIN in page and "labelprinter1" in page


@pytest.mark.req("LAB-02")
def test_what_was_printed_is_served_again_as_it_was(printer, sqlite, people, clock, application):
    code = made(sqlite, people, clock).code
    printed = post(printer, f"/containers/{code}/label", paper="roll", reason="").data
    reader = application.test_client()
    sign_in(reader, "reader1")
    assert reader.get("/labels/prints/1.pdf").data == printed
    assert codes.read(code).shown in words(
        reader.get("/labels/prints", query_string={"code": code})
    )
    assert (
        reader.get("/labels/prints/2.pdf").status_code
        == reader.get("/labels/prints/99999999999.pdf").status_code
        == 404
    )
    assert reader.get(f"/containers/{code}/label").status_code == 403


def test_every_vessel_of_a_batch_is_printed_at_once(printer, sqlite, people, clock):
    flasks = [made(sqlite, people, clock) for _ in range(12)]
    scope = flasks[0].scope
    answer = post(printer, f"/containers/of/{scope}/flask/labels", paper="a4", reason="")
    assert answer.status_code == 200 and counted(sqlite) == 12
    assert "Nothing here has a label" in words(printer.get(f"/containers/of/{scope}/vial/labels"))
    for path in (f"/containers/of/{scope}/spoon/labels", "/containers/of/NaN/vial/labels"):
        assert printer.get(path).status_code == 404


@pytest.mark.parametrize("reason", BAD)
def test_a_bad_reason_is_refused_and_kept(printer, sqlite, people, clock, reason):
    path = f"/containers/{made(sqlite, people, clock).code}/label"
    post(printer, path, paper="a4", reason="")
    answer = post(printer, path, paper="a4", reason=reason)
    assert answer.status_code == 422 and counted(sqlite) == 1
    assert "Nothing was printed" in words(answer)


@pytest.mark.parametrize(
    "paper", ["", "NaN", "A4", "a" * 5000, "<b>", "giấy", "'; DROP TABLE label_prints; --"]
)
def test_an_unknown_paper_is_refused(printer, sqlite, people, clock, paper):
    answer = post(
        printer, f"/containers/{made(sqlite, people, clock).code}/label", paper=paper, reason=""
    )
    assert answer.status_code == 422 and counted(sqlite) == 0


@pytest.mark.parametrize("code", ["F26000001", "NaN", "<b>", "B26001706"])
def test_a_code_of_nothing_here_has_no_label(printer, code):
    assert printer.get(f"/containers/{code}/label").status_code == 404
    assert printer.get(f"/cords/{code}/label").status_code == 404


@pytest.mark.parametrize(
    "asked", ["NaN", "<script>alert(1)</script>", "ữ" * 500, "\x07", "F26000101"]
)
def test_a_bad_code_in_the_search_is_named(printer, asked):
    answer = printer.get("/labels/prints", query_string={"code": asked})
    assert answer.status_code == 422 and "<script>alert" not in answer.get_data(as_text=True)


def test_a_label_says_demonstration_where_the_site_does(printer, sqlite, people, clock):
    flask = made(sqlite, people, clock)
    plain = post(printer, f"/containers/{flask.code}/label", paper="roll", reason="").data
    with sqlite.writing() as session:
        site.change(
            Act(session, SYSTEM, clock(), entry_id=entry_id()),
            "demonstration",
            "yes",
            reason="The demonstration laboratory",
        )
    post(printer, f"/containers/{flask.code}/label", paper="roll", reason=AGAIN)
    with sqlite.reading() as session:
        said = [
            each.facts["demonstration"]
            for each in session.scalars(select(LabelPrint).order_by(LabelPrint.id))
        ]
    assert said == [False, True] and plain


@pytest.mark.req("LAB-09")
def test_every_vessel_and_sample_of_the_shipped_master_has_a_label_that_fits(
    application, people, sqlite, clock
):
    """The longest words a batch can put on a container.

    Label of the field, stage, step and round.
    """
    with sqlite.writing() as session:
        site.change(
            Act(session, SYSTEM, clock(), entry_id=entry_id()),
            "demonstration",
            "yes",
            reason="The demonstration laboratory",
        )
    settings, at = {"zone": "UTC", "demonstration": "yes"}, clock()
    made = list(containers_of(read(SHIPPED.read_bytes()), at))
    assert len(made) > 10
    for container, where in made:
        for until in (None, at):
            label = container_labels.facts(container, where, until, settings, STOCKS)
            for copy in (0, 2, 10, 100):
                assert roll([replace(label, copy=copy)], STOCKS), (container.title, copy)


@pytest.mark.req("LAB-04")
@pytest.mark.parametrize("kind", ["tissue", "flask", "vial", "sample", "final"])
def test_every_kind_is_printed_up_to_its_tenth_copy_on_a_demonstration_site_too(
    printer, sqlite, people, clock, tmp_path, kind
):
    with sqlite.writing() as session:
        act = Act(session, SYSTEM, clock(), entry_id=entry_id())
        site.change(act, "demonstration", "yes", reason="The demonstration laboratory")
    title = "Sterility, direct inoculation"
    path = f"/containers/{(code := made(sqlite, people, clock, kind, title=title).code)}/label"
    for copy in range(1, 11):
        answer = post(printer, path, paper="roll", reason=AGAIN if copy > 1 else "")
        assert (answer.status_code, answer.mimetype) == (200, "application/pdf"), copy
        said = " ".join(
            " ".join(page.extract_text().split()) for page in PdfReader(BytesIO(answer.data)).pages
        )
        assert "DEMONSTRATION" in said and (f"COPY {copy}" in said) is (copy > 1)
    assert seen_by_zbar(answer.data, tmp_path) == [code]


def containers_of(said, at):
    """One container for every field of the master that makes any, and where it is made."""
    for stage in said.stages:
        for step in stage.steps:
            where = f"{numbered(stage.title, 3)} · {numbered(step.title, 12)}"
            for field in step.fields:
                if field.type in ("vessels", "sample"):
                    kind = field.kind if field.type == "vessels" else "sample"
                    container = Container(
                        code=codes.make(rules.SERIES[kind], 26, 99_999).bare,
                        kind=kind,
                        scope="B26001706",
                        title=field.label["en"],
                        made_at=at,
                    )
                    yield container, where


@pytest.mark.req("LAB-04")
def test_who_prints_a_label_that_another_prints_meanwhile_is_told_and_prints_again(
    printer, application, sqlite, people, clock, monkeypatch
):
    path, second = (
        f"/containers/{made(sqlite, people, clock).code}/label",
        application.test_client(),
    )
    assert post(printer, path, paper="a4").status_code == 200
    sign_in(second, "technician1")
    real = print_register.draw_ahead

    def another_prints_meanwhile(*given):
        drawing = real(*given)
        monkeypatch.setattr(print_register, "draw_ahead", real)
        assert post(second, path, paper="a4", reason=AGAIN).status_code == 200
        return drawing

    monkeypatch.setattr(print_register, "draw_ahead", another_prints_meanwhile)
    answer = post(printer, path, paper="roll", reason=AGAIN)
    assert answer.status_code == 409 and counted(sqlite) == 2
    assert "Somebody printed one of these labels meanwhile" in words(answer)
    assert AGAIN in answer.get_data(as_text=True)
    assert post(printer, path, paper="roll", reason=AGAIN).mimetype == "application/pdf"
    with sqlite.reading() as session:
        assert list(session.scalars(select(LabelPrint.copy).order_by(LabelPrint.id))) == [1, 2, 3]
