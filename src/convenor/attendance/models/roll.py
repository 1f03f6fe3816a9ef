"""A roll: how many may come to an event or to one of its functions, and by which rules; allotments of its seats."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from convenor.attendance.enums import WaitlistRule
from convenor.base.tally import Tally
from convenor.events.models import Event, Function
from convenor.people.models import Department, Organisation


class Roll(models.Model):
    """Of the event as a whole, or of one function.

    `taken` (seats outside of allotments) and `allotted` (the allotments' sizes) are counted by the database (Tally);
    nothing else writes them. `limit` is what the database holds them to: the capacity, or what is taken already
    where the capacity shrank below it, so that a smaller room is a fact that the roll can tell of. `announced` is what
    the seat holders of a function's roll know of its time and place: they are told when it differs.
    """

    event = models.ForeignKey(Event, models.CASCADE, related_name="rolls")
    function = models.OneToOneField(Function, models.CASCADE, null=True, blank=True, related_name="roll")
    version = models.PositiveIntegerField(default=1)
    capacity = models.PositiveIntegerField(_("capacity"), null=True, blank=True)  # null: without a limit
    # The capacity is that of the room in its set-up, and changes with it
    follows_room = models.BooleanField(_("as the room holds"), default=True)
    limit = models.PositiveIntegerField(null=True, blank=True)
    taken = models.PositiveIntegerField(default=0)
    allotted = models.PositiveIntegerField(default=0)
    has_waitlist = models.BooleanField(_("waitlist"), default=True)
    waitlist_rule = models.CharField(
        _("who comes next"), max_length=10, choices=WaitlistRule, default=WaitlistRule.ORDER
    )
    # How long an offered seat is kept; 0: it is given at once, without asking
    offer_hours = models.PositiveSmallIntegerField(_("hours to answer an offer"), default=24)
    rsvp_by = models.DateTimeField(_("answers are due"), null=True, blank=True)
    cancel_free_until = models.DateTimeField(_("cancelling is free until"), null=True, blank=True)
    guarantee_due = models.DateTimeField(_("guaranteed count is due"), null=True, blank=True)
    guaranteed = models.PositiveIntegerField(_("guaranteed count"), null=True, blank=True)
    guaranteed_at = models.DateTimeField(null=True, blank=True)
    # Registrants may choose the function themselves; without meaning for the event's own roll
    is_choosable = models.BooleanField(_("registrants choose it"), default=False)
    # Seats not checked in are let go this long after the start; null: never
    no_show_minutes = models.PositiveSmallIntegerField(
        _("minutes until an empty seat is given up"), null=True, blank=True
    )
    gives_up_room = models.BooleanField(_("give up a room that nobody came to"), default=False)
    announced = models.JSONField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("roll")
        verbose_name_plural = _("rolls")
        constraints = [
            models.UniqueConstraint(
                fields=["event"], condition=Q(function__isnull=True), name="one_roll_of_event"
            ),
            models.CheckConstraint(
                name="never_oversold",
                condition=Q(limit__isnull=True) | Q(limit__gte=F("taken") + F("allotted")),
                violation_error_message=_("There are no seats left."),
                violation_error_code="never_oversold",
            ),
        ]
        indexes = [
            models.Index(
                fields=["guarantee_due"], condition=Q(guaranteed_at__isnull=True), name="roll_guarantee"
            )
        ]

    def __str__(self) -> str:
        return f"{self.event_id}/{self.function_id or ''}"


class Allotment(models.Model):
    """A block of a roll's seats for a department or an organisation. Its size is set apart from the open seats;
    at the release date what isn't taken falls back: its size becomes what is taken.
    """

    roll = models.ForeignKey(Roll, models.CASCADE, db_index=False, related_name="allotments")
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="allotments",
        verbose_name=_("department"),
    )
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="allotments",
        verbose_name=_("organisation"),
    )
    size = models.PositiveIntegerField(_("seats"))
    taken = models.PositiveIntegerField(default=0)
    release_at = models.DateTimeField(_("falls back"), null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("allotment")
        verbose_name_plural = _("allotments")
        constraints = [
            models.UniqueConstraint(
                fields=["roll", "department"],
                condition=Q(department__isnull=False),
                name="allotment_of_department_once",
            ),
            models.UniqueConstraint(
                fields=["roll", "organisation"],
                condition=Q(organisation__isnull=False),
                name="allotment_of_organisation_once",
            ),
            models.CheckConstraint(
                name="allotment_for_one",
                condition=Q(department__isnull=False, organisation__isnull=True)
                | Q(department__isnull=True, organisation__isnull=False),
                violation_error_message=_("An allotment is a department's or an organisation's."),
            ),
            models.CheckConstraint(
                name="allotment_never_oversold",
                condition=Q(size__gte=F("taken")),
                violation_error_message=_("There are no seats left in this allotment."),
                violation_error_code="allotment_never_oversold",
            ),
            Tally(name="roll_allotted", into="roll", count="allotted", weight="size"),
        ]
        indexes = [
            models.Index(fields=["release_at"], condition=Q(released_at__isnull=True), name="allotment_due")
        ]

    def __str__(self) -> str:
        return f"{self.roll_id}: {self.department_id or self.organisation_id}"
