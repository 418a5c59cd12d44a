"""The pages of labels."""

from flask import Blueprint

blueprint = Blueprint("labels", __name__)

from labels.views import printing  # noqa: E402, F401  (it registers its pages here)
