"""Kinds of equipment, and what stands in which room for good."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Equipment(models.Model):
    """A kind of equipment. Movable pieces are `BookableUnit` rows of this kind at a site."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=80)
    is_movable = models.BooleanField(_("movable"), default=False)

    class Meta:
        ordering = ("name",)
        verbose_name = _("equipment")
        verbose_name_plural = _("equipment")

    def __str__(self) -> str:
        return self.name


class RoomEquipment(models.Model):
    """Fixed equipment of a room, with how many."""

    room = models.ForeignKey("venues.Room", models.CASCADE, related_name="equipment")
    equipment = models.ForeignKey(Equipment, models.PROTECT, related_name="in_rooms")
    quantity = models.PositiveSmallIntegerField(_("quantity"), default=1)

    class Meta:
        verbose_name = _("room equipment")
        verbose_name_plural = _("room equipment")
        constraints = [
            models.UniqueConstraint(fields=["room", "equipment"], name="room_equipment_once"),
            models.CheckConstraint(name="room_equipment_at_least_one", condition=Q(quantity__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.room_id} {self.equipment_id} × {self.quantity}"
