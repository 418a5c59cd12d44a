"""The pages of stores."""

from flask import Blueprint

blueprint = Blueprint("stores", __name__)

from stores import signed_states
from stores.views import (
    containers,
    equipment,
    equipment_together,
    fates,
    labels,
    lots,
    lots_together,
)
