"""The page on which a meeting takes another's room."""

from __future__ import annotations

import re

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from convenor.people.models import Person
from convenor.scheduling.enums import Priority
from convenor.scheduling.models import Booking
from tests.factories.cast import alice, bob, charlie
from tests.factories.scheduling import NOW, make_meeting
from tests.factories.venues import RoomFactory

pytestmark = pytest.mark.django_db


def signed_in(person: Person) -> Client:
    client = Client()
    assert person.user is not None
    client.force_login(person.user)
    return client


@time_machine.travel(NOW, tick=False)
def test_the_page_offers_places_and_does_it() -> None:
    room = RoomFactory.create(capacity=8)
    RoomFactory.create(capacity=8, site=room.site)
    a, b = alice(home_site=room.site), bob(home_site=room.site)
    low = make_meeting(b, people=[b], room=room, title="Weekly").meeting
    high = make_meeting(a, people=[a], title="Board", priority=Priority.EXECUTIVE).meeting
    ours, theirs = high.occurrences.get(), low.occurrences.get()
    address = reverse("occurrence.displace", args=[ours.pk]) + f"?room={room.pk}"
    client = signed_in(a)
    page = client.get(address).content.decode()
    assert "Weekly" in page
    assert "Your meeting has the higher priority." in page
    value = re.search(rf'name="place_{theirs.pk}" value="([^"]+)"', page)
    assert value is not None
    bad = client.post(
        address, {"version": high.version, "room_id": room.pk, f"place_{theirs.pk}": "nonsense"}
    )
    assert bad.status_code == 422
    done = client.post(
        address, {"version": high.version, "room_id": room.pk, f"place_{theirs.pk}": value.group(1)}
    )
    assert (done.status_code, done.headers["Location"]) == (302, reverse("occurrence", args=[ours.pk]))
    assert Booking.objects.filter(occurrence=ours, room=room, state="confirmed").exists()
    assert signed_in(charlie()).get(address).status_code == 404
