"""The pages of specifications, samples and results, as the people of QC use them.

And nonsense on each of their forms.
"""

import io

import pytest
from sqlalchemy import event, select

from documents.register import ControlledDocument
from qc.laboratory import results
from qc.laboratory.results import Result
from qc.specifications import register
from tests.makers import qc
from tests.makers.addresses import first_id
from tests.makers.people import PASSWORD, post, sign_in, token
from tests.makers.programs import problem, send
from tests.pages import Page

pytestmark = pytest.mark.state("qc")

NONSENSE = [
    "",
    "x" * 5000,
    "NaN",
    "9,000",
    "a\x00b",
    "a\u202eb",
    "\x1b[31m",
    "=1+1",
    "';DROP TABLE results;--",
    "−−5",
    "1e999",
]
HARMLESS = ["<b onload=alert(1)>thử nghiệm</b>", "Tủ lạnh số 2, ngăn trên"]


@pytest.fixture
def people(sqlite, clock):
    return qc.make_laboratory(sqlite, at=clock())


@pytest.fixture
def sample(sqlite, people, clock):
    """A sample in QC, of a batch whose specification holds; every form has one to stand on."""
    with sqlite.writing() as session:
        qc.make_specification(session, people, at=clock())
        batch = qc.make_bare_batch(session, people, at=clock())
        return qc.make_sample(
            session,
            people,
            batch,
            ("viability", "endotoxin", "sterility", "karyotype", "mycoplasma"),
            at=clock(),
        )


@pytest.fixture
def client(application, people):
    client = application.test_client()
    sign_in(client, "qcanalyst1")
    return client


def as_person(application, username):
    client = application.test_client()
    sign_in(client, username)
    return client


def page(client, path, status=200):
    answer = client.get(path)
    assert answer.status_code == status, answer.get_data(as_text=True)[:400]
    return answer.get_data(as_text=True)


def sign(client, path, username, **more):
    text = page(client, path)
    reviewed = Page(text).value("reviewed")
    return post(client, path, reviewed=reviewed, username=username, password=PASSWORD, **more)


RESULT = {
    "value": "97",
    "unit": "%",
    "tested_at": "2026-11-02 08:00 +00:00",
    "method_version": "1",
    "reference": "Run 12",
}


def result_of(sqlite):
    """The page of the first result."""
    return f"/results/{first_id(sqlite, Result)}"


def count(sqlite, kind):
    with sqlite.reading() as session:
        return session.query(kind).count()


def test_a_specification_is_imported_authored_and_approved_on_its_pages(
    application, sqlite, people
):
    reviewer, qa = as_person(application, "qcreviewer1"), as_person(application, "qa1")
    assert "No specifications yet" in page(reviewer, "/specifications")
    upload = {
        "csrf_token": token(reviewer, "/specifications/import"),
        "entry_id": "12345678",
        "effective_from": "",
        "document": "",
        "file": (io.BytesIO(qc.SHIPPED_BYTES), "sp-ucmsc.toml"),
    }
    answer = reviewer.post(
        "/specifications/import", data=upload, content_type="multipart/form-data"
    )
    here = f"/specifications/{first_id(sqlite, ControlledDocument)}"
    assert answer.status_code == 303 and answer.location.endswith(here)
    assert "&gt; 80 %" in page(reviewer, here + "/author")
    assert sign(reviewer, here + "/author", "qcreviewer1").status_code == 303
    assert sign(qa, here + "/approve", "qa1").status_code == 303
    assert "Effective" in page(qa, "/specifications") and "I approve this" in page(qa, here)
    assert reviewer.get(here + "/source").data == qc.SHIPPED_BYTES
    page(qa, "/specifications/99", 404)


