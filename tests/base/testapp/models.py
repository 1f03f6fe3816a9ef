"""Bookings as bare as NoOverlap allows."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from convenor.base.no_overlap import NoOverlap, ends_after_starts


class Slot(models.Model):
    unit = models.IntegerField()
    part = models.IntegerField(default=0)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    active = models.BooleanField(default=True)
    note = models.CharField(max_length=40, blank=True)

    objects: ClassVar[models.Manager["Slot"]] = models.Manager()  # outside mypy's INSTALLED_APPS

    class Meta:
        constraints = [
            ends_after_starts("slot_ends_after_starts"),
            NoOverlap(name="slot_no_overlap", key=("unit", "part"), condition=Q(active=True)),
        ]


class Stay(models.Model):
    """Whole days, without a condition."""

    room = models.BigIntegerField()
    first_day = models.DateField()
    last_day = models.DateField()

    objects: ClassVar[models.Manager["Stay"]] = models.Manager()  # outside mypy's INSTALLED_APPS

    class Meta:
        constraints = [
            ends_after_starts("stay_ends_after_starts", "first_day", "last_day"),
            NoOverlap(name="stay_no_overlap", key=("room",), start="first_day", end="last_day"),
        ]
