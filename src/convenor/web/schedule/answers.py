"""What the schedule's addresses answer, as plain values."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django.core.exceptions import ValidationError
from django.http import JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from convenor.base.actor import Actor
from convenor.kernel.instants import Span, ZoneName
from convenor.people.queries.people import people_for
from convenor.scheduling.queries import timeline
from convenor.scheduling.queries.fit import Fit
from convenor.scheduling.queries.meetings import OccurrenceRow
from convenor.scheduling.saved import Saved
from convenor.venues.queries.rooms import rooms_for
from convenor.venues.queries.sites import sites_for
from convenor.web.schedule.looks import MOST_PICKED, TIMELINES, Picked


def picked_keys(actor: Actor, picked: Picked, view: str) -> tuple[Sequence[int] | None, Sequence[int] | None]:
    """People and rooms that the list beneath the calendar shows; None: not narrowed by them."""
    if view == "rooms" or picked.rooms or picked.site:
        return None, room_keys(actor, picked)
    if picked.everybody:
        return None, None
    return people_keys(actor, picked, rows=view in TIMELINES), None


def people_keys(actor: Actor, picked: Picked, *, rows: bool = False) -> list[int]:
    """The people picked, those of a department, or the reader; a timeline shows the reader's department."""
    people = people_for(actor)
    if picked.people:
        people = people.filter(pk__among=picked.people)
    elif picked.department:
        people = people_for(actor, department=picked.department)
    elif not rows:
        return [actor.person_id] if actor.person_id else []
    elif actor.person_id:
        people = people.filter(department__people=actor.person_id)
    return list(people.values_list("pk", flat=True)[:MOST_PICKED])


def room_keys(actor: Actor, picked: Picked) -> list[int]:
    rooms = rooms_for(actor, site=picked.site)
    if picked.rooms:
        rooms = rooms.filter(pk__among=picked.rooms)
    return list(rooms.values_list("pk", flat=True)[:MOST_PICKED])


def site_choices(actor: Actor) -> Any:
    """Sites to choose from; their opening hours aren't needed for that."""
    return sites_for(actor).prefetch_related(None)


def events_json(actor: Actor, span: Span, zone: ZoneName, picked: Picked, *, by: str) -> bytes:
    if by == "room":
        return timeline.room_timeline(actor, span=span, zone=zone, room_ids=room_keys(actor, picked))
    if by == "person":
        people = people_keys(actor, picked, rows=True)
        return timeline.person_timeline(actor, span=span, zone=zone, person_ids=people)
    if picked.rooms or picked.site:
        return timeline.calendar_of_rooms(actor, span=span, zone=zone, room_ids=room_keys(actor, picked))
    if picked.everybody:
        return timeline.calendar_of_company(actor, span=span, zone=zone)
    return timeline.calendar_of_people(actor, span=span, zone=zone, person_ids=people_keys(actor, picked))


def resources(actor: Actor, picked: Picked, *, by: str) -> list[dict[str, str]]:
    """The timeline's rows, grouped by site or by department."""
    if by == "person":
        people = people_for(actor).filter(pk__among=people_keys(actor, picked, rows=True))
        return sorted((_person_row(person) for person in people), key=lambda row: row["group"])
    rooms = rooms_for(actor, site=picked.site)
    return [
        _room_row(room)
        for room in (rooms.filter(pk__among=picked.rooms) if picked.rooms else rooms)[:MOST_PICKED]
    ]


def _person_row(person: Any) -> dict[str, str]:
    return {
        "id": str(person.pk),
        "title": person.name,
        "hint": person.job_title,
        "href": reverse("person", args=[person.pk]),
        "group": person.department.name if person.department else person.organisation.name,
    }


def _room_row(room: Any) -> dict[str, str]:
    usual = next((setup.capacity for setup in room.setups.all() if setup.is_default), 0)
    return {
        "id": str(room.pk),
        "title": f"{room.code} {room.name}",
        "hint": _("%(seats)d seats") % {"seats": usual},
        "href": reverse("room", args=[room.pk]),
        "group": room.site.name,
    }


def fit_json(found: Fit) -> dict[str, Any]:
    return {
        "fits": found.fits,
        "sentence": found.sentence,
        "reasons": list(found.reasons),
        "conflicts": list(found.conflicts),
    }


def moved_json(saved: Saved, label: str, href: str) -> dict[str, Any]:
    notices = " ".join(notice.sentence for notice in saved.notices)
    sentence = _("“%(title)s” is moved.") % {"title": saved.meeting.title}
    if saved.collisions:
        sentence += " " + _("Somebody is double-booked by this: see Conflicts.")
    return {
        "sentence": f"{sentence} {notices}".strip(),
        "version": saved.meeting.version,
        "links": [{"label": label, "href": href}],
    }


def refusal(sentences: Sequence[str], *, status: int) -> JsonResponse:
    return JsonResponse({"sentence": " ".join(sentences), "reasons": [], "links": []}, status=status)


def bad_request(error: ValidationError) -> JsonResponse:
    return refusal(error.messages, status=400)


def by_day(rows: Sequence[OccurrenceRow]) -> list[tuple[Any, list[OccurrenceRow]]]:
    """The list of the look, day by day in the reader's zone."""
    grouped = groupby(rows, key=lambda row: timezone.localtime(row.starts_at).date())
    return [(day, list(many)) for day, many in grouped]
