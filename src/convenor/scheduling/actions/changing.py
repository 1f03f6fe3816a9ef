"""Changing a whole meeting, series or not: check, place its occurrences anew, its people, its rooms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from convenor.base.permissions import require
from convenor.base.updating import update_rows
from convenor.kernel.recurrence import RuleError, Series, parse_rule
from convenor.scheduling.actions.creation import (
    approvals_of,
    attendees_of,
    check_rooms,
    need_of,
    people_in,
    site_of,
)
from convenor.scheduling.actions.editing import Edit, active_bookings, draft_of, grow, live_occurrences
from convenor.scheduling.actions.record import CANCEL, Change, people_of, snapshot
from convenor.scheduling.actions.replan import Before, Replanned, replan
from convenor.scheduling.actions.rerooming import Rerooming, rooms_to_know, settle_places
from convenor.scheduling.actions.rooms import Settled
from convenor.scheduling.actions.slots import (
    horizon_of,
    participations_of,
    series_of_meeting,
    texts_of,
)
from convenor.scheduling.drafts import KEEP, REFUSE, MeetingChanges, MeetingDraft
from convenor.scheduling.enums import PartStat
from convenor.scheduling.models import Attendee, Booking, Meeting, Occurrence, Participation
from convenor.scheduling.queries.facts import PersonFacts, person_facts, room_facts
from convenor.scheduling.rules.draft import check_draft, check_people
from convenor.scheduling.rules.findings import Findings
from convenor.scheduling.rules.room import RoomFacts, RoomNeed
from convenor.scheduling.rules.series import CannotShift, Shift, shifted_rule

TIME = frozenset({"local_start", "zone", "duration_minutes", "all_day", "rrule", "rdates", "exdates"})
PLACES = frozenset({"room_id", "more_room_ids", "equipment"})
PLACE = PLACES | {"location"}
OUTWARD = TIME | PLACE | {"title", "description", "organiser_id"}
COLUMNS = (
    *(
        "title",
        "organiser_id",
        "zone",
        "local_start",
        "duration_minutes",
        "all_day",
        "description",
        "location",
    ),
    *("is_private", "shows_as_busy", "is_movable", "priority", "headcount", "setup_style", "rrule"),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The meeting as it shall be. `given` are the fields that really change; `shift` is set where the whole series moves."""

    draft: MeetingDraft
    given: Mapping[str, Any]
    shift: Shift | None

    @property
    def changes_time(self) -> bool:
        return bool(TIME & self.given.keys())


def change_whole(edit: Edit, changes: MeetingChanges, now: datetime) -> list[Change]:
    """Apply the changes to the meeting and all its occurrences that aren't over; what must go on record.

    An occurrence that was moved, or given a title, on its own keeps that. A change of room is for all of
    them. Raises ValidationError, RoomClashes, Refused.
    """
    found = Findings()
    wanted = _wanted(edit, changes, found)
    people = person_facts(people_in(wanted.draft))
    need = need_of(wanted.draft, people)
    _check(edit, wanted, found, people, now)
    old = series_of_meeting(edit.meeting)
    attendees = _apply(edit, wanted)
    done = Replanned()
    if wanted.changes_time:
        before = Before(old, wanted.shift, "exdates" not in wanted.given)
        done = replan(edit.meeting, before, _series_after(edit.meeting, wanted), attendees, now)
        edit.notices += done.notices
    live = live_occurrences(edit.meeting, now)
    removed = _change_people(edit, wanted, attendees, live, done)
    settled, rooms = _change_places(edit, wanted, live, done, need, people, now)
    if not settled.bookings and not settled.released:
        wanted = replace(
            wanted, given={name: value for name, value in wanted.given.items() if name not in PLACES}
        )
    return _changes(edit, wanted, attendees, removed, live, done, approvals_of(settled.bookings, rooms))


def _wanted(edit: Edit, changes: MeetingChanges, found: Findings) -> Wanted:
    old = draft_of(edit.meeting, edit.attendees)
    given = {name: value for name, value in changes.given().items() if _differs(old, name, value)}
    shift = None
    if old.is_series and ("local_start" in given or "zone" in given) and "rrule" not in given:
        shift = Shift(given.get("local_start", old.local_start) - old.local_start)
        given |= _follow(old, given, shift, found)
    plain = {name: value for name, value in given.items() if name not in PLACES}
    return Wanted(replace(old, **plain), given, shift)


def _differs(old: MeetingDraft, name: str, value: Any) -> bool:
    if name in PLACES:
        return True  # looked at booking by booking
    if name == "rrule":
        return _rule_text(value) != _rule_text(old.rrule)
    if name == "attendees":
        return {(each.person_id, each.role) for each in value} != {
            (each.person_id, each.role) for each in old.attendees
        } or len(value) != len(old.attendees)
    if name in {"rdates", "exdates"}:
        return sorted(value) != sorted(getattr(old, name))
    return bool(value != getattr(old, name))


