"""Making meetings: from drafts to rows, many at once in a fixed number of statements where no room is asked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import uuid4

from django.utils.translation import gettext as _

from convenor.base.actor import Actor
from convenor.base.inserting import insert_rows
from convenor.base.permissions import may, require
from convenor.kernel.instants import LocalTime, zone_name
from convenor.scheduling.actions.pieces import settle_pieces
from convenor.scheduling.actions.record import Change, people_of, snapshot
from convenor.scheduling.actions.rooms import Settled, Wish, settle_rooms
from convenor.scheduling.actions.slots import (
    Slot,
    horizon_of,
    occurrences_of,
    participations_of,
    set_times,
    single_slot,
    slots_of,
    texts_of,
    until_of,
)
from convenor.scheduling.drafts import (
    DROP,
    AttendeeDraft,
    EquipmentDraft,
    MeetingDraft,
    Notice,
    OverrideDraft,
)
from convenor.scheduling.enums import AttendeeRole, BookingState, MeetingState, OccurrenceState
from convenor.scheduling.models import Attendee, Booking, Meeting, Occurrence, Participation
from convenor.scheduling.permissions import in_the_name_of
from convenor.scheduling.queries.facts import PersonFacts, person_facts, room_facts
from convenor.scheduling.queries.pieces import PieceWish
from convenor.scheduling.refusals import RoomClashes
from convenor.scheduling.rules.draft import check_draft, check_people
from convenor.scheduling.rules.findings import Findings
from convenor.scheduling.rules.room import RoomFacts, RoomNeed, check_room
from convenor.scheduling.rules.series import series_of
from convenor.scheduling.rules.wording import day

SAME_NAMES = (
    *("organiser_id", "zone", "local_start", "duration_minutes", "all_day", "is_private", "shows_as_busy"),
    *("is_movable", "priority", "headcount", "setup_style", "rrule", "sequence", "source_id"),
    "source_hash",
)


@dataclass(slots=True)
class Plan:
    """A checked draft on its way to rows."""

    actor: Actor
    draft: MeetingDraft
    meeting: Meeting
    slots: list[Slot]
    need: RoomNeed
    rooms: Mapping[int, RoomFacts]
    site_id: int | None
    notices: list[Notice]
    attendees: list[Attendee] = field(default_factory=list)
    occurrences: list[Occurrence] = field(default_factory=list)
    bookings: list[Booking] = field(default_factory=list)


def plans_of(actor: Actor, drafts: Sequence[MeetingDraft], now: datetime) -> list[Plan]:
    """Check every draft against people and rooms; raises ValidationError or Refused for the first that can't be."""
    people = person_facts(person for draft in drafts for person in people_in(draft))
    asks_for_equipment = any(draft.equipment_needed for draft in drafts)
    rooms = room_facts({r for draft in drafts for r in rooms_in(draft)}, with_equipment=asks_for_equipment)
    return [_plan(actor, draft, people, rooms, now) for draft in drafts]


def people_in(draft: MeetingDraft) -> set[int]:
    return {draft.organiser_id, *(each.person_id for each in draft.attendees)}


def rooms_in(draft: MeetingDraft) -> set[int]:
    """The rooms, and those chosen for dates on which the first one clashes."""
    chosen = set() if isinstance(draft.on_clash, str) else set(draft.on_clash.values())
    return {room for room in (draft.room_id, *draft.more_room_ids, *chosen) if room is not None}


def _plan(
    actor: Actor,
    draft: MeetingDraft,
    people: Mapping[int, PersonFacts],
    rooms: Mapping[int, RoomFacts],
    now: datetime,
) -> Plan:
    draft = _permitted(actor, draft)
    found = check_draft(draft, now=now, horizon=horizon_of(now))
    check_known(found, draft, people)
    need = need_of(draft, people)
    check_rooms(found, draft, rooms, need)
    site_id = site_of(draft, rooms, people)
    if draft.equipment and site_id is None and not all(each.site_id for each in draft.equipment):
        found.refuse("equipment", "no_site", _("Say at which site the equipment is needed."))
    found.raise_refused()
    name = people[draft.organiser_id].name
    return Plan(
        actor=in_the_name_of(actor, draft.organiser_id, name),
        draft=draft,
        meeting=_meeting(draft, now),
        slots=_slots(draft, now),
        need=need,
        rooms=rooms,
        site_id=site_id,
        notices=found.notices,
    )


