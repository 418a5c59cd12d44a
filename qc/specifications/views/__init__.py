"""The pages of specifications."""

from flask import Blueprint

blueprint = Blueprint("specifications", __name__)

from qc.specifications.views import specifications
