"""QR symbols of codes and addresses: as modules, as SVG for pages, and drawn on paper by
paper.shapes.

The mask is fixed: its number is written in the symbol (ISO/IEC 18004), any reader undoes it, and
choosing among eight would take seven eighths of the time.
"""

from xml.sax.saxutils import escape

import qrcode
from qrcode.exceptions import DataOverflowError
from qrcode.util import MODE_ALPHA_NUM, QRData

from labels.codes import Code
from paper.shapes import QUIET_ZONE, Modules, runs

_MASK = 0
_LEVEL = qrcode.constants.ERROR_CORRECT_M


def vial_symbol(code: Code) -> Modules:
    """The bare code as QR version 1, level M, alphanumeric.

    21 × 21 modules without the quiet zone.
    """
    return _modules(QRData(code.bare.encode(), mode=MODE_ALPHA_NUM, check_data=False), version=1)


def symbol(payload: str) -> Modules:
    """The smallest QR of level M that holds the payload, as rows of modules without the quiet zone.

    Raises ValueError for an empty or too long payload, and for one that is not printable ASCII:
    readers disagree about the alphabet of everything else.
    """
    if not payload or not payload.isascii() or not payload.isprintable():
        raise ValueError(
            "A QR payload is printable ASCII text; leave everything else to the text beside the "
            "symbol."
        )
    try:
        return _modules(payload, version=None)
    except (DataOverflowError, ValueError) as fault:
        raise ValueError(
            f"{len(payload)} characters are too many for one QR symbol; print a shorter address."
        ) from fault


def version(modules: Modules) -> int:
    """The QR version of a symbol, from its number of modules (17 + 4 × version)."""
    return (len(modules) - 17) // 4


def svg(modules: Modules, title: str) -> str:
    """The symbol as an SVG element for a page, quiet zone included.

    Sized by the page's style sheet.
    """
    total = len(modules) + 2 * QUIET_ZONE
    path = "".join(
        f"M{x + QUIET_ZONE} {y + QUIET_ZONE}h{length}v1h-{length}z"
        for x, y, length in runs(modules)
    )
    return (
        f'<svg class="qr" xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {total} '
        f'{total}" '
        f'shape-rendering="crispEdges"><title>{escape(title)}</title>'
        f'<path fill="#fff" d="M0 0h{total}v{total}h-{total}z"/><path d="{path}"/></svg>'
    )


def _modules(payload: str | QRData, version: int | None) -> Modules:
    drawing = qrcode.QRCode(version=version, error_correction=_LEVEL, border=0, mask_pattern=_MASK)
    drawing.add_data(payload)
    drawing.make(fit=version is None)
    return [[bool(module) for module in row] for row in drawing.modules]
