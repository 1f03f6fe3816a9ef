"""What every row with a start and an end shares."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Timed(models.Model):
    """Half-open [starts_at, ends_at), UTC.

    `is_long` marks the few rows that last over a day: a query for a window then reads the index
    range that begins one day before it, plus the long rows, and its cost never grows with history
    (scheduling/queries/windows.py). Each model keeps an index of its long rows by their end, and of
    nothing else in it, so that both planners find it.
    """

    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    is_long = models.BooleanField(default=False, editable=False)

    class Meta:
        abstract = True