def _rule_text(rrule: str) -> str:
    try:
        return parse_rule(rrule).to_text() if rrule else ""
    except RuleError:
        return rrule


def _follow(old: MeetingDraft, given: Mapping[str, Any], shift: Shift, found: Findings) -> dict[str, Any]:
    """What else moves with the start of a series: the rule's days and end, extra and cancelled dates."""
    follows: dict[str, Any] = {}
    try:
        zone = given.get("zone", old.zone)
        rule = shifted_rule(old.rrule, shift, old.local_start, old_zone=old.zone, new_zone=zone)
        if rule != _rule_text(old.rrule):
            follows["rrule"] = rule
    except CannotShift:
        sentence = _(
            "The rule names its days, so it can't move to another day by itself; change the rule too."
        )
        found.refuse("local_start", "cannot_shift", sentence)
    except LookupError:
        pass  # an unknown zone is told by its own check
    for name in ("rdates", "exdates"):
        if name not in given and getattr(old, name):
            follows[name] = tuple(shift.of(each) for each in getattr(old, name))
    return follows


def _check(
    edit: Edit, wanted: Wanted, found: Findings, people: Mapping[int, PersonFacts], now: datetime
) -> None:
    """Only what changes is refused: an old meeting may break a newer rule in what stays as it is."""
    if "organiser_id" in wanted.given:
        require(edit.actor, "meeting.create", wanted.draft)
    checked = check_draft(wanted.draft, now=now, horizon=horizon_of(now))
    here = {each.person_id for each in edit.attendees} | {edit.meeting.organiser_id}
    gone = {pk: each.name for pk, each in people.items() if not each.is_active and pk not in here}
    check_people(checked, wanted.draft, known=people.keys(), gone=gone)
    touched = set(wanted.given) | (TIME if wanted.changes_time else set())
    for field, errors in checked.refused.items():
        if field in touched:
            found.refused[field] += errors
    found.raise_refused()
    edit.notices += [each for each in checked.notices if each.field in touched]


def _apply(edit: Edit, wanted: Wanted) -> list[Attendee]:
    """Set the columns and write the attendees; the meeting itself is saved at the end."""
    meeting, given = edit.meeting, wanted.given
    for name in COLUMNS:
        if name in given:
            value = given[name]
            setattr(meeting, name, value.strip() if name in {"title", "location"} else value)
    if "equipment_needed" in given:
        meeting.equipment_needed = dict(given["equipment_needed"])
    for name in ("rdates", "exdates"):
        if name in given:
            setattr(meeting, name, texts_of(given[name]))
    return _write_attendees(edit, wanted) if "attendees" in given else edit.attendees


def _series_after(meeting: Meeting, wanted: Wanted) -> Series:
    return replace(series_of_meeting(meeting), exdates=tuple(wanted.draft.exdates))


def _write_attendees(edit: Edit, wanted: Wanted) -> list[Attendee]:
    roles = {each.person_id: each.role for each in wanted.draft.attendees}
    kept = [each for each in edit.attendees if each.person_id in roles]
    Attendee.objects.filter(meeting=edit.meeting).exclude(person__among=roles.keys()).delete()
    changed = [each for each in kept if each.role != roles[each.person_id]]
    # The one chair leaves before another takes the place: uniqueness is checked row by row.
    Attendee.objects.filter(pk__in=[each.pk for each in changed]).delete()
    unchanged = [each for each in kept if each not in changed]
    there = {each.person_id for each in unchanged}
    new = attendees_of(edit.meeting, (each for each in wanted.draft.attendees if each.person_id not in there))
    Attendee.objects.bulk_create(new, batch_size=1000)
    return [*unchanged, *new]


def _change_people(
    edit: Edit, wanted: Wanted, attendees: Sequence[Attendee], live: Sequence[Occurrence], done: Replanned
) -> set[int]:
    """Participations of who came, went or changed role, in what isn't over; who went."""
    meeting, keys = edit.meeting, [row.pk for row in live]
    if "shows_as_busy" in wanted.given:
        rows = Participation.objects.filter(occurrence__among=keys).exclude(partstat=PartStat.DECLINED)
        rows.update(blocks=meeting.shows_as_busy)
    if "attendees" not in wanted.given:
        return set()
    before = {each.person_id: each.role for each in edit.attendees}
    after = {each.person_id: each.role for each in attendees}
    rows = Participation.objects.filter(occurrence__among=keys)
    rows.filter(person__among=before.keys() - after.keys()).delete()
    for person in sorted(before.keys() & after.keys()):
        if before[person] != after[person]:
            rows.filter(person=person).update(role=after[person])
    new = [each for each in attendees if each.person_id not in before]
    fresh = {row.pk for row in done.added}  # made with the new attendees already
    old_rows = [row for row in live if row.pk not in fresh]
    _ask(new, meeting, old_rows)
    return before.keys() - after.keys()


