"""Rooms: who may see and change them, how halls and their parts share space, and what bookings forbid."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ValidationError

from convenor.base.actor import Actor, Refused
from convenor.base.changes import sentences
from convenor.base.enums import Role
from convenor.base.models import AuditEntry
from convenor.venues import registry
from convenor.venues.actions.room import change_room, create_room, restore_room, retire_room
from convenor.venues.drafts import SetupDraft
from convenor.venues.models import BookableUnit, Room, Site
from convenor.venues.queries.rooms import room_by_code_for, room_for, rooms_for
from convenor.venues.registry import BookedHeadcount
from tests.factories.cast import actor_of, alice, bob, charlie
from tests.factories.people import UserFactory
from tests.factories.venues import EquipmentFactory, RoomEquipmentFactory, RoomFactory, SiteFactory

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
COORDINATOR = Actor(user_id=None, person_id=None, role=Role.COORDINATOR, name="Alice", is_system=True)


class Bookings:
    """A source of bookings, as an app above venues registers one."""

    def __init__(self) -> None:
        self.rows: list[BookedHeadcount] = []

    def add(self, room: Room, headcount: int = 0, style: str = "", title: str = "Sprint review") -> None:
        start = NOW + timedelta(days=6)
        self.rows.append(BookedHeadcount(start, start + timedelta(hours=1), room.pk, title, headcount, style))

    def ahead(self, room_ids: Collection[int], now: datetime) -> Sequence[BookedHeadcount]:
        return [row for row in self.rows if row.room_id in room_ids and row.ends_at > now]


@pytest.fixture
def bookings() -> Iterator[Bookings]:
    source, others = Bookings(), list(registry.booked_headcounts)
    registry.booked_headcounts[:] = [source.ahead]
    yield source
    registry.booked_headcounts[:] = others


def units(room: Room) -> set[int]:
    return set(room.units.values_list("pk", flat=True))


def refusal(error: pytest.ExceptionInfo[ValidationError]) -> dict[str, list[str]]:
    return sentences(error.value)


def test_staff_see_rooms_and_only_coordinators_change_them() -> None:
    room: Room = RoomFactory.create(capacity=8)
    coordinator, member, outsider = (actor_of(person) for person in (alice(), bob(), charlie()))
    assert list(rooms_for(coordinator)) == list(rooms_for(member)) == [room]
    assert room_by_code_for(member, room.code.lower()) == room
    change_room(actor=coordinator, room_id=room.pk, now=NOW, name="Danube")
    with pytest.raises(Refused):
        change_room(actor=member, room_id=room.pk, now=NOW, name="Mine")

    assert list(rooms_for(outsider)) == list(rooms_for(Actor.nobody())) == []
    with pytest.raises(Room.DoesNotExist):
        room_for(outsider, room.pk)
    for verb in (retire_room, change_room):
        with pytest.raises(Refused):
            verb(actor=outsider, room_id=room.pk, now=NOW)
    with pytest.raises(Refused):
        create_room(actor=outsider, now=NOW, site=room.site, code="X", name="X")
    room.refresh_from_db()
    assert (room.name, room.is_active) == ("Danube", True)


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_of_rooms_takes_four_queries(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for room in RoomFactory.create_batch(count, capacity=8):
        RoomEquipmentFactory.create(room=room)
    with django_assert_num_queries(4):
        rooms = list(rooms_for(COORDINATOR))
        shown = [
            (room.site.name, room.part_of, room.approver, [s.capacity for s in room.setups.all()],
             [e.equipment.name for e in room.equipment.all()], len(room.units.all()))
            for room in rooms
        ]  # fmt: skip
    assert len(shown) == count


def test_rooms_are_found_by_words() -> None:
    site: Site = SiteFactory.create(code="CLJ", name="Cluj-Napoca")
    danube: Room = RoomFactory.create(site=site, name="Danube", floor="2")
    RoomFactory.create(site=site, name="Mureș")
    RoomFactory.create(name="Danube")
    assert list(rooms_for(COORDINATOR, text="danube cluj")) == [danube]
    assert list(rooms_for(COORDINATOR, text="dan\x00ube", site=site)) == [danube]
    assert list(rooms_for(COORDINATOR, text="%")) == []


def test_a_new_room_has_a_space_set_ups_and_equipment_and_is_on_record() -> None:
    site: Site = SiteFactory.create()
    screen = EquipmentFactory.create(code="screen")
    room = create_room(
        actor=COORDINATOR,
        now=NOW,
        site=site,
        code=" B-1 ",
        name="Danube 🌊",
        setups=[SetupDraft("theatre", 40), SetupDraft("boardroom", 16, is_default=True)],
        equipment={screen.pk: 2},
    )
    assert (room.code, room.name, len(units(room))) == ("B-1", "Danube 🌊", 1)
    assert {s.style: (s.capacity, s.is_default) for s in room.setups.all()} == {
        "theatre": (40, False),
        "boardroom": (16, True),
    }
    assert [(e.equipment.code, e.quantity) for e in room.equipment.all()] == [("screen", 2)]
    assert list(AuditEntry.objects.order_by("pk").values_list("action", flat=True)) == [
        "room.created",
        "room.setups_set",
        "room.equipment_set",
    ]


def test_changing_nothing_leaves_no_trace() -> None:
    room: Room = RoomFactory.create(capacity=8)
    change_room(
        actor=COORDINATOR,
        room_id=room.pk,
        now=NOW,
        name=room.name,
        setups=[SetupDraft("boardroom", 8)],
        equipment={},
    )
    assert not AuditEntry.objects.exists()


def test_a_hall_is_the_union_of_its_parts() -> None:
    site: Site = SiteFactory.create()
    hall = create_room(actor=COORDINATOR, now=NOW, site=site, code="H", name="Hall")
    own = units(hall)
    left = create_room(actor=COORDINATOR, now=NOW, site=site, code="H1", name="Left", part_of=hall)
    right = create_room(actor=COORDINATOR, now=NOW, site=site, code="H2", name="Right", part_of=hall)
    corner = create_room(actor=COORDINATOR, now=NOW, site=site, code="H2a", name="Corner", part_of=right)

    assert units(right) == units(corner)
    assert units(hall) == units(left) | units(right)
    assert not units(left) & units(right)
    assert not BookableUnit.objects.get(pk__in=own).is_active

    change_room(actor=COORDINATOR, room_id=right.pk, now=NOW, part_of=None)
    assert units(hall) == units(left)
    change_room(actor=COORDINATOR, room_id=left.pk, now=NOW, part_of=None)
    assert units(hall)
    assert not units(hall) & (units(left) | units(right))


def test_a_booked_hall_can_not_be_divided(bookings: Bookings) -> None:
    hall: Room = RoomFactory.create(code="H")
    room: Room = RoomFactory.create(site=hall.site)
    bookings.add(hall)
    before = units(hall)
    with pytest.raises(ValidationError) as error:
        create_room(actor=COORDINATOR, now=NOW, site=hall.site, code="H1", name="Left", part_of=hall)
    assert refusal(error) == {
        "part_of": [
            "H can't be divided differently while it is booked:",
            "“Sprint review”, 7 December 2026 11:00",
        ]
    }
    with pytest.raises(ValidationError):
        change_room(actor=COORDINATOR, room_id=room.pk, now=NOW, part_of=hall)
    assert (units(hall), Room.objects.filter(part_of=hall).count()) == (before, 0)


def test_a_room_can_not_be_part_of_itself_or_of_another_site() -> None:
    hall: Room = RoomFactory.create()
    part = create_room(actor=COORDINATOR, now=NOW, site=hall.site, code="P", name="P", part_of=hall)
    for parent in (part, hall):
        with pytest.raises(ValidationError) as error:
            change_room(actor=COORDINATOR, room_id=hall.pk, now=NOW, part_of=parent)
        assert refusal(error) == {"part_of": ["A room can't be part of itself or of its own parts."]}
    with pytest.raises(ValidationError) as error:
        change_room(actor=COORDINATOR, room_id=part.pk, now=NOW, site=SiteFactory.create(name="Lisbon"))
    assert "part_of" in refusal(error)


def test_capacity_stays_above_bookings(bookings: Bookings) -> None:
    room: Room = RoomFactory.create(capacity=20)
    bookings.add(room, headcount=12)
    bookings.add(room, headcount=30, title="Too large before")
    change_room(actor=COORDINATOR, room_id=room.pk, now=NOW, setups=[SetupDraft("boardroom", 12)])
    with pytest.raises(ValidationError) as error:
        change_room(actor=COORDINATOR, room_id=room.pk, now=NOW, setups=[SetupDraft("boardroom", 11)])
    assert refusal(error) == {
        "setups": ["“Sprint review” on 7 December 2026 11:00 expects 12 people; there would be 11 seats."]
    }
    assert room.setups.get().capacity == 12


def test_a_style_that_is_booked_stays(bookings: Bookings) -> None:
    room: Room = RoomFactory.create(capacity=20)
    change_room(
        actor=COORDINATOR,
        room_id=room.pk,
        now=NOW,
        setups=[SetupDraft("boardroom", 20), SetupDraft("theatre", 50)],
    )
    bookings.add(room, headcount=45, style="theatre")
    with pytest.raises(ValidationError):
        change_room(actor=COORDINATOR, room_id=room.pk, now=NOW, setups=[SetupDraft("boardroom", 60)])


def test_a_booked_room_stays_in_use(bookings: Bookings) -> None:
    room: Room = RoomFactory.create(code="R1")
    for n in range(7):
        bookings.add(room, title=f"Meeting {n}")
    with pytest.raises(ValidationError) as error:
        retire_room(actor=COORDINATOR, room_id=room.pk, now=NOW)
    said = refusal(error)["is_active"]
    assert said[0] == "R1 is booked; move these bookings first:"
    assert said[-1] == "and 2 more."
    retired = retire_room(actor=COORDINATOR, room_id=room.pk, now=NOW + timedelta(days=30))
    assert not retired.is_active
    assert room not in rooms_for(COORDINATOR)
    assert restore_room(actor=COORDINATOR, room_id=room.pk).is_active


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"code": ""}, "code", "This field cannot be blank."),
        ({"code": "x" * 31}, "code", "Ensure this value has at most 30 characters (it has 31)."),
        ({"name": "Dan\x00ube"}, "name", "Character 4 is one that can't be kept (U+0000)."),
        ({"note": "\ud800"}, "note", "Character 1 is one that can't be kept (U+D800)."),
        ({"hourly_rate": -1}, "hourly_rate", "A rate can't be negative."),
        ({"turn_minutes": 5_000}, "turn_minutes", "At most 1440 minutes."),
        ({"longest_minutes": 0}, "longest_minutes", "A booking lasts at least a minute; leave this empty for no limit."),
        ({"approval_needed": True}, "approver", "A room that needs approval needs an approver."),
        ({"setups": [SetupDraft("boardroom", 0)]}, "setups", "A set-up seats from 1 to 100000 people."),
        ({"setups": [SetupDraft("sofa", 3)]}, "setups", "“sofa” is not a set-up style."),
        ({"setups": [SetupDraft("theatre", 3)] * 2}, "setups", "Theatre is there twice."),
        ({"equipment": {999_999: 1}}, "equipment", "There is no such equipment: 999999."),
    ],
)  # fmt: skip
def test_bad_input_gets_a_sentence_and_changes_nothing(
    fields: dict[str, Any], field: str, sentence: str
) -> None:
    site: Site = SiteFactory.create()
    given: dict[str, Any] = {"actor": COORDINATOR, "now": NOW, "site": site, "code": "R", "name": "Room"}
    with pytest.raises(ValidationError) as error:
        create_room(**given | fields)
    assert refusal(error)[field] == [sentence]
    assert (Room.objects.count(), AuditEntry.objects.count()) == (0, 0)


def test_codes_are_unique_and_approvers_can_sign_in() -> None:
    RoomFactory.create(code="R1")
    site: Site = SiteFactory.create()
    with pytest.raises(ValidationError) as error:
        create_room(actor=COORDINATOR, now=NOW, site=site, code="R1", name="Other")
    assert refusal(error) == {"code": ["Room with this Code already exists."]}
    gone = UserFactory.create(is_active=False, display_name="Gone")
    with pytest.raises(ValidationError) as error:
        create_room(
            actor=COORDINATOR,
            now=NOW,
            site=site,
            code="R2",
            name="Other",
            approval_needed=True,
            approver=gone,
        )
    assert refusal(error) == {"approver": ["Gone can't sign in any more."]}
