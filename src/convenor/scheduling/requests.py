"""What is asked when a time is looked for, as ids and plain values: the screen, the command and the API share it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time

from convenor.kernel.instants import Span, ZoneName


@dataclass(frozen=True, slots=True)
class GroupWanted:
    """At least so many of these people (primary keys)."""

    person_ids: tuple[int, ...]
    at_least: int
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomWanted:
    """What the room must offer; equipment codes with quantities, primary keys of sites and rooms (None: any)."""

    headcount: int = 0
    style: str = ""
    equipment: Mapping[str, int] = field(default_factory=dict)
    site_ids: frozenset[int] | None = None
    room_ids: frozenset[int] | None = None
    accessible: bool = False
    one_per_site: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FindTimeRequest:
    """A meeting of `minutes` for these people (primary keys) within the windows; `room` None: no room is needed.

    `earliest` and `latest` are local hours that must hold in every attendee's zone, both or neither.
    `ignoring_meeting` is the meeting (primary key) that is being moved, which doesn't stand in its own way.
    """

    required_ids: tuple[int, ...]
    optional_ids: tuple[int, ...] = ()
    groups: tuple[GroupWanted, ...] = ()
    minutes: int
    windows: tuple[Span, ...]
    zone: ZoneName
    room: RoomWanted | None = None
    buffer_minutes_before: int = 0
    buffer_minutes_after: int = 0
    earliest: time | None = None
    latest: time | None = None
    out_of_hours_allowed: bool = False
    weeks: int = 1
    step_minutes: int = 15
    limit: int = 20
    ignoring_meeting: int | None = None

    @property
    def person_ids(self) -> tuple[int, ...]:
        """Everybody who is asked, once each, in the order given."""
        grouped = (person for group in self.groups for person in group.person_ids)
        return tuple(dict.fromkeys((*self.required_ids, *self.optional_ids, *grouped)))
