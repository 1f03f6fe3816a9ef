"""Opening hours, holidays, closures: right on the nights that clocks change, and in a fixed number of queries."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

import pytest
from django.utils import translation

from convenor.kernel.instants import HOUR, Instant, Span, instant_of
from convenor.venues.models import Room, Site
from convenor.venues.queries.opening import closures_of, holidays_of, open_spans
from tests.factories.venues import (
    BookableUnitFactory,
    ClosureFactory,
    RoomFactory,
    SiteFactory,
    SiteHoursFactory,
)

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db


def at(*moment: int) -> Instant:
    return instant_of(datetime(*moment, tzinfo=UTC))  # type: ignore[misc,arg-type]  # year to minute


WEEK = Span(at(2026, 12, 7), at(2026, 12, 14))


def test_hours_are_local_and_keep_to_the_wall_clock() -> None:
    site: Site = SiteFactory.create()
    for weekday in (4, 6):
        SiteHoursFactory.create(site=site, weekday=weekday, opens=time(8), closes=time(20))
    # Friday before and Sunday of the night on which Romania's clocks go back
    spans = open_spans([site.pk], Span(at(2026, 10, 23), at(2026, 10, 26)))[site.pk]
    assert spans == [
        Span(at(2026, 10, 23, 5), at(2026, 10, 23, 17)),
        Span(at(2026, 10, 25, 6), at(2026, 10, 25, 18)),
    ]


def test_a_site_without_hours_never_shuts() -> None:
    site: Site = SiteFactory.create()
    assert open_spans([site.pk], WEEK) == {site.pk: [WEEK]}


def test_holidays_are_those_of_the_country_and_its_part() -> None:
    bucharest: Site = SiteFactory.create()
    munich: Site = SiteFactory.create(zone="Europe/Berlin", country="DE", subdivision="BY")
    span = Span(at(2026, 1, 5, 12), at(2026, 1, 7, 12))
    with translation.override("en"):
        found = holidays_of([bucharest.pk, munich.pk], span)
    assert [each.day for each in found[bucharest.pk]] == [date(2026, 1, 6), date(2026, 1, 7)]
    assert [(each.day, each.name) for each in found[munich.pk]] == [(date(2026, 1, 6), "Epiphany")]
    assert found[munich.pk][0].span == Span(at(2026, 1, 5, 23), at(2026, 1, 6, 23))


def test_holidays_speak_the_readers_language() -> None:
    site: Site = SiteFactory.create()
    span = Span(at(2026, 12, 1), at(2026, 12, 2))
    with translation.override("ro"):
        assert holidays_of([site.pk], span)[site.pk][0].name == "Ziua Națională a României"


def test_a_country_without_known_holidays_has_none() -> None:
    site: Site = SiteFactory.create(country="AQ")
    assert holidays_of([site.pk], WEEK) == {site.pk: []}


def test_closures_reach_rooms_through_site_floor_and_shared_space() -> None:
    site: Site = SiteFactory.create()
    units = [BookableUnitFactory.create(site=site) for _ in range(2)]
    hall: Room = RoomFactory.create(site=site, floor="1", units=units)
    left: Room = RoomFactory.create(site=site, floor="1", units=units[:1], part_of=hall)
    right: Room = RoomFactory.create(site=site, floor="1", units=units[1:], part_of=hall)
    upstairs: Room = RoomFactory.create(site=site, floor="2")
    elsewhere: Room = RoomFactory.create()
    ClosureFactory.create(room=left, reason="carpet")
    ClosureFactory.create(site=site, floor="2", reason="water")
    ClosureFactory.create(
        site=site,
        starts_at=datetime(2026, 12, 9, tzinfo=UTC),
        ends_at=datetime(2026, 12, 10, tzinfo=UTC),
        reason="power",
    )
    ClosureFactory.create(
        site=site,
        starts_at=datetime(2026, 12, 14, tzinfo=UTC),
        ends_at=datetime(2026, 12, 15, tzinfo=UTC),
        reason="later",
    )

    closed = closures_of([hall.pk, left.pk, right.pk, upstairs.pk, elsewhere.pk], WEEK)

    reasons = {pk: [each.reason for each in closures] for pk, closures in closed.items()}
    assert reasons == {
        hall.pk: ["carpet", "power"],
        left.pk: ["carpet", "power"],
        right.pk: ["power"],
        upstairs.pk: ["water", "power"],
        elsewhere.pk: [],
    }
    assert closed[left.pk][0].span == Span(at(2026, 12, 7, 8), at(2026, 12, 7, 18))


@pytest.mark.parametrize("count", [1, 3])
def test_any_number_of_places_takes_as_many_queries(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    rooms: list[Room] = RoomFactory.create_batch(count)
    for room in rooms:
        SiteHoursFactory.create(site=room.site)
        ClosureFactory.create(room=room)
    sites = [room.site_id for room in rooms]
    with django_assert_num_queries(2):
        assert len(open_spans(sites, WEEK)) == count
    with django_assert_num_queries(1):
        assert len(holidays_of(sites, WEEK)) == count
    with django_assert_num_queries(3):
        found = closures_of([room.pk for room in rooms], WEEK)
    assert [len(found[room.pk]) for room in rooms] == [1] * count


def test_hours_up_to_the_last_minute_reach_midnight() -> None:
    site: Site = SiteFactory.create()
    SiteHoursFactory.create(site=site, weekday=0, opens=time(8), closes=time(23, 59))
    (span,) = open_spans([site.pk], WEEK)[site.pk]
    assert span.end - span.start == 16 * HOUR
