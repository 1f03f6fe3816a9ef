"""Whether a function would do as it is written or where it is dragged: the live answer. Changes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from convenor.base.actor import Actor
from convenor.base.permissions import may
from convenor.events.drafts import FunctionDraft
from convenor.events.enums import FunctionKind
from convenor.events.models import Event, Function
from convenor.events.queries.function_problems import findings_of
from convenor.events.queries.functions import keys_of, parties_of
from convenor.events.queries.hidden import readable
from convenor.events.queries.programme import doubled_sentence
from convenor.events.queries.running import runner
from convenor.events.queries.visibility import events_seen_by
from convenor.events.rules.attendance import follows
from convenor.events.rules.dates import instant_in
from convenor.events.rules.function import check_dates
from convenor.kernel.instants import LocalTime, Span, datetime_of, instant_of
from convenor.people.models import Person
from convenor.people.queries.availability import away_spans
from convenor.scheduling.drafts import KEEP, Unset
from convenor.scheduling.permissions import may_exceed_limits
from convenor.scheduling.queries.blocked import Wanted, obstacles, sentences, titles_for
from convenor.scheduling.queries.facts import room_facts
from convenor.scheduling.queries.fit import Fit, fit_for
from convenor.scheduling.queries.freebusy import busy_arrays
from convenor.scheduling.rules.findings import Findings

Sentences = Mapping[str, Sequence[str]]
WAIT_FOR_TIME = frozenset({"local_start", "duration_minutes"})


def function_for(actor: Actor, pk: int) -> Function:
    """The function with its event and meeting; raises Function.DoesNotExist for one that the actor may not see."""
    rows = Function.objects.select_related("event", "occurrence__meeting__organiser", "host", "main_room")
    row = rows.get(pk=pk, event__in=events_seen_by(actor))
    if not readable(actor, row.event, [row]):
        raise Function.DoesNotExist
    return row


def function_fit_for(
    actor: Actor,
    function_id: int,
    *,
    local_start: LocalTime,
    minutes: int,
    room_id: int | Unset | None = KEEP,
    now: datetime,
) -> Fit:
    """How it would fit at another time of the event's clocks, or in another room. Raises Function.DoesNotExist."""
    row = function_for(actor, function_id)
    found = Findings()
    check_dates(found, FunctionKind(row.kind), local_start, minutes, row.event)
    if not may(actor, "event.edit", row.event):
        found.refuse("event", "may_not", _("Only those who run the event can move it."))
    if refused := [error.messages[0] for errors in found.refused.values() for error in errors]:
        return Fit(fits=False, sentence=refused[0], conflicts=tuple(refused))
    starts_at = _instant(row.event, local_start)
    return fit_for(
        runner(actor, row.event, [row.occurrence.meeting.organiser_id]),
        occurrence_id=row.occurrence_id,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        room_id=room_id,
        now=now,
    )


def problems_while_editing(
    actor: Actor, event: Event, draft: FunctionDraft, *, function: Function | None = None, now: datetime
) -> Sentences:
    """What speaks against the draft as it stands, by its fields: what will be refused, and who is elsewhere then.

    `function` is the one that is changed. For an event that the actor has been found to see. 15 queries at most.
    """
    own_key = {function.key} if function else set()
    (found,) = findings_of(
        [draft], event, taken=keys_of(event.pk) - own_key, parties=parties_of(event.pk), here=()
    )
    said: dict[str, list[str]] = defaultdict(list)
    for field, errors in found.refused.items():
        said[field] += [error.messages[0] for error in errors]
    for notice in found.notices:
        said[notice.field].append(notice.sentence)
    if not WAIT_FOR_TIME & found.refused.keys():
        own = function.occurrence_id if function else None
        starts_at = _instant(event, draft.local_start)
        window = (starts_at, starts_at + timedelta(minutes=draft.duration_minutes))
        said["room_ids"] += _rooms_taken(actor, draft, window, own, now)
        for field, sentence in _people_elsewhere(actor, event, draft, window, own):
            said[field].append(sentence)
    return {field: list(dict.fromkeys(texts)) for field, texts in said.items() if texts}


def _instant(event: Event, local: LocalTime) -> datetime:
    moment = instant_in(event.zone, local)
    assert moment is not None
    return moment


def _rooms_taken(
    actor: Actor, draft: FunctionDraft, window: tuple[datetime, datetime], own: int | None, now: datetime
) -> Iterable[str]:
    rooms = room_facts(draft.room_ids, with_equipment=False)
    wanted = [
        Wanted(room, *window, room.reserved(*window, draft.setup_style))
        for key in draft.room_ids
        if (room := rooms.get(key)) is not None
    ]
    if not wanted:
        return ()
    found = obstacles(wanted, now=now, may_exceed=may_exceed_limits(actor), ignoring=[own] if own else [])
    return sentences(actor, wanted, found).values()


def _people_elsewhere(
    actor: Actor, event: Event, draft: FunctionDraft, window: tuple[datetime, datetime], own: int | None
) -> Iterable[tuple[str, str]]:
    """Each with the field that names them; the event's people aren't named by any and are left out."""
    field_of = {each.person_id: "attendees" for each in draft.attendees}
    field_of |= dict.fromkeys(follows(draft, {}), "speakers")
    if draft.host_id is not None:
        field_of[draft.host_id] = "host_id"
    span = Span(instant_of(window[0]), instant_of(window[1]))
    arrays = busy_arrays(list(field_of), span)
    columns = (arrays.person_ids, arrays.starts, arrays.ends, arrays.occurrence_ids)
    busy = [row for row in zip(*(column.tolist() for column in columns), strict=True) if row[3] != own]
    titles = titles_for(actor, {row[3] for row in busy if row[3]})
    names = dict(Person.objects.filter(pk__in=list(field_of)).values_list("pk", "name"))
    for person, start, end, occurrence in sorted(busy, key=lambda row: (row[1], row[3])):
        times = (datetime_of(start), datetime_of(end))
        title = titles.get(occurrence, "")
        yield field_of[person], doubled_sentence(names[person], title, *times, event.zone)
    for person, away in away_spans(list(field_of), span).items():
        if away:
            sentence = _("%(name)s is away (%(label)s).")
            yield field_of[person], sentence % {"name": names[person], "label": away[0].label}
