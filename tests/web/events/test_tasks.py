"""The screens of tasks: an event's list and timeline, a task's page and form, My tasks, Today."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from convenor.events.actions.comment import add_comment
from convenor.events.actions.task import change_task
from convenor.events.drafts import ItemDraft
from convenor.events.enums import Confidentiality, EventState, TaskState
from convenor.events.models import Document, Event, Task, TaskComment
from convenor.events.queries.tasks import task_draft_of
from convenor.people.models import Person
from tests.factories import cast
from tests.factories.events import make_event
from tests.factories.people import DelegationFactory
from tests.factories.tasks import NOW, make_tasks, task
from tests.web.browsing import page, queries_of, sent, signed_in

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
FORM: dict[str, Any] = {
    "title": "Order buses",
    "days": 14,
    "unit": "working",
    "side": "before",
    "anchor": "start",
    "duration_days": 2,
    "owner_id": "",
    "checklist": "One\nTwo\n",
}


@pytest.fixture(autouse=True)
def _on_a_monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def alice() -> Person:
    return cast.alice()


@pytest.fixture
def bob() -> Person:
    return cast.bob()


@pytest.fixture
def event(alice: Person) -> Event:
    return make_event(alice)


def fill(event: Event, owner: Person, count: int) -> list[Task]:
    drafts = [
        task(
            f"Task {n}",
            key=f"t{n}",
            fixed_due_on=TODAY + timedelta(days=n),
            owner_id=owner.pk,
            checklist=(ItemDraft("x"),),
            after=(f"t{n - 1}",) if n else (),
            is_milestone=n == 1,
        )
        for n in range(count)
    ]
    return make_tasks(event, *drafts)


def test_the_list_goes_by_when_tasks_are_due_and_says_why(alice: Person, event: Event) -> None:
    make_tasks(
        event,
        task("Menu", -14),
        task("Badges", -9, after=("menu",)),
        task("Signs", -2),
        task("Invitations", -20, state=TaskState.DONE),
    )
    text = page(signed_in(alice), f"/events/{event.pk}/tasks/")
    order = [
        ">Overdue</h2>",
        "Menu</a>",
        ">This week</h2>",
        "Badges</a>",
        ">Later</h2>",
        "Signs</a>",
        ">Done</h2>",
    ]
    assert [text.index(each) for each in order] == sorted(text.index(each) for each in order)
    for words in ("14 working days before the start", "1 of 4 tasks done", "waits for Menu", "days late"):
        assert words in text
    assert "1 overdue" in text


def test_those_ticked_are_done_together(alice: Person, event: Event) -> None:
    first, second, third = fill(event, alice, 3)
    said = sent(signed_in(alice), f"/events/{event.pk}/tasks/done/", {"task": [first.pk, second.pk]})
    assert "2 tasks are done." in said
    assert "“Task 0” is done, with 1 item of its checklist still open." in said
    assert [each.state for each in Task.objects.order_by("pk")] == ["done", "done", "open"]
    assert third.state == "open"


def test_one_is_done_with_its_own_button_whatever_is_ticked(alice: Person, event: Event) -> None:
    first, second = make_tasks(event, task("A"), task("B"))
    sent(signed_in(alice), f"/events/{event.pk}/tasks/done/", {"task": [first.pk], "one": second.pk})
    assert [each.state for each in Task.objects.order_by("pk")] == ["open", "done"]


@pytest.mark.parametrize("sent_keys", [[], ["x"], ["9" * 40]])
def test_nothing_ticked_is_said(alice: Person, event: Event, sent_keys: list[str]) -> None:
    make_tasks(event, task("A"))
    said = sent(signed_in(alice), f"/events/{event.pk}/tasks/done/", {"task": sent_keys})
    assert "Tick the tasks that are done first." in said


def test_what_waits_has_no_button_and_is_refused_by_name(alice: Person, event: Event) -> None:
    first, second = fill(event, alice, 2)
    client = signed_in(alice)
    text = page(client, f"/events/{event.pk}/tasks/")
    assert f'name="one" value="{first.pk}"' in text
    assert f'name="one" value="{second.pk}"' not in text
    said = sent(client, f"/events/{event.pk}/tasks/done/", {"task": [second.pk]})
    assert "“Task 1” waits for a task that is still open: “Task 0”." in said
    text = page(client, f"/tasks/{second.pk}/")
    assert "Done all the same" in text
    sent(client, f"/tasks/{second.pk}/state/", {"state": "done", "insisted": "yes"})
    second.refresh_from_db()
    assert second.state == TaskState.DONE


def test_a_task_is_added(alice: Person, event: Event, bob: Person) -> None:
    (menu,) = make_tasks(event, task("Menu"))
    data = FORM | {"owner_id": bob.email, "after": ["menu"]}
    said = sent(signed_in(alice), f"/events/{event.pk}/tasks/new/", data)
    assert "“Order buses” is on the list." in said
    made = Task.objects.get(title="Order buses")
    assert (made.owner, made.offset_days, made.due_on) == (bob, -14, date(2026, 11, 17))
    assert [item.text for item in made.checklist.all()] == ["One", "Two"]
    assert made.dependencies.get().after == menu


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"title": ""}, "This field is required."),
        ({"days": ""}, "Say how many days, or a fixed date."),
        ({"owner_id": "nobody@nowhere.example"}, "nobody@nowhere.example"),
        ({"after": ["gone"]}, "gone"),
        ({"duration_days": 0}, "greater than or equal to 1"),
        ({"checklist": "x" * 201}, "At most 200 characters fit here; these are 201."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(
    alice: Person, event: Event, change: dict[str, Any], sentence: str
) -> None:
    text = sent(signed_in(alice), f"/events/{event.pk}/tasks/new/", FORM | change, status=422)
    assert sentence in text
    assert not Task.objects.exists()


def test_a_task_is_changed_with_its_ticks_kept(alice: Person, event: Event) -> None:
    checklist = (ItemDraft("One", is_done=True), ItemDraft("Gone"))
    (made,) = make_tasks(event, task("Menu", checklist=checklist, state=TaskState.IN_PROGRESS))
    client = signed_in(alice)
    text = page(client, f"/tasks/{made.pk}/edit/")
    assert 'value="Menu"' in text
    sent(client, f"/tasks/{made.pk}/edit/", FORM | {"version": 1, "side": "on", "days": ""})
    made.refresh_from_db()
    draft = task_draft_of(made)
    assert (made.title, made.key, made.offset_days, made.state) == ("Order buses", "menu", 0, "in_progress")
    assert draft.checklist == (ItemDraft("One", is_done=True), ItemDraft("Two"))


def test_two_tabs(alice: Person, event: Event) -> None:
    (made,) = make_tasks(event, task("Menu"))
    change_task(actor=cast.actor_of(alice), task_id=made.pk, draft=task("Other"), version=1, now=NOW)
    client = signed_in(alice)
    text = sent(client, f"/tasks/{made.pk}/edit/", FORM | {"version": 1}, status=422)
    assert "Somebody else has changed “Other” since you opened it." in text
    found = re.search(r'name="version" value="(\d+)"', text)
    assert found is not None
    sent(client, f"/tasks/{made.pk}/edit/", FORM | {"version": found[1]})
    made.refresh_from_db()
    assert made.title == "Order buses"


def test_the_page_of_a_task(alice: Person, event: Event, bob: Person) -> None:
    first, second = fill(event, bob, 2)
    add_comment(actor=cast.actor_of(alice), task_id=first.pk, text="Ask <b>Ana</b>", now=NOW)
    text = page(signed_in(bob), f"/tasks/{first.pk}/")
    for words in ("on a fixed date", "Task 1</a>", "Ask &lt;b&gt;Ana&lt;/b&gt;", "0/1", "Bob</a>"):
        assert words in text
    assert f"/tasks/{second.pk}/" in text
    assert "Remove this task" not in text


def test_working_on_it_without_javascript(bob: Person, event: Event) -> None:
    (made,) = fill(event, bob, 1)
    client, item = signed_in(bob), made.checklist.get()
    assert "Ticked off." in sent(client, f"/tasks/{made.pk}/items/{item.pk}/", {"done": "yes"})
    assert "The comment is there." in sent(client, f"/tasks/{made.pk}/comments/", {"text": "Soon"})
    file = SimpleUploadedFile("offer.txt", b"Buses for 40\n", "text/plain")
    assert "The file is kept with the task." in sent(client, f"/tasks/{made.pk}/attachments/", {"file": file})
    assert Document.objects.get().task == made
    assert "offer.txt" in page(client, f"/tasks/{made.pk}/")
    assert "The task is done." in sent(client, f"/tasks/{made.pk}/state/", {"state": "done"})
    comment = TaskComment.objects.get()
    assert "taken away" in sent(client, f"/tasks/{made.pk}/comments/{comment.pk}/remove/", {})
    item.refresh_from_db()
    assert (item.is_done, TaskComment.objects.count()) == (True, 0)


@pytest.mark.parametrize(
    ("address", "data", "said"),
    [
        ("comments", {"text": " "}, "Write something first."),
        ("attachments", {}, "Choose a file first."),
        ("state", {"state": "elsewhere"}, "There is no such state."),
    ],
)
def test_bad_input_is_answered_with_a_sentence(
    bob: Person, event: Event, address: str, data: dict[str, Any], said: str
) -> None:
    (made,) = fill(event, bob, 1)
    assert said in sent(signed_in(bob), f"/tasks/{made.pk}/{address}/", data)


def test_a_task_is_removed_after_asking(alice: Person, event: Event) -> None:
    (made,) = fill(event, alice, 1)
    client = signed_in(alice)
    assert "Remove “Task 0”?" in page(client, f"/tasks/{made.pk}/remove/")
    assert "“Task 0” is gone." in sent(client, f"/tasks/{made.pk}/remove/", {})
    assert not Task.objects.exists()


def test_the_timeline_draws_and_says_the_plan(alice: Person, event: Event) -> None:
    make_tasks(
        event,
        task("Menu", -6, duration_days=2, key="menu"),
        task("Order & pay", -4, after=("menu",)),
        task("Signs", -1, is_milestone=True),
    )
    text = page(signed_in(alice), f"/events/{event.pk}/tasks/timeline/")
    assert text.count('class="task-shape task-critical task-tight"') == 1, "the menu is the tightest"
    assert 'role="img"' in text
    assert "Order &amp; pay" in text
    assert "<polygon" in text
    assert "style=" not in text
    assert "Critical path" in text
    assert "The critical path has 3 working days to spare." in text
    assert re.search(r"<polyline class=\"task-link", text)


def test_a_plan_that_can_not_be_kept_says_what_is_missing(alice: Person, event: Event) -> None:
    make_tasks(event, task("Menu", -8, duration_days=10))
    text = page(signed_in(alice), f"/events/{event.pk}/tasks/timeline/")
    assert "1 task can’t be done in time any more." in text
    assert "working days are missing." in text
    assert 'class="task-shape task-late task-tight"' in text


def test_without_tasks_the_pages_say_so(alice: Person, event: Event) -> None:
    client = signed_in(alice)
    assert "No tasks yet" in page(client, f"/events/{event.pk}/tasks/")
    assert "Nothing to draw yet" in page(client, f"/events/{event.pk}/tasks/timeline/")
    assert "Nothing to do" in page(client, "/tasks/")
    assert "Nothing is due this week." in page(client, "/")


def test_mine_and_my_principals_by_event(alice: Person, bob: Person, event: Event) -> None:
    DelegationFactory.create(principal=alice, delegate=bob)
    other = make_event(alice, title="Board meeting", class_version=event.class_version)
    make_tasks(event, task("Buses", fixed_due_on=TODAY - timedelta(days=1), owner_id=bob.pk))
    make_tasks(
        other, task("Chairs", fixed_due_on=TODAY + timedelta(days=9), owner_id=alice.pk), task("Nobody's")
    )
    client = signed_in(bob)
    text = page(client, "/tasks/")
    assert text.index("Buses</a>") < text.index("Chairs</a>")
    assert "for Alice" in text
    assert "Nobody's" not in text
    text = page(client, f"/tasks/?event={other.pk}")
    assert "Chairs</a>" in text
    assert "Buses</a>" not in text
    assert "Buses</a>" in page(client, "/tasks/?event=nonsense")


def test_on_today_what_is_due_this_week_is_done_with_one_click(bob: Person, event: Event) -> None:
    soon, _later = make_tasks(
        event,
        task("Buses", fixed_due_on=TODAY, owner_id=bob.pk),
        task("Later on", fixed_due_on=TODAY + timedelta(days=30), owner_id=bob.pk),
    )
    client = signed_in(bob)
    text = page(client, "/")
    assert "Buses</a>" in text
    assert "Later on" not in text
    said = sent(client, f"/tasks/{soon.pk}/state/", {"state": "done", "back": "today"})
    assert "The task is done." in said
    assert "Nothing is due this week." in said


@pytest.mark.parametrize(
    "address", ["/", "/tasks/", "/events/{event}/tasks/", "/events/{event}/tasks/timeline/"]
)
def test_the_same_number_of_queries_for_one_and_for_three(alice: Person, event: Event, address: str) -> None:
    client, where = signed_in(alice), address.format(event=event.pk)
    fill(event, alice, 1)
    one = queries_of(client, where)
    Task.objects.all().delete()
    fill(event, alice, 3)
    assert queries_of(client, where) == one


def test_who_runs_it_alone_changes_the_list(bob: Person, event: Event) -> None:
    (made,) = fill(event, bob, 1)
    client = signed_in(bob)
    assert "Add a task" not in page(client, f"/events/{event.pk}/tasks/")
    for address in (f"/events/{event.pk}/tasks/new/", f"/tasks/{made.pk}/edit/", f"/tasks/{made.pk}/remove/"):
        page(client, address, 403)
        assert client.post(address, FORM).status_code == 403
    assert Task.objects.get().title == "Task 0"


@pytest.mark.parametrize("outsider", [True, False])
def test_for_whom_the_event_is_hidden_there_are_no_tasks(event: Event, bob: Person, outsider: bool) -> None:
    Event.objects.update(confidentiality=Confidentiality.CONFIDENTIAL)
    (made,) = fill(event, event.owner, 1)
    item = made.checklist.get()
    client = signed_in(cast.charlie() if outsider else bob)
    for address in (
        f"/events/{event.pk}/tasks/",
        f"/events/{event.pk}/tasks/timeline/",
        f"/events/{event.pk}/tasks/new/",
        f"/tasks/{made.pk}/",
        f"/tasks/{made.pk}/edit/",
        f"/tasks/{made.pk}/remove/",
    ):
        page(client, address, 404)
    for address in (
        f"/events/{event.pk}/tasks/done/",
        f"/tasks/{made.pk}/state/",
        f"/tasks/{made.pk}/items/{item.pk}/",
        f"/tasks/{made.pk}/comments/",
        f"/tasks/{made.pk}/attachments/",
    ):
        data = {"state": "done", "task": made.pk, "text": "Hm", "done": "yes"}
        assert client.post(address, data).status_code == 404
    assert "Task 0" not in page(client, "/tasks/")
    assert "Task 0" not in page(client, "/")
    made.refresh_from_db()
    assert (made.state, made.version) == (TaskState.OPEN, 1)


def test_of_an_event_that_is_over_it_is_said(alice: Person, event: Event) -> None:
    (made,) = fill(event, alice, 1)
    Event.objects.update(state=EventState.CLOSED)
    assert "can&#x27;t be changed any more" in sent(
        signed_in(alice), f"/tasks/{made.pk}/state/", {"state": "done"}
    )
