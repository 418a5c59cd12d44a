"""The pages of batches and steps."""

from flask import Blueprint

blueprint = Blueprint("execution", __name__)

from manufacturing import signed_states
from manufacturing.execution import entry_places
from manufacturing.execution.views import batches, labels, steps
