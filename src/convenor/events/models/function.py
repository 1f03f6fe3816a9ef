"""A function: a timed part of an event, which is a scheduled meeting with all that serves it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from convenor.events.enums import FunctionKind, Service, SpeakerState
from convenor.events.models.event import Event
from convenor.people.models import Person
from convenor.scheduling.models import Occurrence
from convenor.venues.models import Room


class FunctionManager(models.Manager["Function"]):
    """Functions that are part of their event; those that were removed only `every` finds."""

    def get_queryset(self) -> models.QuerySet[Function]:
        return super().get_queryset().filter(removed_at__isnull=True)


class Function(models.Model):
    """Its time, title, rooms, people and set-up style are the occurrence's and its meeting's.

    An occurrence and not a meeting, so that one date of a series can become an event. What is removed stays
    as a row, for the sheets that were issued of it and so that its number isn't given again.
    """

    event = models.ForeignKey(
        Event, models.CASCADE, db_index=False, related_name="functions"
    )  # leads the index of function_number_once
    key = models.SlugField(_("key"), max_length=60)
    number = models.PositiveIntegerField(_("number"))  # of its function sheet; given once, never again
    occurrence = models.OneToOneField(Occurrence, models.PROTECT, related_name="function")
    kind = models.CharField(_("kind"), max_length=12, choices=FunctionKind, default=FunctionKind.SESSION)
    track = models.CharField(_("track"), max_length=60, blank=True)
    host = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="hosted_functions",
        verbose_name=_("host"),
    )
    # Everybody in the event is asked to it, also who joins later
    is_for_all = models.BooleanField(_("for everybody in the event"), default=False)
    is_public = models.BooleanField(_("in the public programme"), default=False)
    abstract = models.TextField(_("abstract"), blank=True)
    catering = models.TextField(_("catering"), blank=True)
    av = models.TextField(_("audio and video"), blank=True)
    security = models.TextField(_("security"), blank=True)
    facility = models.TextField(_("facility"), blank=True)
    staffing = models.TextField(_("staffing"), blank=True)
    notes = models.TextField(_("notes"), blank=True)
    # Of several rooms the one that everybody sits in
    main_room = models.ForeignKey(
        Room, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    # Rooms to be booked again when a postponed event is resumed
    parked_rooms = models.JSONField(default=list, blank=True)
    # What else resuming needs to know: "bookings" that were let go, the meeting's "state", and what it repeated of the event ("running"); empty unless postponed
    parked = models.JSONField(default=dict, blank=True)
    sheet_due = models.BooleanField(_("needs a function sheet"), default=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = FunctionManager()
    every = models.Manager["Function"]()

    class Meta:
        verbose_name = _("function")
        verbose_name_plural = _("functions")
        constraints = [
            models.UniqueConstraint(
                fields=["event", "key"], condition=Q(removed_at__isnull=True), name="function_key_once"
            ),
            models.UniqueConstraint(fields=["event", "number"], name="function_number_once"),
        ]

    def __str__(self) -> str:
        return self.key


class Speaker(models.Model):
    """Who speaks at a function: also a required attendee of its meeting."""

    function = models.ForeignKey(
        Function, models.CASCADE, db_index=False, related_name="speakers"
    )  # leads the index of speaker_once
    person = models.ForeignKey(Person, models.PROTECT, related_name="speaks_at")
    topic = models.CharField(_("topic"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=SpeakerState, default=SpeakerState.ASKED)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "id")
        verbose_name = _("speaker")
        verbose_name_plural = _("speakers")
        constraints = [models.UniqueConstraint(fields=["function", "person"], name="speaker_once")]

    def __str__(self) -> str:
        return f"{self.person_id} at {self.function_id}"


class Cue(models.Model):
    """One line of the run of show. `offset_minutes` counts from the function's start, so that it moves along."""

    function = models.ForeignKey(Function, models.CASCADE, related_name="cues")
    offset_minutes = models.IntegerField(_("minutes after the start"))
    minutes = models.PositiveIntegerField(_("minutes"), default=1)
    what = models.CharField(_("what happens"), max_length=200)
    cue = models.CharField(_("cue"), max_length=200, blank=True)
    owner = models.ForeignKey(
        Person,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("owner"),
    )
    service = models.CharField(_("service"), max_length=10, choices=Service, blank=True)

    class Meta:
        ordering = ("offset_minutes", "id")
        verbose_name = _("line of the run of show")
        verbose_name_plural = _("run of show")

    def __str__(self) -> str:
        return self.what
