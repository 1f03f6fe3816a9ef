"""The people's closed vocabularies."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PersonKind(TextChoices):
    STAFF = "staff", _("Staff")
    EXTERNAL = "external", _("External")


class LeaveKind(TextChoices):
    HOLIDAY = "holiday", _("Annual leave")
    SICK = "sick", _("Sick leave")
    TRAVEL = "travel", _("Business travel")
    OTHER = "other", _("Away")


class AwayKind(TextChoices):
    """Why somebody isn't there, as much as others may know: the kind of leave is nobody else's business."""

    LEAVE = "leave", _("Leave")
    PUBLIC_HOLIDAY = "public_holiday", _("Public holiday")
