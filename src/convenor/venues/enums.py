"""The venues' closed vocabularies, in the field's standard terms."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class SetupStyle(TextChoices):
    """How a room is laid out; its capacity depends on it."""

    THEATRE = "theatre", _("Theatre")
    CLASSROOM = "classroom", _("Classroom")
    BOARDROOM = "boardroom", _("Boardroom")
    U_SHAPE = "u_shape", _("U-shape")
    HOLLOW_SQUARE = "hollow_square", _("Hollow square")
    CABARET = "cabaret", _("Cabaret")
    BANQUET = "banquet", _("Banquet rounds")
    RECEPTION = "reception", _("Reception")


class UnitKind(TextChoices):
    """What a bookable unit is: an undivided space, or one piece of movable equipment."""

    SPACE = "space", _("Space")
    EQUIPMENT = "equipment", _("Equipment")


class ClosureKind(TextChoices):
    MAINTENANCE = "maintenance", _("Maintenance")
    OUTAGE = "outage", _("Outage")
    PRIVATE_USE = "private_use", _("Set aside")
