"""Adding functions to an event, changing and removing them. A function's meeting is made, changed and cancelled with it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from convenor.base import audit
from convenor.base.actor import Actor
from convenor.base.transactions import action
from convenor.events.actions.function_rows import facts, new_rows, write_row
from convenor.events.actions.meeting_part import ONE_OF_SERIES, meeting_changes, meeting_draft
from convenor.events.actions.opening import named_for, open_event
from convenor.events.drafts import FunctionDraft
from convenor.events.enums import EventState
from convenor.events.models import Cue, Event, Function, Speaker
from convenor.events.queries.function_problems import FIELDS, findings_of, people_in
from convenor.events.queries.functions import drafts_of, keys_of, parties_of, with_meetings
from convenor.events.queries.running import runner
from convenor.events.queries.visibility import events_seen_by
from convenor.events.rules.function import MOST_FUNCTIONS, fingerprint
from convenor.scheduling.actions.meeting import cancel_meeting, change_meeting, create_meetings
from convenor.scheduling.drafts import MeetingChanges, Notice
from convenor.scheduling.enums import OccurrenceState, Scope
from convenor.scheduling.models import Occurrence
from convenor.scheduling.refusals import RoomClashes
from convenor.scheduling.rules.findings import Findings


@action
def add_functions(
    *,
    actor: Actor,
    event_id: int,
    drafts: Sequence[FunctionDraft],
    private: Collection[str] = (),
    now: datetime,
) -> list[Function]:
    """Make the functions with their meetings, rooms and people: all or none. The event's owner organises them.

    Those with a key in `private` are hidden even where the event isn't.

    Raises ValidationError by the drafts' fields (of several drafts each sentence names its function), RoomClashes
    with what is in the way, Refused, Event.DoesNotExist.
    """
    event = open_event(actor, event_id, None)
    refuse_postponed(event)
    parties, taken = parties_of(event.pk), keys_of(event.pk)
    if len(taken) + len(drafts) > MOST_FUNCTIONS:
        sentence = _("An event has at most %(most)d functions.") % {"most": MOST_FUNCTIONS}
        raise ValidationError({"key": [sentence]})
    found = findings_of(drafts, event, taken=taken, parties=parties)
    raise_all([draft.title for draft in drafts], found)
    meetings = [meeting_draft(event, draft, parties, is_hidden=draft.key in private) for draft in drafts]
    try:
        saved = create_meetings(actor=runner(actor, event), drafts=meetings, now=now)
    except ValidationError as error:
        raise of_function(error) from error
    made = {each.meeting_id: each for each in _occurrences([each.meeting.pk for each in saved])}
    rows = new_rows(event, drafts, [made[each.meeting.pk] for each in saved])
    named = named_for(actor, event)
    audit.record_all(
        audit.entry(actor=named, action="function.added", obj=row, after=facts(draft))
        for row, draft in zip(rows, drafts, strict=True)
    )
    return rows


@action
def change_function(
    *, actor: Actor, function_id: int, draft: FunctionDraft, seen: str = "", now: datetime
) -> Function:
    """Make the function as the draft says; only what differs is written, and only who is concerned is told.

    `seen` is the `fingerprint` of the draft that the change began from, where others may have changed it since.
    Raises as add_functions, and Function.DoesNotExist.
    """
    return change_with_notices(actor=actor, function_id=function_id, draft=draft, seen=seen, now=now)[0]


@action
def change_with_notices(
    *, actor: Actor, function_id: int, draft: FunctionDraft, seen: str = "", now: datetime
) -> tuple[Function, tuple[Notice, ...]]:
    """As change_function; with what the schedule has to tell of it."""
    event, row = open_function(actor, function_id)
    old = drafts_of(event, [row])[row.pk]
    if seen and seen != fingerprint(old):
        sentence = _("Somebody else has changed “%(title)s” since you opened it.") % {"title": old.title}
        raise ValidationError({"version": [sentence]}, code="stale")
    if row.occurrence.state == OccurrenceState.CANCELLED:
        sentence = _("“%(title)s” is called off and can't be changed.") % {"title": old.title}
        raise ValidationError({"state": [sentence]})
    parties = parties_of(event.pk)
    taken = keys_of(event.pk) - {old.key}
    (found,) = findings_of([draft], event, taken=taken, parties=parties, here=people_in(old))
    _forgive(found, old, draft)
    found.raise_refused()
    changes = meeting_changes(event, row, old, draft, parties)
    write_row(row, old, draft)  # first: what its meeting may do depends on its kind
    notices = change_part(actor, event, row, changes, now)
    audit.record(
        actor=named_for(actor, event),
        action="function.changed",
        obj=row,
        before=facts(old),
        after=facts(draft),
    )
    return row, (*found.notices, *notices)


@action
def remove_function(*, actor: Actor, function_id: int, now: datetime) -> None:
    """Take the function out of the event; its meeting is cancelled, with everybody told. Its number isn't given again.

    Raises Function.DoesNotExist, Refused, ValidationError for an event that is over.
    """
    event, row = open_function(actor, function_id)
    old = drafts_of(event, [row])[row.pk]
    meeting = row.occurrence.meeting
    if row.occurrence.state == OccurrenceState.SCHEDULED:
        cancel_meeting(
            actor=runner(actor, event, [meeting.organiser_id]),
            meeting_id=meeting.pk,
            version=meeting.version,
            scope=Scope.ONE,
            recurrence_id=row.occurrence.recurrence_id,
            now=now,
        )
    Speaker.objects.filter(function=row).delete()
    Cue.objects.filter(function=row).delete()
    row.removed_at = now
    row.save(update_fields=["removed_at"])
    audit.record(actor=named_for(actor, event), action="function.removed", obj=row, before=facts(old))


def open_function(actor: Actor, function_id: int, verb: str = "event.edit") -> tuple[Event, Function]:
    """The function with its event locked, as open_event; raises Function.DoesNotExist for what the actor may not see."""
    seen = Function.objects.filter(event__in=events_seen_by(actor))
    event_id = seen.values_list("event_id", flat=True).get(pk=function_id)
    event = open_event(actor, event_id, None, verb)
    row = with_meetings().select_related("occurrence__meeting").get(pk=function_id)
    row.event = event
    return event, row


def change_part(
    actor: Actor, event: Event, row: Function, changes: MeetingChanges, now: datetime
) -> tuple[Notice, ...]:
    """Change the function's meeting, or of a series the one occurrence; what there is to tell. Fields are the draft's."""
    given = changes.given()
    if not given:
        return ()
    meeting = row.occurrence.meeting
    if meeting.is_series and not given.keys() <= ONE_OF_SERIES:
        sentence = _(
            "“%(title)s” is one date of a series; this is changed for the whole series, in the meeting."
        )
        names = sorted(FIELDS.get(name, name) for name in given.keys() - ONE_OF_SERIES)
        raise ValidationError({name: [sentence % {"title": meeting.title}] for name in names})
    try:
        saved = change_meeting(
            actor=runner(actor, event, [meeting.organiser_id]),
            meeting_id=meeting.pk,
            version=meeting.version,
            changes=changes,
            scope=Scope.ONE,
            recurrence_id=row.occurrence.recurrence_id,
            now=now,
        )
    except ValidationError as error:
        raise of_function(error) from error
    row.occurrence = with_meetings().get(pk=row.pk).occurrence
    return tuple(replace(each, field=FIELDS.get(each.field, each.field)) for each in saved.notices)


def of_function(error: ValidationError) -> ValidationError:
    """The meeting's refusal under the names of a function's fields; clashes keep what they carry."""
    if isinstance(error, RoomClashes) or not hasattr(error, "error_dict"):
        return error
    return ValidationError({FIELDS.get(name, name): found for name, found in error.error_dict.items()})


def refuse_postponed(event: Event) -> None:
    if event.state == EventState.POSTPONED:
        raise ValidationError({"state": [_("A postponed event gets new functions once it has new dates.")]})


def raise_all(titles: Sequence[str], found: Sequence[Findings]) -> None:
    """Every refusal of every function at once; where there are several functions each sentence names its own."""
    if len(found) == 1:
        found[0].raise_refused()
    problems: dict[str, list[ValidationError]] = {}
    for title, each in zip(titles, found, strict=True):
        for field, errors in each.refused.items():
            words = {"title": title}
            problems.setdefault(field, []).extend(
                ValidationError(_("“%(title)s”: ") % words + error.messages[0], code=error.code)
                for error in errors
            )
    if problems:
        raise ValidationError(problems)


def _forgive(found: Findings, old: FunctionDraft, new: FunctionDraft) -> None:
    """Only what changes is refused: what has stood before a newer rule stays."""
    reasons: Mapping[str, tuple[str, ...]] = {
        "local_start": ("local_start", "duration_minutes", "kind"),
        "room_ids": (
            "room_ids",
            "headcount",
            "setup_style",
            "attendees",
            "speakers",
            "host_id",
            "is_for_all",
        ),
        "headcount": ("room_ids", "headcount", "setup_style"),
        "setup_style": ("room_ids", "setup_style"),
        "what": ("cues",),
        "cue": ("cues",),
        "offset_minutes": ("cues", "duration_minutes"),
        "minutes": ("cues",),
        "service": ("cues",),
    }
    for field in list(found.refused):
        parts = reasons.get(field, (field,))
        if all(getattr(old, part) == getattr(new, part) for part in parts):
            del found.refused[field]


def _occurrences(meeting_ids: Sequence[int]) -> list[Occurrence]:
    return list(Occurrence.objects.select_related("meeting").filter(meeting__among=meeting_ids))
