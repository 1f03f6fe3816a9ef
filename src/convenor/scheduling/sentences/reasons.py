"""Why a slot is as good as it is, one sentence for each of the kernel's reasons."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convenor.kernel.find_times.answer import Occurrence, Reason, ReasonKind, Slot
from convenor.scheduling.queries.find_time import FoundTimes
from convenor.scheduling.sentences.words import city, hour, money, names, when

OK, WARNING, PLAIN = "ok", "warning", ""
MOST_WEEKS_TOLD = 6


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence and its tone on screen: ok, warning or none."""

    sentence: str
    tone: str = PLAIN


def reasons_of(found: FoundTimes, slot: Slot) -> list[Said]:
    """The slot's reasons in the kernel's order; that everybody can come is said first where it is so.

    Of a series, the weeks that don't work follow, each with what to do.
    """
    said = [Said(_("Everybody can come"), OK)] if _everybody_comes(slot) else []
    for reason in slot.reasons:
        told = _TELL[reason.kind](found, slot, reason)
        if told is not None:
            said.append(told)
    return [*said, *_failing_weeks(found, slot)]


def _everybody_comes(slot: Slot) -> bool:
    groups = [reason.numbers for reason in slot.reasons if reason.kind == ReasonKind.GROUP]
    whole = all(come == members for come, members, _least in groups)
    return not slot.missing and whole and not any(not week.works or week.missing for week in slot.occurrences)


def _misses(found: FoundTimes, _slot: Slot, reason: Reason) -> Said:
    sentence = ngettext(
        "%(names)s can't come (optional)", "%(names)s can't come (optional)", len(reason.subjects)
    )
    return Said(sentence % {"names": names(found.names(reason.subjects))}, WARNING)


def _out_of_hours(found: FoundTimes, slot: Slot, reason: Reason) -> Said:
    """Each with their own clock's hour: somebody far away is the one to ask."""
    told = [
        _("%(name)s (%(hour)s in %(city)s)") % {"name": person.name, "hour": hour(slot.span.start, person.zone), "city": city(person.zone)}
        for person in (found.people[key] for key in reason.subjects)
    ]  # fmt: skip
    return Said(_("Outside working hours for %(names)s") % {"names": names(told)}, WARNING)


def _group(_found: FoundTimes, _slot: Slot, reason: Reason) -> Said:
    come, members, least = (int(number) for number in reason.numbers)
    values = {"group": reason.subjects[0], "come": come, "members": members, "least": least}
    if come == members:
        return Said(_("All %(members)d of %(group)s can come") % values, OK)
    return Said(_("%(come)d of %(members)d of %(group)s can come (%(least)d needed)") % values)


def _room_fit(found: FoundTimes, _slot: Slot, reason: Reason) -> Said:
    spare = int(reason.numbers[0])
    sentence = ngettext("%(room)s: %(count)d seat to spare", "%(room)s: %(count)d seats to spare", spare)
    if not spare:
        sentence = _("%(room)s: every seat taken")
    return Said(sentence % {"room": found.rooms[reason.subjects[0]].name, "count": spare}, OK)


def _needs_approval(found: FoundTimes, _slot: Slot, reason: Reason) -> Said:
    rooms = names(found.room_names(reason.subjects))
    sentence = ngettext(
        "%(rooms)s: the booking must be approved",
        "%(rooms)s: the bookings must be approved",
        len(reason.subjects),
    )
    return Said(sentence % {"rooms": rooms}, WARNING)


def _room_cost(found: FoundTimes, _slot: Slot, reason: Reason) -> Said | None:
    """Nothing where rooms of several currencies are added up: the sum would mean nothing."""
    currency = found.room_currency(reason.subjects)
    if not currency:
        return None
    amount = money(Decimal(reason.numbers[0]), currency)
    return Said(ngettext("Room: %(cost)s", "Rooms: %(cost)s", len(reason.subjects)) % {"cost": amount})


