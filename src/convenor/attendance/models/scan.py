"""What was scanned at the doors, as the devices saw it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from convenor.attendance.enums import ScanKind
from convenor.attendance.models.roll import Roll
from convenor.attendance.models.seat import Seat
from convenor.base.append_only import AppendOnly
from convenor.people.models import Person


class Scan(models.Model):
    """`uid` is drawn by the device: the same scan sent again, after the network dropped, is the same row.

    `at` is the device's time, corrected by what its clock was off; `received_at` ours.
    """

    uid = models.UUIDField(unique=True)
    roll = models.ForeignKey(Roll, models.PROTECT, related_name="scans")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="scans")
    kind = models.CharField(max_length=3, choices=ScanKind, default=ScanKind.IN)
    at = models.DateTimeField()
    received_at = models.DateTimeField(auto_now_add=True)
    device = models.CharField(_("device"), max_length=40, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("scan")
        verbose_name_plural = _("scans")
        constraints = [AppendOnly(name="scans_are_append_only")]
        indexes = [models.Index(fields=["roll", "at"], name="scan_of_roll")]

    def __str__(self) -> str:
        return f"{self.seat_id} {self.kind} {self.at}"
