"""What a row of venues must satisfy beyond its columns: one place for forms, imports and commands.

Each raises ValidationError with a dict from field to sentence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from babel import Locale
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from convenor.venues.drafts import SetupDraft
from convenor.venues.enums import SetupStyle
from convenor.venues.models import BookableUnit, Closure, Room, Site
from convenor.venues.public_holidays import validate_place
from convenor.venues.registry import BookedHeadcount, BookedPieces

MOST_SEATS = 100_000
MOST_MINUTES = 24 * 60
_MOST_NAMED = 5


def site_fits(site: Site) -> None:
    """Country, subdivision and currency are known ones."""
    validate_place(site.country, site.subdivision)
    if site.currency not in Locale("en").currencies:
        sentence = gettext("“%(code)s” is not a currency's three-letter code, such as EUR.")
        raise ValidationError({"currency": sentence % {"code": site.currency}})


def room_fits(room: Room) -> None:
    """The hall is at the same site and no part of the room itself; the approver can sign in; the limits are sensible."""
    problems: dict[str, str] = {}
    if room.part_of is not None and room.part_of.site_id != room.site_id:
        params = {"hall": room.part_of.code, "site": room.part_of.site}
        problems["part_of"] = gettext("%(hall)s is at another site: %(site)s.") % params
    if room.approver is not None and not room.approver.is_active:
        problems["approver"] = gettext("%(name)s can't sign in any more.") % {"name": room.approver}
    if room.approval_needed and room.approver is None:
        problems["approver"] = gettext("A room that needs approval needs an approver.")
    if room.turn_minutes > MOST_MINUTES:
        problems["turn_minutes"] = gettext("At most %(limit)d minutes.") % {"limit": MOST_MINUTES}
    if room.hourly_rate < 0:
        problems["hourly_rate"] = gettext("A rate can't be negative.")
    if room.longest_minutes == 0:
        problems["longest_minutes"] = gettext(
            "A booking lasts at least a minute; leave this empty for no limit."
        )
    if problems:
        raise ValidationError(problems)


def setups_fit(setups: Iterable[SetupDraft]) -> None:
    """Known styles, each once, seating somebody; at most one is the usual one."""
    drafts = list(setups)
    problems: list[str] = []
    for style, times in Counter(draft.style for draft in drafts).items():
        if style not in SetupStyle.values:
            problems.append(gettext("“%(style)s” is not a set-up style.") % {"style": style})
        elif times > 1:
            problems.append(gettext("%(style)s is there twice.") % {"style": SetupStyle(style).label})
    if any(not 1 <= draft.capacity <= MOST_SEATS for draft in drafts):
        problems.append(gettext("A set-up seats from 1 to %(limit)d people.") % {"limit": MOST_SEATS})
    if any(
        not 0 <= minutes <= MOST_MINUTES for d in drafts for minutes in (d.setup_minutes, d.teardown_minutes)
    ):
        problems.append(
            gettext("Set-up and teardown take from 0 to %(limit)d minutes.") % {"limit": MOST_MINUTES}
        )
    if sum(draft.is_default for draft in drafts) > 1:
        problems.append(gettext("Only one set-up can be the usual one."))
    if problems:
        raise ValidationError({"setups": problems})


def closure_fits(closure: Closure) -> None:
    """Ends after it starts; closes a room of its site, or a floor, not both."""
    problems: dict[str, str] = {}
    if closure.ends_at <= closure.starts_at:
        problems["ends_at"] = gettext("The end must be after the start.")
    if closure.room is not None and closure.room.site_id != closure.site_id:
        params = {"room": closure.room.code, "site": closure.room.site}
        problems["room"] = gettext("%(room)s is at another site: %(site)s.") % params
    if closure.room is not None and closure.floor:
        problems["floor"] = gettext("Close either a floor or a room.")
    if problems:
        raise ValidationError(problems)


@dataclass(frozen=True, slots=True)
class Seats:
    """How many people a room takes by style, and in its usual set-up."""

    by_style: Mapping[str, int]
    usual: int

    def for_booking(self, booking: BookedHeadcount) -> int:
        return self.by_style.get(booking.style, 0) if booking.style else self.usual

    def hold(self, booking: BookedHeadcount) -> bool:
        return booking.headcount <= self.for_booking(booking)


def seats_of(setups: Sequence[SetupDraft]) -> Seats:
    usual = next((draft for draft in setups if draft.is_default), setups[0] if setups else None)
    return Seats({draft.style: draft.capacity for draft in setups}, usual.capacity if usual else 0)


def seats_hold_bookings(before: Seats, after: Seats, booked: Iterable[BookedHeadcount], site: Site) -> None:
    """No booking that fits the room before would be too large for it after."""
    broken = [booking for booking in booked if before.hold(booking) and not after.hold(booking)]
    if broken:
        named = [
            gettext("“%(title)s” on %(when)s expects %(headcount)d people; there would be %(seats)d seats.")
            % {
                "title": booking.title,
                "when": _when(booking, site.zone),
                "headcount": booking.headcount,
                "seats": after.for_booking(booking),
            }
            for booking in broken[:_MOST_NAMED]
        ]
        raise ValidationError({"setups": [*named, *_and_more(len(broken))]})


def nothing_booked(
    booked: Sequence[BookedHeadcount | BookedPieces], site: Site, reason: str, field: str
) -> None:
    """There are no bookings; otherwise the reason, with the list of them."""
    if booked:
        named = [f"“{booking.title}”, {_when(booking, site.zone)}" for booking in booked[:_MOST_NAMED]]
        raise ValidationError({field: [reason, *named, *_and_more(len(booked))]})


def pieces_suffice(units: Sequence[BookableUnit], wanted: int, field: str) -> None:
    """A stock is a sensible number."""
    if not 0 <= wanted <= max(1_000, len(units)):
        raise ValidationError({field: gettext("A site can have from 0 to 1000 pieces of one kind.")})


def _when(booking: BookedHeadcount | BookedPieces, zone: str) -> str:
    return date_format(booking.starts_at.astimezone(ZoneInfo(zone)), "DATETIME_FORMAT")


def _and_more(count: int) -> list[str]:
    rest = count - _MOST_NAMED
    return [ngettext("and %(n)d more.", "and %(n)d more.", rest) % {"n": rest}] if rest > 0 else []
