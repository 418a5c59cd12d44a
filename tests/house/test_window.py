"""The time left of the 24-hour window stands on every page of a cord and of a batch until
processing starts.
"""

import pytest

from tests.makers.batches import find_batch
from tests.makers.people import sign_in


@pytest.mark.state("planned")
def test_every_page_of_a_batch_that_has_not_started_shows_what_is_left(application, sqlite, clock):
    batch = find_batch(sqlite)
    client = application.test_client()
    sign_in(client, "technician1")
    first = f"/batches/{batch.code}/steps/receipt/1/clearance_before/1"
    for path in (f"/cords/{batch.cord_code}", f"/batches/{batch.code}", first, "/bench"):
        page = client.get(path).get_data(as_text=True)
        assert "21 h 00" in page and "Time left" in page, path
    sign_in(client, "qa1")
    page = client.get(f"/batches/{batch.code}/terminate").get_data(as_text=True)
    assert "21 h 00" in page and "Time left" in page
