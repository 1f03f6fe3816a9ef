"""The whole search: request → question → answer, with the rows that the answer names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from convenor.base.actor import Actor
from convenor.kernel.find_times.answer import Answer
from convenor.kernel.find_times.question import Group, Hours, Person, Question, Room, RoomNeed
from convenor.kernel.find_times.search import find_times
from convenor.kernel.instants import Instant, Span, instant_of
from convenor.scheduling.queries.find_time.people import Invited, busy_table, invited_for
from convenor.scheduling.queries.find_time.rooms import Facts, room_facts, rooms_busy, rooms_of
from convenor.scheduling.requests import FindTimeRequest, RoomWanted
from convenor.venues.models import Site
from convenor.venues.queries.sites import travel_minutes

DAY = 86_400
LOOK_AHEAD_DAYS = 7  # how far beyond the windows "until …" may be proposed


@dataclass(frozen=True, slots=True)
class FoundTimes:
    """The kernel's answer, with the names behind its keys: people by e-mail, rooms by code."""

    request: FindTimeRequest
    answer: Answer
    people: dict[str, Person]
    rooms: dict[str, Room]
    person_ids: dict[str, int]
    room_ids: dict[str, int]


def find_time_for(actor: Actor, request: FindTimeRequest, *, now: datetime) -> FoundTimes:
    """The best slots for the request, or why there is none; the same on screen, in the command and the API."""
    known = _known(request)
    invited = invited_for(actor, request.person_ids, known)
    facts = room_facts() if request.room else []
    question = _question(actor, request, invited, facts, known, now)
    return FoundTimes(
        request=request,
        answer=find_times(question),
        people={person.key: person for person in question.people},
        rooms={room.key: room for room in question.rooms},
        person_ids=dict(zip((person.key for person in question.people), invited.ids, strict=True)),
        room_ids={row[1]: row[0] for row in facts},
    )


def _known(request: FindTimeRequest) -> Span:
    """The time over which calendars are read: the windows, the later weeks, and a little further."""
    start = min(window.start for window in request.windows)
    end = max(window.end for window in request.windows)
    ahead = (LOOK_AHEAD_DAYS + 7 * (request.weeks - 1)) * DAY
    return Span(Instant(start - DAY), Instant(end + ahead))


def _question(
    actor: Actor, request: FindTimeRequest, invited: Invited, facts: list[Facts], known: Span, now: datetime
) -> Question:
    ignoring = request.ignoring_meeting
    room = request.room
    return Question(
        people=invited.people,
        required=invited.keys(request.required_ids),
        optional=invited.keys(request.optional_ids),
        groups=tuple(Group(invited.keys(g.person_ids), g.at_least, g.name) for g in request.groups),
        minutes=request.minutes,
        windows=request.windows,
        now=instant_of(now),
        zone=request.zone,
        step_minutes=request.step_minutes,
        rooms=rooms_of(facts, room, known, now) if room else (),
        room_need=_need(room, facts) if room else None,
        buffer_minutes_before=request.buffer_minutes_before,
        buffer_minutes_after=request.buffer_minutes_after,
        travel=_travel(),
        hours=Hours(request.earliest, request.latest) if request.earliest and request.latest else None,
        out_of_hours_allowed=request.out_of_hours_allowed,
        weeks=request.weeks,
        limit=request.limit,
        people_busy=busy_table(actor, invited, known, ignoring_meeting=ignoring),
        rooms_busy=rooms_busy(facts, known, ignoring_meeting=ignoring) if room else None,
        known=known,
    )


def _need(wanted: RoomWanted, facts: list[Facts]) -> RoomNeed:
    site_codes = frozenset(
        row[4] for row in facts if wanted.site_ids is not None and row[3] in wanted.site_ids
    )
    room_codes = frozenset(
        row[1] for row in facts if wanted.room_ids is not None and row[0] in wanted.room_ids
    )
    return RoomNeed(
        headcount=wanted.headcount,
        style=wanted.style or None,
        equipment=wanted.equipment,
        sites=None if wanted.site_ids is None else site_codes,
        accessible=wanted.accessible,
        rooms=None if wanted.room_ids is None else room_codes,
        one_per_site=wanted.one_per_site,
    )


def _travel() -> dict[tuple[str, str], int]:
    """Minutes by the codes of the sites, which are the kernel's keys."""
    codes = dict(Site.objects.values_list("pk", "code"))
    return {(codes[origin], codes[target]): minutes for (origin, target), minutes in travel_minutes().items()}
