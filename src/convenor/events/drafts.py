"""What is asked of events, as plain values: forms, plan files, classes and actions share them.

A draft is the whole thing as it shall be: creating takes one, changing takes one and writes what differs.
Local times are naive and belong to the event's zone; ids are primary keys; lengths are minutes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from convenor.events.enums import (
    Anchor,
    Confidentiality,
    FunctionKind,
    PartyRole,
    Service,
    SpeakerState,
    TaskState,
)
from convenor.events.rules.policy import Due
from convenor.kernel.instants import LocalTime
from convenor.scheduling.drafts import AttendeeDraft, EquipmentDraft
from convenor.scheduling.enums import Priority

__all__ = [
    "AttendeeDraft",
    "ContactDraft",
    "CueDraft",
    "EquipmentDraft",
    "EventDraft",
    "FunctionDraft",
    "ItemDraft",
    "PartyDraft",
    "SpeakerDraft",
    "TaskDraft",
]


@dataclass(frozen=True, slots=True)
class PartyDraft:
    """Somebody who takes part in the event as a whole; `arrives` is local."""

    person_id: int
    role: PartyRole = PartyRole.PARTICIPANT
    precedence: int | None = None
    host_id: int | None = None
    arrives: LocalTime | None = None
    needs_badge: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class ContactDraft:
    service: Service
    person_id: int


@dataclass(frozen=True, slots=True)
class EventDraft:
    """The dossier's cover. Without `key` one is made from the title; dates may be missing from an enquiry only."""

    title: str
    class_version_id: int
    owner_id: int
    zone: str
    key: str = ""
    sponsor_id: int | None = None
    budget_holder_id: int | None = None
    host_department_id: int | None = None
    department_ids: tuple[int, ...] = ()
    organisation_ids: tuple[int, ...] = ()
    site_id: int | None = None
    confidentiality: Confidentiality = Confidentiality.INTERNAL
    priority: Priority = Priority.NORMAL
    load_in: LocalTime | None = None
    starts: LocalTime | None = None
    ends: LocalTime | None = None
    load_out: LocalTime | None = None
    expected_count: int | None = None
    guaranteed_count: int | None = None
    actual_count: int | None = None
    objectives: str = ""
    notes: str = ""


@dataclass(frozen=True, slots=True)
class SpeakerDraft:
    """In the order in which they are named."""

    person_id: int
    topic: str = ""
    state: SpeakerState = SpeakerState.ASKED


@dataclass(frozen=True, slots=True)
class CueDraft:
    """One line of the run of show, `offset_minutes` after the function's start."""

    offset_minutes: int
    what: str
    minutes: int = 1
    cue: str = ""
    owner_id: int | None = None
    service: str = ""


@dataclass(frozen=True, slots=True)
class FunctionDraft:
    """A function with the meeting that it is. `attendees` come on top of speakers, host and, if it is for all, the event's people.

    The first of `room_ids` is the main room; all are booked for the whole function.
    """

    key: str
    title: str
    kind: FunctionKind
    local_start: LocalTime
    duration_minutes: int
    track: str = ""
    host_id: int | None = None
    room_ids: tuple[int, ...] = ()
    equipment: tuple[EquipmentDraft, ...] = ()
    setup_style: str = ""
    headcount: int | None = None
    attendees: tuple[AttendeeDraft, ...] = ()
    speakers: tuple[SpeakerDraft, ...] = ()
    cues: tuple[CueDraft, ...] = ()
    is_for_all: bool = False
    is_public: bool = False
    abstract: str = ""
    catering: str = ""
    av: str = ""
    security: str = ""
    facility: str = ""
    staffing: str = ""
    notes: str = ""
    sheet_due: bool = True


@dataclass(frozen=True, slots=True)
class ItemDraft:
    """A line of a task's checklist."""

    text: str
    is_done: bool = False


@dataclass(frozen=True, slots=True)
class TaskDraft:
    """`after` are keys of tasks of the same event; `fixed_due_on` stands instead of `due`."""

    key: str
    title: str
    due: Due = field(default=Due(0, anchor=Anchor.START))
    fixed_due_on: date | None = None
    owner_id: int | None = None
    description: str = ""
    state: TaskState = TaskState.OPEN
    is_milestone: bool = False
    duration_days: int = 1
    after: tuple[str, ...] = ()
    checklist: tuple[ItemDraft, ...] = ()
