"""A meeting that matters more takes a room, and the other gets a new place in the same step."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from convenor.base.actor import Actor
from convenor.base.models import AuditEntry, OutboxMessage
from convenor.base.permissions import Refused
from convenor.people.models import Person
from convenor.scheduling.actions.booking import book_room
from convenor.scheduling.actions.displacing import NewPlace, displace
from convenor.scheduling.drafts import AttendeeDraft
from convenor.scheduling.enums import AttendeeRole, Priority
from convenor.scheduling.models import Booking, Meeting, Occurrence
from convenor.scheduling.queries.displacing import in_the_way_for
from convenor.scheduling.rules.displacing import NOTICE, TABLE, Ground, Standing, may_displace
from convenor.venues.models import Room
from tests.factories.cast import actor_of, alice, bob, charlie
from tests.factories.people import MemberFactory
from tests.factories.scheduling import NOW, check_house, make_meeting, utc
from tests.factories.venues import RoomFactory

STANDINGS = st.builds(
    Standing,
    priority=st.integers(1, 4),
    seniority=st.integers(1, 5),
    is_movable=st.booleans(),
    has_guests=st.booleans(),
    starts_at=st.timedeltas(timedelta(0), timedelta(days=3)).map(lambda by: NOW + by),
)


@given(STANDINGS, STANDINGS)
def test_the_rule(ours: Standing, theirs: Standing) -> None:
    """The plainest reading of docs/priority.md."""
    protected = (
        theirs.starts_at < NOW + NOTICE
        or not theirs.is_movable
        or (theirs.has_guests and ours.priority != Priority.EXECUTIVE)
    )
    above = (ours.priority, ours.seniority) > (theirs.priority, theirs.seniority) and ours.priority >= 3
    assert may_displace(ours, theirs, NOW).may == (above and not protected)


@given(STANDINGS, STANDINGS)
def test_nobody_displaces_back(ours: Standing, theirs: Standing) -> None:
    assert not (may_displace(ours, theirs, NOW).may and may_displace(theirs, ours, NOW).may)


def test_the_page_shows_the_table() -> None:
    page = (Path(__file__).parents[2] / "docs" / "priority.md").read_text(encoding="utf-8")
    shown = re.findall(r"^\| `(\w+)` \| .* \| (yes|no) \|$", page, re.MULTILINE)
    assert shown == [(ground.value, "yes" if may else "no") for ground, may, _holds in TABLE]
    assert {ground for ground, _may, _holds in TABLE} == set(Ground)


@pytest.fixture
def room() -> Room:
    made = RoomFactory.create(capacity=8)
    assert isinstance(made, Room)
    return made


@pytest.fixture
def other(room: Room) -> Room:
    made = RoomFactory.create(site=room.site, capacity=8)
    assert isinstance(made, Room)
    return made


def place(occurrence: Occurrence, room: Room | None, by: timedelta = timedelta(hours=3)) -> NewPlace:
    return NewPlace(
        occurrence.pk,
        Meeting.objects.get(pk=occurrence.meeting_id).version,
        occurrence.starts_at + by,
        occurrence.ends_at + by,
        room.pk if room else None,
    )


def once(meeting: Meeting) -> Occurrence:
    return meeting.occurrences.get()


def rooms_of(occurrence: Occurrence) -> list[str]:
    rows = Booking.objects.filter(occurrence=occurrence).exclude(state="released")
    return sorted(rows.values_list("room__code", flat=True))


def two(room: Room, **theirs: Any) -> tuple[Person, Occurrence, Occurrence]:
    """An executive meeting without a room, and Bob's that has it."""
    a, b = alice(home_site=room.site), bob(home_site=room.site)
    low = make_meeting(b, people=[b], room=room, title="Weekly", **theirs).meeting
    high = make_meeting(a, people=[a], title="Board", priority=Priority.EXECUTIVE).meeting
    return a, once(high), once(low)


