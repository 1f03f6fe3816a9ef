"""A meeting (one-off or series), its occurrences, its attendees and who takes part in which."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from convenor.base.fields import LocalDateTimeField
from convenor.base.no_overlap import ends_after_starts
from convenor.base.zones import validate_zone
from convenor.people.models import Person
from convenor.scheduling.enums import AttendeeRole, MeetingState, OccurrenceState, PartStat, Priority
from convenor.scheduling.models.source import CalendarSource
from convenor.scheduling.models.timed import Timed
from convenor.venues.enums import SetupStyle


class Meeting(models.Model):
    """The master: what RFC 5545 calls the VEVENT without RECURRENCE-ID.

    A one-off meeting is a meeting without a rule and with one occurrence. `version` grows with
    every change (two tabs, a stale drag); `sequence` only as RFC 5546 §2.1.4 says.
    """

    uid = models.CharField(_("UID"), max_length=255, unique=True)
    sequence = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    location = models.CharField(_("place or link"), max_length=500, blank=True)
    organiser = models.ForeignKey(
        Person, models.PROTECT, related_name="organised_meetings", verbose_name=_("organiser")
    )
    state = models.CharField(max_length=10, choices=MeetingState, default=MeetingState.CONFIRMED)
    zone = models.CharField(_("time zone"), max_length=64, validators=[validate_zone])
    local_start = LocalDateTimeField(_("starts"))
    duration_minutes = models.PositiveIntegerField(_("length, minutes"))
    all_day = models.BooleanField(_("all day"), default=False)
    is_private = models.BooleanField(_("private"), default=False)
    shows_as_busy = models.BooleanField(_("shows as busy"), default=True)
    is_movable = models.BooleanField(_("movable"), default=True)
    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority, default=Priority.NORMAL)
    headcount = models.PositiveIntegerField(_("expected headcount"), null=True, blank=True)
    setup_style = models.CharField(_("set-up style"), max_length=16, choices=SetupStyle, blank=True)
    equipment_needed = models.JSONField(_("equipment"), default=dict, blank=True)  # equipment code: quantity
    rrule = models.TextField(_("recurrence rule"), blank=True)
    rdates = models.JSONField(default=list, blank=True)  # local ISO 8601 texts
    exdates = models.JSONField(default=list, blank=True)  # local ISO 8601 texts
    materialised_until = models.DateTimeField(null=True, blank=True)
    split_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="continuations"
    )
    source = models.ForeignKey(
        CalendarSource, models.SET_NULL, null=True, blank=True, related_name="meetings"
    )
    # Of the event as it last came in: importing the same again changes nothing, whatever was changed here since
    source_hash = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        constraints = [
            models.CheckConstraint(
                name="meeting_lasts",
                condition=Q(duration_minutes__gte=1),
                violation_error_message=_("A meeting must end after it starts."),
            ),
        ]
        indexes = [
            models.Index(fields=["materialised_until"], condition=~Q(rrule=""), name="meeting_series_horizon")
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_series(self) -> bool:
        return bool(self.rrule or self.rdates)


class Occurrence(Timed):
    """One time that a meeting takes place.

    `recurrence_id` is the local start that the series gave it, and stays when the occurrence moves.
    """

    meeting = models.ForeignKey(
        Meeting, models.CASCADE, db_index=False, related_name="occurrences"
    )  # leads the index of one_occurrence_per_recurrence_id
    recurrence_id = LocalDateTimeField()
    state = models.CharField(max_length=10, choices=OccurrenceState, default=OccurrenceState.SCHEDULED)
    is_override = models.BooleanField(default=False)
    title = models.CharField(_("title"), max_length=200, blank=True)  # only where it differs

    class Meta:
        verbose_name = _("occurrence")
        verbose_name_plural = _("occurrences")
        ordering = ("starts_at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "recurrence_id"], name="one_occurrence_per_recurrence_id"
            ),
            ends_after_starts("occurrence_ends_after_it_starts"),
        ]
        indexes = [
            models.Index(fields=["starts_at", "ends_at"]),
            models.Index(fields=["ends_at"], condition=Q(is_long=True), name="occurrence_long"),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.recurrence_id}"


class Attendee(models.Model):
    """Who is asked to the meeting as a whole."""

    meeting = models.ForeignKey(
        Meeting, models.CASCADE, db_index=False, related_name="attendees"
    )  # leads the index of attendee_once
    person = models.ForeignKey(Person, models.PROTECT, related_name="attends")
    role = models.CharField(_("role"), max_length=10, choices=AttendeeRole, default=AttendeeRole.REQUIRED)

    class Meta:
        verbose_name = _("attendee")
        verbose_name_plural = _("attendees")
        constraints = [
            models.UniqueConstraint(fields=["meeting", "person"], name="attendee_once"),
            models.UniqueConstraint(
                fields=["meeting"],
                condition=Q(role=AttendeeRole.CHAIR),
                name="one_chair",
                violation_error_message=_("A meeting has one chair."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role}"


class Participation(Timed):
    """One person in one occurrence: their answer, and their busy time.

    The times repeat the occurrence's, so that free/busy of thousands of people is one index read.
    `blocks` is false once declined, cancelled, or when the meeting doesn't show as busy.
    """

    occurrence = models.ForeignKey(
        Occurrence, models.CASCADE, db_index=False, related_name="participations"
    )  # leads the index of participates_once
    person = models.ForeignKey(Person, models.PROTECT, related_name="participations")
    role = models.CharField(max_length=10, choices=AttendeeRole, default=AttendeeRole.REQUIRED)
    partstat = models.CharField(max_length=14, choices=PartStat, default=PartStat.NEEDS_ACTION)
    answered_at = models.DateTimeField(null=True, blank=True)
    comment = models.CharField(_("comment"), max_length=300, blank=True)
    blocks = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        constraints = [
            models.UniqueConstraint(fields=["occurrence", "person"], name="participates_once"),
            ends_after_starts("participation_ends_after_it_starts"),
        ]
        indexes = [
            models.Index(
                fields=["person", "starts_at", "ends_at"], condition=Q(blocks=True), name="participation_busy"
            ),
            models.Index(fields=["ends_at"], condition=Q(is_long=True), name="participation_long"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.occurrence_id}: {self.partstat}"
