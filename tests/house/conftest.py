"""The demonstration laboratory, made once, and copied for every test that walks through the whole
house.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.world import World, demonstrated
from tests.templates import Templates


@pytest.fixture
def world(tmp_path: Path, templates: Templates) -> Iterator[World]:
    with demonstrated(tmp_path, templates) as made:
        yield made
