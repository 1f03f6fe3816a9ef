"""The classes that come with the package, and how they come."""

from __future__ import annotations

import pytest

from convenor.base.models import AuditEntry
from convenor.events.actions.shipped import ship_classes
from convenor.events.enums import Anchor
from convenor.events.models import ClassVersion, EventClass
from convenor.events.queries.classes import classes_for, policies_of, policy_of
from convenor.events.queries.shipped import SHIPPED_NOTE, is_shipped, newer_shipped_text, shipped_texts
from convenor.events.rules.policy import Policy, Text
from convenor.events.rules.policy_text import policy_from
from tests.factories import cast
from tests.factories.events import make_class, shipped_class

CODES = [
    *("conference", "cross-department-workshop", "department-event"),
    *("executive-meeting", "team-meeting", "town-hall", "training"),
]
CHECKS = {
    *("rooms_confirmed", "people_accepted", "chair_present", "speakers_confirmed"),
    *("no_open_conflict", "tasks_on_time", "sheets_acknowledged"),
    *("roll_fits", "guarantee_given", "answers_due", "waitlist_served", "reachable"),
}


@pytest.fixture(params=CODES)
def policy(request: pytest.FixtureRequest) -> Policy:
    return policy_from(shipped_texts()[request.param])


def texts_of(policy: Policy) -> list[Text]:
    found = [policy.title, policy.summary]
    for task in policy.tasks:
        found += [task.title, *task.checklist]
    for function in policy.functions:
        found += [function.title, function.catering]
    for hazard in policy.hazards:
        found += [hazard.title, hazard.harmed, *hazard.controls]
    found += [each.title for each in policy.meetings]
    return found + [each.title for each in policy.costs]


def test_there_are_seven() -> None:
    assert list(shipped_texts()) == CODES


def test_each_names_only_checks_that_there_are(policy: Policy) -> None:
    assert {each.code for each in policy.checks} <= CHECKS
    assert {"rooms_confirmed", "no_open_conflict", "tasks_on_time"} <= {each.code for each in policy.checks}


def test_each_text_is_in_both_languages(policy: Policy) -> None:
    for text in texts_of(policy):
        assert bool(text.en) == bool(text.ro), text
        assert not set("şţŞŢ") & set(text.ro), text  # a cedilla where a comma belongs
        assert not text.en or text.en != text.ro or text.en == "Transport"


def test_no_task_is_due_before_what_it_waits_for(policy: Policy) -> None:
    due = {each.key: each.due for each in policy.tasks}
    for task in policy.tasks:
        for key in task.after:
            order = [list(Anchor).index(each.anchor) for each in (due[key], task.due)]
            assert order[0] < order[1] or due[key].days <= task.due.days, (task.key, key)


def test_a_check_is_to_be_mended_before_the_event(policy: Policy) -> None:
    assert all(each.safe.days < 0 and each.safe.anchor == Anchor.START for each in policy.checks)


@pytest.mark.django_db
def test_they_are_brought_in_once() -> None:
    assert ship_classes() == CODES
    assert ship_classes() == []
    assert list(EventClass.objects.values_list("code", flat=True)) == CODES
    assert {each.number for each in ClassVersion.objects.all()} == {1}
    assert all(is_shipped(each) for each in ClassVersion.objects.all())
    assert AuditEntry.objects.filter(action="event_class.shipped").count() == len(CODES)


@pytest.mark.django_db
def test_one_that_nobody_edited_gets_the_new_wording() -> None:
    older = make_class("training")
    ClassVersion.objects.create(event_class=older.event_class, number=2, text=older.text, note=SHIPPED_NOTE)
    assert "training" in ship_classes()
    newest = shipped_class("training")
    assert (newest.number, newest.text) == (3, shipped_texts()["training"])


@pytest.mark.django_db
def test_one_that_the_company_edited_is_left_alone() -> None:
    alice = cast.alice()
    edited = shipped_class("training")
    ClassVersion.objects.create(
        event_class=edited.event_class, number=2, text=edited.text + "#", note=SHIPPED_NOTE, created_by=alice
    )
    assert ship_classes() == []
    assert shipped_class("training").number == 2
    assert newer_shipped_text(edited.event_class) is None


@pytest.mark.django_db
def test_an_edited_one_says_that_the_package_has_a_newer_wording() -> None:
    older = make_class("training")
    ClassVersion.objects.create(
        event_class=older.event_class, number=2, text=older.text + "#", created_by=cast.alice()
    )
    assert "training" not in ship_classes()
    assert newer_shipped_text(older.event_class) == shipped_texts()["training"]
    assert newer_shipped_text(make_class("ours").event_class) is None


@pytest.mark.django_db
def test_policies_are_read_in_one_query(django_assert_num_queries: object) -> None:
    version = shipped_class("conference")
    with django_assert_num_queries(1):  # type: ignore[operator]  # pytest-django's fixture has no public type
        found = policies_of([version.pk, version.pk])
    assert found == {version.pk: policy_of(version)}
    assert policy_of(version) is policy_of(ClassVersion.objects.get(pk=version.pk))


@pytest.mark.django_db
def test_the_list_takes_as_many_queries_for_one_as_for_seven(django_assert_num_queries: object) -> None:
    alice = cast.actor_of(cast.alice())
    make_class("only")
    with django_assert_num_queries(2):  # type: ignore[operator]  # pytest-django's fixture has no public type
        assert [each.event_class.code for each in classes_for(alice)] == ["only"]
    ship_classes()
    with django_assert_num_queries(2):  # type: ignore[operator]  # pytest-django's fixture has no public type
        rows = classes_for(alice)
    assert [each.event_class.code for each in rows] == sorted([*CODES, "only"])


@pytest.mark.django_db
def test_somebody_from_outside_sees_no_classes() -> None:
    ship_classes()
    assert classes_for(cast.actor_of(cast.charlie())) == []
    assert len(classes_for(cast.actor_of(cast.bob()))) == len(CODES)
