"""Every link of every page leads somewhere, for every role.

Every page that links lead to draws without a fault.
"""

import pytest

from demonstration.staff import STAFF

# Pages that no link leads to in the demonstration: reached by a state it is not in, or by typing.
UNLINKED = {"static", "health"}


@pytest.mark.parametrize("username", [name for name in STAFF if name != "technician2"])
def test_every_link_leads_to_a_page(world, username):
    visitor = world.visitor(username)
    answers = visitor.crawl()
    wrong = {
        address: answer.status_code
        for address, answer in answers.items()
        if answer.status_code not in (200, 302, 303)
    }
    assert not wrong
    assert len(answers) > 15


def test_every_page_has_its_headers(world):
    for address, answer in world.visitor("qa1").crawl().items():
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"], address
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
