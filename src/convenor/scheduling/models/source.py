"""Calendars that come in (imported, subscribed) and go out (feeds)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from convenor.base.no_overlap import ends_after_starts
from convenor.people.models import Department, Person
from convenor.scheduling.enums import SourceState
from convenor.scheduling.models.timed import Timed
from convenor.venues.models import Room


class CalendarSource(models.Model):
    """An .ics file or address that was brought in.

    With a `person` it is that person's own calendar and counts only as their busy time; without,
    its events are the company's meetings.
    """

    name = models.CharField(_("name"), max_length=200)
    person = models.ForeignKey(
        Person, models.CASCADE, null=True, blank=True, related_name="calendars", verbose_name=_("person")
    )
    url = models.URLField(_("address"), max_length=2000, blank=True)
    zone = models.CharField(_("time zone where none is given"), max_length=64, blank=True)
    etag = models.CharField(max_length=500, blank=True)
    last_modified = models.CharField(max_length=100, blank=True)
    content_hash = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=12, choices=SourceState, default=SourceState.NEVER_READ)
    last_error = models.TextField(blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    next_read_at = models.DateTimeField(null=True, blank=True)
    refresh_minutes = models.PositiveIntegerField(_("refresh every, minutes"), default=60)

    class Meta:
        ordering = ("name",)
        verbose_name = _("calendar")
        verbose_name_plural = _("calendars")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "url"],
                condition=~Q(url=""),
                name="subscribed_once",
                violation_error_message=_("This calendar is already subscribed."),
            )
        ]
        indexes = [models.Index(fields=["next_read_at"])]

    def __str__(self) -> str:
        return self.name


class ExternalBusy(Timed):
    """Busy time out of a person's own calendar; the title is for that person's eyes alone."""

    source = models.ForeignKey(CalendarSource, models.CASCADE, related_name="busy_times")
    person = models.ForeignKey(Person, models.CASCADE, related_name="external_busy")
    uid = models.CharField(max_length=255)
    title = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("busy time from another calendar")
        verbose_name_plural = _("busy times from other calendars")
        constraints = [
            models.UniqueConstraint(fields=["source", "uid", "starts_at"], name="external_busy_once"),
            ends_after_starts("external_busy_ends_after_it_starts"),
        ]
        indexes = [
            models.Index(fields=["person", "starts_at", "ends_at"]),
            models.Index(fields=["ends_at"], condition=Q(is_long=True), name="external_busy_long"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.starts_at:%Y-%m-%d %H:%M}"


class Feed(models.Model):
    """A secret address at which one person's, room's or department's calendar can be read.

    The secret is signed from the row and `nonce`; a new nonce ends the old address.
    """

    owner = models.ForeignKey(Person, models.CASCADE, related_name="feeds")
    person = models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="+")
    room = models.ForeignKey(Room, models.CASCADE, null=True, blank=True, related_name="+")
    department = models.ForeignKey(Department, models.CASCADE, null=True, blank=True, related_name="+")
    nonce = models.CharField(max_length=32, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at",)
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")
        constraints = [
            models.CheckConstraint(
                name="feed_of_one_thing",
                condition=Q(person__isnull=False, room__isnull=True, department__isnull=True)
                | Q(person__isnull=True, room__isnull=False, department__isnull=True)
                | Q(person__isnull=True, room__isnull=True, department__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"feed {self.pk}"
