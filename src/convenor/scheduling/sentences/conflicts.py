"""What is wrong, as one sentence for each kind; and what a way out would do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convenor.kernel.instants import Instant, datetime_of
from convenor.scheduling.enums import ConflictKind
from convenor.scheduling.sentences.words import length, names, quantities


@dataclass(frozen=True, slots=True)
class Told:
    """A conflict with the names behind its keys, as much as the reader may know.

    `meetings` are titles in order of time, already in quotation marks or masked; `people`, `sites` and `equipment` are names by key,
    `holidays` by day.
    """

    kind: str
    starts_at: datetime
    ends_at: datetime
    facts: Mapping[str, Any]
    meetings: Mapping[int, str]
    person: str = ""
    room: str = ""
    site: str = ""
    people: Mapping[int, str] = field(default_factory=dict)
    sites: Mapping[int, str] = field(default_factory=dict)
    equipment: Mapping[str, str] = field(default_factory=dict)
    holidays: Mapping[date, str] = field(default_factory=dict)

    @property
    def titles(self) -> list[str]:
        return list(dict.fromkeys(self.meetings.values()))

    @property
    def meeting(self) -> str:
        return next(iter(self.meetings.values()), _("a meeting"))

    @property
    def values(self) -> dict[str, Any]:
        """What most sentences name."""
        common = {"person": self.person, "room": self.room, "site": self.site, "meeting": self.meeting}
        return common | {"when": when(self.starts_at, self.ends_at)}


Tell = Callable[[Told], str]


def when(starts_at: datetime, ends_at: datetime) -> str:
    """Tue 8 Dec, 10:00–11:00, in the reader's zone; both days where they differ."""
    start, end = localtime(starts_at), localtime(ends_at)
    if start.date() == end.date():
        return f"{date_format(start, 'WEEKDAY_FORMAT')}, {date_format(start, 'TIME_FORMAT')}–{date_format(end, 'TIME_FORMAT')}"
    return f"{_day_and_hour(start)} – {_day_and_hour(end)}"


def _day_and_hour(local: datetime) -> str:
    """Tue 8 Dec 10:00."""
    return f"{date_format(local, 'WEEKDAY_FORMAT')} {date_format(local, 'TIME_FORMAT')}"


def quoted(title: str) -> str:
    return _("“%(title)s”") % {"title": title}


def private() -> str:
    return _("a private meeting")


def conflict_sentence(told: Told) -> str:
    """In the language in force; kinds of higher apps bring their own (`conflict_sentences`)."""
    return conflict_sentences[told.kind](told)


def _double_booked(told: Told) -> str:
    what = [
        *told.meetings.values(),
        *([_("something in their own calendar")] if told.facts.get("own") else []),
    ]
    values = told.values | {"what": names(what, most=4), "count": len(what)}
    if len(what) > 2:
        return _("%(person)s is in %(count)d things at once on %(when)s: %(what)s.") % values
    optional = [key for key in told.facts.get("optional", []) if key in told.meetings]
    if len(optional) == 1:
        values["optional"] = told.meetings[optional[0]]
        return _("%(person)s is in %(what)s at once on %(when)s; %(optional)s is optional for them.") % values
    return _("%(person)s is in %(what)s at once on %(when)s.") % values


def _away(told: Told) -> str:
    return _("%(person)s is away when %(meeting)s takes place, %(when)s.") % told.values


def _gone(told: Told) -> str:
    if told.facts.get("chairs"):
        return (
            _("%(person)s chairs %(meeting)s on %(when)s, but is no longer with the company.") % told.values
        )
    return _("%(person)s organises %(meeting)s on %(when)s, but is no longer with the company.") % told.values


def _people(told: Told) -> str:
    return names([told.people[key] for key in told.facts.get("people", []) if key in told.people])


def _holiday(told: Told) -> str:
    values = told.values | {"holiday": _holiday_name(told), "names": _people(told)}
    return (
        _(
            "%(when)s is a public holiday at %(site)s (%(holiday)s) for %(names)s, who are asked to %(meeting)s."
        )
        % values
    )


def _holiday_name(told: Told) -> str:
    return next(iter(told.holidays.values()), _("Public holiday"))


