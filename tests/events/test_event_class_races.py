"""Several editors of one class at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from convenor.base.actor import Actor
from convenor.events.actions.event_class import StaleClass, save_class
from convenor.events.models import ClassVersion
from tests.factories import cast
from tests.factories.events import SMALLEST_POLICY, make_class

EDITORS = 6


@pytest.mark.django_db(transaction=True)
def test_one_of_many_editors_wins_and_the_others_are_told() -> None:
    make_class()
    barrier = Barrier(EDITORS)
    actor: Actor = cast.actor_of(cast.alice())

    def save(number: int) -> str:
        barrier.wait(timeout=60)
        text = f"{SMALLEST_POLICY}# {number}\n"
        try:
            save_class(actor=actor, code="plain", text=text, note=str(number), base_version=1)
        except StaleClass:
            return "stale"
        finally:
            connections.close_all()
        return "saved"

    with ThreadPoolExecutor(EDITORS) as pool:
        answers = list(pool.map(save, range(EDITORS)))
    assert sorted(answers) == ["saved", *["stale"] * (EDITORS - 1)]
    assert sorted(ClassVersion.objects.values_list("number", flat=True)) == [1, 2]
