"""The pages of qc."""

from flask import Blueprint

blueprint = Blueprint("qc", __name__)

from qc.views import certificates, deviations, records, release, results, review, samples, specifications  # noqa: E402, F401  (they register their pages here)
