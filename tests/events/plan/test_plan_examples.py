"""The shipped examples, on the demo organisation: sound, applied, written out, and the same when applied again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import transaction

from convenor.base.actor import Actor
from convenor.base.models import AuditEntry, OutboxMessage
from convenor.demo.load import load
from convenor.events.models import Event
from convenor.events.plan.applying import apply_plan
from convenor.events.plan.changes import differences_of
from convenor.events.plan.checking import check_plan, problems_in, sound_plan, warnings_in
from convenor.events.plan.laying import Plan
from convenor.events.plan.writing import export_plan
from tests.factories.scheduling import NOW, check_house

pytestmark = pytest.mark.django_db

EXAMPLES = sorted((Path(__file__).resolve().parents[3] / "examples").glob("*.toml"))
ACTOR = Actor.system("tests")
COUNTS = {
    "board-meeting": {"people": 12, "contact": 4, "function": 3, "task": 9},
    "cross-department-workshop": {"people": 24, "contact": 3, "function": 11, "task": 4},
    "conference": {"people": 300, "contact": 5, "function": 62, "task": 24},
}


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def counts(plan: Plan) -> dict[str, int]:
    return {name: len(rows) for name, rows in plan.rows.items() if name in COUNTS["conference"]}


def test_the_examples_apply_and_come_out_the_same() -> None:
    load(now=NOW)
    assert {each.stem for each in EXAMPLES} == set(COUNTS)
    for file in EXAMPLES:
        text = file.read_text(encoding="utf-8")
        plan = check_plan(ACTOR, text, now=NOW)
        assert [str(each) for each in (*problems_in(plan), *warnings_in(plan))] == [], file.name
        assert counts(plan) == COUNTS[file.stem]
        with undone():
            event = apply_plan(actor=ACTOR, text=text, now=NOW).event
            exported = export_plan(ACTOR, event.key)
            assert_settled(text, prune=False)
            assert_settled(exported, prune=True)
            check_house()
        assert not Event.objects.filter(key=event.key).exists()
        apply_plan(actor=ACTOR, text=exported, now=NOW)
        assert export_plan(ACTOR, event.key) == exported, file.name
        assert_settled(exported, prune=True)


def assert_settled(text: str, *, prune: bool) -> None:
    """Applying it once more does nothing at all."""
    before = AuditEntry.objects.count(), OutboxMessage.objects.count()
    assert differences_of(sound_plan(ACTOR, text, now=NOW, prune=prune)).changes == ()
    assert apply_plan(actor=ACTOR, text=text, now=NOW, prune=prune).differences.is_empty
    assert (AuditEntry.objects.count(), OutboxMessage.objects.count()) == before
