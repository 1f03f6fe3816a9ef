"""What part of the schedule is looked at, read from the address and written back into it."""

from __future__ import annotations

import calendar
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from convenor.kernel.instants import LocalTime, Span, ZoneName, to_instant

VIEWS = ("day", "week", "month", "list", "rooms", "people")
TIMELINES = frozenset({"rooms", "people"})
SPANS = ("day", "week")
MOST_DAYS = 45  # a month's page with its margins
MOST_PICKED = 200


@dataclass(frozen=True, slots=True)
class Picked:
    """Whose schedule: keys of people, rooms, sites; everybody's; or, with nothing picked, one's own."""

    people: tuple[int, ...] = ()
    rooms: tuple[int, ...] = ()
    site: int | None = None
    department: int | None = None
    everybody: bool = False

    def as_parameters(self) -> list[tuple[str, str]]:
        pairs = [("person", str(key)) for key in self.people] + [("room", str(key)) for key in self.rooms]
        pairs += [("site", str(self.site))] if self.site else []
        pairs += [("department", str(self.department))] if self.department else []
        return pairs + ([("who", "all")] if self.everybody else [])


@dataclass(frozen=True, slots=True)
class Look:
    view: str
    span: str
    day: date
    picked: Picked

    @property
    def days(self) -> tuple[date, date]:
        """First day, and the day after the last."""
        if self.view == "day" or (self.view in TIMELINES and self.span == "day"):
            return self.day, self.day + timedelta(days=1)
        monday = self.day - timedelta(days=self.day.weekday())
        if self.view in TIMELINES:
            return monday, monday + timedelta(days=5)
        if self.view == "month":
            return self._month()
        return monday, monday + timedelta(days=7)

    def _month(self) -> tuple[date, date]:
        first = self.day.replace(day=1)
        last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
        return first - timedelta(days=first.weekday()), last + timedelta(days=7 - last.weekday())

    def stepped(self, direction: int) -> Look:
        """The same view one step earlier (−1) or later (+1)."""
        if self.view == "month":
            middle = self.day.replace(day=15) + timedelta(days=30 * direction)
            return replace(self, day=middle.replace(day=1))
        first, after = self.days
        length = 7 if (after - first).days > 1 else 1
        return replace(self, day=self.day + timedelta(days=length * direction))

    def href(self, path: str) -> str:
        query = QueryDict(mutable=True)
        query["view"], query["date"] = self.view, self.day.isoformat()
        if self.view in TIMELINES:
            query["span"] = self.span
        for name, value in self.picked.as_parameters():
            query.appendlist(name, value)
        return f"{path}?{query.urlencode()}"


def look_from(query: QueryDict, *, today: date) -> Look:
    """What the page's address asks for. Raises ValidationError saying which part can't be read."""
    return Look(
        view=_one_of(query, "view", VIEWS, "week"),
        span=_one_of(query, "span", SPANS, "day"),
        day=_day(query.get("date"), "date") if query.get("date") else today,
        picked=picked_from(query),
    )


def picked_from(query: QueryDict) -> Picked:
    return Picked(
        people=_keys(query, "person"),
        rooms=_keys(query, "room"),
        site=next(iter(_keys(query, "site")), None),
        department=next(iter(_keys(query, "department")), None),
        everybody=query.get("who") == "all",
    )


def span_from(query: QueryDict, zone: ZoneName) -> Span:
    """The days `from` until before `to`, in the zone. Raises ValidationError."""
    first, after = _day(query.get("from"), "from"), _day(query.get("to"), "to")
    if not timedelta(0) < after - first <= timedelta(days=MOST_DAYS):
        raise ValidationError(
            {"to": _("Ask for at least one day and at most %(most)d.") % {"most": MOST_DAYS}}
        )
    return span_of_days(first, after, zone)


def span_of_days(first: date, after: date, zone: ZoneName) -> Span:
    return Span(to_instant(_midnight(first), zone), to_instant(_midnight(after), zone))


def _midnight(day: date) -> LocalTime:
    return LocalTime(datetime(day.year, day.month, day.day))  # noqa: DTZ001 - wall-clock time, its zone stands beside it


def _day(text: str | None, name: str) -> date:
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        raise ValidationError(
            {name: _("“%(text)s” is not a day; write it like 2026-12-07.") % {"text": text or ""}}
        ) from None
    if not 1970 <= day.year <= 2099:
        raise ValidationError({name: _("The schedule covers the years 1970 to 2099.")})
    return day


def _one_of(query: QueryDict, name: str, choices: tuple[str, ...], default: str) -> str:
    value = query.get(name, default)
    if value not in choices:
        raise ValidationError(
            {
                name: _("“%(value)s” is not one of %(choices)s.")
                % {"value": value, "choices": ", ".join(choices)}
            }
        )
    return value


def _keys(query: QueryDict, name: str) -> tuple[int, ...]:
    texts = [text for text in query.getlist(name) if text][:MOST_PICKED]
    if not all(text.isascii() and text.isdigit() and len(text) < 19 for text in texts):
        raise ValidationError(
            {name: _("These are not keys of rows: %(texts)s.") % {"texts": ", ".join(texts)}}
        )
    return tuple(dict.fromkeys(int(text) for text in texts))
