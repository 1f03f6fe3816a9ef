"""Limits that hold across processes and servers: how often something was done within a window, counted in the database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import connection
from django.utils.crypto import salted_hmac

from convenor.base.models import RateCount

KEPT = timedelta(days=2)
# What is over its limit isn't counted further: ten thousand attempts write as often as the limit allows.
COUNT = (
    'INSERT INTO base_ratecount ("key", "window", "count") VALUES (%s, %s, 1) '
    'ON CONFLICT ("key", "window") DO UPDATE SET "count" = base_ratecount."count" + 1 '
    'WHERE base_ratecount."count" < %s RETURNING "count"'
)


def allowed(key: str, limit: int, window: timedelta, now: datetime) -> bool:
    """Count one more, and say whether it is within the limit. Call it outside of the action that it guards.

    Windows follow one another, each as long as `window`: at most twice the limit passes in any stretch of that length.
    Whoever reads the table learns nobody's address from it: `key` is kept as a keyed digest. 1 statement.
    """
    digest = salted_hmac("convenor.base.rates", key, algorithm="sha256").hexdigest()
    start = datetime.fromtimestamp(now.timestamp() // window.total_seconds() * window.total_seconds(), UTC)
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [digest, connection.ops.adapt_datetimefield_value(start), limit])
        return cursor.fetchone() is not None


def sweep(now: datetime) -> int:
    """Forget windows that are long past; how many."""
    return RateCount.objects.filter(window__lt=now - KEPT).delete()[0]
