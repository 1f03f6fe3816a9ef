"""Two people who make two tasks wait for each other at the same moment."""

from __future__ import annotations

import pytest

from convenor.events.models import TaskDependency
from convenor.kernel.backward_plan import cycle_in
from tests import child
from tests.factories import cast
from tests.factories.events import make_event
from tests.factories.tasks import make_tasks, task

ROUNDS = 6


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_no_circle_is_closed_from_two_sides_at_once() -> None:
    made = make_tasks(make_event(cast.alice()), *(task(f"T{n}") for n in range(3 * ROUNDS)))
    triples = [made[3 * n : 3 * n + 3] for n in range(ROUNDS)]
    racers = [[[triple[n].pk, triple[(n + 1) % 3].pk] for triple in triples] for n in range(3)]
    process = child.start("tests.events.task_racing:race", pairs_by_racer=racers)
    assert child.answer(process) == {"won": 2 * ROUNDS, "circle": ROUNDS}
    after: dict[str, list[str]] = {}
    for key, other in TaskDependency.objects.values_list("task__key", "after__key"):
        after.setdefault(key, []).append(other)
    assert cycle_in(after) is None
    assert sum(map(len, after.values())) == 2 * ROUNDS
