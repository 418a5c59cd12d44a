"""The pages of review, release, certificates and records."""

from flask import Blueprint

blueprint = Blueprint("release", __name__)

from qc import signed_states
from qc.release.views import certificates, records, release, review