def _permitted(actor: Actor, draft: MeetingDraft) -> MeetingDraft:
    """The draft; tentative where the actor may only propose in the organiser's name."""
    if may(actor, "meeting.create", draft):
        return draft
    if not may(actor, "meeting.propose", draft):
        require(actor, "meeting.create", draft)
    return replace(draft, state=MeetingState.TENTATIVE)


def check_known(found: Findings, draft: MeetingDraft, people: Mapping[int, PersonFacts]) -> None:
    asked = people_in(draft)
    gone = {each: people[each].name for each in asked if each in people and not people[each].is_active}
    check_people(found, draft, known=people.keys(), gone=gone)


def check_rooms(found: Findings, draft: MeetingDraft, rooms: Mapping[int, RoomFacts], need: RoomNeed) -> None:
    """Everybody sits in the first room; of a further one it is only asked that it is in use, and step-free if need be."""
    further = set(draft.more_room_ids) - {draft.room_id}
    for room in sorted(rooms_in(draft)):
        if room in rooms:
            check_room(found, rooms[room], RoomNeed(step_free=need.step_free) if room in further else need)
        else:
            found.refuse("room_id", "unknown", _("There is no such room."))


def need_of(draft: MeetingDraft, people: Mapping[int, PersonFacts]) -> RoomNeed:
    asked = [each.person_id for each in draft.attendees if each.role != AttendeeRole.RESOURCE]
    return RoomNeed(
        headcount=draft.headcount,
        asked=len(asked),
        style=draft.setup_style,
        step_free=any(people[each].step_free for each in asked if each in people),
        equipment=draft.equipment_needed,
    )


def site_of(
    draft: MeetingDraft, rooms: Mapping[int, RoomFacts], people: Mapping[int, PersonFacts]
) -> int | None:
    """Where movable equipment is needed unless it says so itself: where the room is, or the organiser sits."""
    if draft.room_id is not None and draft.room_id in rooms:
        return rooms[draft.room_id].site_id
    return people[draft.organiser_id].home_site_id if draft.organiser_id in people else None


def _meeting(draft: MeetingDraft, now: datetime) -> Meeting:
    columns = {name: getattr(draft, name) for name in SAME_NAMES}
    return Meeting(
        **columns,
        uid=draft.uid or str(uuid4()),
        title=draft.title.strip(),
        description=draft.description,
        location=draft.location.strip(),
        state=draft.state,
        equipment_needed=dict(draft.equipment_needed),
        rdates=texts_of(draft.rdates),
        exdates=texts_of(draft.exdates),
        materialised_until=until_of(series_of(draft), now) if draft.is_series else None,
    )


def _slots(draft: MeetingDraft, now: datetime) -> list[Slot]:
    if not draft.is_series:
        zone = zone_name(draft.zone)
        return [single_slot(draft.local_start, zone, draft.duration_minutes, all_day=draft.all_day)]
    series = series_of(draft)
    return slots_of(series, until=until_of(series, now))


def insert(plans: Sequence[Plan]) -> None:
    """Meetings, attendees, occurrences and participations of all plans: four statements."""
    insert_rows(plan.meeting for plan in plans)
    for plan in plans:
        plan.attendees = attendees_of(plan.meeting, plan.draft.attendees)
        plan.occurrences = occurrences_of(plan.meeting, plan.slots)
        _apply_overrides(plan.meeting, plan.occurrences, plan.draft.overrides)
    insert_rows(row for plan in plans for row in plan.attendees)
    insert_rows(row for plan in plans for row in plan.occurrences)
    insert_rows(row for plan in plans for row in _participations(plan))


def attendees_of(meeting: Meeting, drafts: Iterable[AttendeeDraft]) -> list[Attendee]:
    return [Attendee(meeting=meeting, person_id=each.person_id, role=each.role) for each in drafts]


def _participations(plan: Plan) -> list[Participation]:
    answers = {each.person_id: each.partstat for each in plan.draft.attendees}
    return participations_of(plan.meeting, plan.occurrences, plan.attendees, answers)


