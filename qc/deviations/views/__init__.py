"""The pages of deviations."""

from flask import Blueprint

blueprint = Blueprint("deviations", __name__)

from qc.deviations.views import (  # noqa: E402  (they register their pages here)
    deviations as deviations,
)
