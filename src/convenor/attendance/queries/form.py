"""Registration forms: for those who set them up, and as plain values for those who fill them in."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from convenor.attendance.drafts import FieldDraft, FormDraft, OptionDraft
from convenor.attendance.enums import FieldKind, FormMode
from convenor.attendance.models import FieldOption, FormField, RegistrationForm, Roll
from convenor.attendance.rules.asked import Asked, Choice, Question
from convenor.attendance.rules.standing import Door, Standing, standing_of
from convenor.base.actor import Actor
from convenor.base.permissions import require
from convenor.events.enums import Confidentiality, EventState
from convenor.events.models import Event, Function
from convenor.events.queries.visibility import event_for
from convenor.events.rules.dates import local_in
from convenor.kernel.instants import LocalTime
from convenor.scheduling.enums import OccurrenceState

TOKEN = re.compile(r"[\w-]{1,43}", re.ASCII)
"""What the secret part of an address can be; anything else is asked of no database."""
FRAME: tuple[str, ...] = (
    *("mode", "is_open", "opens_at", "closes_at", "intro_en", "intro_ro", "asks_organisation", "asks_phone"),
    *("asks_dietary", "asks_access", "max_guests", "shows_seats_left", "needs_approval"),
)
"""The form's own columns that a draft sets."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A function that can be chosen. Times are on the event's clocks; `left` is None without a limit."""

    id: int
    roll_id: int
    title: str
    starts: LocalTime
    ends: LocalTime
    left: int | None
    has_waitlist: bool

    @property
    def is_closed(self) -> bool:
        """Neither a seat nor a place on a waitlist."""
        return self.left == 0 and not self.has_waitlist


@dataclass(frozen=True, slots=True)
class Cover:
    """What is said of an event to whoever is asked to it. Times are on the event's clocks."""

    id: int
    title: str
    zone: str
    site: str
    address: str
    state: EventState
    starts: LocalTime | None
    ends: LocalTime | None
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class PublicForm:
    """The page at a form's address. `left` is None where the organiser doesn't say, or there is no limit."""

    event: Cover
    token: str
    intro: str
    standing: Standing
    opens: LocalTime | None
    closes: LocalTime | None
    left: int | None
    asked: Asked
    functions: tuple[Offered, ...]
    shows_seats_left: bool
    needs_approval: bool


def form_for(actor: Actor, event_id: int) -> RegistrationForm | None:
    """The event's form for those who set it up; None where there is none yet. Raises Event.DoesNotExist, Refused."""
    event = event_for(actor, event_id)
    require(actor, "registration.edit_form", event)
    return RegistrationForm.objects.filter(event=event).first()


def form_draft_of(form: RegistrationForm) -> FormDraft:
    """The form as it is. 3 queries."""
    options = _options(form.pk)
    fields = tuple(
        FieldDraft(
            key=row.key,
            kind=FieldKind(row.kind),
            label_en=row.label_en,
            label_ro=row.label_ro,
            help_en=row.help_en,
            help_ro=row.help_ro,
            is_required=row.is_required,
            options=tuple(
                OptionDraft(each.key, each.label_en, each.label_ro, each.limit) for each in options[row.pk]
            ),
        )
        for row in form.fields.all()
    )
    chosen = Roll.objects.filter(event=form.event_id, is_choosable=True, function__isnull=False)
    return FormDraft(
        **{name: getattr(form, name) for name in FRAME},
        fields=fields,
        function_ids=frozenset(chosen.values_list("function_id", flat=True)),
    )


def choosable_for(actor: Actor, event_id: int) -> Sequence[tuple[int, str]]:
    """The event's functions that could be offered, with their titles, in the order of their times."""
    event = event_for(actor, event_id)
    require(actor, "registration.edit_form", event)
    rows = _open_functions(event).select_related("occurrence__meeting")
    return [(row.pk, row.occurrence.title or row.occurrence.meeting.title) for row in rows]


def public_form(token: str, language: str, now: datetime) -> PublicForm | None:
    """What stands at a form's address; None where nothing may. At most 4 queries."""
    if not TOKEN.fullmatch(token):
        return None
    rows = RegistrationForm.objects.filter(token=token).select_related("event__site")
    form = rows.filter(event__confidentiality__lte=Confidentiality.INTERNAL).first()
    return None if form is None else _page(form, language, now)


def preview_of(actor: Actor, event_id: int, language: str, now: datetime) -> PublicForm:
    """The same for those who set it up. Raises Event.DoesNotExist, RegistrationForm.DoesNotExist, Refused."""
    form = form_for(actor, event_id)
    if form is None:
        raise RegistrationForm.DoesNotExist
    return _page(form, language, now)


