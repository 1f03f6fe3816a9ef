"""A seat: one registration on one roll."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from convenor.attendance.enums import TAKING, SeatState
from convenor.attendance.models.registration import Registration
from convenor.attendance.models.roll import Allotment, Roll
from convenor.base.tally import Tally


class Seat(models.Model):
    """One row for ever: who cancels and comes again gets the same row; the audit log has what was.

    A seat of an allotment counts there, any other on the roll. `waitlisted_at` orders the waitlist, by key among equals.
    `asked_at` is set while the event's list, or the function's meeting, asks them: taken off it, they lose the seat.
    """

    roll = models.ForeignKey(
        Roll, models.CASCADE, db_index=False, related_name="seats"
    )  # leads the indexes below
    registration = models.ForeignKey(Registration, models.CASCADE, related_name="seats")
    allotment = models.ForeignKey(
        Allotment, models.PROTECT, null=True, blank=True, related_name="seats", verbose_name=_("allotment")
    )
    state = models.CharField(_("state"), max_length=12, choices=SeatState)
    asked_at = models.DateTimeField(null=True, blank=True)
    # The seat that this one is taken instead of, by name
    substitutes = models.OneToOneField(
        "self", models.SET_NULL, null=True, blank=True, related_name="substitute"
    )
    invited_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    waitlisted_at = models.DateTimeField(null=True, blank=True)
    offered_at = models.DateTimeField(null=True, blank=True)
    offer_expires_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)  # cancelled, declined, substituted, given up
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    checked_in_at = models.DateTimeField(null=True, blank=True)
    checked_out_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        constraints = [
            models.UniqueConstraint(fields=["roll", "registration"], name="one_seat_each"),
            models.CheckConstraint(
                name="offer_has_an_end",
                condition=Q(state=SeatState.OFFERED, offer_expires_at__isnull=False)
                | (~Q(state=SeatState.OFFERED) & Q(offer_expires_at__isnull=True)),
            ),
            Tally(
                name="roll_taken",
                into="roll",
                count="taken",
                condition=Q(state__in=TAKING, allotment__isnull=True),
            ),
            Tally(name="allotment_taken", into="allotment", count="taken", condition=Q(state__in=TAKING)),
        ]
        indexes = [
            models.Index(fields=["roll", "state", "waitlisted_at"], name="seat_waitlist"),
            models.Index(
                fields=["offer_expires_at"], condition=Q(state=SeatState.OFFERED), name="seat_offer_ends"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.registration_id} on {self.roll_id}: {self.state}"
