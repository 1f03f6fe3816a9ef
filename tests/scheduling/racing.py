"""What the processes of the race and kill tests do; run through tests/child.py."""

from __future__ import annotations

import multiprocessing
import sys
from collections import Counter
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connections

from convenor.base.actor import Actor
from convenor.kernel.instants import LocalTime
from convenor.people.models import Person
from convenor.scheduling.actions.booking import book_room
from convenor.scheduling.actions.meeting import create_meeting
from convenor.scheduling.drafts import AttendeeDraft, MeetingDraft
from convenor.scheduling.refusals import RoomClashes
from convenor.venues.models import Room
from tests.factories.scheduling import NOW, local


def _compete(occurrence_id: int, room_ids: list[int], barrier: Any, outcomes: Any) -> None:
    for room_id in room_ids:
        barrier.wait(timeout=60)
        try:
            book_room(actor=Actor.system("racer"), occurrence_id=occurrence_id, room_id=room_id, now=NOW)
        except RoomClashes as error:
            outcomes.put("refused" if "isn't free" in error.clashes[0].sentence else str(error))
        except ValidationError as error:
            outcomes.put(str(error))
        else:
            outcomes.put("won")
    connections.close_all()


def race(occurrence_ids: list[int], room_ids: list[int]) -> dict[str, int]:
    """One process for each occurrence; in every round all want the next room at the same time."""
    context = multiprocessing.get_context("fork")
    barrier, outcomes = context.Barrier(len(occurrence_ids)), context.Queue()
    processes = [
        context.Process(target=_compete, args=(key, room_ids, barrier, outcomes)) for key in occurrence_ids
    ]
    for process in processes:
        process.start()
    counted = Counter(outcomes.get(timeout=120) for _ in range(len(occurrence_ids) * len(room_ids)))
    for process in processes:
        process.join()
    return dict(counted)


def book_until_killed(room_id: int, organiser_id: int) -> None:
    """Book the room hour after hour, and say each meeting's key once it is committed."""
    room, people = Room.objects.get(pk=room_id), list(Person.objects.values_list("pk", flat=True))
    start = local("2026-12-07 08:00")
    for hour in range(100_000):
        draft = MeetingDraft(
            title=f"Hour {hour}",
            organiser_id=organiser_id,
            zone="UTC",
            local_start=LocalTime(start + timedelta(hours=hour)),
            duration_minutes=60,
            attendees=tuple(AttendeeDraft(person) for person in people),
            room_id=room.pk,
        )
        saved = create_meeting(actor=Actor.system("killed"), draft=draft, now=NOW)
        sys.stdout.write(f"{saved.meeting.pk}\n")
        sys.stdout.flush()
