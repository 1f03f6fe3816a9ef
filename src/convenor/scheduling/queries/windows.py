"""The one condition for "shares time with a window", and how it keeps to the index."""

from datetime import timedelta

from django.db.models import Q

from convenor.kernel.instants import Span, datetime_of

DAY = timedelta(days=1)


def in_window(span: Span, *, start: str = "starts_at", end: str = "ends_at", prefix: str = "") -> Q:
    """Rows whose half-open `[start, end)` shares time with the span (models/timed.py).

    A row that isn't long lasts a day at most, so one that reaches into the window starts after the
    day before it: that branch is one range of the index on `start`. The few long rows come from
    their own index. `prefix` leads to the row, as in `occurrence__`.
    """
    begins, finishes = datetime_of(span.start), datetime_of(span.end)
    start, end, is_long = f"{prefix}{start}", f"{prefix}{end}", f"{prefix}is_long"
    meets = Q(**{f"{start}__lt": finishes, f"{end}__gt": begins})
    return Q(**{f"{start}__gt": begins - DAY}) & meets | Q(**{is_long: True}) & meets
