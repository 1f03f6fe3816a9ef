"""Tasks: entered in bulk, changed, given away, removed; their due dates follow the event."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from convenor.base.models import AuditEntry
from convenor.base.permissions import Refused
from convenor.events.actions.backward import recalculate
from convenor.events.actions.task import add_tasks, assign_task, change_task, remove_task
from convenor.events.drafts import ItemDraft
from convenor.events.enums import Anchor, EventState, TaskState
from convenor.events.models import ChecklistItem, Event, Task, TaskDependency
from convenor.events.queries.tasks import task_draft_of, task_drafts_of
from convenor.events.refusals import StaleTask
from convenor.events.rules.policy import Due
from convenor.people.models import Person
from tests.factories import cast
from tests.factories.events import make_event
from tests.factories.people import PersonFactory
from tests.factories.tasks import NOW, make_tasks, task
from tests.factories.venues import SiteFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> Person:
    return cast.alice()


@pytest.fixture
def event(owner: Person) -> Event:
    return make_event(owner, site=SiteFactory.create())


def test_tasks_of_one_call_may_depend_on_each_other(event: Event, owner: Person) -> None:
    draft = task(
        "Send the menu",
        -2,
        after=("choose-menu",),
        checklist=(ItemDraft("Vegan"), ItemDraft("Halal", is_done=True)),
    )
    made = make_tasks(
        event,
        draft,
        task("Choose the menu", -5, key="choose-menu", owner_id=owner.pk),
        actor=cast.actor_of(owner),
    )
    assert [each.key for each in made] == ["send-the-menu", "choose-menu"]
    assert task_drafts_of(event) == [
        replace(draft, key="send-the-menu"),
        task("Choose the menu", -5, key="choose-menu", owner_id=owner.pk),
    ]
    entry = AuditEntry.objects.get(action="task.added", object_id=made[0].pk)
    assert (entry.after["after"], entry.after["checklist"]) == (["choose-menu"], ["Vegan", "✓ Halal"])


def test_the_same_statements_for_one_task_and_for_many(event: Event, owner: Person) -> None:
    actor = cast.actor_of(owner)
    make_tasks(event, task("First"), task("Second", after=("first",)))
    counts = []
    for number in (1, 30):
        drafts = [
            task(f"Task {number} {n}", checklist=(ItemDraft("x"),), after=("first",), owner_id=owner.pk)
            for n in range(number)
        ]
        with CaptureQueriesContext(connection) as asked:
            add_tasks(actor=actor, event_id=event.pk, drafts=drafts, now=NOW)
        counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        (Due(-14), date(2026, 11, 13)),  # Romania's 30 November and 1 December are holidays
        (Due(-1), date(2026, 12, 4)),  # the Friday before the Monday
        (Due(-3), date(2026, 12, 2)),
        (Due(-5), date(2026, 11, 26)),
        (Due(-2, working=False), date(2026, 12, 5)),  # a Saturday, as asked
        (Due(0), date(2026, 12, 7)),
        (Due(3, anchor=Anchor.END), date(2026, 12, 11)),
        (Due(4, anchor=Anchor.LOAD_OUT), date(2026, 12, 14)),
    ],
)
def test_due_dates_count_from_the_event(event: Event, due: Due, expected: date) -> None:
    assert make_tasks(event, task("Task", due=due))[0].due_on == expected


def test_on_the_day_of_an_event_at_the_weekend(owner: Person) -> None:
    starts = datetime(2026, 12, 12, 7, tzinfo=UTC)
    event = make_event(owner, starts_at=starts, ends_at=starts + timedelta(hours=30))
    before, after = make_tasks(event, task("Before", 0), task("After", due=Due(0, anchor=Anchor.END)))
    assert (before.due_on, after.due_on) == (date(2026, 12, 11), date(2026, 12, 14))


def test_without_dates_there_is_nothing_to_count_from(owner: Person) -> None:
    event = make_event(owner, state=EventState.ENQUIRY, starts_at=None, ends_at=None)
    none, fixed = make_tasks(event, task("Some day"), task("That day", fixed_due_on=date(2026, 12, 1)))
    assert (none.due_on, fixed.due_on) == (None, date(2026, 12, 1))


def test_due_dates_follow_the_event(event: Event) -> None:
    moving, fixed = make_tasks(event, task("Moving", -3), task("Fixed", fixed_due_on=date(2026, 11, 30)))
    Task.objects.update(reminded_on=date(2026, 11, 23))
    event.starts_at, event.ends_at = (
        datetime(2026, 11, 25, 7, tzinfo=UTC),
        datetime(2026, 11, 25, 15, tzinfo=UTC),
    )
    event.save()
    found = recalculate(event, NOW)
    assert (found.changed, found.late) == ((moving,), (moving,))
    moving.refresh_from_db()
    fixed.refresh_from_db()
    assert (moving.due_on, moving.reminded_on) == (date(2026, 11, 20), None)
    assert (fixed.due_on, fixed.reminded_on) == (date(2026, 11, 30), date(2026, 11, 23))
    assert recalculate(event, NOW).changed == ()


def test_a_task_becomes_what_the_draft_says(event: Event, owner: Person) -> None:
    bob = cast.bob()
    first, second = make_tasks(event, task("First", checklist=(ItemDraft("A"),)), task("Second"))
    Task.objects.update(reminded_on=date(2026, 11, 23))
    draft = task(
        "Other",
        -1,
        owner_id=bob.pk,
        after=("second",),
        checklist=(ItemDraft("B"),),
        is_milestone=True,
        duration_days=3,
    )
    changed = change_task(actor=cast.actor_of(owner), task_id=first.pk, draft=draft, version=1, now=NOW)
    assert task_draft_of(changed) == replace(draft, key="first")
    assert (changed.version, changed.due_on, changed.reminded_on) == (2, date(2026, 12, 4), None)
    entry = AuditEntry.objects.get(action="task.changed")
    assert (entry.before["after"], entry.after["after"]) == ([], ["second"])
    again = change_task(actor=cast.actor_of(owner), task_id=first.pk, draft=draft, version=2, now=NOW)
    assert again.version == 2
    assert AuditEntry.objects.filter(action="task.changed").count() == 1
    assert second.dependents.get().task == first


def test_two_tabs(event: Event, owner: Person) -> None:
    (made,) = make_tasks(event, task("First"))
    change_task(actor=cast.actor_of(owner), task_id=made.pk, draft=task("Other"), version=1, now=NOW)
    with pytest.raises(StaleTask) as stale:
        change_task(actor=cast.actor_of(owner), task_id=made.pk, draft=task("Mine"), version=1, now=NOW)
    assert stale.value.current.title == "Other"


def test_an_owner_who_left_stays_but_can_not_be_named(event: Event, owner: Person) -> None:
    bob = cast.bob()
    (made,) = make_tasks(event, task("First", owner_id=bob.pk))
    Person.objects.filter(pk=bob.pk).update(is_active=False)
    draft = task("Other", owner_id=bob.pk)
    assert (
        change_task(actor=cast.actor_of(owner), task_id=made.pk, draft=draft, version=1, now=NOW).owner == bob
    )
    with pytest.raises(ValidationError, match="no longer active"):
        make_tasks(event, draft)
    with pytest.raises(ValidationError, match="no such person"):
        make_tasks(event, task("Mine", owner_id=0))


def test_circles_are_refused_by_name_and_nothing_is_written(event: Event) -> None:
    with pytest.raises(ValidationError, match="“A” → “B” → “C” → “A”"):
        make_tasks(event, task("A", after=("b",)), task("B", after=("c",)), task("C", after=("a",)))
    assert not Task.objects.exists()
    first, _second = make_tasks(event, task("A"), task("B", after=("a",)))
    with pytest.raises(ValidationError) as refused:
        change_task(
            actor=cast.actor_of(event.owner),
            task_id=first.pk,
            draft=task("A", after=("b",)),
            version=1,
            now=NOW,
        )
    assert refused.value.message_dict == {
        "after": ["These tasks wait for each other in a circle: “A” → “B” → “A”."]
    }
    assert TaskDependency.objects.count() == 1


def test_what_waits_for_a_removed_task_no_longer_does(event: Event) -> None:
    first, second = make_tasks(event, task("A", checklist=(ItemDraft("x"),)), task("B", after=("a",)))
    remove_task(actor=cast.actor_of(event.owner), task_id=first.pk)
    assert list(Task.objects.all()) == [second]
    assert not ChecklistItem.objects.exists()
    before = AuditEntry.objects.get(action="task.removed").before
    assert (before["title"], before["event"]) == ("A", event.pk)


def test_a_done_task_of_a_file_is_done(event: Event, owner: Person) -> None:
    (made,) = make_tasks(event, task("A", state=TaskState.DONE), actor=cast.actor_of(owner))
    assert (made.done_at, made.done_by_id) == (NOW, owner.pk)
    changed = change_task(actor=cast.actor_of(owner), task_id=made.pk, draft=task("A"), version=1, now=NOW)
    assert (changed.state, changed.done_at, changed.done_by) == (TaskState.OPEN, None, None)


def test_the_dates_are_those_of_who_runs_the_event(event: Event, owner: Person) -> None:
    bob = cast.bob()
    (made,) = make_tasks(event, task("A", owner_id=bob.pk))
    actor = cast.actor_of(bob)
    for refused in (
        lambda: make_tasks(event, task("B"), actor=actor),
        lambda: change_task(actor=actor, task_id=made.pk, draft=task("B"), version=1, now=NOW),
        lambda: remove_task(actor=actor, task_id=made.pk),
        lambda: assign_task(actor=actor, task_id=made.pk, owner_id=owner.pk, now=NOW),
    ):
        with pytest.raises(Refused):
            refused()
    assert task_drafts_of(event) == [task("A", key="a", owner_id=bob.pk)]


def test_for_somebody_from_outside_there_is_no_such_task(event: Event) -> None:
    charlie = cast.charlie()
    (made,) = make_tasks(event, task("A", owner_id=charlie.pk))
    actor = cast.actor_of(charlie)
    with pytest.raises(Task.DoesNotExist):
        change_task(actor=actor, task_id=made.pk, draft=task("B"), version=1, now=NOW)
    with pytest.raises(Task.DoesNotExist):
        remove_task(actor=actor, task_id=made.pk)
    with pytest.raises(Event.DoesNotExist):
        make_tasks(event, task("B"), actor=actor)


def test_given_to_somebody(event: Event, owner: Person) -> None:
    other = PersonFactory.create()
    (made,) = make_tasks(event, task("A"))
    assert assign_task(actor=cast.actor_of(owner), task_id=made.pk, owner_id=other.pk, now=NOW).owner == other
    assert AuditEntry.objects.get(action="task.changed").after == {"owner": other.pk}
