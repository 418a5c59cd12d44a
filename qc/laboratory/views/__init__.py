"""The pages of samples and results."""

from flask import Blueprint

blueprint = Blueprint("laboratory", __name__)

from qc.laboratory.views import (
    corrections,
    results,
    sample_reviews,
    samples,
    specification_changes,
    together,
)
