"""The pages of labels."""

from flask import Blueprint

blueprint = Blueprint("labels", __name__)

from labels.views import printing
