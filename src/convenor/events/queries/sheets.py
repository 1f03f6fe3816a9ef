"""Where the function sheets of an event stand: issued, changed since, acknowledged by whom."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import F, OuterRef, QuerySet, Subquery

from convenor.base.actor import Actor
from convenor.events.enums import Service, SheetState
from convenor.events.models import Contact, Event, Function, Sheet, SheetReceipt
from convenor.events.queries.hidden import hidden_functions
from convenor.events.queries.sheet_contents import contents_of, functions_with_sheets
from convenor.events.queries.visibility import event_for, events_seen_by
from convenor.events.rules.sheet import (
    Content,
    Difference,
    concerned,
    differences,
    sheet_number,
    works_for,
)

Told = tuple[int, int, datetime, datetime | None]
"""Of a receipt its key, the revision, when they were told and when they acknowledged."""
TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class Receipt:
    """Somebody's newest receipt for one function and service; None in `receipt_id` if they haven't been told of any revision."""

    service: Service
    person_id: int
    name: str
    receipt_id: int | None = None
    revision: int | None = None
    told_at: datetime | None = None
    acknowledged_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.receipt_id is not None and self.acknowledged_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRow:
    """One function: its newest revision, if any, and what issuing it now would change and whom it would tell."""

    function_id: int
    number: str
    content: Content
    state: SheetState
    sheet: Sheet | None
    pending: Sequence[Difference] = ()
    would_tell: Sequence[Receipt] = ()
    receipts: Sequence[Receipt] = ()

    @property
    def acknowledged(self) -> int:
        return sum(each.acknowledged_at is not None for each in self.receipts)

    @property
    def told(self) -> int:
        return sum(each.receipt_id is not None for each in self.receipts)


@dataclass(slots=True)
class _Known:
    """What is in the database about the sheets of some functions."""

    latest: dict[int, Sheet]
    contacts: dict[int, list[Contact]] = field(default_factory=lambda: defaultdict(list))
    receipts: dict[tuple[int, str, int], Told] = field(default_factory=dict)


def sheets_for(actor: Actor, event_id: int) -> list[SheetRow]:
    """All functions of the event that need a sheet or have one. Raises Event.DoesNotExist. 9 queries."""
    event = event_for(actor, event_id)
    hidden = hidden_functions(actor, event)
    return [row for row in sheet_rows(event) if row.function_id not in hidden]


def sheet_rows(event: Event, function_ids: Collection[int] | None = None) -> list[SheetRow]:
    """As `sheets_for`, of some of the functions; the caller has checked that the actor may see the event."""
    functions = functions_with_sheets([event.pk])
    if function_ids is not None:
        functions = functions.filter(pk__in=function_ids)
    known, contents = _known([event.pk]), contents_of(functions)
    rows = [_row(each, contents[each.pk], known) for each in functions]
    return [row for row in rows if row.state != SheetState.NOT_NEEDED]


def revisions_for(actor: Actor, function_id: int) -> list[Sheet]:
    """Every revision of a function's sheet, newest first. Raises Function.DoesNotExist."""
    function = Function.every.select_related("event").get(pk=function_id, event__in=events_seen_by(actor))
    if function.pk in hidden_functions(actor, function.event):
        raise Function.DoesNotExist
    return list(_with_function(Sheet.objects.filter(function=function)).order_by("-revision"))


def sheet_for(actor: Actor, sheet_id: int) -> Sheet:
    """Raises Sheet.DoesNotExist."""
    sheet = _with_function(Sheet.objects.filter(function__event__in=events_seen_by(actor))).get(pk=sheet_id)
    if sheet.function_id in hidden_functions(actor, sheet.function.event):
        raise Sheet.DoesNotExist
    return sheet


def latest_sheets_for(actor: Actor, event_id: int) -> list[Sheet]:
    """The revisions in force, in the order of their functions' times. Raises Event.DoesNotExist."""
    event = event_for(actor, event_id)
    sheets = Sheet.objects.filter(function__event=event, function__removed_at__isnull=True)
    sheets = sheets.exclude(function__in=hidden_functions(actor, event))
    rows = _with_function(_newest(sheets.exclude(content__function__is_cancelled=True)))
    return list(rows.order_by("function__occurrence__starts_at", "function__number"))


def receipt_by_token(token: str) -> SheetReceipt:
    """The token is the whole permission. Raises SheetReceipt.DoesNotExist."""
    if not TOKEN.fullmatch(token):
        raise SheetReceipt.DoesNotExist  # PostgreSQL would refuse to look for some of them
    rows = SheetReceipt.objects.select_related("sheet__function__event__owner", "person__user")
    return rows.get(token=token)


def newer_than(receipt: SheetReceipt) -> SheetReceipt | None:
    """The same person's newest receipt for the same function and service, where there is a newer one."""
    rows = SheetReceipt.objects.filter(
        sheet__function=receipt.sheet.function_id,
        service=receipt.service,
        person=receipt.person_id,
        sheet__revision__gt=receipt.sheet.revision,
    )
    return rows.select_related("sheet").order_by("-sheet__revision").first()


def also_waiting(receipt: SheetReceipt) -> list[SheetReceipt]:
    """What else of this event the same person hasn't acknowledged for the same service, in the order of the functions' times."""
    rows = open_receipts(SheetReceipt.objects.filter(sheet__function__event=receipt.sheet.function.event_id))
    mine = rows.filter(person=receipt.person_id, service=receipt.service).exclude(pk=receipt.pk)
    return list(mine.select_related("sheet__function__event"))


