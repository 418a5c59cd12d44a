"""The pages of donors and cords."""

from flask import Blueprint

blueprint = Blueprint("donation", __name__)

from manufacturing.donation.views import blood_samples, cord_labels, cords, donors
