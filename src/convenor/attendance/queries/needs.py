"""What those who come need: counts for everybody who cooks and sets up, names for those who run the event.

Whoever has a seat comes if it takes a place. Somebody asked to a function's meeting who has no seat on its roll comes unless
they have declined. What was said with a registration goes before what the directory knows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Q

from convenor.attendance.drafts import NeedsDraft
from convenor.attendance.enums import TAKING
from convenor.attendance.models import Registration, RegistrationNeeds, Roll, Seat
from convenor.attendance.rules.need_words import known_needs
from convenor.attendance.rules.needs import (
    NO_COUNTS,
    NOTHING,
    NeedCounts,
    effective,
    needs_in,
    roll_up,
)
from convenor.base.actor import Actor
from convenor.base.permissions import may, require
from convenor.events.models import Function
from convenor.people.models import Person, PersonNeeds
from convenor.scheduling.enums import AttendeeRole, OccurrenceState, PartStat
from convenor.scheduling.models import Participation


@dataclass(frozen=True, slots=True)
class Place:
    """A function (or, without a key, an event as a whole), the roll that counts for it, and its meeting's occurrence."""

    event_id: int
    function_id: int | None = None
    roll: Roll | None = None
    occurrence_id: int | None = None

    @property
    def roll_id(self) -> int | None:
        return self.roll.pk if self.roll else None


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody of whom a need is known: by registration, by person, or by both."""

    registration_id: int | None
    person_id: int | None


@dataclass(slots=True)
class _Known:
    """Of the people of some places: what they said by registration, what the directory says by person, who is registered where."""

    said: dict[int, NeedsDraft] = field(default_factory=dict)
    by_person: dict[int, NeedsDraft] = field(default_factory=dict)
    registered: dict[tuple[int, int], int] = field(default_factory=dict)

    def of(self, guest: Guest) -> NeedsDraft:
        said = self.said.get(guest.registration_id, NOTHING) if guest.registration_id else NOTHING
        known = self.by_person.get(guest.person_id, NOTHING) if guest.person_id else NOTHING
        return effective(said, known)


@dataclass(frozen=True, slots=True)
class NamedNeeds:
    """One person's, by name: for those who run the event."""

    name: str
    organisation: str
    needs: NeedsDraft
    registration_id: int | None = None


def needs_of(function_ids: Collection[int]) -> dict[int, NeedCounts]:
    """The counts of the functions that take place, by key; none for one without needs. No names. 7 queries at most."""
    return needs_at(places_of(function_ids))


def needs_at(places: Collection[Place]) -> dict[int, NeedCounts]:
    """As `needs_of`, of functions as `places_of` gives them. 5 queries at most."""
    known, guests = _guests(places)
    counted = {
        place.function_id: roll_up(known.of(guest) for guest in guests[place])
        for place in places
        if place.function_id is not None
    }
    return {function: counts for function, counts in counted.items() if counts}


def needs_of_roll(roll: Roll) -> NeedCounts:
    """Of one roll's people. 6 queries at most."""
    place = _place_of(roll)
    known, guests = _guests([place])
    return roll_up(known.of(guest) for guest in guests[place]) if guests[place] else NO_COUNTS


def who_needs_what(actor: Actor, roll: Roll) -> list[NamedNeeds]:
    """By name. What only the directory knows is named to those alone who may see it there. Raises Refused.

    8 queries at most.
    """
    require(actor, "roll.see_needs", roll.event)
    place = _place_of(roll)
    known, guests = _guests([place])
    named = _named(actor, guests[place], known)
    return sorted(
        named, key=lambda each: (each.name.casefold(), each.organisation, each.registration_id or 0)
    )


def needs_for(actor: Actor, roll: Roll) -> dict[int, NeedsDraft]:
    """By registration, for lists that those who run the event take with them: as `who_needs_what`, of whom has a seat in any state.

    Raises Refused. 3 queries at most.
    """
    require(actor, "roll.see_needs", roll.event)
    known = _known([_place_of(roll)])
    seats = Seat.objects.filter(roll=roll).filter(_with_needs(known))
    rows = seats.values_list("registration_id", "registration__person_id")
    found = {row[0]: _shown_to(actor, Guest(*row), known) for row in rows}
    return {registration: needs for registration, needs in found.items() if needs != NOTHING}


def places_of(function_ids: Collection[int]) -> list[Place]:
    """Of the functions that take place. A function without a roll of its own has the event's where it is for everybody in it. 2 queries."""
    rows = Function.objects.filter(pk__among=function_ids, occurrence__state=OccurrenceState.SCHEDULED)
    columns = ("pk", "event_id", "occurrence_id", "is_for_all")
    functions = list(rows.order_by("pk").values_list(*columns))
    found = Roll.objects.filter(event__among={event for _pk, event, *_rest in functions})
    rolls = {(roll.event_id, roll.function_id): roll for roll in found}
    return [
        Place(
            event,
            pk,
            rolls.get((event, pk)) or (rolls.get((event, None)) if is_for_all else None),
            occurrence,
        )
        for pk, event, occurrence, is_for_all in functions
    ]


