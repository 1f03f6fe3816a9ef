"""The finder, a room's page, and what coordinators change."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from convenor.people.models import Person
from convenor.venues.models import Closure, Room
from tests.factories.cast import alice, bob, charlie
from tests.factories.people import MemberFactory, PersonFactory
from tests.factories.scheduling import NOW, make_meeting
from tests.factories.venues import (
    ClosureFactory,
    EquipmentFactory,
    RoomEquipmentFactory,
    RoomFactory,
    RoomSetupFactory,
)
from tests.web.browsing import page, queries_of, sent, signed_in

pytestmark = pytest.mark.django_db
ASKED = "/rooms/?day=2026-12-07&starts=10:00&minutes=60"


@pytest.fixture(autouse=True)
def _at_a_fixed_time() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def halves(text: str) -> tuple[str, str]:
    """What can be had, and what can't."""
    free, _, others = text.partition('id="others"')
    return free, others


def test_rooms_are_listed_by_site_with_their_state() -> None:
    room = RoomFactory(name="Atlas", capacity=8)
    text = page(signed_in(bob()), "/rooms/")
    assert "Atlas</a>" in text
    assert room.site.name in text
    assert "Free today" in text
    assert "8 seats" in text


def test_the_fittest_comes_first_and_the_others_say_why_not() -> None:
    site = RoomFactory(name="Exactly", capacity=8).site
    RoomFactory(name="Roomy", capacity=20, site=site)
    RoomFactory(name="Tiny", capacity=4, site=site)
    stairs = RoomFactory(name="Stairs", capacity=8, site=site, accessible=False)
    projector = EquipmentFactory(code="projector", name="Projector")
    for name in ("Exactly", "Roomy"):
        RoomEquipmentFactory(room=Room.objects.get(name=name), equipment=projector)
    reader = bob(home_site=site)
    free, others = halves(page(signed_in(reader), f"{ASKED}&headcount=8&step_free=on&equipment=projector"))
    assert free.index("Exactly</a>") < free.index("Roomy</a>")
    assert "4 seats for 8" in others
    assert "Without projector" in others
    assert "Not step-free" in others
    assert "12 spare" in free
    assert stairs.name in others
    assert "start=2026-12-07T10%3A00&amp;end=2026-12-07T11%3A00&amp;headcount=8" in free


def test_a_taken_room_names_the_meeting_only_to_those_who_may_read_it() -> None:
    room = RoomFactory(name="Atlas", capacity=8)
    make_meeting(PersonFactory(), room=room, title="Secret plan", is_private=True)
    _free, others = halves(page(signed_in(bob()), ASKED))
    assert "Taken 10:00–11:00" in others
    assert "Secret plan" not in others
    assert "Secret plan" in halves(page(signed_in(alice()), ASKED))[1]


def test_closures_limits_and_halves_of_halls_are_told() -> None:
    site = RoomFactory(name="Closed", capacity=8).site
    ClosureFactory(room=Room.objects.get(name="Closed"), reason="Painting")
    RoomFactory(name="Short", capacity=8, site=site, longest_minutes=30)
    RoomFactory(name="Soon only", capacity=8, site=site, booking_window_days=7)
    part = RoomFactory(name="East", capacity=8, site=site)
    hall = RoomFactory(name="Hall", capacity=20, site=site, units=list(part.units.all()))
    make_meeting(PersonFactory(), room=part, title="In the east")
    _free, others = halves(page(signed_in(bob()), ASKED))
    for sentence in ("Painting", "For at most 30 minutes", "Bookable 7 days ahead", "In the east"):
        assert sentence in others
    assert hall.name in others, "a hall is taken with its part"


def test_the_finder_answers_as_a_fragment() -> None:
    RoomFactory(name="Atlas", capacity=8)
    text = page(signed_in(bob()), f"{ASKED}&headcount=2", target="found")
    assert "Atlas" in text
    assert "<html" not in text


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("day=2026-13-45&starts=10:00", "Enter a valid date"),
        ("day=2026-12-07&starts=99:99", "Enter a valid time"),
        ("day=&starts=10:00", "Say on which day."),
        ("headcount=-3", "greater than or equal to 1"),
        ("headcount=many", "whole number"),
        ("style=hammock", "not one of the available choices"),
        ("site=999", "not one of the available choices"),
        ("q=%00", "Null characters are not allowed"),
    ],
)
def test_bad_questions_are_answered_beside_their_fields(query: str, sentence: str) -> None:
    RoomFactory(name="Atlas")
    text = page(signed_in(bob()), f"/rooms/?{query}")
    assert sentence in text
    assert "Nothing was looked for" in text


