"""Pictures of pages, kept only when CORDBOOK_PICTURES names a directory."""

from __future__ import annotations

import os
from pathlib import Path

from playwright.sync_api import Page


def keep(page: Page, name: str, full: bool = False) -> None:
    if wanted := os.environ.get("CORDBOOK_PICTURES"):
        Path(wanted).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(Path(wanted) / f"journey-{name}.png"), full_page=full)
