"""The pages of people, and of what everybody looks at: the trail, the site."""

from flask import Blueprint

blueprint = Blueprint("people", __name__)

from people import signed_states
from people.views import (
    access_log,
    accounts,
    badges,
    handovers,
    phone,
    problems,
    reminders,
    sessions,
    setting_changes,
    several,
    signatures,
    site,
    trail,
    trust,
    week,
)
