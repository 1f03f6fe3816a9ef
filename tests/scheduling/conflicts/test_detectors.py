"""The detectors against tables and a brute-force oracle, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convenor.kernel.instants import HOUR, MINUTE, Instant, Span
from convenor.scheduling.enums import AttendeeRole, BookingState, ConflictKind, Severity
from convenor.scheduling.rules.conflicts import people, rooms
from convenor.scheduling.rules.conflicts.facts import (
    Attending,
    BookingFacts,
    Facts,
    OccurrenceFacts,
    OwnBusy,
    PersonFacts,
    Shut,
    SiteFacts,
)
from convenor.scheduling.rules.conflicts.found import Found
from convenor.scheduling.rules.room import RoomFacts, SetupFacts
from tests.scheduling.conflicts.situations import (
    BUCHAREST,
    CHAIR,
    NOW,
    OPTIONAL,
    REQUIRED,
    at,
    keys,
    span,
    timeline,
)

# Double bookings


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ([(0, 1), (1, 2)], []),
        ([(0, 2), (1, 3)], [(1, 2)]),
        ([(0, 3), (1, 2), (1, 2)], [(1, 2, 3)]),  # three at once are one, not three pairs
        ([(0, 2), (1, 4), (3, 5)], [(1, 2), (2, 3)]),  # of a chain, each link is one
        ([(0, 10), (1, 2), (3, 4)], [(1, 2), (1, 3)]),
    ],
)
def test_what_is_at_once(items: list[tuple[int, int]], expected: list[tuple[int, ...]]) -> None:
    facts = timeline(*(at(key, *times) for key, times in enumerate(items, 1)))
    assert keys(people.double_bookings(facts)) == expected


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 8)), max_size=9))
@settings(max_examples=150, deadline=None)
def test_at_once_is_every_largest_set_that_shares_time(pieces: list[tuple[int, int]]) -> None:
    spans = [span(start, start + hours) for start, hours in pieces]
    sharing = [
        chosen
        for size in range(2, len(spans) + 1)
        for chosen in combinations(range(len(spans)), size)
        if max(spans[i].start for i in chosen) < min(spans[i].end for i in chosen)
    ]
    largest = {chosen for chosen in sharing if not any(set(chosen) < set(other) for other in sharing)}
    found = list(people.at_once(spans))
    assert {places for places, _ in found} == largest
    assert len(found) == len(largest)
    for places, common in found:
        assert common == Span(max(spans[i].start for i in places), min(spans[i].end for i in places))


@pytest.mark.parametrize(
    ("roles", "severity"),
    [
        ((REQUIRED, CHAIR), Severity.SERIOUS),
        ((REQUIRED, OPTIONAL), Severity.WARNING),
        ((OPTIONAL, OPTIONAL), Severity.NOTICE),
        ((OPTIONAL, REQUIRED, REQUIRED), Severity.SERIOUS),
    ],
)
def test_how_bad_a_double_booking_is(roles: tuple[AttendeeRole, ...], severity: Severity) -> None:
    (found,) = people.double_bookings(
        timeline(*(at(key, 0, 1, role=role) for key, role in enumerate(roles, 1)))
    )
    assert found.severity == severity


def test_a_persons_own_calendar_collides_unless_it_repeats_our_invitation() -> None:
    dentist, copy = OwnBusy(span(0, 1), "dentist", "d"), OwnBusy(span(0, 1), "m1", "c")
    (found,) = people.double_bookings(timeline(at(1, 0, 1), own=(dentist, copy)))
    assert (found.occurrence_ids, found.severity, found.facts["own"]) == ((1,), Severity.WARNING, 1)
    assert list(people.double_bookings(timeline(at(1, 0, 1), own=(copy,)))) == []
    assert list(people.double_bookings(timeline(own=(dentist, copy)))) == []


# Travel


@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(1, 6), st.sampled_from([None, 1, 2, 3])), max_size=8),
    st.integers(0, 6),
)
@settings(max_examples=200, deadline=None)
def test_travel_is_short_between_neighbours_at_different_sites(
    pieces: list[tuple[int, int, int | None]], hours: int
) -> None:
    items = [at(key, s / 2, (s + n) / 2, site_id=site) for key, (s, n, site) in enumerate(pieces, 1)]
    travel = {(1, 2): hours * 60, (2, 1): hours * 60, (2, 3): 45, (3, 2): 45}
    expected = set()
    placed = [item for item in items if item.site_id]
    for a in placed:
        for b in placed:
            gap = b.span.start - a.span.end
            between = any(a.span.end <= c.span.start and c.span.end <= b.span.start for c in placed)
            if 0 <= gap < travel.get((a.site_id or 0, b.site_id or 0), 0) * MINUTE and not between:
                expected.add((a.occurrence_id, b.occurrence_id))
    found = list(people.no_travel_times(replace(timeline(*items), travel=travel)))
    assert {each.occurrence_ids for each in found} == expected
    assert len(found) == len(expected)


def test_the_span_of_a_short_way_is_what_is_missed() -> None:
    facts = replace(timeline(at(1, 0, 1, site_id=1), at(2, 1.5, 3, site_id=2)), travel={(1, 2): 90})
    (found,) = people.no_travel_times(facts)
    assert (found.span, found.facts["free"], found.severity) == (span(1.5, 2.5), 30, Severity.WARNING)
    far = replace(facts, travel={(1, 2): 480})
    assert [each.severity for each in people.no_travel_times(far)] == [
        Severity.NOTICE
    ]  # nobody expects eight hours


# Occurrences and their people

PERSON = PersonFacts(1, BUCHAREST, home_site_id=7, working=(span(0, 8),))


def occurrence(*attending: tuple[int, AttendeeRole], **fields: Any) -> OccurrenceFacts:
    values: dict[str, Any] = {"id": 5, "meeting_id": 5, "span": span(1, 2), "organiser_id": 9}
    return OccurrenceFacts(**values | fields, attending=tuple(Attending(*each) for each in attending))


def around(*occurrences: OccurrenceFacts, **fields: Any) -> Facts:
    return Facts(now=NOW, occurrences=occurrences, **fields)


@pytest.mark.parametrize(
    ("role", "severity"),
    [(CHAIR, Severity.SERIOUS), (REQUIRED, Severity.WARNING), (OPTIONAL, Severity.NOTICE)],
)
def test_somebody_is_away(role: AttendeeRole, severity: Severity) -> None:
    facts = around(occurrence((1, role)), people={1: replace(PERSON, leave=(span(0, 24),))})
    (found,) = people.people_away(facts)
    assert (found.person_id, found.severity) == (1, severity)
    assert list(people.people_away(around(occurrence((1, role)), people={1: PERSON}))) == []


def test_an_organiser_on_leave_is_serious_even_where_they_dont_attend() -> None:
    facts = around(occurrence(organiser_id=1), people={1: replace(PERSON, leave=(span(0, 24),))})
    assert [each.severity for each in people.people_away(facts)] == [Severity.SERIOUS]


def test_an_organiser_or_chair_is_gone_but_other_attendees_dont_count() -> None:
    gone = {key: replace(PERSON, id=key, is_active=False) for key in (1, 2, 9)}
    found = list(people.people_gone(around(occurrence((1, CHAIR), (2, REQUIRED)), people=gone)))
    assert [(each.person_id, each.facts["chairs"]) for each in found] == [(1, True), (9, False)]


def test_a_holiday_is_told_once_for_each_site() -> None:
    off = {
        key: replace(PERSON, id=key, home_site_id=site, holidays=(span(0, 24),))
        for key, site in [(1, 7), (2, 7), (3, 8)]
    }
    facts = around(occurrence((1, REQUIRED), (2, REQUIRED), (3, OPTIONAL)), people=off | {9: PERSON})
    found = list(people.holidays(facts))
    assert [(each.site_id, each.facts["people"], each.severity) for each in found] == [
        (7, [1, 2], Severity.WARNING),
        (8, [3], Severity.NOTICE),
    ]


def test_out_of_hours_names_the_people_and_leaves_out_who_is_away() -> None:
    crew = {
        1: PERSON,
        2: replace(PERSON, id=2, working=(span(3, 8),)),
        3: replace(PERSON, id=3, working=(), leave=(span(0, 24),)),
    }
    asked = ((1, REQUIRED), (2, OPTIONAL), (3, REQUIRED))
    (found,) = people.out_of_hours(around(occurrence(*asked), people=crew))
    assert (found.facts["people"], found.severity) == ([2], Severity.NOTICE)
    assert list(people.out_of_hours(around(occurrence(*asked, all_day=True), people=crew))) == []


@pytest.mark.parametrize(
    ("hours", "severity"),  # in Bucharest, two hours later than these
    [
        ((4, 5), Severity.WARNING),
        ((5, 6), Severity.NOTICE),
        ((17, 18), Severity.NOTICE),
        ((17.5, 18.5), Severity.WARNING),
    ],
)
def test_before_seven_and_after_eight_in_the_evening_is_worse(
    hours: tuple[float, float], severity: Severity
) -> None:
    late = occurrence((1, REQUIRED), span=span(hours[0] + 16, hours[1] + 16))  # from midnight UTC
    (found,) = people.out_of_hours(around(late, people={1: replace(PERSON, working=())}))
    assert found.severity == severity


# Rooms

ROOM = RoomFacts(
    3,
    "R3",
    "Atlas",
    7,
    BUCHAREST,
    setups=(SetupFacts("boardroom", 8, is_default=True), SetupFacts("theatre", 20)),
)
BOOKED = BookingFacts(11, 3)


def in_room(booking: BookingFacts = BOOKED, room: RoomFacts = ROOM, **fields: Any) -> Facts:
    of_facts = {name: fields.pop(name) for name in ("closures", "sites", "people") if name in fields}
    return around(occurrence(bookings=(booking,), **fields), rooms={3: room}, **of_facts)


def test_a_closed_and_a_retired_room() -> None:
    closed = {3: [Shut(span(1.5, 9), 2, "Paint"), Shut(span(20, 22), 1, "Lift")]}
    (found,) = rooms.rooms_closed(in_room(closures=closed))
    assert (found.room_id, found.facts["reason"]) == (3, "Paint")
    assert list(rooms.rooms_closed(in_room(closures={3: [Shut(span(2, 3), 2, "Paint")]}))) == []
    (found,) = rooms.rooms_closed(in_room(room=replace(ROOM, is_active=False)))
    assert found.facts["retired"] is True


@pytest.mark.parametrize(
    ("headcount", "style", "severity"),
    [
        (8, "", None),
        (9, "", Severity.SERIOUS),
        (9, "theatre", None),
        (21, "theatre", Severity.SERIOUS),
        (9, "banquet", Severity.SERIOUS),
    ],
)
def test_seats_count_in_the_set_up_that_is_booked(
    headcount: int, style: str, severity: Severity | None
) -> None:
    found = list(rooms.rooms_too_small(in_room(replace(BOOKED, style=style), headcount=headcount)))
    assert [each.severity for each in found] == ([severity] if severity else [])


def test_without_a_headcount_those_who_may_come_are_counted() -> None:
    crowd = [(key, REQUIRED) for key in range(20, 29)]
    few = around(occurrence(*crowd[:8], bookings=(BOOKED,)), rooms={3: ROOM})
    many = around(occurrence(*crowd, bookings=(BOOKED,)), rooms={3: ROOM})
    assert list(rooms.rooms_too_small(few)) == []
    assert [each.severity for each in rooms.rooms_too_small(many)] == [Severity.WARNING]


def test_equipment_counts_in_the_room_and_what_is_booked_besides() -> None:
    room = replace(ROOM, equipment={"screen": 1})
    needed = {"screen": 2, "camera": 1}
    (found,) = rooms.rooms_unequipped(in_room(room=room, equipment_needed=needed))
    assert found.facts["missing"] == {"camera": 1, "screen": 1}
    brought = (BOOKED, BookingFacts(12, None, "camera", 1), BookingFacts(13, None, "screen", 1))
    facts = around(occurrence(bookings=brought, equipment_needed=needed), rooms={3: room})
    assert list(rooms.rooms_unequipped(facts)) == []


def test_a_shut_site() -> None:
    site = SiteFacts(7, BUCHAREST, open=(span(0, 1.5), span(1.5, 8)))
    assert list(rooms.sites_shut(in_room(sites={7: site}))) == []
    assert len(list(rooms.sites_shut(in_room(sites={7: replace(site, open=(span(0, 1.5),))})))) == 1
    holiday = replace(site, holidays=((datetime(2026, 11, 30).date(), span(0, 24)),))
    (found,) = rooms.sites_shut(in_room(sites={7: holiday}))
    assert (found.site_id, found.facts["holiday"]) == (7, "2026-11-30")
    theirs = {9: replace(PERSON, id=9, holidays=(span(0, 24),))}
    assert (
        list(rooms.sites_shut(in_room(sites={7: holiday}, people=theirs))) == []
    )  # told as their holiday already


def test_an_all_day_meeting_needs_a_day_on_which_the_site_opens() -> None:
    site = SiteFacts(7, BUCHAREST, open=(span(8, 9),))
    assert list(rooms.sites_shut(in_room(sites={7: site}, all_day=True, span=span(0, 24)))) == []
    assert (
        len(
            list(rooms.sites_shut(in_room(sites={7: replace(site, open=())}, all_day=True, span=span(0, 24))))
        )
        == 1
    )


@pytest.mark.parametrize(
    ("state", "hours", "severity"),
    [
        (BookingState.HELD, 49, None),
        (BookingState.HELD, 48, Severity.WARNING),
        (BookingState.HELD, 24, Severity.SERIOUS),
        (BookingState.HELD, 0, None),  # run out: nobody's any more
        (BookingState.PENDING, 121, None),
        (BookingState.PENDING, 120, Severity.WARNING),
        (BookingState.PENDING, 3, Severity.SERIOUS),
        (BookingState.CONFIRMED, 3, None),
    ],
)
def test_bookings_about_to_run_out(state: BookingState, hours: int, severity: Severity | None) -> None:
    held = state == BookingState.HELD
    booking = replace(BOOKED, state=state, hold_expires=Instant(NOW + hours * HOUR) if held else None)
    found = list(
        rooms.bookings_expiring(in_room(booking, span=span(200, 201) if held else span(hours, hours + 1)))
    )
    assert [each.severity for each in found] == ([severity] if severity else [])


def test_a_fingerprint_is_of_the_trouble_and_not_of_its_details() -> None:
    found = Found(
        kind=ConflictKind.ROOM_CLOSED,
        severity=Severity.SERIOUS,
        span=span(0, 1),
        occurrence_ids=(1, 2),
        room_id=3,
    )
    same = replace(found, severity=Severity.NOTICE, span=span(1, 2), facts={"a": 1}, occurrence_ids=(2, 1))
    assert same.fingerprint == found.fingerprint
    assert len(found.fingerprint) == 64
    others = [
        replace(found, kind="x"),
        replace(found, room_id=4),
        replace(found, occurrence_ids=(1,)),
        replace(found, mark="x"),
    ]
    assert len({each.fingerprint for each in [found, *others]}) == 5