@pytest.mark.parametrize(
    "words",
    [
        {"document": ""},
        {"document": "x = ["},
        {"document": "[specification]\ncode = 'x'", "effective_from": "tomorrow"},
        {"document": qc.SHIPPED_BYTES.decode(), "effective_from": "2020-01-01 08:00 +00:00"},
        {"document": "<script>alert(1)</script>"},
        {"document": "\x07"},
        {"document": "x" * 400_001},
    ],
)
def test_a_faulty_import_says_every_fault_and_keeps_what_was_typed(
    application, sqlite, people, words
):
    reviewer = as_person(application, "qcreviewer1")
    answer = post(reviewer, "/specifications/import", **words)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422 and "Nothing was imported" in text
    assert "<script>alert(1)" not in text and count(sqlite, ControlledDocument) == 0
    assert words.get("effective_from", "") in text


def test_a_sample_is_received_tested_reviewed_and_done(
    application, sqlite, people, sample, client, clock
):
    assert "In test" in page(client, "/samples") and "0 of 5 done" in page(client, "/samples")
    assert "QUARANTINE" in page(client, f"/samples/{sample.code}?scanned=1")
    answer = post(client, f"/samples/{sample.code}/tests/viability/result", **RESULT)
    assert answer.status_code == 303
    assert "not reviewed" in page(client, f"/samples/{sample.code}")
    reviewer = as_person(application, "qcreviewer1")
    assert (
        sign(reviewer, result_of(sqlite) + "/review", "qcreviewer1", comment="").status_code == 303
    )
    assert "I reviewed this" in page(reviewer, result_of(sqlite)) and "1 of 5 done" in page(
        reviewer, "/samples"
    )
    assert (
        sign(reviewer, result_of(sqlite) + "/invalidate", "qcreviewer1", comment="").status_code
        == 422
    )
    assert (
        sign(
            reviewer,
            result_of(sqlite) + "/invalidate",
            "qcreviewer1",
            comment="Wrong sample, notebook 3 page 2",
        ).status_code
        == 303
    )
    assert "<s>97 %</s>" in page(client, f"/samples/{sample.code}")


def test_a_time_without_a_zone_is_one_of_the_site(sqlite, client, sample):
    words = RESULT | {"tested_at": "2026-11-02 08:00"}
    assert post(client, f"/samples/{sample.code}/tests/viability/result", **words).location
    with sqlite.reading() as session:
        made = session.scalars(select(Result)).one()
    assert made.tested_at.isoformat() == "2026-11-02T08:00:00+00:00"


def test_a_program_records_a_result_once(sqlite, client, sample):
    path, twice = f"/samples/{sample.code}/tests/viability/result", {"entry_id": "reader-7-0001"}
    content = problem(send(client, path, RESULT | twice | {"value": "many"}), 422, "invalid")
    assert set(content["errors"]) == {"value"} and count(sqlite, Result) == 0
    answers = [send(client, path, RESULT | twice | {"value": 97.0}) for _ in range(2)]
    onward = f"/samples/{sample.code}"
    assert [(each.status_code, each.location) for each in answers] == [(201, onward)] * 2
    assert count(sqlite, Result) == 1 and "97.0 %" in page(client, result_of(sqlite))


@pytest.mark.req("QC-05")
def test_out_of_specification_on_the_page_opens_a_deviation_and_the_repeat_is_409(
    sqlite, client, sample
):
    path = f"/samples/{sample.code}/tests/viability/result"
    assert post(client, path, **RESULT | {"value": "80"}).status_code == 303
    assert "is open" in page(client, result_of(sqlite)) and "Out of specification" in page(
        client, f"/samples/{sample.code}"
    )
    answer = post(client, path, **RESULT)
    assert (
        answer.status_code == 409
        and "not judged yet" in answer.get_data(as_text=True)
        and 'value="97"' in answer.get_data(as_text=True)
    )
    assert count(sqlite, Result) == 1


