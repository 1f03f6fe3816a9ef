"""The single changes that open a slot, as sentences and as values that a form or a program can use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convenor.kernel.find_times.answer import Change, ChangeKind
from convenor.kernel.find_times.question import Hours
from convenor.kernel.instants import Span
from convenor.scheduling.queries.find_time import FoundTimes
from convenor.scheduling.sentences.words import clock, day_and_hour, last_day, length, utc_text
from convenor.venues.enums import SetupStyle


def change_phrase(found: FoundTimes, change: Change) -> str:
    """What to do: "Make Ana Ionescu optional"."""
    return _PHRASES[change.kind](found, change)


def change_sentence(found: FoundTimes, change: Change) -> str:
    """What to do and what it opens: "Make Ana Ionescu optional: 4 slots"."""
    sentence = ngettext("%(what)s: %(count)d slot", "%(what)s: %(count)d slots", change.opens)
    return sentence % {"what": change_phrase(found, change), "count": change.opens}


def change_value(change: Change) -> Any:
    """The value for JSON: a number, hours as text, spans as pairs of instants, or None."""
    match change.value:
        case Hours(earliest=earliest, latest=latest):
            return {"earliest": earliest.strftime("%H:%M"), "latest": latest.strftime("%H:%M")}
        case Span():
            return _ends(change.value)
        case tuple():
            return [_ends(span) for span in change.value]
        case _:
            return change.value


def _ends(span: Span) -> dict[str, str]:
    return {"starts_at": utc_text(span.start), "ends_at": utc_text(span.end)}


def _optional(found: FoundTimes, change: Change) -> str:
    return _("Make %(name)s optional") % {"name": found.people[change.subject].name}


def _window(found: FoundTimes, change: Change) -> str:
    spans = cast("tuple[Span, ...]", change.value)
    return _("Until %(day)s") % {"day": last_day(max(spans, key=lambda span: span.end), found.request.zone)}


def _move(found: FoundTimes, change: Change) -> str:
    span = cast(Span, change.value)
    values = {"title": change.label, "when": day_and_hour(span.start, found.request.zone)}
    return _("Move the movable “%(title)s” (%(when)s)") % values


def _hours(_found: FoundTimes, change: Change) -> str:
    hours = cast(Hours, change.value)
    if change.subject == "earliest":
        return _("From %(hour)s") % {"hour": clock(hours.earliest)}
    return _("Until %(hour)s") % {"hour": clock(hours.latest)}


def _seats(_found: FoundTimes, change: Change) -> str:
    seats = cast(int, change.value)
    return ngettext("A room for %(count)d person", "A room for %(count)d people", seats) % {"count": seats}


def _group(_found: FoundTimes, change: Change) -> str:
    return _("%(count)d of %(group)s are enough") % {"count": change.value, "group": change.subject}


def _site(found: FoundTimes, change: Change) -> str:
    return _("Also at %(site)s") % {"site": found.sites.names.get(change.subject, change.subject)}


def _equipment(found: FoundTimes, change: Change) -> str:
    return _("Without %(equipment)s") % {"equipment": found.equipment.get(change.subject, change.subject)}


_PHRASES: Mapping[ChangeKind, Callable[[FoundTimes, Change], str]] = {
    ChangeKind.LESS_BUFFER: lambda _found, _change: _("No free time before and after"),
    ChangeKind.OTHER_ROOMS: lambda _found, _change: _("Any room, not only those named"),
    ChangeKind.OUT_OF_HOURS: lambda _found, _change: _("Allow times outside working hours"),
    ChangeKind.OTHER_STYLE: lambda _found, change: (
        _("Not set up as %(style)s") % {"style": SetupStyle(change.subject).label}
    ),
    ChangeKind.DROP_EQUIPMENT: _equipment,
    ChangeKind.OTHER_SITE: _site,
    ChangeKind.LOCAL_HOURS: _hours,
    ChangeKind.SHORTER: lambda _found, change: length(cast(int, change.value)),
    ChangeKind.EXTEND_WINDOW: _window,
    ChangeKind.FEWER_OF_GROUP: _group,
    ChangeKind.MOVE_MEETING: _move,
    ChangeKind.MAKE_OPTIONAL: _optional,
    ChangeKind.FEWER_SEATS: _seats,
    ChangeKind.ONE_ROOM: lambda _found, _change: _("One room for all instead of one at each site"),
    ChangeKind.NO_ROOM: lambda _found, _change: _("Meet without a room"),
}
