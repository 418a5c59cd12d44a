"""The pages of batches and steps."""

from flask import Blueprint

blueprint = Blueprint("execution", __name__)

from manufacturing.execution.views import (  # noqa: E402  (they register their pages here)
    batches as batches,
)
from manufacturing.execution.views import (
    steps as steps,
)
