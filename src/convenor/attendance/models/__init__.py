"""The roll's rows. Thin: columns, constraints, facts about one row."""

from convenor.attendance.models.form import FieldOption, FormField, Pick, RegistrationForm
from convenor.attendance.models.registration import Registration, RegistrationNeeds
from convenor.attendance.models.roll import Allotment, Roll
from convenor.attendance.models.scan import Scan
from convenor.attendance.models.seat import Seat

__all__ = [
    "Allotment",
    "FieldOption",
    "FormField",
    "Pick",
    "Registration",
    "RegistrationForm",
    "RegistrationNeeds",
    "Roll",
    "Scan",
    "Seat",
]