@pytest.mark.django_db
def test_both_get_their_places_at_once(room: Room, other: Room) -> None:
    a, ours, theirs = two(room)
    version = ours.meeting.version
    displace(
        actor=actor_of(a), occurrence_id=ours.pk, version=version, room_id=room.pk,
        places=[place(theirs, other)], now=NOW,
    )  # fmt: skip
    theirs.refresh_from_db()
    assert (rooms_of(ours), rooms_of(theirs)) == ([room.code], [other.code])
    assert theirs.starts_at == utc("2026-12-07 11:00")
    check_house()
    entry = AuditEntry.objects.get(action="meeting.displaced")
    assert (entry.object_id, entry.after["displaced_by"]) == (theirs.meeting_id, ours.meeting_id)


@pytest.mark.django_db
def test_who_is_displaced_is_told(room: Room, other: Room) -> None:
    a, b, member = alice(home_site=room.site), bob(home_site=room.site), MemberFactory.create()
    theirs = once(make_meeting(b, people=[b, member], room=room, title="Weekly").meeting)
    ours = once(make_meeting(a, people=[a], title="Board", priority=Priority.EXECUTIVE).meeting)
    OutboxMessage.objects.all().delete()
    displace(
        actor=actor_of(a), occurrence_id=ours.pk, version=ours.meeting.version, room_id=room.pk,
        places=[place(theirs, None)], now=NOW,
    )  # fmt: skip
    told = {
        each.payload["meeting_id"]: each.payload for each in OutboxMessage.objects.filter(kind="invitation")
    }
    assert told[theirs.meeting_id]["person_ids"] == [member.pk]
    assert rooms_of(theirs) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "ground"),
    [
        ({"is_movable": False}, Ground.FIXED),
        ({"priority": Priority.EXECUTIVE}, Ground.NOT_ABOVE),
    ],
)
def test_what_the_rule_protects_stays(
    room: Room, other: Room, fields: dict[str, Any], ground: Ground
) -> None:
    a, ours, theirs = two(room, **fields)
    (way,) = in_the_way_for(actor_of(a), ours.pk, room.pk, now=NOW)
    assert (way.verdict.ground, way.offers) == (ground, ())
    with pytest.raises(ValidationError):
        displace(
            actor=actor_of(a), occurrence_id=ours.pk, version=ours.meeting.version, room_id=room.pk,
            places=[place(theirs, other)], now=NOW,
        )  # fmt: skip
    assert (rooms_of(ours), rooms_of(theirs)) == ([], [room.code])


@pytest.mark.django_db
def test_without_a_new_place_or_with_a_taken_one_nothing_changes(room: Room, other: Room) -> None:
    a, ours, theirs = two(room)
    make_meeting(a, room=other, title="In the way", local_start=ours.meeting.local_start)
    for places in ([], [place(theirs, other, timedelta(0))]):
        with pytest.raises(ValidationError):
            displace(
                actor=actor_of(a), occurrence_id=ours.pk, version=ours.meeting.version, room_id=room.pk,
                places=places, now=NOW,
            )  # fmt: skip
    theirs.refresh_from_db()
    assert (rooms_of(ours), rooms_of(theirs)) == ([], [room.code])
    assert theirs.starts_at == utc("2026-12-07 08:00")


@pytest.mark.django_db
def test_offers_are_free_and_never_the_place_that_is_taken_away(room: Room, other: Room) -> None:
    a, ours, _theirs = two(room)
    (way,) = in_the_way_for(actor_of(a), ours.pk, room.pk, now=NOW)
    assert (way.title, way.verdict.ground) == ("Weekly", Ground.PRIORITY)
    assert way.offers
    for offer in way.offers:
        assert offer.room_id in {room.pk, other.pk}
        assert offer.room_id != room.pk or offer.ends_at <= ours.starts_at or offer.starts_at >= ours.ends_at


@pytest.mark.django_db
def test_guests_from_outside_are_protected_from_all_but_executives(room: Room) -> None:
    a, guest = alice(home_site=room.site), charlie()
    low = make_meeting(a, people=[guest], room=room).meeting
    high = make_meeting(a, title="Urgent", priority=Priority.HIGH).meeting
    (way,) = in_the_way_for(actor_of(a), once(high).pk, room.pk, now=NOW)
    assert (way.occurrence_id, way.verdict.ground) == (once(low).pk, Ground.HAS_GUESTS)