def _out_of_hours(told: Told) -> str:
    return _("%(meeting)s on %(when)s is outside the working hours of %(names)s.") % (
        told.values | {"names": _people(told)}
    )


def _no_travel(told: Told) -> str:
    first = told.facts.get("first")
    before = told.meetings.get(first, told.meeting) if first else told.meeting
    after = next((title for key, title in told.meetings.items() if key != first), told.meeting)
    values = told.values | {
        "before": before,
        "after": after,
        "from": told.sites.get(told.facts["from"], ""),
        "to": told.sites.get(told.facts["to"], ""),
        "travel": length(told.facts["travel"]),
        "free": length(told.facts["free"]),
    }
    sentence = _(
        "%(person)s needs %(travel)s from %(from)s to %(to)s, and has %(free)s between %(before)s and %(after)s on %(when)s."
    )
    return sentence % values


def _room_closed(told: Told) -> str:
    values = told.values | {"reason": told.facts.get("reason", "")}
    if told.facts.get("retired"):
        return _("%(room)s is no longer in use, and %(meeting)s has it on %(when)s.") % values
    return _("%(room)s is closed (%(reason)s) when %(meeting)s has it, %(when)s.") % values


def _too_small(told: Told) -> str:
    values = told.values | {"capacity": told.facts["capacity"], "count": told.facts["expected"]}
    sentence = ngettext(
        "%(room)s seats %(capacity)d, but %(count)d person is expected at %(meeting)s on %(when)s.",
        "%(room)s seats %(capacity)d, but %(count)d people are expected at %(meeting)s on %(when)s.",
        told.facts["expected"],
    )
    return sentence % values


def _unequipped(told: Told) -> str:
    missing = [(told.equipment.get(code, code), count) for code, count in told.facts["missing"].items()]
    values = told.values | {"what": quantities(missing)}
    return _("%(meeting)s on %(when)s needs what %(room)s doesn't have: %(what)s.") % values


def _site_shut(told: Told) -> str:
    if told.facts.get("holiday"):
        values = told.values | {"holiday": _holiday_name(told)}
        return (
            _(
                "%(site)s is shut for a public holiday (%(holiday)s) when %(meeting)s is in %(room)s, %(when)s."
            )
            % values
        )
    return _("%(meeting)s is in %(room)s outside the opening hours of %(site)s, %(when)s.") % told.values


def _expiring(told: Told) -> str:
    expires = told.facts.get("expires")
    if expires:
        at = _day_and_hour(localtime(datetime_of(Instant(expires))))
        return _("The hold on %(room)s for %(meeting)s (%(when)s) ends on %(at)s.") % (
            told.values | {"at": at}
        )
    return _("%(room)s for %(meeting)s on %(when)s still waits for approval.") % told.values


def _shift(told: Told) -> str:
    since = localtime(datetime_of(Instant(told.facts["since"])))
    values = told.values | {
        "what": names(told.titles),
        "since": date_format(since, "DATE_FORMAT"),
        "count": told.facts["times"],
        "first": _day_and_hour(localtime(told.starts_at)),
    }
    sentence = ngettext(
        "Since the clocks change on %(since)s, %(what)s collide for %(person)s: %(count)d more time, on %(first)s.",
        "Since the clocks change on %(since)s, %(what)s collide for %(person)s: %(count)d more times, next on %(first)s.",
        told.facts["times"],
    )
    return sentence % values


conflict_sentences: dict[str, Tell] = {
    ConflictKind.PERSON_DOUBLE_BOOKED: _double_booked,
    ConflictKind.PERSON_AWAY: _away,
    ConflictKind.PERSON_GONE: _gone,
    ConflictKind.OUT_OF_HOURS: _out_of_hours,
    ConflictKind.NO_TRAVEL_TIME: _no_travel,
    ConflictKind.HOLIDAY: _holiday,
    ConflictKind.ROOM_CLOSED: _room_closed,
    ConflictKind.ROOM_TOO_SMALL: _too_small,
    ConflictKind.ROOM_UNEQUIPPED: _unequipped,
    ConflictKind.SITE_SHUT: _site_shut,
    ConflictKind.BOOKING_EXPIRING: _expiring,
    ConflictKind.ZONE_SHIFT: _shift,
}
