"""Issuing sheets: a revision for what changed, a word to whose part it is, an acknowledgement once for all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from convenor.base.actor import Actor, Refused
from convenor.base.models import AuditEntry, OutboxMessage
from convenor.events.actions.sheet import acknowledge, acknowledge_by_token, issue_sheets, remind
from convenor.events.enums import Confidentiality, EventState, Service, SheetState
from convenor.events.models import Contact, Event, Sheet, SheetReceipt
from convenor.events.queries.sheets import (
    latest_sheets_for,
    newer_than,
    receipt_by_token,
    revisions_for,
    sheet_for,
    sheets_for,
)
from tests.factories.cast import actor_of, alice, bob, charlie
from tests.factories.events import make_event, make_function
from tests.factories.scheduling import NOW
from tests.factories.sheets import make_catered_event, make_contact

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def states(actor: Actor, event: Event) -> list[SheetState]:
    return [row.state for row in sheets_for(actor, event.pk)]


def test_only_what_changed_gets_a_revision_and_only_whose_part_it_is_a_mail() -> None:
    owner = alice()
    actor = actor_of(owner)
    event, (first, second) = make_catered_event(owner, functions=2)
    caterer, _av = (
        make_contact(event, Service.CATERING, "Carla"),
        make_contact(event, Service.AV, "Victor"),
    )
    assert states(actor, event) == [SheetState.NOT_ISSUED] * 2

    done = issue_sheets(actor=actor, event_id=event.pk, function_ids=None, now=NOW)
    assert [(sheet.function_id, sheet.revision) for sheet in done.sheets] == [(first.pk, 1), (second.pk, 1)]
    assert len(done.receipts) == 4
    assert {tuple(mail.payload["to"]) for mail in OutboxMessage.objects.filter(kind="mail")} == {
        ("carla@caterers.example",),
        ("victor@caterers.example",),
    }, "one mail each about both sheets"
    assert states(actor, event) == [SheetState.ISSUED] * 2

    first.catering = "Tea for 40"
    first.save()
    assert states(actor, event) == [SheetState.CHANGED, SheetState.ISSUED]
    (row, _other) = sheets_for(actor, event.pk)
    assert [each.name for each in row.would_tell] == ["Carla"]
    done = issue_sheets(actor=actor, event_id=event.pk, function_ids=None, now=LATER)
    assert [(sheet.function_id, sheet.revision) for sheet in done.sheets] == [(first.pk, 2)]
    assert done.sheets[0].changed_sections == ["catering"]
    assert [(each.person_id, each.service) for each in done.receipts] == [(caterer.pk, "catering")]
    mail = OutboxMessage.objects.filter(kind="mail").latest("pk")
    assert mail.payload["subject"] == "1 function sheet for “Away day”"
    assert "Changed: Catering" in mail.payload["text"]
    assert f"/s/{done.receipts[0].token}/" in mail.payload["text"]

    again = issue_sheets(actor=actor, event_id=event.pk, function_ids=None, now=LATER)
    assert (again.sheets, again.receipts) == ([], [])
    assert OutboxMessage.objects.filter(kind="mail").count() == 3
    assert AuditEntry.objects.filter(action="sheet.issued").count() == 3


def test_only_the_named_function_is_issued() -> None:
    owner = alice()
    event, (_first, second) = make_catered_event(owner, functions=2)
    done = issue_sheets(actor=actor_of(owner), event_id=event.pk, function_ids=[second.pk], now=NOW)
    assert [sheet.function_id for sheet in done.sheets] == [second.pk]


def test_who_joins_later_is_told_of_the_sheet_in_force() -> None:
    owner = alice()
    event, _functions = make_catered_event(owner)
    issue_sheets(actor=actor_of(owner), event_id=event.pk, function_ids=None, now=NOW)
    late = make_contact(event, Service.CATERING, "Late")
    done = issue_sheets(actor=actor_of(owner), event_id=event.pk, function_ids=None, now=LATER)
    assert done.sheets == []
    assert [(each.person_id, each.sheet.revision) for each in done.receipts] == [(late.pk, 1)]


def test_who_has_left_is_not_waited_for() -> None:
    owner = alice()
    event, _functions = make_catered_event(owner)
    stays, leaves = (
        make_contact(event, Service.CATERING, "Stays"),
        make_contact(event, Service.AV, "Leaves"),
    )
    done = issue_sheets(actor=actor_of(owner), event_id=event.pk, function_ids=None, now=NOW)
    Contact.objects.filter(person=leaves).delete()
    acknowledge_by_token(
        token=next(each.token for each in done.receipts if each.person_id == stays.pk), now=LATER
    )
    assert states(actor_of(owner), event) == [SheetState.ACKNOWLEDGED]


def test_acknowledging_is_once_for_all_and_a_newer_revision_is_named() -> None:
    owner = alice()
    event, (function,) = make_catered_event(owner)
    make_contact(event, Service.CATERING, "Carla")
    old = issue_sheets(actor=actor_of(owner), event_id=event.pk, function_ids=None, now=NOW).receipts[0]
    acknowledge_by_token(token=old.token, now=NOW)
    acknowledge_by_token(token=old.token, now=LATER)
    assert SheetReceipt.objects.get(pk=old.pk).acknowledged_at == NOW
    assert AuditEntry.objects.filter(action="sheet.acknowledged").get().actor_name == "Carla"
    function.catering = "Tea"
    function.save()
    (new,) = issue_sheets(actor=actor_of(owner), event_id=event.pk, function_ids=None, now=LATER).receipts
    assert newer_than(receipt_by_token(old.token)) == new
    assert newer_than(receipt_by_token(new.token)) is None
    (row,) = sheets_for(actor_of(owner), event.pk)
    assert (row.acknowledged, row.told) == (0, 1)
    with pytest.raises(SheetReceipt.DoesNotExist):
        acknowledge_by_token(token="nobody-was-told-this", now=NOW)


def test_a_removed_function_is_told_once_more_and_then_gone() -> None:
    owner = alice()
    event, (function,) = make_catered_event(owner)
    make_contact(event, Service.CATERING, "Carla")
    issue_sheets(actor=actor_of(owner), event_id=event.pk, function_ids=None, now=NOW)
    function.removed_at = NOW
    function.save()
    assert states(actor_of(owner), event) == [SheetState.CHANGED]
    done = issue_sheets(actor=actor_of(owner), event_id=event.pk, function_ids=None, now=LATER)
    assert done.sheets[0].content["function"]["is_cancelled"]
    assert latest_sheets_for(actor_of(owner), event.pk) == []
    acknowledge_by_token(token=done.receipts[0].token, now=LATER)
    assert states(actor_of(owner), event) == []


def test_what_needs_no_sheet_gets_none() -> None:
    owner = alice()
    event = make_event(owner)
    make_function(event, sheet_due=False)
    assert sheets_for(actor_of(owner), event.pk) == []
    assert issue_sheets(actor=actor_of(owner), event_id=event.pk, function_ids=None, now=NOW).sheets == []


def test_reminding_writes_to_whoever_has_not_acknowledged_once_a_day() -> None:
    owner = alice()
    event, _functions = make_catered_event(owner, functions=2)
    make_contact(event, Service.CATERING, "Carla")
    make_contact(event, Service.AV, "Victor")
    done = issue_sheets(actor=actor_of(owner), event_id=event.pk, function_ids=None, now=NOW)
    for each in done.receipts:
        if each.service == Service.AV:
            acknowledge_by_token(token=each.token, now=NOW)
    for now in (LATER, LATER + timedelta(minutes=5)):
        assert [each.name for each in remind(actor=actor_of(owner), event_id=event.pk, now=now)] == ["Carla"]
    (mail,) = OutboxMessage.objects.filter(key__contains="reminder")
    assert mail.payload["subject"] == "Please acknowledge: 2 function sheets for “Away day”"
    for each in done.receipts:
        acknowledge_by_token(token=each.token, now=LATER)
    with pytest.raises(ValidationError, match="acknowledged"):
        remind(actor=actor_of(owner), event_id=event.pk, now=LATER)


def test_mails_are_in_the_readers_language() -> None:
    owner = alice()
    event, _functions = make_catered_event(owner)
    person = make_contact(event, Service.CATERING, "Carla")
    assert person.user is not None
    person.user.language = "ro"
    person.user.save()
    issue_sheets(actor=actor_of(owner), event_id=event.pk, function_ids=None, now=NOW)
    mail = OutboxMessage.objects.get(kind="mail")
    assert "lun 7 dec 2026" in mail.payload["text"]


def test_who_may_do_what() -> None:
    owner, other, outsider = alice(), bob(), charlie()
    event, (function,) = make_catered_event(owner, confidentiality=Confidentiality.CONFIDENTIAL)
    Contact.objects.create(event=event, service=Service.CATERING, person=outsider)
    (receipt,) = issue_sheets(actor=actor_of(owner), event_id=event.pk, function_ids=None, now=NOW).receipts
    for actor in (actor_of(other), actor_of(outsider)):
        with pytest.raises(Event.DoesNotExist):
            issue_sheets(actor=actor, event_id=event.pk, function_ids=None, now=NOW)
        with pytest.raises(Event.DoesNotExist):
            sheets_for(actor, event.pk)
        with pytest.raises(Sheet.DoesNotExist):
            sheet_for(actor, receipt.sheet_id)
        with pytest.raises(type(function).DoesNotExist):
            revisions_for(actor, function.pk)
    with pytest.raises(Event.DoesNotExist):
        acknowledge(actor=actor_of(other), receipt_id=receipt.pk, now=NOW)
    Event.objects.update(confidentiality=Confidentiality.INTERNAL)
    with pytest.raises(Refused):
        acknowledge(actor=actor_of(other), receipt_id=receipt.pk, now=NOW)
    with pytest.raises(Refused):
        issue_sheets(actor=actor_of(other), event_id=event.pk, function_ids=None, now=NOW)
    assert acknowledge(actor=actor_of(outsider), receipt_id=receipt.pk, now=NOW).acknowledged_at == NOW


def test_an_event_that_is_over_issues_nothing() -> None:
    owner = alice()
    event, _functions = make_catered_event(owner, state=EventState.CLOSED)
    with pytest.raises(ValidationError):
        issue_sheets(actor=actor_of(owner), event_id=event.pk, function_ids=None, now=NOW)
    assert not Sheet.objects.exists()


def queries(act: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as captured:
        act()
    return len(captured)


def test_many_functions_cost_as_many_queries_as_one() -> None:
    owner, counts = alice(), []
    actor = actor_of(owner)
    for functions in (1, 3):
        event, _functions = make_catered_event(owner, functions=functions)
        for service in Service:
            make_contact(event, service, f"{service}-{functions}")
        issue = partial(issue_sheets, actor=actor, event_id=event.pk, function_ids=None, now=NOW)
        counts.append((queries(issue), queries(partial(sheets_for, actor, event.pk))))
    assert counts[0] == counts[1]