def _page(form: RegistrationForm, language: str, now: datetime) -> PublicForm:
    rolls = list(rolls_offered(form.event))
    own = next((roll for roll in rolls if roll.function_id is None), None)
    left = seats_left(own) if own else None
    functions = offered_by(form.event, rolls)
    return PublicForm(
        event=cover_of(form.event),
        token=form.token,
        intro=in_language(form.intro_en, form.intro_ro, language),
        standing=standing_of(_door(form, own, left), now),
        opens=local_in(form.event.zone, form.opens_at),
        closes=local_in(form.event.zone, form.closes_at),
        left=left if form.shows_seats_left else None,
        asked=asked_of(form, language, functions),
        functions=functions,
        shows_seats_left=form.shows_seats_left,
        needs_approval=form.needs_approval,
    )


def cover_of(event: Event) -> Cover:
    return Cover(
        id=event.pk,
        title=event.title,
        zone=event.zone,
        site=event.site.name if event.site else "",
        address=event.site.address if event.site else "",
        state=EventState(event.state),
        starts=local_in(event.zone, event.starts_at),
        ends=local_in(event.zone, event.ends_at),
        ends_at=event.ends_at,
    )


def asked_of(form: RegistrationForm, language: str, functions: Iterable[Offered]) -> Asked:
    """What the form asks, in the language. At most 2 queries."""
    rows = list(form.fields.all())
    has_options = any(row.kind in (FieldKind.CHOICE, FieldKind.CHOICES) for row in rows)
    options = _options(form.pk) if has_options else {}
    return Asked(
        questions=tuple(_question(row, options.get(row.pk, ()), language) for row in rows),
        function_ids=frozenset(each.id for each in functions if not each.is_closed),
        max_guests=form.max_guests,
        asks_organisation=form.asks_organisation,
        asks_phone=form.asks_phone,
        asks_dietary=form.asks_dietary,
        asks_access=form.asks_access,
    )


def rolls_offered(event: Event) -> QuerySet[Roll]:
    """The event's own roll and those of functions that can be chosen."""
    functions = _open_functions(event).values("pk")
    rows = Roll.objects.filter(event=event, function__isnull=True) | Roll.objects.filter(
        event=event, is_choosable=True, function__in=functions
    )
    return rows.select_related("function__occurrence__meeting")


def offered_by(event: Event, rolls: Iterable[Roll]) -> tuple[Offered, ...]:
    """The functions among the rolls, in the order of their times."""
    rows = [(roll, roll.function.occurrence) for roll in rolls if roll.function is not None]
    rows.sort(key=lambda row: (row[1].starts_at, row[1].ends_at, row[0].pk))
    return tuple(_offered(event, roll) for roll, _occurrence in rows)


def seats_left(roll: Roll) -> int | None:
    """How many seats are open to everybody; None without a limit."""
    return None if roll.limit is None else max(0, roll.limit - roll.taken - roll.allotted)


def in_language(english: str, romanian: str, language: str) -> str:
    """The text in the language, or in the other where it was never written."""
    first, second = (romanian, english) if language.startswith("ro") else (english, romanian)
    return first or second


def _offered(event: Event, roll: Roll) -> Offered:
    assert roll.function is not None
    occurrence = roll.function.occurrence
    starts, ends = local_in(event.zone, occurrence.starts_at), local_in(event.zone, occurrence.ends_at)
    assert starts is not None
    assert ends is not None
    return Offered(
        id=roll.function.pk,
        roll_id=roll.pk,
        title=occurrence.title or occurrence.meeting.title,
        starts=starts,
        ends=ends,
        left=seats_left(roll),
        has_waitlist=roll.has_waitlist,
    )


def _door(form: RegistrationForm, own: Roll | None, left: int | None) -> Door:
    return Door(
        state=EventState(form.event.state),
        ends_at=form.event.ends_at,
        mode=FormMode(form.mode),
        is_open=form.is_open,
        opens_at=form.opens_at,
        closes_at=form.closes_at,
        left=left,
        has_waitlist=own is None or own.has_waitlist,
    )


def _open_functions(event: Event) -> QuerySet[Function]:
    """What isn't called off, and isn't private: its title is for whoever opens the page."""
    rows = Function.objects.filter(event=event, occurrence__meeting__is_private=False)
    return rows.exclude(occurrence__state=OccurrenceState.CANCELLED).order_by("occurrence__starts_at", "pk")


def _options(form_id: int) -> Mapping[int, list[FieldOption]]:
    found: dict[int, list[FieldOption]] = defaultdict(list)
    for row in FieldOption.objects.filter(field__form=form_id):
        found[row.field_id].append(row)
    return found


def _question(row: FormField, options: Iterable[FieldOption], language: str) -> Question:
    return Question(
        key=row.key,
        kind=FieldKind(row.kind),
        label=in_language(row.label_en, row.label_ro, language),
        help=in_language(row.help_en, row.help_ro, language),
        is_required=row.is_required,
        choices=tuple(
            Choice(
                each.key,
                in_language(each.label_en, each.label_ro, language),
                None if each.limit is None else max(0, each.limit - each.taken),
            )
            for each in options
        ),
    )
