"""Every link of every page leads somewhere, for every role.

Every page that links lead to draws without a fault.
"""

import pytest

from demonstration.staff import STAFF


@pytest.mark.parametrize("username", [name for name in STAFF if name != "technician2"])
def test_every_link_leads_to_a_page(world, username):
    pages = world.crawl(username)
    wrong = {page.address: page.status for page in pages if page.status not in (200, 302, 303)}
    assert not wrong
    assert len(pages) > 15


@pytest.mark.parametrize("username", [name for name in STAFF if name != "technician2"])
def test_every_page_has_its_headers(world, username):
    for page in world.crawl(username):
        assert "default-src 'none'" in page.headers["Content-Security-Policy"], page.address
        assert page.headers["X-Content-Type-Options"] == "nosniff"