@pytest.mark.req("QC-08")
def test_sterility_on_the_page_reads_to_a_day_and_is_final_at_fourteen(client, sample, clock):
    path = f"/samples/{sample.code}/tests/sterility"
    assert post(client, f"{path}/begin", began_at="2026-11-02 08:00 +00:00").status_code == 303
    clock.at = clock.at.replace(day=9)
    sign_in(client, "qcanalyst1")
    shown = {"value": "no_growth", "method_version": "1", "reference": "Bottle 7"}
    assert (
        post(
            client,
            f"{path}/result",
            **shown,
            tested_at="2026-11-09 08:00 +00:00",
            reading="interim",
        ).status_code
        == 303
    )
    assert "No growth to day 7" in page(client, f"/samples/{sample.code}")
    clock.at = clock.at.replace(day=16)
    sign_in(client, "qcanalyst1")
    assert (
        post(
            client,
            f"{path}/result",
            **shown,
            tested_at="2026-11-16 07:59:59 +00:00",
            reading="final",
        ).status_code
        == 409
    )
    assert (
        post(
            client, f"{path}/result", **shown, tested_at="2026-11-16 08:00 +00:00", reading="final"
        ).status_code
        == 303
    )


def test_a_correction_is_offered_with_the_old_values_and_asks_why(client, sample, sqlite):
    post(
        client,
        f"/samples/{sample.code}/tests/endotoxin/result",
        **RESULT | {"value": "< 0.05", "unit": "EU/mL"},
    )
    text = page(client, result_of(sqlite) + "/correct")
    assert 'value="&lt; 0.05"' in text and "Why it is corrected" in text
    changed = RESULT | {"value": "< 0.06", "unit": "EU/mL"}
    assert (
        post(client, result_of(sqlite) + "/correct", **changed, reason="short").status_code == 422
    )
    assert (
        post(
            client,
            result_of(sqlite) + "/correct",
            **changed,
            reason="Read from the wrong cartridge",
        ).status_code
        == 303
    )
    assert "It was corrected" in page(client, result_of(sqlite))


def test_a_text_result_keeps_its_string_and_its_verdict(client, sample):
    path = f"/samples/{sample.code}/tests/karyotype/result"
    words = RESULT | {"value": "46,XY,16qh+", "choice": "normal"}
    assert post(client, path, **words | {"choice": "perhaps"}).status_code == 422
    assert post(client, path, **words).status_code == 303
    assert "46,XY,16qh+ (normal)" in page(client, f"/samples/{sample.code}")


NO_RESULT = ["97 %", "ninety", "<", "-1", "< -1", "970", "> 100.5", "1e3", "< 0", "<= 0", "-0"]
IMPOSSIBLE = [*NONSENSE, *NO_RESULT, HARMLESS[0]]


@pytest.mark.req("QC-04")
@pytest.mark.parametrize("typed", IMPOSSIBLE)
def test_nonsense_as_a_result_is_refused_in_a_sentence_with_everything_kept(
    sqlite, client, sample, typed
):
    answer = post(
        client,
        f"/samples/{sample.code}/tests/viability/result",
        **RESULT | {"value": typed, "remark": "stays here"},
    )
    text = answer.get_data(as_text=True)
    assert (
        answer.status_code == 422
        and "stays here" in text
        and "Run 12" in text
        and "<b onload" not in text
    )
    assert count(sqlite, Result) == 0


@pytest.mark.req("QC-02")
@pytest.mark.parametrize(
    "words",
    [
        {"tested_at": "today"},
        {"tested_at": "2026-02-30 08:00 +00:00"},
        {"tested_at": ""},
        {"reference": ""},
        {"method_version": ""},
        {"unit": "mL"},
        {"unit": ""},
        {"remark": "a\x00"},
        {"reference": "x" * 201},
        {"entry_id": ""},
    ],
)
def test_each_field_of_a_result_is_mandatory_and_must_make_sense(sqlite, client, sample, words):
    answer = post(client, f"/samples/{sample.code}/tests/viability/result", **RESULT | words)
    assert answer.status_code == 422 and count(sqlite, Result) == 0


