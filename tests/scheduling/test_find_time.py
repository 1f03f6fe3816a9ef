"""Finding a time from the rows: the right people and rooms, in words, and nothing that the reader mayn't know."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from convenor.base.actor import Actor
from convenor.base.enums import Scope
from convenor.kernel.instants import Span, ZoneName, instant_of
from convenor.people.models import Person
from convenor.people.queries.emails import UnknownPerson, people_by_email_for
from convenor.scheduling.enums import PartStat
from convenor.scheduling.models import Participation
from convenor.scheduling.queries.find_time import FoundTimes, find_time_for
from convenor.scheduling.requests import FindTimeRequest, GroupWanted, RoomWanted
from convenor.scheduling.rules.request import check_request
from convenor.scheduling.sentences import found_as_json
from tests.factories.cast import actor_of, alice, bob, charlie
from tests.factories.people import CostBandFactory, DelegationFactory, LeaveFactory, PersonFactory
from tests.factories.scheduling import NOW, make_meeting, utc
from tests.factories.venues import (
    ClosureFactory,
    EquipmentFactory,
    RoomEquipmentFactory,
    RoomFactory,
    SiteFactory,
    SiteTravelFactory,
)

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("tests")
# Bucharest is two hours ahead of UTC in December; people work from 9 to 17.
MORNING = ("2026-12-07 07:00", "2026-12-07 10:00")  # 9 to 12 in Bucharest


def request_for(*people: Person, within: tuple[str, str] = MORNING, **fields: Any) -> FindTimeRequest:
    start, end = (instant_of(utc(text)) for text in within)
    values: dict[str, Any] = {
        "required_ids": tuple(person.pk for person in people),
        "minutes": 60,
        "windows": (Span(start, end),),
        "zone": ZoneName("Europe/Bucharest"),
    }
    return FindTimeRequest(**values | fields)


def found_for(*people: Person, actor: Actor = SYSTEM, **fields: Any) -> FoundTimes:
    return find_time_for(actor, request_for(*people, **fields), now=NOW)


def told(*people: Person, **fields: Any) -> dict[str, Any]:
    return found_as_json(found_for(*people, **fields))


def starts(*people: Person, **fields: Any) -> list[str]:
    return sorted(slot["starts_at"][11:16] for slot in told(*people, **fields)["slots"])


def busy(person: Person, start: str, minutes: int = 60, **fields: Any) -> Any:
    """A meeting that takes the person's time; `start` is local, in Bucharest."""
    from_local = {"local_start": utc(start).replace(tzinfo=None), "duration_minutes": minutes}
    return make_meeting(person, people=[person], **{**from_local, "title": "Sprint review", **fields})


def test_free_time_between_meetings_is_found_and_the_answer_has_the_settled_shape() -> None:
    ana, dan = PersonFactory(name="Ana"), PersonFactory(name="Dan")
    busy(ana, "2026-12-07 09:00", 60)
    busy(dan, "2026-12-07 11:00", 60)
    answer = told(ana, dan)
    (slot,) = answer["slots"]
    assert slot["starts_at"] == "2026-12-07T08:00:00Z"
    assert slot["ends_at"] == "2026-12-07T09:00:00Z"
    assert slot["room"] is None
    assert slot["reasons"][0] == "Everybody can come"
    assert answer["why_not"] is None


def test_what_was_declined_or_cancelled_leaves_people_free() -> None:
    ana = PersonFactory()
    saved = busy(ana, "2026-12-07 09:00", 180)
    assert starts(ana) == []
    Participation.objects.filter(occurrence__meeting=saved.meeting).update(
        partstat=PartStat.DECLINED, blocks=False
    )
    assert "07:00" in starts(ana)


def test_leave_and_working_hours_count() -> None:
    ana = PersonFactory()
    assert starts(ana, within=("2026-12-07 04:00", "2026-12-07 08:30")) == ["07:00", "07:15", "07:30"]
    LeaveFactory(person=ana)
    assert starts(ana) == []


