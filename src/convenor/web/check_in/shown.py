"""What the door's page shows, and what its scripts are told."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.urls import reverse
from django.utils.translation import gettext as _

from convenor.attendance.enums import COMING, SeatState
from convenor.attendance.queries.doors import Door, OnList, counts_at, found_at, last_at
from convenor.attendance.rules.check_in import LINGER, may_be_let_in
from convenor.attendance.sentences.check_in import room_words, table
from convenor.web.days import reader_zone
from convenor.web.requests import ActorRequest

WORKER = Path(__file__).resolve().parent.parent / "static" / "js" / "check_in" / "worker.js"
KEPT = timedelta(days=1)
"""How long after the event a device may still send what it has."""


def shown(door: Door, text: str, now: datetime) -> dict[str, Any]:
    """The counts, who was found, and the last movements."""
    counts = counts_at(door.roll)
    is_room = counts.free is None or counts.free > 0
    return {
        "counts": counts,
        "query": text,
        "found": [_found(each, is_room=is_room) for each in found_at(door.roll, text)],
        "last": last_at(door.roll),
        "is_over": door.ends_at is not None and now >= door.ends_at + LINGER,
    }


def _found(person: OnList, *, is_room: bool) -> dict[str, Any]:
    """With what can be done; the uid makes a second click the same scan."""
    state = SeatState(person.state) if person.state else None
    is_in = state == SeatState.CHECKED_IN and person.out_at is None
    return {
        "person": person,
        "label": str(state.label) if state else _("Not on this list"),
        "uid": uuid4(),
        "is_in": is_in,
        "may_come": state in COMING and not is_in,
        "may_be_let_in": is_room if state is None else may_be_let_in(state, is_room=is_room),
    }


def config_of(request: ActorRequest, door: Door, now: datetime) -> dict[str, Any]:
    """For js/check_in/page.js."""
    roll = door.roll
    over = roll.event.ends_at or now
    return {
        "roll": roll.pk,
        "user": request.actor.user_id,
        "now": now.isoformat(),
        "timeZone": reader_zone(),
        "until": (over + KEPT).isoformat(),
        "urls": {
            "people": reverse("check_in.people", args=[roll.pk]),
            "news": reverse("check_in.news", args=[roll.pk]),
            "send": reverse("check_in.send", args=[roll.pk]),
            "worker": reverse("check_in.worker"),
            "scope": reverse("event.check_in", args=[roll.event_id]),
            "signIn": f"{reverse('account_login')}?next={request.path}",
        },
        "words": table(),
        "room": room_words(),
        "states": {state.value: str(state.label) for state in SeatState},
        "text": _texts(),
    }


def _texts() -> dict[str, str]:
    return {
        "undo": _("Undo"),
        "letIn": _("Let in"),
        "checkIn": _("Check in"),
        "checkOut": _("Check out"),
        "dismiss": _("Seen"),
        "waiting": _("{n} waiting"),
        "offline": _("No network. What you scan is kept on this device and sent later."),
        "kept": _("Kept on this device until the network is back."),
        "signedOut": _("You have been signed out. Sign in again: {n} waiting are kept on this device."),
        "signIn": _("Sign in"),
        "notHere": _("Not on this list"),
        "nobody": _("Nobody found. Put them on the list below, if they may come in."),
        "unknownHere": _("Not on the list that this device has. Without a network nobody can be asked."),
        "camera": _("The camera can't be used: {why}"),
        "noCamera": _("this browser allows it only over https, or there is none."),
        "starting": _("Starting the camera…"),
        "stop": _("Stop the camera"),
        "start": _("Scan with the camera"),
        "walkedIn": _("Put on the list and checked in"),
        "problem": _("Could not be taken"),
        "in": _("In"),
        "out": _("Out"),
        "back": _("Taken back"),
    }


@cache
def worker_script() -> bytes:
    return WORKER.read_bytes()
