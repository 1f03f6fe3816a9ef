"""Giving a meeting's occurrences the places of its changed series.

Who is who: see `rules.series.remap`. An occurrence that was moved on its own keeps the time it was
moved to; all others take the time the series now gives. One that was cancelled stays cancelled in its
new place. Occurrences of a series that are over stay as they were. What has no place in the changed
series is removed, and of overrides among it the user is told.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db.models import OuterRef, ProtectedError, Subquery, TextField, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _

from convenor.kernel.instants import LocalTime, instant_of, to_local
from convenor.kernel.recurrence import Series
from convenor.scheduling.actions.guarding import refuse_times
from convenor.scheduling.actions.slots import (
    Slot,
    occurrences_of,
    participations_of,
    set_times,
    single_slot,
    slots_of,
    texts_of,
    until_of,
)
from convenor.scheduling.drafts import Notice
from convenor.scheduling.enums import OccurrenceState, PartStat
from convenor.scheduling.models import Attendee, Meeting, Occurrence, Participation
from convenor.scheduling.rules.series import Remapped, Shift, remap
from convenor.scheduling.rules.wording import day, moment_in

DAY = timedelta(days=1)
Window = tuple[datetime, datetime]


@dataclass(slots=True)
class Replanned:
    """What became of the rows. `moved` changed their time, `ended` and `revived` their state; `spans` hold old and new times."""

    moved: list[Occurrence] = field(default_factory=list)
    ended: list[Occurrence] = field(default_factory=list)
    revived: list[Occurrence] = field(default_factory=list)
    added: list[Occurrence] = field(default_factory=list)
    dropped: list[Occurrence] = field(default_factory=list)
    spans: list[Window] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Before:
    """The series as it was, and how far the change moves it as a whole (None: it is another series)."""

    series: Series
    shift: Shift | None
    keeps_exdates: bool


def replan(
    meeting: Meeting, before: Before, after: Series, attendees: Sequence[Attendee], now: datetime
) -> Replanned:
    """Change the rows of the meeting, whose own columns hold the new series already but for `exdates` and `materialised_until`."""
    rows = list(meeting.occurrences.order_by("starts_at", "pk"))
    was_series = bool(before.series.rrule or before.series.rdates)
    frozen = {row.recurrence_id for row in rows if was_series and row.ends_at <= now}
    rows = [row for row in rows if row.recurrence_id not in frozen]
    slots = _slots(meeting, before, after, now, is_new=not was_series)
    places = _places(meeting, rows, slots, before, after)
    gone = _exdates(before, after, places, now)
    done = Replanned()
    _place(done, rows, slots, before, places)
    _set_states(done, rows, gone)
    refuse_times({row.pk: row for row in (*done.moved, *done.revived)}.values())
    _drop(meeting, done)
    fresh = [slots[key] for key in places.added if slots[key].ends_at > now and key not in frozen | gone]
    done.added = occurrences_of(meeting, fresh)
    meeting.exdates = texts_of(gone)
    dropped = {row.pk for row in done.dropped}
    _write(done, [row for row in rows if row.pk not in dropped], meeting, attendees)
    return done


def _slots(
    meeting: Meeting, before: Before, after: Series, now: datetime, *, is_new: bool
) -> dict[LocalTime, Slot]:
    """What the new series gives, cancelled dates included, from a little before now (a series) or ever (a single meeting)."""
    if not meeting.is_series:
        meeting.materialised_until = None
        slot = single_slot(after.start, after.zone, after.duration_minutes, all_day=after.all_day)
        return {slot.recurrence_id: slot}
    until = max(until_of(after, now), meeting.materialised_until or now)
    meeting.materialised_until = until
    margin = abs(before.shift.by) if before.shift else DAY
    since = None if is_new else now - margin - 2 * DAY
    whole = Series(
        start=after.start,
        zone=after.zone,
        duration_minutes=after.duration_minutes,
        rrule=after.rrule,
        rdates=after.rdates,
        all_day=after.all_day,
    )
    return {slot.recurrence_id: slot for slot in slots_of(whole, until=until, since=since)}


def _places(
    meeting: Meeting,
    rows: Sequence[Occurrence],
    slots: dict[LocalTime, Slot],
    before: Before,
    after: Series,
) -> Remapped:
    """Who becomes who; a single meeting becomes the first of a series, and the reverse."""
    struck = set(before.series.exdates) if before.keeps_exdates else set()
    old, new = sorted({row.recurrence_id for row in rows} | struck), sorted(slots)
    was_series = bool(before.series.rrule or before.series.rdates)
    if was_series and meeting.is_series:
        return remap(old, new, rule=after.rule, shift=before.shift)
    places = remap(old, new, rule=after.rule)
    if rows and not places.kept and new:
        first = min(rows, key=lambda row: row.starts_at).recurrence_id
        return Remapped({first: new[0]}, tuple(each for each in old if each != first), tuple(new[1:]))
    return places


def _exdates(before: Before, after: Series, places: Remapped, now: datetime) -> set[LocalTime]:
    """Cancelled dates in their new places; those of the past that have none stay as they are."""
    if not before.keeps_exdates:
        return set(after.exdates)
    if before.shift is not None:
        return {before.shift.of(each) for each in before.series.exdates}
    today = to_local(instant_of(now), after.zone)
    found: set[LocalTime] = set()
    for each in before.series.exdates:
        if each in places.kept:
            found.add(places.kept[each])
        elif each < today:
            found.add(each)
    return found


def _place(
    done: Replanned,
    rows: Sequence[Occurrence],
    slots: dict[LocalTime, Slot],
    before: Before,
    places: Remapped,
) -> None:
    """New recurrence ids, and new times for those that weren't moved on their own."""
    for row in rows:
        new_id = places.kept.get(row.recurrence_id)
        if new_id is None:
            done.dropped.append(row)
            done.spans.append((row.starts_at, row.ends_at))
            continue
        slot, old = slots[new_id], old_slot(before.series, row.recurrence_id)
        if (row.starts_at, row.ends_at) == (old.starts_at, old.ends_at) != (slot.starts_at, slot.ends_at):
            done.spans += [(row.starts_at, row.ends_at), (slot.starts_at, slot.ends_at)]
            set_times(row, slot.starts_at, slot.ends_at)
            done.moved.append(row)
        row.recurrence_id = new_id