def test_hours_far_away_are_told_with_their_clock() -> None:
    joao = PersonFactory(name="João Silva", zone="Europe/Lisbon", home_site=SiteFactory(zone="Europe/Lisbon"))
    answer = told(
        joao, within=("2026-12-07 06:30", "2026-12-07 07:30"), out_of_hours_allowed=True, minutes=60
    )
    assert "Outside working hours for João Silva (06:30 in Lisbon)" in answer["slots"][0]["reasons"]


def test_the_smallest_room_that_does_is_taken_and_a_taken_one_is_not() -> None:
    site = SiteFactory()
    ana = PersonFactory(home_site=site)
    projector = EquipmentFactory(code="projector")
    small, large = RoomFactory(site=site, capacity=4), RoomFactory(site=site, capacity=12)
    RoomEquipmentFactory(room=large, equipment=projector)
    need = RoomWanted(headcount=4)
    assert {slot["room"] for slot in told(ana, room=need)["slots"]} == {small.code}
    with_projector = told(ana, room=RoomWanted(headcount=4, equipment={"projector": 1}))
    assert {slot["room"] for slot in with_projector["slots"]} == {large.code}
    assert f"{large.name}: 8 seats to spare" in with_projector["slots"][0]["reasons"]
    make_meeting(PersonFactory(), room=small)  # 8 to 9 UTC
    at_eight = next(slot for slot in told(ana, room=need)["slots"] if slot["starts_at"][11:16] == "08:00")
    assert at_eight["room"] == large.code


def test_closed_rooms_and_turn_times_are_kept() -> None:
    site = SiteFactory()
    ana = PersonFactory(home_site=site)
    room = RoomFactory(site=site, capacity=4, turn_minutes=15)
    make_meeting(PersonFactory(), room=room)
    assert starts(ana, room=RoomWanted(headcount=2), within=("2026-12-07 07:00", "2026-12-07 11:00")) == [
        "09:15", "09:30", "09:45", "10:00",
    ]  # fmt: skip
    ClosureFactory(room=room)
    assert starts(ana, room=RoomWanted(headcount=2)) == []


def test_a_hall_is_taken_with_its_part() -> None:
    site = SiteFactory()
    ana = PersonFactory(home_site=site)
    part = RoomFactory(site=site, capacity=4)
    hall = RoomFactory(site=site, capacity=30, units=list(part.units.all()))
    make_meeting(PersonFactory(), room=part)
    need = RoomWanted(headcount=20)
    slots = told(ana, room=need)["slots"]
    assert {slot["room"] for slot in slots} == {hall.code}
    assert {slot["starts_at"][11:16] for slot in slots} == {"07:00", "09:00"}


def test_travel_between_sites_takes_time() -> None:
    here, there = SiteFactory(), SiteFactory()
    SiteTravelFactory(origin=there, destination=here, minutes=60)
    ana = PersonFactory(home_site=here)
    RoomFactory(site=here, capacity=4)
    busy(ana, "2026-12-07 09:00", 60, room=RoomFactory(site=there, capacity=4))
    need = RoomWanted(headcount=2, site_ids=frozenset({here.pk}))
    assert starts(ana, room=need) == ["09:00"]
    assert starts(ana) == ["08:00", "08:15", "08:30", "08:45", "09:00"]


def test_some_of_a_group_are_enough() -> None:
    ana, dan, eva = PersonFactory(name="Ana"), PersonFactory(name="Dan"), PersonFactory(name="Eva")
    busy(dan, "2026-12-07 09:00", 180)
    group = GroupWanted((dan.pk, eva.pk), 1, "Dan and Eva")
    reasons = told(ana, groups=(group,))["slots"][0]["reasons"]
    assert "1 of 2 of Dan and Eva can come (1 needed)" in reasons
    assert "Everybody can come" not in reasons
    assert told(ana, groups=(GroupWanted((dan.pk, eva.pk), 2, "Dan and Eva"),))["slots"] == []


