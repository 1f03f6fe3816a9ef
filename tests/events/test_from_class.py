"""What a class lays out for an event that is made from it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from convenor.events.actions.event import change_event, create_event
from convenor.events.actions.from_class import LaidOut, lay_out
from convenor.events.actions.function import remove_function
from convenor.events.enums import FunctionKind, Service
from convenor.events.models import Contact, Event, Function, Task
from convenor.events.queries.classes import policy_of
from convenor.events.queries.drafts import event_draft_of
from convenor.people.models import Person
from tests.factories import cast
from tests.factories.events import NOW, draft_of_event, make_class, make_event, shipped_class
from tests.factories.scheduling import local

pytestmark = pytest.mark.django_db

SMALL = """
title = { en = "Small", ro = "Mic" }
[[tasks]]
key = "order"
title = { en = "Order", ro = "Comandă" }
due = "-5wd"
owner = "catering"
[[tasks]]
key = "serve"
title = "Serve"
due = "0d"
after = ["order"]
checklist = ["Cups", { en = "Spoons", ro = "Lingurițe" }]
[[functions]]
key = "early"
title = "Set-up"
kind = "setup"
start = "06:00"
[[functions]]
key = "opening"
title = { en = "Opening", ro = "Deschidere" }
kind = "plenary"
minutes = 90
for_all = true
[[functions]]
key = "long"
title = "Long"
kind = "session"
day = 1
start = "16:00"
minutes = 300
[[functions]]
key = "third-day"
title = "Third day"
kind = "session"
day = 2
[[meetings]]
key = "before"
title = "Before"
kind = "pre_event"
due = "-2wd"
start = "11:00"
people = ["owner", "sponsor", "catering"]
[[meetings]]
key = "long-before"
title = "Long before"
kind = "pre_event"
due = "-100wd"
[[meetings]]
key = "after"
title = "After"
kind = "post_event"
due = "+1wd after end"
"""


@pytest.fixture
def alice() -> Person:
    return cast.alice()


@pytest.fixture
def event(alice: Person) -> Event:
    """Monday and Tuesday, nine to five."""
    return make_event(alice, class_version=make_class("small", SMALL), sponsor=cast.bob())


def laid(event: Event, language: str = "en") -> LaidOut:
    actor = cast.actor_of(event.owner)
    policy = policy_of(event.class_version)
    return lay_out(actor=actor, event=event, policy=policy, language=language, now=NOW)


def test_tasks_are_due_backward_from_the_event(event: Event, alice: Person) -> None:
    laid(event)
    order, serve = Task.objects.order_by("key")
    assert (order.due_on, serve.due_on) == (date(2026, 11, 30), date(2026, 12, 7))
    assert [each.after_id for each in serve.dependencies.all()] == [order.pk]
    assert [each.text for each in serve.checklist.all()] == ["Cups", "Spoons"]
    assert {order.owner_id, serve.owner_id} == {alice.pk}  # nobody caters yet


def test_who_answers_for_a_service_gets_its_tasks(event: Event) -> None:
    caterer = cast.charlie()
    Contact.objects.create(event=event, service=Service.CATERING, person=caterer)
    laid(event)
    assert Task.objects.get(key="order").owner_id == caterer.pk
    meeting = Function.objects.get(key="before").occurrence.meeting
    asked = set(meeting.attendees.values_list("person_id", flat=True))
    assert {caterer.pk, event.sponsor_id} <= asked


def test_functions_lie_within_the_event_and_meetings_around_it(event: Event) -> None:
    result = laid(event)
    rows = {each.key: each for each in Function.objects.select_related("occurrence")}
    assert set(rows) == {"opening", "long", "before", "after"}
    assert rows["opening"].occurrence.starts_at == event.starts_at
    assert rows["opening"].is_for_all
    assert rows["long"].occurrence.ends_at == event.ends_at
    assert (rows["before"].kind, rows["after"].kind) == (FunctionKind.PRE_EVENT, FunctionKind.POST_EVENT)
    assert rows["before"].occurrence.starts_at.date() == date(2026, 12, 3)
    assert rows["after"].occurrence.starts_at.date() == date(2026, 12, 9)
    assert [each.key for each in result.left] == ["early", "third-day", "long-before"]
    assert all(each.sentence for each in result.left)


def test_with_load_in_there_is_room_for_the_set_up(event: Event) -> None:
    assert event.starts_at is not None
    Event.objects.update(load_in_at=event.starts_at - timedelta(hours=4))
    event.refresh_from_db()
    laid(event)
    assert Function.objects.filter(key="early").exists()


def test_titles_are_in_the_language_asked_for(event: Event) -> None:
    laid(event, "ro")
    assert set(Task.objects.values_list("title", flat=True)) == {"Comandă", "Serve"}
    assert Function.objects.get(key="opening").occurrence.meeting.title == "Deschidere"


def test_again_it_makes_nothing_and_brings_nothing_back(event: Event, alice: Person) -> None:
    laid(event)
    removed = Function.objects.get(key="opening")
    remove_function(actor=cast.actor_of(alice), function_id=removed.pk, now=NOW)
    again = laid(event)
    assert (list(again.tasks), list(again.functions)) == ([], [])
    assert not Function.objects.filter(key="opening").exists()


def test_an_enquiry_without_dates_gets_tasks_and_its_functions_once_it_has_dates(alice: Person) -> None:
    actor = cast.actor_of(alice)
    draft = draft_of_event(alice, class_version_id=make_class("small", SMALL).pk, starts=None, ends=None)
    event = create_event(actor=actor, draft=draft, now=NOW)
    assert event.functions.count() == 0
    assert list(event.tasks.values_list("due_on", flat=True)) == [None, None]
    dated = replace(event_draft_of(event), starts=local("2026-12-07 09:00"), ends=local("2026-12-08 17:00"))
    change_event(actor=actor, event_id=event.pk, version=event.version, draft=dated, now=NOW, from_class=True)
    assert set(event.functions.values_list("key", flat=True)) == {"opening", "long", "before", "after"}
    assert set(event.tasks.values_list("due_on", flat=True)) == {date(2026, 11, 30), date(2026, 12, 7)}


def test_one_of_the_staff_has_the_class_laid_out_for_a_coordinator(alice: Person) -> None:
    bob = cast.actor_of(cast.bob())
    draft = draft_of_event(alice, class_version_id=make_class("small", SMALL).pk)
    event = create_event(actor=bob, draft=draft, now=NOW)
    assert (event.tasks.count(), event.functions.count()) == (2, 4)
    assert set(event.tasks.values_list("owner_id", flat=True)) == {alice.pk}


@pytest.mark.parametrize(
    "code",
    [
        *("conference", "cross-department-workshop", "department-event"),
        *("executive-meeting", "team-meeting", "town-hall", "training"),
    ],
)
def test_every_shipped_class_can_be_laid_out(alice: Person, code: str) -> None:
    event = make_event(alice, class_version=shipped_class(code))
    policy = policy_of(event.class_version)
    result = laid(event)
    assert len(result.tasks) == len(policy.tasks)
    assert len(result.functions) + len(result.left) == len(policy.functions) + len(policy.meetings)
    assert result.functions
