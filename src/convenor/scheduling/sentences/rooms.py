"""Why a room can't be had, in short sentences for a list that names the room already."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convenor.scheduling.rules.room_fit import Shortage, Trouble
from convenor.scheduling.rules.wording import times_in
from convenor.scheduling.sentences.words import length
from convenor.venues.enums import SetupStyle


def trouble_sentence(trouble: Trouble, *, zone: str, equipment: Mapping[str, str]) -> str:
    """Times are the site's; `equipment` are names by code."""
    return _TELL[trouble.kind](trouble.values, zone, equipment)


Tell = Callable[[tuple[Any, ...], str, Mapping[str, str]], str]


def _style(values: tuple[Any, ...], _zone: str, _equipment: Mapping[str, str]) -> str:
    return _("Can't be set up as %(style)s") % {"style": SetupStyle(values[0]).label.lower()}


def _seats(values: tuple[Any, ...], _zone: str, _equipment: Mapping[str, str]) -> str:
    there, wanted = values
    if not there:
        return _("Has no seats on record")
    sentence = ngettext("%(there)d seat for %(wanted)d", "%(there)d seats for %(wanted)d", there)
    return sentence % {"there": there, "wanted": wanted}


def _step_free(_values: tuple[Any, ...], _zone: str, _equipment: Mapping[str, str]) -> str:
    return _("Not step-free")


def _lacks_equipment(values: tuple[Any, ...], _zone: str, equipment: Mapping[str, str]) -> str:
    code, wanted, there = values
    name = equipment.get(code, code)
    if there:
        return _("%(name)s: %(there)d of %(wanted)d") % {"name": name, "there": there, "wanted": wanted}
    return _("Without %(name)s") % {"name": name.lower() if name.istitle() else name}  # TV stays TV


def _taken(values: tuple[Any, ...], zone: str, _equipment: Mapping[str, str]) -> str:
    starts, ends, title = values
    times = times_in(starts, ends, zone)
    return (
        _("Taken %(times)s: “%(title)s”") % {"times": times, "title": title}
        if title
        else _("Taken %(times)s") % {"times": times}
    )


def _closed(values: tuple[Any, ...], zone: str, _equipment: Mapping[str, str]) -> str:
    until, reason = values
    when = date_format(until.astimezone(ZoneInfo(zone)), "DAY_TIME_FORMAT")
    return _("Closed until %(when)s: %(reason)s") % {"when": when, "reason": reason}


def _shut(_values: tuple[Any, ...], _zone: str, _equipment: Mapping[str, str]) -> str:
    return _("Outside opening hours")


def _too_long(values: tuple[Any, ...], _zone: str, _equipment: Mapping[str, str]) -> str:
    return _("For at most %(length)s") % {"length": length(values[0])}


def _too_early(values: tuple[Any, ...], _zone: str, _equipment: Mapping[str, str]) -> str:
    sentence = ngettext("Bookable %(days)d day ahead", "Bookable %(days)d days ahead", values[0])
    return sentence % {"days": values[0]}


_TELL: Mapping[Shortage, Tell] = {
    Shortage.STYLE: _style,
    Shortage.SEATS: _seats,
    Shortage.STEP_FREE: _step_free,
    Shortage.EQUIPMENT: _lacks_equipment,
    Shortage.TAKEN: _taken,
    Shortage.CLOSED: _closed,
    Shortage.SHUT: _shut,
    Shortage.TOO_LONG: _too_long,
    Shortage.TOO_EARLY: _too_early,
}
