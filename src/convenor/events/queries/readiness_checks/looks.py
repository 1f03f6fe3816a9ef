"""The list of them, in the order in which an event's page shows those that say the same."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from convenor.events.queries.readiness_checks.people import (
    chair_present,
    required_accepted,
    speakers_confirmed,
)
from convenor.events.queries.readiness_checks.rooms import rooms_confirmed
from convenor.events.queries.readiness_checks.schedule import no_open_conflict
from convenor.events.queries.readiness_checks.work import sheets_out, tasks_on_time
from convenor.events.registry import Check

CHECKS = (
    Check("rooms_confirmed", _("Rooms confirmed"), rooms_confirmed),
    Check("people_accepted", _("Required people accepted"), required_accepted),
    Check("chair_present", _("Chair present"), chair_present),
    Check("speakers_confirmed", _("Speakers confirmed"), speakers_confirmed),
    Check("no_open_conflict", _("No open conflict"), no_open_conflict),
    Check("tasks_on_time", _("Tasks on time"), tasks_on_time),
    Check("sheets_acknowledged", _("Function sheets issued and acknowledged"), sheets_out),
)
