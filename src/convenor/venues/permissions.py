"""Who may see and change places. docs/permissions.md shows the whole table.

The company's rooms are no secret within it; somebody from outside learns a room's name from the meeting they are invited to.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from convenor.base.permissions import coordinator, register, staff

PERMISSIONS = {
    "venue.see": staff,
    "venue.edit": coordinator,
    "venue.import": coordinator,
}
REFUSALS = {
    "venue.edit": _("Sites, rooms, equipment and closures are changed by coordinators and administrators."),
    "venue.import": _("Rooms are imported by coordinators and administrators."),
}


def add() -> None:
    register(PERMISSIONS, REFUSALS)
