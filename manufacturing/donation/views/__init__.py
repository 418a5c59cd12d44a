"""The pages of donors and cords."""

from flask import Blueprint

blueprint = Blueprint("donation", __name__)

from manufacturing.donation.views import (  # noqa: E402  (they register their pages here)
    cord_labels as cord_labels,
)
from manufacturing.donation.views import (
    cords as cords,
)
from manufacturing.donation.views import (
    donors as donors,
)
