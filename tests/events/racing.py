"""What the processes of the event race do; run through tests/child.py."""

from __future__ import annotations

import multiprocessing
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from django.db import connections

from convenor.base.actor import Actor
from convenor.events.actions.moving import move_event
from convenor.events.models import Event, Function
from convenor.events.queries.effects import move_effects
from convenor.events.rules.dates import local_in
from convenor.kernel.instants import LocalTime
from convenor.scheduling.actions.meeting import create_meeting
from convenor.scheduling.drafts import MeetingDraft
from convenor.scheduling.refusals import RoomClashes
from tests.factories.events import NOW
from tests.factories.scheduling import ZONE

HOUR = timedelta(hours=1)
TRIES = 3
MOVER = Actor.system("mover")
Times = dict[int, tuple[datetime, datetime]]


def race(event_id: int, organiser_ids: list[int], room_ids: list[int], starts: list[str]) -> dict[str, int]:
    """In every round the event moves to the next start, while one process for each organiser books its rooms there."""
    context = multiprocessing.get_context("fork")
    barrier, outcomes = context.Barrier(len(organiser_ids) + 1), context.Queue()
    processes = [context.Process(target=_move, args=(event_id, starts, barrier, outcomes))]
    processes += [
        context.Process(target=_book, args=(place, each, room_ids, starts, barrier, outcomes))
        for place, each in enumerate(organiser_ids)
    ]
    for process in processes:
        process.start()
    expected = len(starts) * (len(organiser_ids) * TRIES + 1)
    counted = Counter(outcomes.get(timeout=180) for _ in range(expected))
    for process in processes:
        process.join()
    return dict(counted)


def _local(text: str) -> LocalTime:
    return LocalTime(datetime.fromisoformat(text))


def _move(event_id: int, starts: list[str], barrier: Any, outcomes: Any) -> None:
    for start in starts:
        barrier.wait(timeout=120)
        try:
            outcomes.put(_moved(event_id, _local(start)))
        except Exception as error:  # noqa: BLE001  # whatever it is, the test is to say it
            outcomes.put(repr(error))
    connections.close_all()


def _moved(event_id: int, starts: LocalTime) -> str:
    """First as it is, then with other rooms or none, as the preview suggests; and each time the whole of it, or nothing."""
    rooms: dict[int, int | None] = {}
    for attempt in ("at once", "with other rooms", "with other rooms", "with other rooms"):
        before = _times(event_id)
        try:
            move_event(actor=MOVER, event_id=event_id, version=None, starts=starts, rooms=rooms, now=NOW)
        except RoomClashes:
            if _times(event_id) != before:
                return "refused, but something moved"
            clashes = move_effects(MOVER, Event.objects.get(pk=event_id), starts, now=NOW).clashes
            rooms |= {each.booking_id: each.best.room_id if each.best else None for each in clashes}
            continue
        event = Event.objects.get(pk=event_id)
        together = local_in(event.zone, event.starts_at) == starts and _is_whole(before, _times(event_id))
        return f"moved {attempt}" if together else "moved in part"
    return "never moved"


def _times(event_id: int) -> Times:
    rows = Function.objects.filter(event=event_id)
    return {
        key: (start, end)
        for key, start, end in rows.values_list("pk", "occurrence__starts_at", "occurrence__ends_at")
    }


def _is_whole(before: Times, after: Times) -> bool:
    """Whether all functions moved by one and the same time."""
    return len({after[key][end] - before[key][end] for key in before for end in (0, 1)}) == 1


def _book(
    place: int, organiser_id: int, room_ids: list[int], starts: list[str], barrier: Any, outcomes: Any
) -> None:
    """Meetings in the event's rooms, where it is about to go; others at other hours of it in every round."""
    for turn, start in enumerate(starts):
        barrier.wait(timeout=120)
        for attempt in range(TRIES):
            draft = MeetingDraft(
                title=f"Booking {place}.{turn}.{attempt}",
                organiser_id=organiser_id,
                zone=ZONE,
                local_start=LocalTime(_local(start) + HOUR * ((place + 3 * attempt + turn) % 8)),
                duration_minutes=45,
                room_id=room_ids[(place + attempt) % len(room_ids)],
            )
            try:
                create_meeting(actor=Actor.system("racer"), draft=draft, now=NOW)
            except RoomClashes:
                outcomes.put("refused")
            except Exception as error:  # noqa: BLE001  # whatever it is, the test is to say it
                outcomes.put(repr(error))
            else:
                outcomes.put("booked")
    connections.close_all()