@pytest.mark.parametrize(
    ("tested_at", "status"),
    [
        ("2026-11-02 08:01 +00:00", 409),
        ("2026-11-02 07:59 +00:00", 409),
        ("2026-11-02 15:00 +07:00", 303),
    ],
)
def test_a_test_is_neither_in_the_future_nor_before_the_sample(client, sample, tested_at, status):
    assert (
        post(
            client,
            f"/samples/{sample.code}/tests/viability/result",
            **RESULT | {"tested_at": tested_at},
        ).status_code
        == status
    )


@pytest.mark.parametrize("typed", NONSENSE[:1] + NONSENSE[1:2] + NONSENSE[4:7])
def test_nonsense_on_the_receipt_is_refused(sqlite, client, people, sample, clock, typed):
    with sqlite.writing() as session:
        fresh = qc.make_sample(session, people, _batch(session, sample), at=clock(), received=False)
    assert (
        post(
            client, f"/samples/{fresh.code}/receive", condition="intact", storage=typed
        ).status_code
        == 422
    )
    assert (
        post(
            client, f"/samples/{fresh.code}/receive", condition="melted", storage="Shelf"
        ).status_code
        == 422
    )
    assert "Not received" in page(client, f"/samples/{fresh.code}")


@pytest.mark.parametrize("typed", HARMLESS)
def test_markup_and_vietnamese_are_kept_as_text(sqlite, client, people, sample, clock, typed):
    with sqlite.writing() as session:
        fresh = qc.make_sample(session, people, _batch(session, sample), at=clock(), received=False)
    assert (
        post(
            client,
            f"/samples/{fresh.code}/receive",
            condition="damaged",
            storage=typed,
            remark=typed,
        ).status_code
        == 303
    )
    text = page(client, f"/samples/{fresh.code}")
    assert "<b onload" not in text and "Damaged" in text


def _batch(session, sample):
    from manufacturing.execution.batches import by_code

    return by_code(session, sample.scope)


@pytest.mark.parametrize(
    "path",
    [
        "/samples/S26000000",
        "/samples/nonsense",
        "/results/99",
        "/results/999999999999",
        "/specifications/99999999999",
        "/samples/{code}/tests/moon/result",
        "/samples/{code}/tests/moon/begin",
        "/results/99/review",
    ],
)
def test_what_is_not_there_is_404(application, client, sample, path):
    who = as_person(application, "qcreviewer1") if path.endswith("review") else client
    page(who, path.format(code=sample.code), 404)


AGAIN = "The analyst was interrupted"


def test_pages_ask_the_same_number_of_questions_however_much_there_is(
    sqlite, client, people, sample, clock
):
    def questions(path):
        asked = []
        listener = lambda *words: asked.append(words[2])  # noqa: E731
        event.listen(sqlite.engine, "before_cursor_execute", listener)
        page(client, path)
        event.remove(sqlite.engine, "before_cursor_execute", listener)
        return len(asked)

    def more():
        with sqlite.writing() as session:
            for _ in range(3):
                qc.make_result(
                    session,
                    people,
                    qc.make_sample(session, people, _batch(session, sample), at=clock()),
                    at=clock(),
                )
                qc.make_result(session, people, sample, at=clock(), reason=AGAIN)
            qc.import_specification(
                session,
                people,
                data=qc.SHIPPED_BYTES + f"# {clock.advance(seconds=1)}".encode(),
                at=clock(),
            )

    more()
    paths = (
        "/samples",
        "/samples?show=all",
        f"/samples/{sample.code}",
        result_of(sqlite),
        "/specifications",
    )
    before = [questions(path) for path in paths]
    more()
    assert [questions(path) for path in paths] == before


def test_the_views_show_the_state_the_register_knows(sqlite, client, sample):
    with sqlite.reading() as session:
        held = register.effective(session, "SP-UCMSC", sample.made_at)
        assert results.specification_of(session, sample)[0].id == held.id
    assert "SP-UCMSC version 1" in page(client, f"/samples/{sample.code}")
