"""Rooms from a file: seats by style, equipment, halls and their parts, and what bookings forbid."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from convenor.base.actor import Actor, Refused
from convenor.base.models import AuditEntry
from convenor.interop.csv.imports import Preview, apply, preview, read_rooms
from convenor.venues import registry
from convenor.venues.models import BookableUnit, Equipment, Room
from convenor.venues.registry import BookedHeadcount
from tests.factories.cast import actor_of, alice, bob, charlie
from tests.factories.people import UserFactory
from tests.factories.venues import EquipmentFactory, RoomFactory, SiteFactory

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
SYSTEM = Actor.system("import")


def run(text: str, *, strict: bool = False) -> Preview:
    return apply(SYSTEM, read_rooms(text), now=NOW, strict=strict)


def dry(text: str) -> Preview:
    return preview(SYSTEM, read_rooms(text), now=NOW)


def refusals(result: Preview) -> list[tuple[int, str, str]]:
    return [(problem.line, problem.column, problem.sentence) for problem in result.refused]


def units(code: str) -> set[int]:
    return set(Room.objects.get(code=code).units.values_list("pk", flat=True))


@pytest.fixture
def booked() -> Iterator[list[BookedHeadcount]]:
    rows: list[BookedHeadcount] = []
    others = list(registry.booked_headcounts)
    registry.booked_headcounts[:] = [
        lambda ids, now: [r for r in rows if r.room_id in ids and r.ends_at > now]
    ]
    yield rows
    registry.booked_headcounts[:] = others


def booking(room: Room, headcount: int = 0) -> BookedHeadcount:
    start = NOW + timedelta(days=6)
    return BookedHeadcount(start, start + timedelta(hours=1), room.pk, "Sprint review", headcount)


TEXT = (
    "code,name,site,floor,capacity,theatre,equipment,accessible,turn_minutes,approval,approver,window_days,longest_minutes,rate,part_of\n"
    "H,Hall,BUC,1,40,120,projector;Flip chart:3,yes,15,yes,boss@x.org,90,480,50.00,\n"
    "H1,Hall left,BUC,1,20,60,,no,,,,,,,H\n"
    "H2,Hall right,buc,1,20,60,,no,,,,,,,h\n"
    "R,,BUC,2,8,,,,,,,,,,\n"
)


def test_rooms_come_with_everything_and_the_same_file_again_changes_nothing() -> None:
    SiteFactory.create(code="BUC")
    EquipmentFactory.create(code="projector", name="Projector")
    boss = UserFactory.create(email="boss@x.org")
    shown = dry(TEXT)
    assert (len(shown.created), shown.refused, shown.notes) == (4, (), ("New kind of equipment: Flip chart",))
    assert Room.objects.count() == 0

    done = run(TEXT)
    assert (done.is_applied, done.created) == (True, shown.created)
    hall = Room.objects.get(code="H")
    assert (hall.approver, hall.approval_needed, hall.turn_minutes, str(hall.hourly_rate)) == (
        boss,
        True,
        15,
        "50.00",
    )
    assert {s.style: (s.capacity, s.is_default) for s in hall.setups.all()} == {
        "theatre": (120, True),
        "boardroom": (40, False),
    }
    assert {e.equipment.code: e.quantity for e in hall.equipment.all()} == {"projector": 1, "flip-chart": 3}
    assert Room.objects.get(code="R").name == "R"
    assert units("H") == units("H1") | units("H2")
    assert not units("H1") & units("H2")
    assert BookableUnit.objects.filter(is_active=True).count() == 3

    entries = AuditEntry.objects.count()
    again = run(TEXT)
    assert (len(again.unchanged), again.changes_something, AuditEntry.objects.count()) == (4, False, entries)


def test_changes_are_shown_and_only_named_styles_are_touched() -> None:
    SiteFactory.create(code="BUC")
    run("code,site,boardroom,theatre,equipment,window_days\nR,BUC,8,20,projector,30\n")
    text = "code,theatre,equipment,window_days,floor\nr,-,projector:2,-,3\n"
    (row,) = dry(text).changed
    assert {change.field: (change.before, change.after) for change in row.changes} == {
        "theatre": ("20", ""),
        "equipment": ("projector", "projector:2"),
        "booking_window_days": ("30", ""),
        "floor": ("", "3"),
    }
    run(text)
    room = Room.objects.get()
    assert (room.code, room.floor, room.booking_window_days) == ("R", "3", None)
    assert [(s.style, s.capacity, s.is_default) for s in room.setups.all()] == [("boardroom", 8, True)]
    entry = AuditEntry.objects.get(action="room.changed")
    assert entry.before["setups"] == {"theatre": 20, "boardroom": 8}
    assert dry(text).unchanged


def test_parts_move_their_space_between_halls() -> None:
    SiteFactory.create(code="BUC")
    run("code,site,part_of\nA,BUC,\nB,BUC,\nP,BUC,A\nQ,BUC,A\n")
    own = units("B")
    done = run("code,part_of\nP,B\nQ,-\n")
    assert len(done.changed) == 2
    assert units("B") == units("P") != own
    assert units("A")
    assert not units("A") & (units("P") | units("Q"))


def test_bookings_stand_in_the_way(booked: list[BookedHeadcount]) -> None:
    site = SiteFactory.create(code="BUC")
    hall, room = (RoomFactory.create(site=site, code=code, capacity=20) for code in ("H", "R"))
    booked += [booking(hall), booking(room, headcount=12)]
    done = run("code,site,capacity,part_of\nP,BUC,5,H\nR,,10,\nH,,30,\n")
    assert [(line, column) for line, column, _sentence in refusals(done)] == [
        (2, "part_of"),
        (2, "part_of"),
        (3, "capacity"),
    ]
    assert refusals(done)[2][2].endswith("expects 12 people; there would be 10 seats.")
    assert [row.label for row in done.changed] == [f"H {hall.name}"]
    assert room.setups.get().capacity == 20
    assert not Room.objects.filter(code="P").exists()


def test_every_bad_row_has_its_line_its_column_and_a_sentence() -> None:
    SiteFactory.create(code="BUC", name="Bucharest")
    SiteFactory.create(code="LIS", name="Lisbon")
    text = (
        "code,site,capacity,approval,approver,part_of,rate,turn_minutes\n"
        "A,BUC,8,,,,,\n"
        "B,Mars,8,,,,,\n"
        "C,,8,,,,,\n"
        "D,BUC,0.5,,,,,\n"
        "E,BUC,8,yes,,,,\n"
        "F,BUC,8,yes,who@x.org,,,\n"
        "G,BUC,8,,,Z,,\n"
        "a,BUC,8,,,,,\n"
        "I,LIS,8,,,A,,\n"
        "J,BUC,8,,,K,,\n"
        "K,BUC,8,,,J,,\n"
        "L,BUC,8,,,G,,\n"
        "M,BUC,8,,,,free,\n"
        f"{'N' * 31},BUC,8,,,,,\n"
    )
    found = {line: (column, sentence) for line, column, sentence in refusals(run(text))}
    assert found[3] == ("site", "There is no site “Mars”. Known: Bucharest, Lisbon.")
    assert found[4] == ("site", "A new room needs a site.")
    assert found[5] == ("capacity", "“0.5” is not a whole number.")
    assert found[6] == ("approver", "A room that needs approval needs an approver.")
    assert found[7] == ("approver", "Nobody with the e-mail “who@x.org” can sign in.")
    assert found[8] == ("part_of", "There is no room “Z”.")
    assert found[9] == ("code", "Line 2 has this code already.")
    assert found[10] == ("part_of", "A is at another site: Bucharest.")
    assert {found[11][0], found[12][0]} == {"part_of"}
    assert found[13] == ("part_of", "There is no room “G”.")
    assert found[14] == ("rate", "“free” is not an amount.")
    assert found[15][0] == "code"
    assert list(Room.objects.values_list("code", flat=True)) == ["A"]


def test_strict_is_all_or_nothing() -> None:
    SiteFactory.create(code="BUC")
    done = run("code,site\nA,BUC\nB,Mars\n", strict=True)
    assert (done.is_applied, Room.objects.count()) == (False, 0)
    assert run("code,site\nA,BUC\n", strict=True).is_applied


def test_only_coordinators_import() -> None:
    SiteFactory.create(code="BUC")
    rows = read_rooms("code,site\nA,BUC\n")
    for outsider in (bob(), charlie()):
        for verb in (preview, apply):
            with pytest.raises(Refused):
                verb(actor_of(outsider), rows, now=NOW)
    assert apply(actor_of(alice()), rows, now=NOW).is_applied


@pytest.mark.parametrize("count", [1, 3])
def test_a_dry_run_takes_as_many_queries_for_any_number(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    site = SiteFactory.create(code="BUC")
    for n in range(count):
        RoomFactory.create(site=site, code=f"old{n}", capacity=8)
    lines = "".join(f"old{n},,9,new{n}\nnew{n},BUC,20,\n" for n in range(count))
    rows = read_rooms("code,site,capacity,part_of\n" + lines)
    with django_assert_num_queries(7):
        shown = preview(SYSTEM, rows, now=NOW)
    assert (len(shown.created), len(shown.changed)) == (count, count)


def test_many_rooms_take_few_queries(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    SiteFactory.create(code="BUC")
    rows = read_rooms(
        "code,site,capacity,equipment\n" + "".join(f"R{n},BUC,8,screen\n" for n in range(2_000))
    )
    with django_assert_max_num_queries(250):
        done = apply(SYSTEM, rows, now=NOW)
    assert (len(done.created), done.refused) == (2_000, ())
    assert (Room.objects.count(), Equipment.objects.count(), BookableUnit.objects.count()) == (
        2_000,
        1,
        2_000,
    )
