"""The one condition for "shares time with a window", and how it keeps to the index."""

from datetime import UTC, datetime, timedelta
from typing import TypeVar

from django.db.models import DateTimeField, F, Model, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Least

from convenor.kernel.instants import Span, datetime_of

DAY = timedelta(days=1)
M = TypeVar("M", bound=Model)
# Values for a Prepared query with an in_window: the window, and what in_window derives from it.
EXAMPLE = {
    "starts_at": datetime(2001, 1, 2, tzinfo=UTC),
    "ends_at": datetime(2001, 1, 3, tzinfo=UTC),
    "day_before": datetime(2001, 1, 1, tzinfo=UTC),
}


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


def overlapping(
    rows: QuerySet[M], span: Span, *, start: str = "starts_at", end: str = "ends_at"
) -> QuerySet[M]:
    """`rows.filter(in_window(span))` for large reads: one index range with both ends known.

    The planners don't take the lower end out of in_window's two branches. Here it is one value, found
    first: the earliest start of a long row that reaches into the window, or the day before it.
    """
    begins, finishes = datetime_of(span.start), datetime_of(span.end)
    meets = Q(**{f"{start}__lt": finishes, f"{end}__gt": begins})
    # Over an expression of the start, so that SQLite takes the small index of long rows and no other
    late = Coalesce(F(start), F(end))
    reaching = rows.model._default_manager.filter(is_long=True, **{f"{end}__gt": begins})
    longs = reaching.annotate(late=late).filter(late__lt=finishes).order_by("late").values("late")[:1]
    day_before = Value(begins - DAY, output_field=DateTimeField())
    earliest = Coalesce(Least(Subquery(longs), day_before), day_before)
    return rows.filter(meets, **{f"{start}__gte": earliest})