def _people_cost(found: FoundTimes, _slot: Slot, reason: Reason) -> Said | None:
    if not found.currency:
        return None
    return Said(_("Attendees' time: %(cost)s") % {"cost": money(Decimal(reason.numbers[0]), found.currency)})


def _fragments(found: FoundTimes, _slot: Slot, reason: Reason) -> Said:
    who = names(found.names(reason.subjects))
    return Said(_("Leaves less than half an hour before or after for %(names)s") % {"names": who})


def _travel_tight(found: FoundTimes, _slot: Slot, reason: Reason) -> Said:
    minutes = int(reason.numbers[0])
    sentence = ngettext(
        "Only %(count)d minute to spare on the way between sites for %(names)s",
        "Only %(count)d minutes to spare on the way between sites for %(names)s",
        minutes,
    )
    return Said(sentence % {"count": minutes, "names": names(found.names(reason.subjects))}, WARNING)


def _weeks(_found: FoundTimes, _slot: Slot, reason: Reason) -> Said:
    working, asked = (int(number) for number in reason.numbers)
    if working == asked:
        return Said(_("Works in all %(asked)d weeks") % {"asked": asked}, OK)
    return Said(_("Works in %(working)d of %(asked)d weeks") % {"working": working, "asked": asked}, WARNING)


def _room_changes(found: FoundTimes, _slot: Slot, reason: Reason) -> Said:
    weeks = int(reason.numbers[0])
    sentence = ngettext(
        "In %(count)d week another room than %(rooms)s",
        "In %(count)d weeks another room than %(rooms)s",
        weeks,
    )
    return Said(sentence % {"count": weeks, "rooms": names(found.room_names(reason.subjects))}, WARNING)


_TELL: Mapping[ReasonKind, Callable[[FoundTimes, Slot, Reason], Said | None]] = {
    ReasonKind.MISSES: _misses,
    ReasonKind.OUT_OF_HOURS: _out_of_hours,
    ReasonKind.GROUP: _group,
    ReasonKind.ROOM_FIT: _room_fit,
    ReasonKind.NEEDS_APPROVAL: _needs_approval,
    ReasonKind.ROOM_COST: _room_cost,
    ReasonKind.PEOPLE_COST: _people_cost,
    ReasonKind.FRAGMENTS: _fragments,
    ReasonKind.TRAVEL_TIGHT: _travel_tight,
    ReasonKind.WEEKS: _weeks,
    ReasonKind.ROOM_CHANGES: _room_changes,
}


def _failing_weeks(found: FoundTimes, slot: Slot) -> Iterator[Said]:
    failing = [week for week in slot.occurrences if not week.works]
    for week in failing[:MOST_WEEKS_TOLD]:
        yield Said(_failing_week(found, week), WARNING)
    rest = len(failing) - MOST_WEEKS_TOLD
    if rest > 0:
        sentence = ngettext("And %(count)d more week", "And %(count)d more weeks", rest)
        yield Said(sentence % {"count": rest}, WARNING)


def _failing_week(found: FoundTimes, week: Occurrence) -> str:
    zone = found.request.zone
    values = {"when": when(week.span, zone), "why": _why_failing(found, week)}
    if week.alternative is None:
        return _("%(when)s doesn't work: %(why)s; no other time that week does") % values
    values["other"] = when(week.alternative.span, zone)
    if not week.alternative.rooms or week.alternative.rooms == week.rooms:
        return _("%(when)s doesn't work: %(why)s; %(other)s does") % values
    values["rooms"] = names(found.room_names(week.alternative.rooms))
    return _("%(when)s doesn't work: %(why)s; %(other)s in %(rooms)s does") % values


def _why_failing(found: FoundTimes, week: Occurrence) -> str:
    told = []
    if week.busy:
        who = names([found.people[key].name if key in found.people else key for key in week.busy])
        told.append(_("%(names)s can't come") % {"names": who})
    if week.no_room:
        told.append(_("no room is free"))
    if week.breaks_local_hours:
        told.append(_("the clocks change, so the hours aren't kept"))
    return ", ".join(told) or _("not every rule is kept")
