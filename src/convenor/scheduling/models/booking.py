"""Bookings of rooms and movable equipment, and the claims that make double-booking impossible."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from convenor.base.no_overlap import NoOverlap, ends_after_starts
from convenor.people.models import Person
from convenor.scheduling.enums import BookingState
from convenor.scheduling.models.meeting import Occurrence
from convenor.scheduling.models.timed import Timed
from convenor.venues.enums import SetupStyle
from convenor.venues.models import BookableUnit, Equipment, Room


class Booking(Timed):
    """A room, or a number of pieces of one kind of equipment, for one occurrence.

    `starts_at`/`ends_at` is the event time; `reserved_*` adds set-up, teardown and room turn. The
    window queries and `is_long` go by the reserved time.
    """

    occurrence = models.ForeignKey(Occurrence, models.CASCADE, related_name="bookings")
    room = models.ForeignKey(Room, models.PROTECT, null=True, blank=True, related_name="bookings")
    equipment = models.ForeignKey(Equipment, models.PROTECT, null=True, blank=True, related_name="bookings")
    quantity = models.PositiveSmallIntegerField(_("quantity"), default=1)
    reserved_start = models.DateTimeField()
    reserved_end = models.DateTimeField()
    state = models.CharField(max_length=10, choices=BookingState, default=BookingState.CONFIRMED)
    hold_expires_at = models.DateTimeField(_("hold expires"), null=True, blank=True)
    setup_style = models.CharField(_("set-up style"), max_length=16, choices=SetupStyle, blank=True)
    # No index of their own: nobody asks what a person booked, and people in meetings are never deleted.
    booked_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, db_index=False, related_name="+"
    )
    decided_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, db_index=False, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("booking")
        verbose_name_plural = _("bookings")
        constraints = [
            models.CheckConstraint(
                name="booking_of_room_or_equipment",
                condition=Q(room__isnull=False, equipment__isnull=True)
                | Q(room__isnull=True, equipment__isnull=False),
            ),
            ends_after_starts("booking_ends_after_it_starts"),
            models.CheckConstraint(
                name="booking_reserves_its_event_time",
                condition=Q(reserved_start__lte=F("starts_at"), reserved_end__gte=F("ends_at")),
            ),
            models.CheckConstraint(
                name="held_booking_expires",
                condition=~Q(state=BookingState.HELD) | Q(hold_expires_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["reserved_start", "room"],
                condition=~Q(state=BookingState.RELEASED),
                name="booking_active_from",
            ),
            models.Index(
                fields=["room", "reserved_start"],
                condition=~Q(state=BookingState.RELEASED),
                name="booking_active_of_room",
            ),
            models.Index(fields=["reserved_end"], condition=Q(is_long=True), name="booking_long"),
            models.Index(
                fields=["hold_expires_at"], condition=Q(state=BookingState.HELD), name="booking_holds"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.room_id or self.equipment_id} {self.reserved_start:%Y-%m-%d %H:%M} ({self.state})"


class Claim(Timed):
    """One bookable unit for the reserved time. The database refuses two active ones that overlap."""

    booking = models.ForeignKey(Booking, models.CASCADE, related_name="claims")
    # Its index is the one of active claims: a plain one would lead readers through all of history.
    unit = models.ForeignKey(BookableUnit, models.PROTECT, db_index=False, related_name="claims")
    is_active = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        indexes = [
            models.Index(
                fields=["unit", "starts_at"], condition=Q(is_active=True), name="claim_active_of_unit"
            ),
            models.Index(fields=["ends_at"], condition=Q(is_long=True), name="claim_long"),
        ]
        constraints = [
            ends_after_starts("claim_ends_after_it_starts"),
            NoOverlap(
                name="no_double_booking",
                key=("unit",),
                condition=Q(is_active=True),
                violation_error_message=_("This is already booked at that time."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.starts_at:%Y-%m-%d %H:%M}"
