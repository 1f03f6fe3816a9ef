"""Everything that speaks against functions before any is made, for many at once: plan files, forms and actions say the same."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convenor.events.drafts import FunctionDraft
from convenor.events.rules.attendance import Parties, attendees_of
from convenor.events.rules.dates import Dated
from convenor.events.rules.function import MOST_FUNCTIONS, check_function, check_keys
from convenor.scheduling.enums import AttendeeRole
from convenor.scheduling.queries.facts import PersonFacts, person_facts, room_facts
from convenor.scheduling.rules.findings import Findings
from convenor.scheduling.rules.room import RoomFacts, RoomNeed, check_room
from convenor.venues.models import Equipment

FIELDS = {"room_id": "room_ids"}
"""What a meeting's check calls a field, and what a function's draft does."""


def findings_of(
    drafts: Sequence[FunctionDraft],
    event: Dated,
    *,
    taken: Collection[str] = (),
    parties: Parties | None = None,
    here: Collection[int] = (),
) -> list[Findings]:
    """What was found of each draft, by its fields' names. 4 queries at most, however many drafts.

    `taken` are the keys of the event's other functions, `parties` the people on the event's list, `here` people who
    may have left, since they are in the function already.
    """
    keys, found = set(taken), [Findings() for _draft in drafts]
    people = person_facts(person for draft in drafts for person in people_in(draft))
    rooms = room_facts({room for draft in drafts for room in draft.room_ids}, with_equipment=False)
    pieces = {each.equipment_id for draft in drafts for each in draft.equipment}
    kinds = set(Equipment.objects.filter(pk__in=pieces).values_list("pk", flat=True)) if pieces else set()
    listed = parties or {}
    for place, (draft, each) in enumerate(zip(drafts, found, strict=True)):
        check_keys(each, draft, keys)
        keys.add(draft.key)
        check_function(each, draft, event)
        _check_people(each, draft, people, here)
        _check_rooms(each, draft, rooms, people, listed)
        if {piece.equipment_id for piece in draft.equipment} - kinds:
            each.refuse("equipment", "unknown", _("There is no such equipment."))
        if place == MOST_FUNCTIONS:
            sentence = _("An event has at most %(most)d functions.") % {"most": MOST_FUNCTIONS}
            each.refuse("key", "too_many", sentence)
    return found


def people_in(draft: FunctionDraft) -> set[int]:
    """Everybody whom the draft names, by key."""
    people = {each.person_id for each in draft.speakers} | {each.person_id for each in draft.attendees}
    people |= {each.owner_id for each in draft.cues if each.owner_id is not None}
    return people | ({draft.host_id} if draft.host_id is not None else set())


def _check_people(
    found: Findings, draft: FunctionDraft, people: Mapping[int, PersonFacts], here: Collection[int]
) -> None:
    parts: dict[str, Iterable[int | None]] = {
        "host_id": [draft.host_id],
        "speakers": [each.person_id for each in draft.speakers],
        "attendees": [each.person_id for each in draft.attendees],
        "cues": [each.owner_id for each in draft.cues],
    }
    for field, keys in parts.items():
        asked = {key for key in keys if key is not None}
        if missing := len(asked - people.keys()):
            sentence = ngettext(
                "%(count)d person isn't known here.", "%(count)d people aren't known here.", missing
            )
            found.refuse(field, "unknown", sentence % {"count": missing})
        for key in sorted((asked & people.keys()) - set(here)):
            if not people[key].is_active:
                sentence = _("%(name)s has left and can't be asked to a meeting.")
                found.refuse(field, "gone", sentence % {"name": people[key].name})


def _check_rooms(
    found: Findings,
    draft: FunctionDraft,
    rooms: Mapping[int, RoomFacts],
    people: Mapping[int, PersonFacts],
    parties: Parties,
) -> None:
    """Everybody sits in the first room; the further ones must be in use and step-free where somebody needs it."""
    asked = [each for each in attendees_of(draft, parties) if each.role != AttendeeRole.RESOURCE]
    step_free = any(people[each.person_id].step_free for each in asked if each.person_id in people)
    need = RoomNeed(headcount=draft.headcount, asked=len(asked), style=draft.setup_style, step_free=step_free)
    for place, key in enumerate(dict.fromkeys(draft.room_ids)):
        if key not in rooms:
            found.refuse("room_ids", "unknown", _("There is no such room."))
            continue
        checked = Findings()
        check_room(checked, rooms[key], RoomNeed(step_free=step_free) if place else need)
        for field, errors in checked.refused.items():
            found.refused[FIELDS.get(field, field)] += errors
        for notice in checked.notices:
            found.tell(FIELDS.get(notice.field, notice.field), notice.code, notice.sentence)
