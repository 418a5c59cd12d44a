"""The pages of manufacturing."""

from flask import Blueprint

blueprint = Blueprint("manufacturing", __name__)
