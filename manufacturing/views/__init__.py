"""The pages of manufacturing."""

from flask import Blueprint

blueprint = Blueprint("manufacturing", __name__)

from manufacturing.views import batches, cord_labels, cords, donors, masters, steps  # noqa: E402, F401  (they register their pages here)