def _apply_overrides(meeting: Meeting, rows: list[Occurrence], overrides: Iterable[OverrideDraft]) -> None:
    """An override of a time that the series doesn't give is one more occurrence, as other calendars have it."""
    by_id: dict[LocalTime, Occurrence] = {row.recurrence_id: row for row in rows}
    for each in overrides:
        row = by_id.get(each.recurrence_id)
        if row is None:
            row = Occurrence(meeting=meeting, recurrence_id=each.recurrence_id)
            rows.append(row)
        set_times(row, each.starts_at, each.ends_at)
        row.is_override, row.title = True, each.title
        if each.is_cancelled:
            row.state = OccurrenceState.CANCELLED


def book(plan: Plan, now: datetime) -> None:
    """The room and the equipment of every occurrence; raises RoomClashes, ValidationError."""
    alive = [row for row in plan.occurrences if row.state == OccurrenceState.SCHEDULED]
    if plan.draft.room_id is not None or plan.draft.more_room_ids:
        settled = _settle_rooms(plan, wishes_of(alive, plan.draft, plan.rooms), now)
        plan.bookings += settled.bookings
        plan.notices += settled.notices
    if plan.draft.equipment:
        wishes = piece_wishes(alive, plan.draft.equipment, plan.site_id)
        plan.bookings += settle_pieces(actor=plan.actor, wishes=wishes, now=now)


def _settle_rooms(plan: Plan, wishes: list[Wish], now: datetime) -> Settled:
    """All dates, or, where the draft says to drop those that clash, the others with a notice for each."""
    hold_until = plan.draft.hold_until
    try:
        return settle_rooms(actor=plan.actor, wishes=wishes, need=plan.need, now=now, hold_until=hold_until)
    except RoomClashes as clashing:
        if plan.draft.on_clash != DROP:
            raise
        blocked = {clash.recurrence_id for clash in clashing.clashes}
        plan.notices += [
            Notice("room_clash", f"{day(clash.recurrence_id)}: {clash.sentence}", "room_id")
            for clash in clashing.clashes
        ]
    free = [wish for wish in wishes if wish.occurrence.recurrence_id not in blocked]
    return settle_rooms(actor=plan.actor, wishes=free, need=plan.need, now=now, hold_until=hold_until)


def wishes_of(
    occurrences: Iterable[Occurrence], draft: MeetingDraft, rooms: Mapping[int, RoomFacts]
) -> list[Wish]:
    """The meeting's room for each occurrence, or what was chosen for its date."""
    chosen: Mapping[LocalTime, int | None] = {} if isinstance(draft.on_clash, str) else draft.on_clash
    wishes: list[Wish] = []
    for occurrence in occurrences:
        room_id = chosen.get(occurrence.recurrence_id, draft.room_id)
        if room_id is not None:
            wishes.append(Wish(occurrence, rooms[room_id], draft.setup_style))
        for further in dict.fromkeys(draft.more_room_ids):
            if further != room_id:
                room = rooms[further]
                wishes.append(
                    Wish(occurrence, room, draft.setup_style if room.setup(draft.setup_style) else "")
                )
    return wishes


def piece_wishes(
    occurrences: Iterable[Occurrence], equipment: Sequence[EquipmentDraft], site_id: int | None
) -> list[PieceWish]:
    return [
        PieceWish(occurrence, each.equipment_id, each.quantity, each.site_id or site_id or 0)
        for occurrence in occurrences
        for each in equipment
    ]


def change_of(plan: Plan) -> Change:
    """What goes on record of a new meeting."""
    people = people_of(plan.attendees)
    rooms = {each.room_id for each in plan.bookings if each.room_id}
    action = "meeting.proposed" if plan.meeting.state == MeetingState.TENTATIVE else "meeting.created"
    return Change(
        meeting=plan.meeting,
        action=action,
        before=None,
        after=snapshot(plan.meeting, plan.attendees, rooms),
        tells=people,
        person_ids={plan.meeting.organiser_id, *people},
        room_ids=rooms,
        occurrence_ids=[row.pk for row in plan.occurrences],
        spans=[(row.starts_at, row.ends_at) for row in plan.occurrences],
        approvals=approvals_of(plan.bookings, plan.rooms),
    )


def approvals_of(bookings: Iterable[Booking], rooms: Mapping[int, RoomFacts]) -> dict[int, list[int]]:
    """Who has to decide on which of the bookings; accounts and bookings by key."""
    found: dict[int, list[int]] = defaultdict(list)
    for booking in bookings:
        approver = rooms[booking.room_id].approver_id if booking.room_id else None
        if booking.state == BookingState.PENDING and approver is not None:
            found[approver].append(booking.pk)
    return found
