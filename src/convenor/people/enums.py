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


class DelegationScope(TextChoices):
    """What a delegate may do in the principal's name; each includes the one before it."""

    SEE = "see", _("See")
    PROPOSE = "propose", _("Propose")
    ACT = "act", _("Act")
