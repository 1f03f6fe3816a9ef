"""Tasks as lists show them, to whom they are shown, and how they stand by event."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from convenor.base.actor import Actor
from convenor.base.enums import Scope
from convenor.events.actions.comment import add_comment
from convenor.events.drafts import ItemDraft
from convenor.events.enums import Anchor, Confidentiality, EventState, TaskState
from convenor.events.models import Document, Event
from convenor.events.queries.task_rows import grouped, my_tasks_for, tasks_for
from convenor.events.queries.task_summary import TaskSummary, task_summary
from convenor.events.rules.policy import Due
from convenor.events.rules.task_groups import TaskGroup
from convenor.events.sentences.tasks import due_sentence
from convenor.people.models import Person
from tests.factories import cast
from tests.factories.events import make_event
from tests.factories.people import DelegationFactory
from tests.factories.tasks import NOW, make_tasks, task

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


def days(number: int) -> date:
    return TODAY + timedelta(days=number)


@pytest.fixture
def bob() -> Person:
    return cast.bob()


@pytest.fixture
def event() -> Event:
    return make_event(cast.alice())


def fill(event: Event, owner: Person, count: int) -> None:
    drafts = [
        task(
            f"T{event.pk} {n}",
            key=f"t{n}",
            fixed_due_on=days(n - 1),
            owner_id=owner.pk,
            checklist=(ItemDraft("x", is_done=True), ItemDraft("y")),
            after=(f"t{n + 1}",) if n + 1 < count else (),
        )
        for n in range(count)
    ]
    for made in make_tasks(event, *drafts):
        add_comment(actor=Actor.system("tests"), task_id=made.pk, text="Hm", now=NOW)
        Document.objects.create(event=event, task=made, title="Offer")
        Document.objects.create(event=event, task=made, title="Gone", removed_at=NOW)


def test_a_row_says_all_that_a_list_shows(event: Event, bob: Person) -> None:
    fill(event, bob, 2)
    first, second = tasks_for(cast.actor_of(bob), event.pk, NOW)
    assert (first.items, first.items_done, first.comments, first.documents) == (2, 1, 1, 1)
    assert (first.waits_for, second.waits_for) == ((second.title,), ())
    assert (first.group, first.overdue_days, first.may_work) == (TaskGroup.OVERDUE, 1, True)
    assert (second.group, second.overdue_days, second.owner_name) == (TaskGroup.THIS_WEEK, 0, "Bob")


def test_groups(event: Event) -> None:
    make_tasks(
        event,
        task("Late", fixed_due_on=days(-1)),
        task("Today", fixed_due_on=TODAY),
        task("Sunday", fixed_due_on=days(6)),
        task("Monday", fixed_due_on=days(7)),
        task("Done", fixed_due_on=days(-9), state=TaskState.DONE),
        task("Dropped", fixed_due_on=days(9), state=TaskState.DROPPED),
    )
    found = grouped(tasks_for(cast.actor_of(event.owner), event.pk, NOW))
    assert [(each.group.value, [row.title for row in each.rows]) for each in found] == [
        ("overdue", ["Late"]),
        ("this_week", ["Today", "Sunday"]),
        ("later", ["Monday"]),
        ("done", ["Done", "Dropped"]),
    ]


def test_the_day_is_that_of_the_place(event: Event) -> None:
    make_tasks(event, task("Today", fixed_due_on=TODAY))
    late_evening = datetime(2026, 11, 23, 23, tzinfo=UTC)  # one o'clock in Bucharest, the day after
    (row,) = tasks_for(cast.actor_of(event.owner), event.pk, late_evening)
    assert row.group == TaskGroup.OVERDUE
    assert task_summary([event.pk], late_evening)[event.pk].overdue == 1
    Event.objects.update(zone="America/New_York")
    assert task_summary([event.pk], late_evening)[event.pk].overdue == 0


@pytest.mark.parametrize("count", [1, 3])
def test_the_same_queries_for_one_and_for_three(
    event: Event, bob: Person, count: int, django_assert_num_queries: Any
) -> None:
    fill(event, bob, count)
    other = make_event(event.owner, class_version=event.class_version)
    fill(other, bob, count)
    actor = cast.actor_of(bob)
    with django_assert_num_queries(5):
        assert len(tasks_for(actor, event.pk, NOW)) == count
    with django_assert_num_queries(5):
        assert len(my_tasks_for(actor, NOW)) == 2 * count
    with django_assert_num_queries(2):
        task_summary([event.pk, other.pk], NOW)


def test_mine_and_those_of_whom_i_act_for(event: Event, bob: Person) -> None:
    boss, other = cast.alice(email="boss@example.org"), cast.alice(email="other@example.org")
    DelegationFactory.create(principal=boss, delegate=bob)
    DelegationFactory.create(principal=other, delegate=bob, scope=Scope.SEE)
    closed = make_event(event.owner, class_version=event.class_version)
    make_tasks(closed, task("Over", fixed_due_on=TODAY, owner_id=bob.pk))
    Event.objects.filter(pk=closed.pk).update(state=EventState.POSTPONED, resumes_to=EventState.PLANNING)
    make_tasks(
        event,
        task("Mine", fixed_due_on=days(9), owner_id=bob.pk),
        task("Boss's", fixed_due_on=days(-1), owner_id=boss.pk),
        task("Other's", fixed_due_on=TODAY, owner_id=other.pk),
        task("Nobody's", fixed_due_on=TODAY),
        task("Done", fixed_due_on=TODAY, owner_id=bob.pk, state=TaskState.DONE),
        task("Undated", due=Due(0), owner_id=bob.pk),
    )
    actor = cast.actor_of(bob)
    assert [row.title for row in my_tasks_for(actor, NOW)] == ["Boss's", "Mine", "Undated"]
    assert [row.title for row in my_tasks_for(actor, NOW, this_week=True)] == ["Boss's"]
    assert my_tasks_for(actor, NOW, event_id=closed.pk) == []
    assert my_tasks_for(Actor.nobody(), NOW) == []


def test_an_outsider_reads_no_list_not_even_of_their_own(event: Event, bob: Person) -> None:
    charlie = cast.charlie()
    make_tasks(event, task("Mine", fixed_due_on=TODAY, owner_id=charlie.pk), task("Secret", owner_id=bob.pk))
    assert tasks_for(cast.actor_of(charlie), event.pk, NOW) == []
    assert my_tasks_for(cast.actor_of(charlie), NOW) == []


def test_tasks_of_a_confidential_event_are_for_those_named(event: Event, bob: Person) -> None:
    Event.objects.update(confidentiality=Confidentiality.CONFIDENTIAL)
    make_tasks(event, task("Secret"))
    assert tasks_for(cast.actor_of(bob), event.pk, NOW) == []
    make_tasks(event, task("Mine", owner_id=bob.pk))
    assert {row.title: row.may_work for row in tasks_for(cast.actor_of(bob), event.pk, NOW)} == {
        "Secret": False,
        "Mine": True,
    }


def test_how_an_events_tasks_stand(event: Event) -> None:
    empty = make_event(event.owner, class_version=event.class_version)
    make_tasks(
        event,
        task("Late", fixed_due_on=days(-1)),
        task("Later", fixed_due_on=days(5)),
        task("Soon", fixed_due_on=days(2), state=TaskState.IN_PROGRESS),
        task("Sooner", fixed_due_on=days(1), state=TaskState.DONE),
        task("Dropped", fixed_due_on=days(-5), state=TaskState.DROPPED),
    )
    assert task_summary([event.pk, empty.pk], NOW) == {
        event.pk: TaskSummary(open=3, overdue=1, done=1, next_due=days(2)),
        empty.pk: TaskSummary(),
    }


def test_counting_asks_once(event: Event) -> None:
    make_tasks(event, task("A"))
    with CaptureQueriesContext(connection) as asked:
        task_summary([event.pk], NOW)
    assert len(asked) == 2


@pytest.mark.parametrize(
    ("due", "fixed", "words"),
    [
        (Due(-14), None, "14 working days before the start"),
        (Due(-1), None, "1 working day before the start"),
        (Due(2, anchor=Anchor.END), None, "2 working days after the end"),
        (Due(-7, working=False, anchor=Anchor.LOAD_IN), None, "7 days before the load-in"),
        (Due(1, working=False, anchor=Anchor.LOAD_OUT), None, "1 day after the load-out"),
        (Due(0), None, "on the day of the start"),
        (Due(-14), TODAY, "on a fixed date"),
    ],
)
def test_where_a_date_comes_from(due: Due, fixed: date | None, words: str) -> None:
    assert due_sentence(due, fixed) == words
