"""Limits that hold across processes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from convenor.base import rates
from convenor.base.models import RateCount

HOUR = timedelta(hours=1)
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@pytest.mark.django_db
def test_a_limit_of_three_lets_three_through_in_each_window() -> None:
    answers = [rates.allowed("a", 3, HOUR, NOW) for _ in range(5)]
    assert answers == [True, True, True, False, False]
    assert rates.allowed("b", 3, HOUR, NOW)
    assert rates.allowed("a", 3, HOUR, NOW + timedelta(minutes=30))
    assert not rates.allowed("a", 3, HOUR, NOW + timedelta(minutes=29))


@pytest.mark.django_db
def test_what_is_refused_writes_nothing_and_asks_once() -> None:
    rates.allowed("a", 1, HOUR, NOW)
    with CaptureQueriesContext(connection) as captured:
        assert not rates.allowed("a", 1, HOUR, NOW)
    assert len(captured) == 1
    assert RateCount.objects.get().count == 1


@pytest.mark.django_db
def test_the_table_names_nobody_and_forgets() -> None:
    rates.allowed("192.0.2.7", 1, HOUR, NOW)
    assert "192" not in RateCount.objects.get().key
    assert rates.sweep(NOW + timedelta(days=1)) == 0
    assert rates.sweep(NOW + timedelta(days=3)) == 1
    assert not RateCount.objects.exists()
