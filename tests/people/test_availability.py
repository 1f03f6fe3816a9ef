"""Hours, exceptions, leave and holidays: right in every zone, shared by those who share them, in a fixed number of queries."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from convenor.base.actor import Actor, Refused
from convenor.base.changes import sentences
from convenor.base.enums import Scope
from convenor.base.models import AuditEntry
from convenor.base.stale import Stale, stale_listeners
from convenor.kernel.instants import HOUR, Instant, Span, instant_of
from convenor.kernel.intervals import total_seconds
from convenor.people.actions.availability import (
    add_leave,
    add_working_exception,
    change_leave,
    remove_working_exception,
    set_working_hours,
    withdraw_leave,
)
from convenor.people.enums import AwayKind
from convenor.people.models import Person
from convenor.people.queries.availability import away_spans, working_spans
from convenor.people.queries.people import leave_for, working_exceptions_for, working_week_for
from tests.factories.cast import actor_of, alice, bob, charlie
from tests.factories.people import (
    DelegationFactory,
    LeaveFactory,
    MemberFactory,
    PersonFactory,
    WorkingExceptionFactory,
    WorkingHoursFactory,
)
from tests.factories.venues import SiteFactory

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db


def at(*moment: int) -> Instant:
    return instant_of(datetime(*moment, tzinfo=UTC))  # type: ignore[misc,arg-type]  # year to minute


WEEK = Span(at(2026, 12, 7), at(2026, 12, 14))
SYSTEM = Actor.system("test")


def test_without_hours_people_work_office_hours_in_their_own_zone() -> None:
    here: Person = PersonFactory.create()
    there: Person = PersonFactory.create(zone="America/New_York")
    spans = working_spans([here.pk, there.pk], WEEK)
    assert spans[here.pk][0] == Span(at(2026, 12, 7, 7), at(2026, 12, 7, 15))
    assert spans[there.pk][0] == Span(at(2026, 12, 7, 14), at(2026, 12, 7, 22))
    assert [len(each) for each in spans.values()] == [5, 5]


def test_hours_keep_to_the_wall_clock_over_a_change_of_clocks() -> None:
    person: Person = PersonFactory.create()
    WorkingHoursFactory.create(person=person, weekday=4)
    WorkingHoursFactory.create(person=person, weekday=0)
    spans = working_spans([person.pk], Span(at(2026, 10, 23), at(2026, 10, 27)))[person.pk]
    assert list(spans) == [
        Span(at(2026, 10, 23, 7), at(2026, 10, 23, 15)),
        Span(at(2026, 10, 26, 8), at(2026, 10, 26, 16)),
    ]


def test_exceptions_replace_their_day() -> None:
    person: Person = PersonFactory.create()
    WorkingExceptionFactory.create(person=person, day=date(2026, 12, 8))
    WorkingExceptionFactory.create(person=person, day=date(2026, 12, 12), starts=time(10), ends=time(12))
    WorkingExceptionFactory.create(person=person, day=date(2026, 12, 12), starts=time(13), ends=time(14))
    spans = working_spans([person.pk], WEEK)[person.pk]
    assert total_seconds(spans) == (4 * 8 + 3) * HOUR
    assert not any(span.overlaps(Span(at(2026, 12, 8), at(2026, 12, 9))) for span in spans)


def test_people_who_share_hours_share_the_answer() -> None:
    site = SiteFactory.create()
    people: list[Person] = PersonFactory.create_batch(3, home_site=site)
    working, away = (query([p.pk for p in people], WEEK) for query in (working_spans, away_spans))
    assert len({id(each) for each in working.values()}) == 1
    assert len({id(each) for each in away.values()}) == 1


def test_away_is_leave_and_the_home_sites_holidays() -> None:
    here: Person = PersonFactory.create()
    nowhere: Person = PersonFactory.create(home_site=None, zone="Asia/Tokyo")
    LeaveFactory.create(person=here, starts_on=date(2026, 12, 2), ends_on=date(2026, 12, 3), kind="sick")
    LeaveFactory.create(person=nowhere, starts_on=date(2026, 11, 1), ends_on=date(2026, 12, 1))
    with translation.override("en"):
        away = away_spans([here.pk, nowhere.pk], Span(at(2026, 11, 29), at(2026, 12, 6)))
    assert [(each.kind, each.label, each.span) for each in away[here.pk]] == [
        (AwayKind.PUBLIC_HOLIDAY, "Saint Andrew's Day", Span(at(2026, 11, 29, 22), at(2026, 11, 30, 22))),
        (AwayKind.PUBLIC_HOLIDAY, "National Day", Span(at(2026, 11, 30, 22), at(2026, 12, 1, 22))),
        (AwayKind.LEAVE, "Away", Span(at(2026, 12, 1, 22), at(2026, 12, 3, 22))),
    ]
    assert [each.span for each in away[nowhere.pk]] == [Span(at(2026, 11, 29), at(2026, 12, 1, 15))]


@pytest.mark.parametrize("count", [1, 3])
def test_any_number_of_people_takes_four_queries(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    people: list[Person] = PersonFactory.create_batch(count)
    for person in people:
        WorkingHoursFactory.create(person=person)
        WorkingExceptionFactory.create(person=person)
        LeaveFactory.create(person=person)
    ids = [person.pk for person in people]
    with django_assert_num_queries(4):
        assert set(working_spans(ids, WEEK)) == set(away_spans(ids, WEEK)) == set(ids)


def test_nobody_is_no_query_too_many() -> None:
    assert not working_spans([], WEEK)
    assert not away_spans([], WEEK)


# Changing


def test_people_and_their_delegates_who_act_keep_their_calendar() -> None:
    a, b, c = alice(), bob(), charlie()
    helper, watcher = MemberFactory.create(), MemberFactory.create()
    DelegationFactory.create(principal=b, delegate=helper, scope=Scope.ACT)
    DelegationFactory.create(principal=b, delegate=watcher, scope=Scope.SEE)
    days: dict[str, Any] = {"starts_on": date(2026, 12, 7), "ends_on": date(2026, 12, 8)}
    leave = add_leave(actor=actor_of(b), person_id=b.pk, kind="sick", **days)
    for actor in (a, b, helper, watcher):
        assert list(leave_for(actor_of(actor), b)) == [leave]
    stranger: Person = MemberFactory.create()
    for outsider in (c, stranger):
        assert leave_for(actor_of(outsider), b).count() == 0
        assert working_exceptions_for(actor_of(outsider), b).count() == 0
    change_leave(actor=actor_of(helper), person_id=b.pk, leave_id=leave.pk, kind="other", **days)
    for refused, why in ((watcher, Refused), (stranger, Refused), (c, Person.DoesNotExist)):
        with pytest.raises(why):
            withdraw_leave(actor=actor_of(refused), person_id=b.pk, leave_id=leave.pk)
    withdraw_leave(actor=actor_of(a), person_id=b.pk, leave_id=leave.pk)
    assert list(leave_for(actor_of(b), b)) == []


def test_hours_are_replaced_and_on_record() -> None:
    person: Person = PersonFactory.create()
    set_working_hours(
        actor=SYSTEM, person_id=person.pk, hours=[(0, time(9), time(12)), (0, time(13), time(17))]
    )
    set_working_hours(
        actor=SYSTEM, person_id=person.pk, hours=[(0, time(9), time(12)), (0, time(13), time(17))]
    )
    assert working_week_for(SYSTEM, person) == [(0, time(9), time(12)), (0, time(13), time(17))]
    entry = AuditEntry.objects.get()
    assert (entry.before, entry.after) == ({"hours": ""}, {"hours": "Mon 09:00-12:00,13:00-17:00"})


def test_a_change_says_what_may_no_longer_hold() -> None:
    person: Person = PersonFactory.create()
    told: list[Stale] = []
    stale_listeners.append(told.append)
    try:
        add_leave(actor=SYSTEM, person_id=person.pk, starts_on=date(2026, 12, 7), ends_on=date(2026, 12, 8))
        set_working_hours(actor=SYSTEM, person_id=person.pk, hours=[(0, time(9), time(12))])
    finally:
        stale_listeners.remove(told.append)
    day, open_ended = told
    assert (day.person_ids, day.starts_at, day.ends_at) == (
        (person.pk,),
        datetime(2026, 12, 6, tzinfo=UTC),
        datetime(2026, 12, 10, tzinfo=UTC),
    )
    assert (open_ended.starts_at, open_ended.ends_at) == (None, None)


@pytest.mark.parametrize(
    ("first", "last", "field", "sentence"),
    [
        (date(2026, 12, 8), date(2026, 12, 7), "ends_on", "Leave must not end before it starts."),
        (
            date(2026, 12, 8),
            date(2036, 12, 7),
            "ends_on",
            "This is more than three years; is the year right?",
        ),
        (date(1026, 12, 8), date(2026, 12, 7), "starts_on", "The year must be from 2000 to 2100."),
        (date(2026, 1, 8), date(2026, 1, 9), "starts_on", "There is other leave on some of these days."),
    ],
)
def test_leave_that_can_not_be(first: date, last: date, field: str, sentence: str) -> None:
    person: Person = PersonFactory.create()
    LeaveFactory.create(person=person, starts_on=date(2026, 1, 9), ends_on=date(2026, 1, 9))
    with pytest.raises(ValidationError) as error:
        add_leave(actor=SYSTEM, person_id=person.pk, starts_on=first, ends_on=last)
    assert sentences(error.value) == {field: [sentence]}


def test_exceptions_that_can_not_be() -> None:
    person: Person = PersonFactory.create()
    day = date(2026, 12, 8)
    made = add_working_exception(actor=SYSTEM, person_id=person.pk, day=day, starts=time(9), ends=time(12))
    bad: list[tuple[dict[str, Any], str]] = [
        ({"starts": time(13)}, "ends"),
        ({"starts": time(13), "ends": time(12)}, "ends"),
        ({"starts": time(11), "ends": time(14)}, "starts"),
        ({}, "day"),
    ]
    for times, field in bad:
        with pytest.raises(ValidationError) as error:
            add_working_exception(actor=SYSTEM, person_id=person.pk, day=day, **times)
        assert list(sentences(error.value)) == [field]
    add_working_exception(actor=SYSTEM, person_id=person.pk, day=day, starts=time(12), ends=time(13))
    remove_working_exception(actor=SYSTEM, person_id=person.pk, exception_id=made.pk)
    assert working_exceptions_for(SYSTEM, person).count() == 1


@pytest.mark.parametrize(
    ("hours", "sentence"),
    [
        ([(7, time(9), time(17))], "7 is no weekday; 0 is Monday and 6 is Sunday."),
        ([(0, time(17), time(9))], "Monday: 09:00 is not after 17:00."),
        (
            [(0, time(9), time(17)), (0, time(16), time(18))],
            "Monday: the hours from 16:00 overlap those before.",
        ),
    ],
)
def test_weeks_that_can_not_be(hours: list[tuple[int, time, time]], sentence: str) -> None:
    person: Person = PersonFactory.create()
    with pytest.raises(ValidationError) as error:
        set_working_hours(actor=SYSTEM, person_id=person.pk, hours=hours)
    assert sentences(error.value) == {"hours": [sentence]}
