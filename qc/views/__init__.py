"""The pages of qc."""

from flask import Blueprint

blueprint = Blueprint("qc", __name__)
