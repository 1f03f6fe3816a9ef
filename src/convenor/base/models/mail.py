"""Mail that came in, addresses that mail doesn't reach, and how often a stranger did something."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from convenor.base import clock
from convenor.base.enums import Verdict
from convenor.base.fields import EmailAddressField


class ReceivedMail(models.Model):
    """A message that came in and what became of it. `digest` is of its whole content: the same mail twice is one row.

    `facts` is what the reason's sentence needs (UID, addresses, dates), never the mail itself.
    """

    digest = models.CharField(max_length=64, unique=True)
    message_id = models.CharField(_("message id"), max_length=300, blank=True)
    sender = models.CharField(_("from"), max_length=320, blank=True)
    subject = models.CharField(_("subject"), max_length=300, blank=True)
    size = models.PositiveIntegerField(_("bytes"), default=0)
    verdict = models.CharField(_("what became of it"), max_length=10, choices=Verdict)
    reason = models.CharField(_("reason"), max_length=40, blank=True)  # a code, put into words by interop
    facts = models.JSONField(default=dict, blank=True)
    received_at = models.DateTimeField(_("received"), default=clock.now)

    class Meta:
        verbose_name = _("received mail")
        verbose_name_plural = _("received mail")
        ordering = ["-id"]
        indexes = [models.Index(fields=["received_at"], name="received_mail_at")]

    def __str__(self) -> str:
        return self.subject


class AddressTrouble(models.Model):
    """An address that a mail server said can't be reached. Mail that arrives, or a new address, takes it away."""

    address = EmailAddressField(_("e-mail"), max_length=254, unique=True)
    reason = models.CharField(_("reason"), max_length=500)
    count = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField(default=clock.now)
    last_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("address that mail doesn't reach")
        verbose_name_plural = _("addresses that mail doesn't reach")

    def __str__(self) -> str:
        return str(self.address)


class RateCount(models.Model):
    """How often something was done within a window, for limits that hold across processes. `key` is a digest."""

    key = models.CharField(max_length=64)
    window = models.DateTimeField()
    count = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "window"], name="rate_counted_once")]
        indexes = [models.Index(fields=["window"], name="rate_window")]

    def __str__(self) -> str:
        return f"{self.key} {self.window}"
