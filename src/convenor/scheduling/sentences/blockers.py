"""What stands in the way where there is no slot, as sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convenor.kernel.find_times.answer import Blocker, RuleKind
from convenor.scheduling.queries.find_time import FoundTimes
from convenor.scheduling.requests import FindTimeRequest, RoomWanted
from convenor.scheduling.sentences.words import clock, length, names, quantities
from convenor.venues.enums import SetupStyle

_ABOUT_ROOMS = frozenset(
    {
        RuleKind.ROOM,
        RuleKind.NAMED_ROOMS,
        RuleKind.SITES,
        RuleKind.SEATS,
        RuleKind.STYLE,
        RuleKind.EQUIPMENT,
        RuleKind.ACCESSIBLE,
    }
)


def blocker_sentence(found: FoundTimes, blocker: Blocker) -> str:
    """One sentence. The usual shapes have their own; any other set is told as its parts."""
    if blocker.rules == {RuleKind.WINDOW}:
        minutes = {"length": length(found.request.minutes)}
        return _("The time asked for is shorter than the meeting (%(length)s).") % minutes
    if blocker.rules == {RuleKind.ROOM}:
        return _("A room is needed, and there is none in use.")
    if len(blocker.people) and not (blocker.rooms or blocker.groups):
        if not blocker.rules:
            return _people(found, blocker)
        if blocker.rules == {RuleKind.WORKING_HOURS}:
            return _people_at_work(found, blocker)
    if blocker.rules and blocker.rules <= _ABOUT_ROOMS and len(blocker) == len(blocker.rules):
        return _("No room is %(what)s.") % {"what": "; ".join(_rules(found, blocker))}
    return _("Together these leave no time: %(parts)s.") % {"parts": "; ".join(_parts(found, blocker))}


def _people(found: FoundTimes, blocker: Blocker) -> str:
    who = sorted(found.names(blocker.people))
    if len(who) == 1:
        return _("%(name)s isn't free at any time asked for.") % {"name": who[0]}
    return _("%(names)s are never free together.") % {"names": names(who)}


def _people_at_work(found: FoundTimes, blocker: Blocker) -> str:
    who = sorted(found.names(blocker.people))
    sentence = ngettext(
        "%(names)s has no time for it within working hours.",
        "%(names)s have no time in common within working hours.",
        len(who),
    )
    return sentence % {"names": names(who)}


def _parts(found: FoundTimes, blocker: Blocker) -> Iterator[str]:
    if blocker.people:
        who = sorted(found.names(blocker.people))
        calendars = ngettext("the calendar of %(names)s", "the calendars of %(names)s", len(who))
        yield calendars % {"names": names(who)}
    if blocker.groups:
        yield _("how many of %(groups)s are free") % {"groups": names(sorted(blocker.groups))}
    if blocker.rooms:
        rooms = sorted(found.room_names(blocker.rooms))
        yield _("what is booked in %(rooms)s") % {"rooms": names(rooms)}
    about_room = sorted(blocker.rules & _ABOUT_ROOMS)
    if about_room:
        yield _("that the room is %(what)s") % {"what": ", ".join(_rules(found, blocker))}
    for rule in sorted(blocker.rules - _ABOUT_ROOMS):
        yield _TIME_RULES[rule](found.request)


def _rules(found: FoundTimes, blocker: Blocker) -> Iterator[str]:
    wanted = found.request.room
    assert wanted is not None
    for rule in sorted(blocker.rules & _ABOUT_ROOMS):
        yield _ROOM_RULES[rule](found, wanted)


def _seats(_found: FoundTimes, wanted: RoomWanted) -> str:
    if not wanted.headcount:
        return _("large enough")
    return ngettext(
        "large enough for %(count)d person", "large enough for %(count)d people", wanted.headcount
    ) % {"count": wanted.headcount}


def _equipment(found: FoundTimes, wanted: RoomWanted) -> str:
    pieces = [(found.equipment.get(code, code), count) for code, count in sorted(wanted.equipment.items())]
    return _("equipped with %(equipment)s") % {"equipment": quantities(pieces)}


def _sites(found: FoundTimes, wanted: RoomWanted) -> str:
    if wanted.one_per_site:
        return _("at every attendee's site")
    codes = found.sites.codes
    sites = sorted(found.sites.names[codes[pk]] for pk in wanted.site_ids or () if pk in codes)
    return _("at %(sites)s") % {"sites": names(sites)}


_ROOM_RULES: Mapping[RuleKind, Callable[[FoundTimes, RoomWanted], str]] = {
    RuleKind.ROOM: lambda _found, _wanted: _("in use"),
    RuleKind.NAMED_ROOMS: lambda _found, _wanted: _("one of those named"),
    RuleKind.SITES: _sites,
    RuleKind.SEATS: _seats,
    RuleKind.STYLE: lambda _found, wanted: (
        _("set up as %(style)s") % {"style": SetupStyle(wanted.style).label}
    ),
    RuleKind.EQUIPMENT: _equipment,
    RuleKind.ACCESSIBLE: lambda _found, _wanted: _("step-free"),
}


def _local_hours(request: FindTimeRequest) -> str:
    assert request.earliest is not None
    assert request.latest is not None
    values = {"earliest": clock(request.earliest), "latest": clock(request.latest)}
    return _("that it is between %(earliest)s and %(latest)s for everybody") % values


_TIME_RULES: Mapping[RuleKind, Callable[[FindTimeRequest], str]] = {
    RuleKind.WINDOW: lambda _request: _("the days asked for"),
    RuleKind.LOCAL_HOURS: _local_hours,
    RuleKind.WORKING_HOURS: lambda _request: _("working hours"),
    RuleKind.BUFFERS: lambda request: (
        _("%(before)s free before and %(after)s after")
        % {"before": length(request.buffer_minutes_before), "after": length(request.buffer_minutes_after)}
    ),
    RuleKind.TRAVEL: lambda _request: _("the way between sites"),
    RuleKind.OPENING_HOURS: lambda _request: _("opening hours"),
    RuleKind.BOOKING_WINDOW: lambda _request: _("how far ahead rooms can be booked"),
    RuleKind.LONGEST_BOOKING: lambda _request: _("how long rooms can be booked"),
    RuleKind.TURN: lambda _request: _("set-up and room turn time"),
}