def open_receipts(rows: QuerySet[SheetReceipt]) -> QuerySet[SheetReceipt]:
    """Of these, the unacknowledged ones that no newer receipt has taken the place of, by the functions' times."""
    newest = _same(OuterRef("sheet__function"), OuterRef("service"), OuterRef("person"))
    return (
        rows.annotate(newest=Subquery(newest.values("pk")[:1]))
        .filter(acknowledged_at__isnull=True, newest=F("pk"))
        .order_by("sheet__function__occurrence__starts_at", "sheet__function__number")
    )


def waiting_receipts(event: Event, function_ids: Collection[int] | None = None) -> list[SheetReceipt]:
    """What still has to be acknowledged by those who are contacts of the event now, with whom to remind."""
    rows = SheetReceipt.objects.filter(sheet__function__event=event)
    if function_ids is not None:
        rows = rows.filter(sheet__function__in=function_ids)
    now = set(Contact.objects.filter(event=event).values_list("service", "person_id"))
    found = open_receipts(rows).select_related("sheet__function__event", "person__user")
    return [each for each in found if (each.service, each.person_id) in now]


def _known(event_ids: Collection[int]) -> _Known:
    newest = _newest(Sheet.objects.filter(function__event__in=event_ids)).select_related("issued_by")
    known = _Known({each.function_id: each for each in newest})
    people = Contact.objects.filter(event__in=event_ids).select_related("person__user")
    for contact in people.order_by("service", "person__name", "pk"):
        known.contacts[contact.event_id].append(contact)
    receipts = SheetReceipt.objects.filter(sheet__function__event__in=event_ids).order_by("sheet__revision")
    columns = ("sheet__function", "service", "person", "pk", "sheet__revision", "told_at", "acknowledged_at")
    for function, service, person, key, revision, told_at, read_at in receipts.values_list(*columns):
        known.receipts[function, service, person] = (key, revision, told_at, read_at)
    return known


def _row(function: Function, content: Content, known: _Known) -> SheetRow:
    sheet = known.latest.get(function.pk)
    old = sheet.content if sheet else None
    pending = differences(old, content)
    receipts = _receipts(function, old, known)
    return SheetRow(
        function_id=function.pk,
        number=sheet_number(function.event.key, function.number),
        content=content,
        state=_state(function, content, sheet, pending, receipts),
        sheet=sheet,
        pending=pending if sheet else (),
        would_tell=_to_tell(function, old, content, receipts, known),
        receipts=receipts,
    )


def _receipts(function: Function, content: Content | None, known: _Known) -> list[Receipt]:
    """Of everybody who is a contact now for a service that the issued sheet is for."""
    if content is None:
        return []
    return [
        _receipt(contact, known.receipts.get((function.pk, contact.service, contact.person_id)))
        for contact in known.contacts[function.event_id]
        if works_for(content, Service(contact.service))
        or (function.pk, contact.service, contact.person_id) in known.receipts
    ]


def _receipt(contact: Contact, told: Told | None) -> Receipt:
    who = Service(contact.service), contact.person_id, contact.person.name
    if told is None:
        return Receipt(*who)
    key, revision, told_at, read_at = told
    return Receipt(*who, key, revision, told_at, read_at)


def _to_tell(
    function: Function, old: Content | None, new: Content, receipts: Iterable[Receipt], known: _Known
) -> list[Receipt]:
    """Whose part has changed, and who has joined since and been told nothing."""
    services = concerned(old, new)
    untold = {(each.service, each.person_id) for each in receipts if each.receipt_id is None}
    return [
        _receipt(contact, None)
        for contact in known.contacts[function.event_id]
        if contact.service in services or (contact.service, contact.person_id) in untold
    ]


def _state(
    function: Function,
    content: Content,
    sheet: Sheet | None,
    pending: Sequence[Difference],
    receipts: Sequence[Receipt],
) -> SheetState:
    if sheet is None:
        is_due = function.sheet_due and not content["function"]["is_cancelled"]
        return SheetState.NOT_ISSUED if is_due else SheetState.NOT_NEEDED
    if pending:
        return SheetState.CHANGED
    if function.removed_at is not None and not any(each.is_open for each in receipts):
        return SheetState.NOT_NEEDED  # whoever was told of it knows that it is gone
    is_read = bool(receipts) and all(each.acknowledged_at for each in receipts)
    return SheetState.ACKNOWLEDGED if is_read else SheetState.ISSUED


def _newest(sheets: QuerySet[Sheet]) -> QuerySet[Sheet]:
    later = Sheet.objects.filter(function=OuterRef("function")).order_by("-revision")
    return sheets.filter(pk=Subquery(later.values("pk")[:1]))


def _same(function: OuterRef, service: OuterRef, person: OuterRef) -> QuerySet[SheetReceipt]:
    rows = SheetReceipt.objects.filter(sheet__function=function, service=service, person=person)
    return rows.order_by("-sheet__revision", "-pk")


def _with_function(sheets: QuerySet[Sheet]) -> QuerySet[Sheet]:
    return sheets.select_related("function__event", "issued_by")


def counts_of(rows: Iterable[SheetRow]) -> Mapping[SheetState, int]:
    """How many rows there are in each state that has any."""
    states = [row.state for row in rows]
    return {state: states.count(state) for state in SheetState if state in states}
