"""The law of the moves of a batch."""

from __future__ import annotations

import pytest

from manufacturing.execution.rules import batches as law


@pytest.mark.req("EBR-12", "REL-11")
@pytest.mark.parametrize(
    ("fates", "becomes"),
    [
        ([], "rejected"),
        ([None], "rejected"),
        (["destroyed", None], "rejected"),
        (["issued"], "recalled"),
        (["returned", "destroyed"], "recalled"),
        (["used"], "recalled"),
    ],
)
def test_a_batch_is_broken_off_as_what_became_of_its_containers_asks(fates, becomes):
    assert law.broken_off_as(fates) == becomes
