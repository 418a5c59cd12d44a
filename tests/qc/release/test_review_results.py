"""The review page shows every result against its limit and the curves of the batch, as they were
recorded.
"""

from __future__ import annotations

import re
from decimal import Decimal
from html import escape
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from integrity.quantities import Quantity
from manufacturing.execution import batch_state, curves, trends
from manufacturing.masters.model import Limits
from qc.release import release_inputs
from tests.makers.people import sign_in

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.fixture
def page(site, finished):
    def read(kind="/review") -> str:
        client = site.test_client()
        sign_in(client, "qa1")
        return client.get(f"/batches/{finished.batch.code}{kind}").get_data(as_text=True)

    return read


def table_of_results(html: str) -> str:
    return html[html.index('id="results"') : html.index("</section>", html.index('id="results"'))]


def test_every_line_of_the_specification_stands_on_the_review_with_limit_and_result(page, finished):
    said = table_of_results(page())
    with finished.database.reading() as session:
        made = release_inputs.gather(session, finished.batch, finished.clock())
    wanted = [line for line in made.lines if line.line.required]
    assert len(wanted) > 10
    for line in wanted:
        [row] = [each for each in said.split("<tr>") if f"<td>{line.line.name}<" in each]
        measured = (line.typed or "—") if line.line.kind == "numeric" else ""
        assert escape(measured) in row and line.state in row


def test_a_result_that_fails_is_red_in_the_table_before_anything_is_judged(page, finished):
    finished.sterility("growth", reviewed=False)
    rows = [each for each in table_of_results(page()).split("<tr>") if "<td>Sterility<" in each]
    assert len(rows) == 1 and "status-rejected" in rows[0], rows


def test_the_curves_say_what_was_recorded_in_every_passage(page, finished):
    with finished.database.reading() as session:
        state = batch_state.read(session, finished.batch.id)
        drawn = trends.of_batch(state, ZONE)
    assert [each.field.id for each in drawn] == ["count", "from_area", "cumulative"]
    for html in (page(), page("")):
        for trend in drawn:
            assert trend.points and all(point.text in html for point in trend.points)
    grown = drawn[-1].points
    assert [each.number for each in grown] == sorted(each.number for each in grown)


def test_points_lie_where_their_numbers_are_and_limits_are_lines(finished):
    with finished.database.reading() as session:
        made = curves.of_batch(batch_state.read(session, finished.batch.id), ZONE)
    for curve in made:
        heights = [each["y"] for each in curve.points]
        assert all(curves.TOP <= y <= curves.HEIGHT - curves.BOTTOM for y in heights)
        assert all(left["x"] < right["x"] for left, right in pairwise(curve.points))
    viability, _, grown = made
    assert [(line.is_alert, line.words) for line in viability.lines] == [
        (False, "85"),
        (True, "90"),
    ]
    assert [line.words for line in grown.lines] == ["25"] and grown.lines[0].y < grown.points[0][
        "y"
    ]


@pytest.mark.parametrize(
    "numbers", [["0", "25"], ["85", "96.4"], ["7"], ["0"], ["-1.5", "2"], ["96000", "100000"]]
)
def test_ticks_are_a_few_round_numbers_around_everything_drawn(numbers):
    drawn = [Decimal(each) for each in numbers]
    made = curves._ticks(drawn)
    assert made[0] <= min(drawn) and made[-1] >= max(drawn) and 2 <= len(made) <= 7
    [step] = {after - before for before, after in pairwise(made)}
    assert step.normalize().as_tuple().digits in ((1,), (2,), (5,))


def test_a_picture_has_words_for_who_cannot_see_it(page):
    assert re.findall(r'<svg [^>]*role="img"\s+aria-label="[^"]*\d', page())


def test_limits_lie_where_they_are_whatever_unit_they_are_written_in():
    [low] = curves._bounds(Limits("1", low=Quantity("0.85", "1")), "%", is_alert=False)
    assert low == (Decimal(85), False)