def _place_of(roll: Roll) -> Place:
    if roll.function is None:
        return Place(roll.event_id, None, roll)
    return Place(roll.event_id, roll.function_id, roll, roll.function.occurrence_id)


def _guests(places: Collection[Place]) -> tuple[_Known, Mapping[Place, list[Guest]]]:
    """Who comes to each of the places and has needs, and which. 5 queries at most."""
    known = _known(places)
    coming, seated = _seated(places, known)
    asked = _asked(places, known)
    found: dict[Place, list[Guest]] = {}
    for place in places:
        guests = list(coming[place.roll_id]) if place.roll_id else []
        others = asked[place.occurrence_id] - seated[place.roll_id] if place.occurrence_id else ()
        guests += [Guest(known.registered.get((place.event_id, person)), person) for person in sorted(others)]
        found[place] = guests
    return known, found


def _known(places: Collection[Place]) -> _Known:
    """2 queries."""
    events = {place.event_id for place in places}
    occurrences = {place.occurrence_id for place in places if place.occurrence_id}
    known, rows = _Known(), RegistrationNeeds.objects.filter(registration__event__among=events)
    columns = ("registration_id", "registration__event_id", "registration__person_id")
    for registration, event, person, diets, dietary, access, text in rows.values_list(
        *columns, "diets", "dietary", "access", "access_text"
    ):
        known.said[registration] = needs_in(diets=diets, dietary=dietary, access=access, access_text=text)
        if person is not None:
            known.registered[event, person] = registration
    here = Q(person__in=Participation.objects.filter(occurrence__among=occurrences).values("person"))
    listed = Q(person__in=Registration.objects.filter(event__among=events).values("person"))
    directory = PersonNeeds.objects.filter(here | listed).values_list(
        "person_id", "dietary", "access", "step_free"
    )
    for person, dietary, access, step_free in directory:
        known.by_person[person] = known_needs(dietary=dietary, access=access, step_free=step_free)
    return known


def _with_needs(known: _Known) -> Q:
    return Q(registration__among=known.said) | Q(registration__person__among=known.by_person)


def _seated(
    places: Collection[Place], known: _Known
) -> tuple[Mapping[int | None, list[Guest]], Mapping[int | None, set[int]]]:
    """By roll who with needs has a seat that takes a place, and the people with needs who have any seat. 1 query."""
    coming: dict[int | None, list[Guest]] = defaultdict(list)
    seated: dict[int | None, set[int]] = defaultdict(set)
    rolls = {place.roll_id for place in places if place.roll_id}
    seats = Seat.objects.filter(roll__among=rolls).filter(_with_needs(known)).order_by("pk")
    rows = seats.values_list("roll_id", "state", "registration_id", "registration__person_id")
    for roll, state, registration, person in rows if rolls else ():
        if state in TAKING:
            coming[roll].append(Guest(registration, person))
        if person is not None:
            seated[roll].add(person)
    return coming, seated


def _asked(places: Collection[Place], known: _Known) -> Mapping[int | None, set[int]]:
    """By occurrence the people with needs who are asked to it and haven't declined. 1 query."""
    found: dict[int | None, set[int]] = defaultdict(set)
    people = {person for _event, person in known.registered} | known.by_person.keys()
    occurrences = {place.occurrence_id for place in places if place.occurrence_id}
    if not people or not occurrences:
        return found
    rows = Participation.objects.filter(occurrence__among=occurrences, person__among=people)
    rows = rows.exclude(partstat=PartStat.DECLINED).exclude(role=AttendeeRole.RESOURCE)
    for occurrence, person in rows.values_list("occurrence_id", "person_id"):
        found[occurrence].add(person)
    return found


def _named(actor: Actor, guests: Iterable[Guest], known: _Known) -> Iterable[NamedNeeds]:
    """2 queries."""
    guests = list(guests)
    registrations = Registration.objects.in_bulk(
        [each.registration_id for each in guests if each.registration_id]
    )
    people = Person.objects.select_related("organisation").in_bulk(
        [each.person_id for each in guests if each.person_id and each.registration_id not in registrations]
    )
    for guest in guests:
        needs = _shown_to(actor, guest, known)
        if needs == NOTHING:
            continue
        if guest.registration_id is not None:
            row = registrations[guest.registration_id]
            yield NamedNeeds(row.name, row.organisation, needs, row.pk)
        elif guest.person_id is not None:
            person = people[guest.person_id]
            yield NamedNeeds(person.name, person.organisation.name, needs)


def _shown_to(actor: Actor, guest: Guest, known: _Known) -> NeedsDraft:
    """What they said here; what the directory knows only to whom it says so too."""
    if guest.person_id is None or may(actor, "person.see_needs", Person(pk=guest.person_id)):
        return known.of(guest)
    return known.of(Guest(guest.registration_id, None))
