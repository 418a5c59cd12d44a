"""The pages of deviations."""

from flask import Blueprint

blueprint = Blueprint("deviations", __name__)

from qc.deviations.views import (
    corrective_actions,
    deviations,
    evidence,
    holds,
    observations,
    oos,
    raising,
)
