"""Whether a dragged occurrence fits: the live answer before the drop."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from convenor.base.actor import Actor
from convenor.people.models import Person
from convenor.scheduling.drafts import KEEP, AttendeeDraft
from convenor.scheduling.enums import AttendeeRole
from convenor.scheduling.models import Occurrence
from convenor.scheduling.queries.fit import Fit, fit_for
from tests.factories.cast import actor_of, bob, charlie
from tests.factories.people import PersonFactory
from tests.factories.scheduling import NOW, make_meeting, utc
from tests.factories.venues import RoomFactory, SiteFactory, SiteTravelFactory

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("tests")


def busy(person: Person, start: str, minutes: int = 60, **fields: Any) -> Any:
    """A meeting that takes the person's time; `start` is local, in Bucharest."""
    from_local = {"local_start": utc(start).replace(tzinfo=None), "duration_minutes": minutes}
    return make_meeting(person, people=[person], **{**from_local, "title": "Sprint review", **fields})


def fit(saved: Any, start: str, *, actor: Actor = SYSTEM, room: Any = KEEP, minutes: int = 60) -> Fit:
    occurrence = Occurrence.objects.get(meeting=saved.meeting)
    begins = utc(start)
    return fit_for(
        actor,
        occurrence_id=occurrence.pk,
        starts_at=begins,
        ends_at=begins + timedelta(minutes=minutes),
        room_id=room,
        now=NOW,
    )


def test_it_fits_where_it_is_and_where_all_is_free() -> None:
    ana = PersonFactory()
    saved = make_meeting(ana, people=[ana], room=RoomFactory(capacity=4))
    assert fit(saved, "2026-12-07 08:00") == Fit(True, "It fits.")
    assert fit(saved, "2026-12-07 08:30") == Fit(True, "It fits.")


def test_a_taken_room_and_a_busy_person_are_conflicts_by_name() -> None:
    ana, room = PersonFactory(name="Ana"), RoomFactory(capacity=4)
    saved = make_meeting(ana, people=[ana], room=room)
    other = RoomFactory(capacity=4)
    busy(PersonFactory(), "2026-12-07 12:00", 60, title="Board", room=room)
    busy(ana, "2026-12-07 14:00", 60, title="Dentist", room=other)
    taken = fit(saved, "2026-12-07 10:00")
    assert not taken.fits
    assert "“Board” has it" in taken.sentence
    assert fit(saved, "2026-12-07 10:00", room=other.pk).fits
    assert fit(saved, "2026-12-07 12:00").conflicts == ("Ana has “Dentist”, 14:00–15:00.",)


def test_a_private_meeting_in_the_way_is_only_busy() -> None:
    ana, reader = PersonFactory(name="Ana"), bob()
    saved = make_meeting(reader, people=[reader, ana])
    busy(ana, "2026-12-07 14:00", 60, title="Dentist", is_private=True)
    answer = fit(saved, "2026-12-07 12:00", actor=actor_of(reader))
    assert answer.conflicts == ("Ana is busy, 14:00–15:00.",)
    assert "Dentist" not in str(answer)


def test_an_optional_attendee_and_late_hours_are_only_reasons() -> None:
    ana, dan = PersonFactory(name="Ana"), PersonFactory(name="Dan")
    attendees = (AttendeeDraft(ana.pk), AttendeeDraft(dan.pk, AttendeeRole.OPTIONAL))
    saved = make_meeting(ana, attendees=attendees)
    busy(dan, "2026-12-07 20:00", 60)
    answer = fit(saved, "2026-12-07 18:00")
    assert answer.fits
    assert "Dan (optional) is busy" in answer.sentence
    assert answer.reasons == ("Outside working hours for Ana (20:00 there).",)


def test_travel_from_another_site_is_a_conflict() -> None:
    here, there = SiteFactory(), SiteFactory()
    SiteTravelFactory(origin=there, destination=here, minutes=90)
    ana = PersonFactory(name="Ana", home_site=here)
    saved = make_meeting(ana, people=[ana], room=RoomFactory(site=here, capacity=4))
    busy(ana, "2026-12-07 12:00", 60, room=RoomFactory(site=there, capacity=4))
    assert fit(saved, "2026-12-07 11:30").conflicts == ("Ana needs 90 minutes to travel between sites.",)
    assert fit(saved, "2026-12-07 12:30").fits


def test_those_who_may_not_move_it_are_told_and_outsiders_see_nothing() -> None:
    owner, mate = bob(email="owner@example.org"), bob()
    saved = make_meeting(owner, people=[owner])
    assert "organiser" in fit(saved, "2026-12-07 12:00", actor=actor_of(mate)).sentence
    with pytest.raises(Occurrence.DoesNotExist):
        fit(saved, "2026-12-07 12:00", actor=actor_of(charlie()))


def test_bad_times_are_answered_with_a_sentence() -> None:
    saved = make_meeting(PersonFactory())
    assert fit(saved, "2026-12-07 12:00", minutes=-30) == Fit(
        False, "A meeting must end after it starts.", conflicts=("A meeting must end after it starts.",)
    )
    assert fit(saved, "2026-12-07 12:00", room=10**9).sentence == "There is no such room."
