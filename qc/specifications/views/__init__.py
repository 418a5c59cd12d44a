"""The pages of specifications."""

from flask import Blueprint

blueprint = Blueprint("specifications", __name__)

from qc.specifications.views import (  # noqa: E402  (they register their pages here)
    specifications as specifications,
)
