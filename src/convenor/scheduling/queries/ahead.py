"""What lies ahead for a room, a piece of equipment or a person: asked by the apps below through their registries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import Min, Q, QuerySet
from django.utils.translation import gettext as _

from convenor.people.models import Person
from convenor.scheduling.enums import AttendeeRole, BookingState, MeetingState, OccurrenceState
from convenor.scheduling.models import Attendee, Booking, Claim, Meeting
from convenor.scheduling.rules.wording import day
from convenor.venues.registry import BookedHeadcount, BookedPieces


def booked_headcounts(room_ids: Collection[int], now: datetime) -> list[BookedHeadcount]:
    """Active bookings of the rooms that aren't over."""
    rows = Booking.objects.filter(room__among=room_ids, reserved_end__gt=now).exclude(
        state=BookingState.RELEASED
    )
    columns = ("starts_at", "ends_at", "room_id", "setup_style", *_MEETING)
    return [
        BookedHeadcount(start, end, room or 0, _shown(title, private=private), headcount or 0, style)
        for start, end, room, style, title, private, headcount in rows.values_list(*columns)
    ]


_MEETING = (
    "occurrence__meeting__title",
    "occurrence__meeting__is_private",
    "occurrence__meeting__headcount",
)


def booked_pieces(unit_ids: Collection[int], now: datetime) -> list[BookedPieces]:
    """Active bookings that claim any of the pieces and aren't over."""
    claims = Claim.objects.filter(
        unit__among=unit_ids, is_active=True, ends_at__gt=now, unit__equipment__isnull=False
    )
    units: dict[int, list[int]] = defaultdict(list)
    facts: dict[int, tuple[datetime, datetime, int, int, str]] = {}
    meeting = ("booking__occurrence__meeting__title", "booking__occurrence__meeting__is_private")
    columns = ("booking_id", "unit_id", "unit__equipment_id", "unit__site_id", "starts_at", "ends_at")
    for booking, unit, kind, site, start, end, title, private in claims.values_list(*columns, *meeting):
        units[booking].append(unit)
        facts[booking] = start, end, kind or 0, site, _shown(title, private=private)
    return [BookedPieces(*facts[booking], tuple(sorted(units[booking]))) for booking in facts]


def _shown(title: str, *, private: bool) -> str:
    return _("Busy") if private else title


def meetings_ahead(now: datetime) -> QuerySet[Meeting]:
    """Meetings with an occurrence that isn't over or, of a series, that may still get one."""
    scheduled = Q(occurrences__state=OccurrenceState.SCHEDULED, occurrences__ends_at__gt=now)
    return Meeting.objects.exclude(state=MeetingState.CANCELLED).filter(scheduled).distinct()


def held_by_person(person_id: int, now: datetime) -> list[str]:
    """One sentence for each meeting ahead that the person organises or chairs."""
    chaired = Attendee.objects.filter(person=person_id, role=AttendeeRole.CHAIR).values("meeting")
    organised = meetings_ahead(now).filter(organiser=person_id)
    others = meetings_ahead(now).filter(pk__in=chaired).exclude(organiser=person_id)
    return [
        *_sentences(organised, _("organises “%(title)s”, next on %(day)s")),
        *_sentences(others, _("chairs “%(title)s”, next on %(day)s")),
    ]


def _sentences(meetings: QuerySet[Meeting], sentence: str) -> Iterable[str]:
    rows = meetings.annotate(next_at=Min("occurrences__starts_at")).order_by("next_at", "pk")
    for title, next_at in rows.values_list("title", "next_at"):
        yield sentence % {"title": title, "day": day(next_at)}


def acquainted_with(person_id: int) -> Q:
    """Whom a person meets: everybody in their meetings. A condition on Person."""
    attended = Attendee.objects.filter(person=person_id).values("meeting")
    theirs = Meeting.objects.filter(Q(pk__in=attended) | Q(organiser=person_id)).values("pk")
    met = Attendee.objects.filter(meeting__in=theirs).values("person")
    organisers = Meeting.objects.filter(pk__in=theirs).values("organiser")
    return Q(pk__in=met) | Q(pk__in=organisers)


def person_name(person_id: int) -> str:
    """Raises Person.DoesNotExist."""
    return Person.objects.values_list("name", flat=True).get(pk=person_id)
