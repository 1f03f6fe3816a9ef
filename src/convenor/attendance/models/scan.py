"""What was scanned at the doors, as the devices saw it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from convenor.attendance.enums import ScanKind, SeatState
from convenor.attendance.models.roll import Roll
from convenor.attendance.models.seat import Seat
from convenor.base.append_only import AppendOnly
from convenor.people.models import Person


class Scan(models.Model):
    """`uid` is drawn by the device: the same scan sent again, after the network dropped, is the same row.

    `at` is the device's time, corrected by what its clock was off; `received_at` ours. One that was refused is kept
    too, and doesn't count. `was` is the state that the seat had before this scan checked it in, for who takes it back
    by another scan, which names it in `undoes`.
    """

    uid = models.UUIDField(unique=True)
    roll = models.ForeignKey(Roll, models.PROTECT, related_name="scans")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="scans")
    kind = models.CharField(max_length=4, choices=ScanKind, default=ScanKind.IN)
    undoes = models.UUIDField(null=True, blank=True)
    counts = models.BooleanField(default=True)
    was = models.CharField(max_length=12, choices=SeatState, blank=True)
    at = models.DateTimeField()
    received_at = models.DateTimeField(auto_now_add=True)
    device = models.CharField(_("device"), max_length=40, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("scan")
        verbose_name_plural = _("scans")
        constraints = [
            AppendOnly(name="scans_are_append_only"),
            models.CheckConstraint(
                name="only_an_undo_undoes",
                condition=Q(kind=ScanKind.UNDO, undoes__isnull=False)
                | (~Q(kind=ScanKind.UNDO) & Q(undoes__isnull=True)),
            ),
        ]
        indexes = [models.Index(fields=["roll", "at"], name="scan_of_roll")]

    def __str__(self) -> str:
        return f"{self.seat_id} {self.kind} {self.at}"
