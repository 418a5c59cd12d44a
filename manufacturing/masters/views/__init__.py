"""The pages of master batch records."""

from flask import Blueprint

blueprint = Blueprint("masters", __name__)

from manufacturing.masters.views import masters
