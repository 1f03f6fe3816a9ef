"""A roll as it is given out: as a list, on paper, on badges. What the screen's filter shows, by name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db.models import Count

from convenor.attendance.drafts import NeedsDraft
from convenor.attendance.enums import GONE, BadgeRole, FieldKind, SeatState, Source
from convenor.attendance.models import FormField, Registration, Roll, Seat
from convenor.attendance.queries.needs import needs_for
from convenor.attendance.queries.seats import BY_NAME, SeatsAsked, count_of, seats_of
from convenor.attendance.queries.visibility import roll_for
from convenor.base.actor import Actor
from convenor.base.folding import folded
from convenor.base.permissions import may
from convenor.events.enums import PartyRole, SpeakerState
from convenor.events.models import Contact, Event, Function, Party, Speaker
from convenor.events.queries.hidden import hidden_functions

Answers = Mapping[str, object]
BADGE_ROLES: Mapping[PartyRole, BadgeRole] = {
    PartyRole.CHAIR: BadgeRole.CHAIR,
    PartyRole.STAFF: BadgeRole.STAFF,
    PartyRole.GUEST: BadgeRole.GUEST,
}


@dataclass(frozen=True, slots=True)
class Question:
    """Of the registration form; `options` are the texts of its answers by key, in both languages."""

    key: str
    kind: FieldKind
    label_en: str
    label_ro: str
    options: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RollRow:
    """One seat with whoever has it. `functions` are the titles of what else of the event they come to, by time."""

    seat_id: int
    registration_id: int
    person_id: int | None
    name: str
    organisation: str
    department: str
    email: str
    phone: str
    language: str
    state: SeatState
    allotment: str
    guest_of: str
    guests: int
    functions: Sequence[str]
    source: Source
    priority: int
    note: str
    code: str
    answers: Answers
    registered_at: datetime
    answered_at: datetime | None
    checked_in_at: datetime | None
    checked_out_at: datetime | None
    needs: NeedsDraft | None


@dataclass(frozen=True, slots=True)
class RollList:
    """`shows_needs` says whether the reader may see what each needs; only then do the rows hold it."""

    roll: Roll
    rows: Sequence[RollRow]
    questions: Sequence[Question]
    shows_needs: bool

    @property
    def event(self) -> Event:
        return self.roll.event

    @property
    def function_title(self) -> str:
        """Nothing for the event's own roll."""
        return title_of(self.roll.function) if self.roll.function else ""


def roll_list_for(actor: Actor, roll_id: int, asked: SeatsAsked) -> RollList:
    """Raises Roll.DoesNotExist, Refused. 12 queries at most, however many seats."""
    roll = roll_for(actor, roll_id)
    seats = list(seats_of(roll, replace(asked, sort=BY_NAME)).defer(None))
    shows_needs = may(actor, "roll.see_needs", roll.event)
    around = _Around(
        guests=_guests(roll.event_id),
        functions=_functions(actor, roll) if roll.function_id is None else {},
        needs=needs_for(actor, roll) if shows_needs else {},
    )
    rows = sorted((_row(each, around) for each in seats), key=_by_name)
    return RollList(roll, rows, questions_of(roll.event_id), shows_needs)


def size_for(actor: Actor, roll_id: int, asked: SeatsAsked) -> tuple[Roll, int]:
    """The roll, and how many the list would have. Raises Roll.DoesNotExist, Refused."""
    roll = roll_for(actor, roll_id)
    return roll, count_of(roll, asked)


def badge_roles_of(event: Event) -> dict[int, BadgeRole]:
    """What somebody's badge calls them, by person; most are nothing special. 3 queries."""
    contacts = Contact.objects.filter(event=event).values_list("person_id", flat=True)
    found = dict.fromkeys((event.owner_id, *contacts), BadgeRole.STAFF)
    parties = Party.objects.filter(event=event, role__in=BADGE_ROLES).values_list("person_id", "role")
    found |= {person: BADGE_ROLES[PartyRole(role)] for person, role in parties}
    speakers = Speaker.objects.filter(function__event=event, function__removed_at__isnull=True)
    speaking = speakers.exclude(state=SpeakerState.DECLINED).values_list("person_id", flat=True)
    return found | dict.fromkeys(speaking, BadgeRole.SPEAKER)


def questions_of(event_id: int) -> list[Question]:
    """The registration form's, in its order. 2 queries."""
    rows = FormField.objects.filter(form__event=event_id).prefetch_related("options")
    return [
        Question(
            each.key,
            FieldKind(each.kind),
            each.label_en,
            each.label_ro,
            {option.key: (option.label_en, option.label_ro) for option in each.options.all()},
        )
        for each in rows
    ]


def title_of(function: Function) -> str:
    """Of one that comes with its occurrence and meeting."""
    return str(function.occurrence.title or function.occurrence.meeting.title)


@dataclass(frozen=True, slots=True)
class _Around:
    """By registration: how many guests it brings, what else it comes to, what it needs."""

    guests: Mapping[int, int]
    functions: Mapping[int, Sequence[str]]
    needs: Mapping[int, NeedsDraft]


def _guests(event_id: int) -> dict[int, int]:
    rows = Registration.objects.filter(event=event_id, guest_of__isnull=False).order_by()
    return dict(rows.values_list("guest_of").annotate(n=Count("pk")))


def _functions(actor: Actor, roll: Roll) -> Mapping[int, Sequence[str]]:
    """Titles of the functions that each is on the roll of and hasn't left, by time; none that the reader may not see."""
    seats = Seat.objects.filter(roll__event=roll.event_id, roll__function__removed_at__isnull=True)
    seats = seats.exclude(roll__function=None).exclude(state__in=GONE)
    seats = seats.exclude(roll__function__in=hidden_functions(actor, roll.event))
    columns = ("occurrence__title", "occurrence__meeting__title")
    found: dict[int, list[str]] = defaultdict(list)
    rows = seats.order_by("roll__function__occurrence__starts_at", "roll__function__number")
    names = (f"roll__function__{each}" for each in columns)
    for registration, own, title in rows.values_list("registration_id", *names):
        found[registration].append(own or title)
    return found


def _row(seat: Seat, around: _Around) -> RollRow:
    person = seat.registration
    return RollRow(
        seat_id=seat.pk,
        registration_id=person.pk,
        person_id=person.person_id,
        name=person.name,
        organisation=person.organisation,
        department=person.department.name if person.department else "",
        email=person.email,
        phone=person.phone,
        language=person.language,
        state=SeatState(seat.state),
        allotment=_owner(seat),
        guest_of=person.guest_of.name if person.guest_of else "",
        guests=around.guests.get(person.pk, 0),
        functions=around.functions.get(person.pk, ()),
        source=Source(person.source),
        priority=person.priority,
        note=person.note,
        code=person.code,
        answers=person.answers,
        registered_at=person.created_at,
        answered_at=seat.answered_at,
        checked_in_at=seat.checked_in_at,
        checked_out_at=seat.checked_out_at,
        needs=around.needs.get(person.pk),
    )


def _owner(seat: Seat) -> str:
    if seat.allotment is None:
        return ""
    owner = seat.allotment.department or seat.allotment.organisation
    return owner.name if owner else ""


def _by_name(row: RollRow) -> tuple[str, str, int]:
    """As people look for a name: without case and accents, the same in both engines."""
    return folded(row.name), row.name, row.registration_id
