"""What a clone of an event would be, as drafts, with what has to be said of it: the preview and the deed read the same."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convenor.base.actor import Actor
from convenor.base.permissions import may
from convenor.events.drafts import ContactDraft, EventDraft, FunctionDraft, PartyDraft, TaskDraft
from convenor.events.enums import OUTSIDE_DATES, EventState, SpeakerState, TaskState
from convenor.events.models import Event, Function
from convenor.events.queries.classes import current_version
from convenor.events.queries.drafts import contact_drafts_of, event_draft_of, party_drafts_of
from convenor.events.queries.effects import FunctionFate, move_problems
from convenor.events.queries.functions import drafts_of, functions_of, parked_bookings_of
from convenor.events.queries.tasks import task_drafts_of
from convenor.events.rules.moving import Dates, Shift, dates_after, shift_to
from convenor.kernel.instants import LocalTime
from convenor.people.models import Person
from convenor.scheduling.enums import OccurrenceState
from convenor.scheduling.queries.moved_places import Going, PlaceFate, place_fates
from convenor.scheduling.queries.visibility import private_meetings_seen_by

OVER = (EventState.POSTPONED, EventState.CANCELLED)


@dataclass(frozen=True, slots=True)
class ClonePlan:
    """Drafts at the new dates. `notices` are sentences about what isn't taken over, `refused` by field why it can't be."""

    event: EventDraft | None = None
    dates: Dates | None = None
    parties: tuple[PartyDraft, ...] = ()
    contacts: tuple[ContactDraft, ...] = ()
    functions: tuple[FunctionDraft, ...] = ()
    private: frozenset[str] = frozenset()  # keys of functions that are hidden themselves
    tasks: tuple[TaskDraft, ...] = ()
    fates: tuple[FunctionFate, ...] = ()
    notices: tuple[str, ...] = ()
    refused: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def moving(self) -> tuple[FunctionFate, ...]:
        return tuple(each for each in self.fates if not each.stays)


def clone_plan(
    actor: Actor,
    event: Event,
    *,
    title: str,
    starts: LocalTime,
    with_people: bool,
    with_rooms: bool,
    despite_holiday: bool = False,
    now: datetime,
) -> ClonePlan:
    """The event again, starting then on its own clocks. The caller has checked that the actor may see it.

    A fixed number of queries; rooms and pieces are kept where they are free then.
    """
    if event.starts_at is None:
        return ClonePlan(refused={"starts": [_("It has no start and end to count from.")]})
    shift = shift_to(event, starts)
    dates = dates_after(event, shift)
    refused = move_problems(event, dates, now, despite_holiday=despite_holiday)
    if refused:
        return ClonePlan(dates=dates, refused=refused)
    notices: list[str] = []
    cover = _cover(actor, event, title, shift, notices)
    legs = _legs(actor, event, shift, now, notices)
    fates = _fates(actor, legs, now) if with_rooms else {}
    drafts = drafts_of(event, [each for each, _going in legs])
    functions = [
        _function(drafts[each.pk], shift, fates.get(each.occurrence_id, ()), with_people=with_people)
        for each, _going in legs
    ]
    parties = [_party(each, shift) for each in party_drafts_of(event)] if with_people else []
    contacts = contact_drafts_of(event)
    tasks = [_task(each, shift) for each in task_drafts_of(event)]
    gone = _gone(parties, contacts, functions, tasks, notices)
    return ClonePlan(
        event=cover,
        dates=dates,
        parties=tuple(
            replace(each, host_id=_kept(each.host_id, gone)) for each in parties if each.person_id not in gone
        ),
        contacts=tuple(each for each in contacts if each.person_id not in gone),
        functions=tuple(_without(each, gone) for each in functions),
        private=frozenset(each.key for each, _going in legs if each.occurrence.meeting.is_private),
        tasks=tuple(replace(each, owner_id=_kept(each.owner_id, gone)) for each in tasks),
        fates=tuple(_fate(each, going, fates.get(each.occurrence_id, ())) for each, going in legs),
        notices=tuple(notices),
    )


def _cover(actor: Actor, event: Event, title: str, shift: Shift, notices: list[str]) -> EventDraft:
    """Whoever may not run an event of the same owner runs the clone themselves."""
    old = event_draft_of(event)
    newest = current_version(event.class_version.event_class)
    if newest.pk != event.class_version_id:
        sentence = _("It is of version %(new)d of its class; the original is of version %(old)d.")
        notices.append(sentence % {"new": newest.number, "old": event.class_version.number})
    runs = may(actor, "event.edit", event) and event.owner.is_active
    return replace(
        old,
        key="",
        title=title,
        class_version_id=newest.pk,
        owner_id=old.owner_id if runs or actor.person_id is None else actor.person_id,
        load_in=_moved(old.load_in, shift),
        starts=_moved(old.starts, shift),
        ends=_moved(old.ends, shift),
        load_out=_moved(old.load_out, shift),
        actual_count=None,
    )


def _moved(local: LocalTime | None, shift: Shift) -> LocalTime | None:
    return None if local is None else shift.of_local(local)


def _legs(
    actor: Actor, event: Event, shift: Shift, now: datetime, notices: list[str]
) -> list[tuple[Function, Going]]:
    """What took place or was to; of an event that was itself called off, everything."""
    legs: list[tuple[Function, Going]] = []
    for each in _seen(actor, event, notices):
        row = each.occurrence
        if row.state == OccurrenceState.CANCELLED and event.state not in OVER:
            continue
        span = shift.of_span(row.starts_at, row.ends_at, all_day=row.meeting.all_day)
        going = Going(row, *span, parked_bookings_of(each))
        if each.kind in OUTSIDE_DATES and going.starts_at <= now:
            sentence = _("“%(title)s” would be in the past, so it is left out.")
            notices.append(sentence % {"title": row.title or row.meeting.title})
            continue
        legs.append((each, going))
    return legs


def _seen(actor: Actor, event: Event, notices: list[str]) -> list[Function]:
    """A private meeting is taken over only by whoever may read it, or runs the event. 1 or 2 queries."""
    rows = functions_of(event.pk)
    private = {each.occurrence.meeting_id for each in rows if each.occurrence.meeting.is_private}
    if not private or may(actor, "event.edit", event):
        return rows
    hidden = private - private_meetings_seen_by(actor, private)
    if hidden:
        sentence = ngettext(
            "%(count)d private function is left out.",
            "%(count)d private functions are left out.",
            len(hidden),
        )
        notices.append(sentence % {"count": len(hidden)})
    return [each for each in rows if each.occurrence.meeting_id not in hidden]


def _fates(
    actor: Actor, legs: Sequence[tuple[Function, Going]], now: datetime
) -> Mapping[int, list[PlaceFate]]:
    return place_fates(actor, [going for _function, going in legs], now=now, staying=True)


def _fate(function: Function, going: Going, places: Sequence[PlaceFate]) -> FunctionFate:
    row = function.occurrence
    return FunctionFate(
        function_id=function.pk,
        title=row.title or row.meeting.title,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        new_starts_at=going.starts_at,
        new_ends_at=going.ends_at,
        places=tuple(places),
    )


def _function(
    draft: FunctionDraft, shift: Shift, places: Sequence[PlaceFate], *, with_people: bool
) -> FunctionDraft:
    """At its new time, with the places that are free then."""
    free = {each.room_id for each in places if not each.problem and each.room_id}
    pieces = {each.equipment_id for each in places if not each.problem and each.equipment_id}
    moved = replace(
        draft,
        local_start=shift.of_local(draft.local_start),
        room_ids=tuple(room for room in draft.room_ids if room in free),
        equipment=tuple(each for each in draft.equipment if each.equipment_id in pieces),
    )
    if not with_people:
        cues = tuple(replace(each, owner_id=None) for each in draft.cues)
        return replace(moved, host_id=None, speakers=(), attendees=(), cues=cues)
    speakers = tuple(replace(each, state=SpeakerState.ASKED) for each in draft.speakers)
    return replace(moved, speakers=speakers)


def _party(draft: PartyDraft, shift: Shift) -> PartyDraft:
    return replace(draft, arrives=_moved(draft.arrives, shift))


def _task(draft: TaskDraft, shift: Shift) -> TaskDraft:
    fixed: date | None = None if draft.fixed_due_on is None else shift.of_day(draft.fixed_due_on)
    return replace(
        draft,
        state=TaskState.OPEN,
        fixed_due_on=fixed,
        checklist=tuple(replace(item, is_done=False) for item in draft.checklist),
    )


def _gone(
    parties: Sequence[PartyDraft],
    contacts: Sequence[ContactDraft],
    functions: Sequence[FunctionDraft],
    tasks: Sequence[TaskDraft],
    notices: list[str],
) -> set[int]:
    """Who of all these has left since. 1 query."""
    named: list[int | None] = [each.person_id for each in parties]
    named += [each.person_id for each in contacts]
    named += [each.host_id for each in parties]
    named += [each.owner_id for each in tasks]
    for function in functions:
        named += [function.host_id, *(cue.owner_id for cue in function.cues)]
        named += [each.person_id for each in function.speakers]
        named += [each.person_id for each in function.attendees]
    known = {each for each in named if each is not None}
    rows = Person.objects.filter(pk__among=known, is_active=False).order_by("name")
    gone = dict(rows.values_list("pk", "name"))
    if gone:
        sentence = ngettext(
            "%(count)d person has left and isn't taken over: %(names)s.",
            "%(count)d people have left and aren't taken over: %(names)s.",
            len(gone),
        )
        notices.append(sentence % {"count": len(gone), "names": ", ".join(gone.values())})
    return set(gone)


def _kept(person: int | None, gone: Collection[int]) -> int | None:
    return None if person in gone else person


def _without(draft: FunctionDraft, gone: Collection[int]) -> FunctionDraft:
    return replace(
        draft,
        host_id=_kept(draft.host_id, gone),
        speakers=tuple(each for each in draft.speakers if each.person_id not in gone),
        attendees=tuple(each for each in draft.attendees if each.person_id not in gone),
        cues=tuple(replace(each, owner_id=_kept(each.owner_id, gone)) for each in draft.cues),
    )
