"""The pages of review, release, certificates and records."""

from flask import Blueprint

blueprint = Blueprint("release", __name__)

from qc.release.views import (  # noqa: E402  (they register their pages here)
    certificates as certificates,
)
from qc.release.views import (
    records as records,
)
from qc.release.views import (
    release as release,
)
from qc.release.views import (
    review as review,
)
