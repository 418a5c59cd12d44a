"""Help: every page is drawn, every link in it leads somewhere, every page and button that a guide
names is there, and HTML in a text is text.
"""

import re
from pathlib import Path

import pytest

from guidance import library
from guidance.views import OF_ROLE
from people.permissions import Role
from tests.makers.people import make_people, sign_in
from tests.pages import Page

ROOT = Path(__file__).resolve().parents[2]
SPOKEN = [
    *ROOT.glob("templates/**/*.html"),
    *ROOT.glob("locales/en/*.ftl"),
    *(path for room in ("people", "documents", "labels", "stores", "manufacturing", "qc", "finding",
      "readiness") for path in ROOT.glob(f"{room}/**/*.py")),
    ROOT / "app.py",
]  # fmt: skip
SAID = " ".join(" ".join(path.read_text(encoding="utf-8").split()) for path in SPOKEN)
NO_NAME = {"Enter"}  # a key of the keyboard
GUIDES = [library.articles()[name] for name in library.GUIDES]
EVERY = list(library.articles().values())


@pytest.fixture
def reader(application, sqlite, clock):
    make_people(sqlite, "reader", at=clock())
    client = application.test_client()
    sign_in(client, "reader1")
    return client


def address(name):
    return f"/help/{name}"


@pytest.mark.parametrize("article", EVERY, ids=lambda article: article.name)
def test_every_page_is_drawn_and_every_link_in_it_leads_to_a_heading_or_a_page(article):
    page = Page(article.drawn(address))
    assert [each.words.split() for each in page.elements if each.tag == "h1"]
    anchors = {each.given["id"] for each in page.elements if each.given.get("id")}
    assert {heading.anchor for heading in article.headings} <= anchors
    for link in page.links:
        to, _, anchor = link.partition("#")
        if to.startswith("https://"):
            continue
        other = library.articles()[to.removeprefix("/help/")] if to else article
        assert not anchor or anchor in {each.anchor for each in other.headings}, link


def test_every_page_of_docs_is_in_the_contents_once():
    files = {*library.DOCS.glob("*.md"), *library.DOCS.glob("*/*.md")}
    assert {each.path for each in EVERY} == files
    assert sum(map(len, library.by_part().values())) == len(files)


@pytest.mark.parametrize("article", GUIDES, ids=lambda article: article.name)
def test_every_page_and_button_that_a_guide_names_is_there(article):
    text = article.path.read_text(encoding="utf-8")
    names = set(re.findall(r"\*\*([^*]+)\*\*", text)) - NO_NAME
    assert {name for name in names if name not in SAID} == set()


@pytest.mark.parametrize("role", list(Role))
def test_everybody_has_a_guide_of_their_own(role):
    assert OF_ROLE[role] in library.GUIDES


def test_html_in_a_text_is_text_and_a_script_is_no_link(tmp_path):
    path = tmp_path / "x.md"
    path.write_text("# X\n\n<script>x</script> [a](javascript:x) [b](../../etc) ![c](x.png)\n")
    drawn = library._read(path).drawn(address)
    assert "<script" not in drawn and "href" not in drawn and "<img" not in drawn
    assert "&lt;script&gt;" in drawn


def test_help_is_for_whoever_is_signed_in(reader, application):
    words = Page(reader.get("/help")).words
    assert "Technician" in words and "Glossary" in words and "For everybody" in words
    assert "What waits for you" in Page(reader.get("/help/technician")).words
    assert reader.get("/help/nothing").status_code == 404
    assert reader.get("/help/..%2fREADME").status_code == 404
    assert application.test_client().get("/help/qa").status_code == 302
    assert "/help" in Page(reader.get("/")).links


def test_a_word_is_found_where_it_stands(reader):
    found = Page(reader.get("/help", query_string={"find": "logger TEMPERATURE"}))
    assert "/help/donor-unit#what-goes-with-the-jar" in found.links
    assert "No page of help has this" in Page(reader.get("/help?find=zebrafish")).words
    assert reader.get("/help?find=%3Cscript%3E").status_code == 200
