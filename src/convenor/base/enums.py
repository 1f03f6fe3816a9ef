"""The foundation's closed vocabularies."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What a user may do at all; a delegate is no role but a relation to a principal (Scope)."""

    ADMINISTRATOR = "administrator", _("Administrator")
    COORDINATOR = "coordinator", _("Coordinator")
    ORGANISER = "organiser", _("Organiser")
    VIEWER = "viewer", _("Viewer")


class Scope(TextChoices):
    """What a delegate may do in the principal's name; each includes the one before it."""

    SEE = "see", _("See")
    PROPOSE = "propose", _("Propose")
    ACT = "act", _("Act")

    @property
    def rank(self) -> int:
        return list(Scope).index(self)

    def includes(self, other: "Scope") -> bool:
        return self.rank >= other.rank


class Theme(TextChoices):
    SYSTEM = "system", _("As the system")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class WorkState(TextChoices):
    """Where a job or an outgoing message stands."""

    READY = "ready", _("Waiting")
    LEASED = "leased", _("In progress")
    DONE = "done", _("Done")
    KEPT = "kept", _("Kept, nowhere to send it")
    DEAD = "dead", _("Given up")
    CANCELLED = "cancelled", _("Cancelled")


class Verdict(TextChoices):
    """What became of a mail that came in."""

    APPLIED = "applied", _("Applied")
    LISTED = "listed", _("To be looked at")
    IGNORED = "ignored", _("Ignored")
    REFUSED = "refused", _("Refused")
    BOUNCE = "bounce", _("Bounce")
