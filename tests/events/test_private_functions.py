"""A function that somebody made private stays so, and a postponed event's functions follow what was decided meanwhile."""

from __future__ import annotations

import pytest

from convenor.base.actor import Actor
from convenor.events.actions.cloning import clone_event
from convenor.events.actions.event import change_event
from convenor.events.actions.moving import postpone_event, resume_event
from convenor.events.actions.sheet import issue_sheets
from convenor.events.enums import Confidentiality
from convenor.events.models import Document, Event, Function, Sheet
from convenor.events.queries.documents import document_for, documents_for
from convenor.events.queries.drafts import event_draft_of
from convenor.events.queries.function_page import function_page_for
from convenor.events.queries.history import event_history_for
from convenor.events.queries.programme import functions_for
from convenor.events.queries.public import public_programme
from convenor.events.queries.run_of_show import run_of_show_for
from convenor.events.queries.sheets import latest_sheets_for, revisions_for, sheet_for, sheets_for
from convenor.scheduling.actions.meeting import change_meeting
from convenor.scheduling.drafts import MeetingChanges
from convenor.scheduling.enums import Priority
from convenor.scheduling.models import Attendee, Meeting, Participation
from tests.events.moved import LATER
from tests.factories.cast import actor_of, alice
from tests.factories.events import NOW, make_event, make_function
from tests.factories.people import MemberFactory
from tests.factories.scheduling import check_house

pytestmark = pytest.mark.django_db


@pytest.fixture
def event() -> Event:
    """With a function like the event and one that was made private in its meeting."""
    event = make_event(alice())
    make_function(event, key="open")
    secret = make_function(event, key="secret").occurrence.meeting
    changes = MeetingChanges(is_private=True, priority=Priority.HIGH)
    change_meeting(actor=Actor.system("t"), meeting_id=secret.pk, version=1, changes=changes, now=NOW)
    return event


def meeting(event: Event, key: str) -> Meeting:
    return Function.objects.get(event=event, key=key).occurrence.meeting


def change(event: Event, **fields: object) -> None:
    draft = event_draft_of(event)
    for name, value in fields.items():
        object.__setattr__(draft, name, value)
    system = Actor.system("t")
    change_event(actor=system, event_id=event.pk, version=None, draft=draft, now=NOW)
    event.refresh_from_db()


def test_another_coordinator_makes_nothing_public(event: Event) -> None:
    successor = MemberFactory()
    change(event, owner_id=successor.pk, confidentiality=Confidentiality.OPEN)
    for key, private, priority in (("open", False, Priority.NORMAL), ("secret", True, Priority.HIGH)):
        found = meeting(event, key)
        assert (found.organiser_id, found.is_private, found.priority) == (successor.pk, private, priority)


def test_a_confidential_event_hides_all_and_an_opened_one_what_it_hid(event: Event) -> None:
    change(event, confidentiality=Confidentiality.CONFIDENTIAL)
    assert meeting(event, "open").is_private
    assert meeting(event, "secret").is_private
    change(event, confidentiality=Confidentiality.INTERNAL)
    assert not meeting(event, "open").is_private


def test_a_clone_keeps_private_what_was_private(event: Event) -> None:
    clone = clone_event(
        actor=actor_of(event.owner),
        event_id=event.pk,
        title="Again",
        starts=LATER,
        with_people=True,
        now=NOW,
    )
    assert not meeting(clone, "open").is_private
    assert meeting(clone, "secret").is_private


def test_what_was_decided_while_it_was_postponed_holds_once_it_is_resumed(event: Event) -> None:
    actor, successor = actor_of(event.owner), MemberFactory()
    postpone_event(actor=actor, event_id=event.pk, version=None, reason="Flood", now=NOW)
    change(event, owner_id=successor.pk, confidentiality=Confidentiality.CONFIDENTIAL, priority=Priority.LOW)
    system = Actor.system("t")
    resume_event(actor=system, event_id=event.pk, version=None, starts=LATER, now=NOW)
    check_house()
    for key, priority in (("open", Priority.LOW), ("secret", Priority.HIGH)):
        found = meeting(event, key)
        assert (found.organiser_id, found.is_private, found.priority) == (successor.pk, True, priority)


def test_what_was_private_before_it_was_postponed_stays_private(event: Event) -> None:
    system = Actor.system("t")
    postpone_event(actor=system, event_id=event.pk, version=None, reason="Flood", now=NOW)
    resume_event(actor=system, event_id=event.pk, version=None, starts=LATER, now=NOW)
    assert meeting(event, "secret").is_private
    assert not meeting(event, "open").is_private


def test_the_public_programme_says_nothing_of_it(event: Event) -> None:
    Function.objects.filter(event=event).update(is_public=True)
    Event.objects.filter(pk=event.pk).update(confidentiality=Confidentiality.OPEN, public_token="t" * 43)
    programme = public_programme("t" * 43)
    assert programme is not None
    assert [each.key for each in programme.functions] == ["open"]


def test_only_who_is_in_it_or_runs_the_event_reads_it(event: Event) -> None:
    secret = Function.objects.get(event=event, key="secret")
    colleague, insider = MemberFactory(), MemberFactory()
    Participation.objects.create(
        occurrence=secret.occurrence,
        person=insider,
        starts_at=secret.occurrence.starts_at,
        ends_at=secret.occurrence.ends_at,
    )
    Attendee.objects.create(meeting=secret.occurrence.meeting, person=insider)
    for person, sees in (
        (colleague, ["open"]),
        (insider, ["open", "secret"]),
        (event.owner, ["open", "secret"]),
    ):
        actor = actor_of(person)
        assert [each.key for each in functions_for(actor, event.pk)] == sees
        show = run_of_show_for(actor, event.pk, day=None, now=NOW)
        assert sorted({each.key for each in show.functions}) == sees
        if "secret" in sees:
            assert function_page_for(actor, secret.pk).row == secret
        else:
            with pytest.raises(Function.DoesNotExist):
                function_page_for(actor, secret.pk)


def test_its_papers_and_its_record_are_as_private(event: Event) -> None:
    secret = Function.objects.get(event=event, key="secret")
    issue_sheets(actor=actor_of(event.owner), event_id=event.pk, function_ids=None, now=NOW)
    paper = Document.objects.create(event=event, function=secret, title="Terms")
    sheet = secret.sheets.get()
    colleague, owner = actor_of(MemberFactory()), actor_of(event.owner)
    for actor, sees in ((colleague, False), (owner, True)):
        assert (secret.pk in {row.function_id for row in sheets_for(actor, event.pk)}) == sees
        assert (sheet in latest_sheets_for(actor, event.pk)) == sees
        assert (paper in {row.document for row in documents_for(actor, event.pk)}) == sees
        record = event_history_for(actor, event.pk, most=500)
        assert (
            any(each.object_type == "events.sheet" and each.object_id == sheet.pk for each in record) == sees
        )
        assert (
            any(
                each.object_type == "scheduling.meeting" and each.object_id == secret.occurrence.meeting_id
                for each in record
            )
            == sees
        )
    assert [sheet_for(owner, sheet.pk), document_for(owner, paper.pk)] == [sheet, paper]
    for read, error in (
        (lambda: sheet_for(colleague, sheet.pk), Sheet.DoesNotExist),
        (lambda: revisions_for(colleague, secret.pk), Function.DoesNotExist),
        (lambda: document_for(colleague, paper.pk), Document.DoesNotExist),
    ):
        with pytest.raises(error):
            read()
