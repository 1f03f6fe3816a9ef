"""What attendees were told of meetings, and what they proposed instead (RFC 5546)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from convenor.base.no_overlap import ends_after_starts
from convenor.people.models import Person
from convenor.scheduling.enums import CounterState
from convenor.scheduling.models.meeting import Meeting, Occurrence


class Told(models.Model):
    """What a person's calendar was last told of a meeting, so that only what differs is sent, and once.

    `parts` has a digest by recurrence id in ISO 8601, "" for the meeting or the series itself.
    """

    meeting = models.ForeignKey(
        Meeting, models.CASCADE, db_index=False, related_name="told"
    )  # leads the index of told_once
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    sequence = models.PositiveIntegerField(default=0)
    parts = models.JSONField(default=dict)
    is_cancelled = models.BooleanField(default=False)
    told_at = models.DateTimeField()

    class Meta:
        verbose_name = _("invitation sent")
        verbose_name_plural = _("invitations sent")
        constraints = [models.UniqueConstraint(fields=["meeting", "person"], name="told_once")]

    def __str__(self) -> str:
        return f"{self.person_id} of {self.meeting_id}"


class CounterProposal(models.Model):
    """Another time that an attendee proposes for an occurrence (METHOD:COUNTER, RFC 5546 §3.2.7).

    `instead_of_start` and `instead_of_end` are its times when it was proposed: once they change, the proposal is stale.
    """

    occurrence = models.ForeignKey(Occurrence, models.CASCADE, db_index=False, related_name="counters")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("person"))
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    instead_of_start = models.DateTimeField()
    instead_of_end = models.DateTimeField()
    comment = models.CharField(_("comment"), max_length=300, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=CounterState, default=CounterState.OPEN)
    received_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("counter-proposal")
        verbose_name_plural = _("counter-proposals")
        constraints = [
            # A newer one takes the place of the one that waits
            models.UniqueConstraint(
                fields=["occurrence", "person"],
                condition=Q(state=CounterState.OPEN),
                name="one_open_counter_each",
            ),
            ends_after_starts("counter_ends_after_it_starts"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.starts_at}"
