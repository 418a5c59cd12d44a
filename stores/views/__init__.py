"""The pages of stores."""

from flask import Blueprint

blueprint = Blueprint("stores", __name__)

from stores.views import containers, equipment, fates, labels, lots
