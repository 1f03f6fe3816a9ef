"""An event: the dossier's cover, who takes part in it, who works for it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from convenor.base.zones import validate_zone
from convenor.events.enums import Confidentiality, EventState, PartyRole, Service
from convenor.events.models.event_class import ClassVersion
from convenor.people.models import Department, Organisation, Person
from convenor.scheduling.enums import Priority
from convenor.venues.models import Site


class Event(models.Model):
    """`key` names it in plan files. Only an enquiry may be without dates; a postponed event keeps its old ones.

    Instants are UTC; `zone` is the event's own, in which its functions and working days are reckoned.
    `version` grows with every change (two tabs).
    """

    key = models.SlugField(_("key"), max_length=80, unique=True)
    version = models.PositiveIntegerField(default=1)
    title = models.CharField(_("title"), max_length=200)
    class_version = models.ForeignKey(
        ClassVersion, models.PROTECT, related_name="events", verbose_name=_("event class")
    )
    state = models.CharField(_("state"), max_length=12, choices=EventState, default=EventState.ENQUIRY)
    # Where it goes back to once it is resumed; only of a postponed event
    resumes_to = models.CharField(max_length=12, choices=EventState, blank=True)
    state_reason = models.CharField(_("reason"), max_length=300, blank=True)
    sponsor = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="sponsored_events",
        verbose_name=_("sponsor"),
    )
    owner = models.ForeignKey(
        Person, models.PROTECT, related_name="owned_events", verbose_name=_("coordinator")
    )
    budget_holder = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="budgeted_events",
        verbose_name=_("budget holder"),
    )
    host_department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="hosted_events",
        verbose_name=_("host department"),
    )
    departments = models.ManyToManyField(
        Department, blank=True, related_name="events", verbose_name=_("participating departments")
    )
    organisations = models.ManyToManyField(
        Organisation, blank=True, related_name="events", verbose_name=_("external organisations")
    )
    site = models.ForeignKey(
        Site, models.PROTECT, null=True, blank=True, related_name="events", verbose_name=_("site")
    )
    confidentiality = models.PositiveSmallIntegerField(
        _("confidentiality"), choices=Confidentiality, default=Confidentiality.INTERNAL
    )
    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority, default=Priority.NORMAL)
    zone = models.CharField(_("time zone"), max_length=64, validators=[validate_zone])
    load_in_at = models.DateTimeField(_("load-in"), null=True, blank=True)
    starts_at = models.DateTimeField(_("starts"), null=True, blank=True)
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    load_out_at = models.DateTimeField(_("load-out"), null=True, blank=True)
    expected_count = models.PositiveIntegerField(_("expected count"), null=True, blank=True)
    guaranteed_count = models.PositiveIntegerField(_("guaranteed count"), null=True, blank=True)
    actual_count = models.PositiveIntegerField(_("actual count"), null=True, blank=True)
    objectives = models.TextField(_("objectives"), blank=True)
    notes = models.TextField(_("notes"), blank=True)
    # The part of the public programme's address that can't be guessed; empty: not published
    public_token = models.CharField(max_length=43, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints = [
            models.CheckConstraint(
                name="event_dates_unless_enquiry",
                condition=Q(starts_at__isnull=False, ends_at__isnull=False)
                | Q(
                    state__in=(EventState.ENQUIRY, EventState.CANCELLED),
                    starts_at__isnull=True,
                    ends_at__isnull=True,
                ),
                violation_error_message=_("Only an enquiry may be without a start and an end."),
            ),
            models.CheckConstraint(
                name="event_dates_in_order",
                condition=(Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")))
                & (Q(load_in_at__isnull=True) | Q(load_in_at__lte=F("starts_at")))
                & (Q(load_out_at__isnull=True) | Q(load_out_at__gte=F("ends_at"))),
                violation_error_message=_("Load-in, start, end and load-out must follow one another."),
            ),
            models.UniqueConstraint(
                fields=["public_token"], condition=~Q(public_token=""), name="public_token_once"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "starts_at"]),
            models.Index(fields=["starts_at"]),
        ]

    def __str__(self) -> str:
        return self.title


class Party(models.Model):
    """Somebody who takes part in the event as a whole; from outside with what reception must know."""

    event = models.ForeignKey(
        Event, models.CASCADE, db_index=False, related_name="parties"
    )  # leads the index of party_once
    person = models.ForeignKey(Person, models.PROTECT, related_name="parties")
    role = models.CharField(_("role"), max_length=12, choices=PartyRole, default=PartyRole.PARTICIPANT)
    # 1 sits first; who has none comes after, by seniority and name
    precedence = models.PositiveSmallIntegerField(_("precedence"), null=True, blank=True)
    host = models.ForeignKey(
        Person,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("host"),
    )
    arrives_at = models.DateTimeField(_("arrives"), null=True, blank=True)
    needs_badge = models.BooleanField(_("needs a badge"), default=False)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("takes part", "party")
        verbose_name_plural = pgettext_lazy("takes part", "parties")
        constraints = [
            models.UniqueConstraint(fields=["event", "person"], name="party_once"),
            models.UniqueConstraint(
                fields=["event"],
                condition=Q(role=PartyRole.CHAIR),
                name="one_chair_of_event",
                violation_error_message=_("An event has one chair."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.event_id}: {self.role}"


class Contact(models.Model):
    """Who answers for a service at an event: the caterer, AV, security, facility, staffing."""

    event = models.ForeignKey(
        Event, models.CASCADE, db_index=False, related_name="contacts"
    )  # leads the index of contact_once
    service = models.CharField(_("service"), max_length=10, choices=Service)
    person = models.ForeignKey(Person, models.PROTECT, related_name="contact_of", verbose_name=_("person"))

    class Meta:
        ordering = ("service", "id")
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        constraints = [
            models.UniqueConstraint(fields=["event", "service", "person"], name="contact_once"),
        ]

    def __str__(self) -> str:
        return f"{self.service}: {self.person_id}"
