"""The forms of places: what they clean goes into the actions as it is, and what the actions refuse comes back to the fields."""

from __future__ import annotations

from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from convenor.base.actor import Actor
from convenor.venues.actions.closure import change_closure, create_closure
from convenor.venues.actions.room import change_room, create_room
from convenor.venues.actions.site import create_site, set_opening_hours, set_travel
from convenor.venues.forms import ClosureForm, OpeningHoursForm, RoomForm, SiteForm, TravelForm
from convenor.venues.models import Room, Site
from convenor.venues.queries.rooms import room_for
from tests.factories.cast import actor_of, charlie
from tests.factories.venues import EquipmentFactory, RoomFactory, SiteFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
SYSTEM = Actor.system("test")


def room_data(site: Site, **more: Any) -> dict[str, Any]:
    return {"site": site.pk, "code": "R", "name": "Room", "turn_minutes": 0, "hourly_rate": "12.50"} | more


def test_a_room_goes_through_the_form_and_back() -> None:
    site: Site = SiteFactory.create()
    screen = EquipmentFactory.create(code="screen")
    data = room_data(
        site,
        accessible="on",
        capacity_theatre=40,
        setup_theatre=15,
        capacity_boardroom=12,
        usual="boardroom",
        **{f"equipment_{screen.pk}": 2},
    )
    form = RoomForm(data, actor=SYSTEM)
    assert form.is_valid(), form.errors
    room = create_room(actor=SYSTEM, now=NOW, **form.cleaned_data)
    assert (room.hourly_rate, room.accessible, room.photo.name) == (Decimal("12.50"), True, "")
    assert {s.style: (s.capacity, s.setup_minutes, s.is_default) for s in room.setups.all()} == {
        "theatre": (40, 15, False),
        "boardroom": (12, 0, True),
    }

    shown = RoomForm(actor=SYSTEM, room=room_for(SYSTEM, room.pk))
    assert [row[1].value() for row in shown.setup_rows][:3] == [40, None, 12]
    assert [field.value() for field in shown.equipment_rows] == [2]
    again = RoomForm(data | {"name": "Renamed"}, actor=SYSTEM, room=room_for(SYSTEM, room.pk))
    assert again.is_valid()
    changed = change_room(actor=SYSTEM, room_id=room.pk, now=NOW, **again.cleaned_data)
    assert (changed.name, len(changed.setups.all())) == ("Renamed", 2)


def test_what_the_action_refuses_comes_back_to_its_field() -> None:
    room: Room = RoomFactory.create(code="R")
    form = RoomForm(room_data(room.site, approval_needed="on"), actor=SYSTEM)
    assert form.is_valid()
    with pytest.raises(ValidationError) as error:
        create_room(actor=SYSTEM, now=NOW, **form.cleaned_data)
    form.refuse(error.value)
    assert form.errors["approver"] == ["A room that needs approval needs an approver."]
    form = RoomForm(room_data(room.site), actor=SYSTEM)
    assert form.is_valid()
    form.refuse(ValidationError({"setups": ["Too few seats."], "code": ["Taken."]}))
    assert form.top_errors == ["Too few seats."]
    assert form.errors["code"] == ["Taken."]


def test_bad_rooms_are_refused_at_their_fields() -> None:
    site: Site = SiteFactory.create()
    data = room_data(site, name="a\x00", capacity_theatre=-1, usual="cabaret", hourly_rate="x")
    photo = SimpleUploadedFile("room.png", b"no picture", content_type="image/png")
    form = RoomForm(data, {"photo": photo}, actor=SYSTEM)
    assert set(form.errors) == {"name", "capacity_theatre", "usual", "hourly_rate", "photo"}
    outsider = RoomForm(room_data(site), actor=actor_of(charlie()))
    assert set(outsider.errors) == {"site"}


def test_a_site_its_hours_and_its_ways() -> None:
    other: Site = SiteFactory.create()
    form = SiteForm(
        {"code": "LIS", "name": "Lisbon", "zone": "Europe/Lisbon", "country": "PT", "currency": "EUR"}
    )
    assert form.is_valid(), form.errors
    site = create_site(actor=SYSTEM, **form.cleaned_data)
    assert SiteForm.initial_of(site)["country"] == "PT"

    hours = OpeningHoursForm(
        {"from_0_0": "08:00", "until_0_0": "12:00", "from_0_1": "13:00", "until_0_1": "18:00"}
    )
    assert hours.is_valid(), hours.errors
    set_opening_hours(actor=SYSTEM, site_id=site.pk, **hours.cleaned_data)
    rows = list(site.hours.values_list("weekday", "opens", "closes"))
    assert OpeningHoursForm.initial_of(rows)["from_0_1"] == time(13)
    assert [len(day.stretches) for day in OpeningHoursForm().days] == [2] * 7

    travel = TravelForm({f"to_{other.pk}": 240}, actor=SYSTEM, site=site)
    assert travel.is_valid()
    set_travel(actor=SYSTEM, site_id=site.pk, **travel.cleaned_data)
    assert TravelForm.initial_of(site) == {f"to_{other.pk}": 240}


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"from_0_0": "08:00"}, "until_0_0"),
        ({"from_0_0": "08:00", "until_0_0": "07:00"}, "__all__"),
        ({"from_0_0": "08:00", "until_0_0": "12:00", "from_0_1": "11:00", "until_0_1": "13:00"}, "__all__"),
        ({"from_0_0": "late"}, "from_0_0"),
    ],
)
def test_bad_hours_are_refused(data: dict[str, str], field: str) -> None:
    form = OpeningHoursForm(data)
    assert list(form.errors) == [field]


def test_a_closure_is_told_in_the_sites_own_time() -> None:
    room: Room = RoomFactory.create(site=SiteFactory.create(zone="Europe/Lisbon", country="PT"))
    data = {
        "site": room.site_id,
        "room": room.pk,
        "starts_at": "2026-07-01T09:00",
        "ends_at": "2026-07-01T18:00",
        "kind": "maintenance",
        "reason": "Paint",
    }
    form = ClosureForm(data, actor=SYSTEM)
    assert form.is_valid(), form.errors
    closure = create_closure(actor=SYSTEM, **form.cleaned_data)
    assert closure.starts_at == datetime(2026, 7, 1, 8, tzinfo=UTC)
    assert ClosureForm.initial_of(closure)["starts_at"] == datetime(2026, 7, 1, 9)
    again = ClosureForm(data | {"reason": "Water"}, actor=SYSTEM)
    assert again.is_valid()
    assert change_closure(actor=SYSTEM, closure_id=closure.pk, **again.cleaned_data).reason == "Water"
    for wrong, field in (
        ({"ends_at": "2026-07-01T09:00"}, "ends_at"),
        ({"starts_at": "tomorrow"}, "starts_at"),
    ):
        assert list(ClosureForm(data | wrong, actor=SYSTEM).errors) == [field]