def test_charlie_finds_no_rooms() -> None:
    room = RoomFactory(name="Atlas", capacity=8)
    client = signed_in(charlie())
    assert "Atlas" not in page(client, "/rooms/")
    assert "Atlas" not in page(client, ASKED)
    assert "Atlas" not in page(client, "/rooms/suggest/?q=atl")
    page(client, f"/rooms/{room.pk}/", status=404)
    page(client, f"/rooms/{room.pk}/photo/", status=404)


def test_the_list_and_the_finder_take_the_same_queries_for_one_room_and_three() -> None:
    client = signed_in(bob())
    counted = []
    for _ in range(3):
        room = RoomFactory(capacity=8)
        make_meeting(PersonFactory(), room=room)
        counted.append((queries_of(client, "/rooms/"), queries_of(client, ASKED)))
    assert counted[0] == counted[2]


def test_a_rooms_page_shows_its_facts_and_its_week() -> None:
    room = RoomFactory(name="Atlas", capacity=8, code="A1", floor="3", note="Mind the step 🪜")
    RoomSetupFactory(room=room, style="theatre", capacity=20, is_default=False, setup_minutes=15)
    RoomEquipmentFactory(room=room, equipment=EquipmentFactory(name="Projector"))
    make_meeting(PersonFactory(), room=room, title="Sprint review")
    ClosureFactory(room=room, reason="Painting")
    reader = signed_in(bob())
    text = page(reader, f"/rooms/{room.pk}/?date=2026-12-07")
    for expected in ("A1", "Theatre", "Projector", "Painting", "Sprint review", "Mind the step 🪜", "15 + 0"):
        assert expected in text
    assert f'"room": ["{room.pk}"]' in text
    assert "Take out of use" not in text, "only those who may change rooms are offered to"
    page(reader, f"/rooms/{room.pk}/?date=yesterday&view=galaxy")


def filled(room: Room, **changes: object) -> dict[str, object]:
    return {
        "site": room.site_id, "code": room.code, "name": room.name, "accessible": "on", "turn_minutes": 0,
        "hourly_rate": "0", "capacity_boardroom": 8,
    } | changes  # fmt: skip


def test_a_coordinator_makes_and_changes_a_room() -> None:
    client, old = signed_in(alice()), RoomFactory(name="Old")
    text = sent(client, "/rooms/new/", filled(old, code="N1", name="New one", capacity_theatre=30))
    assert "The room is made." in text
    made = Room.objects.get(code="N1")
    assert {each.style: each.capacity for each in made.setups.all()} == {"boardroom": 8, "theatre": 30}
    sent(client, f"/rooms/{made.pk}/edit/", filled(made, name="Newer one"))
    made.refresh_from_db()
    assert made.name == "Newer one"
    assert made.setups.count() == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"code": ""}, "This field is required."),
        ({"name": "a\x00b"}, "Null characters are not allowed"),
        ({"capacity_boardroom": -1}, "greater than or equal to 0"),
        ({"capacity_boardroom": 3}, "expects 6 people; there would be 3 seats"),
        ({"approval_needed": "on"}, "needs an approver"),
        ({"usual": "theatre"}, "Give the number of seats in this set-up."),
        ({"hourly_rate": "lots"}, "Enter a number."),
    ],
)
def test_a_change_that_cannot_be_is_refused_at_its_field(changes: dict[str, object], sentence: str) -> None:
    room = RoomFactory(capacity=8)
    make_meeting(PersonFactory(), room=room, headcount=6)
    text = sent(signed_in(alice()), f"/rooms/{room.pk}/edit/", filled(room, **changes), status=422)
    assert sentence in text
    assert Room.objects.get(pk=room.pk).setups.get().capacity == 8


def test_equipment_that_stands_in_the_room_stays_when_something_else_is_changed() -> None:
    room = RoomFactory(capacity=8)
    movable = EquipmentFactory(is_movable=True)
    RoomEquipmentFactory(room=room, equipment=movable, quantity=2)
    client = signed_in(alice())
    assert f'name="equipment_{movable.pk}" value="2"' in page(client, f"/rooms/{room.pk}/edit/")


