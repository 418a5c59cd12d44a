"""The pages of master batch records."""

from flask import Blueprint

blueprint = Blueprint("masters", __name__)

from manufacturing.masters.views import (  # noqa: E402  (they register their pages here)
    masters as masters,
)