@pytest.mark.django_db
def test_a_private_meeting_is_hidden_and_safe_from_who_may_not_read_it(room: Room, other: Room) -> None:
    a, b = alice(home_site=room.site), bob(home_site=room.site)
    secret = make_meeting(a, people=[a], room=room, title="Salaries", is_private=True).meeting
    ours = once(make_meeting(b, title="Launch", priority=Priority.EXECUTIVE).meeting)
    (way,) = in_the_way_for(actor_of(b), ours.pk, room.pk, now=NOW)
    assert (way.title, way.organiser_name, way.offers) == ("", "", ())
    with pytest.raises(Meeting.DoesNotExist):
        displace(
            actor=actor_of(b), occurrence_id=ours.pk, version=ours.meeting.version, room_id=room.pk,
            places=[place(once(secret), other)], now=NOW,
        )  # fmt: skip
    assert rooms_of(once(secret)) == [room.code]


@pytest.mark.django_db
def test_only_who_may_change_ours_displaces_for_it(room: Room, other: Room) -> None:
    _a, ours, theirs = two(room)
    with pytest.raises(Refused):
        displace(
            actor=actor_of(theirs.meeting.organiser), occurrence_id=ours.pk, version=ours.meeting.version,
            room_id=room.pk, places=[place(theirs, other)], now=NOW,
        )  # fmt: skip
    outsider = charlie()
    with pytest.raises(Occurrence.DoesNotExist):
        in_the_way_for(actor_of(outsider), ours.pk, room.pk, now=NOW)


@pytest.mark.django_db
def test_the_senior_of_two_high_ones_wins_by_its_chair(room: Room) -> None:
    junior, chair = bob(home_site=room.site), MemberFactory.create(seniority=5, home_site=room.site)
    make_meeting(junior, people=[junior], room=room, priority=Priority.HIGH)
    drafts = (AttendeeDraft(chair.pk, AttendeeRole.CHAIR),)
    ours = once(make_meeting(junior, attendees=drafts, title="Crisis", priority=Priority.HIGH).meeting)
    (way,) = in_the_way_for(actor_of(junior), ours.pk, room.pk, now=NOW)
    assert way.verdict.ground == Ground.SENIORITY


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (timedelta(days=-20), timedelta(days=-20), "past"),
        (timedelta(hours=3), timedelta(hours=3, minutes=-50), "as long"),
        (timedelta(hours=3), timedelta(days=3), "as long"),
    ],
)
def test_who_is_displaced_keeps_their_length_and_a_time_to_come(
    room: Room, other: Room, start: timedelta, end: timedelta, words: str
) -> None:
    """Whoever displaces has no say over the other meeting but where it goes."""
    a, ours, theirs = two(room)
    new = NewPlace(
        theirs.pk, theirs.meeting.version, theirs.starts_at + start, theirs.ends_at + end, other.pk
    )
    with pytest.raises(ValidationError, match=words) as caught:
        displace(
            actor=actor_of(a), occurrence_id=ours.pk, version=ours.meeting.version, room_id=room.pk,
            places=[new], now=NOW,
        )  # fmt: skip
    assert set(caught.value.message_dict) == {"places"}
    theirs.refresh_from_db()
    assert (rooms_of(ours), rooms_of(theirs)) == ([], [room.code])
    assert theirs.starts_at == utc("2026-12-07 08:00")


@pytest.mark.django_db
def test_its_further_rooms_stay_where_nobody_wants_them(room: Room, other: Room) -> None:
    """Displaced out of one of two rooms within its own time, it keeps the other one."""
    a, ours, theirs = two(room)
    further = RoomFactory.create(site=room.site, capacity=8)
    book_room(actor=Actor.system("t"), occurrence_id=theirs.pk, room_id=further.pk, now=NOW)
    displace(
        actor=actor_of(a), occurrence_id=ours.pk, version=ours.meeting.version, room_id=room.pk,
        places=[place(theirs, other, timedelta(0))], now=NOW,
    )  # fmt: skip
    assert rooms_of(ours) == [room.code]
    assert rooms_of(theirs) == sorted([other.code, further.code])
    check_house()
