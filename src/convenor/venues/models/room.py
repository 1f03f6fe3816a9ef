"""Rooms, the undivided spaces they are made of, their set-ups and closures."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from convenor.base.no_overlap import ends_after_starts
from convenor.venues.enums import ClosureKind, SetupStyle, UnitKind
from convenor.venues.models.equipment import Equipment
from convenor.venues.models.site import Site


class BookableUnit(models.Model):
    """The smallest thing that can be booked: an undivided space, or one piece of equipment.

    A hall that can be divided covers the spaces of its parts. Whoever books a room claims every
    unit of it, and the database refuses two active claims on one unit at one time: so booking the
    hall takes its parts, and the reverse, without anybody having to check.
    """

    kind = models.CharField(max_length=12, choices=UnitKind)
    site = models.ForeignKey(Site, models.PROTECT, related_name="units")
    equipment = models.ForeignKey(Equipment, models.PROTECT, null=True, blank=True, related_name="units")
    label = models.CharField(_("label"), max_length=80)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("bookable unit")
        verbose_name_plural = _("bookable units")
        constraints = [
            models.CheckConstraint(
                name="unit_equipment_matches_kind",
                condition=Q(kind=UnitKind.EQUIPMENT, equipment__isnull=False)
                | Q(kind=UnitKind.SPACE, equipment__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return self.label


class Room(models.Model):
    site = models.ForeignKey(Site, models.PROTECT, related_name="rooms", verbose_name=_("site"))
    code = models.CharField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=120)
    floor = models.CharField(_("floor"), max_length=20, blank=True)
    part_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts", verbose_name=_("part of")
    )
    units = models.ManyToManyField(BookableUnit, related_name="rooms")
    accessible = models.BooleanField(_("step-free access"), default=True)
    turn_minutes = models.PositiveSmallIntegerField(_("turn minutes"), default=0)
    approval_needed = models.BooleanField(_("needs approval"), default=False)
    # The account, not the person: people stand above venues, and an approver must be able to sign in.
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="rooms_to_approve",
        verbose_name=_("approver"),
    )
    booking_window_days = models.PositiveSmallIntegerField(_("bookable days ahead"), null=True, blank=True)
    longest_minutes = models.PositiveIntegerField(_("longest booking, minutes"), null=True, blank=True)
    hourly_rate = models.DecimalField(_("internal rate per hour"), max_digits=10, decimal_places=2, default=0)
    photo = models.ImageField(_("photo"), upload_to="rooms/", blank=True)
    note = models.TextField(_("note"), blank=True)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        ordering = ("site__name", "floor", "code")
        verbose_name = _("room")
        verbose_name_plural = _("rooms")
        constraints = [
            models.CheckConstraint(
                name="room_approval_names_approver",
                condition=Q(approval_needed=False) | Q(approver__isnull=False),
                violation_error_message=_("A room that needs approval needs an approver."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class RoomSetup(models.Model):
    """Seats in one set-up style; a room without a row for a style can't be set up so."""

    room = models.ForeignKey(Room, models.CASCADE, related_name="setups")
    style = models.CharField(_("set-up style"), max_length=16, choices=SetupStyle)
    capacity = models.PositiveIntegerField(_("capacity"))
    setup_minutes = models.PositiveSmallIntegerField(_("set-up minutes"), default=0)
    teardown_minutes = models.PositiveSmallIntegerField(_("teardown minutes"), default=0)
    is_default = models.BooleanField(_("usual set-up"), default=False)

    class Meta:
        ordering = ("room", "-capacity")
        verbose_name = _("room set-up")
        verbose_name_plural = _("room set-ups")
        constraints = [
            models.UniqueConstraint(fields=["room", "style"], name="one_setup_per_style"),
            models.UniqueConstraint(
                fields=["room"], condition=Q(is_default=True), name="one_usual_setup_per_room"
            ),
            models.CheckConstraint(
                name="setup_seats_somebody",
                condition=Q(capacity__gte=1),
                violation_error_message=_("A set-up must seat at least one person."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.room_id} {self.style}: {self.capacity}"


class Closure(models.Model):
    """A site, a floor of it, or one room out of service from … to."""

    site = models.ForeignKey(Site, models.CASCADE, related_name="closures")
    floor = models.CharField(_("floor"), max_length=20, blank=True)
    room = models.ForeignKey(Room, models.CASCADE, null=True, blank=True, related_name="closures")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    kind = models.CharField(_("kind"), max_length=16, choices=ClosureKind, default=ClosureKind.MAINTENANCE)
    reason = models.CharField(_("reason"), max_length=200)

    class Meta:
        ordering = ("starts_at",)
        verbose_name = _("closure")
        verbose_name_plural = _("closures")
        constraints = [ends_after_starts("closure_ends_after_it_starts")]
        indexes = [models.Index(fields=["site", "ends_at"])]

    def __str__(self) -> str:
        return self.reason