def changes_of(answer: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {change["kind"]: change for change in answer["why_not"]["changes"]}


def test_where_nothing_fits_it_says_why_and_what_helps() -> None:
    ana, dan = PersonFactory(name="Ana Ionescu"), PersonFactory(name="Dan")
    busy(ana, "2026-12-07 09:00", 180, is_movable=True)
    answer = told(ana, dan)
    assert answer["slots"] == []
    assert [blocker["sentence"] for blocker in answer["why_not"]["blockers"]] == [
        "Ana Ionescu isn't free at any time asked for."
    ]
    assert answer["why_not"]["blockers"][0]["people"] == [ana.email]
    changes = changes_of(answer)
    optional = changes["make_optional"]
    assert optional["subject"] == ana.email
    assert optional["sentence"] == f"Make Ana Ionescu optional: {optional['opens']} slots"
    assert changes["move_meeting"]["sentence"].startswith(
        "Move the movable “Sprint review” (Mon 7 Dec 09:00): "
    )
    costs = [change["cost"] for change in answer["why_not"]["changes"]]
    assert costs == sorted(costs)


def test_every_change_opens_what_it_says() -> None:
    ana, dan = PersonFactory(), PersonFactory()
    busy(ana, "2026-12-07 09:00", 180)
    answer = told(ana, dan)
    opens = changes_of(answer)["make_optional"]["opens"]
    again = found_for(dan, optional_ids=(ana.pk,))
    assert again.answer.found == opens
    assert opens == 9


@pytest.mark.parametrize(("reader", "is_told"), [("alice", True), ("bob", False), ("attendee", True)])
def test_a_private_meeting_is_offered_to_be_moved_only_to_those_who_may_read_it(
    reader: str, is_told: bool
) -> None:
    ana = bob(email="ana@example.org")
    readers = {"alice": alice(), "bob": bob(), "attendee": ana}
    busy(ana, "2026-12-07 09:00", 180, is_private=True, title="Merger")
    answer = told(ana, actor=actor_of(readers[reader]))
    assert ("Merger" in str(answer)) is is_told
    assert ("move_meeting" in changes_of(answer)) is is_told


def test_a_delegate_is_told_what_the_principal_may_know() -> None:
    ana, dan = bob(email="ana@example.org"), bob()
    busy(ana, "2026-12-07 09:00", 180, is_private=True, title="Merger")
    assert "Merger" not in str(told(ana, actor=actor_of(dan)))
    DelegationFactory(principal=ana, delegate=dan, scope=Scope.SEE)
    assert "Merger" in str(told(ana, actor=actor_of(dan)))


def test_an_outsider_finds_no_rooms_and_nobody_they_do_not_know() -> None:
    ana, stranger = PersonFactory(), charlie()
    RoomFactory(capacity=4)
    with pytest.raises(Person.DoesNotExist):
        told(ana, actor=actor_of(stranger))
    alone = told(stranger, actor=actor_of(stranger), room=RoomWanted(headcount=1), minutes=15)
    assert [blocker["rules"] for blocker in alone["why_not"]["blockers"]] == [["room"]]


def test_costs_are_for_those_who_may_know_them() -> None:
    ana, reader, owner = PersonFactory(cost_band=CostBandFactory(hourly_rate=Decimal(50))), bob(), alice()
    assert "Attendees' time: €50.00" in told(ana, actor=actor_of(owner))["slots"][0]["reasons"]
    assert not [r for r in told(ana, actor=actor_of(reader))["slots"][0]["reasons"] if "time:" in r]


def test_the_meeting_that_is_moved_is_not_in_its_own_way() -> None:
    ana = PersonFactory()
    saved = busy(ana, "2026-12-07 09:00", 180)
    assert starts(ana) == []
    assert "07:00" in starts(ana, ignoring_meeting=saved.meeting.pk)


def test_a_weekly_series_tells_which_weeks_fail_and_what_to_do() -> None:
    ana = PersonFactory(name="Ana")
    busy(ana, "2026-12-14 09:00", 60)
    answer = told(ana, weeks=3, within=("2026-12-07 07:00", "2026-12-07 09:00"))
    early = next(slot for slot in answer["slots"] if slot["starts_at"][11:16] == "07:00")
    assert "Works in 2 of 3 weeks" in early["reasons"]
    assert any(
        reason.startswith("Mon 14 Dec, 09:00–10:00 doesn't work: Ana can't come")
        for reason in early["reasons"]
    )
    assert [week["works"] for week in early["occurrences"]] == [True, False, True]


def test_the_same_in_romanian() -> None:
    ana = PersonFactory(name="Ana", zone="Europe/Lisbon", home_site=None)
    with override("ro"):
        slots = told(ana, within=("2026-12-07 06:30", "2026-12-07 07:30"), out_of_hours_allowed=True)["slots"]
    assert "Lisabona" in str(slots)


def test_the_number_of_queries_does_not_grow_with_people_rooms_or_meetings() -> None:
    def queries(people: list[Person]) -> int:
        found_for(*people, room=RoomWanted(headcount=1))  # compiles what is compiled once
        with CaptureQueriesContext(connection) as captured:
            found_for(*people, room=RoomWanted(headcount=1))
        return len(captured)

    site = SiteFactory()
    people: list[Person] = [PersonFactory.create(home_site=site) for _ in range(3)]
    room = RoomFactory(site=site, capacity=4)
    busy(people[0], "2026-12-07 09:00", 30, room=room)
    one = queries(people[:1])
    for person in people[1:]:
        busy(person, "2026-12-07 09:00", 30, room=RoomFactory(site=site, capacity=4))
    assert queries(people) == one


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"minutes": 0}, "minutes"),
        ({"minutes": 10**9}, "minutes"),
        ({"weeks": 0}, "weeks"),
        ({"limit": 10**6}, "limit"),
        ({"windows": ()}, "within"),
        ({"zone": ZoneName("Mars/Olympus")}, "zone"),
        ({"required_ids": ()}, "attendees"),
        ({"groups": (GroupWanted((1,), 2, "x"),)}, "any_of"),
        ({"earliest": (NOW + timedelta(hours=1)).time()}, "latest"),
        ({"room": RoomWanted(style="nest")}, "style"),
        ({"room": RoomWanted(headcount=-1)}, "headcount"),
    ],
)
def test_bad_requests_are_refused_at_the_field(fields: dict[str, Any], field: str) -> None:
    ana = PersonFactory()
    check_request(request_for(ana), now=NOW)
    with pytest.raises(ValidationError) as refused:
        check_request(request_for(ana, **{"required_ids": (ana.pk,), **fields}), now=NOW)
    assert list(refused.value.message_dict) == [field]


def test_days_that_are_over_are_refused() -> None:
    with pytest.raises(ValidationError, match="over"):
        check_request(request_for(PersonFactory(), within=("2026-11-01 07:00", "2026-11-01 10:00")), now=NOW)


def test_an_unknown_email_names_the_nearest() -> None:
    ana = PersonFactory(email="ana.ionescu@example.org")
    assert people_by_email_for(SYSTEM, ["Ana <ANA.ionescu@example.org>"]) == {
        "Ana <ANA.ionescu@example.org>": ana
    }
    with pytest.raises(UnknownPerson, match=r"the nearest is ana\.ionescu@example\.org"):
        people_by_email_for(SYSTEM, ["ana.ionesu@example.org"])


def test_an_unknown_email_tells_an_outsider_nothing() -> None:
    PersonFactory(email="ana.ionescu@example.org")
    with pytest.raises(UnknownPerson) as refused:
        people_by_email_for(actor_of(charlie()), ["ana.ionescu@example.org"])
    assert refused.value.nearest == ""
