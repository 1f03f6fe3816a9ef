"""Meetings, their occurrences, who comes, and what is booked. Thin: columns, constraints."""

from convenor.scheduling.models.booking import Booking, Claim
from convenor.scheduling.models.conflict import Conflict, ConflictOccurrence, StaleScope
from convenor.scheduling.models.invitation import CounterProposal, Told
from convenor.scheduling.models.meeting import Attendee, Meeting, Occurrence, Participation
from convenor.scheduling.models.source import CalendarSource, ExternalBusy, Feed

__all__ = [
    "Attendee",
    "Booking",
    "CalendarSource",
    "Claim",
    "Conflict",
    "ConflictOccurrence",
    "CounterProposal",
    "ExternalBusy",
    "Feed",
    "Meeting",
    "Occurrence",
    "Participation",
    "StaleScope",
    "Told",
]
