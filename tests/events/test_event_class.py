"""Saving classes: what is refused, who was faster, what events keep."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from convenor.base.actor import Refused
from convenor.base.models import AuditEntry
from convenor.events.actions.event import create_event
from convenor.events.actions.event_class import (
    BadPolicy,
    StaleClass,
    restore_class,
    retire_class,
    save_class,
)
from convenor.events.actions.shipped import ship_classes
from convenor.events.models import ClassVersion, EventClass
from convenor.events.queries.classes import classes_for, current_version, policy_of, version_for
from convenor.people.models import Person
from tests.factories import cast
from tests.factories.events import NOW, SMALLEST_POLICY, draft_of_event, make_class, shipped_class

pytestmark = pytest.mark.django_db

LONGER = SMALLEST_POLICY + '[[tasks]]\nkey = "agenda"\ntitle = "Agenda"\ndue = "-2wd"\n'


@pytest.fixture
def alice() -> Person:
    return cast.alice()


def saved(
    person: Person, text: str, base: int | None, *, code: str = "plain", note: str = ""
) -> ClassVersion:
    return save_class(actor=cast.actor_of(person), code=code, text=text, note=note, base_version=base)


def test_a_new_class_begins_with_version_one(alice: Person) -> None:
    version = saved(alice, SMALLEST_POLICY, None, note=" First ")
    assert (version.number, version.note, version.created_by) == (1, "First", alice)
    entry = AuditEntry.objects.get(action="event_class.saved")
    assert entry.after["code"] == "plain"


def test_the_next_version_leaves_the_first_as_it_is(alice: Person) -> None:
    saved(alice, SMALLEST_POLICY, None)
    second = saved(alice, LONGER, 1)
    assert second.number == 2
    first = version_for(cast.actor_of(alice), "plain", 1)
    assert (first.text, len(policy_of(first).tasks)) == (SMALLEST_POLICY, 0)


def test_the_same_text_is_no_new_version(alice: Person) -> None:
    saved(alice, SMALLEST_POLICY, None)
    assert saved(alice, SMALLEST_POLICY.replace("\n", "\r\n"), 1).number == 1


def test_a_bad_text_is_refused_with_its_lines_and_nothing_changes(alice: Person) -> None:
    saved(alice, SMALLEST_POLICY, None)
    with pytest.raises(BadPolicy) as caught:
        saved(alice, SMALLEST_POLICY + '[[task]]\nkey = "x"\n', 1)
    (problem,) = caught.value.problems
    assert (problem.line, problem.suggestion) == (2, "Did you mean “tasks”?")
    assert ClassVersion.objects.count() == 1


@pytest.mark.parametrize("code", ["", "With Space", "ünïcode", "x" * 41, "-x", "../x"])
def test_a_bad_code_is_refused(alice: Person, code: str) -> None:
    with pytest.raises(ValidationError, match="A code is made of") as caught:
        saved(alice, SMALLEST_POLICY, None, code=code)
    assert "code" in caught.value.message_dict
    assert not EventClass.objects.exists()


def test_the_second_of_two_editors_is_told_what_the_first_did(alice: Person) -> None:
    make_class()
    saved(alice, LONGER, 1)
    with pytest.raises(StaleClass) as caught:
        saved(alice, SMALLEST_POLICY + "needs_sponsor = true\n", 1)
    assert [each.name for each in caught.value.changes] == ["tasks:agenda"]
    assert "version 2" in str(caught.value)
    assert current_version(EventClass.objects.get()).number == 2


def test_a_code_is_made_once_and_a_lost_one_is_not_made_by_an_edit(alice: Person) -> None:
    make_class()
    with pytest.raises(ValidationError, match="There is a class with the code “plain” already"):
        saved(alice, LONGER, None)
    with pytest.raises(ValidationError, match="no class with the code “other”"):
        saved(alice, LONGER, 1, code="other")


def test_only_coordinators_edit(alice: Person) -> None:
    make_class()
    for person in (cast.bob(), cast.charlie()):
        with pytest.raises(Refused):
            saved(person, LONGER, 1)
        with pytest.raises(Refused):
            retire_class(actor=cast.actor_of(person), code="plain")
    assert ClassVersion.objects.count() == 1


def test_a_retired_class_is_not_offered_until_it_is_restored(alice: Person) -> None:
    make_class()
    actor = cast.actor_of(alice)
    retire_class(actor=actor, code="plain")
    assert classes_for(actor) == []
    assert [each.event_class.is_active for each in classes_for(actor, with_retired=True)] == [False]
    restore_class(actor=actor, code="plain")
    assert len(classes_for(actor)) == 1


def test_an_event_keeps_the_version_it_was_begun_with(alice: Person) -> None:
    """The class is edited between the form that was opened and the event that is made from it."""
    begun = make_class()
    saved(alice, LONGER, 1)
    draft = draft_of_event(alice, class_version_id=begun.pk)
    event = create_event(actor=cast.actor_of(alice), draft=draft, now=NOW)
    assert event.class_version == begun
    assert event.tasks.count() == 0


def test_an_edited_shipped_class_is_the_companys_own(alice: Person) -> None:
    shipped = shipped_class("training")
    saved(alice, shipped.text + "# ours\n", 1, code="training")
    ship_classes()
    assert version_for(cast.actor_of(alice), "training").number == 2
