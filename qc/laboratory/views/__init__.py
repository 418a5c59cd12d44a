"""The pages of samples and results."""

from flask import Blueprint

blueprint = Blueprint("laboratory", __name__)

from qc.laboratory.views import (  # noqa: E402  (they register their pages here)
    results as results,
)
from qc.laboratory.views import (
    samples as samples,
)
