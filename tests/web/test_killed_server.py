"""kill -9 of the server in the middle of 1,000 bookings: none that was acknowledged is lost, none is half made."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib import import_module
from urllib.parse import urlencode

import psutil
import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection

from convenor.base.models import AuditEntry, User
from convenor.people.models import Person
from convenor.scheduling.models import Meeting
from convenor.venues.models import Room
from tests.cli.test_serve import free_port, wait_until
from tests.factories.cast import alice
from tests.factories.scheduling import check_house
from tests.factories.venues import RoomFactory

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("serve")]
BOOKINGS, CLIENTS, ROOMS, ENOUGH = 1_000, 4, 5, 300
TOKEN = "k" * 32


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A booking is acknowledged by the redirect to its meeting; the page itself isn't needed."""

    def redirect_request(self, *_args: object, **_kwargs: object) -> None:
        return None


@dataclass(slots=True)
class Customers:
    """Book one after the other from several threads, and remember which were acknowledged."""

    port: int
    session: str
    owner: Person
    rooms: list[Room]
    acknowledged: list[int] = field(default_factory=list)
    enough: threading.Event = field(default_factory=threading.Event)

    def book(self, number: int) -> None:
        try:
            with _opener().open(self._request(number), timeout=20):
                pass
        except urllib.error.HTTPError as answer:
            if answer.code == 302:
                self.acknowledged.append(int(answer.headers["Location"].rstrip("/").rpartition("/")[2]))
        except OSError:
            return  # the server is dead: nothing was acknowledged
        if len(self.acknowledged) >= ENOUGH:
            self.enough.set()

    def _request(self, number: int) -> urllib.request.Request:
        start = datetime(2026, 12, 7, 8) + timedelta(
            days=number // 50 // ROOMS, minutes=10 * (number // ROOMS % 50)
        )
        fields = {
            "title": f"Booking {number}",
            "organiser_id": self.owner.email,
            "attendees": self.owner.email,
            "local_start": start.strftime("%Y-%m-%dT%H:%M"),
            "duration_minutes": 10,
            "zone": "Europe/Bucharest",
            "room_id": self.rooms[number % ROOMS].pk,
            "priority": 2,
            "is_movable": "on",
            "shows_as_busy": "on",
        }
        headers = {
            "Cookie": f"{settings.SESSION_COOKIE_NAME}={self.session}; csrftoken={TOKEN}",
            "X-CSRFToken": TOKEN,
            "Host": "localhost",
        }
        address = f"http://127.0.0.1:{self.port}/meetings/new/"
        return urllib.request.Request(address, urlencode(fields).encode(), headers)


def _opener() -> urllib.request.OpenerDirector:
    return urllib.request.build_opener(_NoRedirect)


def signed_in(user: User) -> str:
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)


@pytest.fixture
def server() -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """The real server on the test's own database."""
    port = free_port()
    environment = {**os.environ, "TEST_DATABASE_NAME": str(connection.settings_dict["NAME"])}
    command = [sys.executable, "-c", "from convenor.cli import main; main()", "serve", "--port", str(port)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        wait_until(True, port)
        yield process, port
    finally:
        kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL for the server and its workers at once, as when the machine runs out of memory."""
    if process.poll() is None:
        for each in [*psutil.Process(process.pid).children(recursive=True), psutil.Process(process.pid)]:
            each.kill()
    process.wait()


def test_no_acknowledged_booking_is_lost_and_none_half_made(
    server: tuple[subprocess.Popen[bytes], int],
) -> None:
    process, port = server
    owner = alice()
    assert owner.user is not None
    customers = Customers(port, signed_in(owner.user), owner, [RoomFactory() for _ in range(ROOMS)])
    with ThreadPoolExecutor(CLIENTS) as pool:
        done = [pool.submit(customers.book, number) for number in range(BOOKINGS)]
        assert customers.enough.wait(120), [each.exception() for each in done if each.done()][:3]
        kill(process)
    assert ENOUGH <= len(customers.acknowledged) < BOOKINGS
    connection.close()
    time.sleep(0.1)
    made = set(Meeting.objects.values_list("pk", flat=True))
    assert set(customers.acknowledged) <= made
    # At most one booking for each client was written and not yet acknowledged.
    assert len(made) <= len(customers.acknowledged) + CLIENTS
    check_house()
    for meeting in Meeting.objects.all():
        occurrence = meeting.occurrences.get()
        assert occurrence.bookings.get().claims.count() == 1
        assert occurrence.participations.count() == 1
        assert AuditEntry.objects.filter(object_type="scheduling.meeting", object_id=meeting.pk).exists()