def test_a_booked_room_stays_in_use_and_a_free_one_can_go_and_come_back() -> None:
    booked, free = RoomFactory(capacity=8), RoomFactory(capacity=8)
    make_meeting(PersonFactory(), room=booked)
    client = signed_in(alice())
    assert "is booked; move these bookings first:" in sent(client, f"/rooms/{booked.pk}/retire/", {})
    assert Room.objects.get(pk=booked.pk).is_active
    sent(client, f"/rooms/{free.pk}/retire/", {})
    assert not Room.objects.get(pk=free.pk).is_active
    sent(client, f"/rooms/{free.pk}/restore/", {})
    assert Room.objects.get(pk=free.pk).is_active


def test_a_room_is_closed_for_a_while_and_opened_again() -> None:
    room = RoomFactory(capacity=8)
    client, address = signed_in(alice()), f"/rooms/{room.pk}/close/"
    data = {
        "site": room.site_id, "room": room.pk, "kind": "maintenance", "reason": "Painting",
        "starts_at": "2026-12-07T10:00", "ends_at": "2026-12-07T09:00",
    }  # fmt: skip
    assert "The end must be after the start." in sent(client, address, data, status=422)
    assert "Painting" in sent(client, address, data | {"ends_at": "2026-12-08T09:00"})
    closure = Closure.objects.get()
    sent(client, f"/rooms/{room.pk}/closures/{closure.pk}/withdraw/", {})
    assert not Closure.objects.exists()


@pytest.mark.parametrize("person", [bob, charlie])
def test_nobody_else_changes_rooms(person: Callable[[], Person]) -> None:
    room, client = RoomFactory(), signed_in(person())
    for address in ("/rooms/new/", f"/rooms/{room.pk}/edit/", f"/rooms/{room.pk}/close/"):
        page(client, address, status=403)
    sent(client, f"/rooms/{room.pk}/retire/", {}, status=403)


def picture(*, size: tuple[int, int] = (2_000, 1_000), kind: str = "JPEG") -> SimpleUploadedFile:
    """With a comment that tells where it was taken."""
    target = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "taken at home, 44.4268 N"
    Image.new("RGB", size, "teal").save(target, kind, exif=exif)
    return SimpleUploadedFile(f"holiday.{kind.lower()}", target.getvalue(), f"image/{kind.lower()}")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_kept_small_and_without_what_its_file_tells(
    kind: str, django_capture_on_commit_callbacks: Any
) -> None:
    room, client = RoomFactory(), signed_in(alice())
    sent(client, f"/rooms/{room.pk}/edit/", filled(room, photo=picture(kind=kind)))
    response = client.get(f"/rooms/{room.pk}/photo/")
    assert response.headers["Content-Type"] == "image/jpeg"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    content = b"".join(response)
    assert b"taken at home" not in content
    shown = Image.open(io.BytesIO(content))
    assert (shown.format, shown.size, shown.getexif()) == ("JPEG", (1_600, 800), Image.Exif())
    name = Room.objects.get(pk=room.pk).photo.name or ""
    assert "holiday" not in name
    with django_capture_on_commit_callbacks(execute=True):
        sent(client, f"/rooms/{room.pk}/edit/", filled(room, remove_photo="on"))
    page(client, f"/rooms/{room.pk}/photo/", status=404)
    assert not default_storage.exists(name), "the file goes with the photo"


@pytest.mark.parametrize(
    ("upload", "sentence"),
    [
        (SimpleUploadedFile("a.jpg", b"<script>alert(1)</script>", "image/jpeg"), "valid image"),
        (SimpleUploadedFile("a.html", b"<html>", "text/html"), "valid image"),
        (SimpleUploadedFile("a.jpg", b"", "image/jpeg"), "empty"),
        (picture(kind="GIF"), "JPEG, PNG or WebP"),
        (SimpleUploadedFile("a.jpg", picture().read() + b"\0" * 8_000_001, "image/jpeg"), "more than 8 MB"),
        (picture(size=(10_000, 5_001), kind="PNG"), "million pixels"),
    ],
)  # fmt: skip
def test_what_is_no_picture_is_refused_in_words(upload: SimpleUploadedFile, sentence: str) -> None:
    room = RoomFactory()
    upload.seek(0)
    text = sent(signed_in(alice()), f"/rooms/{room.pk}/edit/", filled(room, photo=upload), status=422)
    assert sentence in text
    assert not Room.objects.get(pk=room.pk).photo


def test_suggestions_say_which_room_is_meant() -> None:
    room = RoomFactory(name="Atlas", code="A1")
    found = signed_in(MemberFactory()).get("/rooms/suggest/?q=atl").json()
    assert found == [{"value": str(room.pk), "label": "Atlas", "hint": f"A1 · {room.site}"}]
