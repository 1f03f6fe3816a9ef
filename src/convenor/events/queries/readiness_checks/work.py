"""What had to be done by now is done: tasks, and the papers for those who work at the event."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, Min, OuterRef
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convenor.events.enums import UNDONE, Level, Service
from convenor.events.models import Sheet, SheetReceipt, Task
from convenor.events.queries.readiness_checks.coming import by_event, coming, is_coming, title
from convenor.events.rules.findings import Finding, Ref

DAY = timedelta(days=1)
Found = Iterator[tuple[int, Finding]]


def tasks_on_time(event_ids: Sequence[int], now: datetime) -> Mapping[int, Sequence[Finding]]:
    """What was due before today, by the event's own calendar. One query."""
    rows = Task.objects.filter(event__among=event_ids, state__in=UNDONE, due_on__lt=now.date() + DAY)
    columns = ("event_id", "event__zone", "pk", "key", "title", "due_on", "owner_id")
    return by_event(
        (event, _overdue(pk, key, name, due, owner))
        for event, zone, pk, key, name, due, owner in rows.order_by("due_on", "pk").values_list(*columns)
        if due < now.astimezone(ZoneInfo(zone)).date()
    )


def _overdue(pk: int, key: str, name: str, due: date, owner: int | None) -> Finding:
    sentence = _("“%(task)s” was due on %(day)s.") % {"task": name, "day": date_format(due, "DATE_FORMAT")}
    return Finding(Level.BLOCKING, sentence, key, Ref("task", pk, name), owner_id=owner)


def sheets_out(event_ids: Sequence[int], now: datetime) -> Mapping[int, Sequence[Finding]]:
    """Every function that needs a sheet has one, and whoever was told of it has said so. Two queries."""
    return by_event([*_unissued(event_ids, now), *_unread(event_ids, now)])


def _unissued(event_ids: Sequence[int], now: datetime) -> Found:
    issued = Sheet.objects.filter(function=OuterRef("pk"))
    rows = coming(event_ids, now).filter(~Exists(issued), sheet_due=True).order_by()
    for event, count, name in rows.values_list("event_id").annotate(many=Count("pk"), first=Min(title())):
        if count == 1:
            sentence = _("The function sheet of “%(function)s” isn't issued yet.") % {"function": name}
        else:
            sentence = ngettext(
                "%(count)d function sheet isn't issued yet.",
                "%(count)d function sheets aren't issued yet.",
                count,
            ) % {"count": count}
        evidence = Ref("event.sheets", event)
        yield event, Finding(Level.ATTENTION, sentence, "unissued", evidence, once_late=Level.BLOCKING)


def _unread(event_ids: Sequence[int], now: datetime) -> Found:
    """By the newest sheet that somebody was told of for their part: it takes the place of those before it."""
    later = SheetReceipt.objects.filter(
        sheet__function=OuterRef("sheet__function"),
        service=OuterRef("service"),
        person=OuterRef("person"),
        sheet__revision__gt=OuterRef("sheet__revision"),
    )
    rows = SheetReceipt.objects.filter(
        ~Exists(later),
        acknowledged_at__isnull=True,
        **is_coming(event_ids, now, function="sheet__function__"),
    ).order_by("sheet__function__event_id", "service", "person_id")
    columns = ("sheet__function__event_id", "service", "person_id", "person__name")
    for event, service, person, who, count in rows.values_list(*columns).annotate(Count("pk")):
        sentence = ngettext(
            "%(person)s (%(service)s) hasn't acknowledged %(count)d function sheet yet.",
            "%(person)s (%(service)s) hasn't acknowledged %(count)d function sheets yet.",
            count,
        )
        words = {"person": who, "service": Service(service).label, "count": count}
        subject, evidence = f"{service}:{person}", Ref("event.sheets", event)
        finding = Finding(Level.ATTENTION, sentence % words, subject, evidence, once_late=Level.BLOCKING)
        yield event, finding
