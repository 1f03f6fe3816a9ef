"""The schedule's closed vocabularies, in the terms of RFC 5545 where it has one."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class MeetingState(TextChoices):
    CONFIRMED = "confirmed", _("Confirmed")
    TENTATIVE = "tentative", _("Tentative")
    CANCELLED = "cancelled", _("Cancelled")


class OccurrenceState(TextChoices):
    SCHEDULED = "scheduled", _("Scheduled")
    CANCELLED = "cancelled", _("Cancelled")


class Priority(IntegerChoices):
    """Higher may displace lower; see scheduling/rules.py."""

    LOW = 1, _("Low")
    NORMAL = 2, _("Normal")
    HIGH = 3, _("High")
    EXECUTIVE = 4, _("Executive")


class AttendeeRole(TextChoices):
    """RFC 5545 §3.2.16: CHAIR, REQ-PARTICIPANT, OPT-PARTICIPANT, NON-PARTICIPANT."""

    CHAIR = "chair", _("Chair")
    REQUIRED = "required", _("Required")
    OPTIONAL = "optional", _("Optional")
    RESOURCE = "resource", _("Resource")


class PartStat(TextChoices):
    """RFC 5545 §3.2.12."""

    NEEDS_ACTION = "needs-action", _("No answer yet")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    TENTATIVE = "tentative", pgettext_lazy("answer", "Tentative")
    DELEGATED = "delegated", _("Delegated")


class CounterState(TextChoices):
    """Where another time that was proposed stands."""

    OPEN = "open", pgettext_lazy("proposal", "Open")
    ACCEPTED = "accepted", pgettext_lazy("proposal", "Accepted")
    DECLINED = "declined", pgettext_lazy("proposal", "Declined")
    STALE = "stale", _("Overtaken by another change")


class BookingState(TextChoices):
    HELD = "held", _("Held")
    PENDING = "pending", _("Pending approval")
    CONFIRMED = "confirmed", _("Confirmed")
    RELEASED = "released", _("Released")


ACTIVE_BOOKINGS = (BookingState.HELD, BookingState.PENDING, BookingState.CONFIRMED)


class ConflictKind(TextChoices):
    PERSON_DOUBLE_BOOKED = "person_double_booked", _("Person double-booked")
    PERSON_AWAY = "person_away", _("Person away")
    PERSON_GONE = "person_gone", _("Organiser or chair gone")
    OUT_OF_HOURS = "out_of_hours", _("Outside working hours")
    NO_TRAVEL_TIME = "no_travel_time", _("No time to travel")
    HOLIDAY = "holiday", _("Public holiday")
    ROOM_CLOSED = "room_closed", _("Room closed")
    ROOM_TOO_SMALL = "room_too_small", _("Room too small")
    ROOM_UNEQUIPPED = "room_unequipped", _("Equipment missing")
    SITE_SHUT = "site_shut", _("Outside opening hours")
    BOOKING_EXPIRING = "booking_expiring", _("Hold or approval about to expire")
    ZONE_SHIFT = "zone_shift", _("Collides after a clock change")


class Severity(IntegerChoices):
    """How bad it is; sorts the conflicts page."""

    NOTICE = 1, _("Notice")
    WARNING = 2, _("Warning")
    SERIOUS = 3, _("Serious")


class ConflictState(TextChoices):
    OPEN = "open", pgettext_lazy("conflict", "Open")
    IGNORED = "ignored", _("Ignored")


class SourceState(TextChoices):
    NEVER_READ = "never_read", _("Not read yet")
    READ = "read", _("Up to date")
    FAILING = "failing", _("Failing")


class Scope(TextChoices):
    """Which occurrences of a series a change touches."""

    ONE = "one", _("This occurrence")
    FOLLOWING = "following", _("This and following")
    ALL = "all", _("All occurrences")
