"""What everybody with the address may read of an event: its public programme, and nothing else.

Only plain values leave here, picked one by one, so that no template can show a column that isn't meant for the world.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from convenor.base.models import AuditEntry
from convenor.events.enums import Confidentiality, EventState, FunctionKind, SpeakerState
from convenor.events.models import Event, Function, Speaker
from convenor.events.rules.dates import local_in
from convenor.kernel.instants import LocalTime
from convenor.scheduling.enums import BookingState, OccurrenceState
from convenor.scheduling.models import Booking

LONGEST_TOKEN = 43


@dataclass(frozen=True, slots=True)
class PublicFunction:
    """`starts` and `ends` are on the event's clocks; `uid` and `sequence` are for calendar programs."""

    key: str
    title: str
    kind: FunctionKind
    track: str
    starts_at: datetime
    ends_at: datetime
    starts: LocalTime
    ends: LocalTime
    rooms: tuple[str, ...]
    speakers: tuple[tuple[str, str], ...]  # name, topic
    abstract: str
    uid: str
    sequence: int
    is_called_off: bool


@dataclass(frozen=True, slots=True)
class PublicProgramme:
    """`moved_from` is the start that was announced before, where the event has been moved since it was published."""

    title: str
    zone: str
    site: str
    state: EventState
    starts: LocalTime | None
    ends: LocalTime | None
    moved_from: LocalTime | None
    functions: tuple[PublicFunction, ...]

    @property
    def is_off(self) -> bool:
        return self.state in {EventState.CANCELLED, EventState.POSTPONED}


def public_programme(token: str) -> PublicProgramme | None:
    """The programme at the address, None where there is none or the event isn't open any more. 5 queries."""
    if not 1 <= len(token) <= LONGEST_TOKEN or not token.isascii():
        return None
    rows = Event.objects.filter(public_token=token, confidentiality=Confidentiality.OPEN)
    event = rows.select_related("site").first()
    if event is None:
        return None
    return PublicProgramme(
        title=event.title,
        zone=event.zone,
        site=event.site.name if event.site else "",
        state=EventState(event.state),
        starts=local_in(event.zone, event.starts_at),
        ends=local_in(event.zone, event.ends_at),
        moved_from=_moved_from(event),
        functions=tuple(_functions(event)),
    )


def _functions(event: Event) -> list[PublicFunction]:
    """What is marked as public, unless somebody has made its meeting private since."""
    shown = Function.objects.filter(event=event, is_public=True, occurrence__meeting__is_private=False)
    rows = shown.select_related("occurrence__meeting")
    functions = list(rows.order_by("occurrence__starts_at", "track", "number"))
    speakers = _speakers([row.pk for row in functions])
    rooms = _rooms([row.occurrence_id for row in functions])
    return [_function(event, row, speakers, rooms) for row in functions]


def _function(
    event: Event,
    row: Function,
    speakers: Mapping[int, Sequence[tuple[str, str]]],
    rooms: Mapping[int, Sequence[str]],
) -> PublicFunction:
    occurrence, meeting = row.occurrence, row.occurrence.meeting
    starts, ends = local_in(event.zone, occurrence.starts_at), local_in(event.zone, occurrence.ends_at)
    assert starts is not None
    assert ends is not None
    return PublicFunction(
        key=row.key,
        title=occurrence.title or meeting.title,
        kind=FunctionKind(row.kind),
        track=row.track,
        starts_at=occurrence.starts_at,
        ends_at=occurrence.ends_at,
        starts=starts,
        ends=ends,
        rooms=tuple(rooms.get(occurrence.pk, ())),
        speakers=tuple(speakers.get(row.pk, ())),
        abstract=row.abstract,
        uid=str(uuid5(NAMESPACE_URL, f"convenor:public-function:{row.pk}")),  # not the invitation's
        sequence=meeting.sequence,
        is_called_off=occurrence.state == OccurrenceState.CANCELLED,
    )


def _speakers(keys: Sequence[int]) -> Mapping[int, list[tuple[str, str]]]:
    """Only those who have said yes."""
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    rows = Speaker.objects.filter(function__in=keys, state=SpeakerState.CONFIRMED).order_by("position", "pk")
    for function, name, topic in rows.values_list("function_id", "person__name", "topic"):
        found[function].append((name, topic))
    return found


def _rooms(occurrences: Sequence[int]) -> Mapping[int, list[str]]:
    """Only those that are settled: one that waits for approval may be another tomorrow."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = Booking.objects.filter(occurrence__in=occurrences, room__isnull=False)
    confirmed = rows.filter(state=BookingState.CONFIRMED).order_by("pk")
    for occurrence, name in confirmed.values_list("occurrence_id", "room__name"):
        found[occurrence].append(name)
    return found


def _moved_from(event: Event) -> LocalTime | None:
    """The start as it was when the programme was published, if it is another now."""
    entries = AuditEntry.objects.filter(object_type=Event._meta.label_lower, object_id=event.pk)
    published = entries.filter(action="event.published").order_by("-id").values_list("id", flat=True).first()
    if published is None or event.starts_at is None:
        return None
    later = entries.filter(id__gt=published, before__has_key="starts_at").order_by("id")
    was = later.values_list("before__starts_at", flat=True).first()
    if not was:
        return None
    moment = datetime.fromisoformat(was)
    return local_in(event.zone, moment) if moment != event.starts_at else None
