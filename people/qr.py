"""The QR of a text on a page of people: as the path of an SVG, quiet zone included."""

from __future__ import annotations

import qrcode

QUIET_ZONE = 4  # modules around it, as ISO/IEC 18004 wants


def drawn(text: str) -> tuple[str, int]:
    """(path, modules along one side) of the symbol."""
    drawing = qrcode.QRCode(border=0)
    drawing.add_data(text)
    drawing.make()
    path = "".join(
        f"M{x + QUIET_ZONE} {y + QUIET_ZONE}h1v1h-1z"
        for y, row in enumerate(drawing.modules)
        for x, dark in enumerate(row)
        if dark
    )
    return path, len(drawing.modules) + 2 * QUIET_ZONE
