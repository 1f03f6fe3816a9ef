"""Closed vocabularies of the roll, in the field's own words (DESIGN, section 1)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from convenor.events.enums import PartyRole


class SeatState(TextChoices):
    """Where a seat stands; rules/seat_states.py says what leads where."""

    INVITED = "invited", pgettext_lazy("seat", "Invited")
    HELD = "held", pgettext_lazy("seat", "Held")
    CONFIRMED = "confirmed", pgettext_lazy("seat", "Confirmed")
    WAITLISTED = "waitlisted", pgettext_lazy("seat", "On the waitlist")
    OFFERED = "offered", pgettext_lazy("seat", "Offered")
    DECLINED = "declined", pgettext_lazy("seat", "Declined")
    CANCELLED = "cancelled", pgettext_lazy("seat", "Cancelled")
    SUBSTITUTED = "substituted", pgettext_lazy("seat", "Substituted")
    CHECKED_IN = "checked_in", pgettext_lazy("seat", "Checked in")
    NO_SHOW = "no_show", pgettext_lazy("seat", "No-show")


TAKING = (SeatState.HELD, SeatState.CONFIRMED, SeatState.OFFERED, SeatState.CHECKED_IN)
"""States that take a place: the database counts them."""
COMING = (SeatState.HELD, SeatState.CONFIRMED, SeatState.CHECKED_IN)
"""Who is reckoned with: an offer isn't answered yet."""
ASKED = (SeatState.INVITED, SeatState.OFFERED)
"""Who still has to answer."""
GONE = (SeatState.DECLINED, SeatState.CANCELLED, SeatState.SUBSTITUTED, SeatState.NO_SHOW)
"""Who isn't coming, or didn't."""


class WaitlistRule(TextChoices):
    """Who is offered a seat that comes free; rules/waitlist.py decides."""

    ORDER = "order", _("In the order of the list")
    PRIORITY = "priority", _("Priority group first, then the order of the list")
    BALANCE = "balance", _("Whose department has the smallest share, then the order of the list")


EVENT_STAFF = PartyRole.STAFF
"""Who may keep the door."""


class Source(TextChoices):
    """How somebody came onto the roll."""

    INVITATION = "invitation", pgettext_lazy("source", "Invitation")
    PUBLIC = "public", _("Registration page")
    GROUP = "group", _("Registered by a colleague")
    IMPORT = "import", _("Imported")
    COORDINATOR = "coordinator", _("Put on the roll by hand")
    ATTENDEE = "attendee", _("Asked to the meeting")
    WALK_IN = "walk_in", _("Walked in")
    SUBSTITUTE = "substitute", _("Comes instead of somebody")


class FormMode(TextChoices):
    """Who may register."""

    PUBLIC = "public", _("Everybody who has the address")
    INVITATION = "invitation", _("Who was invited, by their own link")


class FieldKind(TextChoices):
    """What a question of the registration form is answered with."""

    TEXT = "text", _("A line of text")
    LONG_TEXT = "long_text", _("A longer text")
    CHOICE = "choice", _("One of several")
    CHOICES = "choices", _("Any of several")
    CONSENT = "consent", _("Consent")


class Diet(TextChoices):
    """What the kitchen counts. Anything else is written in words."""

    VEGETARIAN = "vegetarian", _("Vegetarian")
    VEGAN = "vegan", _("Vegan")
    PESCATARIAN = "pescatarian", _("Pescatarian")
    HALAL = "halal", _("Halal")
    KOSHER = "kosher", _("Kosher")
    GLUTEN_FREE = "gluten_free", _("Gluten-free")
    LACTOSE_FREE = "lactose_free", _("Lactose-free")
    NUT_FREE = "nut_free", _("Without nuts")


class AccessNeed(TextChoices):
    """What set-up counts. Anything else is written in words."""

    STEP_FREE = "step_free", _("Step-free way")
    WHEELCHAIR = "wheelchair", _("Place for a wheelchair")
    HEARING = "hearing", _("Induction loop or captions")
    SIGN_LANGUAGE = "sign_language", _("Sign language")
    LARGE_PRINT = "large_print", _("Large print")
    FRONT = "front", _("Seat near the front")
    COMPANION = "companion", _("Comes with an assistant")


class BadgeRole(TextChoices):
    """What a badge calls somebody besides their name."""

    SPEAKER = "speaker", _("Speaker")
    CHAIR = "chair", pgettext_lazy("badge", "Chair")
    STAFF = "staff", pgettext_lazy("badge", "Staff")
    GUEST = "guest", pgettext_lazy("badge", "Guest")


class RollPaper(TextChoices):
    """What a roll is given out as."""

    CSV = "csv", _("CSV")
    XLSX = "xlsx", _("XLSX")
    LIST = "list", pgettext_lazy("paper", "Roll")
    SIGN_IN = "sign_in", _("Sign-in sheet")
    BADGES = "badges", _("Badges, ten to a sheet")
    CARDS = "cards", _("Badges, one to a page")


class ScanKind(TextChoices):
    """A movement at a door."""

    IN = "in", pgettext_lazy("door", "In")
    OUT = "out", pgettext_lazy("door", "Out")
    UNDO = "undo", pgettext_lazy("door", "Taken back")


class ScanOutcome(TextChoices):
    """What a scan came to; rules/check_in.py decides."""

    IN = "in", pgettext_lazy("door", "Checked in")
    ALREADY = "already", pgettext_lazy("door", "Already in")
    OUT = "out", pgettext_lazy("door", "Checked out")
    NOT_IN = "not_in", pgettext_lazy("door", "Was not in")
    UNDONE = "undone", pgettext_lazy("door", "Taken back")
    REFUSED = "refused", pgettext_lazy("door", "Not on the list")  # the seat's state says why
    FULL = "full", pgettext_lazy("door", "No seat free")
    NO_SEAT = "no_seat", pgettext_lazy("door", "Not registered for this")  # but for the event
    ELSEWHERE = "elsewhere", pgettext_lazy("door", "For another event")
    UNKNOWN = "unknown", pgettext_lazy("door", "Unknown code")


class Notice(TextChoices):
    """What somebody on the roll is written to about."""

    INVITED = "invited", _("Invitation")
    CONFIRMED = "confirmed", _("Confirmation")
    HELD = "held", _("Registration received")
    WAITLISTED = "waitlisted", _("On the waitlist")
    OFFERED = "offered", _("A seat has come free")
    LAPSED = "lapsed", _("The offer has lapsed")
    CHANGED = "changed", _("Registration changed")
    CANCELLED = "cancelled", _("Registration cancelled")
    SUBSTITUTED = "substituted", _("Somebody else comes instead")
    LINK = "link", _("Personal link")
    REMINDER = "reminder", _("Reminder")
    MOVED = "moved", _("Event moved")
    CALLED_OFF = "called_off", _("Event called off")
