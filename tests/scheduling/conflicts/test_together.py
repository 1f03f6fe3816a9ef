"""Several who look for conflicts at once, while others change the schedule: nothing is lost and nothing is told twice."""

from __future__ import annotations

import threading

import pytest
from django.db import connections

from convenor.base.transactions import Busy
from convenor.people.models import Person
from convenor.scheduling.actions.conflicts import rebuild, refresh
from convenor.scheduling.models import Conflict, StaleScope
from tests.factories.people import PersonFactory
from tests.factories.scheduling import NOW, local, make_meeting

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
THREADS, ROUNDS = 4, 5


def work(
    number: int, person: Person, organiser: Person, barrier: threading.Barrier, failures: list[BaseException]
) -> None:
    """Meet at the same hours as the others, and look again after each meeting."""
    try:
        barrier.wait(timeout=30)
        for hour in range(ROUNDS):
            make_meeting(
                organiser,
                people=[person],
                title=f"{number}",
                local_start=local(f"2026-12-07 {8 + hour:02}:00"),
            )
            try:
                refresh(NOW)
            except Busy:
                continue  # another is looking; what is left waits for the next
    except BaseException as error:  # noqa: BLE001 - the main thread reports it
        failures.append(error)
    finally:
        connections.close_all()


def test_looking_together() -> None:
    person, organiser = PersonFactory(), PersonFactory()
    barrier = threading.Barrier(THREADS)
    failures: list[BaseException] = []
    threads = [
        threading.Thread(target=work, args=(n, person, organiser, barrier, failures)) for n in range(THREADS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert failures == []
    refresh(NOW)
    assert not StaleScope.objects.exists()
    doubles = Conflict.objects.filter(kind="person_double_booked")
    assert [row.links.count() for row in doubles] == [THREADS] * ROUNDS
    marks = set(Conflict.objects.values_list("fingerprint", flat=True))
    rebuild(NOW)
    assert set(Conflict.objects.values_list("fingerprint", flat=True)) == marks
