"""What a browser can't do to a running server: read the mail it has written, and let time pass.

Each is a function of strings that runs in a process of its own, with the server's environment.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from convenor.attendance.enums import SeatState
from convenor.attendance.models import Seat
from convenor.base import clock
from convenor.base.folding import folded
from convenor.base.models import OutboxMessage
from convenor.events.models import Event, Task
from convenor.people.models import Person
from convenor.scheduling.models import Booking, Claim, Meeting, Occurrence, Participation
from tests.e2e.conftest import COORDINATOR, Server
from tests.factories.attendance import make_registration, make_roll, make_seat
from tests.factories.events import make_event

ROOT = Path(__file__).resolve().parents[2]
SECRET = re.compile(r"https?://[^/\s\"\\]+(/s/[\w-]+/)")


def behind(server: Server, function: Callable[..., None], *words: str) -> list[str]:
    """The lines that a function of this file writes when it runs beside the server."""
    name = function.__name__
    code = f"import sys, django; django.setup(); from tests.e2e.behind import {name}; {name}(*sys.argv[1:])"
    command = [sys.executable, "-c", code, *words]
    done = subprocess.run(
        command, env=server.environment, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout.splitlines()


def sheet_links() -> None:
    """The secret addresses in mails about function sheets, newest mail first: who gets one needs no account."""
    for message in OutboxMessage.objects.order_by("-pk"):
        for path in SECRET.findall(json.dumps(message.payload)):
            sys.stdout.write(f"{path}\n")


def open_door(names: str) -> None:
    """An event that is on just now, with these people on its roll: its key, and the first one's code."""
    now = clock.now()
    owner = Person.objects.get(email=COORDINATOR)
    event = make_event(
        owner, title="Open day", starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=5)
    )
    roll = make_roll(event, 20)
    codes = []
    for number, name in enumerate(json.loads(names)):
        row = make_registration(event, name, email=f"guest{number}@partner.example", search=folded(name))
        make_seat(roll, registration=row)
        codes.append(row.code)
    sys.stdout.write(f"{event.pk} {codes[0]}\n")


def seats_at(event: str, cancelled: str) -> None:
    """Everybody's state by name, after somebody has cancelled."""
    seats = Seat.objects.filter(roll__event=int(event))
    seats.filter(registration__name=cancelled).update(state=SeatState.CANCELLED)
    found = dict(seats.values_list("registration__name", "state"))
    sys.stdout.write(json.dumps(found) + "\n")


def let_weeks_pass(event: str, weeks: str) -> None:
    """Set an event back by so many weeks, with everything that has a date.

    The server's clock can't be turned, and no action moves an event into the past: so the rows go back in time
    instead, all of them and by the same, which looks to the server as if it had waited.
    """
    back = timedelta(weeks=int(weeks))
    mine = {"function__event": event}
    occurrences = Occurrence.objects.filter(**mine)
    meetings = Meeting.objects.filter(occurrences__in=occurrences)
    bookings = Booking.objects.filter(occurrence__in=occurrences)
    claims = Claim.objects.filter(booking__in=bookings)
    participations = Participation.objects.filter(occurrence__in=occurrences)
    with transaction.atomic():
        _set_back(
            Event.objects.filter(pk=int(event)), back, "load_in_at", "starts_at", "ends_at", "load_out_at"
        )
        _set_back(Task.objects.filter(event=int(event), due_on__isnull=False), back, "due_on")
        _set_back(meetings, back, "local_start")
        _set_back(occurrences, back, "starts_at", "ends_at", "recurrence_id")
        _set_back(participations, back, "starts_at", "ends_at")
        _set_back(bookings, back, "starts_at", "ends_at", "reserved_start", "reserved_end")
        _set_back(claims, back, "starts_at", "ends_at")


def _set_back(rows: QuerySet[Any], back: timedelta, *fields: str) -> None:
    found = list(rows)
    for row in found:
        for field in fields:
            if (value := getattr(row, field)) is not None:
                setattr(row, field, value - back)
    rows.model._default_manager.bulk_update(found, fields)
