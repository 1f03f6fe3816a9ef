"""Closed vocabularies of events, in the field's own words (DESIGN, section 1)."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class EventState(TextChoices):
    """From enquiry to closed; rules/states.py says what leads where, and on which conditions."""

    ENQUIRY = "enquiry", _("Enquiry")
    PLANNING = "planning", _("Planning")
    CONFIRMED = "confirmed", pgettext_lazy("event", "Confirmed")
    IN_PROGRESS = "in_progress", pgettext_lazy("event", "In progress")
    DEBRIEF = "debrief", _("Debrief")
    CLOSED = "closed", pgettext_lazy("event", "Closed")
    POSTPONED = "postponed", pgettext_lazy("event", "Postponed")
    CANCELLED = "cancelled", pgettext_lazy("event", "Cancelled")


ALIVE = (
    *(EventState.ENQUIRY, EventState.PLANNING, EventState.CONFIRMED),
    *(EventState.IN_PROGRESS, EventState.DEBRIEF),
)
"""States in which there is still something to do and the dates are in force."""


OVER = (EventState.CLOSED, EventState.CANCELLED)
"""States in which nothing of it can be changed any more."""


class Confidentiality(IntegerChoices):
    """Who may know of it: everybody, the staff, those concerned, those named."""

    OPEN = 1, pgettext_lazy("confidentiality", "Open")
    INTERNAL = 2, _("Internal")
    RESTRICTED = 3, _("Restricted")
    CONFIDENTIAL = 4, _("Confidential")


class EventScope(TextChoices):
    """Derived from who takes part, never entered; see rules/scope.py."""

    WITHIN = "within", _("Within a department")
    BETWEEN = "between", _("Between departments")
    EXTERNAL = "external", _("With external parties")


class PartyRole(TextChoices):
    """What somebody is to the event as a whole. Speakers and hosts are named by function."""

    CHAIR = "chair", _("Chair")
    PARTICIPANT = "participant", _("Participant")
    OPTIONAL = "optional", _("Optional")
    GUEST = "guest", _("Guest")
    STAFF = "staff", pgettext_lazy("event role", "Event staff")


class Service(TextChoices):
    """Who works for the event: each gets its own part of the function sheets."""

    CATERING = "catering", _("Catering")
    AV = "av", _("Audio and video")
    SECURITY = "security", _("Security")
    FACILITY = "facility", _("Facility")
    STAFFING = "staffing", _("Staffing")


class OwnerRole(TextChoices):
    """Names a person by what they are to the event, as a class's policy and a plan file do."""

    OWNER = "owner", _("Coordinator in charge")
    SPONSOR = "sponsor", _("Sponsor")
    BUDGET_HOLDER = "budget_holder", _("Budget holder")
    DEPARTMENT_LEADER = "department_leader", _("Leader of the host department")
    CHAIR = "chair", _("Chair")
    PARTICIPANTS = "participants", _("Participants")
    CATERING = "catering", _("Catering")
    AV = "av", _("Audio and video")
    SECURITY = "security", _("Security")
    FACILITY = "facility", _("Facility")
    STAFFING = "staffing", _("Staffing")


class FunctionKind(TextChoices):
    """A timed part of an event. The last four aren't held to the event's own dates."""

    PLENARY = "plenary", _("Plenary")
    SESSION = "session", pgettext_lazy("function", "Session")
    BREAKOUT = "breakout", _("Breakout")
    MEETING = "meeting", pgettext_lazy("function", "Meeting")
    WORKSHOP = "workshop", _("Workshop")
    REGISTRATION = "registration", _("Registration")
    COFFEE = "coffee", _("Coffee break")
    LUNCH = "lunch", _("Lunch")
    DINNER = "dinner", _("Dinner")
    RECEPTION = "reception", pgettext_lazy("function", "Reception")
    SOCIAL = "social", _("Social programme")
    REHEARSAL = "rehearsal", _("Rehearsal")
    SETUP = "setup", pgettext_lazy("function", "Set-up")
    TEARDOWN = "teardown", pgettext_lazy("function", "Teardown")
    PRE_EVENT = "pre_event", _("Pre-event meeting")
    POST_EVENT = "post_event", _("Post-event meeting")


OUTSIDE_DATES = frozenset({FunctionKind.PRE_EVENT, FunctionKind.POST_EVENT})
"""Kinds that lie before load-in or after load-out."""
BETWEEN_LOADS = frozenset({FunctionKind.SETUP, FunctionKind.TEARDOWN, FunctionKind.REHEARSAL})
"""Kinds that lie between load-in and load-out; all others lie between start and end."""


class SpeakerState(TextChoices):
    ASKED = "asked", _("Asked")
    CONFIRMED = "confirmed", pgettext_lazy("speaker", "Confirmed")
    DECLINED = "declined", pgettext_lazy("speaker", "Declined")


class TaskState(TextChoices):
    OPEN = "open", pgettext_lazy("task", "Open")
    IN_PROGRESS = "in_progress", pgettext_lazy("task", "In progress")
    DONE = "done", pgettext_lazy("task", "Done")
    DROPPED = "dropped", pgettext_lazy("task", "Dropped")


UNDONE = (TaskState.OPEN, TaskState.IN_PROGRESS)


class Anchor(TextChoices):
    """The date of the event that a due date counts from."""

    LOAD_IN = "load_in", _("load-in")
    START = "start", pgettext_lazy("anchor", "start")
    END = "end", pgettext_lazy("anchor", "end")
    LOAD_OUT = "load_out", _("load-out")


class Level(TextChoices):
    """What a readiness check says."""

    OK = "ok", pgettext_lazy("readiness", "OK")
    ATTENTION = "attention", _("Attention")
    BLOCKING = "blocking", _("Blocking")
    WAIVED = "waived", _("Waived")


class Decision(TextChoices):
    GO = "go", _("Go")
    CONDITIONS = "conditions", _("Go, with conditions")
    NO_GO = "no_go", _("No-go")


class Outcome(TextChoices):
    """What the sign-offs of a certificate come to."""

    OPEN = "open", _("Not signed by all")
    GO = "go", _("Go")
    CONDITIONS = "conditions", _("Go, with conditions")
    NO_GO = "no_go", _("No-go")


class SheetSection(TextChoices):
    """The parts of a function sheet, in the paper's order; five of them are a service's own."""

    FUNCTION = "function", pgettext_lazy("sheet", "Function")
    TIMES = "times", _("Times")
    ROOMS = "rooms", _("Rooms")
    SETUP = "setup", pgettext_lazy("function", "Set-up")
    COUNT = "count", _("Head count")
    PEOPLE = "people", pgettext_lazy("sheet", "People")
    CATERING = "catering", _("Catering")
    AV = "av", _("Audio and video")
    SECURITY = "security", _("Security")
    FACILITY = "facility", _("Facility")
    STAFFING = "staffing", _("Staffing")
    NOTES = "notes", _("Notes")
    RUN = "run", _("Run of show")


class SheetState(TextChoices):
    """Where a function's sheet stands."""

    NOT_NEEDED = "not_needed", _("Not needed")
    NOT_ISSUED = "not_issued", _("Not issued")
    CHANGED = "changed", _("Changed since")
    ISSUED = "issued", pgettext_lazy("sheet", "Issued")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")


class Occasion(TextChoices):
    """What people are told of, by the class's policy."""

    CONFIRMED = "confirmed", _("Event confirmed")
    MOVED = "moved", _("Event moved")
    POSTPONED = "postponed", _("Event postponed")
    CANCELLED = "cancelled", _("Event cancelled")
    CLOSED = "closed", _("Event closed")
