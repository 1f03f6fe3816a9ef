"""The whole search: request → question → answer, with the rows that the answer names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from convenor.base.actor import Actor
from convenor.base.permissions import may
from convenor.kernel.find_times.answer import Answer
from convenor.kernel.find_times.busy_table import BusyTable
from convenor.kernel.find_times.question import Group, Hours, Person, Question, Room, RoomNeed
from convenor.kernel.find_times.search import find_times
from convenor.kernel.instants import Instant, Span, instant_of
from convenor.scheduling.queries.find_time.people import BusyTime, Invited, busy_time, invited_for
from convenor.scheduling.queries.find_time.rooms import Facts, room_facts, rooms_busy, rooms_of
from convenor.scheduling.queries.prepared import Prepared
from convenor.scheduling.requests import FindTimeRequest, RoomWanted
from convenor.venues.models import Equipment, Site
from convenor.venues.queries.sites import travel_minutes

DAY = 86_400
LOOK_AHEAD_DAYS = 7  # how far beyond the windows "until …" may be proposed


@dataclass(frozen=True, slots=True)
class Sites:
    """Names and currencies by code, codes by primary key."""

    codes: dict[int, str]
    names: dict[str, str]
    currencies: dict[str, str]


@dataclass(frozen=True, slots=True)
class FoundTimes:
    """The kernel's answer, with what is behind its keys: people by e-mail, rooms, sites and equipment by code.

    Currencies are "" where they aren't known, or where amounts in several would be added up.
    """

    request: FindTimeRequest
    answer: Answer
    people: dict[str, Person]
    rooms: dict[str, Room]
    person_ids: dict[str, int]
    room_ids: dict[str, int]
    sites: Sites
    equipment: dict[str, str]
    currency: str

    def names(self, keys: Iterable[str]) -> list[str]:
        return [self.people[key].name for key in keys]

    def room_names(self, keys: Iterable[str]) -> list[str]:
        return [self.rooms[key].name for key in keys]

    def room_currency(self, keys: Iterable[str]) -> str:
        """The one in which all these rooms are charged."""
        found = {self.sites.currencies.get(self.rooms[key].site or "", "") for key in keys}
        return found.pop() if len(found) == 1 else ""


def find_time_for(actor: Actor, request: FindTimeRequest, *, now: datetime) -> FoundTimes:
    """The best slots for the request, or why there is none; the same on screen, in the command and the API.

    Names nobody and nothing that the actor may not see. Raises Person.DoesNotExist, and BadQuestion for windows too long.
    """
    facts = room_facts() if request.room and may(actor, "venue.see") else []
    sites = _sites()
    search = _Search(actor, request, facts, _travel(sites), now)
    near, known = _spans(request)
    invited = invited_for(actor, request.person_ids, near)
    question = search.question(invited, near)
    return FoundTimes(
        request=request,
        answer=find_times(question, lambda: search.whole_question(known)),
        people={person.key: person for person in question.people},
        rooms={room.key: room for room in question.rooms},
        person_ids=dict(zip((person.key for person in question.people), invited.ids, strict=True)),
        room_ids={row[1]: row[0] for row in facts},
        sites=sites,
        equipment=_equipment_names(request),
        currency=invited.currency,
    )


def _spans(request: FindTimeRequest) -> tuple[Span, Span]:
    """The time that slots depend on: the windows, the later weeks, a day beside for travel and buffers. And what the why depends on."""
    start = min(window.start for window in request.windows) - DAY
    end = max(window.end for window in request.windows) + 7 * (request.weeks - 1) * DAY
    near, known = Instant(end + DAY), Instant(end + LOOK_AHEAD_DAYS * DAY)
    return Span(Instant(start), near), Span(Instant(start), known)


@dataclass(frozen=True, slots=True)
class _Search:
    """Makes the question: first of the calendars near the windows, which is enough to find slots; for the why, the whole one."""

    actor: Actor
    request: FindTimeRequest
    facts: list[Facts]
    travel: dict[tuple[str, str], int]
    now: datetime

    def busy(self, invited: Invited, span: Span) -> BusyTime:
        return busy_time(
            self.actor,
            invited,
            span,
            ignoring_meeting=self.request.ignoring_meeting,
            with_sites=bool(self.travel and self.request.room),
        )

    def whole_question(self, known: Span) -> Question:
        """With calendars a little beyond the windows, and which meetings are movable."""
        invited = invited_for(self.actor, self.request.person_ids, known)
        busy = self.busy(invited, known).table_with_movables
        return replace(self.question(invited, known, busy), known=known)

    def question(self, invited: Invited, span: Span, busy: BusyTable | None = None) -> Question:
        request, room = self.request, self.request.room
        ignoring = request.ignoring_meeting
        return Question(
            people=invited.people,
            required=invited.keys(request.required_ids),
            optional=invited.keys(request.optional_ids),
            groups=tuple(Group(invited.keys(g.person_ids), g.at_least, g.name) for g in request.groups),
            minutes=request.minutes,
            windows=request.windows,
            now=instant_of(self.now),
            zone=request.zone,
            step_minutes=request.step_minutes,
            rooms=rooms_of(self.facts, room, span, self.now) if room else (),
            room_need=_need(room, self.facts) if room else None,
            buffer_minutes_before=request.buffer_minutes_before,
            buffer_minutes_after=request.buffer_minutes_after,
            travel=self.travel,
            hours=_hours(request),
            out_of_hours_allowed=request.out_of_hours_allowed,
            weeks=request.weeks,
            limit=request.limit,
            people_busy=self.busy(invited, span).table if busy is None else busy,
            rooms_busy=rooms_busy(self.facts, span, ignoring_meeting=ignoring) if room else None,
        )


def _hours(request: FindTimeRequest) -> Hours | None:
    if request.earliest is None or request.latest is None:
        return None
    return Hours(request.earliest, request.latest)


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


def _sites() -> Sites:
    rows = _SITES.rows()
    return Sites(
        codes={pk: code for pk, code, _name, _currency in rows},
        names={code: name for _pk, code, name, _currency in rows},
        currencies={code: currency for _pk, code, _name, currency in rows},
    )


def _travel(sites: Sites) -> dict[tuple[str, str], int]:
    """Minutes by the codes of the sites, which are the kernel's keys."""
    codes = sites.codes
    return {(codes[origin], codes[target]): minutes for (origin, target), minutes in travel_minutes().items()}


def _equipment_names(request: FindTimeRequest) -> dict[str, str]:
    wanted = request.room.equipment if request.room else {}
    return dict(Equipment.objects.filter(code__in=list(wanted)).values_list("code", "name")) if wanted else {}


_SITES = Prepared(lambda: Site.objects.order_by().values_list("pk", "code", "name", "currency"))