def old_slot(series: Series, recurrence_id: LocalTime) -> Slot:
    """The time that the series gave an occurrence."""
    return single_slot(recurrence_id, series.zone, series.duration_minutes, all_day=series.all_day)


def _set_states(done: Replanned, rows: Sequence[Occurrence], gone: set[LocalTime]) -> None:
    dropped = {row.pk for row in done.dropped}
    for row in rows:
        state = OccurrenceState.CANCELLED if row.recurrence_id in gone else OccurrenceState.SCHEDULED
        if row.pk not in dropped and row.state != state:
            row.state = state
            (done.ended if state == OccurrenceState.CANCELLED else done.revived).append(row)
            done.spans.append((row.starts_at, row.ends_at))


def _drop(meeting: Meeting, done: Replanned) -> None:
    for row in done.dropped:
        if row.is_override and row.state == OccurrenceState.SCHEDULED:
            sentence = _(
                "The change of %(day)s (%(title)s, %(when)s) has no place in the changed series and is gone."
            )
            values = {"day": day(row.recurrence_id), "title": row.title or meeting.title}
            when = moment_in(row.starts_at, meeting.zone)
            done.notices.append(Notice("override_dropped", sentence % {**values, "when": when}, "rrule"))
    try:
        Occurrence.objects.filter(pk__in=[row.pk for row in done.dropped]).delete()
    except ProtectedError as error:
        raise ValidationError({"rrule": _still_needed(done.dropped, error)}) from error


def _still_needed(dropped: Sequence[Occurrence], error: ProtectedError) -> list[str]:
    """Of what other packages build on, such as a date that is a function of an event: one sentence for each."""
    needed = {getattr(each, "occurrence_id", None) for each in error.protected_objects}
    sentence = _("The date %(day)s has no place in the changed series, but an event needs it.")
    days = [day(row.recurrence_id) for row in dropped if row.pk in needed]
    return [sentence % {"day": each} for each in days] or [_("An event needs a date that would go.")]


def _write(done: Replanned, rows: list[Occurrence], meeting: Meeting, attendees: Sequence[Attendee]) -> None:
    make_way(rows)
    fields = ["recurrence_id", "starts_at", "ends_at", "is_long", "state"]
    Occurrence.objects.bulk_update(rows, fields, batch_size=100)
    repeat_times([row.pk for row in done.moved])
    ask_again(meeting, [row.pk for row in done.moved])
    Participation.objects.filter(occurrence__among=[row.pk for row in done.ended]).update(blocks=False)
    if done.revived and meeting.shows_as_busy:
        back = Participation.objects.filter(occurrence__among=[row.pk for row in done.revived])
        back.exclude(partstat=PartStat.DECLINED).update(blocks=True)
    Occurrence.objects.bulk_create(done.added, batch_size=1000)
    Participation.objects.bulk_create(participations_of(meeting, done.added, attendees), batch_size=1000)
    done.spans += [(row.starts_at, row.ends_at) for row in done.added]


def make_way(rows: Sequence[Occurrence]) -> None:
    """Take the recurrence ids away for a moment where one row gets another's: uniqueness is checked row by row."""
    kept = dict(
        Occurrence.objects.filter(pk__among=[row.pk for row in rows]).values_list("pk", "recurrence_id")
    )
    new = {row.recurrence_id for row in rows if kept.get(row.pk) != row.recurrence_id}
    if new & set(kept.values()):
        nobodys = Concat(Value("~"), Cast("pk", TextField()))
        Occurrence.objects.filter(pk__in=list(kept)).update(recurrence_id=nobodys)


def repeat_times(occurrence_ids: Collection[int]) -> None:
    """Give participations their occurrence's times, in one statement."""
    if occurrence_ids:
        own = Occurrence.objects.filter(pk=OuterRef("occurrence"))
        times = {name: Subquery(own.values(name)) for name in ("starts_at", "ends_at", "is_long")}
        Participation.objects.filter(occurrence__among=list(occurrence_ids)).update(**times)


def ask_again(meeting: Meeting, occurrence_ids: Collection[int]) -> None:
    """A new time needs a new answer from everybody but the organiser (RFC 5546 §3.2.2.1)."""
    if occurrence_ids:
        asked = Participation.objects.filter(occurrence__among=list(occurrence_ids))
        asked.exclude(person=meeting.organiser_id).update(
            partstat=PartStat.NEEDS_ACTION, answered_at=None, blocks=meeting.shows_as_busy
        )
