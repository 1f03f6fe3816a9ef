"""Working on tasks: done and what stands against it, checklists, comments; who may, and in whose name it goes on record."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from convenor.base.actor import Actor
from convenor.base.enums import Role
from convenor.base.models import AuditEntry
from convenor.base.permissions import Refused
from convenor.events.actions.checklist import tick
from convenor.events.actions.comment import add_comment, remove_comment
from convenor.events.actions.task import change_task
from convenor.events.actions.task_state import finish_tasks, set_task_state
from convenor.events.drafts import ItemDraft
from convenor.events.enums import Confidentiality, EventState, TaskState
from convenor.events.models import ChecklistItem, Event, Task, TaskComment
from convenor.events.refusals import StaleTask, StillWaiting
from convenor.people.models import Person
from tests.factories import cast
from tests.factories.events import make_event
from tests.factories.people import DelegationFactory, MemberFactory
from tests.factories.tasks import NOW, make_tasks, task

pytestmark = pytest.mark.django_db


@pytest.fixture
def bob() -> Person:
    return cast.bob()


@pytest.fixture
def event() -> Event:
    return make_event(cast.alice())


def work(actor: Actor, made: Task, state: TaskState = TaskState.DONE, *, insisted: bool = False) -> list[str]:
    saved = set_task_state(actor=actor, task_id=made.pk, state=state, now=NOW, insisted=insisted)
    return [each.sentence for each in saved.notices]


def states(event: Event) -> dict[str, TaskState]:
    return {each.title: TaskState(each.state) for each in event.tasks.order_by("pk")}


def test_its_owner_calls_a_task_done_and_open_again(event: Event, bob: Person) -> None:
    (made,) = make_tasks(event, task("A", owner_id=bob.pk))
    assert work(cast.actor_of(bob), made) == []
    made.refresh_from_db()
    assert (made.state, made.done_at, made.done_by, made.version) == (TaskState.DONE, NOW, bob, 2)
    work(cast.actor_of(bob), made, TaskState.OPEN)
    made.refresh_from_db()
    assert (made.state, made.done_at, made.done_by) == (TaskState.OPEN, None, None)
    assert [each.action for each in AuditEntry.objects.order_by("pk")][-2:] == [
        "task.done",
        "task.opened_again",
    ]


def test_done_twice_is_done_once(event: Event, bob: Person) -> None:
    (made,) = make_tasks(event, task("A", owner_id=bob.pk))
    work(cast.actor_of(bob), made)
    set_task_state(actor=cast.actor_of(bob), task_id=made.pk, state="done", now=NOW + timedelta(days=1))
    made.refresh_from_db()
    assert (made.done_at, made.version) == (NOW, 2)
    assert AuditEntry.objects.filter(action="task.done").count() == 1


def test_what_comes_before_must_be_done_unless_insisted(event: Event) -> None:
    actor = cast.actor_of(event.owner)
    first, _dropped, last = make_tasks(
        event,
        task("First"),
        task("Dropped", state=TaskState.DROPPED),
        task("Last", after=("first", "dropped")),
    )
    assert work(actor, last, TaskState.IN_PROGRESS) == []
    with pytest.raises(StillWaiting) as refused:
        work(actor, last)
    assert refused.value.names == ("First",)
    assert refused.value.message_dict == {"state": ["“Last” waits for a task that is still open: “First”."]}
    assert states(event)["Last"] == TaskState.IN_PROGRESS
    assert work(actor, last, insisted=True) == ["“Last” waits for a task that is still open: “First”."]
    work(actor, last, TaskState.OPEN)
    work(actor, first)
    assert work(actor, last) == []


def test_an_open_item_of_the_checklist_is_told_of(event: Event) -> None:
    (made,) = make_tasks(
        event, task("A", checklist=(ItemDraft("x"), ItemDraft("y"), ItemDraft("z", is_done=True)))
    )
    assert work(cast.actor_of(event.owner), made) == [
        "“A” is done, with 2 items of its checklist still open."
    ]


def test_several_are_done_together_or_none(event: Event, bob: Person) -> None:
    first, second, third = make_tasks(
        event,
        task("A", owner_id=bob.pk),
        task("B", after=("a",), owner_id=bob.pk, checklist=(ItemDraft("x"),)),
        task("C"),
    )
    actor = cast.actor_of(bob)
    with pytest.raises(StillWaiting):
        finish_tasks(actor=actor, event_id=event.pk, task_ids=[second.pk], now=NOW)
    with pytest.raises(Refused):
        finish_tasks(actor=actor, event_id=event.pk, task_ids=[first.pk, third.pk], now=NOW)
    assert set(states(event).values()) == {TaskState.OPEN}
    saved = finish_tasks(actor=actor, event_id=event.pk, task_ids=[second.pk, first.pk], now=NOW)
    assert {each.task.title: len(each.notices) for each in saved} == {"A": 0, "B": 1}
    assert states(event) == {"A": TaskState.DONE, "B": TaskState.DONE, "C": TaskState.OPEN}


def test_a_task_of_another_event_is_none_of_this_one(event: Event) -> None:
    other = make_event(event.owner, class_version=event.class_version)
    (foreign,) = make_tasks(other, task("A"))
    with pytest.raises(Task.DoesNotExist):
        finish_tasks(actor=cast.actor_of(event.owner), event_id=event.pk, task_ids=[foreign.pk], now=NOW)


def test_ticking_off_makes_an_older_form_stale(event: Event, bob: Person) -> None:
    (made,) = make_tasks(event, task("A", owner_id=bob.pk, checklist=(ItemDraft("x"),)))
    item = made.checklist.get()
    assert tick(actor=cast.actor_of(bob), item_id=item.pk, is_done=True).version == 2
    assert tick(actor=cast.actor_of(bob), item_id=item.pk, is_done=True).version == 2
    item.refresh_from_db()
    assert item.is_done
    assert AuditEntry.objects.get(action="task.ticked").after == {"item": "x"}
    with pytest.raises(StaleTask):
        change_task(actor=cast.actor_of(event.owner), task_id=made.pk, draft=task("A"), version=1, now=NOW)


def test_comments(event: Event, bob: Person) -> None:
    (made,) = make_tasks(event, task("A", owner_id=bob.pk))
    mine = add_comment(actor=cast.actor_of(bob), task_id=made.pk, text=" Two\r\nlines ", now=NOW)
    theirs = add_comment(actor=cast.actor_of(event.owner), task_id=made.pk, text="Thank you", now=NOW)
    assert (mine.text, mine.author, mine.author_name, mine.at) == ("Two\nlines", bob, "Bob", NOW)
    with pytest.raises(Refused):
        remove_comment(actor=cast.actor_of(bob), comment_id=theirs.pk)
    remove_comment(actor=cast.actor_of(event.owner), comment_id=mine.pk)
    assert list(made.comments.all()) == [theirs]
    assert AuditEntry.objects.get(action="task.comment_removed").before == {"text": "Two\nlines"}


@pytest.mark.parametrize("text", ["", "  \n", "x" * 5_001, "a\x00b"])
def test_a_comment_says_something_that_can_be_kept(event: Event, text: str) -> None:
    (made,) = make_tasks(event, task("A"))
    with pytest.raises(ValidationError) as refused:
        add_comment(actor=cast.actor_of(event.owner), task_id=made.pk, text=text, now=NOW)
    assert list(refused.value.message_dict) == ["text"]


def test_a_teammate_may_look_but_not_work(event: Event, bob: Person) -> None:
    (made,) = make_tasks(event, task("A", owner_id=event.owner.pk, checklist=(ItemDraft("x"),)))
    actor, item = cast.actor_of(bob), made.checklist.get()
    for refused in (
        lambda: work(actor, made),
        lambda: tick(actor=actor, item_id=item.pk, is_done=True),
        lambda: add_comment(actor=actor, task_id=made.pk, text="Hm", now=NOW),
    ):
        with pytest.raises(Refused):
            refused()
    assert states(event) == {"A": TaskState.OPEN}


@pytest.mark.parametrize("outsider", [True, False])
def test_for_whom_the_event_is_hidden_there_is_nothing(event: Event, bob: Person, outsider: bool) -> None:
    Event.objects.update(confidentiality=Confidentiality.CONFIDENTIAL)
    (made,) = make_tasks(event, task("A", checklist=(ItemDraft("x"),)))
    said = add_comment(actor=cast.actor_of(event.owner), task_id=made.pk, text="Secret", now=NOW)
    actor, item = cast.actor_of(cast.charlie() if outsider else bob), made.checklist.get()
    with pytest.raises(Task.DoesNotExist):
        work(actor, made)
    with pytest.raises(Event.DoesNotExist):
        finish_tasks(actor=actor, event_id=event.pk, task_ids=[made.pk], now=NOW)
    with pytest.raises(ChecklistItem.DoesNotExist):
        tick(actor=actor, item_id=item.pk, is_done=True)
    with pytest.raises(Task.DoesNotExist):
        add_comment(actor=actor, task_id=made.pk, text="Hm", now=NOW)
    with pytest.raises(TaskComment.DoesNotExist):
        remove_comment(actor=actor, comment_id=said.pk)


def test_a_delegate_works_in_the_owners_name(event: Event, bob: Person) -> None:
    delegate = MemberFactory.create(email="dora@example.org", name="Dora")
    DelegationFactory.create(principal=bob, delegate=delegate)
    (made,) = make_tasks(event, task("A", owner_id=bob.pk))
    work(cast.actor_of(delegate), made)
    entry = AuditEntry.objects.get(action="task.done")
    assert (entry.actor_name, entry.on_behalf_of) == ("Dora", "Bob")


def test_who_may_only_look_works_on_nothing(event: Event) -> None:
    viewer = cast.bob(user__role=Role.VIEWER)
    (made,) = make_tasks(event, task("A", owner_id=viewer.pk))
    with pytest.raises(Refused):
        work(cast.actor_of(viewer), made)


@pytest.mark.parametrize("state", [EventState.CLOSED, EventState.CANCELLED])
def test_nothing_is_done_for_an_event_that_is_over(event: Event, state: EventState) -> None:
    (made,) = make_tasks(event, task("A"))
    Event.objects.update(state=state)
    with pytest.raises(ValidationError, match="can't be changed any more"):
        work(cast.actor_of(event.owner), made)