def _ask(new: Sequence[Attendee], meeting: Meeting, occurrences: Sequence[Occurrence]) -> None:
    """Who takes part already without having been asked (scheduling.actions.joining) keeps that, in their new role."""
    if not new:
        return
    roles = {each.person_id: each.role for each in new}
    rows = Participation.objects.filter(
        occurrence__among=[row.pk for row in occurrences], person__among=roles.keys()
    )
    there = list(rows)
    for row in there:
        row.role = roles[row.person_id]
    update_rows(there, ["role"])
    known = {(row.occurrence_id, row.person_id) for row in there}
    made = participations_of(meeting, occurrences, new)
    missing = [row for row in made if (row.occurrence_id, row.person_id) not in known]
    Participation.objects.bulk_create(missing, batch_size=1000)


def _change_places(
    edit: Edit,
    wanted: Wanted,
    live: Sequence[Occurrence],
    done: Replanned,
    need: RoomNeed,
    people: Mapping[int, PersonFacts],
    now: datetime,
) -> tuple[Settled, dict[int, RoomFacts]]:
    """What was booked and let go, and the rooms it is about."""
    ended = [row.pk for row in done.ended]
    bookings = active_bookings([*(row.pk for row in live), *ended])
    rerooming = Rerooming(
        room_id=wanted.given.get("room_id", KEEP),
        more=wanted.given.get("more_room_ids", ()),
        equipment=wanted.given.get("equipment", KEEP),
        on_clash=wanted.draft.on_clash,
        style=wanted.given.get("setup_style", KEEP),
        new_style=wanted.draft.setup_style,
    )
    rooms = room_facts(rooms_to_know(bookings, rerooming))
    edit.before["rooms"] = sorted({each.room_id for each in bookings if each.room_id})
    found = Findings()
    chosen = replace(wanted.draft, room_id=wanted.given.get("room_id"), more_room_ids=rerooming.more)
    _check_rooms(found, wanted, chosen, bookings, rooms, need)
    found.raise_refused()
    edit.notices += found.notices
    site = site_of(replace(chosen, room_id=next(iter(sorted(rooms)), None)), rooms, people)
    settled = settle_places(
        actor=edit.actor,
        occurrences=live,
        gone=ended,
        fresh=[row.pk for row in done.added],
        bookings=bookings,
        rerooming=replace(rerooming, site_id=site),
        rooms=rooms,
        need=need,
        now=now,
    )
    edit.notices += settled.notices
    edit.room_ids |= {each.room_id for each in (*bookings, *settled.bookings) if each.room_id}
    edit.spans += [(each.reserved_start, each.reserved_end) for each in settled.bookings]
    return settled, rooms


def _check_rooms(
    found: Findings,
    wanted: Wanted,
    chosen: MeetingDraft,
    bookings: Sequence[Booking],
    rooms: Mapping[int, RoomFacts],
    need: RoomNeed,
) -> None:
    """A room that is chosen now must do; one that is there already and no longer does is told of."""
    if "room_id" in wanted.given or chosen.on_clash != REFUSE:
        check_rooms(found, chosen, rooms, need)
    elif {"headcount", "setup_style", "equipment_needed", "attendees"} & wanted.given.keys():
        told = Findings()
        present = {each.room_id for each in bookings if each.room_id}
        for room in sorted(present):
            check_rooms(told, replace(chosen, room_id=room), rooms, need)
        for field, errors in told.refused.items():
            for error in errors:
                if field == "setup_style":
                    found.refuse(field, str(error.code), error.messages[0])
                else:
                    found.tell(field, str(error.code), error.messages[0])
        found.notices += told.notices


def _changes(
    edit: Edit,
    wanted: Wanted,
    attendees: Sequence[Attendee],
    removed: set[int],
    live: Sequence[Occurrence],
    done: Replanned,
    approvals: Mapping[int, Sequence[int]],
) -> list[Change]:
    meeting = edit.meeting
    if not wanted.given:
        return []
    grow(meeting, sequence=bool((TIME | PLACE) & wanted.given.keys()))
    meeting.save()
    now_rooms = {each.room_id for each in active_bookings([row.pk for row in live]) if each.room_id}
    people = people_of(attendees)
    new = people - people_of(edit.attendees)
    rows = {row.pk: row for row in (*live, *done.ended, *done.dropped)}
    changed = Change(
        meeting=meeting,
        action="meeting.changed",
        before=edit.before,
        after=snapshot(meeting, attendees, now_rooms),
        tells=people if OUTWARD & wanted.given.keys() else new,
        person_ids=people | removed | {meeting.organiser_id},
        room_ids=edit.room_ids,
        occurrence_ids=[key for key in rows if key],
        spans=[*edit.spans, *done.spans, *((row.starts_at, row.ends_at) for row in live)],
        approvals=approvals,
    )
    if not removed:
        return [changed]
    told = replace(
        changed, action="", before=None, after={}, tells=removed, method=CANCEL, spans=(), approvals={}
    )
    return [changed, told]
